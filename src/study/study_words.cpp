#include "study/study_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "study/robustness.h"
#include "study/study_draws.h"

namespace senoma::study {
namespace fs = std::filesystem;

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

}  // namespace senoma::study
