// From what a study file says to what is run: every variant × context × seed × fidelity, with common random numbers
// (the same seeds in every variant). A variant is a list of changes on the study's arm; the first one has none, and all
// others are compared with it.
//   knock-downs      interventions with factor 1 − level over the windows of a timing
//   scale, drugs     layers over the arm (model/document.h), over the whole run or from `fork_at` on
// With fork_at = T the members of one (fidelity, context, seed) share the run without intervention up to T, and what a
// variant changes takes hold at T. That equals the whole run of the variant, bit for bit, when its changes act at T or
// later only (knock-downs with start ≥ T, doses after T).
// Thread statement: a plan is immutable once made and may be read by many threads.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "results/catalogue.h"
#include "study/study_outcome.h"
#include "study/study_stage.h"

namespace senoma::study {

struct StudyVariant {
  std::string name, kind;                    ///< kind: none, control, target, drug, pair, group, subset (of a group)
  std::vector<std::size_t> actors;           ///< of the spec
  std::vector<double> levels;                ///< beside them; NaN for a drug
  std::string timing;                        ///< name; empty: none
  std::vector<StudyTiming::Window> windows;  ///< none: no timing

  /// Whether it stands in rankings. Subsets of a group serve its Shapley values only.
  [[nodiscard]] bool ranked() const { return !actors.empty() && kind != "subset"; }
};

/// A model ready to be simulated, shared by the members that differ in their seed only.
struct StudyModel {
  std::shared_ptr<const engine::Description> description;
  std::string hash;
};

struct StudyMember {
  std::size_t fidelity = 0, context = 0, variant = 0;
  std::uint64_t seed = 0;
};

struct StudyOptions {
  std::string file, profile;
  std::vector<std::string> overrides;  ///< of the study file, "key=value"
  std::filesystem::path out;           ///< empty: out/<file>
  std::optional<StageChoice> stage;    ///< which stage, of a study that has some
};

struct StudyPlan {
  StudyOptions options;  ///< what it was made from
  StudySpec spec;
  std::string title, question, hash;
  std::vector<StudyVariant> variants;          ///< the first is "none"
  std::vector<model::ResolvedModel> models;    ///< the arm without intervention, [fidelity × contexts + context]
  std::vector<model::StudyLayer> draw_layers;  ///< beside the models (study_draws.h); empty without [study.draws]
  std::vector<std::string> fixed_values;       ///< that its patterns name, but that have no prior
  OutcomePlan outcomes;
  std::vector<StudyMember> members;  ///< in the order of fidelity, context, seed, variant
  std::filesystem::path out;

  [[nodiscard]] const model::ResolvedModel& base(const StudyMember& m) const { return models[setting(m)]; }
  [[nodiscard]] std::size_t setting(const StudyMember& m) const {
    return m.fidelity * spec.contexts.size() + m.context;
  }
  /// Whether the member starts from the shared state at fork_at.
  [[nodiscard]] bool forks(const StudyMember& m) const { return spec.fork_at && variants[m.variant].kind != "control"; }
  [[nodiscard]] std::vector<results::CatalogueVariant> catalogue_variants() const;
};

/// Everything is loaded and checked before anything runs. Throws the errors of read_study and of the models,
/// E8201–E8203; E8201 for a study with stages of which none is chosen (study_stages.h runs them).
[[nodiscard]] StudyPlan plan_study(const StudyOptions& options, std::map<std::string, std::string>* sources = nullptr);

/// out/<file>, or out/<file>-<profile>.
[[nodiscard]] std::filesystem::path default_folder(const StudyOptions& options);

/// The model of a member, without reading files where only interventions are added. Throws as model::load.
[[nodiscard]] StudyModel study_model(const StudyPlan& plan, const StudyMember& member);
/// The same by loading it with all its layers, as keep = "folders", cohorts, draws, drugs and scaled values need it.
[[nodiscard]] model::ResolvedModel load_study_model(const StudyPlan& plan, const StudyMember& member,
                                                    std::map<std::string, std::string>* sources = nullptr);

}  // namespace senoma::study
