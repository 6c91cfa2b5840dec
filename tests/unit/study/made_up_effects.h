// Replicates with known truth, for tests of what a screen says.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/philox.h"

namespace senoma::study::made_up {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// n normal values of one named purpose; equal (purpose, member) give equal values.
inline std::vector<double> normals(std::uint64_t purpose, std::uint64_t member, std::size_t n, double mean = 0,
                                   double sd = 1) {
  const RandomStream stream{purpose, member, Stream::test};
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = mean + sd * stream.normal(i);
  return values;
}

/// Times to relapse, exponential with the given mean, censored at `end`.
inline std::vector<double> times(std::uint64_t purpose, std::uint64_t member, std::size_t n, double mean, double end) {
  const RandomStream stream{purpose, member, Stream::test};
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = std::min(end, mean * stream.exponential(i));
  return values;
}

}  // namespace senoma::study::made_up
