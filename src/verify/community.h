// What the community's unit tests and use cases share: running a model as a user runs it, reading published points and
// other programs' curves, and judging a curve by its log-residuals. Thread statement: re-entrant.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "study/member.h"
#include "verify/check.h"

namespace senoma::verify::community {

/// Runs models/verify/FILE.toml with one seed and returns its readouts, a row every `time.summary`; times in min.
/// Nothing is written to disk. Throws what loading and stepping throw, E1502 when it was stopped.
[[nodiscard]] study::TimeTable run_model(const Context& context, const std::string& file, std::uint64_t seed = 1,
                                         const std::string& profile = "",
                                         const std::vector<std::string>& overrides = {});

/// A table of numbers by column name: CSV with one line of names; lines that begin with # are left out, a cell without
/// a number is NaN. Nothing when there is no such file.
using Columns = std::map<std::string, std::vector<double>>;
[[nodiscard]] std::optional<Columns> read_columns(const std::filesystem::path& file);

/// The published points in models/verify/data/FILE.csv. Throws E1502 when they are missing.
[[nodiscard]] Columns published(const Context& context, const std::string& file);

/// `values` at time `t` by linear interpolation between its rows; the end values outside.
[[nodiscard]] double at_time(const std::vector<double>& times, const std::vector<double>& values, double t);

/// ln(simulated/published), point by point.
struct Residuals {
  std::vector<double> each;
  void add(double simulated, double measured);
  [[nodiscard]] double root_mean_square() const;
  [[nodiscard]] double largest() const;  ///< of the absolute values
};

[[nodiscard]] results::PlotSeries curve(const std::string& name, std::vector<double> x, std::vector<double> y,
                                        bool dashed = false);
[[nodiscard]] results::PlotSeries points(const std::string& name, std::vector<double> x, std::vector<double> y);

/// Another program's curve of suites/community/FILE, where it is at hand: columns `time` and `value`, value × factor.
/// Adds one note for all that are missing.
void add_reference(const Context& context, const std::string& name, const std::string& file, const std::string& value,
                   double factor, results::LineChart& chart, Outcome& outcome);

}  // namespace senoma::verify::community
