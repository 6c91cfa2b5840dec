// A vector program of the kind rules compile to (three Hill terms, a condition, an exponential), over 10⁵ cells on one
// thread, against plain evaluation node by node.
#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

#include "base/philox.h"
#include "expr/parse.h"
#include "expr/program.h"

namespace {

using namespace senoma;

constexpr std::size_t n_cells = 100000;
const char* const rule =
    "0.2 + 1.3 * hill(a, 0.4, 2) * (1 - hill(b, 10, 4)) + (c > 12 ? 0.1 * exp(-0.05 * (c - 12)) : 0) + 0.02 * hill(a * b, 3, 1)";

struct Compiled {
  expr::Graph graph;
  expr::NodeId root = -1;
  std::vector<std::vector<double>> columns;

  Compiled() {
    const std::map<std::string, std::int32_t> slots{{"a", 0}, {"b", 1}, {"c", 2}};
    expr::Scope scope;
    scope.find = [&](const std::string& name) -> std::optional<expr::Symbol> {
      const auto found = slots.find(name);
      if (found == slots.end()) return std::nullopt;
      return expr::Symbol{graph.variable(found->second), {}};
    };
    scope.names = [] { return std::vector<std::string>{"a", "b", "c"}; };
    root = expr::parse(rule, graph, scope).node;
    for (std::uint64_t k = 0; k < 3; ++k) {
      columns.emplace_back(n_cells);
      const RandomStream random{7, k, Stream::test};
      for (std::size_t i = 0; i < n_cells; ++i) columns.back()[i] = (k == 0 ? 1.0 : 25.0) * random.uniform(i);
    }
  }
};

void rule_as_program(benchmark::State& state) {
  Compiled c;
  const expr::Program program(c.graph, {c.root});
  const std::vector<expr::Input> inputs{{c.columns[0].data(), 1}, {c.columns[1].data(), 1}, {c.columns[2].data(), 1}};
  std::vector<double> out(n_cells);
  double* const outputs[] = {out.data()};
  expr::Program::Workspace workspace;
  for (auto _ : state) {
    program.run(inputs, outputs, n_cells, workspace);
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["items"] = static_cast<double>(n_cells);
  state.counters["instructions"] = static_cast<double>(program.n_instructions());
}

void rule_node_by_node(benchmark::State& state) {
  Compiled c;
  std::vector<double> out(n_cells);
  for (auto _ : state) {
    for (std::size_t i = 0; i < n_cells; ++i) {
      const double values[] = {c.columns[0][i], c.columns[1][i], c.columns[2][i]};
      out[i] = expr::evaluate(c.graph, c.root, values);
    }
    benchmark::DoNotOptimize(out.data());
  }
  state.counters["items"] = static_cast<double>(n_cells);
}

BENCHMARK(rule_as_program)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(rule_node_by_node)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
