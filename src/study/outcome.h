// What became of each arm, in numbers and in words that follow from them.
//
// With a burden readout b(t) (role tumour_readout or burden_readout):
//   nadir           min b after time 0, as % of b(0), and its day
//   regressed       nadir below 90 %
//   time to relapse the day on which b is back at b(0) after the nadir (linear between rows); only if regressed;
//                   censored at the end of the run
//   doubling        the day on which b first reaches 2 b(0)
//   shares          of viable tumour cells: fractions as they are; counts are divided by the readout of the role
//   `viable` mean burden     time average of b, % of b(0): compares arms that regressed with arms that did not
// Further roles: viable, senescent, invaded, peak (a factor whose maximum is shown), escapee, never_arrested (each
// "<role>_readout" in [experiment]). Without a burden: the final value of each role's readout (or of all readouts), and
// ratios to the reference arm.
//
// Between arms: differences paired by seed, 90 % bootstrap intervals. "No clear difference" when the interval holds 0
// (1 for ratios), and no verdict from fewer than four pairs. Times to relapse enter differences as the shorter of the
// time and the end of the run. Pure functions of plain data; thread statement: re-entrant.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "study/experiment.h"
#include "study/statistics.h"

namespace senoma::study {

struct Roles {
  std::string burden, viable, senescent, invaded, peak, escapee, never_arrested;  ///< readout names; empty = not given
  std::vector<std::string> others;                                                ///< readouts of further roles
};
[[nodiscard]] Roles roles_of(const model::ExperimentSpec& spec);

/// NaN: not known (no such role, or no such event).
struct MemberOutcome {
  std::uint64_t seed = 0;
  double followed = 0;                                        ///< d
  double start = 0;                                           ///< burden at time 0, its own unit
  double nadir = 0, nadir_day = 0;                            ///< % of start; d
  bool regressed = false, relapsed = false, cleared = false;  ///< cleared: no burden left at the end
  double relapse_day = 0;                                     ///< NaN unless relapsed
  double doubling_day = 0;                                    ///< NaN if never
  double mean_burden = 0, end_burden = 0;                     ///< % of start
  double senescent_at_nadir = 0, senescent_start = 0, senescent_peak = 0, senescent_peak_day = 0;  ///< %
  double peak_level = 0;
  double invaded = 0;                       ///< %, at the end
  double escapees = 0, never_arrested = 0;  ///< % of viable tumour cells, at relapse or at the end
  std::map<std::string, double> finals;     ///< readout → value at the end

  /// The time to relapse, or the end of the run.
  [[nodiscard]] double restricted_relapse() const;
};

struct ArmOutcome {
  std::string name, label, colour;
  std::vector<MemberOutcome> members;  ///< those that finished, by seed

  [[nodiscard]] std::size_t n_regressed() const;
  [[nodiscard]] std::size_t n_relapsed() const;
  [[nodiscard]] std::size_t n_cleared() const;
  [[nodiscard]] bool regresses() const { return 2 * n_regressed() > members.size(); }
  /// `value` of every member, as a list.
  [[nodiscard]] std::vector<double> values(double MemberOutcome::*value) const;
  [[nodiscard]] std::vector<double> finals(const std::string& readout) const;
  [[nodiscard]] std::vector<double> restricted_relapses() const;
};

struct OutcomeTable {
  bool has_burden = false;
  Roles roles;
  std::string peak_unit;
  std::vector<std::pair<std::string, std::string>> readouts;  ///< without burden: name, unit
  std::vector<ArmOutcome> arms;
  std::optional<std::size_t> reference;
  double followed = 0;  ///< d
};

[[nodiscard]] MemberOutcome member_outcome(const TimeTable& summary, const Roles& roles, std::uint64_t seed);
[[nodiscard]] OutcomeTable outcomes(const ExperimentResult& result);

/// One paired difference (or ratio) of an arm to the reference.
struct Difference {
  std::size_t arm = 0;
  std::string measure, unit;  ///< "time to relapse", "d"; ratios have the unit "×"
  Interval interval;
  bool more_is_better = false, is_ratio = false;

  [[nodiscard]] bool enough() const {
    return interval.n >= 4;
  }                                  ///< with fewer pairs a bootstrap interval is hardly more than their range
  [[nodiscard]] bool clear() const;  ///< enough pairs, and the interval leaves out 0 (1 for ratios)
  [[nodiscard]] bool better() const { return clear() && (interval.centre > (is_ratio ? 1.0 : 0.0)) == more_is_better; }
};
/// Of every arm but the reference; nothing without a reference or with one seed less than two.
[[nodiscard]] std::vector<Difference> differences(const OutcomeTable& table);

/// The answer in words, one paragraph per item: what made treatment fail, then each arm against the reference.
[[nodiscard]] std::vector<std::string> outcome_words(const OutcomeTable& table);

/// A rectangular table of texts, for the terminal and the report. Cells "12.4|10.1–14.9": value and interval.
struct TextTable {
  std::vector<std::pair<std::string, std::string>> columns;  ///< name, unit
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;
};
[[nodiscard]] TextTable outcome_table(const OutcomeTable& table);
[[nodiscard]] std::string render_text(const TextTable& table, int width);

/// arms.csv: one row per arm and seed.
[[nodiscard]] std::string arms_csv(const OutcomeTable& table);

/// "12.3", three significant digits.
[[nodiscard]] std::string short_number(double value);

}  // namespace senoma::study
