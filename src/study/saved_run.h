// A member's run in a checkpoint: its state, where its outputs stand, what it has counted, and its model as text.
//   sections: header (results/checkpoint_file.h), globals, cells, fields, layout, observer, regular, totals, model
// A checkpoint belongs to a model and a seed, whatever end the run was asked for: resuming may go further than that.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "engine/checkpoint.h"
#include "results/checkpoint_file.h"
#include "study/observer_state.h"

namespace senoma::study {

/// What a run counts outside its state: it changes no result, but a resumed run reports all of it.
struct RunTotals {
  double wall_seconds = 0;
  std::map<std::string, double> pass_seconds;
  std::map<std::string, std::uint64_t> counts;
};
[[nodiscard]] RunTotals totals_of(const engine::Simulation& sim, double wall_seconds);
void set_totals(engine::Simulation& sim, const RunTotals& totals);

struct SavedRun {
  results::CheckpointHeader header;
  engine::SavedState state;
  ObserverState observer;
  /// Before the row and frame that a run writes at its end although they are not due: where a longer run goes on.
  ObserverState regular;
  RunTotals totals;
  std::string model;  ///< model.resolved.toml
};

/// The hash of a model without its end, and of the donor's medium: what a checkpoint must agree with.
[[nodiscard]] std::string family_hash(const model::ResolvedModel& model, const std::string& medium_hash);

/// Writes checkpoints/NAME for the state `world` of a simulation with this layout. Throws E6003; earlier checkpoints
/// stay as they were.
std::filesystem::path save_run(const std::filesystem::path& folder, results::CheckpointKind kind,
                               const results::CheckpointHeader& header, const state::World& world,
                               const engine::Layout& layout, const ObserverState& observer,
                               const ObserverState& regular, const RunTotals& totals, const std::string& model);

/// Reads and checks all of one. Throws E6020–E6022, E5016.
[[nodiscard]] SavedRun load_run(const std::filesystem::path& checkpoint);

/// Throws E6023 unless the saved run is of this model and seed, E6006 when a table of the folder is shorter than it
/// was.
void check_belongs(const SavedRun& saved, const std::filesystem::path& checkpoint, const std::string& family,
                   std::uint64_t seed, const std::filesystem::path& folder);

/// The newest checkpoint of the run in `folder` that is whole and belongs to it; each that is passed over is told to
/// `note`. With `strict` the newest one is refused instead, naming the one before.
[[nodiscard]] std::optional<SavedRun> newest_run(const std::filesystem::path& folder, const std::string& family,
                                                 std::uint64_t seed, bool strict,
                                                 const std::function<void(const std::string&)>& note);

}  // namespace senoma::study
