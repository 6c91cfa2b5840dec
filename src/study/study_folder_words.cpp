#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "results/files.h"
#include "results/run_folder.h"
#include "study/study_record.h"
#include "study/study_words.h"

namespace senoma::study {
namespace fs = std::filesystem;
using json = nlohmann::json;

namespace {

struct Count {
  std::size_t done = 0, failed = 0;
};

struct Members {
  std::map<std::pair<std::string, std::string>, Count> counts;  // fidelity, context
  std::map<std::string, std::size_t> reasons;
};

/// From the records, which are there while the study runs; damaged ones count as missing, since they are made anew.
Members read_members(const fs::path& folder) {
  Members members;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder / "members", ignored)) {
    if (entry.path().extension() != ".json") continue;
    const std::string text = results::read_file(entry.path());
    const json root = json::parse(text.substr(0, text.find('\n')), nullptr, false);
    if (!root.is_object() || !root.contains("fidelity") || !root.contains("context") || !root.contains("status"))
      continue;
    Count& count = members.counts[{root["fidelity"].get<std::string>(), root["context"].get<std::string>()}];
    ++count.done;
    if (root["status"] != "failed") continue;
    ++count.failed;
    ++members.reasons[root.value("error", std::string("no reason is recorded"))];
  }
  return members;
}

json run_json(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_regular_file(folder / "run.json", ignored)) return {};
  return json::parse(results::read_file(folder / "run.json"), nullptr, false);
}

bool is_study(const json& run) { return run.is_object() && run.value("kind", std::string()) == "study"; }

/// Stages of a study (study_stages.h) in the folder, by their number.
std::map<std::size_t, fs::path> stage_folders(const fs::path& folder) {
  std::map<std::size_t, fs::path> stages;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const json run = run_json(entry.path());
    if (is_study(run) && run.value("study", json::object()).contains("stage"))
      stages.emplace(run["study"]["stage"].value("number", std::size_t{0}), entry.path());
  }
  return stages;
}

std::string to_go_on(const results::Manifest& manifest, const fs::path& out) {
  std::string text = "to go on    senoma screen " + manifest.model_file;
  if (!manifest.profile.empty()) text += " --profile " + manifest.profile;
  for (const auto& o : manifest.overrides) text += " --set '" + o + "'";
  return text + " --out " + out.string() + "\n";
}

std::string one_study_text(const fs::path& folder) {
  const auto manifest = results::read_manifest(folder);
  const json root = json::parse(results::read_file(folder / "run.json"), nullptr, false);
  std::vector<std::string> fidelities, contexts;
  std::size_t variants = 0, seeds = 0;
  std::string question, draws;
  try {
    const json& study = root.at("study");
    fidelities = study.at("fidelities").get<std::vector<std::string>>();
    contexts = study.at("contexts").get<std::vector<std::string>>();
    variants = study.at("variants").get<std::size_t>();
    seeds = study.at("seeds").get<std::size_t>();
    question = study.value("question", std::string());
    if (study.contains("draws")) {
      const auto of = study.at("draws").at("of_replicates").get<std::vector<std::uint32_t>>();
      draws =
          fmt::format("{} of {} values ({})", of.empty() ? 0U : std::set<std::uint32_t>(of.begin(), of.end()).size(),
                      study.at("draws").at("values").size(), study.at("draws").at("from").get<std::string>());
    }
  } catch (const json::exception& e) {
    throw Error("E6006", "'" + (folder / "run.json").string() + "' is damaged: " + e.what(), ErrorKind::input_output)
        .help("restore it from a copy");
  }
  auto members = read_members(folder);
  const std::size_t each = variants * seeds, all = each * fidelities.size() * contexts.size();
  std::size_t done = 0, failed = 0;
  for (const auto& [setting, count] : members.counts) done += count.done, failed += count.failed;
  std::string text = manifest.title + "\n" + (question.empty() ? "" : question + "\n");
  text += fmt::format("status      {}\nmembers     {} of {} done, {} of them failed, {} missing\n",
                      results::name(manifest.status), done, all, failed, all - std::min(all, done));
  text += fmt::format("plan        {} variants x {} contexts x {} seeds x {} fidelities, hash {}\n", variants,
                      contexts.size(), seeds, fidelities.size(), manifest.model_hash);
  if (!draws.empty()) text += "draws       " + draws + "\n";
  text += fmt::format("study file  {}\nprogram     senoma {}, {}\n", manifest.model_file, manifest.senoma_version,
                      manifest.instruction_set);
  for (const auto& fidelity : fidelities) {
    for (const auto& context : contexts) {
      const Count count = members.counts[{fidelity, context}];
      text += fmt::format("context     {:<32} {:>6} done {:>6} failed {:>6} missing\n",
                          fidelities.size() > 1 ? context + ", " + fidelity : context, count.done, count.failed,
                          each - std::min(each, count.done));
    }
  }
  std::vector<std::pair<std::size_t, std::string>> reasons;
  for (const auto& [reason, n] : members.reasons) reasons.emplace_back(n, reason);
  std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t k = 0; k < std::min<std::size_t>(3, reasons.size()); ++k)
    text += fmt::format("failed      {} times: {}\n", reasons[k].first, reasons[k].second);
  std::error_code ignored;
  if (fs::exists(folder / "report.html", ignored)) text += "report      " + (folder / "report.html").string() + "\n";
  if (done < all) text += to_go_on(manifest, root.at("study").contains("stage") ? folder.parent_path() : folder);
  return text;
}

}  // namespace

bool is_study_folder(const fs::path& folder) { return is_study(run_json(folder)) || !stage_folders(folder).empty(); }

std::string study_folder_text(const fs::path& folder) {
  const auto stages = stage_folders(folder);
  if (stages.empty()) return one_study_text(folder);
  std::string text;
  std::size_t of = 0;
  for (const auto& [number, path] : stages) {
    of = run_json(path)["study"]["stage"].value("of", stages.size());
    text += fmt::format("stage {} of {}\n{}\n", number, of, one_study_text(path));
  }
  std::error_code ignored;
  if (stages.size() < of) text += fmt::format("{} of {} stages have begun\n", stages.size(), of);
  if (fs::exists(folder / "report.html", ignored)) text += "report      " + (folder / "report.html").string() + "\n";
  return text;
}

}  // namespace senoma::study
