// Stiff networks against published reference solutions: 12 and more digits, computed by others with other methods
// (Test Set for IVP Solvers, Mazzia & Magherini, Bari 2008; Hairer & Wanner, Solving Ordinary Differential Equations
// II). The comparison with SUNDIALS CVODE is in the test suite, as the program does not link it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "expr/parse.h"
#include "network/trajectory.h"
#include "verify/catalogue.h"

namespace senoma::verify {

namespace {

struct Problem {
  struct State {
    std::string name;
    double initial;
    std::string rate;
    double reference;
  };
  std::string name;
  double end;
  std::vector<State> states;
  double absolute_tolerance;  ///< per relative tolerance
};

network::OdeSystem compile(const Problem& problem) {
  network::OdeSystem system;
  system.name = problem.name;
  for (const auto& s : problem.states) {
    network::OdeState state;
    state.name = s.name;
    state.initial = s.initial;
    system.states.push_back(state);
  }
  expr::Scope scope;
  scope.check_dimensions = false;
  scope.names = [&] { return system.names(); };
  scope.find = [&](const std::string& symbol) -> std::optional<expr::Symbol> {
    const expr::NodeId node = system.find_node(symbol);
    if (node < 0) return std::nullopt;
    return expr::Symbol{node, {}};
  };
  for (const auto& s : problem.states) system.derivatives.push_back(expr::parse(s.rate, system.graph, scope).node);
  return system;
}

const Problem robertson{"Robertson",
                        1e11,
                        {{"y1", 1, "-0.04*y1 + 1e4*y2*y3", 0.2083340149701255e-7},
                         {"y2", 0, "0.04*y1 - 1e4*y2*y3 - 3e7*y2^2", 0.8333360770334713e-13},
                         {"y3", 0, "3e7*y2^2", 0.9999999791665050}},
                        1e-9};

const Problem hires{"HIRES",
                    321.8122,
                    {{"y1", 1, "-1.71*y1 + 0.43*y2 + 8.32*y3 + 0.0007", 0.7371312573325668e-3},
                     {"y2", 0, "1.71*y1 - 8.75*y2", 0.1442485726316185e-3},
                     {"y3", 0, "-10.03*y3 + 0.43*y4 + 0.035*y5", 0.5888729740967575e-4},
                     {"y4", 0, "8.32*y2 + 1.71*y3 - 1.12*y4", 0.1175651343283149e-2},
                     {"y5", 0, "-1.745*y5 + 0.43*y6 + 0.43*y7", 0.2386356198831331e-2},
                     {"y6", 0, "-280*y6*y8 + 0.69*y4 + 1.71*y5 - 0.43*y6 + 0.69*y7", 0.6238968252742796e-2},
                     {"y7", 0, "280*y6*y8 - 1.81*y7", 0.2849998395185769e-2},
                     {"y8", 0.0057, "-280*y6*y8 + 1.81*y7", 0.2850001604814231e-2}},
                    1e-4};

const Problem van_der_pol{
    "van der Pol, stiffness 10^6",
    2.0,
    {{"y1", 2, "y2", 0.1706167732170483e1}, {"y2", 0, "1e6*((1 - y1^2)*y2 - y1)", -0.8928097010247975}},
    1.0};

const Problem oregonator{"Oregonator",
                         360.0,
                         {{"y1", 1, "77.27*(y2 + y1*(1 - 8.375e-6*y1 - y2))", 0.1000814870318523e1},
                          {"y2", 2, "(y3 - (1 + y1)*y2)/77.27", 0.1228178521549917e4},
                          {"y3", 3, "0.161*(y1 - y3)", 0.1320554942846706e3}},
                         1e-3};

Outcome stiff(const Problem& problem) {
  const auto system = compile(problem);
  Outcome outcome;
  results::ReportTable table;
  table.title = "Error and cost";
  table.columns = {
      {"relative tolerance", ""}, {"error in units of the tolerance", ""}, {"steps", ""}, {"rejected", ""}};
  for (const double tolerance : {1e-4, 1e-6, 1e-8}) {
    network::IntegratorOptions options;
    options.relative_tolerance = tolerance;
    options.absolute_tolerance = tolerance * problem.absolute_tolerance;
    options.min_step = 1e-24;  // Robertson's first step is 1e-5 of an end at 1e11
    const auto trajectory = network::integrate_one(system, options, problem.end, 1);
    double worst = 0.0;
    for (const auto& s : problem.states) {
      const double got = trajectory.find(s.name)->back();
      worst = std::max(worst,
                       std::abs(got - s.reference) / (options.absolute_tolerance + tolerance * std::abs(s.reference)));
    }
    outcome.error_at_most(fmt::format("largest error in units of the tolerance, at {:.0e}", tolerance), worst, 1.0);
    table.rows.push_back({fmt::format("{:.0e}", tolerance), fmt::format("{:.3f}", worst),
                          std::to_string(trajectory.stats.steps), std::to_string(trajectory.stats.rejected)});
  }
  outcome.blocks.emplace_back(table);
  return outcome;
}

Check stiff_check(const std::string& id, const Problem& problem) {
  return {
      "networks",
      "networks/" + id,
      problem.name + fmt::format(" to t = {:g}", problem.end),
      "Every species at the end against the published reference solution, in units of absolute + relative tolerance.",
      Depth::quick,
      false,
      [&problem](const Context&) { return stiff(problem); }};
}

}  // namespace

std::vector<Check> network_checks() {
  return {stiff_check("robertson", robertson), stiff_check("hires", hires), stiff_check("van-der-pol", van_der_pol),
          stiff_check("oregonator", oregonator)};
}

}  // namespace senoma::verify
