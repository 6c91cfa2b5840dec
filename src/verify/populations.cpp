// Cells as a user's model runs them, against theory: fates, cycles, and the splitting of the coupling step. The models
// lie in models/verify/known.
#include <fmt/format.h>

#include <cmath>
#include <map>
#include <memory>

#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "model/load.h"
#include "verify/catalogue.h"

namespace senoma::verify {

namespace {

std::shared_ptr<const engine::Description> load(const Context& context, const std::string& file,
                                                const std::vector<std::string>& overrides = {}) {
  model::LoadOptions options;
  options.overrides = overrides;
  const auto path = context.models / "verify" / "known" / (file + ".toml");
  return std::make_shared<engine::Description>(
      model::load(path.string(), options, mechanisms::catalogue()).description);
}

std::unique_ptr<engine::Simulation> simulate(const std::shared_ptr<const engine::Description>& description,
                                             std::uint64_t seed) {
  auto sim = std::make_unique<engine::Simulation>(description, seed, mechanisms::catalogue(), 1);
  while (!sim->finished()) sim->step();
  return sim;
}

std::string minutes(double value) { return fmt::format("{:g} min", value); }

Outcome birth_and_death(const Context& context) {
  // From one cell: mean e^((b−d)t), variance (b+d)/(b−d)·m·(m−1) (Bailey 1964).
  Outcome outcome;
  for (const double dt : {6.0, 60.0}) {
    const auto description = load(context, "birth-death", {"time.step=\"" + minutes(dt) + "\""});
    const double b = 1.0 / description->cell_types[0].cycle[0].duration,
                 d = description->cell_types[0].parameters.at("hazard.apoptosis"), t = description->duration;
    const double m = std::exp((b - d) * t), variance = (b + d) / (b - d) * m * (m - 1);
    const auto sim = simulate(description, 5);
    std::map<std::uint64_t, double> clones;
    for (std::size_t i = 0; i < sim->world.cells.size(); ++i)
      clones[sim->world.cells.founder[i]] += sim->dying(i) ? 0.0 : 1.0;
    const double n = static_cast<double>(description->cell_types[0].initial[0].count);
    double sum = 0, squares = 0, fourth = 0;
    for (const auto& [id, size] : clones) sum += size, squares += size * size;
    const double mean = sum / n, measured = squares / n - mean * mean;
    for (const auto& [id, size] : clones) fourth += std::pow(size - mean, 4);
    fourth = (fourth + (n - static_cast<double>(clones.size())) * std::pow(mean, 4)) / n;  // extinct clones
    outcome.near(fmt::format("mean clone size, step {:g} min", dt), mean, m, 3.5 * std::sqrt(variance / n), "cells");
    outcome.near(fmt::format("variance of clone size, step {:g} min", dt), measured, variance,
                 3.5 * std::sqrt((fourth - measured * measured) / n), "cells^2");
  }
  return outcome;
}

Outcome hazards(const Context& context) {
  // Without births the survivors of a hazard are e^(−ht), and each cell's time of death lies at the same place in time
  // whatever the step.
  Outcome outcome;
  double first = -1.0;
  for (const double dt : {6.0, 30.0, 300.0}) {
    const auto description = load(context, "birth-death",
                                  {"time.step=\"" + minutes(dt) + "\"", "cell.cell.cycle.duration=\"1e12 min\"",
                                   "cell.cell.initial[0].count=4000", "domain.size=[\"4000 um\", \"4000 um\"]"});
    const auto sim = simulate(description, 9);
    double alive = 0;
    for (std::size_t i = 0; i < sim->world.cells.size(); ++i) alive += sim->dying(i) ? 0.0 : 1.0;
    const double expected =
        4000.0 * std::exp(-description->cell_types[0].parameters.at("hazard.apoptosis") * description->duration);
    if (first < 0) {
      outcome.near("survivors", alive, expected, 3.5 * std::sqrt(expected * (1 - expected / 4000.0)), "cells");
      first = alive;
    } else {
      outcome.near(fmt::format("survivors with a step of {:g} min, against 6 min", dt), alive, first, 0.0, "cells");
    }
  }
  return outcome;
}

/// Shares at steady exponential growth when each phase lasts an exponential time of rate r_k: with growth rate g (the
/// root of Π r_k/(r_k + g) = 1/2), n_k = r_(k−1) n_(k−1)/(r_k + g).
std::vector<double> exponential_shares(const std::vector<engine::CyclePhase>& cycle) {
  double low = 0, high = 1;
  for (int i = 0; i < 200; ++i) {
    const double g = 0.5 * (low + high);
    double product = 2;
    for (const auto& p : cycle) product *= 1 / (1 + g * p.duration);
    (product > 1 ? low : high) = g;
  }
  std::vector<double> n{1.0};
  for (std::size_t k = 1; k < cycle.size(); ++k)
    n.push_back(n.back() / cycle[k - 1].duration / (1 / cycle[k].duration + low));
  double sum = 0;
  for (const double x : n) sum += x;
  for (double& x : n) x /= sum;
  return n;
}

/// With exact durations the age density is 2 ln2/T · 2^(−a/T): a share between ages a and b is 2(2^(−a/T) − 2^(−b/T)).
std::vector<double> fixed_shares(const std::vector<engine::CyclePhase>& cycle) {
  double total = 0, age = 0;
  for (const auto& p : cycle) total += p.duration;
  std::vector<double> n;
  for (const auto& p : cycle) {
    n.push_back(2 * (std::exp2(-age / total) - std::exp2(-(age + p.duration) / total)));
    age += p.duration;
  }
  return n;
}

Outcome phase_fractions(const Context& context) {
  struct Case {
    const char* name;
    std::vector<std::string> overrides;
    std::vector<double> (*theory)(const std::vector<engine::CyclePhase>&);
    double bound;
  };
  // A spread of the durations lets the common start be forgotten; it moves the shares by less than 0.01.
  const Case cases[] = {
      {"exponential durations", {}, exponential_shares, 0.03},
      {"normal durations, cv 0.25",
       {"cell.cell.cycle.exit=\"normal\"", "cell.cell.cycle.cv=0.25", "time.duration=\"90 h\"",
        "cell.cell.initial[0].count=200"},
       fixed_shares,
       0.04},
  };
  Outcome outcome;
  for (const auto& c : cases) {
    const auto description = load(context, "cycle", c.overrides);
    const auto sim = simulate(description, 11);
    const auto& cycle = description->cell_types[0].cycle;
    const auto theory = c.theory(cycle);
    std::vector<double> shares(cycle.size(), 0.0);
    for (const auto phase : sim->world.cells.phase) shares[phase] += 1.0 / static_cast<double>(sim->world.cells.size());
    for (std::size_t k = 0; k < cycle.size(); ++k)
      outcome.near(fmt::format("share of {}, {}", cycle[k].name, c.name), shares[k], theory[k], c.bound);
  }
  return outcome;
}

Outcome coupling(const Context& context) {
  // S' = q(S)/(κV) − λS with q(S) = base + (max − base)·U/(1 + U), U = (S/half)^2: the model's rule.
  double exact = 1.0;
  const double volume = 40.0 * 40.0 * 20.0, end = 240.0;
  const auto rate = [&](double s) {
    const double u = (s / 4.0) * (s / 4.0);
    return (1000.0 + 5000.0 * u / (1.0 + u)) / (molecules_per_um3_per_nM * volume) - 0.03 * s;
  };
  const int n = 24000;
  for (int i = 0; i < n; ++i) {
    const double h = end / n, k1 = rate(exact), k2 = rate(exact + h / 2 * k1), k3 = rate(exact + h / 2 * k2),
                 k4 = rate(exact + h * k3);
    exact += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
  }
  Convergence convergence{"coupling step", "min", {}, {}};
  for (const double dt : {12.0, 6.0, 3.0, 1.5}) {
    const auto sim = simulate(load(context, "coupling", {"time.step=\"" + minutes(dt) + "\""}), 1);
    convergence.add(dt, std::abs(sim->world.fields[0].rho[0] / exact - 1.0));
  }
  Outcome outcome;
  outcome.order_at_least("order of the coupling", convergence, 0.85);
  outcome.error_at_most("relative error with a step of 1.5 min", convergence.errors.back(), 0.01);
  outcome.notes.emplace_back("Splitting is first order by design; inside their pass fields are second order.");
  return outcome;
}

}  // namespace

std::vector<Check> population_checks() {
  const std::string group = "populations";
  return {{group, "populations/birth-and-death", "Birth and death",
           "Mean and variance of 2000 clones against the linear birth-death process (Bailey 1964).", Depth::quick,
           false, birth_and_death},
          {group, "populations/hazards", "Hazards do not depend on the time step",
           "Survivors of a constant hazard against e^(−ht); the same survivors with a step 50 times as long.",
           Depth::quick, false, hazards},
          {group, "populations/phase-fractions", "Phases of the cycle",
           "Shares of the phases at steady exponential growth against their closed forms.", Depth::quick, false,
           phase_fractions},
          {group, "populations/coupling", "Splitting of the coupling step",
           "A substance whose secretion depends on itself, against the equation solved to convergence.", Depth::quick,
           false, coupling}};
}

}  // namespace senoma::verify
