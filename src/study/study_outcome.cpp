#include "study/study_outcome.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "study/finding_table.h"

namespace senoma::study {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// An outcome that every study has when the experiment gives its role.
struct RoleOutcome {
  const char *name, *unit;
  std::string Roles::*role;
  double (*value)(const MemberOutcome&);
};

constexpr RoleOutcome role_outcomes[] = {
    {"mean burden", "%", &Roles::burden, [](const MemberOutcome& m) { return m.mean_burden; }},
    {"end burden", "%", &Roles::burden, [](const MemberOutcome& m) { return m.end_burden; }},
    {"nadir", "%", &Roles::burden, [](const MemberOutcome& m) { return m.nadir; }},
    {"nadir day", "d", &Roles::burden, [](const MemberOutcome& m) { return m.nadir_day; }},
    {"regressed", "1", &Roles::burden, [](const MemberOutcome& m) { return m.regressed ? 1.0 : 0.0; }},
    {"relapsed", "1", &Roles::burden, [](const MemberOutcome& m) { return m.relapsed ? 1.0 : 0.0; }},
    {"time to relapse", "d", &Roles::burden, [](const MemberOutcome& m) { return m.restricted_relapse(); }},
    {"time to failure", "d", &Roles::burden,
     [](const MemberOutcome& m) { return m.regressed ? m.restricted_relapse() : 0.0; }},
    {"doubling", "d", &Roles::burden, [](const MemberOutcome& m) { return m.doubling_day; }},
    {"cleared", "1", &Roles::burden, [](const MemberOutcome& m) { return m.cleared ? 1.0 : 0.0; }},
    {"senescent peak", "%", &Roles::senescent, [](const MemberOutcome& m) { return m.senescent_peak; }},
    {"senescent at nadir", "%", &Roles::senescent, [](const MemberOutcome& m) { return m.senescent_at_nadir; }},
    {"invaded", "%", &Roles::invaded, [](const MemberOutcome& m) { return m.invaded; }},
    {"escapees", "%", &Roles::escapee, [](const MemberOutcome& m) { return m.escapees; }},
    {"never arrested", "%", &Roles::never_arrested, [](const MemberOutcome& m) { return m.never_arrested; }},
};

/// The study's outcome as a measure of one model, which read_measure takes for the only arm of an experiment.
Measure measure_of(const StudyOutcome& outcome, const model::ResolvedModel& model) {
  ExperimentPlan one;
  one.arms.emplace_back();
  one.arms[0].model = model;
  return read_measure(FindingTable(outcome.table, "[[study.outcome]] '" + outcome.name.text + "'"), one);
}

std::size_t column_of(const OutcomePlan& plan, const StudyOutcome& outcome) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    if (plan.columns[c].first == outcome.name.text) return c;
    names.push_back(plan.columns[c].first);
  }
  Error error = unknown_in_study("outcome", outcome.name, names);
  throw error.help("an outcome of a readout needs 'readout' and 'at' or 'statistic'");
}

}  // namespace

std::vector<std::string> OutcomePlan::readouts() const {
  std::vector<std::string> names = roles.others;
  for (const auto* role : {&roles.burden, &roles.viable, &roles.senescent, &roles.invaded, &roles.peak, &roles.escapee,
                           &roles.never_arrested}) {
    if (!role->empty()) names.push_back(*role);
  }
  for (const auto& m : measures) names.push_back(m.readout);
  return names;
}

OutcomePlan plan_outcomes(const StudySpec& spec, const std::vector<model::ResolvedModel>& models) {
  OutcomePlan plan;
  plan.roles = roles_of(models.front().experiment);
  for (std::size_t k = 0; k < std::size(role_outcomes); ++k) {
    const RoleOutcome& outcome = role_outcomes[k];
    if ((plan.roles.*outcome.role).empty()) continue;
    plan.of_roles.push_back(k);
    plan.columns.emplace_back(outcome.name, outcome.unit);
  }
  for (const auto& outcome : spec.outcomes) {
    if (!outcome.measured) continue;
    const bool taken = std::any_of(plan.columns.begin(), plan.columns.end(),
                                   [&](const auto& column) { return column.first == outcome.name.text; });
    if (taken)
      throw Error("E8201", "two outcomes are named '" + outcome.name.text + "'")
          .at(outcome.name.where)
          .help("give the measure another name, or leave its readout out to mean the one that every study has");
    for (const auto& model : models) static_cast<void>(measure_of(outcome, model));
    plan.measures.push_back(measure_of(outcome, models.front()));
    plan.columns.emplace_back(outcome.name.text, plan.measures.back().unit);
  }
  for (const auto& outcome : spec.outcomes) {
    const std::size_t column = column_of(plan, outcome);
    if (outcome.weight > 0.0)
      plan.objective.push_back({column, outcome.higher_is_better, outcome.weight, outcome.scale, outcome.spare});
  }
  if (!plan.objective.empty()) return plan;
  if (plan.roles.burden.empty())
    throw Error("E8201", "the study has no objective to rank by")
        .at({spec.file, 0, 0, 0})
        .help("give an outcome better = \"lower\" or \"higher\" and weight = 1")
        .help("or give the experiment a burden_readout: then the mean burden is the objective");
  plan.objective.push_back({0, false, 1.0, 1.0, false});
  return plan;
}

std::vector<double> outcomes_of(const OutcomePlan& plan, const TimeTable& summary, std::uint64_t seed) {
  const MemberOutcome member = member_outcome(summary, plan.roles, seed);
  std::vector<double> values;
  for (const std::size_t k : plan.of_roles)
    values.push_back(summary.times.empty() ? nan : role_outcomes[k].value(member));
  for (const auto& m : plan.measures) values.push_back(measure(m, summary) / parse_unit(m.unit).value);
  return values;
}

}  // namespace senoma::study
