#include "study/sign_flips.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "study/distributions.h"

namespace senoma::study {
namespace {

/// Share of resamples in which two effects have opposite signs.
double opposite(const Estimate& a, const Estimate& b) {
  double n = 0, known = 0;
  for (std::size_t r = 0; r < a.resampled.size(); ++r) {
    const double product = a.resampled[r] * b.resampled[r];
    if (std::isnan(product)) continue;
    known += 1;
    n += product < 0 ? 1 : 0;
  }
  return known > 0 ? n / known : std::numeric_limits<double>::quiet_NaN();
}

/// One-sided p that the mean of sign · values is above `least`.
double p_above(std::span<const double> values, double sign, double least, const UnitResamples& resamples) {
  std::vector<double> beyond(values.begin(), values.end());
  for (double& v : beyond) v = sign * v - least;
  return p_above_zero(beyond, resamples);
}

}  // namespace

std::size_t SignFlips::n_flagged() const {
  return static_cast<std::size_t>(std::count_if(pairs.begin(), pairs.end(), [](const auto& p) { return p.flagged; }));
}

bool SignFlips::turns(std::size_t candidate, std::size_t situation) const {
  return std::any_of(pairs.begin(), pairs.end(), [&](const FlipPair& p) {
    return p.flagged && p.candidate == candidate && (p.positive == situation || p.negative == situation);
  });
}

SignFlips sign_flips(std::span<const FlipCandidate> candidates, const UnitResamples& resamples, double rate,
                     FalseDiscovery method, double level, double least_effect) {
  SignFlips result;
  result.rate = rate;
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    const auto& situations = candidates[c].situations;
    std::vector<Estimate> estimates;
    auto& signs = result.signs.emplace_back();
    for (const Situation& s : situations) {
      estimates.push_back(mean_estimate(s.effect, resamples));
      signs.push_back({mean_interval(s.effect, resamples, level), estimates.back().probability_positive(),
                       p_above(s.effect, 1, least_effect, resamples), p_above(s.effect, -1, least_effect, resamples)});
    }
    const auto n_known = static_cast<double>(
        std::count_if(estimates.begin(), estimates.end(), [](const auto& e) { return !std::isnan(e.centre); }));
    for (std::size_t i = 0; i < situations.size(); ++i) {
      for (std::size_t j = i + 1; j < situations.size(); ++j) {
        if (std::isnan(estimates[i].centre) || std::isnan(estimates[j].centre)) continue;
        const bool first_larger = estimates[i].centre >= estimates[j].centre;
        FlipPair pair{c, first_larger ? i : j, first_larger ? j : i};
        const double both = std::max(signs[pair.positive].p_positive, signs[pair.negative].p_negative);
        pair.p = std::min(1.0, both * n_known);
        pair.probability = opposite(estimates[i], estimates[j]);
        result.pairs.push_back(pair);
      }
    }
  }
  std::vector<double> least(candidates.size(), std::numeric_limits<double>::quiet_NaN());
  for (const auto& pair : result.pairs) least[pair.candidate] = std::fmin(least[pair.candidate], pair.p);
  result.q = q_values(least, method);
  for (auto& pair : result.pairs) {
    // As if this pair were its target's best: the others keep theirs.
    const double own = std::exchange(least[pair.candidate], pair.p);
    const double alone = q_values(least, method)[pair.candidate];
    least[pair.candidate] = own;
    pair.q = std::max(alone, result.q[pair.candidate]);
    pair.flagged = pair.q <= rate;
  }
  std::stable_sort(result.pairs.begin(), result.pairs.end(), [](const auto& a, const auto& b) { return a.p < b.p; });
  return result;
}

SignRobustness sign_robustness(std::span<const double> effect, const UnitResamples& resamples, double level) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  const auto means = unit_means(effect, resamples);
  SignRobustness result{unknown, unknown, unknown, means.size()};
  const double centre = weighted_mean(effect);
  if (means.empty() || centre == 0) return result;
  double kept = 0;
  for (const double m : means) kept += m * centre > 0 ? 1.0 : m == 0 ? 0.5 : 0.0;
  const auto n = static_cast<double>(means.size());
  const double z = normal_half_width(level), share = kept / n, z2 = z * z / n;
  const double middle = (share + z2 / 2) / (1 + z2);
  const double half = z / (1 + z2) * std::sqrt(share * (1 - share) / n + z2 / (4 * n));
  result.share = share;
  result.low = std::max(0.0, middle - half);
  result.high = std::min(1.0, middle + half);
  return result;
}

}  // namespace senoma::study
