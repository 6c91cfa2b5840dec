#include "network/batch_integrator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <random>

#include "base/error.h"
#include "example_systems.h"

namespace senoma::network {
namespace {

using namespace examples;

IntegratorOptions tolerance(double relative, double absolute) {
  IntegratorOptions options;
  options.relative_tolerance = relative;
  options.absolute_tolerance = absolute;
  return options;
}

std::vector<double> end_state(const std::shared_ptr<OdeSystem>& system, const IntegratorOptions& options, double t0,
                              double t1, IntegratorStats* stats = nullptr) {
  Population cells(system, 1);
  const auto s = BatchIntegrator(system, options).integrate(cells.lanes(), t0, t1, Executor(1));
  if (stats != nullptr) *stats = s;
  std::vector<double> y;
  for (const auto& column : cells.states) y.push_back(column[0]);
  return y;
}

TEST(BatchIntegrator, A_coupled_linear_system_follows_the_matrix_exponential) {
  // A = V diag(-1, -50, -2000) V^-1 with V = [1 1 1; 0 1 2; 1 0 1] (det 2): exp(At) y0 is known exactly.
  const double eigen[3] = {-1.0, -50.0, -2000.0};
  const double v[3][3] = {{1, 1, 1}, {0, 1, 2}, {1, 0, 1}};
  const double inverse[3][3] = {{0.5, -0.5, 0.5}, {1.0, 0.0, -1.0}, {-0.5, 0.5, 0.5}};
  std::vector<std::vector<double>> a(3, std::vector<double>(3, 0.0));
  const std::vector<double> y0 = {1.0, 2.0, -0.5};
  std::vector<double> exact(3, 0.0);
  const double t1 = 0.7;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 3; ++k) {
        a[i][j] += v[i][k] * eigen[k] * inverse[k][j];
        exact[i] += v[i][k] * std::exp(eigen[k] * t1) * inverse[k][j] * y0[j];
      }
    }
  }
  const auto system = linear(a, y0);
  for (const double rtol : {1e-3, 1e-5, 1e-8}) {
    const auto y = end_state(system, tolerance(rtol, rtol), 0.0, t1);
    const double factor = scaled_distance(y, exact, rtol, rtol);
    std::printf("linear rtol %.0e: error/tolerance %.3f\n", rtol, factor);
    EXPECT_LT(factor, 1.0);
  }
}

TEST(BatchIntegrator, A_time_dependent_rate_is_integrated_at_full_order) {
  Builder b("cosine");
  b.state("y", 0.0);
  b.state("z", 1.0);  // z' = -100 (z - cos t) - sin t has the solution cos t: stiff and driven
  b.rate(apply(expr::Op::cos, b.t()));
  b.rate(-100.0 * (b.y(1) - apply(expr::Op::cos, b.t())) - apply(expr::Op::sin, b.t()));
  const auto system = b.done();
  for (const double rtol : {1e-3, 1e-5, 1e-7}) {
    const auto y = end_state(system, tolerance(rtol, rtol), 1.0, 9.0);
    // z starts off its slow manifold at t = 1 and has long relaxed at t = 9.
    const double factor = scaled_distance(y, {std::sin(9.0) - std::sin(1.0), std::cos(9.0)}, rtol, rtol);
    std::printf("driven rtol %.0e: error/tolerance %.3f\n", rtol, factor);
    EXPECT_LT(factor, 1.0);
  }
}

TEST(BatchIntegrator, The_error_falls_with_the_fifth_power_of_the_step) {
  // Fixed steps: a tolerance so loose that each step passes, and the interval cut by hand. Time enters explicitly.
  Builder b("order");
  b.state("x", 1.0);
  b.state("y", 0.5);
  b.rate(b.y(1) - b.y(0) * b.y(0) * apply(expr::Op::sin, b.t()));
  b.rate(-1.0 * b.y(0) * b.y(1) + apply(expr::Op::cos, 2.0 * b.t()));
  const auto system = b.done();
  const BatchIntegrator loose(system, tolerance(1e3, 1e3));
  const auto fixed = [&](int steps) {
    Population cell(system, 1);
    for (int k = 0; k < steps; ++k) {
      cell.step[0] = 1e9;  // proposes more than the interval: exactly one step
      const auto stats = loose.integrate(cell.lanes(), 2.0 * k / steps, 2.0 * (k + 1) / steps, Executor(1));
      EXPECT_EQ(stats.steps, 1u);
    }
    return std::vector<double>{cell.states[0][0], cell.states[1][0]};
  };
  const auto reference = fixed(4096);
  double previous = 0.0;
  for (const int steps : {16, 32, 64, 128}) {
    const auto y = fixed(steps);
    const double error = std::hypot(y[0] - reference[0], y[1] - reference[1]);
    const double order = previous > 0.0 ? std::log2(previous / error) : 0.0;
    std::printf("%4d steps: error %.3e, order %.2f\n", steps, error, order);
    if (previous > 0.0) {
      EXPECT_GT(order, 4.5);
    }
    EXPECT_LT(order, 6.0);
    previous = error;
  }
}

