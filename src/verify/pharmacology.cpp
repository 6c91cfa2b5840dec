// Pharmacokinetics against the textbook's closed forms (Gabrielsson & Weiner, Pharmacokinetic and Pharmacodynamic Data
// Analysis).
#include <algorithm>
#include <cmath>

#include "pharm/compartments.h"
#include "verify/catalogue.h"

namespace senoma::verify {

namespace {

using pharm::Dose;
using pharm::Kinetics;
using pharm::Regimen;
using Model = Kinetics::Model;
using Route = Dose::Route;

constexpr double k10 = 0.0077, ka = 0.025, k12 = 0.012, k21 = 0.004;  // 1/min
constexpr double bound = 1e-11;

Regimen::State at(const Regimen& regimen, double t) {
  Regimen::State s;
  regimen.advance(s, t);
  return s;
}

struct Worst {
  double error = 0.0;
  void see(double measured, double expected) { error = std::max(error, std::abs(measured / expected - 1.0)); }
};

Outcome one_compartment(const Context&) {
  Outcome outcome;
  Worst bolus, infusion, oral, equal;
  const Regimen b({Model::one_compartment, k10}, {{Route::bolus, 0.0, 120.0}});
  for (const double t : {1.0, 90.0, 1440.0, 10000.0}) {
    bolus.see(at(b, t).central, 120.0 * std::exp(-k10 * t));
    bolus.see(at(b, t).exposure, 120.0 / k10 * -std::expm1(-k10 * t));
  }
  const double rate = 120.0 / 60.0, top = rate / k10 * -std::expm1(-k10 * 60.0);
  const Regimen i({Model::one_compartment, k10}, {{Route::infusion, 30.0, 120.0, 60.0}});
  for (const double t : {31.0, 55.0, 90.0}) infusion.see(at(i, t).central, rate / k10 * -std::expm1(-k10 * (t - 30.0)));
  for (const double t : {91.0, 500.0}) infusion.see(at(i, t).central, top * std::exp(-k10 * (t - 90.0)));
  infusion.see(at(i, 30000.0).exposure, 120.0 / k10);
  const Regimen o({Model::one_compartment, k10, 0, 0, ka, 0.8}, {{Route::oral, 0.0, 50.0}});
  for (const double t : {5.0, 60.0, 600.0})
    oral.see(at(o, t).central, 0.8 * 50.0 * ka / (ka - k10) * (std::exp(-k10 * t) - std::exp(-ka * t)));
  const Regimen e({Model::one_compartment, ka, 0, 0, ka, 1.0}, {{Route::oral, 0.0, 50.0}});
  for (const double t : {5.0, 60.0, 600.0}) equal.see(at(e, t).central, 50.0 * ka * t * std::exp(-ka * t));
  outcome.error_at_most("bolus: concentration and exposure, relative", bolus.error, bound);
  outcome.error_at_most("infusion: rise, fall and exposure, relative", infusion.error, bound);
  outcome.error_at_most("oral dose: Bateman's function, relative", oral.error, bound);
  outcome.error_at_most("oral dose with equal rates: t e^(−kt), relative", equal.error, bound);
  return outcome;
}

Outcome two_compartments(const Context&) {
  const Regimen r({Model::two_compartment, k10, k12, k21}, {{Route::bolus, 0.0, 10.0}});
  const double sum = k10 + k12 + k21, root = std::sqrt(sum * sum - 4.0 * k10 * k21);
  const double alpha = (sum + root) / 2.0, beta = (sum - root) / 2.0;
  const double a = (alpha - k21) / (alpha - beta), b = (k21 - beta) / (alpha - beta);
  Worst central, peripheral, exposure;
  for (const double t : {1.0, 100.0, 1000.0, 5000.0}) {
    central.see(at(r, t).central, 10.0 * (a * std::exp(-alpha * t) + b * std::exp(-beta * t)));
    peripheral.see(at(r, t).peripheral, 10.0 * k12 / (alpha - beta) * (std::exp(-beta * t) - std::exp(-alpha * t)));
  }
  exposure.see(at(r, 100000.0).exposure, 10.0 / k10);
  Outcome outcome;
  outcome.error_at_most("central concentration, relative", central.error, bound);
  outcome.error_at_most("peripheral concentration, relative", peripheral.error, bound);
  outcome.error_at_most("area under the curve: dose over clearance, relative", exposure.error, bound);
  return outcome;
}

Outcome schedules(const Context&) {
  const Kinetics k{Model::two_compartment, k10, k12, k21, ka, 0.7};
  const std::vector<Dose> doses{{Route::oral, 0.0, 5.0},
                                {Route::bolus, 300.0, 8.0},
                                {Route::infusion, 310.0, 9.0, 45.0},
                                {Route::oral, 700.0, 5.0}};
  Worst superposed, steady;
  for (const double t : {200.0, 320.0, 800.0, 3000.0}) {
    double central = 0.0;
    for (const Dose& d : doses) central += at(Regimen(k, {d}), t).central;
    superposed.see(at(Regimen(k, doses), t).central, central);
  }
  std::vector<Dose> repeated;
  for (int i = 0; i < 60; ++i) repeated.push_back({Route::bolus, 480.0 * i, 3.0});
  const double q = std::exp(-k10 * 480.0);
  steady.see(at(Regimen({Model::one_compartment, k10}, repeated), 480.0 * 59).central,
             3.0 * (1.0 - std::pow(q, 60)) / (1.0 - q));
  const Regimen bath({Model::bath, 0.001},
                     {{Route::bath_set, 60.0, 32.0}, {Route::bath_set, 1500.0, 8.0}, {Route::bath_washout, 2940.0}});
  Outcome outcome;
  outcome.error_at_most("doses of four kinds superpose, relative", superposed.error, bound);
  outcome.error_at_most("60 repeated doses reach the geometric steady state, relative", steady.error, bound);
  outcome.near_relative("bath with decay, change of medium and washout: exposure", at(bath, 1e5).exposure,
                        40.0 * -std::expm1(-1.44) / 0.001, bound, "nM min");
  return outcome;
}

}  // namespace

std::vector<Check> pharmacology_checks() {
  const std::string group = "pharmacology";
  return {
      {group, "pharmacology/one-compartment", "One compartment: bolus, infusion, oral dose",
       "Closed forms of one compartment.", Depth::quick, false, one_compartment},
      {group, "pharmacology/two-compartments", "Two compartments", "The biexponential closed form.", Depth::quick,
       false, two_compartments},
      {group, "pharmacology/schedules", "Schedules and baths",
       "Superposition, the geometric series of repeated doses, exposure in a bath.", Depth::quick, false, schedules}};
}

}  // namespace senoma::verify
