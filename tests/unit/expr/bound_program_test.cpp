#include "expr/bound_program.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <stdexcept>

#include "support.h"

namespace senoma::expr {
namespace {

using testing::every_operation;
using testing::random_graph;
using testing::same_bits;

/// Runs the program bound and unbound on the same columns, twice, as a bound one keeps its registers.
void expect_like_program(const Graph& graph, const std::vector<NodeId>& outputs, std::mt19937_64& engine,
                         std::size_t n) {
  std::uniform_real_distribution<double> narrow(-3.0, 3.0);
  std::vector<std::vector<double>> data;
  std::vector<Input> inputs;
  for (std::size_t v = 0; v < 4; ++v) data.emplace_back(n, narrow(engine));
  for (std::size_t v = 0; v < 4; ++v) inputs.push_back({data[v].data(), v == 1 ? 0U : 1U});
  const Program program(graph, outputs);
  std::vector<std::vector<double>> expected(outputs.size(), std::vector<double>(n)), got = expected;
  std::vector<double*> expected_rows, got_rows;
  for (auto& row : expected) expected_rows.push_back(row.data());
  for (auto& row : got) got_rows.push_back(row.data());
  const BoundProgram bound(program, inputs, got_rows, n);
  Program::Workspace workspace;
  for (int round = 0; round < 2; ++round) {
    for (std::size_t v = 0; v < 4; ++v) {
      for (double& value : data[v]) value = v == 1 ? value : narrow(engine);
    }
    program.run(inputs, expected_rows, n, workspace);
    bound.run();
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      for (std::size_t l = 0; l < n; ++l) RC_ASSERT(same_bits(got[k][l], expected[k][l]));
    }
  }
}

RC_GTEST_PROP(BoundProgram, Has_the_bits_of_the_program_on_random_graphs, ()) {
  std::mt19937_64 engine(*rc::gen::arbitrary<std::uint64_t>());
  const auto n = *rc::gen::element<std::size_t>(8, 24, 32, 64);
  Graph graph;
  const auto nodes = random_graph(graph, engine, 60, 4, every_operation());
  std::vector<NodeId> outputs;
  for (int i = 0; i < 12; ++i) outputs.push_back(nodes[engine() % nodes.size()]);  // some twice, some mere inputs
  expect_like_program(graph, outputs, engine, n);
}

RC_GTEST_PROP(BoundProgram, Passes_results_on_without_changing_a_bit, ()) {
  std::mt19937_64 engine(*rc::gen::arbitrary<std::uint64_t>());
  const auto n = *rc::gen::element<std::size_t>(8, 32, 40);
  Graph graph;
  const auto nodes =
      random_graph(graph, engine, 60, 4, {Op::add, Op::subtract, Op::multiply, Op::divide, Op::negate, Op::power});
  expect_like_program(graph, {nodes.back(), nodes[nodes.size() / 2]}, engine, n);
}

TEST(BoundProgram, A_number_keeps_the_sign_of_its_zero) {
  Graph graph;
  const NodeId x = graph.variable(0), u = graph.variable(1);
  const Program program(graph, {graph.div(graph.constant(1.0), graph.mul(u, x)), graph.mul(x, u)});
  std::vector<double> ones(32, 1.0), inverse(32), product(32);
  const double negative_zero = -0.0;
  const std::vector<Input> inputs{{ones.data(), 1}, {&negative_zero, 0}};
  const std::vector<double*> outputs{inverse.data(), product.data()};
  const BoundProgram bound(program, inputs, outputs, 32);
  bound.run();
  EXPECT_TRUE(std::signbit(product[31]));
  EXPECT_LT(inverse[0], -1e300);
}

TEST(BoundProgram, Columns_that_do_not_fit_are_refused) {
  Graph graph;
  const Program program(graph, {graph.add(graph.variable(0), graph.variable(1))});
  std::vector<double> a(32, 1.0), b(32, 2.0), out(32);
  const auto bind = [&](std::vector<Input> inputs, std::vector<double*> outputs, std::size_t n) {
    const BoundProgram bound(program, inputs, outputs, n);
    bound.run();
  };
  bind({{a.data(), 1}, {b.data(), 0}}, {out.data()}, 32);
  EXPECT_EQ(out[31], 3.0);
  EXPECT_THROW(bind({{a.data(), 1}}, {out.data()}, 32), std::invalid_argument);
  EXPECT_THROW(bind({{a.data(), 1}, {b.data(), 1}}, {}, 32), std::invalid_argument);
  EXPECT_THROW(bind({{a.data(), 1}, {b.data(), 1}}, {a.data()}, 32), std::invalid_argument);
  EXPECT_THROW(bind({{a.data(), 1}, {b.data(), 1}}, {out.data()}, 12), std::invalid_argument);
}

}  // namespace
}  // namespace senoma::expr
