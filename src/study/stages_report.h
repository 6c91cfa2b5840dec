// The page over all stages of a study: what came in and went on, how far the last two stages agree, links to the
// stages' reports. Thread statement: re-entrant.
#pragma once

#include <span>

#include "results/report_document.h"
#include "study/study_stages.h"

namespace senoma::study {

/// Of the last two stages; without points as long as there is one.
[[nodiscard]] Agreement last_agreement(std::span<const StageRun> stages);

[[nodiscard]] results::ReportDocument stages_report(const StagesPlan& plan, std::span<const StageRun> stages);

}  // namespace senoma::study
