// The model card: one page that shows what a model claims to know. Every number with unit, source, grade, prior and
// where it is used; how much of it is assumption; who makes and senses each substance; the network as a graph coloured
// by the evidence of its edges, with those marked that no equation has. Pure function of the model; thread-safe.
#pragma once

#include "model/load.h"
#include "results/report_document.h"

namespace senoma::study {

[[nodiscard]] results::ReportDocument model_card(const model::ResolvedModel& model);

}  // namespace senoma::study
