#include "verify/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "model/document.h"
#include "study/build_info.h"
#include "study/patients.h"
#include "verify/member_pool.h"

namespace senoma::verify {

namespace fs = std::filesystem;

bool FindingResult::passed() const {
  return complete && failure.empty() && !assertions.empty() &&
         std::all_of(assertions.begin(), assertions.end(), [](const FindingAssertion& a) { return a.verdict.passed; });
}

std::vector<fs::path> finding_folders(const fs::path& folder, const fs::path& models) {
  std::error_code ignored;
  std::vector<fs::path> folders;
  if (!folder.empty()) {
    const fs::path inside = folder / "experiments" / "findings";
    if (fs::is_directory(inside, ignored))
      folders.push_back(inside);
    else if (fs::is_directory(folder, ignored))
      folders.push_back(folder);
  } else {
    for (const auto& model : fs::directory_iterator(models, ignored)) {
      if (fs::is_directory(model.path() / "experiments" / "findings", ignored))
        folders.push_back(model.path() / "experiments" / "findings");
    }
    std::sort(folders.begin(), folders.end());
  }
  if (folders.empty())
    throw Error("E1504", folder.empty() ? "no model has findings" : "'" + folder.string() + "' is no folder")
        .help("name a folder of experiment files with [finding]: --folder DIR");
  return folders;
}

namespace {

std::string one_line(const Error& error) {
  std::string place;
  if (error.position() && !error.position()->file.empty()) {
    place = fs::path(error.position()->file).filename().string();
    if (error.position()->line > 0) place += fmt::format(":{}", error.position()->line);
    place += ": ";
  }
  return error.code() + ": " + place + error.message();
}

std::string text_in(const model::Value& table, const char* key) {
  const model::Value* value = table.find(key);
  return value && value->is_text() ? value->text : "";
}

/// One file's finding as its text says it; nothing when it states none.
std::optional<FindingResult> read_head(const fs::path& file) {
  FindingResult result;
  result.file = file;
  result.id = file.stem().string();
  try {
    std::map<std::string, std::string> sources;
    const auto document = model::compose(file.string(), {}, sources);
    const model::Value* finding = document.root.find("finding");
    if (!finding) return std::nullopt;
    if (const auto id = text_in(*finding, "id"); !id.empty()) result.id = id;
    result.claim = text_in(*finding, "claim");
    result.citation = text_in(*finding, "citation");
    result.published = text_in(*finding, "published");
    if (const auto role = text_in(*finding, "role"); !role.empty()) result.role = role;
  } catch (const Error& error) {
    result.failure = one_line(error);
    result.complete = true;
  }
  return result;
}

void fail(FindingResult& result, std::string why) {
  if (result.complete) return;
  result.failure = std::move(why);
  result.complete = true;
}

/// The ids kept for prediction, from the list nearest above the folder; none when there is no list.
std::optional<std::set<std::string>> predicted_ids(const fs::path& folder) {
  std::error_code ignored;
  fs::path at = fs::absolute(folder, ignored).lexically_normal();
  for (int level = 0; level < 4; ++level, at = at.parent_path()) {
    const fs::path file = at / "calibration" / "predicted-findings.toml";
    if (!fs::exists(file, ignored)) continue;
    const auto root = model::parse_toml(model::read_text(file.string()), file.string());
    std::set<std::string> ids;
    if (const auto* list = root.find("predicted")) {
      for (const auto& item : list->items) ids.insert(item.text);
    }
    return ids;
  }
  return std::nullopt;
}

void check_role(FindingResult& result) {
  try {
    const auto kept = predicted_ids(result.file.parent_path());
    if (!kept || kept->contains(result.id) == result.predicted()) return;
    fail(result, fmt::format("E1503: {} calls itself {}, but calibration/predicted-findings.toml {}", result.id,
                             result.role, result.predicted() ? "does not name it" : "keeps it for prediction"));
  } catch (const Error& error) {
    fail(result, one_line(error));
  }
}

/// A finding with its experiment and the members it waits for.
struct Work {
  FindingResult* result = nullptr;
  study::ExperimentPlan plan;
  study::Finding finding;
  std::vector<std::vector<std::size_t>>
      members;  ///< [arm][seed] → index in the pool; empty for an arm that is not measured
};

void plan_finding(Work& work, const FindingOptions& options) {
  study::ExperimentOptions experiment;
  experiment.file = work.result->file.string();
  work.plan = study::plan_experiment(experiment);
  const auto* finding = work.plan.arms.at(0).model.resolved.root.find("finding");
  if (options.seeds && finding && !finding->find("seeds_reason")) {
    experiment.n_seeds = options.seeds;
    work.plan = study::plan_experiment(experiment);
  }
  work.finding = study::read_finding(work.plan);
  work.result->fitted = work.finding.fitted;
  work.result->seeds = work.plan.seeds;
}

/// Loading takes longest for a scoreboard that is there already: side by side.
void plan_all(std::vector<Work>& all, const FindingOptions& options) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t k = next++; k < all.size(); k = next++) {
      if (all[k].result->complete) continue;
      try {
        plan_finding(all[k], options);
      } catch (const Error& error) {
        fail(*all[k].result, one_line(error));
      } catch (const std::exception& error) {
        fail(*all[k].result, error.what());
      }
    }
  };
  std::vector<std::thread> threads;
  for (int t = 1; t < options.threads; ++t) threads.emplace_back(work);
  work();
  for (auto& thread : threads) thread.join();
}

