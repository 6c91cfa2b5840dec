// Measured growth against simulated growth, condition by condition.
//
// Growth rate of a well: slope of log2(count) over time in a window, by least squares [doublings/h]; a condition's rate
// is the mean over its wells. The same for the simulation: per seed, mean over seeds; so both sides carry the same
// regression.
//
//   [compare]
//   readout = "cells"                       # counts, per arm and seed
//   window = ["15 h", "100 h"]
//   match = { line = "cellLine", dose = "Conc" }          # condition name = column of the data
//   units = { dose = "M" }                                # unit of that column; without: text, or a bare number
//   columns = { time = "rel.time", count = "cell.count", well = "UID", time_unit = "h" }   # well: one column or a list
//   duplicates = "keep"                     # a well counted twice at one time: both points count; default "refuse"
//   filter = { Drug = ["inhibitor", "control"] }            # rows kept: column = value or values
//   fitted = ["A375 0", …]                                # arms that were used for fitting; the others are predictions
//   [compare.condition.ARM]                               # one table per arm
//   line = "A375"
//   dose = "8 uM"
//
// Faults of the data are errors E8xxx with file and line. Pure functions of text and results but for compare();
// re-entrant.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "study/experiment.h"
#include "study/outcome.h"

namespace senoma::study {

using ConditionValue = std::variant<std::string, double>;  ///< a text, or a number in internal units

struct CompareSpec {
  std::string readout;
  double window_from = 0, window_to = 0;  ///< min
  std::string time_column, count_column;
  std::vector<std::string> well_columns;     ///< together they name one well (a time course)
  double time_unit = 60.0;                   ///< min in one unit of the time column
  std::map<std::string, std::string> match;  ///< condition → column
  std::map<std::string, std::string> units;  ///< condition → unit of the column
  std::map<std::string, std::vector<std::string>> filter;
  std::vector<std::string> fitted;                                          ///< arms
  bool keep_duplicates = false;                                             ///< several counts of one well at one time
  std::map<std::string, std::map<std::string, ConditionValue>> conditions;  ///< arm → condition → value
};

/// Throws E8001 with the place in the model file.
[[nodiscard]] CompareSpec read_compare(const model::Value& table, const model::ExperimentSpec& experiment);

struct GrowthRate {
  double mean = 0, sd = 0;  ///< doublings/h; sd over wells or seeds
  std::size_t n = 0;
};

struct ComparedCondition {
  std::string arm, label;
  std::map<std::string, ConditionValue> condition;
  GrowthRate measured, simulated;
  bool fitted = false;
  [[nodiscard]] double difference() const { return simulated.mean - measured.mean; }
};

struct Comparison {
  std::vector<ComparedCondition> conditions;
  double window_from = 0, window_to = 0;  ///< min
  std::string data_file, readout;
  std::vector<std::string> notes;
  /// Root of the mean squared difference; NaN without conditions.
  [[nodiscard]] double rms() const;
  [[nodiscard]] double rms(bool fitted) const;
};

/// Measured rates per arm. `text` is the whole CSV file. Throws E8002–E8008.
[[nodiscard]] std::map<std::string, GrowthRate> measured_rates(const CompareSpec& spec, const std::string& text,
                                                               const std::string& file);
/// Simulated rates of one arm from its members' summaries. Throws E8009 (window, counts).
[[nodiscard]] GrowthRate simulated_rate(const CompareSpec& spec, const std::vector<MemberResult>& members,
                                        const std::string& arm);

[[nodiscard]] Comparison compare(const ExperimentResult& result, const CompareSpec& spec, const std::string& text,
                                 const std::string& file);
[[nodiscard]] TextTable comparison_table(const Comparison& comparison);
[[nodiscard]] std::vector<std::string> comparison_words(const Comparison& comparison);
[[nodiscard]] std::string comparison_csv(const Comparison& comparison);
/// compare.csv and compare.json into the run folder; the report shows them from then on.
void write_comparison(const std::filesystem::path& folder, const Comparison& comparison);

}  // namespace senoma::study
