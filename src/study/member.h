// One member of a study: a model with one seed, run to its end into its own folder, and read back from it.
//   run.json, model.resolved.toml, summary.csv (readouts), populations.csv (cells by state), secretome.csv (amounts
//   secreted per time by all cells), events.csv, cells.zarr, fields.ome.zarr, maps.json (the few frames the report
//   shows), checkpoints/, log.txt.
// The same model and seed give the same hashes for any number of threads, and also when the run is interrupted and goes
// on from a checkpoint. What fails during the run is recorded in run.json (status failed) and in MemberResult::error;
// what is wrong before it (folder, memory) is thrown. Thread statement: members of different folders may run
// concurrently.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/load.h"
#include "results/progress.h"
#include "results/run_folder.h"
#include "study/field_work.h"

namespace senoma::study {

/// Columns over time; values[column][row], times in min.
struct TimeTable {
  std::vector<std::string> names, units;
  std::vector<double> times;
  std::vector<std::vector<double>> values;

  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const;
  /// The column of that name; empty when there is none.
  [[nodiscard]] std::vector<double> column(const std::string& name) const;
};

/// The tissue at one time, light: for maps.
struct Snapshot {
  double time = 0;                   ///< min
  std::vector<float> x, y, radius;   ///< µm
  std::vector<std::uint16_t> label;  ///< index into MemberResult::labels
  struct Field {
    std::string name, unit;
    int nx = 0, ny = 0;
    std::vector<float> values;  ///< [ny][nx]; 3D: the middle slice
  };
  std::vector<Field> fields;
};

/// A group of cells that plots show as one: a state, or a type with one state.
struct PopulationLabel {
  std::string name, colour;
  bool tumour = false, dying = false;
};

/// When the state is saved. An interruption saves it in any case.
struct SavePolicy {
  double every_seconds =
      600;                 ///< of wall time; 0 = not by the clock. Rarer when saving takes more than 2 % of the time
  bool at_end = true;      ///< keep the final state, so that the run can be extended
  std::vector<double> at;  ///< min of simulated time: kept until the folder goes
};

struct MemberOptions {
  std::uint64_t seed = 1;
  int threads = 1;
  bool frames = true;  ///< cells.zarr, fields.ome.zarr and maps.json; summary and events are always written
  std::filesystem::path folder;
  std::string label;  ///< for progress: "drug, seed 3"
  std::string arm, profile, model_file;
  std::vector<std::string> overrides;
  std::map<std::string, double> medium;  ///< initial value per substrate that replaces the model's (a donor's solutes)
  std::string medium_hash;               ///< of the donor's model; part of this run's model hash
  std::string burden_readout;            ///< chooses the frames for maps: nadir and relapse; may be empty
  SavePolicy save;
  /// What is in the folder already is another model's or finished run, to go on with this model: `fork` from its state
  /// `from` (a branch), or to a later end.
  bool extend = false, fork = false;
  std::filesystem::path from;               ///< checkpoint to go on from; empty: the newest that is whole
  bool strict = false;                      ///< refuse a damaged newest checkpoint instead of taking the one before
  bool must_resume = false;                 ///< E6024 instead of starting anew
  bool announce = false;                    ///< note where the run goes on
  std::optional<double> pause_at;           ///< min: save there and stop
  std::string origin;                       ///< of a branch, for run.json
  const std::atomic<bool>* stop = nullptr;  ///< set: finish the step, save, status stopped
  std::optional<std::chrono::steady_clock::time_point> deadline;  ///< stop so that the state is saved by then
  std::function<void(const results::Progress&)> progress;         ///< at most ten times a second
  std::function<void(const std::string&)> note;                   ///< sentences for the user, as they come
};

struct MemberResult {
  results::RunStatus status = results::RunStatus::finished;
  std::string arm;
  std::uint64_t seed = 0;
  std::filesystem::path folder;
  TimeTable summary, populations, secretome;   ///< secretome in molecules/min over all cells
  std::vector<PopulationLabel> labels;         ///< one per column of populations
  std::vector<Snapshot> snapshots;             ///< start, nadir, relapse and end (or evenly spaced), by time
  std::map<std::string, double> final_medium;  ///< mean of each substrate at the end, internal units
  std::vector<std::pair<std::string, std::uint64_t>> counts;  ///< steps, divisions, deaths …
  FieldWork field_work;
  std::vector<std::string> warnings;
  std::vector<std::pair<std::string, double>> pass_seconds;
  std::string model_hash, state_hash, summary_hash;
  double time = 0, end_time = 0;  ///< min
  double resumed_from = -1;       ///< min; < 0: from the beginning
  std::int64_t tick = 0;
  double wall_seconds = 0, cell_updates = 0, ledger_error = 0;
  std::uint64_t peak_memory_bytes = 0, cells = 0;
  std::optional<Error> error;

  [[nodiscard]] bool good() const { return status == results::RunStatus::finished; }
};

/// The hash a member's run.json carries: the model's, and the donor's medium if there is one.
[[nodiscard]] std::string member_hash(const model::ResolvedModel& model, const std::string& medium_hash);

/// Runs into a new folder, or goes on in the folder of an unfinished run of the same model from its newest whole
/// checkpoint; anew when there is none. Throws E6001–E6003, E602x (strict or `from`), E5xxx from binding.
[[nodiscard]] MemberResult run_member(const model::ResolvedModel& model, const MemberOptions& options);

/// A finished member read back from its folder. Throws E6004, E6006, E601x.
[[nodiscard]] MemberResult read_member(const std::filesystem::path& folder);

/// Whether `folder` holds a finished run of this model and seed.
[[nodiscard]] bool is_finished_member(const std::filesystem::path& folder, const std::string& model_hash,
                                      std::uint64_t seed);

/// The groups shown in plots for a model, in the order of types and states, dying ones last.
struct Labelling {
  std::vector<PopulationLabel> labels;
  std::vector<std::vector<std::uint16_t>> of;  ///< [type][state, dying included]
};
[[nodiscard]] Labelling population_labels(const model::ResolvedModel& model);

/// "d" for runs of four days and more, else "h".
[[nodiscard]] std::string time_unit(double duration);

}  // namespace senoma::study
