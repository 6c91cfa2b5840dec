#include "study/study_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "results/files.h"
#include "results/run_folder.h"
#include "study/robustness.h"
#include "study/study_draws.h"
#include "study/study_record.h"

namespace senoma::study {
namespace fs = std::filesystem;
using json = nlohmann::json;

namespace {

std::string row(const std::string& label, const std::string& text) { return fmt::format("  {:<12}{}\n", label, text); }

std::string joined(const std::vector<std::string>& texts, std::size_t most = 12) {
  std::string out;
  for (std::size_t k = 0; k < std::min(most, texts.size()); ++k) out += (k ? ", " : "") + texts[k];
  if (texts.size() > most) out += fmt::format(" … ({} in all)", texts.size());
  return out.empty() ? "none" : out;
}

std::string draws_text(const StudyPlan& plan) {
  const auto units = draws_of_replicates(plan.spec);
  const std::size_t n = *std::max_element(units.begin(), units.end());
  std::vector<std::string> names;
  for (const auto& drawn : drawn_values(plan, 0, 0)) names.push_back(drawn.name);
  std::string text = plan.spec.draws
                         ? fmt::format("{} of {} values from the {}", n, names.size(), draw_source(plan.spec))
                         : fmt::format("{} values, a patient per seed", names.size());
  if (plan.spec.draws && n < enough_draws)
    text += fmt::format(" (few: from {} draws on the report says what effects depend on)", enough_draws);
  return text + ": " + joined(names, 6);
}

std::string fixed_text(const StudyPlan& plan) {
  return fmt::format("{} values that are named have no prior and stay as they are: {}", plan.fixed_values.size(),
                     joined(plan.fixed_values, 6));
}

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

}  // namespace

bool is_study_file(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return false;
  try {
    return model::parse_toml(model::read_text(path), path).find("study") != nullptr;
  } catch (const Error&) {
    return false;
  }
}

bool is_study_folder(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_regular_file(folder / "run.json", ignored)) return false;
  const json root = json::parse(results::read_file(folder / "run.json"), nullptr, false);
  return root.is_object() && root.contains("kind") && root["kind"] == "study";
}

std::string plan_words(const StudyPlan& plan) {
  std::string text = fmt::format("{}: {} variants x {} contexts x {} seeds x {} fidelities = {} members\n", plan.title,
                                 plan.variants.size(), plan.spec.contexts.size(), plan.spec.n_seeds,
                                 plan.spec.fidelities.size(), plan.members.size());
  if (has_draws(plan)) text += "draws    " + draws_text(plan) + "\n";
  if (!plan.fixed_values.empty()) text += "         " + fixed_text(plan) + "\n";
  return text;
}

std::string plan_text(const StudyPlan& plan) {
  const auto names = [](const auto& list) {
    std::vector<std::string> texts;
    for (const auto& item : list) texts.push_back(item.name);
    return texts;
  };
  std::string text = plan.title + "\n";
  text += row("experiment", plan.spec.experiment + (plan.spec.arm.empty() ? "" : ", arm " + plan.spec.arm));
  if (!plan.spec.control.empty()) text += row("control", plan.spec.control);
  std::map<std::string, std::size_t> kinds;
  for (const auto& v : plan.variants) ++kinds[v.kind];
  std::string variants = fmt::format("{}:", plan.variants.size());
  for (const char* kind : {"none", "control", "target", "drug", "pair", "group", "subset"}) {
    if (kinds[kind]) variants += fmt::format(" {} {}", kinds[kind], kind);
  }
  text += row("variants", variants);
  text += row("contexts", joined(names(plan.spec.contexts)));
  if (plan.spec.fidelities.size() > 1) text += row("fidelities", joined(names(plan.spec.fidelities)));
  text += row("seeds", fmt::format("{} … {}", plan.spec.first_seed, plan.spec.first_seed + plan.spec.n_seeds - 1));
  if (has_draws(plan)) text += row("draws", draws_text(plan));
  if (!plan.fixed_values.empty()) text += row("", fixed_text(plan));
  std::vector<std::string> terms;
  for (const auto& term : plan.outcomes.objective)
    terms.push_back(plan.outcomes.columns[term.column].first + (term.higher_is_better ? " (higher)" : " (lower)"));
  text += row("objective", joined(terms));
  text += row("members", fmt::format("{}", plan.members.size()));
  text += row("plan", plan.hash);
  return text;
}

std::string stages_words(const StagesPlan& plan) {
  std::string text = fmt::format("{}: {} stages\n", plan.title, plan.spec.stages.size());
  for (std::size_t k = 0; k < plan.spec.stages.size(); ++k)
    text += fmt::format("         {}: {}{} members\n", plan.spec.stages[k].name, k > 0 ? "at most " : "",
                        plan.most_members[k]);
  return text;
}

std::string study_folder_text(const fs::path& folder) {
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
  if (done < all) text += "to go on    senoma screen " + manifest.model_file + " --out " + folder.string() + "\n";
  return text;
}

}  // namespace senoma::study
