// senoma network: one network integrated alone, as a modeller does first. senoma doctor: what this machine offers.
#include <fmt/format.h>

#include <memory>

#include "base/parallel.h"
#include "base/processors.h"
#include "cli/network_arguments.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "convert/sbml.h"
#include "model/load.h"
#include "model/scaffold.h"
#include "network/trajectory.h"
#include "results/files.h"
#include "results/summary_table.h"
#include "study/build_info.h"

namespace senoma::cli {

namespace {

int list_quantities(const convert::SbmlModel& model) {
  std::string text = fmt::format("{} (SBML Level {} Version {}): {} species, {} reactions\n",
                                 model.name.empty() ? model.id : model.name, model.level, model.version,
                                 model.n_species, model.n_reactions);
  for (const auto& s : model.system.states) text += fmt::format("  state      {:<28} {}\n", s.name, s.initial);
  for (const auto& p : model.system.parameters) text += fmt::format("  parameter  {:<28} {}\n", p.name, p.value);
  for (const auto& o : model.system.outputs) text += fmt::format("  assigned   {}\n", o.name);
  for (const auto& note : model.notes) text += "  note: " + note + "\n";
  give(text);
  return 0;
}

int integrate(const NetworkArguments& a) {
  check_options(a);
  if (is_boolean(a)) return run_boolean(a);
  if (a.stochastic) return run_stochastic(a);
  const auto model = convert::read_sbml(a.file);
  if (a.list) return list_quantities(model);
  if (!(a.end > 0))
    throw Error("E3011", "--end must be above zero")
        .help("write --end 100: the end time in the file's own unit of time");
  for (const auto& note : model.notes) say("note: " + note + "\n");
  network::IntegratorOptions options;
  options.relative_tolerance = a.relative_tolerance;
  options.absolute_tolerance = a.absolute_tolerance;
  const auto trajectory =
      network::integrate_one(model.system, options, a.end, a.steps.value_or(100), parse_values(a.set));
  std::vector<std::size_t> columns{0};
  const auto& names = trajectory.names;
  for (const auto& name : a.variables) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      Error error("E1207", "the network has no state or assigned quantity '" + name + "'");
      if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
      error.help("`senoma network FILE --list` shows them");
      throw error;
    }
    columns.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  for (std::size_t c = 1; a.variables.empty() && c < names.size(); ++c) columns.push_back(c);
  std::string text;
  for (std::size_t c = 0; c < columns.size(); ++c) text += (c ? "," : "") + names[columns[c]];
  text += "\n";
  for (std::size_t k = 0; k < trajectory.columns[0].size(); ++k) {
    for (std::size_t c = 0; c < columns.size(); ++c)
      text += (c ? "," : "") + results::format_number(trajectory.columns[columns[c]][k]);
    text += "\n";
  }
  give_table(a, text);
  return 0;
}

int doctor() {
  const double memory = model::available_memory();
  std::string text =
      fmt::format("senoma            {}\nprocessors        {}\nmemory            {}\ninstruction set   {}\n",
                  study::program_version(), usable_processors().reason,
                  memory > 0 ? results::format_bytes(static_cast<std::uint64_t>(memory)) + " available" : "unknown",
                  study::instruction_set());
  for (const auto& [name, version] : study::library_versions()) text += fmt::format("{:<17} {}\n", name, version);
  const std::string models = model::find_models_folder();
  text += "models            " + (models.empty() ? "not found: set SENOMA_MODELS" : models) + "\n";
  give(text);
  return 0;
}

}  // namespace

void add_network(CLI::App& app, Program& program) {
  auto* verb =
      app.add_subcommand("network", "Run one network alone: SBML as equations or molecule by molecule, or MaBoSS");
  auto a = std::make_shared<NetworkArguments>();
  verb->add_option("file", a->file, "SBML file (Level 1 to 3), or MaBoSS .bnd file")->required();
  verb->add_option("--end", a->end, "End time, in the file's unit of time");
  verb->add_option("--steps", a->steps, "Number of equal output steps (Boolean: time windows)")
      ->check(CLI::PositiveNumber);
  verb->add_option("--variables", a->variables, "Names to print, separated by commas (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("-s,--set", a->set, "NAME=number: initial state or parameter, in the file's units")
      ->allow_extra_args(false);
  verb->add_flag("--list", a->list, "List the network's quantities instead");
  verb->add_option("-o,--out", a->out, "CSV file to write (default: standard output)");
  const std::string equations = "Differential equations", random = "Random trajectories", boolean = "Boolean networks";
  verb->add_option("--rtol", a->relative_tolerance, "Relative tolerance")->check(CLI::PositiveNumber)->group(equations);
  verb->add_option("--atol", a->absolute_tolerance, "Absolute tolerance")->check(CLI::PositiveNumber)->group(equations);
  verb->add_flag("--stochastic", a->stochastic,
                 "SBML: count molecules, reaction by reaction; mean and standard deviation")
      ->group(random);
  verb->add_option("--trajectories", a->trajectories, "Number of trajectories (default: the file's, or 10000)")
      ->check(CLI::PositiveNumber)
      ->group(random);
  verb->add_option("--seed", a->seed, "Seed of the random numbers (default: the file's, or 1)")->group(random);
  verb->add_option("-j,--threads", a->threads, "Threads (default: all processors); results do not depend on them")
      ->check(CLI::Range(1, 1024))
      ->group(random);
  verb->add_option("--config", a->config, "MaBoSS .cfg file; may be given several times, later ones count")
      ->allow_extra_args(false)
      ->group(boolean);
  verb->add_flag("--nodes", a->nodes, "Probabilities of single nodes instead of states")->group(boolean);
  verb->add_flag("--states", a->states, "Probabilities of states (the default; with --nodes: both)")->group(boolean);
  verb->footer(
      "Examples:\n  senoma network cell.xml --end 4320 --steps 100 --variables x,y -o out.csv\n"
      "  senoma network cell.xml --list\n"
      "  senoma network dimerisation.xml --stochastic --end 50 --trajectories 10000\n"
      "  senoma network toggle.bnd --config toggle.cfg --nodes");
  verb->callback([a, &program] { program.run = [a] { return integrate(*a); }; });
}

void add_doctor(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("doctor", "Show what this machine offers and what was built in");
  verb->footer("Examples:\n  senoma doctor\n  senoma --version");
  verb->callback([&program] { program.run = doctor; });
}

}  // namespace senoma::cli