void judge_finding(Work& work, const MemberPool& pool) {
  FindingResult& result = *work.result;
  std::set<std::size_t> counted;
  std::vector<std::vector<study::TimeTable>> tables;
  for (const auto& arm : work.members) {
    tables.emplace_back();
    for (const std::size_t member : arm) {
      tables.back().push_back(study::read_member(pool.folder(member)).summary);
      for (auto k = std::optional(member); k; k = pool.donor_of(*k)) {
        if (counted.insert(*k).second) result.seconds += pool.seconds(*k);
      }
    }
  }
  std::vector<std::vector<double>> values;
  for (const auto& m : work.finding.measures) {
    values.emplace_back();
    for (std::size_t s = 0; s < work.plan.seeds.size(); ++s) {
      std::vector<double> arms;
      for (const std::size_t a : m.arms) arms.push_back(study::measure(m, tables[a][s]));
      values.back().push_back(m.doses.empty() ? arms[0] : study::dose_of_fraction(m.doses, arms, m.fraction));
    }
  }
  for (const auto& a : work.finding.assertions) {
    result.assertions.push_back(
        {a.name, a.text, a.unit, a.published, a.is_fraction, a.median, a.level, study::judge(work.finding, a, values)});
  }
  result.complete = true;
}

}  // namespace

std::vector<FindingResult> list_findings(const FindingOptions& options) {
  std::vector<FindingResult> results;
  std::error_code ignored;
  for (const auto& folder : options.folders) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (entry.path().extension() == ".toml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      if (auto result = read_head(file)) results.push_back(std::move(*result));
    }
  }
  if (results.empty())
    throw Error("E1504", "no file in '" + options.folders.at(0).string() + "' states a finding")
        .help("a finding is an experiment file with [finding]; name its folder with --folder");
  std::vector<std::string> names;
  for (const auto& r : results) names.push_back(r.id);
  const auto is = [](const FindingResult& r, const std::string& name) {
    return r.id == name || r.file.stem().string() == name;
  };
  for (const auto& name : options.only) {
    if (std::any_of(results.begin(), results.end(), [&](const FindingResult& r) { return is(r, name); })) continue;
    Error error("E1501", "no finding is called '" + name + "'");
    if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
    throw error.help("see them with: senoma verify --findings --list");
  }
  for (std::size_t k = 0; k < results.size(); ++k) {
    if (std::count(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(k), results[k].id) > 0)
      fail(results[k], "E1503: another file states a finding '" + results[k].id + "' too");
  }
  if (!options.only.empty()) {
    std::erase_if(results, [&](const FindingResult& r) {
      return std::none_of(options.only.begin(), options.only.end(), [&](const std::string& n) { return is(r, n); });
    });
  }
  return results;
}

std::vector<FindingResult> run_findings(const FindingOptions& options) {
  if (options.seeds && *options.seeds < study::least_seeds)
    throw Error("E8105", fmt::format("{} seeds are fewer than {}", *options.seeds, study::least_seeds))
        .help("a verdict rests on an interval over seeds");
  auto results = list_findings(options);
  std::vector<Work> all(results.size());
  for (std::size_t k = 0; k < results.size(); ++k) {
    all[k].result = &results[k];
    check_role(results[k]);
  }
  plan_all(all, options);
  MemberPool pool(options.out / "members" / study::program_version());
  for (auto& work : all) {
    if (work.result->complete) continue;
    std::set<std::size_t> measured;
    for (const auto& m : work.finding.measures) measured.insert(m.arms.begin(), m.arms.end());
    work.members.resize(work.plan.arms.size());
    for (const std::size_t a : measured) {
      const auto& arm = work.plan.arms[a];
      for (std::size_t s = 0; s < work.plan.seeds.size(); ++s) {
        const std::uint64_t seed = work.plan.seeds[s];
        work.members[a].push_back(
            pool.add(arm, s, seed, fmt::format("{} {}, seed {}", work.result->id, arm.arm.name, seed)));
      }
    }
  }
  const auto told = [&](const FindingResult& result) {
    if (result.complete && options.done) options.done(result);
  };
  for (auto& work : all) told(*work.result);
  // After each member: the findings that wait for nothing more.
  const auto settle = [&] {
    for (auto& work : all) {
      if (work.result->complete) continue;
      std::string failure;
      bool ready = true;
      for (const auto& arm : work.members) {
        for (const std::size_t member : arm) {
          ready = ready && pool.is_over(member);
          if (failure.empty()) failure = pool.failure(member);
        }
      }
      if (!ready) continue;
      try {
        if (failure.empty())
          judge_finding(work, pool);
        else
          fail(*work.result, failure);
      } catch (const Error& error) {
        fail(*work.result, one_line(error));
      }
      told(*work.result);
    }
  };
  pool.run({options.threads, options.stop, settle, options.progress});
  return results;
}

FindingTally tally(const std::vector<FindingResult>& results) {
  FindingTally sum;
  for (const auto& r : results) {
    ++sum.all;
    sum.passed += r.passed() ? 1U : 0U;
    sum.predicted += r.predicted() ? 1U : 0U;
    sum.predicted_passed += r.predicted() && r.passed() ? 1U : 0U;
    sum.not_run += r.complete ? 0U : 1U;
  }
  return sum;
}

}  // namespace senoma::verify
