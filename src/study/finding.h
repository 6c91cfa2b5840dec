// A published finding as an experiment can state it: measures of its arms, and assertions about them.
//
//   [finding]            id, claim, citation, published, role = "fitted" | "predicted" | "shown", fitted =
//   [parameters], seeds_reason
//   [[finding.measure]]  name, arm, readout, and either at = "96 h" or statistic = …, optionally window = ["0 d", "4
//   d"]
//   [[finding.assert]]   name, value = "expression of measures" with at_least, at_most or between = [a, b],
//                        or holds = "condition" with fraction_of_seeds = 0.8; summary, level, published
//
// Statistics of a readout y(t) over the rows in the window (default: the run):
//   initial, final, maximum, minimum       y at the first row, the last, the largest, the smallest
//   time of maximum, time of minimum       of the first row that has it
//   mean, area                             trapezoid rule; area in unit × time
//   slope, rate of log2                    least squares over time, of y and of log2 y (doublings per time)
//   time to                                when y first reaches factor × y(0) or `level`, linear between rows; from
//   below if
//                                          that lies above y(0), else from above; after = "minimum": not before the
//                                          smallest
//   number of peaks, time between peaks, height of peaks
//                                          maxima that rise above and fall below by `prominence` × (maximum − minimum)
// With arms = […] and doses = […] in place of arm, the measure is the dose at which the statistic falls to `fraction`
// of what the first arm has (linear in the statistic, logarithmic in the dose; linear up from dose 0).
//
// Values that are never reached are +infinity: later than the end, above the highest dose. What cannot be told (no row,
// logarithm of 0, 0/0) is NaN, and a seed with a NaN counts as one that breaks the bound.
//
// An assertion is evaluated seed by seed, arms paired by seed; it passes when the whole bootstrap interval of its
// median (or mean) over seeds satisfies the bound. Values are in internal units until they are shown. Pure functions of
// plain data; thread statement: re-entrant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "expr/graph.h"
#include "study/experiment.h"
#include "study/statistics.h"

namespace senoma::study {

enum class Statistic {
  at,
  initial,
  final,
  maximum,
  minimum,
  time_of_maximum,
  time_of_minimum,
  mean,
  area,
  slope,
  rate_of_log2,
  time_to,
  number_of_peaks,
  time_between_peaks,
  height_of_peaks
};

struct Measure {
  std::string name, readout;
  std::vector<std::size_t> arms;  ///< indices into the experiment's; one, or one per dose
  std::vector<double> doses;      ///< ascending; empty: not a dose
  double fraction = 0.5;
  Statistic statistic = Statistic::final;
  double at = 0, from = 0, to = 0;  ///< min
  double scale = 1;                 ///< internal units in one unit of the readout
  std::optional<double> factor, level;
  bool after_minimum = false, after_maximum = false;
  double prominence = 0.2;
  Dimension dimension;  ///< of its value
  std::string unit;     ///< in which it is shown
};

struct Assertion {
  std::string name, text;  ///< text: the expression as written
  expr::NodeId root = -1;
  std::vector<std::size_t> measures;  ///< that it uses
  bool is_fraction = false;           ///< of seeds in which the condition holds
  std::optional<double> low, high;    ///< bounds, internal units
  bool median = true;                 ///< else mean
  double level = 0.9;
  std::string unit = "1", published;
};

struct Finding {
  std::string id, claim, citation, published, seeds_reason;
  bool predicted = false;
  std::vector<std::string> fitted;
  std::uint64_t seeds = 1;
  std::vector<Measure> measures;
  expr::Graph graph;  ///< variable k is measure k
  std::vector<Assertion> assertions;
};

/// An interval over fewer seeds is hardly more than their range.
inline constexpr std::uint64_t least_seeds = 8;

/// Whether the model's file states a finding.
[[nodiscard]] bool states_finding(const model::ResolvedModel& model);

/// [finding] of the experiment, checked against its arms and readouts. Throws E8101–E8105 and E2001–E2005, with places
/// in the file.
[[nodiscard]] Finding read_finding(const ExperimentPlan& plan);

/// One measure of one arm, from its summary table (Measure::doses play no part).
[[nodiscard]] double measure(const Measure& m, const TimeTable& summary);

/// The dose at which `responses` first falls below `fraction` of the first one; infinity when never.
[[nodiscard]] double dose_of_fraction(const std::vector<double>& doses, const std::vector<double>& responses,
                                      double fraction);

struct Verdict {
  std::vector<double> values;  ///< per seed, in the assertion's unit; 0 or 1 for a fraction; NaN: not known
  Interval interval;           ///< of median, mean or fraction
  std::optional<double> low, high;
  std::size_t unknown = 0;  ///< seeds without a value
  bool passed = false;
};

/// `values[measure][seed]`, internal units. One seed has a degenerate interval.
[[nodiscard]] Verdict judge(const Finding& finding, const Assertion& assertion,
                            const std::vector<std::vector<double>>& values);

}  // namespace senoma::study
