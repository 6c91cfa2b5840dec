// A well-mixed compartment against closed forms, and its exchange against what diffusion gives on a grid.
#include "field/compartment.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

#include "base/error.h"

namespace senoma::field {
namespace {

const Executor one_thread{1};
constexpr double volume = 7.2e6;  // µm³

struct Values {
  std::vector<double> source, uptake, saturable;
  Coefficients coefficients(double decay, double half_saturation = 0.0) const {
    Coefficients c;
    c.decay = decay;
    c.half_saturation = half_saturation;
    c.source = source, c.uptake = uptake, c.saturable = saturable;
    return c;
  }
};

struct Result {
  double rho, mean;
  Ledger ledger;
};

Result advance(double rho, double dt, const Coefficients& c, const Inflow& edge = {}, const Inflow& vessels = {},
               bool quasi_steady = false) {
  grid::Geometry g{{1, 1, 1}, {600.0, 600.0, 20.0}, {0, 0, 0}, true};
  Solver solver(g);
  SolverOptions options;
  options.quasi_steady = quasi_steady;
  double mean = -1.0;
  const auto report = step_compartment(solver, volume, rho, dt, c, edge, vessels, options, one_thread, mean);
  return {rho, mean, report.ledger};
}

TEST(Compartment, Follows_its_exponential_for_any_length_of_the_step) {
  const Values v{{0.3}, {0.05}, {}};
  const Inflow edge{0.02, 0.02 * 4.0}, vessels{0.7, 0.7 * 38.0};
  const double k = 0.1 + 0.05 + 0.02 + 0.7, s = 0.3 + 0.08 + 26.6, steady = s / k;
  for (const double dt : {1e-9, 1e-3, 0.3, 0.57, 0.6, 5.0, 30.0, 120.0, 1e5}) {
    const Result r = advance(11.0, dt, v.coefficients(0.1), edge, vessels);
    const double rho = steady + (11.0 - steady) * std::exp(-k * dt);
    const double mean = steady - (11.0 - steady) * std::expm1(-k * dt) / (k * dt);
    EXPECT_NEAR(r.rho, rho, 1e-14 * rho) << dt;
    EXPECT_NEAR(r.mean, mean, 1e-12 * mean) << dt;
    EXPECT_LT(r.ledger.closing_error(), 1e-14) << dt;
    EXPECT_NEAR(r.ledger.from_fixed, volume * dt * (26.6 - 0.7 * mean), 1e-10 * volume * dt * 26.6) << dt;
    EXPECT_NEAR(r.ledger.through_faces, volume * dt * (0.08 - 0.02 * mean), 1e-10 * volume * dt * 26.6) << dt;
  }
}

TEST(Compartment, Without_losses_the_source_adds_up_and_without_anything_nothing_changes) {
  const Values v{{0.25}, {}, {}};
  const Result filled = advance(2.0, 60.0, v.coefficients(0.0));
  EXPECT_DOUBLE_EQ(filled.rho, 17.0);
  EXPECT_DOUBLE_EQ(filled.mean, 9.5);
  const Result still = advance(2.0, 60.0, Coefficients{});
  EXPECT_EQ(still.rho, 2.0);
  EXPECT_EQ(still.mean, 2.0);
}

TEST(Compartment, In_quasi_steady_mode_is_at_the_balance_and_says_what_it_neglects) {
  const Values v{{0.3}, {0.05}, {}};
  const Result r = advance(11.0, 30.0, v.coefficients(0.1), {}, {}, true);
  EXPECT_DOUBLE_EQ(r.rho, 2.0);
  EXPECT_DOUBLE_EQ(r.mean, 2.0);
  EXPECT_NEAR(r.ledger.steady_adjustment, volume * (2.0 - 11.0), 1e-9 * volume);
  EXPECT_LT(r.ledger.closing_error(), 1e-14);
  try {
    (void)advance(1.0, 30.0, Values{{0.3}, {}, {}}.coefficients(0.0), {}, {}, true);
    FAIL() << "no steady state, and not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E4004");
  }
}

// (ρ0 − ρ) + K ln(ρ0/ρ) = v K t
TEST(Compartment, Follows_the_closed_form_of_saturable_uptake) {
  const Values v{{}, {}, {0.4}};
  double rho = 20.0, taken = 0.0;
  for (int k = 0; k < 200; ++k) {
    const Result r = advance(rho, 0.05, v.coefficients(0.0, 5.0));
    rho = r.rho;
    taken += r.ledger.taken_up;
    EXPECT_LT(r.ledger.closing_error(), 1e-13);
  }
  EXPECT_NEAR((20.0 - rho) + 5.0 * std::log(20.0 / rho), 0.4 * 5.0 * 10.0, 1e-3);
  EXPECT_NEAR(taken, volume * (20.0 - rho), 1e-9 * volume);
}

TEST(Compartment, With_saturable_uptake_vessels_and_edge_bring_as_much_as_is_taken_in_the_end) {
  const Values v{{}, {}, {3.0}};
  const Inflow edge{0.3, 0.3 * 38.0}, vessels{0.7, 0.7 * 30.0};
  Result r{38.0, 0.0, {}};
  for (int k = 0; k < 100; ++k) r = advance(r.rho, 30.0, v.coefficients(0.1, 5.0), edge, vessels);
  const double in = (0.3 * (38.0 - r.rho) + 0.7 * (30.0 - r.rho)),
               out = 0.1 * r.rho + 3.0 * r.rho / (1.0 + r.rho / 5.0);
  EXPECT_NEAR(in, out, 1e-5 * in);
  EXPECT_NEAR(r.ledger.from_fixed, volume * 30.0 * 0.7 * (30.0 - r.mean), 1e-9 * volume * 30.0);
  EXPECT_NEAR(r.ledger.through_faces, volume * 30.0 * 0.3 * (38.0 - r.mean), 1e-7 * volume * 30.0);
}

TEST(Compartment, Refuses_coefficients_that_are_negative_or_not_finite) {
  for (const auto& bad : {Values{{}, {-0.1}, {}}, Values{{std::nan("")}, {}, {}}}) {
    try {
      (void)advance(1.0, 30.0, bad.coefficients(0.1));
      FAIL() << "not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "E4002");
    }
  }
}

RC_GTEST_PROP(Compartment_property, Two_halves_are_the_whole_nothing_gets_negative_and_the_ledger_closes, ()) {
  const auto draw = [] { return *rc::gen::inRange(0, 2000) / 100.0; };
  const Values v{{draw()}, {draw() / 10}, {}};
  const Inflow edge{draw() / 10, draw()}, vessels{draw() / 10, draw()};
  const double rho = draw(), decay = draw() / 10, dt = *rc::gen::element(1e-6, 0.01, 0.7, 30.0, 5e3);
  const auto c = v.coefficients(decay);
  const Result whole = advance(rho, dt, c, edge, vessels), first = advance(rho, dt / 2, c, edge, vessels),
               second = advance(first.rho, dt / 2, c, edge, vessels);
  RC_ASSERT(whole.rho >= 0.0);
  RC_ASSERT(std::abs(second.rho - whole.rho) <= 1e-12 * (rho + whole.rho));
  RC_ASSERT(std::abs(0.5 * (first.mean + second.mean) - whole.mean) <= 1e-11 * (rho + whole.mean));
  RC_ASSERT(whole.ledger.closing_error() <= 1e-13);
}

// The steady mean of a slab with an evenly spread source is that of the solver on a grid, for faces with any
// resistance.
TEST(Compartment, Gives_the_mean_of_a_slab_whose_cells_lie_everywhere) {
  constexpr int n = 200;
  const double length = 600.0, diffusion = 1500.0;
  for (const double transfer : {0.5, 5.0, 1e9}) {
    grid::Geometry g{{n, 1, 1}, {length / n, 20.0, 20.0}, {0, 0, 0}, true};
    Solver solver(g);
    std::vector<double> rho(n, 0.0);
    const std::vector<double> source(n, 0.2);
    Coefficients c;
    c.diffusion = diffusion;
    c.source = source;
    for (const int f : {0, 1}) c.faces[f].kind = FaceCondition::Kind::mixed, c.faces[f].transfer = transfer;
    SolverOptions options;
    options.quasi_steady = true;
    options.tolerance = 1e-10;
    solver.step(rho, 1.0, c, options, one_thread);
    double mean = 0.0;
    for (const double x : rho) mean += x / n;
    const Inflow edge = edge_inflow(c.faces, {length, 20.0, 20.0}, true, diffusion);
    EXPECT_NEAR(0.2 / edge.conductance, mean, 1e-4 * mean) << transfer;
  }
}

TEST(Compartment, Takes_what_a_flux_brings_and_holds_nothing_against_a_closed_face) {
  std::array<FaceCondition, 6> faces{};
  faces[2].kind = FaceCondition::Kind::flux, faces[2].flux = 6.0;
  faces[4].kind = FaceCondition::Kind::value, faces[4].value = 1.0;  // along z, which 2D has not
  const Inflow edge = edge_inflow(faces, {100.0, 300.0, 20.0}, true, 1e3);
  EXPECT_EQ(edge.conductance, 0.0);
  EXPECT_DOUBLE_EQ(edge.inflow, 0.02);
  EXPECT_DOUBLE_EQ(edge_inflow(faces, {100.0, 300.0, 20.0}, false, 1e3).conductance, 6e3 / 400.0);
}

/// Mean deficit around a vessel by summing shells outward: what a shell passes inward is what is consumed beyond it.
double summed_deficit(double a, double reach, bool two_dimensional) {
  constexpr int n = 200000;
  const double h = (reach - a) / n;
  double deficit = 0.0, total = 0.0, measure = 0.0;
  for (int i = 0; i < n; ++i) {
    const double r = a + (i + 0.5) * h, face = a + i * h;
    const double flux = two_dimensional ? (reach * reach - face * face) / (2.0 * face)
                                        : (std::pow(reach, 3) - std::pow(face, 3)) / (3.0 * face * face);
    const double inner = deficit + 0.5 * h * flux;  // at the shell's middle, from its inner face
    deficit += h * flux;
    const double shell = two_dimensional ? r : r * r;
    total += inner * shell;
    measure += shell;
  }
  return total / measure;
}

TEST(Compartment, Vessels_supply_their_share_as_a_cylinder_or_sphere_around_each_does) {
  for (const bool flat : {true, false}) {
    for (const double a : {4.0, 12.0, 60.0}) {
      const std::vector<double> radii(5, a);
      const double reach = 151.3, measure = flat ? 5 * M_PI * reach * reach : 5 * 4.0 / 3.0 * M_PI * std::pow(reach, 3);
      const double g = vessel_conductance(radii, measure, flat, 1e5);
      EXPECT_NEAR(1e5 / g, summed_deficit(a, reach, flat), 2e-4 * 1e5 / g) << a << " " << flat;
    }
  }
  EXPECT_EQ(vessel_conductance({}, 1e6, true, 1e5), 0.0);
  EXPECT_EQ(vessel_conductance(std::vector<double>{12.0}, 1e6, true, 0.0), 0.0);
  const std::vector<double> different{8.0, 20.0}, thin{8.0, 8.0}, thick{20.0, 20.0};
  EXPECT_DOUBLE_EQ(vessel_conductance(different, 1e6, true, 1e3),
                   0.5 * (vessel_conductance(thin, 1e6, true, 1e3) + vessel_conductance(thick, 1e6, true, 1e3)));
  EXPECT_THROW((void)vessel_conductance(std::vector<double>{600.0}, 1e6, true, 1e5), Error);
}

}  // namespace
}  // namespace senoma::field
