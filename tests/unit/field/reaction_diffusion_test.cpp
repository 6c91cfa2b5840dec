#include "field/reaction_diffusion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/philox.h"
#include "plain_twin.h"

namespace senoma::field {
namespace {

using grid::Geometry;
using Kind = FaceCondition::Kind;

std::vector<double> noise(std::size_t n, double low, double high, std::uint64_t seed) {
  const RandomStream random{seed, 0, Stream::test};
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = low + (high - low) * random.uniform(i);
  return values;
}

double largest_difference(std::span<const double> a, std::span<const double> b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

const Executor one_thread{1};
SolverOptions tight() {
  SolverOptions options;
  options.tolerance = 1e-12;
  return options;
}

std::vector<Geometry> odd_shapes() {
  return {{{1, 1, 1}, {20, 20, 20}, {0, 0, 0}, false}, {{2, 1, 1}, {20, 20, 20}, {0, 0, 0}, false},
          {{7, 5, 3}, {20, 20, 20}, {0, 0, 0}, false}, {{1, 9, 11}, {10, 20, 15}, {0, 0, 0}, false},
          {{13, 6, 1}, {20, 20, 5}, {0, 0, 0}, true},  {{6, 5, 4}, {20, 20, 80}, {0, 0, 0}, false},
          {{5, 4, 3}, {20, 20, 20}, {0, 0, 0}, true},  {{4, 9, 4}, {40, 10, 10}, {0, 0, 0}, false}};
}

TEST(Reaction_diffusion, A_step_agrees_with_the_plain_twin_on_every_shape_with_all_kinds_of_faces_and_fixed_voxels) {
  int shape = 0;
  for (const Geometry& g : odd_shapes()) {
    const std::size_t n = g.size();
    const auto uptake = noise(n, 0.0, 2.0, 1), source = noise(n, 0.0, 5.0, 2), map = noise(n, 10.0, 1000.0, 3);
    for (const bool mapped : {false, true}) {
      for (const bool with_fixed : {false, true}) {
        for (const double dt : {0.01, 6.0, 1e4}) {
          Coefficients k;
          k.diffusion = 700.0;
          if (mapped) k.diffusion_map = map;
          k.decay = 0.01;
          k.uptake = uptake;
          k.source = source;
          k.faces = {FaceCondition{Kind::value, 3.0, 0, 0},
                     {Kind::flux, 0, 50.0, 0},
                     {Kind::mixed, 7.0, 0, 12.0},
                     {Kind::no_flux, 0, 0, 0},
                     {Kind::value, 1.0, 0, 0},
                     {Kind::flux, 0, -0.1, 0}};
          const std::vector<std::uint32_t> fixed{static_cast<std::uint32_t>(n / 3), static_cast<std::uint32_t>(n / 2)};
          const std::vector<double> values{9.0, 2.0};
          if (with_fixed && n > 6) {
            k.fixed_voxels = fixed;
            k.fixed_values = values;
          }
          auto rho = noise(n, 0.0, 10.0, 4);
          const auto expected = twin::sdirk2(g, k, rho, dt);
          Solver solver(g);
          auto options = tight();
          options.undershoot_tolerance = 1e9;
          const auto report = solver.step(rho, dt, k, options, one_thread);
          const double size = *std::max_element(expected.begin(), expected.end());
          EXPECT_LT(largest_difference(rho, expected), 1e-9 * size)
              << "shape " << shape << " mapped " << mapped << " fixed " << with_fixed << " dt " << dt;
          EXPECT_LT(report.ledger.closing_error(), 1e-13) << "shape " << shape << " dt " << dt;
        }
      }
    }
    ++shape;
  }
}

TEST(Reaction_diffusion, Quasi_steady_is_the_limit_of_a_long_time_and_agrees_with_the_twin) {
  const Geometry g{{9, 8, 3}, {20, 20, 20}, {0, 0, 0}, false};
  const auto uptake = noise(g.size(), 0.0, 2.0, 1), source = noise(g.size(), 0.0, 5.0, 2);
  Coefficients k;
  k.diffusion = 1e5;
  k.decay = 0.02;
  k.uptake = uptake;
  k.source = source;
  const auto dense = twin::assemble(g, k);
  const auto expected = twin::solve(dense, k, 0.0, 1.0, dense.f);
  std::vector<double> steady(g.size(), 0.0), late(g.size(), 0.0);
  Solver solver(g);
  auto options = tight();
  for (int i = 0; i < 40; ++i) solver.step(late, 100.0, k, options, one_thread);
  options.quasi_steady = true;
  const auto report = solver.step(steady, 6.0, k, options, one_thread);
  EXPECT_LT(largest_difference(steady, expected), 1e-9);
  EXPECT_LT(largest_difference(late, expected), 1e-7);
  EXPECT_LT(report.ledger.closing_error(), 1e-14);
  EXPECT_NEAR(report.ledger.released, report.ledger.taken_up + report.ledger.decayed, 1e-12 * report.ledger.released);
}

TEST(Reaction_diffusion, A_linear_profile_between_two_value_faces_is_exact) {
  const Geometry g{{33, 3, 1}, {10, 10, 10}, {0, 0, 0}, true};
  Coefficients k;
  k.diffusion = 500.0;
  k.faces[0] = {Kind::value, 2.0, 0, 0};
  k.faces[1] = {Kind::value, 8.0, 0, 0};
  std::vector<double> rho(g.size(), 0.0);
  auto options = tight();
  options.quasi_steady = true;
  Solver(g).step(rho, 1.0, k, options, one_thread);
  for (int i = 0; i < 33; ++i) EXPECT_NEAR(rho[g.index(i, 1, 0)], 2.0 + 6.0 * g.centre(0, i) / 330.0, 1e-9);
}

TEST(Reaction_diffusion, Flux_in_and_exchange_out_balance_in_the_steady_state) {
  const Geometry g{{20, 1, 1}, {10, 10, 10}, {0, 0, 0}, true};
  Coefficients k;
  k.diffusion = 500.0;
  k.faces[0] = {Kind::flux, 0, 30.0, 0};
  k.faces[1] = {Kind::mixed, 4.0, 0, 6.0};
  std::vector<double> rho(g.size(), 0.0);
  auto options = tight();
  options.quasi_steady = true;
  Solver(g).step(rho, 1.0, k, options, one_thread);
  // flux = H (ρ_face − outside) → ρ_face = 9; slope = −flux/D.
  for (int i = 0; i < 20; ++i)
    EXPECT_NEAR(rho[static_cast<std::size_t>(i)], 9.0 + 30.0 / 500.0 * (200.0 - g.centre(0, i)), 1e-9);
}

TEST(Reaction_diffusion, The_ledger_closes_at_a_tolerance_of_a_thousandth_and_the_uptake_agrees_voxel_by_voxel) {
  const Geometry g{{27, 27, 27}, {20, 20, 20}, {0, 0, 0}, false};
  auto uptake = noise(g.size(), 0.0, 1.0, 5);
  const auto source = noise(g.size(), 0.0, 3.0, 6);
  for (std::size_t i = 0; i < uptake.size(); ++i) uptake[i] = uptake[i] > 0.9 ? 10.0 * uptake[i] : 1e-3;
  Coefficients k;
  k.diffusion = 1e5;
  k.decay = 0.1;
  k.uptake = uptake;
  k.source = source;
  k.faces[0] = {Kind::value, 38.0, 0, 0};
  k.faces[3] = {Kind::mixed, 5.0, 0, 3.0};
  const std::vector<std::uint32_t> fixed{100, 5000, 5001, 9999};
  const std::vector<double> values{40.0, 30.0, 30.0, 1.0};
  k.fixed_voxels = fixed;
  k.fixed_values = values;
  SolverOptions options;
  options.tolerance = 1e-3;
  std::vector<double> rho(g.size(), 1.0), mean(g.size());
  Solver solver(g);
  double worst = 0.0;
  for (const double dt : {0.01, 0.1, 6.0, 6.0, 60.0, 1e4}) {
    const auto report = solver.step(rho, dt, k, options, one_thread, mean);
    worst = std::max(worst, report.ledger.closing_error());
    double taken = 0.0;
    for (std::size_t i = 0; i < g.size(); ++i) taken += uptake[i] * mean[i] * dt * g.voxel_volume();
    EXPECT_NEAR(taken, report.ledger.taken_up, 1e-12 * taken);
  }
  std::printf("ledger at tolerance 1e-3: worst closing error %.1e of the gross\n", worst);
  EXPECT_LT(worst, 1e-13);
}

TEST(Reaction_diffusion, One_voxel_follows_the_exponential_with_second_order) {
  const Geometry g{{1, 1, 1}, {100, 100, 100}, {0, 0, 0}, false};
  const std::vector<double> uptake{0.3}, source{2.0};
  Coefficients k;
  k.decay = 0.2;
  k.uptake = uptake;
  k.source = source;
  const double exact = 4.0 + (10.0 - 4.0) * std::exp(-0.5 * 4.0);
  double before = 0.0;
  for (const int steps : {4, 8, 16, 32}) {
    std::vector<double> rho{10.0};
    Solver solver(g);
    for (int i = 0; i < steps; ++i) solver.step(rho, 4.0 / steps, k, {}, one_thread);
    const double error = std::abs(rho[0] - exact);
    if (before > 0.0) {
      EXPECT_GT(std::log2(before / error), 1.9);
    }
    before = error;
  }
}

TEST(Reaction_diffusion, Uptake_never_drives_a_voxel_negative) {
  // A sharp front in a strong sink over a long step: SDIRK2 would undershoot, backward Euler cannot.
  const Geometry g{{32, 32, 1}, {20, 20, 20}, {0, 0, 0}, true};
  std::vector<double> rho(g.size(), 0.0), uptake(g.size(), 1e-4);
  for (std::size_t i = 0; i < g.size(); i += 3) uptake[i] = 100.0;
  rho[g.index(16, 16, 0)] = 1000.0;
  Coefficients k;
  k.diffusion = 1e4;
  k.uptake = uptake;
  Solver solver(g);
  int redone = 0;
  for (int i = 0; i < 5; ++i) {
    const auto report = solver.step(rho, 6.0, k, {}, one_thread);
    const double largest = *std::max_element(rho.begin(), rho.end());
    redone += report.backward_euler;
    EXPECT_LT(report.ledger.closing_error(), 1e-13);
    EXPECT_GE(*std::min_element(rho.begin(), rho.end()), -1e-9 * largest) << "step " << i;
  }
  EXPECT_GE(redone, 1);
}

TEST(Reaction_diffusion, A_quasi_steady_field_far_from_its_source_is_not_negative) {
  const Geometry g{{64, 64, 1}, {20, 20, 20}, {0, 0, 0}, true};
  std::vector<double> rho(g.size(), 0.0), source(g.size(), 0.0);
  source[g.index(5, 60, 0)] = 100.0;
  Coefficients k;
  k.diffusion = 1000.0;
  k.decay = 1.0;
  k.source = source;
  SolverOptions options;
  options.tolerance = 1e-4;
  options.quasi_steady = true;
  Solver(g).step(rho, 6.0, k, options, one_thread);
  EXPECT_GE(*std::min_element(rho.begin(), rho.end()), -1e-9 * *std::max_element(rho.begin(), rho.end()));
}

// With saturable uptake there is no matrix exponential, so that SDIRK2 adapts its sub-steps.
TEST(Reaction_diffusion, Totals_are_sums_and_the_most_of_one_step) {
  StepTotals totals;
  StepReport first, second;
  first.iterations = 7, first.newton = 3, first.substeps = 1;
  second.iterations = 4, second.newton = 2, second.substeps = 5, second.backward_euler = 1;
  totals.add(first);
  totals.add(second);
  EXPECT_EQ(totals, (StepTotals{11, 7, 5, 6, 5, 1}));
}

TEST(Reaction_diffusion, Adaptive_substeps_hold_the_error_and_a_loose_tolerance_takes_fewer) {
  const Geometry g{{24, 24, 1}, {20, 20, 20}, {0, 0, 0}, true};
  const auto source = noise(g.size(), 0.0, 1.0, 8), saturable = noise(g.size(), 0.0, 0.2, 9);
  Coefficients k;
  k.saturable = saturable;
  k.half_saturation = 3.0;
  k.diffusion = 1000.0;
  k.decay = 0.5;
  k.source = source;
  const auto run = [&](double tolerance, int& substeps) {
    std::vector<double> rho(g.size(), 5.0);
    SolverOptions options = tight();
    options.error_tolerance = tolerance;
    const auto report = Solver(g).step(rho, 6.0, k, options, one_thread);
    substeps = report.substeps;
    EXPECT_LE(report.error_estimate, tolerance);
    EXPECT_LT(report.ledger.closing_error(), 1e-13);
    return rho;
  };
  int loose = 0, fine = 0, finest = 0;
  const auto a = run(1e-2, loose), b = run(1e-4, fine), reference = run(1e-6, finest);
  EXPECT_LT(loose, fine);
  EXPECT_LT(fine, finest);
  EXPECT_LT(largest_difference(b, reference), 0.05 * largest_difference(a, reference));
}

TEST(Reaction_diffusion, Bits_are_equal_for_one_two_and_four_threads) {
  const Geometry g{{54, 54, 54}, {20, 20, 20}, {0, 0, 0}, false};
  const auto uptake = noise(g.size(), 0.0, 3.0, 9), source = noise(g.size(), 0.0, 3.0, 10);
  std::vector<std::uint64_t> hashes;
  for (const int threads : {1, 2, 4}) {
    const Executor executor(threads);
    std::vector<double> rho(g.size(), 1.0), mean(g.size());
    Coefficients k;
    k.diffusion = 1e5;
    k.uptake = uptake;
    k.source = source;
    k.faces[2] = {Kind::value, 20.0, 0, 0};
    const auto report = Solver(g).step(rho, 6.0, k, {}, executor, mean);
    Hasher hash;
    hash.add(std::span<const double>(rho));
    hash.add(std::span<const double>(mean));
    hash.add(report.ledger.taken_up);
    hashes.push_back(hash.value());
  }
  EXPECT_EQ(hashes[0], hashes[1]);
  EXPECT_EQ(hashes[0], hashes[2]);
}

TEST(Reaction_diffusion, A_solver_shared_by_substrates_gives_each_the_bits_it_gets_alone) {
  const Geometry g{{17, 12, 1}, {20, 20, 20}, {0, 0, 0}, true};
  const auto uptake = noise(g.size(), 0.0, 1.0, 11), map = noise(g.size(), 1.0, 100.0, 12);
  Coefficients fast, mapped;
  fast.diffusion = 1e5;
  fast.uptake = uptake;
  mapped.diffusion_map = map;
  mapped.faces[0] = {Kind::value, 5.0, 0, 0};
  const auto start = noise(g.size(), 0.0, 10.0, 13);
  auto a1 = start, a2 = start, b1 = start, b2 = start;
  Solver shared(g), alone_a(g), alone_b(g);
  for (int i = 0; i < 3; ++i) {
    shared.step(a1, 6.0, fast, {}, one_thread);
    shared.step(b1, 6.0, mapped, {}, one_thread);
    alone_a.step(a2, 6.0, fast, {}, one_thread);
    alone_b.step(b2, 6.0, mapped, {}, one_thread);
  }
  EXPECT_EQ(a1, a2);
  EXPECT_EQ(b1, b2);
}

TEST(Reaction_diffusion, A_substrate_that_is_nowhere_costs_no_solve_and_a_source_wakes_it) {
  const Geometry g{{8, 8, 1}, {20, 20, 20}, {0, 0, 0}, true};
  std::vector<double> rho(g.size(), 0.0), mean(g.size(), 1.0), source(g.size(), 0.0);
  Coefficients k;
  k.diffusion = 100.0;
  k.source = source;
  Solver solver(g);
  EXPECT_EQ(solver.step(rho, 6.0, k, {}, one_thread, mean).iterations, 0);
  EXPECT_EQ(mean, std::vector<double>(g.size(), 0.0));
  source[9] = 1.0;
  const auto report = solver.step(rho, 6.0, k, {}, one_thread, mean);
  EXPECT_NEAR(report.ledger.content_after, 6.0 * g.voxel_volume(), 1e-9);
}

TEST(Reaction_diffusion, Bad_input_is_refused_with_its_code_and_voxel) {
  const Geometry g{{3, 3, 1}, {20, 20, 20}, {0, 0, 0}, true};
  std::vector<double> rho(g.size(), 1.0), uptake(g.size(), 1.0);
  const auto code_of = [&](const auto& change, SolverOptions options = {}, double dt = 1.0) {
    Coefficients k;
    k.diffusion = 1.0;
    k.uptake = uptake;
    change(k);
    try {
      Solver(g).step(rho, dt, k, options, one_thread);
    } catch (const Error& error) {
      return error.code() + " " + error.message();
    }
    return std::string("none");
  };
  EXPECT_EQ(code_of([](Coefficients&) {}), "none");
  EXPECT_TRUE(code_of([](Coefficients& k) { k.decay = -1.0; }).starts_with("E4002"));
  EXPECT_TRUE(code_of([](Coefficients& k) { k.diffusion = NAN; }).starts_with("E4002"));
  EXPECT_TRUE(code_of([](Coefficients& k) { k.uptake = k.uptake.first(4); }).starts_with("E4003"));
  EXPECT_TRUE(code_of([](Coefficients&) {}, {}, 0.0).starts_with("E4002"));
  uptake[5] = -0.5;
  EXPECT_NE(code_of([](Coefficients&) {}).find("voxel (2, 1, 0)"), std::string::npos);
  uptake[5] = 1.0;
  rho[4] = INFINITY;
  EXPECT_TRUE(code_of([](Coefficients&) {}).starts_with("E4002"));
  rho[4] = 1.0;
  SolverOptions steady;
  steady.quasi_steady = true;
  EXPECT_TRUE(code_of([](Coefficients& k) { k.uptake = {}; }, steady).starts_with("E4004"));
  const std::vector<std::uint32_t> twice{3, 3};
  const std::vector<double> values{1.0, 1.0};
  EXPECT_TRUE(code_of([&](Coefficients& k) {
                k.fixed_voxels = twice;
                k.fixed_values = values;
              }).starts_with("E4003"));
  EXPECT_THROW(Solver(Geometry{{0, 3, 1}, {20, 20, 20}, {0, 0, 0}, true}), Error);
  SolverOptions hopeless;
  hopeless.max_iterations = 0;
  EXPECT_TRUE(code_of([](Coefficients& k) { k.faces[0] = {Kind::value, 50.0, 0, 0}; }, hopeless).starts_with("E4001"));
}

}  // namespace
TEST(ReactionDiffusion, A_drug_that_has_decayed_for_hundreds_of_half_lives_ends_at_zero_without_underflow) {
  grid::Geometry geometry;
  geometry.n = {30, 30, 1};
  geometry.spacing = {20.0, 20.0, 20.0};
  geometry.two_dimensional = true;
  Solver solver(geometry);
  Column<double> rho(geometry.size(), 0.0);
  const std::vector<std::uint32_t> vessels = {120, 435, 464, 465, 700};
  const Executor executor(1);
  Coefficients k;
  k.diffusion = 1.8e4;
  k.decay = 0.0231;
  k.fixed_voxels = vessels;
  double concentration = 1.9e4;
  for (int step = 0; step < 1100; ++step) {
    const std::vector<double> values(vessels.size(), concentration);
    k.fixed_values = values;
    const StepReport report = solver.step(rho, 30.0, k, {}, executor);
    ASSERT_LE(report.ledger.closing_error(), 1e-12) << "step " << step;
    concentration *= 0.5;
  }
  EXPECT_EQ(*std::max_element(rho.begin(), rho.end()), 0.0);
}

}  // namespace senoma::field
