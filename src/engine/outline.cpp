#include "engine/outline.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "base/math.h"

namespace senoma::engine {

namespace {

using Direction = std::array<double, 3>;

std::vector<Direction> directions(bool two_dimensional) {
  std::vector<Direction> result;
  if (two_dimensional) {
    constexpr int n = 12;
    for (int k = 0; k < n; ++k) result.push_back({math::cos(math::pi * k / n), math::sin(math::pi * k / n), 0.0});
    return result;
  }
  for (int a = -1; a <= 1; ++a) {
    for (int b = -1; b <= 1; ++b) {
      for (int c = -1; c <= 1; ++c) {
        if (9 * a + 3 * b + c <= 0) continue;  // one of each opposite pair
        const double length = math::sqrt(static_cast<double>(a * a + b * b + c * c));
        result.push_back({a / length, b / length, c / length});
      }
    }
  }
  return result;
}

}  // namespace

double mean_caliper_diameter(const state::CellTable& cells, std::span<const std::uint32_t> selected,
                             bool two_dimensional) {
  if (selected.empty()) return 0.0;
  const auto& x = cells.values[state::col_x];
  const auto& y = cells.values[state::col_y];
  const auto& z = cells.values[state::col_z];
  const auto& radius = cells.values[state::col_radius];
  const auto all = directions(two_dimensional);
  double sum = 0.0;
  for (const auto& u : all) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const std::uint32_t i : selected) {
      const double along = x[i] * u[0] + y[i] * u[1] + z[i] * u[2];
      low = std::min(low, along - radius[i]);
      high = std::max(high, along + radius[i]);
    }
    sum += high - low;
  }
  return sum / static_cast<double>(all.size());
}

}  // namespace senoma::engine
