// Runs the stages of a study one after the other (study_stage.h says what a stage is):
//   OUT/1-NAME, OUT/2-NAME …   a whole study each (study_run.h), with its tables and report
//   OUT/stages.csv             who was in each stage, with what score, and who went on
//   OUT/agreement.csv          what the last two stages that have run both scored
//   OUT/report.html            all stages on one page, with links to their reports
// Killed or stopped at any time, the same request goes on, and ends with the same tables, byte for byte. Who goes on
// follows from the records of a stage, so it is the same for any number of threads.
// Thread statement: as run_study.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "study/stage_choice.h"
#include "study/study_run.h"

namespace senoma::study {

/// What is known before anything runs.
struct StagesPlan {
  StudyOptions options;
  StudySpec spec;
  std::string title, question;
  std::filesystem::path out;
  StudyPlan first;                        ///< of the first stage
  std::vector<std::size_t> most_members;  ///< of each stage; exact for the first, the most there can be for later ones
};

struct StageRun {
  std::filesystem::path folder;  ///< inside OUT
  StudyPlan plan;
  StudyResult result;
  std::vector<Ranking> rankings;
  std::vector<StageActor> actors;
};

struct StagesResult {
  std::filesystem::path out;
  std::vector<StageRun> stages;  ///< those that have begun
  std::size_t simulated = 0, failed = 0;
  bool stopped = false;
  double wall_seconds = 0;
};

/// Whether the study file has stages. Throws as read_study.
[[nodiscard]] bool has_stages(const StudyOptions& options, std::map<std::string, std::string>* sources = nullptr);

/// Plans every stage with all that might come in, so that errors of later ones are known at once. Throws as plan_study;
/// E8201 for a study without stages.
[[nodiscard]] StagesPlan plan_stages(const StudyOptions& options,
                                     std::map<std::string, std::string>* sources = nullptr);

/// Throws as run_study; E8201 with `only`; E8203 where OUT holds a study without stages, or a run; E8204 when a stage
/// leaves none that could go on.
[[nodiscard]] StagesResult run_stages(const StagesPlan& plan, const RunStudyOptions& options);
[[nodiscard]] StagesResult run_stages(const StudyOptions& options, const RunStudyOptions& run);

}  // namespace senoma::study
