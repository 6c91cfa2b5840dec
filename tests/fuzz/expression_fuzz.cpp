// Any bytes: the parser answers with a graph or with one of its errors; a graph gives the same bits from evaluate(),
// from a program over lanes, and from its text read again; its derivative runs too.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "expr/parse.h"
#include "expr/program.h"

namespace {

using namespace senoma;
using namespace senoma::expr;

constexpr const char* names[] = {"x", "y", "t", "CCL2.occupancy"};

Scope scope_of(Graph& graph, bool check) {
  return {[&graph](const std::string& name) -> std::optional<Symbol> {
            for (std::int32_t slot = 0; slot < 4; ++slot) {
              if (name == names[slot]) return Symbol{graph.variable(slot), slot == 2 ? dim::time : dim::none};
            }
            return std::nullopt;
          },
          [] { return std::vector<std::string>(std::begin(names), std::end(names)); }, check};
}

std::optional<NodeId> try_parse(std::string_view text, Graph& graph, bool check) {
  try {
    return parse(text, graph, scope_of(graph, check)).node;
  } catch (const Error& error) {
    const auto& place = error.position();
    if (!place || place->column < 1 || place->column > static_cast<int>(text.size()) + 1) std::abort();
    if (error.render(std::string(text)).empty()) std::abort();
    return std::nullopt;
  }
}

void must_be_same(double a, double b) {
  if (std::bit_cast<std::uint64_t>(a) != std::bit_cast<std::uint64_t>(b) && !(std::isnan(a) && std::isnan(b)))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Graph graph;
  (void)try_parse(text, graph, true);
  const auto root = try_parse(text, graph, false);
  if (!root) return 0;

  constexpr std::size_t lanes = 5;
  const double columns[4][lanes] = {{0.0, 0.7, -2.0, 1e200, 3.0},
                                    {1.0, 2.5, 0.0, -1e-300, NAN},
                                    {60.0, 0.0, 1.0, 7.0, -INFINITY},
                                    {0.5, 0.5, 2.0, -0.0, 5.0}};
  const NodeId slope = graph.derivative(*root, 0);
  const Program program(graph, {*root, slope});
  std::vector<Input> inputs;
  for (const auto& column : columns) inputs.push_back({column, 1});
  double value[lanes], derivative[lanes];
  double* const outputs[] = {value, derivative};
  Program::Workspace workspace;
  program.run(inputs, outputs, lanes, workspace);

  std::optional<NodeId> again;
  try {
    again = try_parse(graph.to_string(*root, [](std::int32_t slot) { return std::string(names[slot]); }), graph, false);
  } catch (const Error& error) {
    if (error.code() != "E2005") std::abort();
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const double inputs_of_lane[] = {columns[0][lane], columns[1][lane], columns[2][lane], columns[3][lane]};
    must_be_same(value[lane], evaluate(graph, *root, inputs_of_lane));
    must_be_same(derivative[lane], evaluate(graph, slope, inputs_of_lane));
    if (again) must_be_same(value[lane], evaluate(graph, *again, inputs_of_lane));
  }
  return 0;
}
