// senoma network on a MaBoSS file (Boolean network, exact Markov chain) and on SBML with --stochastic.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/parallel.h"
#include "cli/network_arguments.h"
#include "cli/terminal.h"
#include "convert/maboss.h"
#include "convert/sbml_reactions.h"
#include "network/boolean_simulation.h"
#include "network/ssa_simulation.h"
#include "results/files.h"
#include "results/summary_table.h"

namespace senoma::cli {

std::map<std::string, double> parse_values(const std::vector<std::string>& list) {
  std::map<std::string, double> values;
  for (const auto& text : list) {
    const auto equals = text.find('=');
    std::size_t used = 0;
    double value = 0;
    try {
      if (equals != std::string::npos) value = std::stod(text.substr(equals + 1), &used);
    } catch (const std::exception&) {
      used = 0;
    }
    if (equals == std::string::npos || used == 0 || used != text.size() - equals - 1) {
      throw Error("E1109", "'" + text + "' is not NAME=number")
          .help("write -s k_deg=0.1; values are in the file's own units");
    }
    values[text.substr(0, equals)] = value;
  }
  return values;
}

void give_table(const NetworkArguments& a, const std::string& text) {
  if (a.out.empty()) {
    give(text);
  } else {
    results::replace_file(a.out, text, false);
    say("wrote " + a.out + "\n");
  }
}

bool is_boolean(const NetworkArguments& a) {
  return a.file.size() > 4 && a.file.compare(a.file.size() - 4, 4, ".bnd") == 0;
}

void check_options(const NetworkArguments& a) {
  const bool boolean = is_boolean(a);
  const auto refuse = [&](bool given, const std::string& option, const std::string& kind) {
    if (given) throw Error("E3111", option + " has no meaning here").help("it belongs to " + kind);
  };
  refuse(a.end < 0, "a negative --end", "no kind of network: time begins at 0");
  refuse(boolean && a.stochastic, "--stochastic", "SBML files; a Boolean network is stochastic anyway");
  refuse(!boolean && !a.config.empty(), "--config", "Boolean networks: FILE.bnd");
  refuse(!boolean && (a.nodes || a.states), a.nodes ? "--nodes" : "--states", "Boolean networks: FILE.bnd");
  const std::string random = "random trajectories: --stochastic, or FILE.bnd";
  refuse(!boolean && !a.stochastic && a.trajectories, "--trajectories", random);
  refuse(!boolean && !a.stochastic && a.seed, "--seed", random);
}

namespace {

using results::format_number;

int list_boolean(const convert::MabossModel& model) {
  std::string text = fmt::format("{} (Boolean network): {} nodes\n", model.network.name, model.network.nodes.size());
  for (const auto& node : model.network.nodes)
    text += fmt::format("  node       {:<28}{}\n", node.name, node.internal ? " internal" : "");
  for (const auto& [name, value] : model.parameters) text += fmt::format("  parameter  {:<28} {}\n", "$" + name, value);
  for (const auto& note : model.notes) text += "  note: " + note + "\n";
  give(text);
  return 0;
}

int list_reactions(const convert::SbmlReactions& model) {
  const auto& q = model.system.quantities;
  std::string text =
      fmt::format("{}: {} reactions between numbers of molecules\n", q.name, model.system.reactions.size());
  for (std::size_t s = 0; s < q.states.size(); ++s)
    text += fmt::format("  {:<10} {:<28} {}\n", model.system.counted[s] ? "amount" : "state", q.states[s].name,
                        q.states[s].initial);
  for (const auto& p : q.parameters) text += fmt::format("  parameter  {:<28} {}\n", p.name, p.value);
  for (const auto& o : q.outputs) text += fmt::format("  assigned   {}\n", o.name);
  for (const auto& note : model.notes) text += "  note: " + note + "\n";
  give(text);
  return 0;
}

/// A column of the table, with its standard error.
struct Column {
  std::string name;
  const network::BooleanSeries* series;
};

}  // namespace

int run_boolean(const NetworkArguments& a) {
  const auto model = convert::read_maboss(a.file, a.config, parse_values(a.set));
  if (a.list) return list_boolean(model);
  for (const auto& note : model.notes) say("note: " + note + "\n");
  network::BooleanRun run = model.run;
  if (a.end > 0) run.end = a.end;
  if (!(run.end > 0))
    throw Error("E3111", "the run has no end time").help("write --end 50, or max_time = 50; in the configuration");
  if (a.steps) {
    run.window = run.end / *a.steps;
  } else if (!(run.window > 0)) {
    run.window = run.end / 100;
  }
  run.window = std::min(run.window, run.end);
  if (a.trajectories) run.trajectories = *a.trajectories;
  if (a.seed) run.seed = *a.seed;
  run.nodes = a.nodes;
  run.states = a.states || !a.nodes;
  const auto results = network::simulate(model.network, run, Executor(a.threads.value_or(available_processors())));

  std::vector<Column> columns;
  std::vector<std::string> known;
  for (std::size_t i = 0; run.nodes && i < results.node_series.size(); ++i)
    columns.push_back({model.network.nodes[i].name, &results.node_series[i]});
  for (std::size_t s = 0; run.states && s < results.states.size(); ++s)
    columns.push_back({model.network.state_name(results.states[s], results.visible), &results.state_series[s]});
  for (const auto& c : columns) known.push_back(c.name);
  for (const auto& name : a.variables) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    Error error("E1207", "the results have no " + std::string(run.states ? "state" : "node") + " '" + name + "'");
    if (const auto near = nearest_name(name, known); !near.empty()) error.help("did you mean '" + near + "'?");
    throw error.help(run.states ? "states are named by the nodes that are on: 'A -- B'; --nodes gives single nodes"
                                : "`senoma network FILE.bnd --config FILE.cfg --list` shows them");
  }
  if (!a.variables.empty())
    std::erase_if(columns, [&](const Column& c) {
      return std::find(a.variables.begin(), a.variables.end(), c.name) == a.variables.end();
    });
  std::string text = "time";
  for (const auto& c : columns) text += fmt::format(",P[{0}],error[{0}]", c.name);
  text += "\n";
  for (std::size_t k = 0; k < results.starts.size(); ++k) {
    text += format_number(results.starts[k]);
    for (const auto& c : columns)
      text += "," + format_number(c.series->probability[k]) + "," + format_number(c.series->error[k]);
    text += "\n";
  }
  give_table(a, text);
  std::string summary = fmt::format("{} trajectories, {:.1f} flips each\n", results.trajectories,
                                    static_cast<double>(results.flips) / static_cast<double>(results.trajectories));
  std::vector<std::size_t> all(model.network.nodes.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  for (std::size_t f = 0; f < std::min<std::size_t>(10, results.fixed_points.size()); ++f) {
    const auto& point = results.fixed_points[f];
    summary += fmt::format("fixed point {}: {:.4f} ± {:.4f}\n", model.network.state_name(point.state, all),
                           point.probability, point.error);
  }
  if (results.fixed_points.size() > 10) summary += fmt::format("and {} more\n", results.fixed_points.size() - 10);
  say(summary);
  return 0;
}

int run_stochastic(const NetworkArguments& a) {
  const auto model = convert::read_sbml_reactions(a.file);
  if (a.list) return list_reactions(model);
  for (const auto& note : model.notes) say("note: " + note + "\n");
  network::SsaRun run;
  run.end = a.end;
  run.steps = a.steps.value_or(100);
  run.trajectories = a.trajectories.value_or(10000);
  run.seed = a.seed.value_or(1);
  run.variables = a.variables;
  run.set = parse_values(a.set);
  const auto results = network::simulate(model.system, run, Executor(a.threads.value_or(available_processors())));
  std::string text = "time";
  for (const auto& name : results.names) text += fmt::format(",mean[{0}],sd[{0}]", name);
  text += "\n";
  for (std::size_t k = 0; k < results.times.size(); ++k) {
    text += format_number(results.times[k]);
    for (std::size_t v = 0; v < results.names.size(); ++v)
      text += "," + format_number(results.mean[v][k]) + "," + format_number(results.deviation[v][k]);
    text += "\n";
  }
  give_table(a, text);
  say(fmt::format("{} trajectories, {:.1f} reactions each\n", results.trajectories,
                  static_cast<double>(results.jumps) / static_cast<double>(results.trajectories)));
  return 0;
}

}  // namespace senoma::cli
