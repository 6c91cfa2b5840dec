// Pharmacokinetics against the textbook's closed forms, to round-off.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "pharm/compartments.h"

namespace senoma::pharm {
namespace {

using Model = Kinetics::Model;
using Route = Dose::Route;

Regimen::State at(const Regimen& regimen, double t) {
  Regimen::State s;
  regimen.advance(s, t);
  return s;
}

constexpr double k10 = 0.0077, ka = 0.025, k12 = 0.012, k21 = 0.004;

TEST(Pharmacokinetics, A_bolus_decays_exponentially) {
  const Regimen r({Model::one_compartment, k10}, {{Route::bolus, 0.0, 120.0}});
  for (const double t : {1.0, 90.0, 1440.0, 10000.0}) {
    EXPECT_NEAR(at(r, t).central / (120.0 * std::exp(-k10 * t)), 1.0, 1e-13);
    EXPECT_NEAR(at(r, t).exposure / (120.0 / k10 * -std::expm1(-k10 * t)), 1.0, 1e-13);
  }
}

TEST(Pharmacokinetics, An_infusion_rises_to_its_plateau_and_falls) {
  const double duration = 60.0, rate = 120.0 / duration;
  const Regimen r({Model::one_compartment, k10}, {{Route::infusion, 30.0, 120.0, duration}});
  EXPECT_EQ(at(r, 30.0).central, 0.0);
  for (const double t : {31.0, 55.0, 90.0})
    EXPECT_NEAR(at(r, t).central / (rate / k10 * -std::expm1(-k10 * (t - 30.0))), 1.0, 1e-13);
  const double top = rate / k10 * -std::expm1(-k10 * duration);
  for (const double t : {91.0, 500.0}) EXPECT_NEAR(at(r, t).central / (top * std::exp(-k10 * (t - 90.0))), 1.0, 1e-13);
  EXPECT_NEAR(at(r, 30000.0).exposure / (120.0 / k10), 1.0, 1e-13);  // dose over clearance
}

TEST(Pharmacokinetics, An_oral_dose_follows_Bateman) {
  const Regimen r({Model::one_compartment, k10, 0, 0, ka, 0.8}, {{Route::oral, 0.0, 50.0}});
  for (const double t : {5.0, 60.0, 600.0}) {
    EXPECT_NEAR(at(r, t).central / (0.8 * 50.0 * ka / (ka - k10) * (std::exp(-k10 * t) - std::exp(-ka * t))), 1.0,
                1e-12);
  }
  EXPECT_NEAR(at(r, 30000.0).exposure / (0.8 * 50.0 / k10), 1.0, 1e-12);
  const Regimen equal({Model::one_compartment, ka, 0, 0, ka, 1.0}, {{Route::oral, 0.0, 50.0}});  // ka = k: t e^(−kt)
  for (const double t : {5.0, 60.0, 600.0})
    EXPECT_NEAR(at(equal, t).central / (50.0 * ka * t * std::exp(-ka * t)), 1.0, 1e-13);
}

TEST(Pharmacokinetics, Two_compartments_fall_biexponentially) {
  const Regimen r({Model::two_compartment, k10, k12, k21}, {{Route::bolus, 0.0, 10.0}});
  const double sum = k10 + k12 + k21, root = std::sqrt(sum * sum - 4.0 * k10 * k21), alpha = (sum + root) / 2.0,
               beta = (sum - root) / 2.0;
  const double a = (alpha - k21) / (alpha - beta), b = (k21 - beta) / (alpha - beta);
  for (const double t : {1.0, 100.0, 1000.0, 5000.0}) {
    EXPECT_NEAR(at(r, t).central / (10.0 * (a * std::exp(-alpha * t) + b * std::exp(-beta * t))), 1.0, 1e-12);
    EXPECT_NEAR(at(r, t).peripheral / (10.0 * k12 / (alpha - beta) * (std::exp(-beta * t) - std::exp(-alpha * t))), 1.0,
                1e-12);
  }
  EXPECT_NEAR(at(r, 100000.0).exposure / (10.0 / k10), 1.0, 1e-12);  // independent of the distribution
}

TEST(Pharmacokinetics, Doses_superpose) {
  const Kinetics k{Model::two_compartment, k10, k12, k21, ka, 0.7};
  const std::vector<Dose> doses{{Route::oral, 0.0, 5.0},
                                {Route::bolus, 300.0, 8.0},
                                {Route::infusion, 310.0, 9.0, 45.0},
                                {Route::oral, 700.0, 5.0}};
  for (const double t : {200.0, 320.0, 800.0, 3000.0}) {
    double central = 0.0, exposure = 0.0;
    for (const Dose& d : doses) {
      const auto s = at(Regimen(k, {d}), t);
      central += s.central;
      exposure += s.exposure;
    }
    const auto all = at(Regimen(k, doses), t);
    EXPECT_NEAR(all.central / central, 1.0, 1e-13);
    EXPECT_NEAR(all.exposure / exposure, 1.0, 1e-13);
  }
}

TEST(Pharmacokinetics, Repeated_doses_reach_the_geometric_steady_state) {
  std::vector<Dose> doses;
  for (int i = 0; i < 60; ++i) doses.push_back({Route::bolus, 480.0 * i, 3.0});
  const auto s = at(Regimen({Model::one_compartment, k10}, doses), 480.0 * 59);
  const double q = std::exp(-k10 * 480.0);
  EXPECT_NEAR(s.central / (3.0 * (1.0 - std::pow(q, 60)) / (1.0 - q)), 1.0, 1e-12);
}

TEST(Pharmacokinetics, A_bath_is_set_decays_and_is_washed_out) {
  const Regimen r({Model::bath, 0.001},
                  {{Route::bath_set, 60.0, 32.0}, {Route::bath_set, 1500.0, 8.0}, {Route::bath_washout, 2940.0}});
  EXPECT_EQ(at(r, 59.0).central, 0.0);
  EXPECT_EQ(at(r, 60.0).central, 32.0);
  EXPECT_NEAR(at(r, 1000.0).central, 32.0 * std::exp(-0.94), 1e-12);
  EXPECT_EQ(at(r, 1500.0).central, 8.0);  // the medium is changed, not added to
  EXPECT_EQ(at(r, 2940.0).central, 0.0);
  EXPECT_EQ(at(r, 1e5).central, 0.0);
  EXPECT_NEAR(at(r, 1e5).exposure, (40.0 * -std::expm1(-1.44)) / 0.001, 1e-8);
}

}  // namespace
}  // namespace senoma::pharm
