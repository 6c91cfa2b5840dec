#include "expr/program.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <stdexcept>

#include "expr/functions.h"
#include "support.h"

namespace senoma::expr {
namespace {

using testing::every_operation;
using testing::random_graph;
using testing::same_bits;

struct Columns {
  std::vector<std::vector<double>> data;
  std::vector<Input> inputs;
};

Columns random_columns(std::mt19937_64& engine, std::size_t n_variables, std::size_t n) {
  static const double odd[] = {0.0, -0.0, 1.0, -1.0, 1e300, -1e-300, INFINITY, NAN, 5e-324, 170.0, 3.0};
  std::uniform_real_distribution<double> narrow(-3.0, 3.0), exponent(-20.0, 20.0);
  Columns columns;
  for (std::size_t v = 0; v < n_variables; ++v) {
    const std::size_t stride = v == 1 ? 0 : v == 2 ? 2 : 1;  // shared by all lanes, interleaved, plain
    std::vector<double> column(std::max<std::size_t>(1, n * stride));
    for (double& value : column) {
      const auto kind = engine() % 8;
      value = kind == 0 ? odd[engine() % std::size(odd)] : kind < 3 ? std::exp(exponent(engine)) : narrow(engine);
    }
    columns.data.push_back(std::move(column));
    columns.inputs.push_back({nullptr, stride});
  }
  for (std::size_t v = 0; v < n_variables; ++v) columns.inputs[v].data = columns.data[v].data();
  return columns;
}

std::vector<std::vector<double>> run(const Program& program, const Columns& columns, std::size_t n) {
  std::vector<std::vector<double>> out(program.n_outputs(), std::vector<double>(n, -777.0));
  std::vector<double*> pointers;
  for (auto& column : out) pointers.push_back(column.data());
  Program::Workspace workspace;
  program.run(columns.inputs, pointers, n, workspace);
  return out;
}

RC_GTEST_PROP(Program, Equals_evaluate_bit_by_bit_on_random_graphs, ()) {
  std::mt19937_64 engine(*rc::gen::arbitrary<std::uint64_t>());
  const auto n = *rc::gen::inRange<std::size_t>(1, 200);
  Graph graph;
  const auto nodes = random_graph(graph, engine, 60, 4, every_operation());
  std::vector<NodeId> outputs;
  for (int i = 0; i < 12; ++i) outputs.push_back(nodes[engine() % nodes.size()]);
  const Columns columns = random_columns(engine, 4, n);
  const auto got = run(Program(graph, outputs), columns, n);
  for (std::size_t lane = 0; lane < n; ++lane) {
    std::vector<double> values;
    for (const Input& input : columns.inputs) values.push_back(input.data[lane * input.stride]);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      RC_ASSERT(same_bits(got[k][lane], evaluate(graph, outputs[k], values)));
    }
  }
}

RC_GTEST_PROP(Program, Derivatives_of_random_graphs_run_like_evaluate, ()) {
  std::mt19937_64 engine(*rc::gen::arbitrary<std::uint64_t>());
  Graph graph;
  const auto nodes = random_graph(graph, engine, 25, 4, every_operation());
  std::vector<NodeId> outputs;
  for (std::int32_t slot = 0; slot < 4; ++slot) outputs.push_back(graph.derivative(nodes.back(), slot));
  const Columns columns = random_columns(engine, 4, 70);
  const auto got = run(Program(graph, outputs), columns, 70);
  for (std::size_t lane = 0; lane < 70; ++lane) {
    std::vector<double> values;
    for (const Input& input : columns.inputs) values.push_back(input.data[lane * input.stride]);
    for (std::size_t k = 0; k < 4; ++k) RC_ASSERT(same_bits(got[k][lane], evaluate(graph, outputs[k], values)));
  }
}

RC_GTEST_PROP(Program, A_lane_does_not_depend_on_its_neighbours_or_place, ()) {
  std::mt19937_64 engine(*rc::gen::arbitrary<std::uint64_t>());
  const std::size_t n = 150;
  Graph graph;
  const auto nodes = random_graph(graph, engine, 60, 2, every_operation());
  const Program program(graph, {nodes.back(), nodes[nodes.size() / 2]});
  Columns columns = random_columns(engine, 2, n);
  const auto straight = run(program, columns, n);
  std::vector<std::size_t> permutation(n);
  std::iota(permutation.begin(), permutation.end(), 0);
  std::shuffle(permutation.begin(), permutation.end(), engine);
  const std::vector<double> original = columns.data[0];
  for (std::size_t i = 0; i < n; ++i) columns.data[0][i] = original[permutation[i]];
  const auto permuted = run(program, columns, n);
  const auto alone = run(program, columns, 1);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t i = 0; i < n; ++i) RC_ASSERT(same_bits(permuted[k][i], straight[k][permutation[i]]));
    RC_ASSERT(same_bits(alone[k][0], permuted[k][0]));
  }
}

