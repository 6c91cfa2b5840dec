// What run, resume and branch share: how often the state is saved, when to stop, how progress and the answer are shown.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "study/experiment.h"

namespace senoma::cli {

struct RunSettings {
  std::string format = "text", progress = "auto", checkpoint_every = "10 min", max_walltime;
  std::vector<std::string> checkpoint_at;
  int jobs = 0;  ///< ≤ 0: all processors this process may use

  /// From where --max-walltime counts.
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

void add_run_settings(CLI::App& verb, RunSettings& settings);
/// Fills in saving, stopping and threads. Throws E1001… for times that are none.
void apply(const RunSettings& settings, study::ExperimentOptions& options);
/// A time with unit in min; E1203 otherwise. `option` names it in messages.
[[nodiscard]] double parse_time(const std::string& text, const std::string& option);

/// Runs `work` with progress on stderr and its notes between the lines, then shows the answer. Returns the exit code;
/// throws the first error of a member after showing what there is.
int run_and_show(const RunSettings& settings, study::ExperimentOptions& options,
                 const std::function<study::ExperimentResult()>& work);

}  // namespace senoma::cli
