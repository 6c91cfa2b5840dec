// The scoreboard of published findings: every experiment file with [finding] (study/finding.h) in a folder, run and
// judged. All members of all findings share one pool of threads; a member is simulated once even when several findings
// or arms need it, and a donor's medium likewise. Members lie in OUT/members/<version>/<model hash>/seed-<n>, so that a
// scoreboard that was killed or stopped goes on where it was, and a model that changed is simulated anew. A finding
// that cannot run has failed, with its error; the others go on.
//   calibration/predicted-findings.toml, beside the findings or in a folder above, names under `predicted` the findings
//   that nothing was fitted to; a finding whose role says otherwise fails.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "study/finding.h"

namespace senoma::verify {

struct FindingAssertion {
  std::string name, text, unit, published;
  bool is_fraction = false, median = true;
  double level = 0.9;
  study::Verdict verdict;
};

struct FindingResult {
  std::filesystem::path file;
  std::string id;  ///< the file's name while the id is not known
  std::string claim, citation, published;
  std::string role = "fitted";  ///< or "predicted", or "shown"
  std::vector<std::string> fitted;
  std::vector<std::uint64_t> seeds;
  std::vector<FindingAssertion> assertions;
  std::string failure;    ///< why it could not be judged, in one line
  bool complete = false;  ///< judged, or failed; false when the scoreboard was stopped before
  double seconds = 0;     ///< of simulation, its donors included, also of members that were there already

  [[nodiscard]] bool passed() const;
  [[nodiscard]] bool predicted() const { return role == "predicted"; }
};

struct FindingOptions {
  std::vector<std::filesystem::path> folders;
  std::vector<std::string> only;       ///< ids or names of files; empty: all
  std::optional<std::uint64_t> seeds;  ///< instead of the files'; findings with a seeds_reason keep theirs
  int threads = 1;
  std::filesystem::path out;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const FindingResult&)> done;  ///< as each is complete
  std::function<void(std::size_t, std::size_t, const std::string&)>
      progress;  ///< members done, of, the one that begins
};

/// `folder` itself, or the findings of a model's folder; all of `models` when empty. E1504 when there is none.
[[nodiscard]] std::vector<std::filesystem::path> finding_folders(const std::filesystem::path& folder,
                                                                 const std::filesystem::path& models);

/// What is there, without running: id, claim, role, or the error of a bad file. In the order of folders and file names.
/// Throws E1501 when `only` names nothing.
[[nodiscard]] std::vector<FindingResult> list_findings(const FindingOptions& options);

/// In the order of list_findings.
[[nodiscard]] std::vector<FindingResult> run_findings(const FindingOptions& options);

struct FindingTally {
  std::size_t all = 0, passed = 0, predicted = 0, predicted_passed = 0, not_run = 0;
};
[[nodiscard]] FindingTally tally(const std::vector<FindingResult>& results);

}  // namespace senoma::verify
