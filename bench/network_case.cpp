// bench_network_case FILE --rtol R --atol A --cells N --hours H --dt D --print K  (every option has a value)
// One SBML network in N cells, each with inputs of its own, in coupling steps of D hours over H hours on one core: what
// bench/roadrunner_case.py runs beside libRoadRunner. Prints JSON: processor time, steps, and the states of the first K
// cells at every whole hour.
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "convert/sbml.h"
#include "network/batch_integrator.h"

namespace {

using namespace senoma;

double fraction(std::size_t i, double irrational) {
  const double x = static_cast<double>(i) * irrational;
  return x - std::floor(x);
}

/// The same formulas as in bench/roadrunner_case.py: nM fotemustine in the first hour, sensitivity to damage.
double drug(std::size_t i) { return 14000.0 * fraction(i + 1, 0.6180339887498949); }
double sensitivity(std::size_t i) { return 0.5 + fraction(i + 1, 0.7548776662466927); }

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

int run(const std::string& file, std::map<std::string, double> option) {
  auto model = convert::read_sbml(file, {{"FTM_C", "damage_sensitivity"}, "network"});
  const auto system = std::make_shared<const network::OdeSystem>(std::move(model.system));
  network::IntegratorOptions options;
  options.relative_tolerance = option["--rtol"];
  options.absolute_tolerance = option["--atol"];
  const network::BatchIntegrator integrator(system, options);
  const auto n = static_cast<std::size_t>(option["--cells"]), shown = static_cast<std::size_t>(option["--print"]);
  std::vector<std::vector<double>> states;
  for (const auto& state : system->states) states.emplace_back(n, state.initial);
  std::vector<double> dose(n), sensitive(n), step(n, 0.0), parameters;
  for (std::size_t i = 0; i < n; ++i) dose[i] = drug(i), sensitive[i] = sensitivity(i);
  for (const auto& parameter : system->parameters) parameters.push_back(parameter.value);
  network::BatchIntegrator::Lanes lanes;
  lanes.n = n;
  for (auto& column : states) lanes.states.push_back(column.data());
  for (const auto& input : system->inputs)
    lanes.inputs.push_back({(input.name == "FTM_C" ? dose : sensitive).data(), 1});
  lanes.parameters = parameters;
  lanes.step = step.data();

  const Executor one(1);
  const double dt = option["--dt"];
  const int n_intervals = static_cast<int>(std::lround(option["--hours"] / dt));
  double seconds = 0.0;
  network::IntegratorStats stats;
  std::string trace;
  for (int k = 0; k < n_intervals; ++k) {
    if (k * dt >= 1.0 - 1e-9) std::fill(dose.begin(), dose.end(), 0.0);
    const double start = processor_seconds();
    stats += integrator.integrate(lanes, k * dt, (k + 1) * dt, one);
    seconds += processor_seconds() - start;
    const double t = (k + 1) * dt;
    if (std::fabs(t - std::round(t)) > 1e-9) continue;
    for (std::size_t i = 0; i < shown; ++i) {
      trace += trace.empty() ? "[" : ",\n[";
      for (std::size_t s = 0; s < states.size(); ++s) {
        char number[40];
        std::snprintf(number, sizeof number, "%s%.17g", s == 0 ? "" : ",", states[s][i]);
        trace += number;
      }
      trace += "]";
    }
  }
  std::printf("{\"states\": [");
  for (std::size_t s = 0; s < system->states.size(); ++s)
    std::printf("%s\"%s\"", s == 0 ? "" : ", ", system->states[s].name.c_str());
  std::printf("],\n\"seconds\": %.6g, \"cells\": %zu, \"steps_per_cell\": %.6g, \"rejected_per_cell\": %.6g,\n",
              seconds, n, static_cast<double>(stats.steps) / static_cast<double>(n),
              static_cast<double>(stats.rejected) / static_cast<double>(n));
  std::printf("\"trace\": [%s]}\n", trace.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, double> option{{"--rtol", 1e-3}, {"--atol", 1e-6}, {"--cells", 10000},
                                       {"--hours", 24},  {"--dt", 0.5},    {"--print", 0}};
  bool good = argc >= 2 && argc % 2 == 0;
  for (int k = 2; good && k + 1 < argc; k += 2) {
    good = option.contains(argv[k]);
    option[argv[k]] = std::strtod(argv[k + 1], nullptr);
  }
  if (!good) {
    std::fprintf(stderr,
                 "usage: bench_network_case FILE [--rtol R] [--atol A] [--cells N] [--hours H] [--dt D] [--print K]\n");
    return 2;
  }
  try {
    return run(argv[1], option);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
