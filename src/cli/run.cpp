// senoma run: a model or an experiment, from its file to the answer in words.
#include <filesystem>
#include <fmt/format.h>

#include "base/parallel.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "model/scaffold.h"
#include "study/experiment.h"

namespace senoma::cli {

namespace {

struct RunArguments {
  study::ExperimentOptions options;
  std::string until, format = "text", progress = "auto", frames = "first";
  std::uint64_t seed = 0, seeds = 0;
};

int run(RunArguments& a, Program& program) {
  auto& o = a.options;
  if (!std::filesystem::exists(o.file) && o.file.find(".toml") == std::string::npos) {
    o.file = model::find_example(model::find_models_folder(), o.file).path;
  }
  if (!a.until.empty()) o.overrides.push_back("time.duration=\"" + a.until + "\"");
  if (a.seed) o.first_seed = a.seed;
  if (a.seeds) o.n_seeds = a.seeds;
  o.all_frames = a.frames == "all";
  if (o.jobs <= 0) o.jobs = available_processors();
  o.stop = &stop_flag();
  study::ExperimentResult result;
  {
    ProgressDisplay display(a.progress == "json" ? ProgressStyle::json : a.progress == "none" ? ProgressStyle::none : ProgressStyle::automatic);
    o.progress = [&](const results::Progress& p) { display.show(p); };
    result = study::run_experiment(study::plan_experiment(o, &program.sources), o);
  }
  for (std::size_t arm = 0; arm < result.arms.size(); ++arm) {
    for (const auto& member : result.members[arm]) {
      say(fmt::format("{:<24} seed {:<4} {} {:.1f} s\n", result.arms[arm].arm.label, member.seed, results::name(member.status), member.wall_seconds));
      const auto& s = member.summary;
      for (std::size_t c = 0; c < s.names.size() && !s.times.empty(); ++c) {
        say(fmt::format("    {:<28} {:>12.5g} -> {:>12.5g} {}\n", s.names[c], s.values[c].front(), s.values[c].back(), s.units[c]));
      }
    }
  }
  say(fmt::format("results: {}   ({:.1f} s)\n", result.out.string(), result.wall_seconds));
  if (const auto error = result.first_error()) throw *error;
  if (result.stopped) {
    say("stopped; the same command continues\n");
    return 130;
  }
  return 0;
}

}  // namespace

void add_run(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("run", "Run a model or an experiment");
  auto a = std::make_shared<RunArguments>();
  auto& o = a->options;
  verb->add_option("file", o.file, "Model or experiment (.toml), or the id of an example")->required();
  verb->add_option("-s,--set", o.overrides, "Override: key=value; may be given often")->allow_extra_args(false);
  verb->add_option("--profile", o.profile, "Profile of the file, e.g. quick");
  verb->add_option("--arm", o.only_arm, "Run this arm alone");
  verb->add_option("--seed", a->seed, "First seed; alone: one run per arm")->check(CLI::PositiveNumber);
  verb->add_option("--seeds", a->seeds, "Runs per arm")->check(CLI::PositiveNumber);
  verb->add_option("--until", a->until, "Simulated time, e.g. '20 d'");
  verb->add_option("-j,--jobs", o.jobs = 0, "Threads (default: all processors this process may use)");
  verb->add_option("-o,--out", o.out, "Folder for the results (default: out/NAME)");
  verb->add_option("--frames", a->frames, "Which runs keep cells and fields: first seed of each arm, or all")->check(CLI::IsMember({"first", "all"}));
  verb->add_option("--format", a->format, "text, or json to stdout")->check(CLI::IsMember({"text", "json"}));
  verb->add_option("--progress", a->progress, "auto, json or none")->check(CLI::IsMember({"auto", "json", "none"}));
  verb->footer("Examples:\n  senoma run relapse --profile quick\n  senoma run model.toml -s 'drug.fotemustine.schedule=[]' --until '20 d' --seeds 4 -o out/no-drug\n"
               "The same command continues an unfinished experiment and shows the answer of a finished one again.");
  verb->callback([a, &program] { program.run = [a, &program] { return run(*a, program); }; });
}

}  // namespace senoma::cli
