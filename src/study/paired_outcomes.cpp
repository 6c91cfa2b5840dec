#include "study/paired_outcomes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/units.h"

namespace senoma::study {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// What stands for "never" in each column.
std::vector<double> horizons(const StudyPlan& plan, std::size_t fidelity, std::size_t context) {
  std::vector<double> list;
  for (const auto& [name, unit] : plan.outcomes.columns) {
    const Quantity q = parse_unit(unit);
    const std::size_t model = fidelity * plan.spec.contexts.size() + context;
    list.push_back(q.dimension == dim::time ? plan.models[model].description.duration / q.value : nan);
  }
  return list;
}

}  // namespace

PairedOutcomes::PairedOutcomes(const StudyPlan& plan, std::span<const results::CatalogueMember> members,
                               std::size_t fidelity, std::size_t context) {
  for (const auto& term : plan.outcomes.objective) {
    terms_.push_back({plan.outcomes.columns[term.column].first, term.weight, term.scale, term.higher_is_better,
                      term.spare, term.spare ? Side::safety : Side::efficacy});
    columns_.push_back(term.column);
  }
  const std::size_t n_columns = plan.outcomes.columns.size();
  values_.assign(plan.variants.size(), std::vector(n_columns, std::vector<double>(plan.spec.n_seeds, nan)));
  std::map<std::string, std::size_t> variants;
  for (std::size_t v = 0; v < plan.variants.size(); ++v) variants[plan.variants[v].name] = v;
  const auto never = horizons(plan, fidelity, context);
  for (const auto& m : members) {
    if (m.fidelity != plan.spec.fidelities[fidelity].name || m.context != plan.spec.contexts[context].name) continue;
    if (m.status != "finished") continue;
    auto& rows = values_[variants.at(m.variant)];
    for (std::size_t c = 0; c < n_columns; ++c)
      rows[c][m.seed - plan.spec.first_seed] = std::isinf(m.outcomes[c]) ? never[c] : m.outcomes[c];
  }
}

Score PairedOutcomes::score(std::size_t variant, const UnitResamples& resamples) const {
  std::vector<std::vector<double>> treated, control;
  for (const std::size_t c : columns_) {
    treated.push_back(of(variant, c));
    control.push_back(of(0, c));
  }
  return score_variant(terms_, treated, control, resamples);
}

std::vector<double> PairedOutcomes::gain(std::size_t variant) const {
  const bool either = std::any_of(terms_.begin(), terms_.end(), [](const auto& t) { return !t.only_loss_counts; });
  std::vector<double> sum(of(0, 0).size(), 0.0);
  double weights = 0;
  for (std::size_t j = 0; j < terms_.size(); ++j) {
    const ScoreTerm& term = terms_[j];
    if (either && term.only_loss_counts) continue;
    weights += term.weight;
    const auto change = paired_differences(of(variant, columns_[j]), of(0, columns_[j]));
    for (std::size_t s = 0; s < sum.size(); ++s)
      sum[s] += (term.more_is_better ? term.weight : -term.weight) / term.scale * change[s];
  }
  for (double& value : sum) value /= weights;
  return sum;
}

}  // namespace senoma::study
