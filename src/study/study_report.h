// The report of a study, report.html: what was asked, ranking, sign flips, dose and timing, pairs, time to failure,
// convergence, which more data would change it, failed members, versions. From the members that have run; equal
// studies give equal bytes. Thread statement: re-entrant.
#pragma once

#include <span>

#include "results/report_document.h"
#include "study/ranking.h"
#include "study/screen_findings.h"

namespace senoma::study {

[[nodiscard]] results::ReportDocument study_report(const StudyPlan& plan,
                                                   std::span<const results::CatalogueMember> members,
                                                   std::span<const Ranking> rankings,
                                                   std::span<const ScreenFindings> findings);

}  // namespace senoma::study
