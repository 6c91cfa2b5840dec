// One time step of one substrate. `cosine_box` is the bar of BENCHMARKS: 100³ voxels, D = 1e5 µm²/min, λ = 0.1 /min,
// one step of 6 min to a relative residual of 1e-6; `ten_substrates` solves ten in turn, each with its own D and
// uptake, in one solver; `tissue_2d` is a 30 × 30 patch as in the relapse experiment.
#include <benchmark/benchmark.h>

#include <vector>

#include "base/math.h"
#include "base/philox.h"
#include "field/reaction_diffusion.h"

namespace {

using namespace senoma;

std::vector<double> cosine(const grid::Geometry& g) {
  std::vector<double> rho(g.size());
  for (int k = 0; k < g.n[2]; ++k) {
    for (int j = 0; j < g.n[1]; ++j) {
      for (int i = 0; i < g.n[0]; ++i) {
        double value = 1.0;
        const int index[3] = {i, j, k};
        for (int axis = 0; axis < 3; ++axis) {
          value *= math::cos(math::pi * (g.centre(axis, index[axis]) - g.origin[static_cast<std::size_t>(axis)]) /
                             g.extent(axis));
        }
        rho[g.index(i, j, k)] = 20.0 + 18.0 * value;
      }
    }
  }
  return rho;
}

std::vector<double> patchy(std::size_t n, double largest, std::uint64_t seed) {
  std::vector<double> values(n, 0.0);
  const RandomStream random{seed, 0, Stream::test};
  for (std::size_t i = 0; i < n; ++i) {
    if (random.uniform(i) < 0.3) values[i] = largest * random.uniform(i, 1);
  }
  return values;
}

void run(benchmark::State& state, const grid::Geometry& geometry, const field::Coefficients& coefficients, double dt) {
  const Executor executor(static_cast<int>(state.range(0)));
  field::Solver solver(geometry);
  const auto start = cosine(geometry);
  auto rho = start;
  int iterations = 0;
  for (auto _ : state) {
    state.PauseTiming();
    rho = start;
    state.ResumeTiming();
    iterations = solver.step(rho, dt, coefficients, {}, executor).iterations;
    benchmark::DoNotOptimize(rho.data());
  }
  state.counters["iterations"] = iterations;
  state.counters["items"] = static_cast<double>(geometry.size());
}

void cosine_box(benchmark::State& state) {
  field::Coefficients k;
  k.diffusion = 1e5;
  k.decay = 0.1;
  run(state, {{100, 100, 100}, {20, 20, 20}, {0, 0, 0}, false}, k, 6.0);
}

void tissue_3d_with_uptake(benchmark::State& state) {
  const grid::Geometry g{{100, 100, 100}, {20, 20, 20}, {0, 0, 0}, false};
  const auto uptake = patchy(g.size(), 10.0, 1);
  field::Coefficients k;
  k.diffusion = 1e5;
  k.decay = 0.1;
  k.uptake = uptake;
  for (auto& face : k.faces) face = {field::FaceCondition::Kind::value, 38.0, 0.0, 0.0};
  run(state, g, k, 6.0);
}

void ten_substrates(benchmark::State& state) {
  const int n = static_cast<int>(state.range(1)), n_substrates = 10;
  const grid::Geometry g{{n, n, n}, {20, 20, 20}, {0, 0, 0}, false};
  const Executor executor(static_cast<int>(state.range(0)));
  field::Solver solver(g);
  const auto start = cosine(g);
  std::vector<std::vector<double>> rho(n_substrates), mean(n_substrates, start), uptake;
  for (std::uint64_t s = 0; s < n_substrates; ++s) uptake.push_back(patchy(g.size(), 10.0, s + 1));
  int iterations = 0;
  for (auto _ : state) {
    state.PauseTiming();
    for (auto& field : rho) field = start;
    state.ResumeTiming();
    iterations = 0;
    for (std::size_t s = 0; s < n_substrates; ++s) {
      field::Coefficients k;
      k.diffusion = 1e4 * static_cast<double>(s + 1);
      k.decay = 0.1;
      k.uptake = uptake[s];
      iterations += solver.step(rho[s], 6.0, k, {}, executor, mean[s]).iterations;
    }
  }
  state.counters["iterations"] = iterations;
  state.counters["items"] = static_cast<double>(n_substrates * g.size());
}

void tissue_2d(benchmark::State& state) {
  const grid::Geometry g{{30, 30, 1}, {20, 20, 20}, {0, 0, 0}, true};
  const auto uptake = patchy(g.size(), 1.0, 2), source = patchy(g.size(), 0.1, 3);
  field::Coefficients k;
  k.diffusion = 1500.0;
  k.decay = 0.1;
  k.uptake = uptake;
  k.source = source;
  run(state, g, k, 30.0);
}

BENCHMARK(cosine_box)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(tissue_3d_with_uptake)
    ->ArgName("threads")
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(ten_substrates)
    ->ArgNames({"threads", "n"})
    ->ArgsProduct({{1, 2}, {54, 100}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(tissue_2d)->ArgName("threads")->Arg(1)->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
