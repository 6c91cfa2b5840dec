// From a model file to a checked engine::Description: the one way in for run, check, screens, Python and tests.
//
//   const auto model = model::load("relapse.toml", {.profile = "quick", .arm = "drug"}, mechanisms::catalogue());
//
// Everything is converted to internal units here; expressions stay texts with positions (the engine compiles them with
// the full scope at binding). Errors are senoma::Error; render them with the text of `sources[position.file]`.
// Threads: free of global state; loads may run concurrently.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/description.h"
#include "engine/mechanism.h"
#include "model/document.h"
#include "model/validate.h"

namespace senoma::model {

/// One arm of an experiment. Its overrides are applied by load() with LoadOptions::arm = name.
struct Arm {
  std::string name, label, colour;
  std::string donor;  ///< file whose final medium starts this arm, resolved; empty = none
  std::string donor_arm, donor_profile;
  std::vector<std::string> donor_contexts;
  double donor_share = 1;                    ///< of the medium that comes from the donor; the rest is the arm's own
  std::vector<std::string> donor_overrides;  ///< "key=TOML", to pass as LoadOptions::overrides
  SourcePosition where;
};

struct ExperimentSpec {
  std::string title, question;
  std::uint64_t seeds = 1;
  std::string reference;                        ///< name of an arm; empty = none
  std::map<std::string, std::string> readouts;  ///< role → readout: "tumour_readout" → "burden"
  std::vector<Arm> arms;
  Value compare;  ///< [compare], as written; Kind::none when absent
};

struct ResolvedModel {
  engine::Description description;
  Document resolved;  ///< the merged tree, with the place of every value
  ExperimentSpec experiment;
  std::string title, id, text;  ///< [model] title, id, description
  std::vector<std::string> citations;
  std::vector<Parameter> parameters;                              ///< provenance, one row per number of the file
  std::vector<std::string> warnings;                              ///< sentences
  std::map<std::string, std::vector<std::string>> state_colours;  ///< cell type → colour per state, "" = none given
  std::map<std::string, std::string> type_colours;
  std::string hash;  ///< of the description: equal for equal simulations (seed and positions aside)

  [[nodiscard]] const std::map<std::string, std::string>& sources() const { return resolved.sources; }
  [[nodiscard]] const std::vector<Difference>& differences() const { return resolved.differences; }
};

/// Throws Error with codes E10xx–E12xx (and E3xxx from SBML files), positions filled in. `sources`, when given,
/// receives the texts read so far also when it throws, so that the error can be rendered with its excerpt.
[[nodiscard]] ResolvedModel load(const std::string& path, const LoadOptions& options,
                                 std::span<const engine::Mechanism> mechanisms,
                                 std::map<std::string, std::string>* sources = nullptr);

/// The same for a text that is no file; relative paths in it start from the folder of `name`.
[[nodiscard]] ResolvedModel load_text(const std::string& text, const std::string& name, const LoadOptions& options,
                                      std::span<const engine::Mechanism> mechanisms,
                                      std::map<std::string, std::string>* sources = nullptr);

/// error.render with the excerpt from `sources`.
[[nodiscard]] std::string render(const Error& error, const std::map<std::string, std::string>& sources,
                                 bool colour = false);

/// model.resolved.toml: every value of the merged tree with its source, grade and, as a comment, its origin; keys left
/// to their defaults as comments. Loading the text again gives the same hash. File names become absolute.
[[nodiscard]] std::string resolved_toml(const ResolvedModel& model, std::span<const engine::Mechanism> mechanisms);

/// 16 hex digits over all of the description but positions.
[[nodiscard]] std::string description_hash(const engine::Description& description);

/// Bytes a run needs at least (fields, solver workspace, cells), as compared with the machine's memory at loading.
[[nodiscard]] double estimated_memory(const engine::Description& description);
/// Bytes available, from /proc/meminfo and the cgroup's limit; 0 when unknown.
[[nodiscard]] double available_memory();

}  // namespace senoma::model
