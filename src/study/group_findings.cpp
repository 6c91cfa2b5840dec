#include "study/group_findings.h"

#include <algorithm>
#include <optional>

#include "study/study_variants.h"

namespace senoma::study {
namespace {

constexpr std::size_t least_replicates = 2;

/// The variant of every subset, the empty one being no intervention; nothing when the plan lacks one.
std::optional<std::vector<std::size_t>> variants_of(const StudyPlan& plan, const StudyVariant& whole,
                                                    const CoalitionPlan& coalitions) {
  std::vector<std::size_t> list;
  for (const std::uint32_t mask : coalitions.coalitions) {
    if (mask == 0) {
      list.push_back(0);
      continue;
    }
    StudyVariant subset;
    subset.timing = whole.timing;
    for (std::size_t i = 0; i < whole.actors.size(); ++i) {
      if ((mask >> i & 1U) == 0) continue;
      subset.actors.push_back(whole.actors[i]);
      subset.levels.push_back(whole.levels[i]);
    }
    const auto found = find_variant(plan.variants, subset);
    if (!found) return std::nullopt;
    list.push_back(*found);
  }
  return list;
}

}  // namespace

std::vector<GroupFinding> group_findings(const StudyPlan& plan, std::size_t context, const PairedOutcomes& outcomes,
                                         const UnitResamples& resamples) {
  std::vector<GroupFinding> findings;
  for (const StudyVariant& whole : plan.variants) {
    if (whole.kind != "group") continue;
    const auto named = std::find_if(plan.spec.groups.begin(), plan.spec.groups.end(),
                                    [&](const StudyPair& group) { return whole.name.starts_with(group.name + ": "); });
    if (named == plan.spec.groups.end()) continue;
    const CoalitionPlan coalitions = plan_coalitions(whole.actors.size());
    const auto variants = variants_of(plan, whole, coalitions);
    if (!variants) continue;
    const auto add = [&](const std::string& outcome, const std::string& unit, auto&& values_of) {
      std::vector<std::vector<double>> values;
      for (const std::size_t v : *variants) values.push_back(values_of(v));
      GroupFinding finding{context, named->name, outcome, unit, whole.actors, {}};
      finding.values = shapley_values(coalitions, values, resamples);
      if (finding.values.front().value.n >= least_replicates) findings.push_back(std::move(finding));
    };
    add("gain", "1", [&](std::size_t v) { return outcomes.gain(v); });
    for (const auto& term : plan.outcomes.objective) {
      const auto& [name, unit] = plan.outcomes.columns[term.column];
      add(name, unit, [&](std::size_t v) { return outcomes.of(v, term.column); });
    }
  }
  return findings;
}

}  // namespace senoma::study
