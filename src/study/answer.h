// The answer of an experiment in one place: table, words, files. Used by `run`, `report` and `info`.
#pragma once

#include "study/outcome.h"

namespace senoma::study {

struct Answer {
  OutcomeTable outcome;
  TextTable table;
  std::vector<std::string> words;
};

[[nodiscard]] Answer answer(const ExperimentResult& result);

/// One JSON object for `--format json`: folder, hash, table, words, outcomes per arm and seed, differences.
[[nodiscard]] std::string answer_json(const ExperimentResult& result, const Answer& answer);

/// Writes arms.csv and report.html into the folder (for a single run: report.html). Throws E6003.
void write_answer(const ExperimentResult& result);

}  // namespace senoma::study
