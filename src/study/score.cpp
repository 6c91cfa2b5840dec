#include "study/score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace senoma::study {
namespace {

void check(std::span<const ScoreTerm> terms, std::size_t n_treated, std::size_t n_control) {
  if (terms.empty()) throw Error("E8403", "the objective has no term").help("name at least one outcome with a weight");
  if (terms.size() != n_treated || terms.size() != n_control)
    throw Error("E8402", fmt::format("{} terms of the objective meet outcomes of {} and {}", terms.size(), n_treated,
                                     n_control));
  for (const auto& t : terms) {
    if (!(t.weight > 0) || !(t.scale > 0) || !std::isfinite(t.weight) || !std::isfinite(t.scale))
      throw Error("E8403", fmt::format("weight {} or scale {} of the outcome '{}' is not above zero", t.weight, t.scale,
                                       t.outcome))
          .help("the direction is given by more_is_better, never by the sign of a weight");
  }
}

}  // namespace

Score score_variant(std::span<const ScoreTerm> terms, std::span<const std::vector<double>> treated,
                    std::span<const std::vector<double>> control, const UnitResamples& resamples, double level) {
  check(terms, treated.size(), control.size());
  double total_weight = 0;
  for (const auto& t : terms) total_weight += t.weight;
  const std::vector<double> zeros(resamples.size(), 0.0);
  Score result;
  result.score = {0, zeros, resamples.n_units()};
  Estimate sides[2] = {result.score, result.score};
  for (std::size_t j = 0; j < terms.size(); ++j) {
    const ScoreTerm& term = terms[j];
    auto change = paired_differences(treated[j], control[j]);
    for (double& c : change) c *= (term.more_is_better ? 1 : -1) / term.scale;
    const Estimate z = mean_estimate(change, resamples);
    result.change.push_back(mean_interval(change, resamples, level));
    const auto points = [&](double v) {
      return term.weight / total_weight * (term.only_loss_counts && v > 0 ? 0.0 : v);
    };
    for (Estimate* sum : {&result.score, &sides[term.side == Side::safety]}) {
      sum->centre += points(z.centre);
      for (std::size_t b = 0; b < zeros.size(); ++b) sum->resampled[b] += points(z.resampled[b]);
      sum->n_units = std::min(sum->n_units, z.n_units);
    }
  }
  result.benefit = sides[0].interval(level);
  result.cost = sides[1].interval(level);
  return result;
}

double default_scale(std::span<const double> control) {
  double sum = 0, squares = 0, n = 0;
  for (const double v : control) {
    if (!std::isnan(v)) sum += v, n += 1;
  }
  if (n == 0) return 1;
  const double mean = sum / n;
  for (const double v : control) {
    if (!std::isnan(v)) squares += (v - mean) * (v - mean);
  }
  if (n > 1 && squares > 0) return std::sqrt(squares / (n - 1));
  return mean != 0 ? std::abs(mean) : 1;
}

}  // namespace senoma::study
