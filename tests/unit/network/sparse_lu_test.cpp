#include "network/sparse_lu.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <random>

namespace senoma::network {
namespace {

struct Problem {
  std::size_t n = 0;
  std::vector<SparseLu::Entry> entries;
  Column<double> jacobian;
  double shift[pack_lanes] = {};
};

Problem random_problem(std::size_t n, double density, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> value(-1.0, 1.0), unit(0.0, 1.0);
  Problem p;
  p.n = n;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (unit(random) < density) p.entries.emplace_back(static_cast<std::int32_t>(i), static_cast<std::int32_t>(j));
    }
  }
  p.jacobian.resize(p.entries.size() * pack_lanes);
  for (double& v : p.jacobian) v = value(random) * std::pow(10.0, 3.0 * value(random));
  for (double& s : p.shift) s = std::pow(10.0, 4.0 * value(random));
  return p;
}

/// max over rows of |(shift − J) x − b|_i / (max_j |a_ij| · max_j |x_j|) for one lane: the row-wise backward error.
double residual(const Problem& p, const Column<double>& x, const Column<double>& b, std::size_t lane) {
  std::vector<double> a(p.n * p.n, 0.0);
  for (std::size_t i = 0; i < p.n; ++i) a[i * p.n + i] = p.shift[lane];
  for (std::size_t e = 0; e < p.entries.size(); ++e) {
    const auto [i, j] = p.entries[e];
    a[static_cast<std::size_t>(i) * p.n + static_cast<std::size_t>(j)] -= p.jacobian[e * pack_lanes + lane];
  }
  double largest = 0.0, worst = 0.0;
  for (std::size_t j = 0; j < p.n; ++j) largest = std::max(largest, std::fabs(x[j * pack_lanes + lane]));
  for (std::size_t i = 0; i < p.n; ++i) {
    double sum = -b[i * pack_lanes + lane], row = 0.0;
    for (std::size_t j = 0; j < p.n; ++j) {
      sum += a[i * p.n + j] * x[j * pack_lanes + lane];
      row = std::max(row, std::fabs(a[i * p.n + j]));
    }
    worst = std::max(worst, std::fabs(sum) / (row * largest));
  }
  return worst;
}

RC_GTEST_PROP(SparseLu, Solves_random_sparse_systems, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 30);
  const auto seed = *rc::gen::arbitrary<unsigned>();
  const double density = *rc::gen::element(0.05, 0.15, 0.5);
  const Problem p = random_problem(n, density, seed);
  const SparseLu lu(p.n, p.entries);
  auto factors = lu.make_factors();
  lu.factor(p.jacobian.data(), p.shift, factors);
  Column<double> x(n * pack_lanes);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(static_cast<double>(i));
  const Column<double> b = x;
  lu.solve(factors, x.data());
  for (std::size_t l = 0; l < pack_lanes; ++l) RC_ASSERT(residual(p, x, b, l) < 1e-8);
}

TEST(SparseLu, A_vanishing_pivot_falls_back_to_pivoting_in_that_lane_only) {
  // shift − J = [0 1; 1 0] in lane 3: no diagonal pivot exists; the other lanes are well behaved.
  Problem p;
  p.n = 2;
  p.entries = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  p.jacobian.assign(4 * pack_lanes, 0.0);
  for (std::size_t l = 0; l < pack_lanes; ++l) {
    p.shift[l] = 1.0;
    p.jacobian[1 * pack_lanes + l] = p.jacobian[2 * pack_lanes + l] = l == 3 ? -1.0 : 0.25;
    p.jacobian[0 * pack_lanes + l] = p.jacobian[3 * pack_lanes + l] = l == 3 ? 1.0 : -1.0;
  }
  const SparseLu lu(2, p.entries);
  auto factors = lu.make_factors();
  lu.factor(p.jacobian.data(), p.shift, factors);
  for (std::size_t l = 0; l < pack_lanes; ++l) EXPECT_EQ(factors.unsafe[l], l == 3 ? 1.0 : 0.0);
  Column<double> x(2 * pack_lanes);
  for (std::size_t l = 0; l < pack_lanes; ++l) x[l] = 5.0, x[pack_lanes + l] = 7.0;
  const Column<double> b = x;
  lu.solve(factors, x.data());
  EXPECT_EQ(x[3], 7.0);
  EXPECT_EQ(x[pack_lanes + 3], 5.0);
  for (std::size_t l = 0; l < pack_lanes; ++l) EXPECT_LT(residual(p, x, b, l), 1e-14);
}

TEST(SparseLu, A_singular_lane_is_marked) {
  Problem p;
  p.n = 2;
  p.entries = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  p.jacobian.assign(4 * pack_lanes, 0.0);
  for (double& s : p.shift) s = 1.0;
  for (std::size_t e = 0; e < 4; ++e) p.jacobian[e * pack_lanes + 9] = e == 0 || e == 3 ? 0.0 : 1.0;  // [1 -1; -1 1]
  const SparseLu lu(2, p.entries);
  auto factors = lu.make_factors();
  lu.factor(p.jacobian.data(), p.shift, factors);
  for (std::size_t l = 0; l < pack_lanes; ++l) EXPECT_EQ(factors.singular[l], l == 9 ? 1.0 : 0.0);
}

TEST(SparseLu, An_arrow_matrix_keeps_its_zeros) {
  // Eliminating the hub first would fill the whole matrix; the order must take it last.
  std::vector<SparseLu::Entry> entries;
  for (std::int32_t i = 1; i < 40; ++i) entries.insert(entries.end(), {{0, i}, {i, 0}, {i, i}});
  EXPECT_EQ(SparseLu(40, entries).n_values(), 40u + 2u * 39u);
}

}  // namespace
}  // namespace senoma::network
