// The last section of a study's report: which members failed and why, and the versions of what ran. Pure function;
// thread statement: re-entrant.
#pragma once

#include <span>

#include "results/report_document.h"
#include "study/study_plan.h"

namespace senoma::study {

[[nodiscard]] results::ReportSection failures_section(const StudyPlan& plan,
                                                      std::span<const results::CatalogueMember> members);

}  // namespace senoma::study
