// Boolean networks of at most eight nodes against the matrix exponential of their full generator over 2^n states. The
// generators are written down here, by hand or from a truth table, and share no code with the reader and the simulator.
// MaBoSS's own reference output, when it is at hand.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "base/philox.h"
#include "convert/maboss.h"
#include "network/boolean_simulation.h"
#include "verify/catalogue.h"
#include "verify/markov_chain.h"

namespace senoma::verify {

namespace {

namespace fs = std::filesystem;

constexpr double most_standard_errors = 4.5, least_expected = 20.0;

/// rate(state, node): how fast the node leaves its state. Bit i of a state is node i.
using RateOf = std::function<double(std::size_t state, std::size_t node)>;

MarkovChain generator(std::size_t n, const RateOf& rate) {
  MarkovChain chain(std::size_t{1} << n);
  for (std::size_t s = 0; s < chain.size(); ++s) {
    for (std::size_t i = 0; i < n; ++i) chain.add(s, s ^ (std::size_t{1} << i), rate(s, i));
  }
  return chain;
}

struct Comparison {
  double worst = 0.0, unreachable = 0.0;
  std::size_t compared = 0;

  /// A share p of the time in a state, estimated from n trajectories: the variance of one trajectory's share is at
  /// most p(1 − p).
  void add(double estimate, double p, double n) {
    if (p < 1e-14) {
      unreachable = std::max(unreachable, estimate);
    } else if (p * n >= least_expected && (1.0 - p) * n >= least_expected) {
      worst = std::max(worst, std::abs(estimate - p) / std::sqrt(p * (1.0 - p) / n));
      ++compared;
    }
  }
};

void compare(Outcome& outcome, const std::string& what, const convert::MabossModel& model, const MarkovChain& chain,
             std::vector<double> p, const Context& context) {
  network::BooleanRun run = model.run;
  run.nodes = true;
  run.stop = context.stop;
  const auto results = network::simulate(model.network, run, Executor(context.threads));
  const auto n = static_cast<double>(results.trajectories);
  std::map<std::size_t, const network::BooleanSeries*> found;
  for (std::size_t s = 0; s < results.states.size(); ++s) found[results.states[s][0]] = &results.state_series[s];
  Comparison states, nodes, last;
  for (std::size_t k = 0; k < results.starts.size(); ++k) {
    std::vector<double> mean = p;
    if (run.discrete_time) {
      if (k + 1 < results.starts.size()) p = chain.jump(p);
    } else {
      auto interval = chain.advance(p, std::min(run.window, run.end - results.starts[k]));
      mean = interval.mean;
      p = std::move(interval.end);
    }
    std::vector<double> on(model.network.nodes.size(), 0.0);
    for (std::size_t s = 0; s < mean.size(); ++s) {
      const auto at = found.find(s);
      states.add(at == found.end() ? 0.0 : at->second->probability[k], mean[s], n);
      for (std::size_t i = 0; i < on.size(); ++i) on[i] += (s >> i & 1U) != 0 ? mean[s] : 0.0;
    }
    for (std::size_t i = 0; i < on.size(); ++i) nodes.add(results.node_series[i].probability[k], on[i], n);
  }
  for (std::size_t s = 0; s < p.size(); ++s) last.add(found.count(s) == 0 ? 0.0 : found[s]->final, p[s], n);
  outcome.error_at_most(what + ": states over all windows, largest deviation in standard errors", states.worst,
                        most_standard_errors);
  outcome.error_at_most(what + ": nodes over all windows", nodes.worst, most_standard_errors);
  outcome.error_at_most(what + ": states at the end", last.worst, most_standard_errors);
  outcome.at_most(what + ": probability found where the chain cannot be",
                  std::max(states.unreachable, last.unreachable), 0.0);
  outcome.at_least(what + ": values compared", static_cast<double>(states.compared), 50.0);
  outcome.notes.push_back(fmt::format("{}: {} trajectories, {:.1f} flips each, {} values of states compared.", what,
                                      results.trajectories, static_cast<double>(results.flips) / n, states.compared));
}

convert::MabossModel known(const Context& context, const std::string& name) {
  const fs::path base = context.models / "verify" / "known" / name;
  return convert::read_maboss(base.string() + ".bnd", {base.string() + ".cfg"});
}

Outcome toggle(const Context& context) {
  // nodes: Signal, A, B
  const double up = 1.0, down = 2.0, leak = 0.05, fade = 0.3;
  const auto chain = generator(3, [&](std::size_t s, std::size_t node) {
    const bool signal = (s & 1U) != 0, a = (s & 2U) != 0, b = (s & 4U) != 0;
    if (node == 0) return signal ? fade : 0.0;
    const bool logic = node == 1 ? signal || !b : !a, on = node == 1 ? a : b;
    return on ? (logic ? leak : down) : (logic ? up : leak);
  });
  std::vector<double> p(8, 0.0);
  p[0b001] = 0.25;
  p[0b101] = 0.75;
  auto model = known(context, "toggle");
  Outcome outcome;
  compare(outcome, "continuous time", model, chain, p, context);
  model.run.discrete_time = true;
  compare(outcome, "discrete time", model, chain, p, context);
  model.run.discrete_time = false;
  model.run.window = 5.0;  // of which 12 is no multiple
  model.run.trajectories = 20000;
  compare(outcome, "wide windows, the last one shorter", model, chain, p, context);
  outcome.figures.erase(
      std::remove_if(outcome.figures.begin(), outcome.figures.end(),
                     [](const Figure& f) { return f.name == "wide windows, the last one shorter: values compared"; }),
      outcome.figures.end());
  return outcome;
}

Outcome p53(const Context& context) {
  // nodes: p53, p53high, Mdm2c, Mdm2n, Damage
  const double fast = 1.0, slow = 0.4, repair = 0.15;
  const auto chain = generator(5, [&](std::size_t s, std::size_t node) {
    const bool low = (s & 1U) != 0, high = (s & 2U) != 0, c = (s & 4U) != 0, n = (s & 8U) != 0, damage = (s & 16U) != 0;
    const bool release = (!low && !damage) || c;
    switch (node) {
      case 0:
        return low ? (n && !high ? fast : 0.0) : (n ? 0.0 : fast);
      case 1:
        return high ? (n ? 2.0 * fast : 0.0) : (!n && low ? fast : 0.0);
      case 2:
        return c == high ? 0.0 : slow;
      case 3:
        if (n) return release ? (damage ? slow : 0.0) : fast;
        return release ? (damage ? fast / 2.0 : fast) : 0.0;
      default:
        return damage && high ? repair : 0.0;
    }
  });
  std::vector<double> p(32, 0.0);
  p[0b11000] = p[0b11100] = 0.5;
  Outcome outcome;
  compare(outcome, "p53 and Mdm2", known(context, "p53-mdm2"), chain, p, context);
  return outcome;
}

/// Eight nodes, each with three regulators and a truth table, drawn with a seed; written as a .bnd file with the table
/// as a disjunction.
Outcome random_network(const Context& context) {
  constexpr std::size_t n = 8, k = 3;
  struct Node {
    std::size_t regulators[k];
    unsigned table;
    double up, down;
  };
  std::vector<Node> nodes(n);
  std::string bnd;
  for (std::size_t i = 0; i < n; ++i) {
    const RandomStream draw{2012, i, Stream::test};
    for (std::size_t j = 0; j < k; ++j)
      nodes[i].regulators[j] = (i + 1 + j * 2 + static_cast<std::size_t>(2.0 * draw.uniform(j))) % n;
    nodes[i].table = static_cast<unsigned>(256.0 * draw.uniform(10));
    nodes[i].up = std::round(100.0 * (0.2 + draw.uniform(11))) / 100.0;
    nodes[i].down = std::round(100.0 * (0.2 + draw.uniform(12))) / 100.0;
    std::string logic = "FALSE";
    for (unsigned row = 0; row < 8; ++row) {
      if ((nodes[i].table >> row & 1U) == 0) continue;
      logic += " | (";
      for (std::size_t j = 0; j < k; ++j)
        logic += fmt::format("{}{}n{}", j ? " & " : "", (row >> j & 1U) != 0 ? "" : "!", nodes[i].regulators[j]);
      logic += ")";
    }
    bnd +=
        fmt::format("node n{} {{ logic = {}; rate_up = @logic ? {:.2f} : 0.1; rate_down = @logic ? 0.1 : {:.2f}; }}\n",
                    i, logic, nodes[i].up, nodes[i].down);
  }
  const auto chain = generator(n, [&](std::size_t s, std::size_t i) {
    unsigned row = 0;
    for (std::size_t j = 0; j < k; ++j) row |= static_cast<unsigned>(s >> nodes[i].regulators[j] & 1U) << j;
    const bool logic = (nodes[i].table >> row & 1U) != 0, on = (s >> i & 1U) != 0;
    return on ? (logic ? 0.1 : nodes[i].down) : (logic ? nodes[i].up : 0.1);
  });
  auto model = convert::read_maboss_text(
      {"random.bnd", bnd},
      {{"random.cfg", "max_time = 8; time_tick = 0.5; sample_count = 40000; seed_pseudorandom = 3;"}});
  const std::vector<double> p(256, 1.0 / 256.0);  // no starts are given
  Outcome outcome;
  compare(outcome, "state by state", model, chain, p, context);
  model.run.list_small = false;
  compare(outcome, "node by node", model, chain, p, context);
  return outcome;
}

Outcome maboss_reference(const Context& context) {
  const fs::path folder = context.suites / "maboss" / "reference" / "cellcycle";
  std::ifstream table(folder / "Cell_cycle_thread_1_probtraj.csv");
  Outcome outcome;
  if (context.suites.empty() || !table) {
    outcome.skipped = "MaBoSS's reference output is not at hand (SENOMA_SHARED/suites/maboss/reference)";
    return outcome;
  }
  const auto model = convert::read_maboss(
      (folder / "cellcycle.bnd").string(),
      {(context.suites / "maboss" / "cellcycle_runcfg.cfg").string(), (folder / "cellcycle_runcfg.cfg").string()});
  network::BooleanRun run = model.run;
  run.stop = context.stop;
  run.trajectories = 400000;
  const auto results = network::simulate(model.network, run, Executor(context.threads));
  const auto n = static_cast<double>(results.trajectories), n_reference = 1e6;  // its sample_count
  std::map<std::string, const network::BooleanSeries*> found;
  for (std::size_t s = 0; s < results.states.size(); ++s)
    found[model.network.state_name(results.states[s], results.visible)] = &results.state_series[s];
  double worst = 0.0;
  std::size_t compared = 0, row = 0;
  std::string line;
  std::getline(table, line);
  for (; std::getline(table, line); ++row) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
    for (std::size_t c = 5; c + 2 < cells.size() && row < results.starts.size(); c += 3) {
      const double reference = std::strtod(cells[c + 1].c_str(), nullptr);
      const double ours = found.count(cells[c]) == 0 ? 0.0 : found[cells[c]]->probability[row];
      const double p = (reference * n_reference + ours * n) / (n_reference + n);
      if (p * n < least_expected || (1.0 - p) * n < least_expected) {
        worst = std::max(worst, std::abs(ours - reference) * n > 60.0 ? 99.0 : 0.0);  // rare on one side only
        continue;
      }
      worst = std::max(worst, std::abs(ours - reference) / std::sqrt(p * (1.0 - p) * (1.0 / n + 1.0 / n_reference)));
      ++compared;
    }
  }
  outcome.error_at_most("largest deviation, in standard errors of the difference", worst, most_standard_errors);
  outcome.at_least("probabilities compared", static_cast<double>(compared), 100.0);
  outcome.equal("time windows", std::to_string(results.starts.size()), std::to_string(row));
  return outcome;
}

}  // namespace

std::vector<Check> boolean_checks() {
  const std::string
      group = "boolean",
      exact =
          "Probabilities of states and of nodes over every window, and at the end, against p(0) e^(Qt) of the full generator; "
          "in standard errors, where at least 20 trajectories are expected.";
  return {
      {group, "boolean/toggle", "Toggle of two nodes under a fading signal", exact, Depth::quick, false, toggle},
      {group, "boolean/p53-mdm2", "Loop of p53 and Mdm2 under damage, five nodes", exact, Depth::quick, false, p53},
      {group, "boolean/random", "Random network of eight nodes", exact, Depth::quick, false, random_network},
      {"conformance", "conformance/maboss-cell-cycle", "MaBoSS's cell cycle, its own reference output",
       "Probabilities of all states over all windows, 400 000 trajectories against its million, within sampling error.",
       Depth::quick, false, maboss_reference}};
}

}  // namespace senoma::verify
