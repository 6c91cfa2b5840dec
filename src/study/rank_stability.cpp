#include "study/rank_stability.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/philox.h"

namespace senoma::study {
namespace {

int sign(double v) { return v > 0 ? 1 : v < 0 ? -1 : 0; }

/// Membership of each variant in the best k, ties sharing the last places; NaN never.
std::vector<double> in_best(std::span<const double> means, std::size_t k, double better) {
  std::vector<double> share(means.size(), 0.0);
  for (std::size_t v = 0; v < means.size(); ++v) {
    if (std::isnan(means[v])) continue;
    double before = 0, tied = 0;
    for (const double other : means) {
      if (std::isnan(other)) continue;
      const int s = sign(better * (other - means[v]));
      before += s > 0;
      tied += s == 0;
    }
    share[v] = std::clamp((static_cast<double>(k) - before) / tied, 0.0, 1.0);
  }
  return share;
}

double overlap(std::span<const double> a, std::span<const double> b) {
  double common = 0, total = 0;
  for (std::size_t v = 0; v < a.size(); ++v) {
    common += std::min(a[v], b[v]);
    total += a[v];
  }
  return total > 0 ? common / total : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double kendall_tau(std::span<const double> a, std::span<const double> b) {
  double agree = 0, in_a = 0, in_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double da = a[i] - a[j], db = b[i] - b[j];
      if (std::isnan(da) || std::isnan(db)) continue;
      agree += sign(da) * sign(db);
      in_a += da != 0;
      in_b += db != 0;
    }
  }
  return in_a > 0 && in_b > 0 ? agree / std::sqrt(in_a * in_b) : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::size_t> stability_sizes(std::size_t n_units) {
  std::set<std::size_t> sizes{2, n_units / 4, n_units / 2, n_units, 2 * n_units, 4 * n_units};
  sizes.erase(0);
  sizes.erase(1);
  return {sizes.begin(), sizes.end()};
}

std::vector<StabilityPoint> rank_stability(std::span<const std::vector<double>> effects, const UnitResamples& resamples,
                                           std::size_t k, bool more_is_better, std::span<const std::size_t> sizes,
                                           std::size_t n_trials, std::uint64_t key) {
  std::vector<StabilityPoint> points;
  if (effects.size() < 2 || resamples.n_units() < 2) return points;
  std::vector<double> all;
  for (const auto& e : effects) {
    if (e.size() != resamples.n_replicates())
      throw Error("E8402", fmt::format("{} values meet {} replicates", e.size(), resamples.n_replicates()))
          .help("give every variant one value per replicate, NaN where it is unknown");
    all.push_back(weighted_mean(e));
  }
  const double better = more_is_better ? 1 : -1;
  const auto best = in_best(all, 1, better), top = in_best(all, k, better);
  const std::size_t n = resamples.n_units();
  std::vector<std::uint16_t> count(n), weights(resamples.n_replicates());
  std::vector<double> means(effects.size());
  for (const std::size_t m : sizes) {
    StabilityPoint point{m};
    double ranked = 0;
    for (std::size_t t = 0; t < n_trials; ++t) {
      const RandomStream stream{key, m * n_trials + t, Stream::bootstrap};
      std::fill(count.begin(), count.end(), std::uint16_t{0});
      for (std::size_t d = 0; d < m; ++d)
        ++count[std::min(n - 1, static_cast<std::size_t>(stream.uniform(d) * static_cast<double>(n)))];
      for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = count[resamples.unit_of()[i]];
      for (std::size_t v = 0; v < means.size(); ++v) means[v] = weighted_mean(effects[v], weights);
      const double tau = kendall_tau(means, all);
      if (!std::isnan(tau)) point.kendall += tau, ranked += 1;
      point.best_kept += overlap(best, in_best(means, 1, better)) / static_cast<double>(n_trials);
      point.top_kept += overlap(top, in_best(means, k, better)) / static_cast<double>(n_trials);
    }
    point.kendall = ranked > 0 ? point.kendall / ranked : std::numeric_limits<double>::quiet_NaN();
    points.push_back(point);
  }
  return points;
}

}  // namespace senoma::study
