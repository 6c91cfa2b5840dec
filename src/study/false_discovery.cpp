#include "study/false_discovery.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace senoma::study {

std::vector<double> q_values(std::span<const double> p, FalseDiscovery method) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i])) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return p[a] < p[b] || (p[a] == p[b] && a < b); });
  double factor = static_cast<double>(order.size());
  if (method == FalseDiscovery::benjamini_yekutieli) {
    double harmonic = 0;
    for (std::size_t j = 1; j <= order.size(); ++j) harmonic += 1 / static_cast<double>(j);
    factor *= harmonic;
  }
  std::vector<double> q(p.size(), std::numeric_limits<double>::quiet_NaN());
  double least = 1;
  for (std::size_t k = order.size(); k-- > 0;) {
    least = std::min(least, p[order[k]] * (factor / static_cast<double>(k + 1)));
    q[order[k]] = least;
  }
  return q;
}

}  // namespace senoma::study
