// How much of the machine's memory bandwidth the field solver's kernels use: triad (a = b + s c, three arrays of 160
// MB) beside the matrix application, a relaxation of one colour, and the update of conjugate gradients, for one
// substrate on 200³ voxels (64 MB a vector of doubles) and for ten on 100³ voxels in turn: both beyond the cache.
// `GB_per_s` counts every array once that a kernel must read or write, without write-allocation, for triad too.
#include <benchmark/benchmark.h>

#include <vector>

#include "base/aligned.h"
#include "base/parallel.h"
#include "field/smoother.h"
#include "field/stencil.h"

namespace {

using namespace senoma;
using field::Stencil;

struct Case {
  Stencil stencil;
  field::Smoother smoother;
  Column<float> narrow, narrow_out, narrow_b;
  Column<double> wide, wide_out;

  Case(int n, const Executor& executor) : stencil({n, n, n}) {
    stencil.uniform = {1.0 / 400, 1.0 / 400, 1.0 / 400};
    stencil.scale = 1e5;
    std::fill(stencil.diagonal.begin(), stencil.diagonal.end(), 1.1);
    field::add_face_sums(stencil, executor);
    const std::size_t size = stencil.layout.size();
    smoother.inverse.assign(size, 0.0f);
    smoother.zeros.assign(stencil.layout.stride, 0.0f);
    field::invert_diagonal(stencil, smoother, executor);
    for (auto* column : {&narrow, &narrow_out, &narrow_b}) column->assign(size, 1.0f);
    for (auto* column : {&wide, &wide_out}) column->assign(size, 1.0);
  }
  [[nodiscard]] double voxels() const { return static_cast<double>(stencil.layout.n_voxels()); }
};

/// `bytes`: per item.
void report(benchmark::State& state, double items, double bytes) {
  state.counters["GB_per_s"] = benchmark::Counter(bytes * items * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["updates_per_s"] = benchmark::Counter(items, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["items"] = items;
}

void triad(benchmark::State& state) {
  const Executor executor(static_cast<int>(state.range(0)));
  constexpr std::size_t size = 20'000'000;
  Column<double> a(size, 0.0), b(size, 1.0), c(size, 2.0);
  for (auto _ : state) {
    executor.for_blocks(size, 1 << 16, [&](Block block) {
      for (std::size_t i = block.begin; i < block.end; ++i) a[i] = b[i] + 3.0 * c[i];
    });
    benchmark::DoNotOptimize(a.data());
  }
  report(state, size, 24);
}

// range(1) substrates, each with its own arrays, in turn: on 200³ voxels if one, else on 100³.
template <class Kernel>
void run(benchmark::State& state, double bytes, double share_of_voxels, const Kernel& kernel) {
  const Executor executor(static_cast<int>(state.range(0)));
  std::vector<Case> substrates;
  for (int s = 0; s < state.range(1); ++s) substrates.emplace_back(state.range(1) == 1 ? 200 : 100, executor);
  for (auto _ : state) {
    for (Case& c : substrates) kernel(c, executor);
  }
  report(state, share_of_voxels * substrates.front().voxels() * static_cast<double>(substrates.size()), bytes);
}

void apply_matrix(benchmark::State& state) {
  run(state, 4 + 8 + 8, 1.0, [](Case& c, const Executor& executor) {  // x, diagonal, out
    benchmark::DoNotOptimize(field::apply_matrix(c.stencil, c.narrow.data(), c.wide_out.data(), executor));
  });
}

void relax_colour(benchmark::State& state) {
  // The other colour, b, 1/diagonal, out: per voxel of the colour.
  run(state, 4 + 4 + 4 + 4, 0.5, [](Case& c, const Executor& executor) {
    field::relax_colour(c.stencil, c.smoother, 0, c.narrow_b.data(), c.narrow.data(), executor);
    benchmark::DoNotOptimize(c.narrow.data());
  });
}

void update(benchmark::State& state) {
  run(state, 8 + 16 + 4, 1.0, [](Case& c, const Executor& executor) {  // q, r in and out, narrow r
    benchmark::DoNotOptimize(field::sum_values(c.stencil, executor, [&](std::size_t at, std::size_t count) {
      return field::descend(1e-9, 1.0, &c.wide[at], &c.wide_out[at], &c.narrow[at], count);
    }));
  });
}

void arguments(benchmark::internal::Benchmark* b) {
  b->ArgNames({"threads", "substrates"})->ArgsProduct({{1, 2}, {1, 10}});
  b->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
}
BENCHMARK(triad)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(apply_matrix)->Apply(arguments);
BENCHMARK(relax_colour)->Apply(arguments);
BENCHMARK(update)->Apply(arguments);

}  // namespace
