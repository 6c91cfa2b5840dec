// What robustness.h computes, in words and tables.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "study/robustness.h"

namespace senoma::study {

namespace {

using namespace results;

const Ranking& ranking_of(const Robustness& of, std::span<const Ranking> rankings, const StudyPlan& plan) {
  return rankings[of.fidelity * plan.spec.contexts.size() + of.context];
}

const Robustness::Variant* find(const Robustness& of, std::size_t variant) {
  for (const auto& v : of.variants) {
    if (v.variant == variant) return &v;
  }
  return nullptr;
}

std::string heading(const Robustness& of, const StudyPlan& plan) {
  const std::string& context = plan.spec.contexts[of.context].label;
  return plan.spec.fidelities.size() > 1 ? context + ", " + plan.spec.fidelities[of.fidelity].name : context;
}

/// "94 %|85–98".
std::string share_cell(const SignRobustness& sign) {
  if (std::isnan(sign.share)) return "-";
  return fmt::format("{:.0f} %|{:.0f}–{:.0f}", 100 * sign.share, 100 * sign.low, 100 * sign.high);
}

bool beyond_chance(const SignOverDraws& o) {
  return !o.depends.empty() && std::abs(o.depends[0].correlation) > o.by_chance;
}

/// The values that stand out from chance; the others add nothing.
std::string depends_cell(const SignOverDraws& o) {
  std::string text;
  for (const auto& d : o.depends) {
    if (std::abs(d.correlation) > o.by_chance)
      text += (text.empty() ? "" : "; ") + fmt::format("{} ({:+.2f})", d.name, d.correlation);
  }
  if (text.empty() && !o.depends.empty())
    text = fmt::format("none beyond chance (largest: {}, {:+.2f})", o.depends[0].name, o.depends[0].correlation);
  return text.empty() ? "-" : text;
}

ReportTable table_of(const Robustness& of, const Ranking& ranking, const StudyPlan& plan) {
  ReportTable table;
  table.title = heading(of, plan);
  table.columns = {{"variant", "", false}, {"mean", ""}, {"gain: same sign", ""}};
  const bool several = plan.outcomes.objective.size() > 1;
  for (const auto& term : plan.outcomes.objective) {
    if (several) table.columns.push_back({plan.outcomes.columns[term.column].first + ": same sign", ""});
  }
  table.columns.push_back({"the gain depends most on (rank correlation)", "", false});
  std::size_t fewest = of.n_draws;
  double chance = 0;
  for (const auto& ranked : ranking.variants) {
    const auto* variant = find(of, ranked.variant);
    if (!variant || variant->outcomes[0].sign.n_draws == 0) continue;
    const auto& gain = variant->outcomes[0];
    fewest = std::min(fewest, gain.sign.n_draws);
    if (!std::isnan(gain.by_chance)) chance = std::max(chance, gain.by_chance);
    std::vector<std::string> row{plan.variants[ranked.variant].name, short_number(gain.mean), share_cell(gain.sign)};
    for (std::size_t k = 1; several && k < variant->outcomes.size(); ++k)
      row.push_back(share_cell(variant->outcomes[k].sign));
    row.push_back(depends_cell(gain));
    table.rows.push_back(std::move(row));
  }
  if (chance > 0)
    table.notes.push_back(fmt::format(
        "of unrelated values, the largest rank correlation exceeds {:.2f} in one of ten cases by chance", chance));
  if (fewest < enough_draws)
    table.notes.push_back(
        fmt::format("{} draws are few: below {}, rank correlations say little", fewest, enough_draws));
  table.searchable = table.rows.size() > 12;
  return table;
}

}  // namespace

std::string robustness_words(std::span<const Robustness> list, std::span<const Ranking> rankings,
                             const StudyPlan& plan) {
  std::string text;
  for (const auto& of : list) {
    const auto& variants = ranking_of(of, rankings, plan).variants;
    const auto* first = variants.empty() || variants[0].score.n == 0 ? nullptr : find(of, variants[0].variant);
    if (!first || std::isnan(first->outcomes[0].sign.share)) continue;
    const auto& gain = first->outcomes[0];
    text += fmt::format("draws    {}: {} keeps its sign in {:.0f} % of {} draws ({:.0f} to {:.0f})", heading(of, plan),
                        plan.variants[first->variant].name, 100 * gain.sign.share, gain.sign.n_draws,
                        100 * gain.sign.low, 100 * gain.sign.high);
    if (beyond_chance(gain))
      text += fmt::format("; depends most on {} ({:+.2f})", gain.depends[0].name, gain.depends[0].correlation);
    text += "\n";
  }
  return text;
}

ReportSection robustness_section(std::span<const Robustness> list, std::span<const Ranking> rankings,
                                 const StudyPlan& plan) {
  ReportSection section{"Does it hold over the " + draw_source(plan.spec) + "?", {}};
  if (list.empty()) return section;
  std::vector<ReportTable> tables;
  for (const auto& of : list) {
    tables.push_back(table_of(of, ranking_of(of, rankings, plan), plan));
    if (tables.back().rows.empty()) tables.pop_back();
  }
  if (tables.empty()) return section;
  Prose words;
  words.paragraphs.push_back(
      "Share of parameter draws in which the effect has the sign of its mean, with Wilson's 90 % interval; all variants "
      "have the same draws. The score is without what only a loss counts for. Noise of seeds turns signs too, so for "
      "strong effects the share is a lower bound, and of an effect that is not clear it says nothing.");
  section.blocks.emplace_back(std::move(words));
  section.blocks.emplace_back(std::move(tables.front()));
  if (tables.size() == 1) return section;
  Details rest{"Other contexts", {}};
  for (std::size_t k = 1; k < tables.size(); ++k) rest.blocks.emplace_back(std::move(tables[k]));
  section.blocks.emplace_back(std::move(rest));
  return section;
}

}  // namespace senoma::study
