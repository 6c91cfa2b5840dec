// Doses that react: binding of their rules, and the decision when a dose is due. See dose_rule.h.
#include "engine/dosing.h"

#include <algorithm>
#include <cmath>

#include "engine/binder.h"
#include "engine/expressions.h"

namespace senoma::engine {

namespace {

using Threshold = DoseRule::Threshold;

std::vector<std::string> names_of(const std::vector<Readout>& readouts) {
  std::vector<std::string> names;
  for (const auto& readout : readouts) names.push_back(readout.name);
  return names;
}

/// Of what the readout shows: that of its unit.
Dimension dimension_of(const BoundReadout& readout) {
  const bool accumulated = readout.spec->accumulate != Readout::Accumulate::none;
  return accumulated || !(readout.spec->dimension == Dimension{}) ? readout.spec->dimension : readout.dimension;
}

void require_places(const BoundReadout& readout, const SourcePosition& where) {
  if (!readout.needs_space) return;
  throw Error("E5020", "a dose reacts to readout '" + readout.spec->name +
                           "', which looks at places: a well-mixed "
                           "domain has none")
      .at(where)
      .help("let it react to another readout, or run with domain.space = \"resolved\"");
}

double in_units_of(const BoundReadout& readout, const Threshold& threshold) {
  if (threshold.relative) return threshold.value.value;
  const Dimension dimension = dimension_of(readout);
  if (threshold.value.dimension == dimension) return threshold.value.value;
  const std::string unit = readout.spec->unit.empty() ? internal_unit(dimension) : readout.spec->unit;
  throw Error("E1203", "readout '" + readout.spec->name + "' is " + describe(dimension) + ", the threshold is " +
                           describe(threshold.value.dimension))
      .at(threshold.where)
      .help(dimension.dimensionless() ? "write a bare number, or \"50 %\" of what it is at the first dose"
                                      : "write it in " + unit + ", or as \"50 %\" of what it is at the first dose");
}

}  // namespace

void Binder::dose_thresholds(BoundDoseRule& bound) const {
  const DoseRule& rule = *bound.spec;
  if (rule.readout.empty()) return;
  const auto found = std::find_if(sim.readouts_.begin(), sim.readouts_.end(),
                                  [&](const BoundReadout& r) { return r.spec->name == rule.readout; });
  if (found == sim.readouts_.end()) {
    Error error("E5021", "a dose reacts to '" + rule.readout + "', which is not a readout of this model");
    error.at(rule.readout_where);
    if (const auto near = nearest_name(rule.readout, names_of(model.readouts)); !near.empty())
      error.help("did you mean '" + near + "'?");
    throw error.help("add [[readout]] name = \"" + rule.readout + "\"");
  }
  require_places(*found, rule.readout_where);
  bound.readout = static_cast<std::size_t>(found - sim.readouts_.begin());
  bound.stop = in_units_of(*found, rule.stop_below);
  bound.resume = in_units_of(*found, rule.resume_above);
  sim.world.scalars[bound.key + "paused"] = sim.world.scalars[bound.key + "baseline"] = 0.0;
}

void Binder::dose_condition(BoundDoseRule& bound) {
  const auto& only_if = bound.spec->only_if;
  if (!only_if) return;
  const auto& read = sim.world_expressions_.uniforms();
  const std::size_t before = read.size();
  bound.condition = sim.world_expressions_.compile(*only_if, &dim::none).node;
  for (std::size_t k = before; k < read.size(); ++k) {
    for (const auto& seen : sim.dosing_.seen) {
      if (seen.second == read[k]) require_places(sim.readouts_[seen.first], only_if->where);
    }
  }
}

void Binder::dose_rules() {
  auto& dosing = sim.dosing_;
  dosing.drugs.resize(model.drugs.size());
  // Nothing that was compiled before may read them: a readout that reads readouts would read old ones.
  const bool conditional = std::any_of(model.drugs.begin(), model.drugs.end(), [](const Drug& drug) {
    return std::any_of(drug.rules.begin(), drug.rules.end(), [](const auto& rule) { return rule.only_if.has_value(); });
  });
  for (std::size_t r = 0; conditional && r < sim.readouts_.size(); ++r) {
    const std::string name = "readout." + sim.readouts_[r].spec->name;
    if (!sim.signals.find(name))
      dosing.seen.emplace_back(r, sim.signals.add_uniform(name, dimension_of(sim.readouts_[r])).index);
  }
  for (std::size_t d = 0; d < model.drugs.size(); ++d) {
    for (const auto& rule : model.drugs[d].rules) {
      BoundDoseRule bound;
      bound.spec = &rule;
      bound.key = "doses " + model.drugs[d].name + "[" + rule.row + "] ";
      for (const char* what : {"occasions", "given"}) sim.world.scalars[bound.key + what] = 0.0;
      if (rule.checked_every > 0.0) sim.world.scalars[bound.key + "visit"] = 0.0;
      dose_condition(bound);
      dose_thresholds(bound);
      dosing.drugs[d].rules.push_back(std::move(bound));
    }
  }
  const auto& read = sim.world_expressions_.uniforms();
  std::erase_if(dosing.seen,
                [&](const auto& seen) { return std::find(read.begin(), read.end(), seen.second) == read.end(); });
}

void Binder::dose_counts(const std::set<std::size_t>& read) {
  for (std::size_t d = 0; d < model.drugs.size(); ++d) {
    const std::string& name = model.drugs[d].name;
    auto& drug = sim.dosing_.drugs[d];
    drug.given = sim.signals.find(name + ".doses_given")->index;
    drug.skipped = sim.signals.find(name + ".doses_skipped")->index;
    if (drug.rules.empty() && !read.contains(drug.given) && !read.contains(drug.skipped)) continue;
    drug.given_key = "doses " + name + " given";
    drug.skipped_key = "doses " + name + " skipped";
    sim.world.scalars[drug.given_key] = sim.world.scalars[drug.skipped_key] = 0.0;
  }
}

void Simulation::refresh_dose_counts() {
  for (const auto& drug : dosing_.drugs) {
    if (drug.given_key.empty()) continue;
    values.uniform[drug.given] = world.scalars.at(drug.given_key);
    values.uniform[drug.skipped] = world.scalars.at(drug.skipped_key);
  }
}

/// Of those without a rule: gives_dose counts the others.
void Simulation::count_doses(std::size_t d, std::size_t first, std::size_t end) {
  if (dosing_.drugs[d].given_key.empty()) return;
  const auto& doses = description->drugs[d].regimen->doses();
  for (std::size_t k = first; k < end; ++k) {
    if (doses[k].rule < 0 && doses[k].concentration > 0.0) world.scalars.at(dosing_.drugs[d].given_key) += 1.0;
  }
}

/// What the rules look at, before anything of the step has changed; only where a dose with a rule is due in it.
void Simulation::assess_doses(double end_of_step) {
  bool due = false;
  for (std::size_t d = 0; d < dosing_.drugs.size(); ++d) {
    if (dosing_.drugs[d].rules.empty()) continue;
    const auto& doses = description->drugs[d].regimen->doses();
    for (std::size_t k = static_cast<std::size_t>(world.drugs[d].next_dose); k < doses.size(); ++k) {
      if (doses[k].at >= end_of_step) break;
      due = due || doses[k].rule >= 0;
    }
  }
  if (!due) return;
  look_around();
  const auto finite = [this](const std::string& what, double value, const SourcePosition& where) {
    if (std::isfinite(value)) return value;
    throw Error("E5009",
                what + " is " + std::to_string(value) + " at " + std::to_string(world.time() / 1440.0) +
                    " d, when a dose that reacts to it is due",
                ErrorKind::numerical)
        .at(where)
        .help("let the dose react to what always has a value");
  };
  for (const auto& [readout, uniform] : dosing_.seen) values.uniform[uniform] = present_value(readouts_[readout]);
  for (auto& drug : dosing_.drugs) {
    for (auto& rule : drug.rules) {
      const auto& spec = *rule.spec;
      if (!spec.readout.empty())
        rule.value =
            finite("readout '" + spec.readout + "'", present_value(readouts_[rule.readout]), spec.readout_where);
      if (rule.condition >= 0) {
        for (const auto& [readout, uniform] : dosing_.seen)
          finite("readout '" + readouts_[readout].spec->name + "'", values.uniform[uniform], spec.only_if->where);
        rule.holds = finite("'" + spec.only_if->text + "'", world_expressions_.value(rule.condition, values),
                            spec.only_if->where) != 0.0;
      }
    }
  }
}

bool Simulation::gives_dose(std::size_t d, const pharm::Dose& dose, bool due) {
  const auto& drug = dosing_.drugs[d];
  const auto& rule = drug.rules[static_cast<std::size_t>(dose.rule)];
  const auto& spec = *rule.spec;
  const auto kept = [&](const char* what) -> double& { return world.scalars.at(rule.key + what); };
  double& given = kept("given");
  if (!due) return given != 0.0;
  const bool first = kept("occasions") == 0.0;
  bool visit = true;
  if (spec.checked_every > 0.0) {  // 1e-9: times are sums of intervals
    const double interval = std::floor((dose.at - spec.first) / spec.checked_every + 1e-9);
    visit = first || interval > kept("visit");
    kept("visit") = interval;
  }
  if (visit) {
    given = rule.holds ? 1.0 : 0.0;
    if (!spec.readout.empty()) {
      if (first) kept("baseline") = rule.value;
      const double baseline = kept("baseline");
      const auto level = [&](const Threshold& t, double bound) { return t.relative ? bound * baseline : bound; };
      double& paused = kept("paused");
      if (rule.value < level(spec.stop_below, rule.stop)) {
        paused = 1.0;
      } else if (rule.value > level(spec.resume_above, rule.resume)) {
        paused = 0.0;
      }
      if (paused != 0.0) given = 0.0;
    }
  }
  kept("occasions") += 1.0;
  if (dose.concentration > 0.0) {
    world.scalars.at(given != 0.0 ? drug.given_key : drug.skipped_key) += 1.0;
    events.push_back({dose.at, given != 0.0 ? "dose" : "dose skipped", 0, 0, world.drugs[d].name, "", "", 0});
  }
  return given != 0.0;
}

}  // namespace senoma::engine
