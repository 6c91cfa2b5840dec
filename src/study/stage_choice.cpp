#include "study/stage_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace senoma::study {
namespace {

bool is_single(const StudyVariant& variant) { return variant.kind == "target" || variant.kind == "drug"; }

/// Ranks from 1, ties at their mean.
std::vector<double> mean_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t j = i; j < end; ++j) ranks[order[j]] = 0.5 * static_cast<double>(i + end + 1);
    i = end;
  }
  return ranks;
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  if (x.size() < 3) return std::numeric_limits<double>::quiet_NaN();
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::vector<std::size_t> actors_in_order(const StudyPlan& plan, const Ranking& ranking) {
  std::vector<std::size_t> order;
  for (const auto& ranked : ranking.variants) {
    const StudyVariant& variant = plan.variants[ranked.variant];
    if (!is_single(variant) || ranked.score.n == 0) continue;
    if (std::find(order.begin(), order.end(), variant.actors[0]) == order.end()) order.push_back(variant.actors[0]);
  }
  return order;
}

std::vector<std::pair<std::size_t, std::size_t>> taken_in_turns(std::span<const std::vector<std::size_t>> orders,
                                                                std::size_t n) {
  std::vector<std::pair<std::size_t, std::size_t>> taken;
  std::vector<std::size_t> next(orders.size(), 0);
  const auto is_taken = [&](std::size_t actor) {
    return std::any_of(taken.begin(), taken.end(), [&](const auto& t) { return t.first == actor; });
  };
  for (bool more = true; more;) {
    more = false;
    for (std::size_t c = 0; c < orders.size() && taken.size() < n; ++c) {
      while (next[c] < orders[c].size() && is_taken(orders[c][next[c]])) ++next[c];
      if (next[c] == orders[c].size()) continue;
      taken.emplace_back(orders[c][next[c]], c);
      more = true;
    }
  }
  return taken;
}

std::vector<StageActor> stage_actors(const StudyPlan& plan, const StudyStage& stage,
                                     std::span<const Ranking> rankings) {
  std::vector<StageActor> actors;
  for (const auto& actor : plan.spec.actors) {
    StageActor& a = actors.emplace_back();
    a.name = actor.name;
    a.drug = actor.drug;
  }
  std::vector<std::vector<std::size_t>> orders;
  for (const auto& ranking : rankings) {
    orders.push_back(actors_in_order(plan, ranking));
    for (const auto& ranked : ranking.variants) {
      const StudyVariant& variant = plan.variants[ranked.variant];
      if (!is_single(variant) || ranked.score.n == 0) continue;
      StageActor& a = actors[variant.actors[0]];
      if (a.known && ranked.score.centre <= a.score.centre) continue;
      a.known = true;
      a.context = ranking.context;
      a.variant = ranked.variant;
      a.score = ranked.score;
    }
  }
  if (!stage.keep) return actors;
  for (const auto& [actor, order] : taken_in_turns(orders, *stage.keep)) {
    actors[actor].kept = true;
    actors[actor].because = plan.spec.contexts[rankings[order].context].name;
  }
  for (auto& a : actors) {
    const bool always =
        std::any_of(stage.always.begin(), stage.always.end(), [&](const Named& n) { return n.text == a.name; });
    if (!always || a.kept) continue;
    a.kept = true;
    a.because = "always";
  }
  return actors;
}

Agreement agreement(const StudyPlan& before, std::span<const Ranking> rankings_before, const StudyPlan& after,
                    std::span<const Ranking> rankings_after) {
  using Key = std::tuple<std::string, std::string, double, std::string>;
  const auto key_of = [](const StudyPlan& plan, const Ranking& ranking, const StudyVariant& variant) {
    const double level = std::isnan(variant.levels[0]) ? -1.0 : variant.levels[0];
    return Key{plan.spec.contexts[ranking.context].name, plan.spec.actors[variant.actors[0]].name, level,
               variant.timing};
  };
  std::map<Key, const RankedVariant*> earlier;
  for (const auto& ranking : rankings_before) {
    for (const auto& ranked : ranking.variants) {
      const StudyVariant& variant = before.variants[ranked.variant];
      if (is_single(variant) && ranked.score.n > 0) earlier[key_of(before, ranking, variant)] = &ranked;
    }
  }
  Agreement result;
  for (const auto& ranking : rankings_after) {
    std::vector<const RankedVariant*> in_order(after.variants.size(), nullptr);
    for (const auto& ranked : ranking.variants) in_order[ranked.variant] = &ranked;
    for (const auto* ranked : in_order) {
      if (!ranked || ranked->score.n == 0) continue;
      const StudyVariant& variant = after.variants[ranked->variant];
      if (!is_single(variant)) continue;
      const auto found = earlier.find(key_of(after, ranking, variant));
      if (found == earlier.end()) continue;
      result.points.push_back({after.spec.actors[variant.actors[0]].name, after.spec.contexts[ranking.context].label,
                               variant.timing, variant.levels[0], found->second->score, ranked->score,
                               found->second->sign, ranked->sign});
    }
  }
  return result;
}

AgreementSummary summary_of(std::span<const AgreementPoint> points) {
  AgreementSummary s;
  std::vector<double> x, y;
  for (const auto& p : points) {
    ++s.n;
    s.same_direction += p.before.centre * p.after.centre > 0.0 ? 1U : 0U;
    const bool clear = p.sign_before != 0 && p.sign_after != 0;
    s.clear += clear ? 1U : 0U;
    s.same_sign += clear && p.sign_before == p.sign_after ? 1U : 0U;
    x.push_back(p.before.centre);
    y.push_back(p.after.centre);
  }
  s.rank_correlation = correlation(mean_ranks(x), mean_ranks(y));
  return s;
}

}  // namespace senoma::study
