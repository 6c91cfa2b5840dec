// Measures of a finding: numbers from the columns of a summary table.
#include <algorithm>
#include <cmath>
#include <limits>

#include "study/finding.h"

namespace senoma::study {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double never = std::numeric_limits<double>::infinity();

struct Series {
  std::vector<double> t, y;  ///< min; internal units, no NaN
};

/// The rows with a value between two times.
Series rows(const TimeTable& table, const std::string& readout, double scale, double from, double to) {
  Series s;
  const auto column = table.find(readout);
  if (!column) return s;
  for (std::size_t k = 0; k < table.times.size(); ++k) {
    const double y = table.values[*column][k];
    if (table.times[k] < from - 1e-9 || table.times[k] > to + 1e-9 || std::isnan(y)) continue;
    s.t.push_back(table.times[k]);
    s.y.push_back(y * scale);
  }
  return s;
}

double value_at(const Series& s, double at) {
  for (std::size_t k = 0; k < s.t.size(); ++k) {
    if (std::abs(s.t[k] - at) < 1e-9) return s.y[k];
    if (s.t[k] > at && k > 0) return s.y[k - 1] + (s.y[k] - s.y[k - 1]) * (at - s.t[k - 1]) / (s.t[k] - s.t[k - 1]);
  }
  return nan;
}

double area_of(const Series& s) {
  double area = 0.0;
  for (std::size_t k = 1; k < s.t.size(); ++k) area += 0.5 * (s.y[k] + s.y[k - 1]) * (s.t[k] - s.t[k - 1]);
  return area;
}

/// When y first reaches `target` from row `first` on; from below, or else from above.
double reaching(const Series& s, double target, bool from_below, std::size_t first) {
  const auto beyond = [&](double y) { return from_below ? y >= target : y <= target; };
  for (std::size_t k = first; k < s.t.size(); ++k) {
    if (!beyond(s.y[k])) continue;
    if (k == first || s.y[k] == s.y[k - 1] || beyond(s.y[k - 1])) return s.t[k];
    return s.t[k - 1] + (s.t[k] - s.t[k - 1]) * (target - s.y[k - 1]) / (s.y[k] - s.y[k - 1]);
  }
  return never;
}

double time_to(const Measure& m, const TimeTable& summary, const Series& s) {
  const Series all = rows(summary, m.readout, m.scale, 0.0, never);
  const double start = all.y.front();
  const double target = m.level ? *m.level : *m.factor * start;
  std::size_t first = 0;
  if (m.after_minimum) first = static_cast<std::size_t>(std::min_element(s.y.begin(), s.y.end()) - s.y.begin());
  if (m.after_maximum) first = static_cast<std::size_t>(std::max_element(s.y.begin(), s.y.end()) - s.y.begin());
  // Back to where it began: from the side on which the extremum lies.
  const bool from_below = m.after_minimum || (!m.after_maximum && target >= start);
  return reaching(s, target, from_below, first);
}

struct Peaks {
  std::vector<double> t, y;
};

/// Maxima between a rise and a fall of at least `step`.
Peaks peaks_of(const Series& s, double step) {
  Peaks peaks;
  if (!(step > 0.0)) return peaks;
  double low = s.y[0], high = s.y[0], when = s.t[0];
  bool risen = false;
  for (std::size_t k = 0; k < s.y.size(); ++k) {
    if (!risen) {
      low = std::min(low, s.y[k]);
      if (s.y[k] < low + step) continue;
      risen = true;
      high = s.y[k];
      when = s.t[k];
    } else if (s.y[k] > high) {
      high = s.y[k];
      when = s.t[k];
    } else if (s.y[k] <= high - step) {
      peaks.t.push_back(when);
      peaks.y.push_back(high);
      risen = false;
      low = s.y[k];
    }
  }
  return peaks;
}

double of_peaks(const Measure& m, const Series& s) {
  const auto [low, high] = std::minmax_element(s.y.begin(), s.y.end());
  const Peaks peaks = peaks_of(s, m.prominence * (*high - *low));
  const auto n = static_cast<double>(peaks.t.size());
  if (m.statistic == Statistic::number_of_peaks) return n;
  if (m.statistic == Statistic::time_between_peaks)
    return peaks.t.size() < 2 ? nan : (peaks.t.back() - peaks.t.front()) / (n - 1.0);
  double sum = 0.0;
  for (const double y : peaks.y) sum += y;
  return peaks.y.empty() ? nan : sum / n;
}

double rate_of_log2(const Series& s) {
  std::vector<double> logs;
  for (const double y : s.y) {
    if (!(y > 0.0)) return nan;
    logs.push_back(std::log2(y));
  }
  return s.t.size() < 2 ? nan : slope(s.t, logs);
}

}  // namespace

double measure(const Measure& m, const TimeTable& summary) {
  if (m.statistic == Statistic::at) return value_at(rows(summary, m.readout, m.scale, 0.0, never), m.at);
  const Series s = rows(summary, m.readout, m.scale, m.from, m.to);
  if (s.t.empty()) return nan;
  const auto index = [&](auto extremum) { return static_cast<std::size_t>(extremum - s.y.begin()); };
  switch (m.statistic) {
    case Statistic::initial:
      return s.y.front();
    case Statistic::final:
      return s.y.back();
    case Statistic::maximum:
      return *std::max_element(s.y.begin(), s.y.end());
    case Statistic::minimum:
      return *std::min_element(s.y.begin(), s.y.end());
    case Statistic::time_of_maximum:
      return s.t[index(std::max_element(s.y.begin(), s.y.end()))];
    case Statistic::time_of_minimum:
      return s.t[index(std::min_element(s.y.begin(), s.y.end()))];
    case Statistic::mean:
      return s.t.size() < 2 ? s.y.front() : area_of(s) / (s.t.back() - s.t.front());
    case Statistic::area:
      return area_of(s);
    case Statistic::slope:
      return s.t.size() < 2 ? nan : slope(s.t, s.y);
    case Statistic::rate_of_log2:
      return rate_of_log2(s);
    case Statistic::time_to:
      return time_to(m, summary, s);
    case Statistic::number_of_peaks:
    case Statistic::time_between_peaks:
    case Statistic::height_of_peaks:
      return of_peaks(m, s);
    case Statistic::at:
      break;
  }
  return nan;
}

double dose_of_fraction(const std::vector<double>& doses, const std::vector<double>& responses, double fraction) {
  const std::size_t n = std::min(doses.size(), responses.size());
  if (n == 0 || std::isnan(responses[0])) return nan;
  const double target = fraction * responses[0];
  for (std::size_t k = 1; k < n; ++k) {
    const double before = responses[k - 1], here = responses[k];
    if (std::isnan(here)) return nan;
    if (here > target) continue;
    const double share = (before - target) / (before - here);
    if (doses[k - 1] <= 0.0) return doses[k - 1] + share * (doses[k] - doses[k - 1]);
    return doses[k - 1] * std::pow(doses[k] / doses[k - 1], share);
  }
  return never;
}

}  // namespace senoma::study
