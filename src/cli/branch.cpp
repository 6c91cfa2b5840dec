// senoma branch: a run forked at a time, with changed parameters from there on.
#include "study/branch.h"

#include <memory>

#include "cli/run_settings.h"
#include "cli/verbs.h"

namespace senoma::cli {

namespace {

struct BranchArguments {
  study::BranchRequest request;
  study::ExperimentOptions options;
  RunSettings settings;
  std::string at;
};

int branch(BranchArguments& a) {
  apply(a.settings, a.options);
  a.request.at = parse_time(a.at, "--at");
  if (!a.request.until.empty()) (void)parse_time(a.request.until, "--until");
  return run_and_show(a.settings, a.options, [&] { return study::branch(a.request, a.options); });
}

}  // namespace

void add_branch(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("branch", "Fork a run at a time, with changed parameters from there on");
  auto a = std::make_shared<BranchArguments>();
  verb->add_option("folder", a->request.from, "Folder of one run")->required();
  verb->add_option("--at", a->at, "Simulated time of the fork, e.g. '20 d'")->required();
  verb->add_option("-s,--set", a->request.overrides, "Change: key=value; may be given often")->allow_extra_args(false);
  verb->add_option("--until", a->request.until, "End of the simulated time (default: the original's)");
  verb->add_option("-o,--out", a->options.out, "New folder for the branch")->required();
  add_run_settings(*verb, a->settings);
  verb->footer(
      "Examples:\n  senoma branch out/one --at '20 d' -s 'drug.NAME.schedule=[]' -o out/stopped\n"
      "  senoma branch out/one --at '5 d' -s 'cell.melanoma.cycle.duration=\"60 h\"' --until '30 d' -o out/slower\n"
      "The fork starts from the saved state nearest at or before the time (see --checkpoint-at of senoma run) and simulates\n"
      "the rest; without one it starts from the beginning. Without changes a branch has the bits of its original.");
  verb->callback([a, &program] { program.run = [a] { return branch(*a); }; });
}

}  // namespace senoma::cli
