#include "study/study_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "results/run_folder.h"
#include "study/build_info.h"
#include "study/catalogue_writer.h"
#include "study/mechanism.h"
#include "study/ranking.h"
#include "study/robustness.h"
#include "study/screen_findings.h"
#include "study/study_queue.h"
#include "study/study_record.h"
#include "study/study_report.h"
#include "study/study_runner.h"

namespace senoma::study {
namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

results::Manifest first_manifest_of(const StudyPlan& plan, int jobs) {
  results::Manifest m;
  m.senoma_version = program_version();
  m.versions = library_versions();
  m.instruction_set = instruction_set();
  m.title = plan.title;
  m.model_file = fs::path(plan.spec.file).filename().string();
  m.arm = plan.spec.arm;
  m.profile = plan.options.profile;
  m.overrides = plan.options.overrides;
  m.model_hash = plan.hash;
  m.seed = plan.spec.first_seed;
  m.threads = jobs;
  m.end_time = plan.models.front().description.duration;
  return m;
}

/// run.json: that of a run, with what makes it a study.
std::string study_json(const results::Manifest& manifest, const StudyPlan& plan) {
  json root = json::parse(results::to_json(manifest));
  root["kind"] = "study";
  json names = json::array(), fidelities = json::array();
  for (const auto& context : plan.spec.contexts) names.push_back(context.name);
  for (const auto& fidelity : plan.spec.fidelities) fidelities.push_back(fidelity.name);
  root["study"] = {{"question", plan.question},  {"experiment", fs::path(plan.spec.experiment).filename().string()},
                   {"fidelities", fidelities},   {"contexts", names},
                   {"seeds", plan.spec.n_seeds}, {"variants", plan.variants.size()}};
  if (const auto& stage = plan.options.stage) {
    root["study"]["stage"] = {{"number", stage->stage + 1}, {"of", plan.spec.stages.size()}};
  }
  if (has_draws(plan)) {
    const auto units = draws_of_replicates(plan.spec);
    json keys = json::array();
    for (const auto& drawn : drawn_values(plan, 0, 0)) keys.push_back(drawn.name);
    root["study"]["draws"] = {{"from", draw_source(plan.spec)}, {"of_replicates", units}, {"values", keys}};
  }
  return root.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

results::RunFolder open_folder(const StudyPlan& plan, const results::Manifest& manifest) {
  std::error_code ignored;
  if (!fs::exists(plan.out / "run.json", ignored)) return results::RunFolder::create(plan.out, manifest);
  const auto old = results::read_manifest(plan.out);
  const auto refuse = [&](const std::string& what) {
    return Error("E8203", "'" + plan.out.string() + "' " + what, ErrorKind::input_output)
        .help("choose another folder with --out, or move this one away");
  };
  if (old.senoma_version != manifest.senoma_version)
    throw refuse("holds a study of Senoma " + old.senoma_version + ", this is " + manifest.senoma_version);
  if (old.model_hash != plan.hash)
    throw refuse("holds another study, or a run (plan " + old.model_hash + ", this one is " + plan.hash +
                 "): its models, variants or outcomes differ");
  return results::RunFolder::reopen(plan.out, plan.hash, true);
}

/// The members to be run now; throws E8202.
std::vector<bool> wanted_variants(const StudyPlan& plan, const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const auto& actor : plan.spec.actors) names.push_back(actor.name);
  for (const auto& name : only) {
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw unknown_in_study("target or drug", {name, {}}, names);
  }
  std::vector<bool> wanted;
  for (const auto& v : plan.variants) {
    wanted.push_back(only.empty() || std::all_of(v.actors.begin(), v.actors.end(), [&](std::size_t a) {
                       return std::find(only.begin(), only.end(), names[a]) != only.end();
                     }));
  }
  return wanted;
}

/// What comes in, from own threads or from elsewhere, one member at a time: record, catalogue, progress.
class Intake {
 public:
  Intake(const StudyPlan& plan, const RunStudyOptions& options, CatalogueWriter& writer,
         std::vector<std::optional<results::CatalogueMember>>& rows, std::size_t missing)
      : plan_(plan), options_(options), writer_(writer), rows_(rows) {
    progress_.total = missing;
    for (const auto& row : rows) {
      if (!row) continue;
      ++progress_.total;
      ++progress_.done;
      progress_.failed += row->status == "failed" ? 1U : 0U;
    }
  }

  /// From any thread. Whether to go on: not when the catalogue cannot be written, whose finish() says why.
  bool take(std::size_t member, results::CatalogueMember row) {
    write_record(plan_.out, plan_.members[member], row);
    writer_.add(row);
    const std::lock_guard lock(mutex_);
    ++simulated_;
    ++progress_.done;
    progress_.failed += row.status == "failed" ? 1U : 0U;
    rows_[member] = std::move(row);
    progress_.wall_seconds = seconds_since(start_);
    progress_.seconds_left = progress_.wall_seconds / static_cast<double>(simulated_) *
                             static_cast<double>(progress_.total - progress_.done);
    if (options_.progress) options_.progress(progress_);
    return !writer_.broken();
  }

  [[nodiscard]] bool stopped() const { return writer_.broken() || (options_.stop && options_.stop->load()); }
  [[nodiscard]] std::size_t simulated() const { return simulated_; }

