// What `senoma check FILE` and `senoma info FILE` say, as data and text. Library code: prints nothing.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "model/load.h"

namespace senoma::model {

struct CheckResult {
  std::vector<Error> errors;  ///< one per variant that fails, each different one once, in order
  std::vector<std::string> warnings;
  std::vector<std::string> variants;           ///< what was checked: "the model", "arm drug", "profile quick" …
  std::map<std::string, std::string> sources;  ///< for rendering the errors
  std::string text;                            ///< the summary, many lines; when there are no errors
  [[nodiscard]] bool good() const { return errors.empty(); }
};

/// Loads the file as asked, then also with every arm and every profile, so that a mistake in an arm shows before a
/// night of runs. `bind`, when given, is called with each description and may throw Error (the engine's compilation of
/// expressions).
[[nodiscard]] CheckResult check(const std::string& path, const LoadOptions& options,
                                std::span<const engine::Mechanism> mechanisms,
                                const std::function<void(const ResolvedModel&)>& bind = {});

/// A model on one screen: domain, clock, substrates, cell types, networks, drugs, readouts, arms, open grades.
[[nodiscard]] std::string summary_text(const ResolvedModel& model);

}  // namespace senoma::model
