// The page is looked at by people (SENOMA_SAMPLE_FOLDER keeps it as screen.html); what a machine can hold is held here.
#include "study/screen_figures.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

#include "results/files.h"
#include "sample_screen.h"

namespace senoma::study {
namespace {

constexpr std::size_t n_seeds = 12, k_best = 3;
const char* const unit = "d";
const char* const gain = "delay of relapse";

std::vector<RankingRow> ranking_rows(const sample::Screen& all, const UnitResamples& resamples) {
  std::vector<RankingRow> rows;
  for (std::size_t c = 0; c < 2; ++c) {
    for (const auto& r : sample::ranking(all, c, resamples, k_best)) {
      rows.push_back({sample::targets[r.variant], sample::contexts[c],
                      paired_effect(all.treated[r.variant][c], all.control[c], resamples), r.probability_best,
                      r.probability_top});
    }
  }
  return rows;
}

/// Effect that saturates with the level, with an interval.
Interval made_up_effect(double level, double top, double half) {
  const double y = top * level / (half + level);
  return {y, y - 1 - level, y + 1 + level, 8};
}

results::SmallMultiples dose_curves() {
  std::vector<CurvePanel> panels;
  for (std::size_t c = 0; c < sample::contexts.size(); ++c) {
    CurvePanel panel{sample::contexts[c], {}};
    for (std::size_t t = 0; t < 3; ++t) {
      LevelCurve curve{sample::targets[t], {}, {}};
      for (const double level : {0.25, 0.5, 0.75, 0.95}) {
        curve.level.push_back(100 * level);
        curve.effect.push_back(made_up_effect(level, 1.4 * sample::truth(t, c), 0.4));
      }
      panel.curves.push_back(curve);
    }
    panels.push_back(panel);
  }
  return curve_figure("Graded inhibition", panels, {"inhibited", "%", false, 0.0, 100.0}, {gain, unit, false, {}, {}});
}

results::SmallMultiples timing_curves() {
  std::vector<CurvePanel> panels;
  for (const std::size_t t : {0U, 1U}) {
    CurvePanel panel{sample::targets[t], {}};
    for (std::size_t c = 0; c < 2; ++c) {
      LevelCurve curve{sample::contexts[c], {}, {}};
      for (const double day : {-7.0, 0.0, 3.0, 7.0, 14.0, 28.0}) {
        curve.level.push_back(day);
        curve.effect.push_back(made_up_effect(0.95, sample::truth(t, c) * std::exp(-std::abs(day - 3) / 20), 0.3));
      }
      panel.curves.push_back(curve);
    }
    panels.push_back(panel);
  }
  return curve_figure("Start of inhibition relative to chemotherapy", panels,
                      {"start after the first dose", "d", false, {}, {}}, {gain, unit, false, {}, {}});
}

std::vector<PairResult> made_up_pairs(std::size_t n) {
  const UnitResamples resamples(n_seeds, 1, 400);
  std::vector<SingleAgent> agents;
  for (std::size_t a = 0; a < n; ++a) {
    SingleAgent agent{sample::targets[a], {0.25, 0.5, 0.75, 0.95}, {}};
    for (std::size_t l = 0; l < 4; ++l)
      agent.effect.push_back(mean_estimate(
          made_up::normals(900 + a, l, n_seeds,
                           (a == 4 ? -0.05 : 0.05 + 0.03 * static_cast<double>(a)) * static_cast<double>(l + 1), 0.04),
          resamples));
    agents.push_back(std::move(agent));
  }
  std::vector<PairResult> pairs;
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = a + 1; b < n; ++b) {
      const double sum = agents[a].effect[0].centre + agents[b].effect[0].centre;
      const auto together = mean_estimate(made_up::normals(950, a * n + b, n_seeds,
                                                           sum + (a == 0 && b == 1   ? 0.25
                                                                  : a == 1 && b == 2 ? -0.15
                                                                                     : 0),
                                                           0.06),
                                          resamples);
      pairs.push_back({a, b, pair_synergy(agents[a], 0.25, agents[b], 0.25, together)});
    }
  }
  return pairs;
}

results::ForestPlot made_up_shapley() {
  const auto plan = plan_coalitions(4);
  std::vector<std::vector<double>> outcomes;
  for (const auto mask : plan.coalitions)
    outcomes.push_back(
        made_up::normals(960, mask, n_seeds, 30 + ((mask & 3U) ? 8.0 : 0.0) + ((mask & 12U) == 12U ? 6.0 : 0.0), 1.5));
  const std::vector<std::string> names(sample::targets.begin(), sample::targets.begin() + 4);
  return shapley_figure(names, shapley_values(plan, outcomes, UnitResamples(n_seeds, 1, 500)), gain, unit);
}

