#include "study/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/summary_table.h"

namespace senoma::study {

namespace {

using results::SummaryTable;

SummaryTable read_csv(const std::string& text, const std::string& file) {
  try {
    auto table = results::parse_table(text, file);
    if (table.n_rows() == 0)
      throw Error("E8008", "the data file has no rows", ErrorKind::configuration)
          .at({file, 1, 0, 0})
          .help("give a CSV file with a header and rows");
    return table;
  } catch (const Error& error) {
    if (error.code() == "E8008") throw;
    Error own("E8008", error.message());
    if (error.position()) own.at(*error.position());
    for (const auto& r : error.remedies()) own.help(r);
    throw own;
  }
}

/// One column of the data, by row, with faults that point at file and line.
class DataColumn {
 public:
  DataColumn(const SummaryTable& table, const std::string& name) : table_(table) {
    const auto found = table.find(name);
    if (!found) {
      std::vector<std::string> names;
      for (const auto& c : table.columns) names.push_back(c.name);
      Error error("E8002", "the data have no column '" + name + "'");
      error.at({table.path, 1, 0, 0});
      const std::string near = nearest_name(name, names);
      std::string list;
      for (const auto& n : names) list += (list.empty() ? "" : ", ") + n;
      error.help(near.empty() ? "columns here: " + list : "did you mean '" + near + "'?");
      throw error;
    }
    index_ = *found;
  }

  [[nodiscard]] std::string text(std::size_t row) const {
    return table_.is_text(index_) ? table_.texts[index_][row] : results::format_number(table_.values[index_][row]);
  }
  [[nodiscard]] double number(std::size_t row) const {
    double value = std::numeric_limits<double>::quiet_NaN();
    if (!table_.is_text(index_)) {
      value = table_.values[index_][row];
    } else {
      const std::string& t = table_.texts[index_][row];
      try {
        std::size_t used = 0;
        value = std::stod(t, &used);
        if (used != t.size()) value = std::numeric_limits<double>::quiet_NaN();
      } catch (const std::exception&) {  // left as NaN
      }
    }
    if (!std::isfinite(value)) {
      throw Error("E8003", fmt::format("'{}' in column '{}' is not a number", text(row), table_.columns[index_].name))
          .at(place(row))
          .help("correct the value or leave the row out with `filter`");
    }
    return value;
  }
  [[nodiscard]] SourcePosition place(std::size_t row) const { return {table_.path, static_cast<int>(row) + 2, 0, 0}; }

 private:
  const SummaryTable& table_;
  std::size_t index_ = 0;
};

GrowthRate rate_of(const std::vector<double>& slopes) {
  GrowthRate rate;
  rate.n = slopes.size();
  for (const double s : slopes) rate.mean += s / static_cast<double>(slopes.size());
  for (const double s : slopes) rate.sd += (s - rate.mean) * (s - rate.mean);
  rate.sd = slopes.size() > 1 ? std::sqrt(rate.sd / static_cast<double>(slopes.size() - 1)) : 0.0;
  return rate;
}

std::string condition_text(const std::map<std::string, ConditionValue>& condition, const CompareSpec& spec) {
  std::string text;
  for (const auto& [name, value] : condition) {
    if (!text.empty()) text += ", ";
    text += name + " ";
    if (const auto* t = std::get_if<std::string>(&value))
      text += *t;
    else
      text += spec.units.contains(name)
                  ? fmt::format("{} {}", short_number(in_unit(std::get<double>(value), spec.units.at(name))),
                                spec.units.at(name))
                  : short_number(std::get<double>(value));
  }
  return text;
}

struct Point {
  double time, count;  ///< min, cells
  std::size_t row;
};
using Wells = std::map<std::string, std::vector<Point>>;

/// Slope of log2(count) per hour of one well within the window.
double well_slope(const CompareSpec& spec, const std::string& well, const std::vector<Point>& points,
                  const DataColumn& column) {
  std::vector<double> x, y;
  for (const auto& p : points) {
    if (p.time < spec.window_from - 1e-9 || p.time > spec.window_to + 1e-9) continue;
    if (!(p.count > 0.0)) {
      throw Error("E8004", fmt::format("the count {} is not above zero", p.count))
          .at(column.place(p.row))
          .help("a growth rate is a slope of log2(count): leave the row out or correct it");
    }
    x.push_back(p.time / 60.0);
    y.push_back(std::log2(p.count));
  }
  if (x.size() < 2) {
    throw Error("E8006", fmt::format("well '{}' has {} count{} between {} h and {} h", well, x.size(),
                                     x.size() == 1 ? "" : "s", spec.window_from / 60.0, spec.window_to / 60.0))
        .at(column.place(points.front().row))
        .help("widen compare.window, or check compare.columns.time_unit");
  }
  return slope(x, y);
}

}  // namespace

std::map<std::string, GrowthRate> measured_rates(const CompareSpec& spec, const std::string& text,
                                                 const std::string& file) {
  const SummaryTable table = read_csv(text, file);
  const DataColumn time(table, spec.time_column), count(table, spec.count_column);
  std::vector<DataColumn> wells;
  for (const auto& name : spec.well_columns) wells.emplace_back(table, name);
  std::vector<std::pair<DataColumn, const std::vector<std::string>*>> filters;
  for (const auto& [name, allowed] : spec.filter) filters.emplace_back(DataColumn(table, name), &allowed);
  std::map<std::string, DataColumn> conditions;
  for (const auto& [name, column] : spec.match) conditions.emplace(name, DataColumn(table, column));
  std::map<std::string, Wells> arms;
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    const bool kept = std::all_of(filters.begin(), filters.end(), [&](const auto& f) {
      return std::find(f.second->begin(), f.second->end(), f.first.text(row)) != f.second->end();
    });
    if (!kept) continue;
    for (const auto& [arm, wanted] : spec.conditions) {
      const bool match = std::all_of(wanted.begin(), wanted.end(), [&](const auto& c) {
        const DataColumn& column = conditions.at(c.first);
        if (const auto* t = std::get_if<std::string>(&c.second)) return column.text(row) == *t;
        const double factor = spec.units.contains(c.first) ? parse_unit(spec.units.at(c.first)).value : 1.0;
        const double value = column.number(row) * factor, expected = std::get<double>(c.second);
        return std::abs(value - expected) <= 1e-4 * std::abs(expected) + 1e-12;
      });
      if (!match) continue;
      std::string well;
      for (const auto& w : wells) well += (well.empty() ? "" : " ") + w.text(row);
      auto& points = arms[arm][well];
      const double t = time.number(row) * spec.time_unit;
      for (const auto& p : points) {
        if (p.time == t && !spec.keep_duplicates) {
          throw Error("E8005", fmt::format("well '{}' has two counts at {} h (lines {} and {})", well,
                                           short_number(t / 60.0), p.row + 2, row + 2))
              .at(time.place(row))
              .help("name in compare.columns.well all columns that tell time courses apart");
        }
      }
      points.push_back({t, count.number(row), row});
    }
  }
  std::map<std::string, GrowthRate> rates;
  for (const auto& [arm, wanted] : spec.conditions) {
    if (!arms.contains(arm)) {
      throw Error("E8007",
                  fmt::format("no row of the data belongs to arm '{}' ({})", arm, condition_text(wanted, spec)))
          .at({file, 0, 0, 0})
          .help("check its condition, compare.match and compare.units");
    }
    std::vector<double> slopes;
    for (const auto& [well, points] : arms[arm]) slopes.push_back(well_slope(spec, well, points, count));
    rates[arm] = rate_of(slopes);
  }
  return rates;
}

