// Blocks of the report of a screen, from plain numbers: what is drawn where, and in which words. Nothing is computed
// here. Effects are signed so that more is better. Thread statement: re-entrant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "results/report_document.h"
#include "study/effects.h"
#include "study/rank_stability.h"
#include "study/shapley.h"
#include "study/sign_flips.h"
#include "study/survival.h"
#include "study/synergy.h"

namespace senoma::study {

struct RankingRow {
  std::string label, group;  ///< rows of one group (a context) get one heading
  Interval effect;
  double probability_best = 0, probability_top = 0;
};
/// Rows in the order given. `unit` of the effects, `effect` its name ("gain of relapse-free time").
[[nodiscard]] results::ForestPlot ranking_figure(const std::string& title, std::span<const RankingRow> rows,
                                                 const std::string& effect, const std::string& unit);
/// The same with the probabilities of being the best and among the best k.
[[nodiscard]] results::ReportTable ranking_list(const std::string& title, std::span<const RankingRow> rows,
                                                const std::string& effect, const std::string& unit, std::size_t k);

/// Candidates × situations; situations that are part of a flagged pair are framed. All candidates have the situations
/// of the first, in its order; shorter ones end in undefined cells.
[[nodiscard]] results::HeatMap flip_figure(const std::string& title, std::span<const FlipCandidate> candidates,
                                           const SignFlips& flips, const std::string& effect, const std::string& unit);
/// The map of flip_figure as one per timing with the contexts as columns: names of both together are too long for
/// heads.
[[nodiscard]] std::vector<results::HeatMap> by_timing(const results::HeatMap& all,
                                                      std::span<const Situation> situations);
/// The `most` flagged pairs with the least q, or what else is nearest when none is flagged.
[[nodiscard]] results::ReportTable flip_table(std::span<const FlipCandidate> candidates, const SignFlips& flips,
                                              const std::string& unit, std::size_t most = 20);

struct LevelCurve {
  std::string name;
  std::vector<double> level;  ///< fraction inhibited, dose, or days from the reference time
  std::vector<Interval> effect;
};
/// One small chart per panel, all with the same axes: panels are contexts or targets, curves what is compared in them.
struct CurvePanel {
  std::string title;
  std::vector<LevelCurve> curves;
};
[[nodiscard]] results::SmallMultiples curve_figure(const std::string& title, std::span<const CurvePanel> panels,
                                                   const results::PlotAxis& level, const results::PlotAxis& effect);

enum class Additivity { bliss, hsa, loewe };
struct PairResult {
  std::size_t a = 0, b = 0;  ///< indices into the names
  PairSynergy synergy;
};
/// Names × names, symmetric, the diagonal empty.
[[nodiscard]] results::HeatMap pair_figure(Additivity reference, std::span<const std::string> names,
                                           std::span<const PairResult> pairs, const std::string& unit);

struct NamedCurve {
  std::string name, colour;  ///< colour may be empty
  SurvivalCurve curve;
};
/// Kaplan–Meier curves up to `horizon`, as percentages; with their pointwise limits if there are at most three.
[[nodiscard]] results::LineChart survival_figure(const std::string& title, std::span<const NamedCurve> curves,
                                                 const std::string& event, double horizon, const std::string& unit);

/// Shapley values with what each does alone and adds last.
[[nodiscard]] results::ForestPlot shapley_figure(std::span<const std::string> names,
                                                 std::span<const ShapleyValue> values, const std::string& effect,
                                                 const std::string& unit);

/// Agreement against the number of seeds or parameter draws (`units`), with a mark at what the study has.
[[nodiscard]] results::LineChart stability_figure(std::span<const StabilityPoint> points, std::size_t n_units,
                                                  std::size_t k, const std::string& units);

}  // namespace senoma::study
