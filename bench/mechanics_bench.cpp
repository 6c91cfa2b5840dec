// Pair velocities and neighbour search of the packed sphere of BENCHMARKS: cells of radius 8.41 µm at
// x = i·√3·r + (k mod 2)·r/2, y = j·2r + (i mod 2)·r, z = k·√3·r inside a sphere of 440 µm (about 10⁵ cells).
#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

#include "base/hash.h"
#include "grid/neighbours.h"
#include "mechanics/pair_forces.h"

namespace {

using namespace senoma;

struct Spheroid {
  std::vector<double> x, y, z, radius, repulsion, adhesion, reach;
  std::vector<std::uint64_t> id;

  explicit Spheroid(double extent) {
    constexpr double r = 8.41;
    const double root = std::sqrt(3.0);
    const int n = static_cast<int>(extent / r) + 2;
    for (int k = -n; k <= n; ++k) {
      for (int j = -n; j <= n; ++j) {
        for (int i = -n; i <= n; ++i) {
          const double px = i * root * r + (k & 1) * 0.5 * r, py = j * 2.0 * r + (i & 1) * r, pz = k * root * r;
          if (px * px + py * py + pz * pz > extent * extent) continue;
          x.push_back(px), y.push_back(py), z.push_back(pz);
          radius.push_back(r), repulsion.push_back(10.0), adhesion.push_back(0.4), reach.push_back(1.25 * r);
          id.push_back(mix64(id.size() + 1));
        }
      }
    }
  }
  [[nodiscard]] std::size_t size() const { return x.size(); }
  mechanics::Bodies bodies() { return {x, y, z, radius, repulsion, adhesion, {}, {}, {}, {}, id}; }
  [[nodiscard]] grid::Points points() const { return {x, y, z, reach, id, {0, 0, 0}}; }
};

void velocities(benchmark::State& state) {
  Spheroid s(440.0);
  const Executor executor(static_cast<int>(state.range(0)));
  grid::NeighbourList neighbours;
  neighbours.build(s.points(), 0.0, executor);
  std::vector<double> vx(s.size()), vy(s.size()), vz(s.size());
  for (auto _ : state) {
    mechanics::velocities(s.bodies(), neighbours, 1.25, false, vx, vy, vz, {}, executor);
    benchmark::DoNotOptimize(vx.data());
  }
  state.counters["items"] = static_cast<double>(s.size());
}

void neighbour_build(benchmark::State& state) {
  const Spheroid s(440.0);
  const Executor executor(static_cast<int>(state.range(0)));
  grid::NeighbourList neighbours;
  for (auto _ : state) {
    neighbours.build(s.points(), 2.2, executor);
    benchmark::DoNotOptimize(&neighbours);
  }
  state.counters["items"] = static_cast<double>(s.size());
}

void move_6_min(benchmark::State& state) {
  const Spheroid start(440.0);
  const Executor executor(static_cast<int>(state.range(0)));
  const grid::Geometry domain{{54, 54, 54}, {20, 20, 20}, {-540, -540, -540}, false};
  grid::NeighbourList neighbours;
  int substeps = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Spheroid s = start;
    state.ResumeTiming();
    substeps = mechanics::move(s.bodies(), domain, 6.0, {}, neighbours, {}, executor).substeps;
  }
  state.counters["items"] = static_cast<double>(start.size());
  state.counters["substeps"] = substeps;
}

BENCHMARK(velocities)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(neighbour_build)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(move_6_min)
    ->ArgName("threads")
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