TEST(BatchIntegrator, Tightening_the_tolerance_lowers_the_error_in_proportion) {
  const auto system = cascade();
  const auto reference = end_state(system, tolerance(1e-11, 1e-14), 0.0, 300.0);
  double previous = 1e300;
  for (const double rtol : {1e-3, 1e-4, 1e-5, 1e-6, 1e-7}) {
    const auto y = end_state(system, tolerance(rtol, rtol * 1e-3), 0.0, 300.0);
    const double error = scaled_distance(y, reference, 1.0, 1e-3);
    EXPECT_LT(error, previous);
    EXPECT_LT(error, rtol);
    previous = error;
  }
}

void vary(Population& cells, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> factor(0.2, 5.0);
  for (auto& column : cells.inputs) {
    for (double& value : column) value *= factor(random);
  }
  for (auto& column : cells.states) {
    for (double& value : column) value *= factor(random);
  }
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

TEST(BatchIntegrator, A_lane_does_not_depend_on_its_neighbours_or_its_place) {
  const auto system = cascade();
  const BatchIntegrator integrator(system, tolerance(1e-4, 1e-7));
  constexpr std::size_t n = 301;  // more than one block, and an uneven rest
  Population cells(system, n);
  vary(cells, 7);
  Population permuted = cells;
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = i;
  std::shuffle(order.begin(), order.end(), std::mt19937_64(11));
  const auto permute = [&](const std::vector<double>& from, std::vector<double>& to) {
    for (std::size_t i = 0; i < n; ++i) to[i] = from[order[i]];
  };
  for (std::size_t s = 0; s < cells.states.size(); ++s) permute(cells.states[s], permuted.states[s]);
  for (std::size_t s = 0; s < cells.inputs.size(); ++s) permute(cells.inputs[s], permuted.inputs[s]);
  Population alone(system, 1);
  for (std::size_t s = 0; s < cells.states.size(); ++s) alone.states[s][0] = cells.states[s][137];
  alone.inputs[0][0] = cells.inputs[0][137];

  for (const auto& [t0, t1] : {std::pair{0.0, 30.0}, std::pair{30.0, 90.0}}) {
    integrator.integrate(cells.lanes(), t0, t1, Executor(1));
    integrator.integrate(permuted.lanes(), t0, t1, Executor(1));
    integrator.integrate(alone.lanes(), t0, t1, Executor(1));
  }
  for (std::size_t s = 0; s < cells.states.size(); ++s) {
    std::vector<double> expected(n);
    permute(cells.states[s], expected);
    EXPECT_TRUE(same_bits(expected, permuted.states[s])) << "state " << s;
    EXPECT_EQ(cells.states[s][137], alone.states[s][0]);
  }
  EXPECT_EQ(cells.step[137], alone.step[0]);
}

TEST(BatchIntegrator, One_two_and_four_threads_give_the_same_bits) {
  const auto system = cascade();
  const BatchIntegrator integrator(system, tolerance(1e-4, 1e-7));
  Population first(system, 1000);
  vary(first, 3);
  Population second = first, fourth = first;
  const auto s1 = integrator.integrate(first.lanes(), 0.0, 60.0, Executor(1));
  const auto s2 = integrator.integrate(second.lanes(), 0.0, 60.0, Executor(2));
  const auto s4 = integrator.integrate(fourth.lanes(), 0.0, 60.0, Executor(4));
  for (std::size_t s = 0; s < first.states.size(); ++s) {
    EXPECT_TRUE(same_bits(first.states[s], second.states[s]));
    EXPECT_TRUE(same_bits(first.states[s], fourth.states[s]));
  }
  EXPECT_TRUE(same_bits(first.step, fourth.step));
  EXPECT_EQ(s1.steps, s2.steps);
  EXPECT_EQ(s1.steps, s4.steps);
}

TEST(BatchIntegrator, A_copy_of_states_and_steps_goes_on_like_the_original) {
  const auto system = cascade();
  Population cells(system, 40);
  vary(cells, 5);
  const BatchIntegrator integrator(system, tolerance(1e-4, 1e-7));
  integrator.integrate(cells.lanes(), 0.0, 30.0, Executor(1));
  Population copy = cells;
  const BatchIntegrator another(system, tolerance(1e-4, 1e-7));
  integrator.integrate(cells.lanes(), 30.0, 60.0, Executor(1));
  another.integrate(copy.lanes(), 30.0, 60.0, Executor(1));
  for (std::size_t s = 0; s < cells.states.size(); ++s) EXPECT_TRUE(same_bits(cells.states[s], copy.states[s]));
  EXPECT_TRUE(same_bits(cells.step, copy.step));
}

TEST(BatchIntegrator, The_stored_step_is_not_cut_by_the_end_of_the_interval) {
  const auto system = cascade();
  Population cells(system, 1);
  const BatchIntegrator integrator(system, tolerance(1e-4, 1e-7));
  integrator.integrate(cells.lanes(), 0.0, 3000.0, Executor(1));  // near the steady state: long steps
  const double relaxed = cells.step[0];
  const auto stats = integrator.integrate(cells.lanes(), 3000.0, 3000.5, Executor(1));
  EXPECT_EQ(stats.steps, 1u);
  EXPECT_GE(cells.step[0], relaxed);
}

std::string failure(const std::shared_ptr<OdeSystem>& system, const IntegratorOptions& options, double t1,
                    std::size_t bad_lane, double bad_value, Population& cells) {
  cells = Population(system, 20);
  cells.states[0][bad_lane] = bad_value;
  try {
    BatchIntegrator(system, options).integrate(cells.lanes(), 0.0, t1, Executor(1));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::numerical);
    return error.code() + " " + error.message();
  }
  return "no error";
}

