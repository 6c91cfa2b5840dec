#include "pharm/compartments.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <functional>
#include <limits>
#include <unsupported/Eigen/MatrixFunctions>

#include "base/error.h"
#include "pharm/convolutions.h"

namespace senoma::pharm {
namespace {

using Model = Kinetics::Model;
using Route = Dose::Route;

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.code();
  }
  return "none";
}

// The slow, plain twin: the matrix exponential of (gut, central, peripheral, exposure, 1) from event to event, in long
// double because its scaling and squaring loses digits (1e-11 in double).
Regimen::State by_matrix_exponential(const Regimen& regimen, double t) {
  const Kinetics& k = regimen.kinetics();
  Eigen::Matrix<long double, 5, 1> y;
  y << 0, 0, 0, 0, 1;
  double now = 0.0;
  std::size_t next = 0;
  while (true) {
    for (; next < regimen.doses().size() && regimen.doses()[next].at <= now; ++next) {
      const Dose& d = regimen.doses()[next];
      if (d.route == Route::bolus) y[1] += d.concentration;
      if (d.route == Route::oral) y[0] += k.bioavailability * d.concentration;
      if (d.route == Route::bath_set) y[1] = d.concentration;
      if (d.route == Route::bath_washout) y[1] = 0.0;
    }
    if (now == t) break;
    double rate = 0.0;
    for (const Dose& d : regimen.doses())
      if (d.route == Route::infusion && d.at <= now && now < d.at + d.duration) rate += d.concentration / d.duration;
    const double to = std::min(t, regimen.next_change(now)), k12 = k.model == Model::two_compartment ? k.k12 : 0.0,
                 k21 = k.model == Model::two_compartment ? k.k21 : 0.0;
    Eigen::Matrix<long double, 5, 5> m = Eigen::Matrix<long double, 5, 5>::Zero();
    m(0, 0) = -k.absorption_rate;
    m(1, 0) = k.absorption_rate;
    m(1, 1) = -k.elimination_rate - k12;
    m(1, 2) = k21;
    m(2, 1) = k12;
    m(2, 2) = -k21;
    m(3, 1) = 1.0;
    m(1, 4) = rate;
    m *= to - now;
    y = m.exp() * y;
    now = to;
  }
  Regimen::State s;
  s.time = t;
  s.gut = static_cast<double>(y[0]);
  s.central = static_cast<double>(y[1]);
  s.peripheral = static_cast<double>(y[2]);
  s.exposure = static_cast<double>(y[3]);
  return s;
}

void expect_close(double a, double b, double relative, double scale = 0.0) {
  EXPECT_NEAR(a, b, relative * std::max(std::abs(b), scale));
}

Regimen::State at(const Regimen& regimen, double t) {
  Regimen::State s;
  regimen.advance(s, t);
  return s;
}

TEST(Convolutions, Agree_with_long_double_quadrature_also_for_equal_and_zero_rates) {
  const double rates[] = {0.0, 1e-9, 0.01, 0.0100001, 0.3, 0.3, 5.0};
  for (const double a : rates)
    for (const double b : rates)
      for (const double c : rates)
        for (const double t : {0.01, 1.0, 7.0}) {
          // Gauss–Legendre (10 points) on 60 panels of s: ∫ chain2(a, b, s) e^(−c(t−s)) ds, and for chain2 likewise.
          static const long double node[5] = {0.1488743389816312108848260L, 0.4333953941292471907992659L,
                                              0.6794095682990244062343274L, 0.8650633666889845107320967L,
                                              0.9739065285171717200779640L};
          static const long double weight[5] = {0.2955242247147528701738930L, 0.2692667193099963550912269L,
                                                0.2190863625159820439955349L, 0.1494513491505805931457763L,
                                                0.0666713443086881375935688L};
          long double two = 0.0L, three = 0.0L;
          const int panels = 60;
          for (int p = 0; p < panels; ++p)
            for (int g = 0; g < 10; ++g) {
              const long double h = static_cast<long double>(t) / panels / 2,
                                s = h * (2 * p + 1 + (g < 5 ? -node[g] : node[g - 5]));
              two += h * weight[g % 5] * expl(-static_cast<long double>(a) * (t - s)) *
                     expl(-static_cast<long double>(b) * s);
              three += h * weight[g % 5] * expl(-static_cast<long double>(c) * (t - s)) *
                       chain2(a, b, static_cast<double>(s));
            }
          EXPECT_NEAR(chain2(a, b, t) / static_cast<double>(two), 1.0, 3e-14) << a << ' ' << b << ' ' << t;
          EXPECT_NEAR(chain3(a, b, c, t) / static_cast<double>(three), 1.0, 3e-14)
              << a << ' ' << b << ' ' << c << ' ' << t;
        }
}

TEST(Regimen, A_dose_at_a_time_counts_from_that_time_on) {
  const Regimen r({Model::one_compartment, 0.01}, {{Route::bolus, 0.0, 5.0}, {Route::bolus, 60.0, 7.0}});
  EXPECT_EQ(at(r, 0.0).central, 5.0);
  EXPECT_LT(at(r, 59.999).central, 5.0);
  EXPECT_GT(at(r, 60.0).central, 7.0);
  EXPECT_EQ(at(r, 60.0).next_dose, 2U);
}

TEST(Regimen, Doses_need_not_be_sorted_and_the_next_change_is_known) {
  const Regimen r({Model::one_compartment, 0.01}, {{Route::infusion, 100.0, 5.0, 50.0}, {Route::bolus, 10.0, 7.0}});
  EXPECT_EQ(r.doses()[0].at, 10.0);
  EXPECT_EQ(r.next_change(0.0), 10.0);
  EXPECT_EQ(r.next_change(10.0), 100.0);
  EXPECT_EQ(r.next_change(100.0), 150.0);
  EXPECT_EQ(r.next_change(150.0), std::numeric_limits<double>::infinity());
}

