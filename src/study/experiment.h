// An experiment: arms × seeds with common random numbers (the same seeds in every arm), each member in its own folder.
//   OUT/run.json (kind "experiment"), OUT/arms/<slug>/seed-<n>/ (each complete in itself), OUT/donors/<slug>/seed-<n>/,
//   OUT/arms.csv, OUT/report.html.
// A donor shared by several arms runs once per seed, in the first arm's donors folder; its solutes (substrates in units
// of concentration) start the recipient at their mean final values.
// Members run in parallel, each on one thread; a single member gets all of them. Results do not depend on the number.
// The same request on a finished OUT reads its members back; on an unfinished one it runs what is missing; OUT of
// another model is refused (E6001). Interrupted members go on from their checkpoints, bit for bit. Each arm's model
// lies beside its members (arms/<slug>/model.resolved.toml), so that a folder is resumed without the files it came
// from. A run without arms and with one seed is its own folder: OUT is the member. Thread statement: one caller;
// progress is called from worker threads, one at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "study/member.h"

namespace senoma::study {

struct ExperimentOptions {
  std::string file;  ///< model or experiment
  std::string profile;
  std::vector<std::string> contexts;        ///< by name, after those of the experiment and its arms
  std::vector<std::string> overrides;       ///< "key=value"
  std::string posterior;                    ///< file of weighted draws; a seed is a draw (model/cohort.h)
  std::string only_arm;                     ///< run this arm alone; empty: all
  std::optional<std::uint64_t> first_seed;  ///< alone it means one seed
  std::optional<std::uint64_t> n_seeds;     ///< default: the experiment's
  int jobs = 1;                             ///< threads in all
  bool all_frames = false;                  ///< frames for every seed, not the first of each arm only
  std::filesystem::path out;                ///< empty: out/<model>
  SavePolicy save;
  bool must_resume = false;  ///< E6024 unless OUT holds an unfinished run
  bool extend = false;       ///< OUT may hold a finished run with another end: go on to this one's (resume_experiment)
  bool strict = false;       ///< as MemberOptions
  std::filesystem::path from;  ///< as MemberOptions; a single run only
  std::optional<std::chrono::steady_clock::time_point> deadline;
  std::function<void(const std::string&)> note;  ///< sentences for the user, as they come
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const results::Progress&)> progress;  ///< over the whole experiment
};

struct ArmRun {
  model::Arm arm;  ///< name empty: the model without arms
  model::ResolvedModel model;
  std::optional<model::ResolvedModel> donor;
  std::string slug, hash;
  std::string file, donor_file;  ///< where patients are loaded from, with these options
  model::LoadOptions load, donor_load;
  std::vector<std::string> member_hashes, donor_hashes;  ///< by seed; empty without a cohort
  std::string medium_hash;                               ///< of a donor that is not at hand: the run is only continued
};

struct ExperimentResult {
  std::vector<ArmRun> arms;
  std::vector<std::uint64_t> seeds;
  std::vector<std::vector<MemberResult>> members;  ///< [arm][seed]; missing ones (stopped) have no rows
  std::filesystem::path out;
  std::string title, question, hash;
  bool single = false;  ///< OUT is the one member
  bool rerun = false;   ///< nothing had to be simulated
  bool stopped = false;
  double wall_seconds = 0;

  [[nodiscard]] std::optional<Error> first_error() const;
  /// Index of the experiment's reference arm; none when it names none or has one arm.
  [[nodiscard]] std::optional<std::size_t> reference() const;
};

/// What will be run, loaded and checked, before anything is written. Throws the model's errors; `sources` as in
/// model::load.
struct ExperimentPlan {
  std::vector<ArmRun> arms;
  std::vector<std::uint64_t> seeds;
  std::filesystem::path out;
  std::string title, question, hash;
  bool single = false;
};
[[nodiscard]] ExperimentPlan plan_experiment(const ExperimentOptions& options,
                                             std::map<std::string, std::string>* sources = nullptr);

/// The plan of the run or experiment in `out`, from its own folder alone; `until` (with unit) replaces its end, empty
/// keeps it. Fills in the options that belong to it. Throws E6004, E6006, E6024 (nothing left to do).
[[nodiscard]] ExperimentPlan plan_of_folder(const std::filesystem::path& out, const std::string& until,
                                            ExperimentOptions& options);

/// Runs what is missing of the plan. Throws E6001–E6003; failures of members are in their results.
[[nodiscard]] ExperimentResult run_experiment(ExperimentPlan plan, const ExperimentOptions& options);

/// A finished or stopped OUT read back, its models from the members' model.resolved.toml. Throws E6004, E6006.
[[nodiscard]] ExperimentResult read_experiment_folder(const std::filesystem::path& out);

/// The members' warnings, each once; those that differ only in their leading count become one, with its range.
[[nodiscard]] std::vector<std::string> merged_warnings(const ExperimentResult& result);

/// Over the arms' names and hashes.
[[nodiscard]] std::string plan_hash(const std::vector<ArmRun>& arms);

/// "drug + other" → "drug-other": for folders.
[[nodiscard]] std::string slug(const std::string& name);

}  // namespace senoma::study