TEST(BatchIntegrator, A_blow_up_names_cell_time_and_species_and_spares_the_other_lanes) {
  Builder b("explosive");
  b.state("virus", 0.0);
  b.rate(b.y(0) * b.y(0));
  const auto system = b.done();
  Population cells(system, 20);
  const std::string message = failure(system, tolerance(1e-4, 1e-7), 2.0, 13, 1.0, cells);
  std::printf("%s\n", message.c_str());
  EXPECT_EQ(message.substr(0, 3), "E31");
  EXPECT_NE(message.find("cell 00000000000003f5"), std::string::npos);
  EXPECT_NE(message.find("virus"), std::string::npos);
  EXPECT_NE(message.find("time 1"), std::string::npos) << "the pole lies at t = 1";
  EXPECT_GT(cells.states[0][13], 1e3) << "as at its last accepted step";
  EXPECT_EQ(cells.states[0][12], 0.0);
  EXPECT_GT(cells.step[19], 0.0) << "lanes after the failing one are done";
}

TEST(BatchIntegrator, A_rate_that_is_not_a_number_is_reported_at_once) {
  Builder b("logarithm");
  b.state("good", 1.0);
  b.state("bad", 0.0);
  b.rate(-1.0 * b.y(0));
  b.rate(apply(expr::Op::ln, b.y(0)));
  const auto system = b.done();
  Population cells(system, 20);
  const std::string message = failure(system, tolerance(1e-4, 1e-7), 1.0, 4, -1.0, cells);
  std::printf("%s\n", message.c_str());
  EXPECT_EQ(message.substr(0, 5), "E3103");
  EXPECT_NE(message.find("cell 00000000000003ec, time 0"), std::string::npos);
  EXPECT_NE(message.find("'bad'"), std::string::npos);
  EXPECT_EQ(cells.states[0][4], -1.0);
}

TEST(BatchIntegrator, Too_many_steps_are_refused_with_the_limiting_species) {
  IntegratorOptions options = tolerance(1e-8, 1e-10);
  options.max_steps = 5;
  Population cells(robertson(), 20);
  const std::string message = failure(robertson(), options, 1e4, 0, 1.0, cells);
  EXPECT_EQ(message.substr(0, 5), "E3101");
  EXPECT_NE(message.find("more than 5 steps"), std::string::npos);
}

