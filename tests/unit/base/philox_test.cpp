#include "base/philox.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <vector>

namespace senoma {
namespace {

TEST(Philox, Gives_the_known_answers_of_the_Random123_distribution) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Philox4{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}), (Philox4{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Philox4{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

constexpr int n = 200000;

/// The largest distance between the empirical and the given distribution, times √n (Kolmogorov's statistic; 1.95 at 0.1
/// %).
template <class Distribution>
double kolmogorov(std::vector<double> sample, const Distribution& distribution) {
  std::sort(sample.begin(), sample.end());
  double distance = 0.0;
  const auto size = static_cast<double>(sample.size());
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = distribution(sample[i]), rank = static_cast<double>(i);
    distance = std::max({distance, std::fabs(f - rank / size), std::fabs(f - (rank + 1) / size)});
  }
  return distance * std::sqrt(size);
}

double mean_product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / static_cast<double>(a.size());
}

TEST(RandomStream, Uniform_numbers_fill_the_open_interval_evenly) {
  const RandomStream stream{42, 7, Stream::test};
  std::vector<double> first, second;
  for (std::uint64_t i = 0; i < n; ++i) {
    first.push_back(stream.uniform(i));
    second.push_back(stream.uniform(i, 1));
    ASSERT_GT(first.back(), 0.0);
    ASSERT_LT(first.back(), 1.0);
  }
  const auto line = [](double u) { return u; };
  const double k1 = kolmogorov(first, line), k2 = kolmogorov(second, line);
  const double correlation = (mean_product(first, second) - 0.25) * 12.0;
  std::printf("  Kolmogorov %.2f and %.2f, correlation of the pair %.4f\n", k1, k2, correlation);
  EXPECT_LT(k1, 1.95);
  EXPECT_LT(k2, 1.95);
  EXPECT_LT(std::fabs(correlation), 3.3 / std::sqrt(n));
}

TEST(RandomStream, Normal_numbers_have_the_normal_distribution_and_the_pair_is_independent) {
  const RandomStream stream{1, 2, Stream::test};
  std::vector<double> first, second;
  for (std::uint64_t i = 0; i < n; ++i) {
    first.push_back(stream.normal(i));
    second.push_back(stream.normal(i, 1));
  }
  const auto phi = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  EXPECT_LT(kolmogorov(first, phi), 1.95);
  EXPECT_LT(kolmogorov(second, phi), 1.95);
  EXPECT_LT(std::fabs(mean_product(first, second)), 3.3 / std::sqrt(n));
  EXPECT_NEAR(mean_product(first, first), 1.0, 3.3 * std::sqrt(2.0 / n));
}

TEST(RandomStream, Exponential_numbers_have_mean_one_and_no_memory) {
  const RandomStream stream{9, 9, Stream::hazard_threshold};
  std::vector<double> sample;
  for (std::uint64_t i = 0; i < n; ++i) sample.push_back(stream.exponential(i));
  EXPECT_LT(kolmogorov(sample, [](double x) { return 1.0 - std::exp(-x); }), 1.95);
}

TEST(RandomStream, Directions_are_unit_vectors_without_a_preferred_axis) {
  const RandomStream stream{5, 3, Stream::division_direction};
  std::array<std::vector<double>, 3> axis;
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto d = stream.direction(i);
    ASSERT_NEAR(d[0] * d[0] + d[1] * d[1] + d[2] * d[2], 1.0, 1e-14);
    for (std::size_t k = 0; k < 3; ++k) axis[k].push_back(d[k]);
  }
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_LT(kolmogorov(axis[k], [](double x) { return 0.5 * (x + 1.0); }), 1.95) << "axis " << k;  // Archimedes
    EXPECT_LT(std::fabs(mean_product(axis[k], axis[(k + 1) % 3])), 3.3 / (3.0 * std::sqrt(n)) * 1.3);
  }
}

TEST(RandomStream, Depends_on_seed_lineage_stream_ordinal_and_index_only) {
  const RandomStream base{1, 1, Stream::test};
  EXPECT_EQ(base.uniform(5), (RandomStream{1, 1, Stream::test}.uniform(5)));
  std::set<double> different = {base.uniform(5),
                                base.uniform(5, 1),
                                base.uniform(6),
                                RandomStream{2, 1, Stream::test}.uniform(5),
                                RandomStream{1, 2, Stream::test}.uniform(5),
                                RandomStream{1, 1, Stream::bootstrap}.uniform(5),
                                RandomStream{1, 1ULL << 40, Stream::test}.uniform(5),
                                base.uniform(5 + (1ULL << 40))};
  EXPECT_EQ(different.size(), 8U);
}

TEST(RandomStream, Neighbouring_lineages_and_seeds_are_uncorrelated) {
  std::vector<double> a, b, c;
  for (std::uint64_t i = 0; i < n; ++i) {
    a.push_back(RandomStream{1, i, Stream::test}.normal(0));
    b.push_back(RandomStream{1, i + 1, Stream::test}.normal(0));
    c.push_back(RandomStream{2, i, Stream::test}.normal(0));
  }
  EXPECT_LT(std::fabs(mean_product(a, b)), 3.3 / std::sqrt(n));
  EXPECT_LT(std::fabs(mean_product(a, c)), 3.3 / std::sqrt(n));
}

TEST(Lineage, Daughters_of_many_generations_never_share_an_id) {
  std::vector<std::uint64_t> generation = {1}, all;
  for (int g = 0; g < 16; ++g) {
    std::vector<std::uint64_t> next;
    for (const auto parent : generation) {
      next.push_back(daughter_lineage(parent, 0));
      next.push_back(daughter_lineage(parent, 1));
    }
    all.insert(all.end(), next.begin(), next.end());
    generation = std::move(next);
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

}  // namespace
}  // namespace senoma