results::ReportDocument page() {
  const auto all = sample::screen(1, n_seeds);
  const UnitResamples resamples(n_seeds, 1, 1000);
  const auto candidates = sample::candidates(all);
  const auto flips = sign_flips(candidates, resamples);
  const auto rows = ranking_rows(all, resamples);
  std::vector<NamedCurve> curves{{"no intervention", "#8C8C8C", kaplan_meier(sample::follow_up(all.control[0]))}};
  for (const std::size_t t : {0U, 1U})
    curves.push_back({sample::targets[t] + " blocked", "", kaplan_meier(sample::follow_up(all.treated[t][0]))});
  std::vector<std::vector<double>> effects;
  for (const auto& c : candidates) effects.push_back(c.situations[0].effect);
  const auto sizes = stability_sizes(n_seeds);
  const auto pairs = made_up_pairs(6);
  const std::vector<std::string> paired(sample::targets.begin(), sample::targets.begin() + 6);

  results::ReportDocument d;
  d.title = "Which factor of the secretome to block <made up>";
  d.subtitle = "Twelve targets in four contexts, with a planted truth: made-up numbers for a look at the page.";
  d.metadata = {{"seeds", "1–12"}, {"contexts", "4"}};
  d.sections = {
      {"Ranking",
       {ranking_figure("Targets from the best to the worst", rows, gain, unit),
        ranking_list("Ranking", rows, gain, unit, k_best)}},
      {"Sign flips",
       {flip_figure("Effect of each target in each context", candidates, flips, gain, unit),
        flip_table(candidates, flips, unit)}},
      {"Dose and timing", {dose_curves(), timing_curves()}},
      {"Relapse", {survival_figure("Time to relapse, T cells present", curves, "relapse", sample::horizon, unit)}},
      {"Pairs",
       {pair_figure(Additivity::bliss, paired, pairs, ""), pair_figure(Additivity::loewe, paired, pairs, ""),
        made_up_shapley()}},
      {"Convergence",
       {stability_figure(rank_stability(effects, resamples, k_best, true, sizes), n_seeds, k_best, "seeds")}}};
  return d;
}

TEST(ScreenFigures, The_sample_page_is_rendered_and_equal_screens_give_equal_bytes) {
  const std::string html = results::render_html(page());
  EXPECT_EQ(html, results::render_html(page()));
  EXPECT_LT(html.size(), 400'000U);
  if (const char* folder = std::getenv("SENOMA_SAMPLE_FOLDER"))
    results::replace_file(std::filesystem::path(folder) / "screen.html", html);
}

TEST(ScreenFigures, Cells_of_a_flip_are_framed_and_no_others) {
  const auto candidates = sample::candidates(sample::screen(1, n_seeds));
  const auto flips = sign_flips(candidates, UnitResamples(n_seeds, 1, 500));
  const auto map = flip_figure("t", candidates, flips, gain, unit);
  ASSERT_EQ(map.cells.size(), candidates.size());
  for (std::size_t t = 0; t < map.cells.size(); ++t) {
    for (std::size_t c = 0; c < map.columns.size(); ++c)
      EXPECT_EQ(map.cells[t][c].marked, t == 0 && c < 2) << t << " " << c;
  }
  EXPECT_DOUBLE_EQ(map.cells[3][2].value, flips.signs[3][2].effect.centre);
  EXPECT_EQ(flip_table(candidates, flips, unit).rows.size(), flips.n_flagged());
}

TEST(ScreenFigures, A_pair_stands_on_both_sides_of_the_diagonal_and_says_why_it_is_not_defined) {
  const std::vector<std::string> names{"a", "b"};
  PairResult pair{0, 1, {}};
  pair.synergy.bliss.interval = {0.2, 0.1, 0.3, 8};
  pair.synergy.bliss.defined = true;
  pair.synergy.loewe.interval.centre = std::numeric_limits<double>::quiet_NaN();
  pair.synergy.loewe.reason = "the two act in opposite directions";
  const std::vector<PairResult> pairs{pair};
  const auto bliss = pair_figure(Additivity::bliss, names, pairs, ""),
             loewe = pair_figure(Additivity::loewe, names, pairs, "");
  EXPECT_DOUBLE_EQ(bliss.cells[0][1].value, 0.2);
  EXPECT_DOUBLE_EQ(bliss.cells[1][0].value, 0.2);
  EXPECT_TRUE(std::isnan(bliss.cells[0][0].value));
  EXPECT_TRUE(std::isnan(loewe.cells[0][1].value));
  EXPECT_EQ(loewe.cells[0][1].note, "the two act in opposite directions");
}

TEST(ScreenFigures, A_survival_curve_ends_at_the_horizon_and_counts_its_events) {
  const std::vector<FollowUp> replicates{{10, true}, {20, true}, {30, false}, {30, false}};
  const auto chart =
      survival_figure("t", std::vector<NamedCurve>{{"arm", "", kaplan_meier(replicates)}}, "relapse", 60, "d");
  const auto& s = chart.series[0];
  EXPECT_EQ(s.name, "arm (2 of 4)");
  EXPECT_TRUE(s.stepped);
  EXPECT_DOUBLE_EQ(s.x.back(), 60);
  EXPECT_DOUBLE_EQ(s.y.back(), 50);
  EXPECT_EQ(s.x.size(), s.high.size());
}

}  // namespace
}  // namespace senoma::study
