// What becomes of an assertion: seed by seed, then over seeds.
#include <algorithm>
#include <cmath>
#include <limits>

#include "study/finding.h"

namespace senoma::study {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// One seed; NaN when a measure that is used has no value.
double value_of(const Finding& finding, const Assertion& a, const std::vector<std::vector<double>>& values,
                std::size_t seed) {
  std::vector<double> inputs(finding.measures.size(), nan);
  for (std::size_t m = 0; m < inputs.size(); ++m) inputs[m] = values[m][seed];
  for (const std::size_t m : a.measures) {
    if (std::isnan(inputs[m])) return nan;
  }
  const double value = expr::evaluate(finding.graph, a.root, inputs);
  return a.is_fraction ? (value != 0.0 ? 1.0 : 0.0) : value;
}

}  // namespace

Verdict judge(const Finding& finding, const Assertion& a, const std::vector<std::vector<double>>& values) {
  Verdict verdict;
  const double unit = parse_unit(a.unit).value;
  if (a.low) verdict.low = *a.low / unit;
  if (a.high) verdict.high = *a.high / unit;
  // A seed without a value counts as one that breaks the bound.
  const double breaking = a.is_fraction ? 0.0 : a.high ? infinite : -infinite;
  std::vector<double> counted;
  for (std::size_t s = 0; !values.empty() && s < values[0].size(); ++s) {
    const double value = value_of(finding, a, values, s) / (a.is_fraction ? 1.0 : unit);
    verdict.values.push_back(value);
    verdict.unknown += std::isnan(value) ? 1U : 0U;
    counted.push_back(std::isnan(value) ? breaking : value);
  }
  verdict.interval = bootstrap(counted, a.level, [&](std::vector<double>& sample) {
    if (a.median && !a.is_fraction) return median(sample);
    double sum = 0.0;
    for (const double v : sample) sum += v;
    return sum / static_cast<double>(sample.size());
  });
  const bool above = !verdict.low || verdict.interval.low >= *verdict.low;
  const bool below = !verdict.high || verdict.interval.high <= *verdict.high;
  verdict.passed = verdict.interval.n > 0 && above && below;
  return verdict;
}

}  // namespace senoma::study
