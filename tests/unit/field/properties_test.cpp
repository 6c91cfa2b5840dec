#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "field/reaction_diffusion.h"

namespace senoma::field {
namespace {

using grid::Geometry;
const Executor one_thread{1};

Geometry any_geometry() {
  const bool planar = *rc::gen::arbitrary<bool>();
  Geometry g;
  g.n = {*rc::gen::inRange(1, 14), *rc::gen::inRange(1, 14), planar ? 1 : *rc::gen::inRange(1, 9)};
  for (double& h : g.spacing) h = *rc::gen::element(5.0, 10.0, 20.0, 40.0);
  g.two_dimensional = planar;
  return g;
}

std::vector<double> any_values(std::size_t n, int low, int high) {
  std::vector<double> values(n);
  for (double& value : values) value = *rc::gen::inRange(low, high) / 10.0;
  return values;
}

double any_diffusion() { return *rc::gen::element(0.0, 1.0, 1500.0, 1e5); }
double any_step() { return *rc::gen::element(0.01, 0.5, 6.0, 1000.0); }

double largest(const std::vector<double>& values) {
  double size = 0.0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return size;
}

/// What two solves of one problem may differ by, relative to the field: the residual cannot fall below the rounding of
/// A x, 4 ε ‖A‖ ‖x‖, and the smallest eigenvalue of A is at least 1.
double agreement(const Geometry& g, double diffusion, double dt) {
  double norm = 1.0;
  for (const double h : g.spacing) norm += 4.0 * diffusion * dt / (h * h);
  return std::max(1e-9, 4.0 * std::numeric_limits<double>::epsilon() * norm);
}

RC_GTEST_PROP(Reaction_diffusion_property, A_constant_field_without_sources_stays_constant, ()) {
  const Geometry g = any_geometry();
  std::vector<double> rho(g.size(), *rc::gen::inRange(0, 1000) / 7.0);
  const double value = rho[0];
  Coefficients k;
  k.diffusion = any_diffusion();
  const auto report = Solver(g).step(rho, any_step(), k, {}, one_thread);
  for (const double now : rho) RC_ASSERT(std::abs(now - value) <= 1e-12 * value);
  RC_ASSERT(report.iterations <= 2);
}

RC_GTEST_PROP(Reaction_diffusion_property, Non_negative_data_stay_non_negative_and_the_ledger_closes, ()) {
  const Geometry g = any_geometry();
  std::vector<double> rho = any_values(g.size(), 0, 100);
  const auto uptake = any_values(g.size(), 0, 1000), source = any_values(g.size(), 0, 50);
  Coefficients k;
  k.diffusion = any_diffusion();
  k.decay = *rc::gen::inRange(0, 5) / 10.0;
  k.uptake = uptake;
  k.source = source;
  k.faces[static_cast<std::size_t>(*rc::gen::inRange(0, 4))] = {FaceCondition::Kind::value, 3.0, 0, 0};
  SolverOptions options;
  options.tolerance = *rc::gen::element(1e-3, 1e-6);
  const auto report = Solver(g).step(rho, any_step(), k, options, one_thread);
  const double size = largest(rho);
  for (const double value : rho) RC_ASSERT(value >= -1.001 * options.undershoot_tolerance * std::max(size, 10.0));
  RC_ASSERT(report.ledger.closing_error() < 1e-13);
}

RC_GTEST_PROP(Reaction_diffusion_property, A_step_is_linear_in_field_and_source, ()) {
  const Geometry g = any_geometry();
  const std::vector<double> uptake = any_values(g.size(), 0, 20);
  std::vector<double> a = any_values(g.size(), -50, 50), b = any_values(g.size(), -50, 50);
  const auto source_a = any_values(g.size(), -20, 20), source_b = any_values(g.size(), -20, 20);
  std::vector<double> both(g.size()), source_both(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) {
    both[i] = 2.0 * a[i] - 3.0 * b[i];
    source_both[i] = 2.0 * source_a[i] - 3.0 * source_b[i];
  }
  const double diffusion = any_diffusion(), dt = any_step();
  const auto advance = [&](std::vector<double>& rho, const std::vector<double>& source) {
    Coefficients k;
    k.diffusion = diffusion;
    k.decay = 0.1;
    k.uptake = uptake;
    k.source = source;
    SolverOptions options;
    options.tolerance = 1e-12;
    options.undershoot_tolerance = 1e9;  // the test's fields have both signs
    Solver(g).step(rho, dt, k, options, one_thread);
  };
  advance(a, source_a);
  advance(b, source_b);
  advance(both, source_both);
  const double size = 2.0 * largest(a) + 3.0 * largest(b) + 1e-300;
  for (std::size_t i = 0; i < g.size(); ++i)
    RC_ASSERT(std::abs(both[i] - (2.0 * a[i] - 3.0 * b[i])) < agreement(g, diffusion, dt) * size);
}

RC_GTEST_PROP(Reaction_diffusion_property, Mirroring_the_box_mirrors_the_result, ()) {
  const Geometry g = any_geometry();
  const std::vector<double> uptake = any_values(g.size(), 0, 20);
  std::vector<double> rho = any_values(g.size(), 0, 50);
  const auto mirrored = [&](const std::vector<double>& from) {
    std::vector<double> to(from.size());
    for (int k = 0; k < g.n[2]; ++k) {
      for (int j = 0; j < g.n[1]; ++j) {
        for (int i = 0; i < g.n[0]; ++i) to[g.index(g.n[0] - 1 - i, j, k)] = from[g.index(i, j, k)];
      }
    }
    return to;
  };
  auto other = mirrored(rho);
  const auto uptake_mirrored = mirrored(uptake);
  Coefficients k;
  k.diffusion = any_diffusion();
  k.uptake = uptake;
  k.faces[0] = {FaceCondition::Kind::value, 4.0, 0, 0};
  SolverOptions options;
  options.tolerance = 1e-12;
  const double dt = any_step();
  Solver(g).step(rho, dt, k, options, one_thread);
  k.uptake = uptake_mirrored;
  std::swap(k.faces[0], k.faces[1]);
  Solver(g).step(other, dt, k, options, one_thread);
  const auto back = mirrored(other);
  const double size = largest(rho) + 1e-300;
  for (std::size_t i = 0; i < g.size(); ++i)
    RC_ASSERT(std::abs(back[i] - rho[i]) < agreement(g, k.diffusion, dt) * size);
}

}  // namespace
}  // namespace senoma::field
