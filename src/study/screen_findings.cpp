#include "study/screen_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "study/study_draws.h"

namespace senoma::study {
namespace {

/// In points of the objective. A target that acts on nothing after a time leaves tiny differences, always of one sign.
constexpr double least_gain = 0.01;

std::optional<std::size_t> column_named(const StudyPlan& plan, const std::string& name) {
  for (std::size_t c = 0; c < plan.outcomes.columns.size(); ++c) {
    if (plan.outcomes.columns[c].first == name) return c;
  }
  return std::nullopt;
}

/// The target variants of an actor with a level and timing of their own.
FlipFamily family_of(const StudyPlan& plan, const std::string& kind, std::span<const PairedOutcomes> contexts,
                     const UnitResamples& resamples) {
  FlipFamily family;
  family.what = kind + "s";
  std::map<std::pair<std::size_t, double>, std::vector<std::size_t>> candidates;  // variants by actor and level
  for (std::size_t v = 0; v < plan.variants.size(); ++v) {
    const auto& variant = plan.variants[v];
    if (variant.kind != kind) continue;
    const double level = std::isnan(variant.levels[0]) ? 0.0 : variant.levels[0];
    candidates[{variant.actors[0], level}].push_back(v);
  }
  for (const auto& [key, variants] : candidates) {
    FlipCandidate candidate;
    candidate.name = plan.spec.actors[key.first].name;
    if (kind == "target") candidate.name += fmt::format(" {:g}%", 100.0 * key.second);
    for (std::size_t c = 0; c < contexts.size(); ++c) {
      for (const std::size_t v : variants)
        candidate.situations.push_back({plan.spec.contexts[c].label,
                                        variants.size() > 1 ? plan.variants[v].timing : std::string(),
                                        contexts[c].gain(v)});
    }
    family.variants.push_back(variants.front());
    family.candidates.push_back(std::move(candidate));
  }
  family.flips = sign_flips(family.candidates, resamples, 0.1, FalseDiscovery::benjamini_hochberg, 0.9, least_gain);
  return family;
}

/// An actor alone at its levels, with the timing of a pair; nothing where it was not run so.
std::optional<SingleAgent> alone(const StudyPlan& plan, std::size_t actor, const std::string& timing,
                                 const PairedOutcomes& outcomes, std::size_t burden, const UnitResamples& resamples) {
  std::map<double, std::size_t> variants;
  for (std::size_t v = 0; v < plan.variants.size(); ++v) {
    const auto& variant = plan.variants[v];
    if (variant.actors != std::vector{actor} || (variant.kind == "target" && variant.timing != timing)) continue;
    variants[std::isnan(variant.levels[0]) ? 1.0 : variant.levels[0]] = v;
  }
  variants.erase(0.0);
  if (variants.empty()) return std::nullopt;
  SingleAgent agent;
  agent.name = plan.spec.actors[actor].name;
  for (const auto& [level, v] : variants) {
    agent.level.push_back(level);
    agent.effect.push_back(fraction_removed(outcomes.of(v, burden), outcomes.of(0, burden), resamples));
  }
  return agent;
}

void add_pairs(const StudyPlan& plan, std::size_t context, const PairedOutcomes& outcomes, std::size_t burden,
               const UnitResamples& resamples, std::vector<PairFinding>& pairs) {
  for (std::size_t v = 0; v < plan.variants.size(); ++v) {
    const auto& variant = plan.variants[v];
    if (variant.kind != "pair") continue;
    const auto a = alone(plan, variant.actors[0], variant.timing, outcomes, burden, resamples);
    const auto b = alone(plan, variant.actors[1], variant.timing, outcomes, burden, resamples);
    const double level_a = std::isnan(variant.levels[0]) ? 1.0 : variant.levels[0];
    const double level_b = std::isnan(variant.levels[1]) ? 1.0 : variant.levels[1];
    if (!a || !b || level_a > a->level.back() || level_b > b->level.back() || level_a <= 0.0 || level_b <= 0.0)
      continue;
    PairFinding pair{context, v, variant.actors[0], variant.actors[1], {}};
    pair.synergy = pair_synergy(*a, level_a, *b, level_b,
                                fraction_removed(outcomes.of(v, burden), outcomes.of(0, burden), resamples));
    if (plan.spec.actors[pair.a].drug || plan.spec.actors[pair.b].drug) {
      pair.synergy.loewe = {};
      pair.synergy.loewe.interval = {std::nan(""), std::nan(""), std::nan(""), 0};
      pair.synergy.loewe.reason = "the dose of a drug is not graded";
    }
    pairs.push_back(std::move(pair));
  }
}

SurvivalCurve survival_of(const StudyPlan& plan, const PairedOutcomes& outcomes, std::size_t variant) {
  const auto& time = outcomes.of(variant, *column_named(plan, "time to failure"));
  const auto& relapsed = outcomes.of(variant, *column_named(plan, "relapsed"));
  const auto& regressed = outcomes.of(variant, *column_named(plan, "regressed"));
  std::vector<FollowUp> list;
  for (std::size_t s = 0; s < time.size(); ++s) {
    if (std::isnan(time[s])) continue;
    list.push_back({time[s], relapsed[s] > 0.0 || regressed[s] == 0.0});
  }
  return kaplan_meier(list);
}

}  // namespace

std::size_t ScreenFindings::n_flips() const {
  return std::accumulate(families.begin(), families.end(), std::size_t{0},
                         [](std::size_t n, const FlipFamily& f) { return n + f.flips.n_flagged(); });
}

std::vector<ScreenFindings> screen_findings(const StudyPlan& plan, std::span<const results::CatalogueMember> members) {
  const UnitResamples resamples = study_resamples(plan);
  const auto burden = column_named(plan, "mean burden");
  std::vector<ScreenFindings> all;
  for (std::size_t f = 0; f < plan.spec.fidelities.size(); ++f) {
    ScreenFindings findings;
    findings.fidelity = f;
    findings.n_units = resamples.n_units();
    std::vector<PairedOutcomes> contexts;
    for (std::size_t c = 0; c < plan.spec.contexts.size(); ++c) contexts.emplace_back(plan, members, f, c);
    for (const char* kind : {"target", "drug"}) {
      auto family = family_of(plan, kind, contexts, resamples);
      if (!family.candidates.empty()) findings.families.push_back(std::move(family));
    }
    for (std::size_t c = 0; c < contexts.size(); ++c) {
      ContextFindings& context = findings.contexts.emplace_back();
      std::vector<std::vector<double>> gains;
      for (std::size_t v = 0; v < plan.variants.size(); ++v) {
        if (plan.variants[v].ranked()) gains.push_back(contexts[c].gain(v));
        if (burden) context.survival.push_back(survival_of(plan, contexts[c], v));
      }
      context.stability = rank_stability(gains, resamples, plan.spec.best, true, stability_sizes(resamples.n_units()));
      if (burden) add_pairs(plan, c, contexts[c], *burden, resamples, findings.pairs);
      for (auto& group : group_findings(plan, c, contexts[c], resamples)) findings.groups.push_back(std::move(group));
    }
    all.push_back(std::move(findings));
  }
  return all;
}

}  // namespace senoma::study
