#include "study/study_stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <numeric>

#include "results/files.h"
#include "study/experiment.h"
#include "study/stages_report.h"

namespace senoma::study {
namespace fs = std::filesystem;

namespace {

/// Members of a stage when those actors come in that have the most variants. `plan` has all actors and no pairs but
/// those of paths.
std::size_t most_members_of(const StudySpec& spec, const StudyStage& stage, const StudyPlan& plan, std::size_t come_in,
                            std::size_t listed_pairs) {
  std::vector<std::size_t> variants(plan.spec.actors.size(), 0);
  std::size_t others = 0;
  for (const auto& v : plan.variants) {
    if (v.actors.size() == 1)
      ++variants[v.actors[0]];
    else
      ++others;
  }
  std::sort(variants.begin(), variants.end(), std::greater<>());
  const std::size_t n = std::min(come_in, variants.size());
  std::size_t all =
      others + std::accumulate(variants.begin(), variants.begin() + static_cast<std::ptrdiff_t>(n), std::size_t{0});
  if (stage.pairs.value_or(true)) all += listed_pairs;
  if (stage.pairs.value_or(false)) all += n * (n - 1) / 2;
  return all * plan.spec.contexts.size() * seeds_of(spec, stage);
}

/// Without the pairs that a stage makes of all that came in: of all that might come in they would be very many.
StudyOptions check_options(const StudyOptions& options, std::size_t stage, std::vector<std::string> actors) {
  StudyOptions result = options;
  result.stage = StageChoice{stage, std::move(actors), true};
  return result;
}

void refuse_other_folder(const fs::path& out) {
  std::error_code ignored;
  if (fs::exists(out / "run.json", ignored))
    throw Error("E8203", "'" + out.string() + "' holds a run, or a study without stages", ErrorKind::input_output)
        .help("choose another folder with --out, or move this one away");
}

std::string stages_csv(const std::vector<StageRun>& stages, const StudySpec& spec) {
  std::string csv =
      "stage,fidelity,actor,kind,kept,because,context,variant,level,timing,score,score_low,score_high,pairs\n";
  for (std::size_t k = 0; k < stages.size(); ++k) {
    const auto& run = stages[k];
    for (const auto& a : run.actors) {
      csv += results::csv_cell(spec.stages[k].name) + "," + results::csv_cell(run.plan.spec.fidelities[0].name) + "," +
             results::csv_cell(a.name) + "," + (a.drug ? "drug" : "target") + (a.kept ? ",1," : ",0,") +
             results::csv_cell(a.because);
      if (!a.known) {
        csv += ",,,nan,,nan,nan,nan,0\n";
        continue;
      }
      const auto& variant = run.plan.variants[a.variant];
      csv += "," + results::csv_cell(run.plan.spec.contexts[a.context].name) + "," + results::csv_cell(variant.name) +
             fmt::format(",{},", variant.levels[0]) + results::csv_cell(variant.timing) +
             fmt::format(",{},{},{},{}\n", a.score.centre, a.score.low, a.score.high, a.score.n);
    }
  }
  return csv;
}

std::string agreement_csv(const std::vector<StageRun>& stages) {
  std::string csv =
      "actor,context,level,timing,score_before,score_before_low,score_before_high,score_after,score_after_low,"
      "score_after_high,sign_before,sign_after\n";
  const auto agreement = last_agreement(stages);
  for (const auto& p : agreement.points)
    csv += results::csv_cell(p.actor) + "," + results::csv_cell(p.context) + fmt::format(",{},", p.level) +
           results::csv_cell(p.timing) +
           fmt::format(",{},{},{},{},{},{},{},{}\n", p.before.centre, p.before.low, p.before.high, p.after.centre,
                       p.after.low, p.after.high, p.sign_before, p.sign_after);
  return csv;
}

void write_overview(const StagesPlan& plan, const StagesResult& result) {
  results::replace_file(plan.out / "stages.csv", stages_csv(result.stages, plan.spec));
  results::replace_file(plan.out / "agreement.csv", agreement_csv(result.stages));
  results::replace_file(plan.out / "report.html", results::render_html(stages_report(plan, result.stages)));
}

/// Names that go on from a stage, with those that `always` brings in although an earlier stage left them.
std::vector<std::string> next_actors(const StageRun& run, const StudyStage& stage) {
  std::vector<std::string> names;
  for (const auto& a : run.actors) {
    if (a.kept) names.push_back(a.name);
  }
  for (const auto& name : stage.always) {
    if (std::find(names.begin(), names.end(), name.text) == names.end()) names.push_back(name.text);
  }
  if (names.empty())
    throw Error("E8204", "no target or drug of the stage '" + stage.name + "' has a score, so none can go on",
                ErrorKind::numerical)
        .help("members.csv in '" + run.plan.out.string() + "' says why its members failed");
  return names;
}

}  // namespace

bool has_stages(const StudyOptions& options, std::map<std::string, std::string>* sources) {
  return !read_study(options.file, options.profile, options.overrides, sources).stages.empty();
}

StagesPlan plan_stages(const StudyOptions& options, std::map<std::string, std::string>* sources) {
  StagesPlan plan;
  plan.options = options;
  plan.options.out = options.out.empty() ? default_folder(options) : options.out;
  plan.out = plan.options.out;
  plan.spec = read_study(options.file, options.profile, options.overrides, sources);
  const auto& stages = plan.spec.stages;
  if (stages.empty())
    throw Error("E8201", "the study has no stages").at({options.file, 0, 0, 0}).help("write [[study.stage]]");
  std::vector<std::string> all;
  for (const auto& actor : plan.spec.actors) all.push_back(actor.name);
  std::size_t listed_pairs = 0;
  for (const auto& pair : plan.spec.pairs) listed_pairs += pair.of.size() * (pair.of.size() - 1) / 2;
  std::size_t come_in = all.size();
  for (std::size_t k = 0; k < stages.size(); ++k) {
    if (k == 0) {
      StudyOptions first = plan.options;
      first.stage = StageChoice{0, all, false};
      plan.first = plan_study(first, sources);
      plan.most_members.push_back(plan.first.members.size());
    } else {
      const StudyPlan upper = plan_study(check_options(plan.options, k, all), sources);
      plan.most_members.push_back(most_members_of(plan.spec, stages[k], upper, come_in, listed_pairs));
    }
    come_in = stages[k].keep.value_or(0) + stages[k].always.size();
    if (k + 1 < stages.size()) {
      for (const auto& path : plan.spec.paths) {
        if (stages[k + 1].all_paths || !stages[k + 1].paths_of.empty()) come_in += path.of.size();
      }
    }
  }
  const auto& model = plan.first.models.front();
  plan.title = plan.spec.title.empty() ? model.experiment.title : plan.spec.title;
  plan.question = plan.first.question;
  return plan;
}

StagesResult run_stages(const StagesPlan& plan, const RunStudyOptions& options) {
  if (!options.only.empty())
    throw Error("E8201", "some targets alone cannot be run in a study with stages: who goes on is chosen among all")
        .help("leave --only out, or write only_targets in a profile of the study");
  refuse_other_folder(plan.out);
  const auto start = std::chrono::steady_clock::now();
  StagesResult result;
  result.out = plan.out;
  std::vector<std::string> actors;
  for (const auto& actor : plan.spec.actors) actors.push_back(actor.name);
  for (std::size_t k = 0; k < plan.spec.stages.size(); ++k) {
    const StudyStage& stage = plan.spec.stages[k];
    const std::string folder = fmt::format("{}-{}", k + 1, slug(stage.name));
    StageRun& run = result.stages.emplace_back();
    run.folder = folder;
    StudyOptions of_stage = plan.options;
    of_stage.out = plan.out / folder;
    of_stage.stage = StageChoice{k, actors, false};
    run.plan = plan_study(of_stage);
    RunStudyOptions staged = options;
    if (options.progress) {
      staged.progress = [&](const StudyProgress& p) {
        StudyProgress named = p;
        named.stage = stage.name;
        options.progress(named);
      };
    }
    if (options.note) {
      options.note(fmt::format("stage {} of {}: {}, {} targets and drugs, {} members", k + 1, plan.spec.stages.size(),
                               stage.name, run.plan.spec.actors.size(), run.plan.members.size()));
    }
    run.result = run_study(run.plan, staged);
    run.rankings = rank(run.plan, run.result.members);
    result.simulated += run.result.simulated;
    result.failed += run.result.failed;
    result.stopped = run.result.stopped;
    // Members that are missing may change who is the best: nothing is chosen before all are there.
    StudyStage chosen = stage;
    if (result.stopped) chosen.keep.reset();
    run.actors = stage_actors(run.plan, chosen, run.rankings);
    write_overview(plan, result);
    if (result.stopped) break;
    if (k + 1 < plan.spec.stages.size()) actors = next_actors(run, stage);
  }
  result.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

StagesResult run_stages(const StudyOptions& options, const RunStudyOptions& run) {
  return run_stages(plan_stages(options), run);
}

}  // namespace senoma::study