TEST(Regimen, Without_doses_nothing_happens) {
  const Regimen r({Model::two_compartment, 0.1, 0.2, 0.3}, {});
  const auto s = at(r, 1e5);
  EXPECT_EQ(s.central, 0.0);
  EXPECT_EQ(s.exposure, 0.0);
}

TEST(Regimen, Zero_rates_are_the_identity) {
  for (const Model model : {Model::one_compartment, Model::two_compartment}) {
    const auto s = at(Regimen({model}, {{Route::bolus, 0.0, 3.5}}), 1e6);
    EXPECT_EQ(s.central, 3.5);
    expect_close(s.exposure, 3.5e6, 1e-15);
  }
}

Kinetics drawn_kinetics() {
  const auto rate = [] { return *rc::gen::element(0.0, 1e-6, 1e-3, 0.01, 0.01, 0.02, 0.1, 0.7); };
  Kinetics k;
  k.model = *rc::gen::element(Model::one_compartment, Model::two_compartment);
  k.elimination_rate = rate();
  k.k12 = rate();
  k.k21 = rate();
  k.absorption_rate = *rc::gen::element(1e-3, 0.01, 0.02, 0.5);
  k.bioavailability = 0.8;
  return k;
}

std::vector<Dose> drawn_doses() {
  std::vector<Dose> doses;
  const int n = *rc::gen::inRange(1, 6);
  for (int i = 0; i < n; ++i) {
    doses.push_back({*rc::gen::element(Route::bolus, Route::infusion, Route::oral),
                     static_cast<double>(*rc::gen::inRange(0, 200)), static_cast<double>(*rc::gen::inRange(0, 50)),
                     *rc::gen::element(0.5, 30.0, 77.0)});
  }
  return doses;
}

RC_GTEST_PROP(RegimenProperty, agrees_with_the_matrix_exponential, ()) {
  const Regimen r(drawn_kinetics(), drawn_doses());
  const double t = *rc::gen::element(3.0, 60.0, 250.0, 600.0);
  const auto s = at(r, t), m = by_matrix_exponential(r, t);
  const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-12 * b + 1e-14; };  // doses are up to 50
  RC_ASSERT(close(s.central, m.central));
  RC_ASSERT(close(s.peripheral, m.peripheral));
  RC_ASSERT(close(s.gut, m.gut));
  RC_ASSERT(close(s.exposure, m.exposure));
}

RC_GTEST_PROP(RegimenProperty, splitting_an_interval_changes_nothing_beyond_round_off, ()) {
  const Regimen r(drawn_kinetics(), drawn_doses());
  const double t = *rc::gen::element(3.0, 60.0, 250.0, 1440.0);
  const int parts = *rc::gen::element(2, 3, 50);
  Regimen::State split;
  for (int p = 1; p <= parts; ++p) r.advance(split, p == parts ? t : t * p / parts);
  const auto s = at(r, t);
  const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-12 * std::abs(b) + 1e-300; };
  RC_ASSERT(close(split.central, s.central));
  RC_ASSERT(close(split.peripheral, s.peripheral));
  RC_ASSERT(close(split.gut, s.gut));
  RC_ASSERT(close(split.exposure, s.exposure));
  RC_ASSERT(split.next_dose == s.next_dose);
}

TEST(Regimen, What_cannot_be_given_is_refused) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const auto regimen = [](const Kinetics& k, const Dose& d) { return code_of([&] { Regimen r(k, {d}); }); };
  const Kinetics one{Model::one_compartment, 0.1}, bath{Model::bath, 0.1};
  EXPECT_EQ(regimen(one, {Route::bolus, 0.0, 1.0}), "none");
  EXPECT_EQ(regimen(one, {Route::bolus, -1.0, 1.0}), "E7001");
  EXPECT_EQ(regimen(one, {Route::bolus, nan, 1.0}), "E7002");
  EXPECT_EQ(regimen(one, {Route::bolus, 0.0, inf}), "E7002");
  EXPECT_EQ(regimen(one, {Route::bolus, 0.0, -2.0}), "E7002");
  EXPECT_EQ(regimen({Model::one_compartment, -0.1}, {Route::bolus, 0.0, 2.0}), "E7002");
  EXPECT_EQ(regimen({Model::two_compartment, 0.1, nan, 0.1}, {Route::bolus, 0.0, 2.0}), "E7002");
  EXPECT_EQ(regimen({Model::one_compartment, 0.1, 0, 0, 1.0, 1.5}, {Route::oral, 0.0, 2.0}), "E7002");
  EXPECT_EQ(regimen(one, {Route::oral, 0.0, 1.0}), "E7003");
  EXPECT_EQ(regimen(one, {Route::bath_set, 0.0, 1.0}), "E7003");
  EXPECT_EQ(regimen(bath, {Route::bolus, 0.0, 1.0}), "E7003");
  EXPECT_EQ(regimen(one, {Route::infusion, 0.0, 1.0}), "E7004");
  const Regimen r(one, {});
  Regimen::State s;
  r.advance(s, 10.0);
  EXPECT_EQ(code_of([&] { r.advance(s, 5.0); }), "E7005");
  EXPECT_EQ(code_of([&] { r.advance(s, nan); }), "E7005");
}

TEST(BodySurface, Is_that_of_Mosteller) {
  EXPECT_NEAR(body_surface_area_m2(180.0, 80.0), 2.0, 1e-15);
  EXPECT_EQ(code_of([] { (void)body_surface_area_m2(-1.0, 80.0); }), "E7002");
}

}  // namespace
}  // namespace senoma::pharm
