// bench_field_error_cost OUT.json   error against cost of one substrate over 6 simulated minutes on 100³ voxels of 20
// µm (D = 1e5 µm²/min, λ = 0.1 /min, no flux), for Senoma's solver with several steps and for first-order locally
// one-dimensional splitting at dt 0.01 min and others. The field is a constant and a cosine mode, whose decay on the
// grid is known exactly, so the error (largest, relative to the start's largest value) is that of time stepping and of
// unfinished solves alone. Prints a table and writes JSON: medians of five runs with two threads (one run of 600
// steps).
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/math.h"
#include "field/reaction_diffusion.h"
#include "locally_one_dimensional.h"

namespace {

using namespace senoma;

constexpr double diffusion = 1e5, decay = 0.1, minutes = 6.0;
const grid::Geometry box{{100, 100, 100}, {20, 20, 20}, {0, 0, 0}, false};

std::vector<double> field_at(double time) {
  double rate = decay;
  for (std::size_t a = 0; a < 3; ++a) {
    const double h = box.spacing[a];
    rate += diffusion * 2.0 * (1.0 - math::cos(math::pi / box.n[a])) / (h * h);
  }
  std::vector<double> rho(box.size());
  const double flat = 20.0 * math::exp(-decay * time), wave = 18.0 * math::exp(-rate * time);
  const auto mode = [](int axis, int i) {
    return math::cos(math::pi * (i + 0.5) / box.n[static_cast<std::size_t>(axis)]);
  };
  for (int k = 0; k < box.n[2]; ++k) {
    for (int j = 0; j < box.n[1]; ++j) {
      for (int i = 0; i < box.n[0]; ++i) rho[box.index(i, j, k)] = flat + wave * mode(0, i) * mode(1, j) * mode(2, k);
    }
  }
  return rho;
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Result {
  std::string method;
  int steps = 0, iterations = 0, runs = 0;
  double error = 0.0, wall = 0.0, processor = 0.0;
};

template <class Run>
Result measure(std::string method, int steps, int runs, const Run& run) {
  static const std::vector<double> start = field_at(0.0), exact = field_at(minutes);
  Result result;
  result.method = std::move(method);
  result.steps = steps;
  result.runs = runs;
  std::vector<double> wall, processor, rho;
  for (int r = 0; r < runs; ++r) {
    rho = start;
    const double before = processor_seconds();
    const auto begin = std::chrono::steady_clock::now();
    result.iterations = run(rho);
    wall.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    processor.push_back(processor_seconds() - before);
  }
  const auto median = [](std::vector<double>& values) {
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
    return values[values.size() / 2];
  };
  result.wall = median(wall);
  result.processor = median(processor);
  for (std::size_t v = 0; v < rho.size(); ++v)
    result.error = std::max(result.error, std::abs(rho[v] - exact[v]) / 38.0);
  std::printf("| %s | %d | %.1e | %.3f s | %.3f s | %d |\n", result.method.c_str(), steps, result.error, result.wall,
              result.processor, result.iterations);
  std::fflush(stdout);
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench_field_error_cost OUT.json\n");
    return 2;
  }
  const Executor executor(2);
  std::vector<Result> results;
  std::printf("| method | steps | error | wall, 2 threads | processor | CG iterations |\n|---|---|---|---|---|---|\n");
  field::Coefficients coefficients;
  coefficients.diffusion = diffusion;
  coefficients.decay = decay;
  field::Solver solver(box);
  for (const double tolerance : {1e-4, 1e-6}) {
    for (const int steps : {1, 2, 4, 8, 16}) {
      field::SolverOptions options;
      options.tolerance = tolerance;
      results.push_back(measure("SDIRK2, residual " + std::string(tolerance < 1e-5 ? "1e-6" : "1e-4"), steps, 5,
                                [&](std::vector<double>& rho) {
                                  int iterations = 0;
                                  for (int s = 0; s < steps; ++s)
                                    iterations +=
                                        solver.step(rho, minutes / steps, coefficients, options, executor).iterations;
                                  return iterations;
                                }));
    }
  }
  for (const char* tolerance : {"1e-3", "1e-5"}) {
    field::SolverOptions options;
    options.error_tolerance = std::strtod(tolerance, nullptr);
    results.push_back(
        measure(std::string("exponential, time tolerance ") + tolerance, 1, 5, [&](std::vector<double>& rho) {
          return solver.step(rho, minutes, coefficients, options, executor).iterations;
        }));
  }
  for (const int steps : {6, 60, 600}) {
    const bench::LocallyOneDimensional splitting(box, diffusion, decay, minutes / steps);
    results.push_back(measure("locally one-dimensional", steps, steps > 100 ? 1 : 5, [&](std::vector<double>& rho) {
      for (int s = 0; s < steps; ++s) splitting.step(rho, executor);
      return 0;
    }));
  }
  std::FILE* out = std::fopen(argv[1], "w");
  if (out == nullptr) {
    std::perror(argv[1]);
    return 1;
  }
  std::fprintf(out, "{\"case\": \"100^3 voxels, D 1e5 um^2/min, decay 0.1 /min, 6 min, 2 threads\", \"results\": [\n");
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Result& r = results[i];
    std::fprintf(out,
                 "  {\"method\": \"%s\", \"steps\": %d, \"runs\": %d, \"error\": %.6e, \"wall_s\": %.6f, "
                 "\"processor_s\": %.6f, \"iterations\": %d}%s\n",
                 r.method.c_str(), r.steps, r.runs, r.error, r.wall, r.processor, r.iterations,
                 i + 1 < results.size() ? "," : "");
  }
  std::fprintf(out, "]}\n");
  std::fclose(out);
  return 0;
}
