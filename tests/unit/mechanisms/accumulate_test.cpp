// Readouts over the run so far: exposure, extremes, time above a threshold.
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "models.h"

namespace senoma {
namespace {

using Accumulate = engine::Readout::Accumulate;
using test::run;
using test::simulate;

engine::Readout readout(const std::string& value, Accumulate how, const std::string& unit) {
  auto r = test::mean_of(value + std::to_string(static_cast<int>(how)), value);
  r.over = engine::Readout::Over::world;
  r.accumulate = how;
  r.unit = unit;
  r.dimension = parse_unit(unit).dimension;
  r.scale = 1.0 / parse_unit(unit).value;
  r.where = {"model.toml", 12, 9, 20};
  return r;
}

TEST(Accumulate, The_exposure_to_a_drug_is_exact_whatever_the_step) {
  for (const double step : {7.0, 30.0, 240.0}) {
    auto d = test::world(6, step);
    auto drug = test::bath("drug", 500.0);
    pharm::Kinetics kinetics;
    kinetics.model = pharm::Kinetics::Model::one_compartment;
    kinetics.elimination_rate = 0.01;
    const std::vector<pharm::Dose> doses{{pharm::Dose::Route::bolus, 50.0, 500.0, 0.0}};
    drug.regimen = std::make_shared<const pharm::Regimen>(kinetics, doses);
    drug.unbound_fraction = 0.4;
    d.drugs = {drug};
    d.readouts = {readout("drug.concentration", Accumulate::integral, "uM h")};
    auto s = simulate(d);
    while (s->world.time() < 2000.0) s->step();
    const double exact = 0.4 * 500.0 / 0.01 * (1 - std::exp(-0.01 * (s->world.time() - 50.0)));
    EXPECT_NEAR(s->readouts()[0], exact / 1000.0 / 60.0, 1e-12 * exact) << step;
  }
}

TEST(Accumulate, Trapezoids_extremes_and_crossings_of_a_line_are_exact) {
  auto d = test::world(6, 10.0);
  d.readouts = {readout("time", Accumulate::integral, "h^2"), readout("time - 33 [min]", Accumulate::maximum, "h"),
                readout("time - 33 [min]", Accumulate::minimum, "min"), readout("time", Accumulate::time_above, "min"),
                readout("time", Accumulate::time_below, "h")};
  d.readouts[3].threshold = d.readouts[4].threshold = parse_quantity("0.55 h");  // 33 min, inside a step
  auto s = simulate(d);
  EXPECT_EQ(s->readouts(), (std::vector<double>{0, -33.0 / 60, -33, 0, 0}));
  run(*s, 12);
  const auto r = s->readouts();
  EXPECT_NEAR(r[0], 2.0, 1e-12);
  EXPECT_NEAR(r[1], 87.0 / 60, 1e-12);
  EXPECT_NEAR(r[2], -33.0, 1e-12);
  EXPECT_NEAR(r[3], 87.0, 1e-9);
  EXPECT_NEAR(r[4], 0.55, 1e-12);
}

TEST(Accumulate, Cell_days_and_means_over_cells) {
  auto d = test::world(10, 60.0);
  auto type = test::cell_type("cell");
  type.initial = {test::apart(4, 40.0)};
  d.cell_types = {type};
  d.readouts = {readout("1", Accumulate::integral, "cells d"), readout("age", Accumulate::maximum, "h")};
  d.readouts[0].over = engine::Readout::Over::count;
  d.readouts[0].value.reset();
  d.readouts[1].over = engine::Readout::Over::mean;
  auto s = simulate(d);
  run(*s, 48);
  EXPECT_NEAR(s->readouts()[0], 8.0, 1e-12);
  EXPECT_NEAR(s->readouts()[1], 48.0, 1e-9);
}

TEST(Accumulate, A_unit_that_is_not_that_of_the_result_is_refused) {
  const auto code = [](engine::Readout r) {
    auto d = test::world(6, 10.0);
    d.drugs = {test::bath("drug", 1.0)};
    d.readouts = {std::move(r)};
    try {
      auto s = simulate(d);
    } catch (const Error& error) {
      EXPECT_TRUE(error.position() && error.position()->line == 12);
      EXPECT_FALSE(error.remedies().empty());
      return error.code();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(code(readout("drug.mean", Accumulate::integral, "uM d")), "accepted");
  EXPECT_EQ(code(readout("drug.mean", Accumulate::integral, "uM")), "E1203");
  EXPECT_EQ(code(readout("drug.mean", Accumulate::maximum, "h")), "E1203");
  auto timed = readout("drug.mean", Accumulate::time_above, "uM");
  timed.threshold = Quantity{1.0, dim::concentration};
  EXPECT_EQ(code(timed), "E1203");
  timed = readout("drug.mean", Accumulate::time_above, "h");
  timed.threshold = Quantity{1.0, dim::time};
  EXPECT_EQ(code(timed), "E1203");
}

}  // namespace
}  // namespace senoma
