#include "network/occupancy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/philox.h"

namespace senoma::network {
namespace {

struct Stay {
  std::size_t item;
  double begin, end;
};

/// Items follow each other at random times, some of them on the border of a window.
std::vector<Stay> random_trajectory(std::uint64_t j, double end) {
  std::vector<Stay> stays;
  double t = 0.0;
  for (std::uint64_t k = 0; t < end; ++k) {
    const RandomStream draw{5, j, Stream::test};
    double next = t + 1.5 * draw.uniform(2 * k);
    if (draw.uniform(2 * k, 1) < 0.2) next = std::ceil(next);
    next = std::min(next, end);
    stays.push_back({static_cast<std::size_t>(3.0 * draw.uniform(2 * k + 1)), t, next});
    t = next;
  }
  return stays;
}

TEST(Occupancy, Means_and_errors_are_those_of_the_definition) {
  const double end = 6.5;  // the last window is half as wide
  const std::size_t windows = 7, items = 3, n = 40;
  std::vector<std::vector<std::vector<double>>> share(
      items, std::vector<std::vector<double>>(windows, std::vector<double>(n)));
  Occupancy even(windows), odd(windows);
  for (std::size_t i = 0; i < items; ++i) {
    even.add_item();
    odd.add_item();
  }
  for (std::size_t j = 0; j < n; ++j) {
    Occupancy& occupancy = j % 2 == 0 ? even : odd;
    for (const Stay& s : random_trajectory(j, end)) {
      occupancy.stay(s.item, s.begin, static_cast<std::uint32_t>(s.begin), s.end, static_cast<std::uint32_t>(s.end));
      for (std::size_t k = 0; k < windows; ++k) {
        const double from = static_cast<double>(k), to = std::min(end, from + 1.0);
        share[s.item][k][j] += std::max(0.0, std::min(to, s.end) - std::max(from, s.begin)) / (to - from);
      }
    }
    occupancy.end_trajectory();
  }
  for (std::size_t i = 0; i < items; ++i) even.merge(i, odd, i);
  for (std::size_t i = 0; i < items; ++i) {
    const auto estimates = even.estimates(i, n, 0.5);
    ASSERT_EQ(estimates.size(), windows);
    for (std::size_t k = 0; k < windows; ++k) {
      double mean = 0.0, squares = 0.0;
      for (const double s : share[i][k]) mean += s / n;
      for (const double s : share[i][k]) squares += (s - mean) * (s - mean);
      EXPECT_NEAR(estimates[k].mean, mean, 1e-8) << i << " " << k;
      EXPECT_NEAR(estimates[k].error, std::sqrt(squares / (n - 1) / n), 1e-7) << i << " " << k;
    }
  }
}

}  // namespace
}  // namespace senoma::network
