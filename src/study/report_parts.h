// The plots of a report. Internal to this room.
#pragma once

#include "results/report_document.h"
#include "study/report.h"

namespace senoma::study {

[[nodiscard]] std::string arm_colour(const ExperimentResult& result, std::size_t arm);
[[nodiscard]] results::ReportSection readout_section(const ExperimentResult& result, const OutcomeTable& table);
[[nodiscard]] results::ReportSection population_section(const ExperimentResult& result, const OutcomeTable& table);
[[nodiscard]] results::ReportSection secretome_section(const ExperimentResult& result, const OutcomeTable& table);
[[nodiscard]] results::ReportSection tissue_section(const ExperimentResult& result, const OutcomeTable& table);

}  // namespace senoma::study