GrowthRate simulated_rate(const CompareSpec& spec, const std::vector<MemberResult>& members, const std::string& arm) {
  std::vector<double> slopes;
  for (const auto& member : members) {
    if (!member.good() || member.summary.times.empty()) continue;
    const auto counts = member.summary.column(spec.readout);
    if (counts.empty())
      throw Error("E8009", "the run has no readout '" + spec.readout + "'")
          .help("compare.readout names a column of summary.csv");
    std::vector<double> x, y;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      const double t = member.summary.times[k];
      if (t < spec.window_from - 1e-6 || t > spec.window_to + 1e-6) continue;
      if (!(counts[k] > 0.0)) {
        throw Error("E8009", fmt::format("arm '{}', seed {}: no cells are left at {} h, so log2(count) has no slope",
                                         arm, member.seed, short_number(t / 60.0)))
            .help("start with more cells");
      }
      x.push_back(t / 60.0);
      y.push_back(std::log2(counts[k]));
    }
    if (x.size() < 2) {
      throw Error("E8009",
                  fmt::format("arm '{}', seed {}: {} summary rows lie in the window", arm, member.seed, x.size()))
          .help("run longer, or write rows more often (time.summary)");
    }
    slopes.push_back(slope(x, y));
  }
  if (slopes.empty())
    throw Error("E8009", "no run of arm '" + arm + "' is finished").help("type the run command again: it continues");
  return rate_of(slopes);
}

namespace {

double rms_of(const std::vector<ComparedCondition>& list, std::optional<bool> fitted) {
  double sum = 0.0;
  std::size_t n = 0;
  for (const auto& c : list) {
    if (fitted && c.fitted != *fitted) continue;
    sum += c.difference() * c.difference();
    ++n;
  }
  return n ? std::sqrt(sum / static_cast<double>(n)) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double Comparison::rms() const { return rms_of(conditions, std::nullopt); }
double Comparison::rms(bool fitted) const { return rms_of(conditions, fitted); }

Comparison compare(const ExperimentResult& result, const CompareSpec& spec, const std::string& text,
                   const std::string& file) {
  const auto measured = measured_rates(spec, text, file);
  Comparison comparison;
  comparison.window_from = spec.window_from;
  comparison.window_to = spec.window_to;
  comparison.data_file = std::filesystem::path(file).filename().string();
  comparison.readout = spec.readout;
  for (std::size_t a = 0; a < result.arms.size(); ++a) {
    const auto& arm = result.arms[a].arm;
    const auto found = measured.find(arm.name);
    if (found == measured.end()) {
      comparison.notes.push_back("arm “" + arm.label + "” has no condition in [compare] and is left out");
      continue;
    }
    ComparedCondition c;
    c.arm = arm.name;
    c.label = arm.label;
    c.condition = spec.conditions.at(arm.name);
    c.measured = found->second;
    c.simulated = simulated_rate(spec, result.members[a], arm.name);
    c.fitted = std::find(spec.fitted.begin(), spec.fitted.end(), arm.name) != spec.fitted.end();
    comparison.conditions.push_back(std::move(c));
  }
  if (comparison.conditions.empty())
    throw Error("E8001", "no arm of the run has a condition in [compare]")
        .help("add [compare.condition.ARM] for each arm");
  return comparison;
}

}  // namespace senoma::study
