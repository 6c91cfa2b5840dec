// senoma resume: a run or experiment goes on from its own folder, without the files it came from.
#include <memory>

#include "cli/run_settings.h"
#include "cli/verbs.h"
#include "study/experiment.h"

namespace senoma::cli {

namespace {

struct ResumeArguments {
  std::string folder, until, from;
  RunSettings settings;
};

int resume(const ResumeArguments& a) {
  study::ExperimentOptions options;
  apply(a.settings, options);
  options.strict = true;
  options.from = a.from;
  if (!a.until.empty()) (void)parse_time(a.until, "--until");
  const auto plan = study::plan_of_folder(a.folder, a.until, options);
  return run_and_show(a.settings, options, [&] { return study::run_experiment(plan, options); });
}

}  // namespace

void add_resume(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("resume", "Go on with an interrupted run or experiment, or beyond its end");
  auto a = std::make_shared<ResumeArguments>();
  verb->add_option("folder", a->folder, "Folder of a run or of an experiment")->required();
  verb->add_option("--until", a->until, "New end of the simulated time, e.g. '40 d'; also for finished runs");
  verb->add_option("--from", a->from, "Checkpoint to go on from (default: the newest), for one run");
  add_run_settings(*verb, a->settings);
  verb->footer(
      "Examples:\n  senoma resume out/relapse\n  senoma resume out/relapse --until '40 d' -j 2\n"
      "A resumed run has the same bits as an undisturbed one, for any number of threads. The model comes from the folder.");
  verb->callback([a, &program] { program.run = [a] { return resume(*a); }; });
}

}  // namespace senoma::cli