TEST(Program, Uses_a_whole_power_by_multiplication_and_the_same_constant_elsewhere) {
  Graph g;
  const NodeId x = g.variable(0), two = g.constant(2.0);
  // The constant 2 is first met as an exponent (which needs no register) and later as a value (which does).
  const NodeId root =
      g.add(g.pow(x, two), g.mul(g.make(Op::exp, x), g.add(g.mul(two, x), g.make(Op::sin, g.mul(x, two)))));
  const Program program(g, {root});
  std::vector<double> in(130), out(130);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = 0.05 * static_cast<double>(i);
  const Input input{in.data(), 1};
  double* const column = out.data();
  Program::Workspace workspace;
  program.run({&input, 1}, {&column, 1}, in.size(), workspace);
  for (std::size_t i = 0; i < in.size(); ++i) EXPECT_TRUE(same_bits(out[i], evaluate(g, root, {&in[i], 1})));
}

TEST(Program, May_write_over_its_own_input_column) {
  Graph g;
  const NodeId x = g.variable(0);
  const Program program(g, {g.mul(x, x), g.add(x, g.constant(1.0))});
  std::vector<double> in(100, 3.0), other(100);
  const Input input{in.data(), 1};
  double* const outputs[] = {in.data(), other.data()};
  Program::Workspace workspace;
  program.run({&input, 1}, outputs, 100, workspace);
  EXPECT_EQ(in, std::vector<double>(100, 9.0));
  EXPECT_EQ(other, std::vector<double>(100, 4.0));
}

TEST(Program, Outputs_may_be_constants_variables_or_repeated) {
  Graph g;
  const NodeId x = g.variable(0), c = g.constant(4.5), s = g.mul(x, c);
  const Program program(g, {c, x, s, s});
  Columns columns{{{1.0, 2.0, 3.0}}, {}};
  columns.inputs.push_back({columns.data[0].data(), 1});
  const auto out = run(program, columns, 3);
  EXPECT_EQ(out[0], (std::vector<double>{4.5, 4.5, 4.5}));
  EXPECT_EQ(out[1], (std::vector<double>{1.0, 2.0, 3.0}));
  EXPECT_EQ(out[2], (std::vector<double>{4.5, 9.0, 13.5}));
  EXPECT_EQ(out[3], out[2]);
}

TEST(Program, Computes_shared_parts_once_and_reuses_registers) {
  Graph g;
  const NodeId x = g.variable(0);
  const NodeId shared = g.make(Op::exp, g.mul(x, x));
  NodeId chain = shared;
  for (int i = 0; i < 1000; ++i) chain = g.add(g.make(Op::sqrt, g.make(Op::abs, chain)), shared);
  const Program program(g, {chain});
  EXPECT_EQ(program.n_instructions(), 2U + 3U * 1000U);
  EXPECT_LE(program.n_registers(), 4U);
}

TEST(Program, Compiles_and_runs_a_chain_of_a_hundred_thousand_nodes) {
  Graph g;
  NodeId chain = g.variable(0);
  for (int i = 0; i < 100000; ++i) chain = g.add(chain, g.constant(1.0 + i % 7));
  const Program program(g, {chain, g.derivative(chain, 0)});
  Columns columns{{{0.0, 5.0}}, {}};
  columns.inputs.push_back({columns.data[0].data(), 1});
  const auto out = run(program, columns, 2);
  EXPECT_EQ(out[0][1] - out[0][0], 5.0);
  EXPECT_EQ(out[1][0], 1.0);
}

TEST(Program, Refuses_to_run_without_an_input_it_needs) {
  Graph g;
  const Program program(g, {g.add(g.variable(0), g.variable(3))});
  const double one = 1.0;
  double result = 0.0;
  double* const out = &result;
  const std::vector<Input> inputs(2, Input{&one, 0});
  Program::Workspace workspace;
  EXPECT_THROW(program.run(inputs, {&out, 1}, 1, workspace), std::invalid_argument);
  EXPECT_NO_THROW(program.run({}, {&out, 1}, 0, workspace));
}

}  // namespace
}  // namespace senoma::expr
