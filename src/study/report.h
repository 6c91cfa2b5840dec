// What a report says about a run or an experiment, as a document of results/report_document.h: the question and the
// doses, the answer, burden, populations, secretome and tissue over time, differences between arms, what differs from
// the defaults, where each number comes from, warnings and accuracy. Every number has its unit. Pure functions but for
// write_reports.
#pragma once

#include <optional>

#include "results/report_document.h"
#include "study/answer.h"

namespace senoma::study {

/// Blocks that another verb adds, such as the comparison with measured data: read from compare.json of the folder.
[[nodiscard]] std::vector<results::ReportBlock> comparison_blocks(const std::filesystem::path& folder);

[[nodiscard]] results::ReportDocument report_document(const ExperimentResult& result, const Answer& answer);

/// report.html of the folder, and of each member that has none yet or that ran just now. Throws E6003.
void write_reports(const ExperimentResult& result, const Answer& answer);

// Parts, for tests.
struct DoseMark {
  double day = 0;
  std::string label;  ///< "NAME 100 mg/m^2"
};
[[nodiscard]] std::vector<DoseMark> dose_marks(const model::ResolvedModel& model);
/// One paragraph or bullet per drug and intervention: what is given, when.
[[nodiscard]] std::vector<std::string> treatment_sentences(const model::ResolvedModel& model);

}  // namespace senoma::study
