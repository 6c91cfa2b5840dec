#include "study/field_work.h"

#include <algorithm>

#include "study/experiment.h"

namespace senoma::study {

namespace {

void add(field::StepTotals& sum, const field::StepTotals& more) {
  sum.iterations += more.iterations;
  sum.most_iterations = std::max(sum.most_iterations, more.most_iterations);
  sum.newton += more.newton;
  sum.substeps += more.substeps;
  sum.most_substeps = std::max(sum.most_substeps, more.most_substeps);
  sum.backward_euler += more.backward_euler;
}

}  // namespace

FieldWork field_work_of(const engine::Simulation& sim) {
  FieldWork work;
  for (std::size_t s = 0; s < sim.field_work.size(); ++s)
    work.emplace_back(sim.description->substrates[s].name, sim.field_work[s]);
  return work;
}

field::StepTotals sum_of(const FieldWork& work) {
  field::StepTotals sum;
  for (const auto& [substrate, totals] : work) add(sum, totals);
  return sum;
}

results::ReportTable field_work_table(const ExperimentResult& result) {
  results::ReportTable table;
  table.title = "Fields";
  table.caption = "What the solver did for each substrate, over all runs of an arm.";
  table.columns = {{"arm", "", false}, {"substrate", "", false}};
  const field::StepTotals none;
  each_total(none, [&](const char* name, std::uint64_t) { table.columns.push_back({name, "", true}); });
  for (std::size_t a = 0; a < result.members.size(); ++a) {
    FieldWork arm;
    for (const auto& member : result.members[a]) {
      for (const auto& [substrate, totals] : member.field_work) {
        auto found = std::find_if(arm.begin(), arm.end(),
                                  [&name = substrate](const auto& entry) { return entry.first == name; });
        if (found == arm.end()) found = arm.insert(arm.end(), {substrate, {}});
        add(found->second, totals);
      }
    }
    for (const auto& [substrate, totals] : arm) {
      const std::string& label = result.arms[a].arm.label;
      std::vector<std::string> row{label.empty() ? "–" : label, substrate};
      each_total(totals, [&](const char*, std::uint64_t value) { row.push_back(std::to_string(value)); });
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

}  // namespace senoma::study
