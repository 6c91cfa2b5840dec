// The progress line of a study on stderr: members done, failed, time left. Thread statement: one thread at a time.
#pragma once

#include <string>

#include "results/progress.h"
#include "study/study_run.h"

namespace senoma::cli {

/// "120/960 members, 1 failed, 3 min 05 s left"
[[nodiscard]] std::string study_progress_line(const study::StudyProgress& progress);
[[nodiscard]] std::string study_progress_json(const study::StudyProgress& progress);

class StudyProgressDisplay {
 public:
  /// `style`: auto, json or none.
  explicit StudyProgressDisplay(const std::string& style);
  ~StudyProgressDisplay();
  StudyProgressDisplay(const StudyProgressDisplay&) = delete;
  StudyProgressDisplay& operator=(const StudyProgressDisplay&) = delete;
  void show(const study::StudyProgress& progress);

 private:
  bool json_, none_, overwrite_, open_ = false;
  double interval_;  // s
  std::string stage_;
  results::ProgressPace pace_;
};

}  // namespace senoma::cli
