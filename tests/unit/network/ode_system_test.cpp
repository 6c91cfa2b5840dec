#include "network/ode_system.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "example_systems.h"
#include "network/rewrite.h"

namespace senoma::network {
namespace {

using namespace examples;

std::shared_ptr<OdeSystem> small() {
  Builder b("small");
  b.state("x", 1.0);
  b.state("y", 2.0);
  b.input("drug", 0.5);
  b.parameter("k1", 3.0);
  b.parameter("k2", 5.0);
  b.parameter("k3", 7.0);
  b.rate(b.p(0) * b.u(0) - b.p(1) * b.y(0));
  b.rate(b.p(2) * b.y(0) - b.y(1) * b.t());
  b.output("ratio", b.y(0) / (b.y(1) + b.p(1)));
  return b.done();
}

/// All slots filled with the declared values, at time 11.
std::vector<double> slots(const OdeSystem& system) {
  std::vector<double> values;
  for (const auto& s : system.states) values.push_back(s.initial);
  values.push_back(11.0);
  for (const auto& u : system.inputs) values.push_back(u.value);
  for (const auto& p : system.parameters) values.push_back(p.value);
  return values;
}

TEST(OdeSystem, Finds_every_named_quantity) {
  const auto system = small();
  EXPECT_EQ(system->find_state("y"), 1u);
  EXPECT_EQ(system->find_input("drug"), 0u);
  EXPECT_EQ(system->find_parameter("k3"), 2u);
  EXPECT_FALSE(system->find_state("k3"));
  EXPECT_EQ(system->names(), (std::vector<std::string>{"x", "y", "drug", "k1", "k2", "k3", "ratio"}));
  const auto values = slots(*system);
  for (const auto& [name, value] : {std::pair{"x", 1.0}, {"drug", 0.5}, {"k2", 5.0}, {"ratio", 1.0 / 7.0}}) {
    EXPECT_EQ(expr::evaluate(system->graph, system->find_node(name), values), value) << name;
  }
  EXPECT_EQ(system->find_node("unknown"), -1);
}

TEST(OdeSystem, Promoting_parameters_keeps_every_rate_and_output) {
  const auto before = small();
  auto after = small();
  after->promote_to_inputs({"k3", "k1", "drug", "k3"});
  ASSERT_EQ(after->inputs.size(), 3u);
  EXPECT_EQ(after->inputs[0].name, "drug");
  EXPECT_EQ(after->inputs[1].name, "k3");
  EXPECT_EQ(after->inputs[2].name, "k1");
  ASSERT_EQ(after->parameters.size(), 1u);
  EXPECT_EQ(after->parameters[0].name, "k2");
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(expr::evaluate(after->graph, after->derivatives[i], slots(*after)),
              expr::evaluate(before->graph, before->derivatives[i], slots(*before)));
  }
  EXPECT_EQ(expr::evaluate(after->graph, after->outputs[0].node, slots(*after)), 1.0 / 7.0);
}

TEST(OdeSystem, Promoting_an_unknown_name_proposes_the_nearest_one) {
  auto system = small();
  try {
    system->promote_to_inputs({"k33"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E3010");
    ASSERT_FALSE(error.remedies().empty());
    EXPECT_NE(error.remedies()[0].find("did you mean 'k"), std::string::npos);
  }
  EXPECT_THROW(system->promote_to_inputs({"x"}), Error);
}

TEST(Rewrite, Split_expressions_evaluate_to_the_same_values_and_keep_only_dynamic_work) {
  Builder b("split");
  b.state("x", 2.0);
  b.input("u", 3.0);
  b.parameter("p", 5.0);
  b.parameter("q", 7.0);
  const Term shared = power(b.p(0), 2.0) + b.p(1), lane = shared * b.u(0), dynamic = lane * b.y(0) + shared;
  const auto system = b.done();
  const std::vector<expr::NodeId> roots = {dynamic.id, lane.id, shared.id, b.value(4.0).id};
  const auto split = split_by_rank(system->graph, roots, 2, 5, [](std::int32_t slot) {
    return slot < 2 ? Rank::dynamic : slot == 2 ? Rank::lane : Rank::shared;
  });
  ASSERT_EQ(split.shared_roots.size(), 1u);
  ASSERT_EQ(split.lane_roots.size(), 1u);
  const double s = expr::evaluate(split.shared, split.shared_roots[0], std::vector<double>{2, 0, 3, 5, 7});
  EXPECT_EQ(s, 32.0);
  const double l = expr::evaluate(split.lane, split.lane_roots[0], std::vector<double>{2, 0, 3, 5, 7, s});
  EXPECT_EQ(l, 96.0);
  const std::vector<double> values = {2.0, 0.0, l, s};
  const double expected[] = {224.0, 96.0, 32.0, 4.0};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(expr::evaluate(split.dynamic, split.dynamic_roots[i], values), expected[i]);
  }
  // Dynamic work: one product and one sum beside the variables and the constant.
  EXPECT_EQ(split.dynamic.size(), 3u + 2u + 1u);
}

}  // namespace
}  // namespace senoma::network
