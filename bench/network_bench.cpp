// Batched stiff integration: the shipped melanoma network, 10⁴ cells with different drug exposure, in coupling steps of
// 30 min. Time per cell-step is what one cell costs for one coupling step; per lane-step, for one internal step.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "base/philox.h"
#include "convert/sbml.h"
#include "network/batch_integrator.h"

namespace {

using namespace senoma;

constexpr std::size_t n_cells = 10000;

struct Cells {
  explicit Cells(std::shared_ptr<const network::OdeSystem> s) : system(std::move(s)), step(n_cells, 0.0) {
    for (const auto& state : system->states) states.emplace_back(n_cells, state.initial);
    for (const auto& input : system->inputs) inputs.emplace_back(n_cells, input.value);
    for (const auto& parameter : system->parameters) parameters.push_back(parameter.value);
  }
  network::BatchIntegrator::Lanes lanes() {
    network::BatchIntegrator::Lanes l;
    l.n = n_cells;
    for (auto& column : states) l.states.push_back(column.data());
    for (auto& column : inputs) l.inputs.push_back({column.data(), 1});
    l.parameters = parameters;
    l.step = step.data();
    return l;
  }
  std::shared_ptr<const network::OdeSystem> system;
  std::vector<std::vector<double>> states, inputs;
  std::vector<double> parameters, step;
};

void melanoma_network(benchmark::State& state) {
  auto model = convert::read_sbml(std::string(SENOMA_SOURCE_DIR) + "/models/melanoma-tis/networks/melanoma.xml",
                                  {{"FTM_C", "damage_sensitivity"}, "melanoma.xml"});
  const auto system = std::make_shared<const network::OdeSystem>(std::move(model.system));
  network::IntegratorOptions options;
  options.relative_tolerance = 1e-3;
  options.absolute_tolerance = 1e-6;
  const network::BatchIntegrator integrator(system, options);
  const Executor executor(static_cast<int>(state.range(0)));
  Cells cells(system);
  const RandomStream random{1, 0, Stream::test};
  for (std::size_t i = 0; i < n_cells; ++i) {
    cells.inputs[0][i] = 14000.0 * random.uniform(i);  // nM fotemustine for the first hour
    cells.inputs[1][i] = 0.5 + random.uniform(i, 1);
  }
  double t = 0.0;
  std::uint64_t lane_steps = 0, intervals = 0;
  for (auto _ : state) {  // the cells' histories go on: transients first, then the slow course of days
    if (t >= 1.0) std::fill(cells.inputs[0].begin(), cells.inputs[0].end(), 0.0);
    lane_steps += integrator.integrate(cells.lanes(), t, t + 0.5, executor).steps;
    t += 0.5;
    ++intervals;
  }
  const double n = static_cast<double>(n_cells);
  state.counters["states"] = static_cast<double>(system->states.size());
  state.counters["steps/cell"] = static_cast<double>(lane_steps) / (n * static_cast<double>(intervals));
  state.counters["items"] = n;
}

BENCHMARK(melanoma_network)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Iterations(48)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
