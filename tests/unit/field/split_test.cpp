// Losses that differ between the free and the bound part of a field.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "field/reaction_diffusion.h"

namespace senoma::field {
namespace {

const Executor one_thread{1};

constexpr double sites = 10.0, kd = 0.05, bound_loss = 0.002, decay = 0.3, uptake = 0.2, source = 1.0;

/// Free part of ρ with `sites` binding sites: the quadratic, in the form without cancellation.
Split bound_to_sites(double rho) {
  const double b = rho - sites - kd, root = std::sqrt(b * b + 4 * kd * rho);
  const double free = b >= 0 ? 0.5 * (b + root) : 2 * kd * rho / (root - b);
  const double slope = 1.0 / (1.0 + sites * kd / ((kd + free) * (kd + free)));
  return {free, slope, bound_loss * (rho - free), bound_loss * (1.0 - slope)};
}

double reference(double rho, double t) {  // classical Runge–Kutta with a step far below all times
  const auto rate = [](double r) {
    const Split s = bound_to_sites(r);
    return source - (decay + uptake) * s.free - s.loss;
  };
  const double h = t / 200000;
  for (int k = 0; k < 200000; ++k) {
    const double a = rate(rho), b = rate(rho + 0.5 * h * a), c = rate(rho + 0.5 * h * b), d = rate(rho + h * c);
    rho += h / 6 * (a + 2 * b + 2 * c + d);
  }
  return rho;
}

struct Course {
  double end = 0, worst_closing = 0, taken = 0, decayed = 0, taken_by_mean = 0;
};

Course simulate(const grid::Geometry& geometry, double start, double t, int steps) {
  const std::size_t n = geometry.size();
  std::vector<double> rho(n, start), u(n, uptake), s(n, source), mean(n), free(n);
  Coefficients c;
  c.diffusion = n > 1 ? 100.0 : 0.0;
  c.uptake = u;
  c.source = s;
  c.free_decay = decay;
  c.split = [](std::size_t, double r) { return bound_to_sites(r); };
  Solver solver(geometry);
  Course run;
  for (int k = 0; k < steps; ++k) {
    const auto report = solver.step(rho, t / steps, c, {}, one_thread, mean, free);
    run.worst_closing = std::max(run.worst_closing, report.ledger.closing_error());
    run.taken += report.ledger.taken_up / geometry.voxel_volume() / static_cast<double>(n);
    run.decayed += report.ledger.decayed / geometry.voxel_volume() / static_cast<double>(n);
    run.taken_by_mean += uptake * free[0] * t / steps;
    for (const double r : rho) EXPECT_NEAR(r, rho[0], 1e-5 * rho[0]);
  }
  run.end = rho[0];
  return run;
}

TEST(Split, A_well_mixed_voxel_follows_the_differential_equation_with_second_order) {
  for (const double t : {8.0, 40.0}) {  // before and after the sites are full
    const double exact = reference(0.5, t);
    double before = 0.0;
    for (const int steps : {40, 80, 160}) {
      const Course run = simulate(grid::Geometry{}, 0.5, t, steps);
      const double error = std::abs(run.end - exact);
      std::printf("t = %.0f, %d steps: %.8f, error %.2e\n", t, steps, run.end, error);
      EXPECT_LT(error, 0.02 * exact);
      if (steps == 160) {
        EXPECT_LT(error, 0.45 * before);
      }
      EXPECT_LT(run.worst_closing, 1e-13);
      EXPECT_NEAR(run.taken, run.taken_by_mean, 1e-12 * run.taken);
      EXPECT_NEAR(run.end - 0.5, source * t - run.taken - run.decayed, 1e-11);
      before = error;
    }
  }
}

TEST(Split, Steps_far_longer_than_the_free_half_life_settle_at_the_steady_state) {
  // free = what is made / what is lost, and all sites but kd/(kd + free) of them are taken
  double low = 0, high = 100;
  for (int k = 0; k < 100; ++k) {
    const double middle = 0.5 * (low + high);
    const Split s = bound_to_sites(middle);
    (source > (decay + uptake) * s.free + s.loss ? low : high) = middle;
  }
  const Course run = simulate(grid::Geometry{}, 0.0, 20000.0, 200);
  EXPECT_NEAR(run.end, low, 1e-6 * low);
}

TEST(Split, In_a_tissue_of_uniform_concentration_it_is_the_same) {
  grid::Geometry tissue;
  tissue.n = {6, 5, 4};
  tissue.spacing = {10, 10, 10};
  const Course one = simulate(grid::Geometry{}, 0.5, 40.0, 80), many = simulate(tissue, 0.5, 40.0, 80);
  EXPECT_NEAR(many.end, one.end, 1e-5 * one.end);
  EXPECT_LT(many.worst_closing, 1e-12);
}

}  // namespace
}  // namespace senoma::field
