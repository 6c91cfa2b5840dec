// senoma screen: a study, from its file to the ranking of what was blocked.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/parallel.h"
#include "base/processors.h"
#include "cli/external_verb.h"
#include "cli/study_progress.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "study/ranking.h"
#include "study/robustness.h"
#include "study/screen_findings.h"
#include "study/study_run.h"
#include "study/study_stages.h"
#include "study/study_words.h"

namespace senoma::cli {

namespace {

struct ScreenArguments {
  study::StudyOptions options;
  study::RunStudyOptions run;
  std::string format = "text", progress = "auto", dask;
  std::size_t rows = 10;
  int jobs = 0;
  bool plan_only = false;
};

void show_failures(const study::StudyResult& result) {
  std::size_t shown = 0;
  for (const auto& m : result.members) {
    if (m.status != "failed" || ++shown > 5) continue;
    say(fmt::format("failed   {}, {}, seed {}: {}\n", m.context, m.variant, m.seed, m.error));
  }
  if (shown > 5) say(fmt::format("         and {} more, in members.csv\n", shown - 5));
}

void show_rankings(const study::StudyPlan& plan, const study::StudyResult& result, const ScreenArguments& a) {
  const auto rankings = study::rank(plan, result.members);
  for (const auto& ranking : rankings) {
    std::string heading = plan.spec.contexts[ranking.context].label;
    if (plan.spec.fidelities.size() > 1) heading += ", " + plan.spec.fidelities[ranking.fidelity].name;
    const auto table = study::ranking_table(ranking, rankings, plan, a.rows);
    if (!table.rows.empty()) say("\n" + heading + "\n" + study::render_text(table, terminal_width()));
  }
  say("\n" + study::findings_words(study::screen_findings(plan, result.members), plan) +
      study::robustness_words(study::robustness(plan, result.members), rankings, plan));
  show_failures(result);
}

void show(const study::StudyPlan& plan, const study::StudyResult& result, const ScreenArguments& a) {
  show_rankings(plan, result, a);
  say(fmt::format(
      "results  {}\n         members.csv, variants.csv, ranking.csv, flips.csv, pairs.csv, mechanism.csv,\n         shapley.csv, survival.csv, stability.csv, study.sqlite, report.html\n{}",
      plan.out.string(), study::has_draws(plan) ? "         draws.csv, robustness.csv\n" : ""));
  if (a.format == "json") {
    nlohmann::ordered_json root{
        {"out", plan.out.string()},           {"plan", plan.hash},       {"members", result.total},
        {"done", result.members.size()},      {"failed", result.failed}, {"simulated", result.simulated},
        {"wall_seconds", result.wall_seconds}};
    give(root.dump(2) + "\n");
  }
}

void prepare(ScreenArguments& a, const Program& program) {
  a.run.stop = &stop_flag();
  a.run.note = [](const std::string& text) { say(text + "\n"); };
  const bool words = a.progress == "auto";
  if (!a.dask.empty()) {
    const Cluster cluster = program.cluster(a.dask, a.jobs);
    a.run.execute = cluster.execute;
    if (words) say("workers  " + cluster.words + "\n");
  } else {
    a.run.jobs = a.jobs > 0 ? a.jobs : available_processors();
    if (words) say(fmt::format("threads  {}\n", a.run.jobs));
  }
}

int exit_code(bool stopped, std::size_t failed) {
  if (stopped) {
    say("stopped; what has run is kept, and the same command goes on\n");
    return interrupted() ? 130 : 75;
  }
  return failed > 0 ? static_cast<int>(ErrorKind::numerical) : 0;
}

void show_stages(const study::StagesPlan& plan, const study::StagesResult& result, const ScreenArguments& a) {
  for (std::size_t k = 0; k + 1 < result.stages.size(); ++k) {
    std::string kept;
    for (const auto& actor : result.stages[k].actors) {
      if (actor.kept) kept += (kept.empty() ? "" : ", ") + actor.name;
    }
    say(fmt::format("\n{}: {} of {} go on: {}\n", plan.spec.stages[k].name,
                    std::count_if(result.stages[k].actors.begin(), result.stages[k].actors.end(),
                                  [](const auto& actor) { return actor.kept; }),
                    result.stages[k].actors.size(), kept));
    show_failures(result.stages[k].result);
  }
  const auto& last = result.stages.back();
  say("\n" + last.plan.title + "\n");
  show_rankings(last.plan, last.result, a);
  std::string folders;
  for (const auto& stage : result.stages) folders += stage.folder.string() + "/, ";
  say(fmt::format("results  {}\n         {}stages.csv, agreement.csv, report.html\n", result.out.string(), folders));
  if (a.format == "json") {
    nlohmann::ordered_json stages = nlohmann::ordered_json::array();
    for (std::size_t k = 0; k < result.stages.size(); ++k) {
      const auto& stage = result.stages[k];
      nlohmann::ordered_json kept = nlohmann::ordered_json::array();
      for (const auto& actor : stage.actors) {
        if (actor.kept) kept.push_back(actor.name);
      }
      stages.push_back({{"name", plan.spec.stages[k].name},
                        {"out", stage.plan.out.string()},
                        {"plan", stage.plan.hash},
                        {"members", stage.result.total},
                        {"done", stage.result.members.size()},
                        {"failed", stage.result.failed},
                        {"simulated", stage.result.simulated},
                        {"kept", kept}});
    }
    give(nlohmann::ordered_json{{"out", result.out.string()},
                                {"stages", stages},
                                {"failed", result.failed},
                                {"simulated", result.simulated},
                                {"wall_seconds", result.wall_seconds}}
             .dump(2) +
         "\n");
  }
}

int screen_stages(ScreenArguments& a, Program& program) {
  const auto plan = study::plan_stages(a.options, &program.sources);
  say(study::stages_words(plan));
  if (a.plan_only) return 0;
  prepare(a, program);
  study::StagesResult result;
  {
    StudyProgressDisplay display(a.progress);
    a.run.progress = [&](const study::StudyProgress& p) { display.show(p); };
    result = study::run_stages(plan, a.run);
  }
  show_stages(plan, result, a);
  return exit_code(result.stopped, result.failed);
}

int screen(ScreenArguments& a, Program& program) {
  if (!a.dask.empty() && !program.cluster) hand_over("screen", program.arguments, "dask");
  if (study::has_stages(a.options, &program.sources)) return screen_stages(a, program);
  const auto plan = study::plan_study(a.options, &program.sources);
  say(study::plan_words(plan));
  if (a.plan_only) return 0;
  prepare(a, program);
  study::StudyResult result;
  {
    StudyProgressDisplay display(a.progress);
    a.run.progress = [&](const study::StudyProgress& p) { display.show(p); };
    result = study::run_study(plan, a.run);
  }
  show(plan, result, a);
  return exit_code(result.stopped, result.failed);
}

}  // namespace

void add_screen(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("screen", "Run a study: targets, drugs and pairs over contexts and seeds");
  auto a = std::make_shared<ScreenArguments>();
  verb->add_option("file", a->options.file, "Study (.toml)")->required();
  verb->add_option("--profile", a->options.profile, "Profile of the study, e.g. quick");
  verb->add_option("-s,--set", a->options.overrides, "Override of the study: key=value; may be given often")
      ->allow_extra_args(false);
  verb->add_option("--only", a->run.only, "Run these targets and drugs now, and leave the others for later")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("-j,--jobs", a->jobs,
                   "Members at a time (default: all processors this process may use, or all workers)");
  verb->add_option("--dask", a->dask,
                   "Address of a Dask scheduler, on whose workers members run (by the Python package)");
  verb->add_option("-o,--out", a->options.out, "Folder for the results (default: out/NAME)");
  verb->add_option("--rows", a->rows, "Best and worst variants shown per context (default: 10)");
  verb->add_flag("--plan", a->plan_only,
                 "Check the study, say how many members it has (later stages: at most), and run nothing");
  verb->add_option("--format", a->format, "text, or json to stdout")->check(CLI::IsMember({"text", "json"}));
  verb->add_option("--progress", a->progress, "auto, json or none")->check(CLI::IsMember({"auto", "json", "none"}));
  verb->footer(
      "Examples:\n  senoma screen study.toml --profile quick\n  senoma screen study.toml --only NAME,OTHER -s study.seeds=16 -j 4\n  senoma screen study.toml --dask tcp://HOST:8786\n"
      "The same command goes on with an unfinished study, also after it was killed, and ends with the same tables. A member\n"
      "that fails is recorded with its reason, the study goes on, and the exit code is 3.\n"
      "A study with [[study.stage]] screens all targets first and confirms the best in its next stages, one folder each.");
  verb->callback([a, &program] { program.run = [a, &program] { return screen(*a, program); }; });
}

}  // namespace senoma::cli
