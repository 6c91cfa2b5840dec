// A planted readout and a drug whose doses react to it. Units: µm, min, nM.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "models.h"

namespace senoma::test {

inline engine::Readout of_world(const std::string& name, const std::string& value) {
  auto readout = mean_of(name, value);
  readout.over = engine::Readout::Over::world;
  return readout;
}

/// "burden" on day k (from half a day before to half a day after): 100 80 60 40 45 70 99 101 90 50 49.
inline engine::Readout planted_burden(double length_of_day = day) {
  std::string text = "49";
  const std::vector<int> values{100, 80, 60, 40, 45, 70, 99, 101, 90, 50};
  for (std::size_t k = values.size(); k-- > 0;)
    text = "if(time < " + std::to_string((static_cast<double>(k) + 0.5) * length_of_day) + " [min], " +
           std::to_string(values[k]) + ", " + text + ")";
  return of_world("burden", text);
}

/// Pause below a share of the first burden, go on above another.
inline engine::DoseRule hysteresis(double stop, double resume) {
  engine::DoseRule rule;
  rule.row = "0";
  rule.readout = "burden";
  rule.readout_where = {"model.toml", 7, 1, 6};
  rule.stop_below = {{stop, dim::none}, true, {}};
  rule.resume_above = {{resume, dim::none}, true, {}};
  return rule;
}

/// 11 doses, one each day, under one rule; with `duration` infusions.
inline engine::Drug reacting(pharm::Kinetics::Model model, engine::DoseRule rule, double duration = 0.0,
                             double length_of_day = day) {
  using Model = pharm::Kinetics::Model;
  using Route = pharm::Dose::Route;
  pharm::Kinetics kinetics;
  kinetics.model = model;
  kinetics.elimination_rate = model == Model::radiation ? 0.0 : 1e-3;
  if (model == Model::two_compartment || model == Model::three_compartment) kinetics.k12 = 1e-3, kinetics.k21 = 2e-3;
  if (model == Model::three_compartment) kinetics.k13 = 1e-4, kinetics.k31 = 1e-4;
  pharm::Dose dose;
  dose.route = model == Model::bath        ? Route::bath_set
               : model == Model::radiation ? Route::fraction
               : duration > 0.0            ? Route::infusion
                                           : Route::bolus;
  dose.concentration = 10.0;
  dose.duration = model == Model::radiation ? std::max(duration, 2.0) : duration;
  dose.rule = 0;
  std::vector<pharm::Dose> doses;
  for (int k = 0; k <= 10; ++k) {
    dose.at = k * length_of_day;
    doses.push_back(dose);
  }
  engine::Drug drug;
  drug.name = "drug";
  drug.regimen = std::make_shared<const pharm::Regimen>(kinetics, doses);
  drug.rules = {std::move(rule)};
  return drug;
}

/// What became of the doses so far that react, in order: 1 given, 0 skipped.
inline std::string given(const engine::Simulation& sim) {
  std::string marks;
  for (const auto& event : sim.events) {
    if (event.kind == "dose") marks += '1';
    if (event.kind == "dose skipped") marks += '0';
  }
  return marks;
}

}  // namespace senoma::test
