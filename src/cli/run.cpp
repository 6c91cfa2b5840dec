// senoma run: a model or an experiment, from its file to the answer in words.
#include <fmt/format.h>

#include <filesystem>

#include "cli/run_settings.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "model/contexts.h"
#include "model/scaffold.h"
#include "study/experiment.h"

namespace senoma::cli {

namespace {

struct RunArguments {
  study::ExperimentOptions options;
  RunSettings settings;
  std::string until, frames = "first";
  std::uint64_t seed = 0, seeds = 0;
  bool list_contexts = false;
};

/// The file of an example, by its whole id or by the part after the slash when that is unique.
std::string example_path(const std::string& id) {
  const std::string models = model::find_models_folder();
  std::vector<model::Example> matches;
  for (const auto& example : model::list_examples(models)) {
    if (example.id.ends_with("/" + id)) matches.push_back(example);
  }
  return matches.size() == 1 ? matches[0].path : model::find_example(models, id).path;
}

int show_contexts(const std::string& file) {
  std::string text;
  for (const auto& context : model::list_contexts(file)) {
    text += fmt::format("{:<24} {:<16} {}\n", context.name, context.group.empty() ? "-" : context.group, context.title);
    if (!context.description.empty()) text += wrap("    " + context.description, terminal_width()) + "\n";
  }
  give(text.empty() ? "no contexts: there is no folder 'contexts' beside the model or above it\n"
                    : fmt::format("{:<24} {:<16} {}\n", "context", "group", "title") + text);
  return 0;
}

int run(RunArguments& a, Program& program) {
  auto& o = a.options;
  if (!std::filesystem::exists(o.file) && o.file.find(".toml") == std::string::npos) {
    o.file = example_path(o.file);
  }
  if (a.list_contexts) return show_contexts(o.file);
  if (!a.until.empty()) o.overrides.push_back("time.duration=\"" + a.until + "\"");
  if (a.seed) o.first_seed = a.seed;
  if (a.seeds) o.n_seeds = a.seeds;
  o.all_frames = a.frames == "all";
  apply(a.settings, o);
  const auto plan = study::plan_experiment(o, &program.sources);
  return run_and_show(a.settings, o, [&] { return study::run_experiment(plan, o); });
}

}  // namespace

void add_run(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("run", "Run a model or an experiment");
  auto a = std::make_shared<RunArguments>();
  auto& o = a->options;
  verb->add_option("file", o.file, "Model or experiment (.toml), or the id of an example")->required();
  verb->add_option("-s,--set", o.overrides, "Override: key=value; may be given often")->allow_extra_args(false);
  verb->add_option("-c,--context", o.contexts, "Context of the model, e.g. aged; several: -c a,b or given often")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_flag("--list-contexts", a->list_contexts, "List the contexts within reach of the file and run nothing");
  verb->add_option("--profile", o.profile, "Profile of the file, e.g. quick");
  verb->add_option("--arm", o.only_arm, "Run this arm alone");
  verb->add_option("--seed", a->seed, "First seed; alone: one run per arm")->check(CLI::PositiveNumber);
  verb->add_option("--seeds", a->seeds, "Runs per arm")->check(CLI::PositiveNumber);
  verb->add_option("--posterior", o.posterior,
                   "posterior.csv of a calibration: each seed runs with one of its draws, taken by weight");
  verb->add_option("--until", a->until, "Simulated time, e.g. '20 d'");
  verb->add_option("-o,--out", o.out, "Folder for the results (default: out/NAME)");
  verb->add_option("--frames", a->frames, "Which runs keep cells and fields: first seed of each arm, or all")
      ->check(CLI::IsMember({"first", "all"}));
  verb->add_flag("--resume", o.must_resume, "Only go on: refuse when there is nothing to resume");
  add_run_settings(*verb, a->settings);
  verb->footer(
      "Examples:\n  senoma run relapse --profile quick\n  senoma run model.toml -s 'drug.NAME.schedule=[]' --until '20 d' --seeds 4 -o out/no-drug\n"
      "  senoma run relapse --list-contexts\n  senoma run relapse -c NAME,OTHER --seeds 8\n"
      "  senoma run model.toml --posterior out/fit/posterior.csv --seeds 20\n"
      "The same command continues an unfinished run or experiment from its saved states, bit for bit, and shows the answer\n"
      "of a finished one again. Ctrl-C saves the state first (exit code 130); SIGTERM, SIGUSR1 and --max-walltime too (75).");
  verb->callback([a, &program] { program.run = [a, &program] { return run(*a, program); }; });
}

}  // namespace senoma::cli
