#include "network/trajectory.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "example_systems.h"

namespace senoma::network {
namespace {

using namespace examples;

std::shared_ptr<OdeSystem> decay() {
  Builder b("decay");
  b.state("x", 2.0);
  b.input("source", 0.0);
  b.parameter("k", 0.5);
  b.rate(b.u(0) - b.p(0) * b.y(0));
  b.output("twice_plus_time", 2.0 * b.y(0) + b.t());
  return b.done();
}

IntegratorOptions tight() {
  IntegratorOptions options;
  options.relative_tolerance = 1e-8;
  options.absolute_tolerance = 1e-10;
  return options;
}

TEST(Trajectory, Reports_states_and_outputs_at_equally_spaced_times) {
  const auto table = integrate_one(*decay(), tight(), 4.0, 8);
  EXPECT_EQ(table.names, (std::vector<std::string>{"time", "x", "twice_plus_time"}));
  ASSERT_EQ(table.columns.size(), 3u);
  ASSERT_EQ(table.columns[0].size(), 9u);
  for (std::size_t k = 0; k < 9; ++k) {
    const double t = 0.5 * static_cast<double>(k), x = 2.0 * std::exp(-0.5 * t);
    EXPECT_EQ(table.columns[0][k], t);
    EXPECT_NEAR(table.columns[1][k], x, 1e-7);
    EXPECT_EQ(table.columns[2][k], 2.0 * table.columns[1][k] + t);
  }
  EXPECT_EQ(table.find("x"), &table.columns[1]);
  EXPECT_EQ(table.find("z"), nullptr);
  EXPECT_GT(table.stats.steps, 8u);
}

TEST(Trajectory, Overrides_replace_states_inputs_and_parameters) {
  const auto table = integrate_one(*decay(), tight(), 1.0, 1, {{"x", 0.0}, {"source", 3.0}, {"k", 1.5}});
  EXPECT_EQ(table.columns[1][0], 0.0);
  EXPECT_NEAR(table.columns[1][1], 2.0 * (1.0 - std::exp(-1.5)), 1e-7);
}

TEST(Trajectory, An_unknown_override_is_refused_with_the_nearest_name) {
  try {
    (void)integrate_one(*decay(), tight(), 1.0, 1, {{"sourc", 3.0}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E3010");
    EXPECT_NE(error.remedies().at(0).find("source"), std::string::npos);
  }
  EXPECT_THROW((void)integrate_one(*decay(), tight(), 1.0, 0), Error);
}

TEST(Trajectory, A_network_without_states_still_reports_its_outputs) {
  Builder b("rules only");
  b.parameter("k", 3.0);
  b.output("line", b.p(0) * b.t());
  const auto table = integrate_one(*b.done(), tight(), 2.0, 4);
  EXPECT_EQ(table.columns[1], (std::vector<double>{0.0, 1.5, 3.0, 4.5, 6.0}));
}

}  // namespace
}  // namespace senoma::network