TEST(BatchIntegrator, An_infinite_slope_of_a_root_at_zero_does_not_stop_the_integration) {
  Builder b("root");  // y' = sqrt(y) from y = 0.25: y = (0.5 + t/2)²; and z' = 1 − sqrt(z) from z = 0
  b.state("y", 0.25);
  b.state("z", 0.0);
  b.rate(apply(expr::Op::sqrt, b.y(0)));
  b.rate(1.0 - apply(expr::Op::sqrt, b.y(1)));
  const auto system = b.done();
  IntegratorStats stats;
  const auto y = end_state(system, tolerance(1e-6, 1e-9), 0.0, 1.0, &stats);
  EXPECT_NEAR(y[0], 1.0, 1e-5);
  // −2 sqrt(z) − 2 ln(1 − sqrt(z)) = t has at t = 1 the solution z = 0.46525…: check the equation itself.
  const double root = std::sqrt(y[1]);
  EXPECT_NEAR(-2.0 * root - 2.0 * std::log(1.0 - root), 1.0, 1e-4);
  EXPECT_GT(stats.jacobian_repairs, 0u);
}

TEST(BatchIntegrator, A_system_without_states_and_a_batch_without_lanes_do_nothing) {
  Builder b("empty");
  const auto empty = b.done();
  Population cells(empty, 5);
  EXPECT_EQ(BatchIntegrator(empty, {}).integrate(cells.lanes(), 0.0, 1.0, Executor(1)).steps, 0u);
  Population none(robertson(), 0);
  EXPECT_EQ(BatchIntegrator(robertson(), {}).integrate(none.lanes(), 0.0, 1.0, Executor(1)).steps, 0u);
  Population still(robertson(), 3);
  EXPECT_EQ(BatchIntegrator(robertson(), {}).integrate(still.lanes(), 1.0, 1.0, Executor(1)).steps, 0u);
}

TEST(BatchIntegrator, Columns_that_do_not_fit_are_refused) {
  const auto system = cascade();
  Population cells(system, 3);
  const BatchIntegrator integrator(system, {});
  auto lanes = cells.lanes();
  lanes.states.pop_back();
  EXPECT_THROW(integrator.integrate(lanes, 0.0, 1.0, Executor(1)), Error);
  EXPECT_THROW(integrator.integrate(cells.lanes(), 1.0, 0.0, Executor(1)), Error);
  EXPECT_THROW(BatchIntegrator(system, tolerance(0.0, 1e-6)), Error);
}

TEST(BatchIntegrator, An_exponent_may_be_a_parameter_with_a_declared_or_another_value) {
  Builder b("hill");  // y' = −y^n from 1: n = 2 gives 1/(1 + t), n = 3 gives 1/sqrt(1 + 2t)
  b.state("y", 1.0);
  b.parameter("n", 2.0);
  b.rate(-Term{b.y(0).graph, b.y(0).graph->pow(b.y(0).id, b.p(0).id)});
  const auto system = b.done();
  const BatchIntegrator integrator(system, tolerance(1e-8, 1e-10));
  const std::pair<double, double> cases[] = {
      {2.0, 1.0 / 3.0}, {3.0, 1.0 / std::sqrt(5.0)}, {2.5, std::pow(4.0, -2.0 / 3.0)}};
  for (const auto& [n, exact] : cases) {
    Population cell(system, 1);
    cell.parameters[0] = n;
    integrator.integrate(cell.lanes(), 0.0, 2.0, Executor(1));
    EXPECT_NEAR(cell.states[0][0], exact, 1e-7);
  }
}

/// Time on the processor, so that other programs on the machine count little.
double processor_us() { return 1e6 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

TEST(BatchIntegrator, Cost_of_a_25_state_network_is_printed) {
  const auto system = cascade();
  constexpr std::size_t n = 4096;
  Population cells(system, n);
  vary(cells, 9);
  const BatchIntegrator integrator(system, tolerance(1e-3, 1e-6));
  const Executor one(1);
  double now = 0.0;
  for (int k = 0; k < 3; ++k, now += 30.0) {
    const double start = processor_us();
    const auto stats = integrator.integrate(cells.lanes(), now, now + 30.0, one);
    const double us = processor_us() - start;
    const auto all = static_cast<double>(stats.steps + stats.rejected);
    std::printf("interval %d: %.2f us per cell, %.2f us per lane-step, %.2f steps per cell (%llu rejected)\n", k,
                us / n, us / all, all / n, static_cast<unsigned long long>(stats.rejected));
    EXPECT_LT(us / all, 1000.0);
    for (double& dose : cells.inputs[0]) dose *= 1.05;
  }
}

}  // namespace
}  // namespace senoma::network
