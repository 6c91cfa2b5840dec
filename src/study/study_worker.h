// Both ends of a study whose members run elsewhere, in other processes or on other machines. What crosses is text: the
// request, from which the same plan is made anywhere (the files must be there, at the same path), names of members
// (record_name), and their records (record_text), which carry a hash.
// Thread statement: StudyWorker::run may be called by several threads; callbacks of StudyWork as they say.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "study/study_runner.h"

namespace senoma::study {

/// What is left of a study, for whoever runs it.
struct StudyWork {
  std::string request;  ///< for StudyWorker
  /// Names of members. Those of a group start from one shared beginning, so they are cheaper together.
  std::vector<std::vector<std::string>> groups;
  /// Takes a member's name and its record. From one thread at a time. A member that came before is ignored. Throws
  /// E8205 (the record is damaged), E6003.
  std::function<void(const std::string& name, const std::string& record)> deliver;
  std::function<bool()> stopped;                 ///< whether to end early; what is not delivered stays missing
  std::function<void(const std::string&)> note;  ///< sentences for the user; may be empty
};

/// The request for a plan made by plan_study: its options with the file's whole path, its hash and number of members.
[[nodiscard]] std::string study_request(const StudyPlan& plan);

class StudyWorker {
 public:
  /// Loads the plan. Throws the errors of plan_study, E8205 (no request).
  explicit StudyWorker(const std::string& request);

  /// The plan's hash and number of members as they are here and as they are where the study was started. When they
  /// differ, so do the files, and results would not be comparable.
  [[nodiscard]] std::string here() const;
  [[nodiscard]] const std::string& expected() const { return expected_; }

  /// Runs members one after the other: pairs of name and record. Fewer when `stop` was set. Throws E8205 (no such
  /// member), E6002, E6003.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> run(const std::vector<std::string>& names,
                                                                     const std::atomic<bool>* stop);

 private:
  StudyPlan plan_;
  std::string expected_;
  StudyModels models_{plan_};
  std::map<std::string, std::size_t> members_;  ///< by name
};

}  // namespace senoma::study
