// Three compartments and effect sites: against closed forms, and a plain twin in long double.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <unsupported/Eigen/MatrixFunctions>

#include "pharm/compartments.h"

namespace senoma::pharm {
namespace {

Regimen bolus(const Kinetics& kinetics, double c) {
  return {kinetics, std::vector<Dose>{{Dose::Route::bolus, 0.0, c, 0.0}}};
}

TEST(Three_compartments, A_bolus_follows_the_three_exponentials) {
  Kinetics k;
  k.model = Kinetics::Model::three_compartment;
  k.elimination_rate = 0.02, k.k12 = 0.05, k.k21 = 0.03, k.k13 = 0.01, k.k31 = 0.002;
  // Rates are the roots of x³ − a x² + b x − c; weights (k21 − x)(k31 − x)/Π(x' − x).
  const double a = k.elimination_rate + k.k12 + k.k13 + k.k21 + k.k31,
               b = k.elimination_rate * (k.k21 + k.k31) + k.k13 * k.k21 + k.k12 * k.k31 + k.k21 * k.k31,
               c = k.elimination_rate * k.k21 * k.k31;
  std::array<double, 3> x{1.0, 0.02, 1e-4};
  for (auto& root : x) {  // Newton from above, from between and from below
    for (int i = 0; i < 200; ++i) root -= (((root - a) * root + b) * root - c) / ((3 * root - 2 * a) * root + b);
  }
  ASSERT_GT(x[0], x[1] * 1.1);
  ASSERT_GT(x[1], x[2] * 1.1);
  const Regimen regimen = bolus(k, 100.0);
  Regimen::State s;
  for (const double t : {0.5, 10.0, 100.0, 1000.0, 5000.0}) {
    regimen.advance(s, t);
    double central = 0, exposure = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const double y = x[(i + 1) % 3], z = x[(i + 2) % 3];
      const double weight = 100.0 * (k.k21 - x[i]) * (k.k31 - x[i]) / ((y - x[i]) * (z - x[i]));
      central += weight * std::exp(-x[i] * t);
      exposure += weight * (1 - std::exp(-x[i] * t)) / x[i];
    }
    EXPECT_NEAR(s.central, central, 1e-10 * central) << t;
    EXPECT_NEAR(s.exposure, exposure, 1e-10 * exposure) << t;
  }
}

TEST(Three_compartments, An_effect_site_follows_one_compartment_by_its_closed_form) {
  for (const double rate : {0.003, 0.01, 0.5}) {
    Kinetics k;
    k.elimination_rate = 0.01;
    k.effect_rate = rate;
    const Regimen regimen = bolus(k, 50.0);
    Regimen::State s;
    for (const double t : {1.0, 30.0, 500.0}) {
      regimen.advance(s, t);
      const double effect = rate == 0.01 ? 50.0 * rate * t * std::exp(-rate * t)
                                         : 50.0 * rate * (std::exp(-0.01 * t) - std::exp(-rate * t)) / (rate - 0.01);
      EXPECT_NEAR(s.central, 50.0 * std::exp(-0.01 * t), 1e-12 * 50.0);
      EXPECT_NEAR(s.effect, effect, 1e-11 * effect) << rate << " " << t;
      // What came in less what went out: effect = k_e0 (∫ central − ∫ effect).
      EXPECT_NEAR(s.effect, rate * (s.exposure - s.effect_exposure), 1e-10 * s.exposure * rate);
    }
  }
}

RC_GTEST_PROP(Three_compartments, Any_calendar_and_any_split_agree_with_the_plain_twin, ()) {
  const auto rate = [](double low, double high) {
    return low * std::pow(high / low, *rc::gen::inRange(0, 10001) / 1e4);
  };
  Kinetics k;
  k.model = Kinetics::Model::three_compartment;
  k.elimination_rate = rate(1e-4, 0.1), k.k12 = rate(1e-4, 0.1), k.k21 = rate(1e-4, 0.1);
  k.k13 = rate(1e-5, 0.01), k.k31 = rate(1e-5, 0.01), k.absorption_rate = rate(1e-3, 0.1);
  k.effect_rate = rate(1e-4, 0.1);
  const std::vector<Dose> doses{{Dose::Route::oral, 0.0, 100.0, 0.0}, {Dose::Route::infusion, 60.0, 50.0, 45.0}};
  const Regimen regimen{k, doses};
  Regimen::State whole, split;
  regimen.advance(whole, 600.0);
  for (int n = *rc::gen::inRange(1, 30), i = 1; i <= n; ++i) regimen.advance(split, 600.0 * i / n);
  using Square = Eigen::Matrix<long double, 8, 8>;
  const auto matrix = [&](double infusion) {
    Square m = Square::Zero();
    m(0, 0) = -k.absorption_rate, m(1, 0) = k.absorption_rate;
    m(1, 1) = -(k.elimination_rate + k.k12 + k.k13), m(1, 2) = k.k21, m(1, 3) = k.k31, m(1, 7) = infusion;
    m(2, 1) = k.k12, m(2, 2) = -k.k21, m(3, 1) = k.k13, m(3, 3) = -k.k31;
    m(4, 1) = k.effect_rate, m(4, 4) = -k.effect_rate, m(5, 1) = 1, m(6, 4) = 1;
    return m;
  };
  Eigen::Matrix<long double, 8, 1> y;
  y << 100, 0, 0, 0, 0, 0, 0, 1;
  y = (matrix(0.0) * 60.0L).exp() * y;
  y = (matrix(50.0 / 45.0) * 45.0L).exp() * y;
  y = (matrix(0.0) * 495.0L).exp() * y;
  const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-10 * std::abs(b); };
  const auto at = [&](int i) { return static_cast<double>(y(i)); };
  for (const auto& s : {whole, split}) {
    RC_ASSERT(close(s.gut, at(0)));
    RC_ASSERT(close(s.central, at(1)));
    RC_ASSERT(close(s.peripheral, at(2)));
    RC_ASSERT(close(s.deep, at(3)));
    RC_ASSERT(close(s.effect, at(4)));
    RC_ASSERT(close(s.exposure, at(5)));
    RC_ASSERT(close(s.effect_exposure, at(6)));
  }
}

}  // namespace
}  // namespace senoma::pharm