 private:
  const StudyPlan& plan_;
  const RunStudyOptions& options_;
  CatalogueWriter& writer_;
  std::vector<std::optional<results::CatalogueMember>>& rows_;
  std::mutex mutex_;
  StudyProgress progress_;
  std::size_t simulated_ = 0;
  Clock::time_point start_ = Clock::now();
};

/// Has the members run by somebody else.
void run_elsewhere(const StudyPlan& plan, const RunStudyOptions& options, const std::vector<std::size_t>& missing,
                   Intake& intake) {
  StudyWork work;
  work.request = study_request(plan);
  std::map<std::string, std::size_t> members;  // that are still to come
  for (const auto& group : by_beginning(plan, missing)) {
    auto& names = work.groups.emplace_back();
    for (const std::size_t k : group) {
      names.push_back(record_name(plan.members[k]));
      members.emplace(names.back(), k);
    }
  }
  work.stopped = [&] { return intake.stopped(); };
  work.note = options.note;
  work.deliver = [&](const std::string& name, const std::string& record) {
    const auto at = members.find(name);
    if (at == members.end()) return;  // it came before, from a worker that was thought lost
    auto row = parse_record(record, plan, plan.members[at->second]);
    if (!row)
      throw Error("E8205", "what a worker gave back for the member " + name + " is damaged, or of another member",
                  ErrorKind::input_output)
          .help("what came before is kept; the same command goes on");
    intake.take(at->second, std::move(*row));
    members.erase(at);
  };
  options.execute(work);
}

}  // namespace

StudyResult run_study(const StudyPlan& plan, const RunStudyOptions& options) {
  const auto start = Clock::now();
  const auto wanted = wanted_variants(plan, options.only);
  if (options.execute && plan.spec.keep_folders)
    throw Error("E8201",
                "keep = \"folders\" keeps the folders of members beside the study, and its members run elsewhere")
        .at({plan.spec.file, 0, 0, 0})
        .help("leave out `keep`, or run the study on this machine");
  auto manifest = first_manifest_of(plan, options.jobs);
  const auto folder = open_folder(plan, manifest);
  results::make_folders(plan.out / "members");
  folder.write_text("run.json", study_json(manifest, plan));

  std::vector<std::optional<results::CatalogueMember>> rows(plan.members.size());
  std::vector<std::size_t> missing;
  std::size_t found = 0, damaged = 0;
  std::error_code ignored;
  for (std::size_t k = 0; k < plan.members.size(); ++k) {
    rows[k] = read_record(plan.out, plan, plan.members[k]);
    found += rows[k] ? 1U : 0U;
    damaged += !rows[k] && fs::exists(plan.out / record_file(plan.members[k]), ignored) ? 1U : 0U;
    if (!rows[k] && wanted[plan.members[k].variant]) missing.push_back(k);
  }
  if (options.note && found + damaged > 0)
    options.note(fmt::format("{} of {} members have run already, {} are run now{}", found, plan.members.size(),
                             missing.size(),
                             damaged ? fmt::format("; {} damaged records are made anew", damaged) : std::string()));

  StudyResult result;
  {
    std::vector<results::CatalogueMember> before;
    for (const auto& row : rows) {
      if (row) before.push_back(*row);
    }
    const std::map<std::string, std::string> about{
        {"title", plan.title}, {"question", plan.question}, {"plan", plan.hash}, {"version", program_version()}};
    CatalogueWriter writer(plan.out / "study.sqlite", about, plan.catalogue_variants(), plan.outcomes.columns, before);
    Intake intake(plan, options, writer, rows, missing.size());
    if (options.execute && !missing.empty()) {
      run_elsewhere(plan, options, missing, intake);
    } else {
      StudyModels models(plan);
      run_members(models, missing, static_cast<std::size_t>(std::max(1, options.jobs)), options.stop,
                  [&](std::size_t k, results::CatalogueMember row) { return intake.take(k, std::move(row)); });
    }
    writer.finish();
    result.simulated = intake.simulated();
  }
  for (const std::size_t k : missing) result.stopped |= !rows[k].has_value();
  result.total = plan.members.size();
  for (auto& row : rows) {
    if (!row) continue;
    result.failed += row->status == "failed" ? 1U : 0U;
    result.members.push_back(std::move(*row));
  }
  const auto variants = plan.catalogue_variants();
  folder.write_text("variants.csv", results::variants_csv(variants));
  folder.write_text("members.csv", results::members_csv(result.members, plan.outcomes.columns));
  const auto rankings = rank(plan, result.members);
  folder.write_text("ranking.csv", ranking_csv(rankings, plan));
  const auto findings = screen_findings(plan, result.members);
  folder.write_text("flips.csv", flips_csv(findings, plan));
  folder.write_text("pairs.csv", pairs_csv(findings, plan));
  folder.write_text("shapley.csv", shapley_csv(findings, plan));
  folder.write_text("mechanism.csv", mechanism_csv(mechanism_rows(plan, result.members), plan));
  folder.write_text("survival.csv", survival_csv(findings, plan));
  folder.write_text("stability.csv", stability_csv(findings, plan));
  if (has_draws(plan)) {
    folder.write_text("draws.csv", draws_csv(plan));
    folder.write_text("robustness.csv", robustness_csv(robustness(plan, result.members), plan));
  }
  folder.write_text("report.html", results::render_html(study_report(plan, result.members, rankings, findings)));
  result.wall_seconds = seconds_since(start);
  manifest.status = result.stopped || result.members.size() < result.total ? results::RunStatus::stopped
                    : result.failed > 0                                    ? results::RunStatus::failed
                                                                           : results::RunStatus::finished;
  if (result.failed > 0) manifest.error = fmt::format("{} members failed, see members.csv", result.failed);
  manifest.wall_seconds = result.wall_seconds;
  manifest.peak_memory_bytes = results::peak_memory_bytes();
  folder.write_text("run.json", study_json(manifest, plan));
  return result;
}

}  // namespace senoma::study
