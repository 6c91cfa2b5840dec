// What the field solver did for each substrate of a run, for the manifest and the report. Accuracy does not depend on
// these counts; they tell where the time goes and whether steps are too long for a substrate.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/simulation.h"
#include "results/report_document.h"

namespace senoma::study {

struct ExperimentResult;

/// By substrate, in the model's order.
using FieldWork = std::vector<std::pair<std::string, field::StepTotals>>;

/// Calls f(name, value) for every number of `totals` (field::StepTotals, const or not).
template <class Totals, class F>
void each_total(Totals& totals, const F& f) {
  f("solver iterations", totals.iterations);
  f("most solver iterations in a step", totals.most_iterations);
  f("Newton iterations", totals.newton);
  f("sub-steps", totals.substeps);
  f("most sub-steps in a step", totals.most_substeps);
  f("sub-steps redone with backward Euler", totals.backward_euler);
}

[[nodiscard]] FieldWork field_work_of(const engine::Simulation& sim);
/// Of all substrates together.
[[nodiscard]] field::StepTotals sum_of(const FieldWork& work);
/// One row per arm and substrate, over all its runs.
[[nodiscard]] results::ReportTable field_work_table(const ExperimentResult& result);

}  // namespace senoma::study
