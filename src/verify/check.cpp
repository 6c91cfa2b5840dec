#include "verify/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace senoma::verify {

std::string name(Depth depth) {
  return depth == Depth::quick ? "quick" : depth == Depth::standard ? "standard" : "full";
}

bool Figure::holds() const {
  switch (rule) {
    case Rule::error_at_most:
      return error <= bound;
    case Rule::at_least:
      return measured >= bound;
    case Rule::at_most:
      return measured <= bound;
    case Rule::equal:
      return !measured_text.empty() && measured_text == expected_text;
  }
  return false;
}

void Convergence::add(double size, double error) {
  sizes.push_back(size);
  errors.push_back(error);
}

std::vector<double> Convergence::orders() const {
  std::vector<double> orders;
  for (std::size_t k = 1; k < sizes.size(); ++k)
    orders.push_back(std::log(errors[k - 1] / errors[k]) / std::log(sizes[k - 1] / sizes[k]));
  return orders;
}

void Outcome::near(const std::string& name, double measured, double expected, double bound, const std::string& unit) {
  figures.push_back(
      {name, unit, Figure::Rule::error_at_most, measured, expected, std::abs(measured - expected), bound, "", ""});
}

void Outcome::near_relative(const std::string& name, double measured, double expected, double bound,
                            const std::string& unit) {
  near(name, measured, expected, bound, unit);
  figures.back().error = std::abs(measured / expected - 1.0);
}

void Outcome::error_at_most(const std::string& name, double error, double bound, const std::string& unit) {
  Figure figure{name, unit};
  figure.error = error;
  figure.bound = bound;
  figures.push_back(figure);
}

void Outcome::at_least(const std::string& name, double measured, double bound, const std::string& unit) {
  Figure figure{name, unit, Figure::Rule::at_least, measured};
  figure.bound = bound;
  figures.push_back(figure);
}

void Outcome::at_most(const std::string& name, double measured, double bound, const std::string& unit) {
  at_least(name, measured, bound, unit);
  figures.back().rule = Figure::Rule::at_most;
}

void Outcome::equal(const std::string& name, const std::string& measured, const std::string& expected) {
  Figure figure{name, ""};
  figure.rule = Figure::Rule::equal;
  figure.measured_text = measured;
  figure.expected_text = expected;
  figures.push_back(figure);
}

void Outcome::order_at_least(const std::string& name, const Convergence& convergence, double bound) {
  const auto orders = convergence.orders();
  at_least(name, orders.empty() ? std::nan("") : *std::min_element(orders.begin(), orders.end()), bound);
  results::ReportTable table;
  table.title = name;
  table.columns = {{convergence.refined, convergence.unit}, {"error", ""}, {"order", ""}};
  for (std::size_t k = 0; k < convergence.sizes.size(); ++k) {
    table.rows.push_back({fmt::format("{:.4g}", convergence.sizes[k]), fmt::format("{:.2e}", convergence.errors[k]),
                          k == 0 ? "" : fmt::format("{:.2f}", orders[k - 1])});
  }
  blocks.emplace_back(table);
}

}  // namespace senoma::verify
