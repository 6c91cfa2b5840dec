// senoma run: a model or an experiment, from its file to the answer in words.
#include <fmt/format.h>

#include <filesystem>

#include "base/parallel.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "model/scaffold.h"
#include "study/answer.h"
#include "study/experiment.h"

namespace senoma::cli {

namespace {

struct RunArguments {
  study::ExperimentOptions options;
  std::string until, format = "text", progress = "auto", frames = "first";
  std::uint64_t seed = 0, seeds = 0;
};

/// The end of a single run: times per pass, counts, where the results are.
void show_run_end(const study::ExperimentResult& result) {
  const auto& member = result.members[0][0];
  results::RunEnd end;
  end.title = result.title;
  end.status = results::name(member.status);
  end.time = member.time;
  end.wall_seconds = member.wall_seconds;
  end.cell_updates = member.cell_updates;
  end.peak_memory_bytes = member.peak_memory_bytes;
  end.pass_seconds = member.pass_seconds;
  end.counts = member.counts;
  end.warnings = member.warnings;
  end.folder = result.out.string();
  end.next_command = "senoma report " + result.out.string();
  say(results::render_run_end(end));
}

void show_answer(const study::ExperimentResult& result, bool json) {
  const auto answer = study::answer(result);
  say("\n" + study::render_text(answer.table, terminal_width()));
  for (const auto& paragraph : answer.words) say("\n" + wrap(paragraph, terminal_width()) + "\n");
  say("\n");
  if (result.single)
    show_run_end(result);
  else
    say(fmt::format("results  {}\nreport   {}\n", result.out.string(), (result.out / "report.html").string()));
  if (!result.single && result.rerun)
    say("Nothing had to be simulated: the folder holds all runs of this experiment.\n");
  std::size_t shown = 0;
  for (const auto& warning : study::merged_warnings(result)) {
    if (!result.single && ++shown <= 5) say("warning  " + warning + "\n");
  }
  if (shown > 5) say(fmt::format("         and {} more, in the report\n", shown - 5));
  if (json) give(study::answer_json(result, answer));
}

/// The file of an example, by its whole id or by the part after the slash when that is unique.
std::string example_path(const std::string& id) {
  const std::string models = model::find_models_folder();
  std::vector<model::Example> matches;
  for (const auto& example : model::list_examples(models)) {
    if (example.id.ends_with("/" + id)) matches.push_back(example);
  }
  return matches.size() == 1 ? matches[0].path : model::find_example(models, id).path;
}

int run(RunArguments& a, Program& program) {
  auto& o = a.options;
  if (!std::filesystem::exists(o.file) && o.file.find(".toml") == std::string::npos) {
    o.file = example_path(o.file);
  }
  if (!a.until.empty()) o.overrides.push_back("time.duration=\"" + a.until + "\"");
  if (a.seed) o.first_seed = a.seed;
  if (a.seeds) o.n_seeds = a.seeds;
  o.all_frames = a.frames == "all";
  if (o.jobs <= 0) o.jobs = available_processors();
  o.stop = &stop_flag();
  study::ExperimentResult result;
  {
    ProgressDisplay display(a.progress == "json"   ? ProgressStyle::json
                            : a.progress == "none" ? ProgressStyle::none
                                                   : ProgressStyle::automatic);
    o.progress = [&](const results::Progress& p) { display.show(p); };
    result = study::run_experiment(study::plan_experiment(o, &program.sources), o);
  }
  if (!result.stopped && !result.first_error()) study::write_answer(result);
  show_answer(result, a.format == "json");
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
  verb->add_option("--frames", a->frames, "Which runs keep cells and fields: first seed of each arm, or all")
      ->check(CLI::IsMember({"first", "all"}));
  verb->add_option("--format", a->format, "text, or json to stdout")->check(CLI::IsMember({"text", "json"}));
  verb->add_option("--progress", a->progress, "auto, json or none")->check(CLI::IsMember({"auto", "json", "none"}));
  verb->footer(
      "Examples:\n  senoma run relapse --profile quick\n  senoma run model.toml -s 'drug.fotemustine.schedule=[]' --until '20 d' --seeds 4 -o out/no-drug\n"
      "The same command continues an unfinished experiment and shows the answer of a finished one again.");
  verb->callback([a, &program] { program.run = [a, &program] { return run(*a, program); }; });
}

}  // namespace senoma::cli
