// Doses that react: what is given on a planted readout, in every kind of kinetics, and what is refused.
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "reacting.h"

namespace senoma {
namespace {

using pharm::Dose;
using Model = pharm::Kinetics::Model;
using test::day;
using test::given;
using test::hysteresis;
using test::reacting;
using test::simulate;

engine::Description planted(engine::Drug drug, double step = 360.0) {
  auto d = test::world(6, step);
  d.drugs = {std::move(drug)};
  d.readouts = {test::planted_burden(), test::of_world("given", "drug.doses_given"),
                test::of_world("skipped", "drug.doses_skipped")};
  return d;
}

std::string run_days(const engine::Description& d, std::unique_ptr<engine::Simulation>* keep = nullptr) {
  auto s = simulate(d);
  while (s->world.time() < 11.0 * day) s->step();
  const std::string days = given(*s);
  EXPECT_EQ(s->readouts()[1], static_cast<double>(std::count(days.begin(), days.end(), '1')));
  EXPECT_EQ(s->readouts()[2], static_cast<double>(std::count(days.begin(), days.end(), '0')));
  if (keep) *keep = std::move(s);
  return days;
}

//                                   readout:  100 80 60 40 45 70 99 101 90 50 49
TEST(Dosing, Doses_pause_below_one_threshold_and_go_on_above_the_other) {
  EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, hysteresis(0.5, 1.0)))), "11100001110");
  EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, hysteresis(0.5, 0.5)))), "11100111110");
  auto absolute = hysteresis(0.0, 0.0);
  absolute.stop_below = {{60.5, dim::none}, false, {}};
  absolute.resume_above = {{95.0, dim::none}, false, {}};
  EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, absolute))), "11000011100");
}

TEST(Dosing, Steps_that_do_not_meet_the_doses_change_nothing) {
  for (const double step : {7.0, 300.0, 1440.0})
    EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, hysteresis(0.5, 1.0)), step)), "11100001110") << step;
}

TEST(Dosing, Visits_may_be_rarer_than_doses) {
  auto rule = hysteresis(0.5, 1.0);
  rule.checked_every = 3.0 * day;  // on days 0, 3, 6, 9
  EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, rule))), "11100000000");
  rule.checked_every = 2.0 * day;  // 0, 2, 4, 6, 8, 10
  EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, rule))), "11110000000");
}

TEST(Dosing, A_condition_sees_readouts_counts_and_time) {
  engine::DoseRule rule;
  rule.row = "0";
  rule.only_if = engine::Expression{"readout.burden > 45 && time > 0.5 [d]", {}};
  EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, rule))), "01100111111");
  rule.only_if = engine::Expression{"readout.burden > 45 and drug.doses_given < 4", {}};
  EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, rule))), "11100100000");
  auto both = hysteresis(0.5, 1.0);
  both.only_if = engine::Expression{"readout.burden != 101", {}};
  EXPECT_EQ(run_days(planted(reacting(Model::one_compartment, both))), "11100000110");
}

// The same doses without a rule leave the same amounts behind.
TEST(Dosing, Every_kind_of_kinetics_gets_what_is_given) {
  const double accuracy = 1e-10;  // of matrix exponentials over other intervals: three_compartments_test.cpp
  for (const auto model :
       {Model::one_compartment, Model::two_compartment, Model::three_compartment, Model::bath, Model::radiation}) {
    for (const double infusion : {0.0, 120.0, 1440.0}) {  // the last: one runs into the next
      const auto drug = reacting(model, hysteresis(0.5, 1.0), infusion);
      std::unique_ptr<engine::Simulation> s;
      EXPECT_EQ(run_days(planted(drug), &s), "11100001110");
      std::vector<Dose> doses;
      for (Dose dose : drug.regimen->doses()) {
        dose.rule = -1;
        const auto k = static_cast<std::size_t>(dose.at / day);
        if (std::string("11100001110")[k] == '1') {
          doses.push_back(dose);
        } else if (model == Model::bath) {
          doses.push_back({Dose::Route::bath_washout, dose.at, 0.0, 0.0});
        }
      }
      pharm::Regimen::State exact;
      pharm::Regimen(drug.regimen->kinetics(), doses).advance(exact, s->world.time());
      const auto& found = s->world.drugs[0];
      EXPECT_GT(exact.exposure, 0.0);
      EXPECT_NEAR(found.exposure, exact.exposure, accuracy * exact.exposure)
          << static_cast<int>(model) << " " << infusion;
      EXPECT_NEAR(found.central, exact.central, accuracy * exact.exposure)
          << static_cast<int>(model) << " " << infusion;
      EXPECT_NEAR(found.peripheral, exact.peripheral, accuracy * exact.exposure);
    }
  }
}

TEST(Dosing, Rows_decide_for_themselves_and_plain_doses_are_counted) {
  auto drug = reacting(Model::one_compartment, hysteresis(0.5, 1.0));
  auto doses = drug.regimen->doses();
  drug.rules.push_back(hysteresis(0.0, 0.0));  // never paused
  drug.rules[1].row = "1";
  for (const double at : {0.5, 4.5}) {
    doses.push_back({Dose::Route::bolus, at * day, 1.0, 0.0});
    doses.push_back({Dose::Route::bolus, at * day, 1.0, 0.0, 1});
  }
  drug.regimen = std::make_shared<const pharm::Regimen>(drug.regimen->kinetics(), doses);
  auto s = simulate(planted(drug));
  while (s->world.time() < 11.0 * day) s->step();
  EXPECT_EQ(given(*s), "1111001001110");
  EXPECT_EQ(s->readouts()[1], 6.0 + 2.0 + 2.0);
  EXPECT_EQ(s->readouts()[2], 5.0);
}

TEST(Dosing, What_no_dose_can_react_to_is_refused) {
  const auto code = [](engine::DoseRule rule, const std::string& value = "", bool mixed = false) {
    auto d = planted(reacting(Model::one_compartment, std::move(rule)));
    if (!value.empty()) d.readouts[0].value->text = value;
    if (mixed) {
      d = test::well_mixed(d);
      d.readouts[0] = test::mean_of("burden", "x");
      d.cell_types = {test::cell_type("cell")};
    }
    try {
      auto s = simulate(d);
      s->step();
    } catch (const Error& error) {
      EXPECT_FALSE(error.remedies().empty());
      EXPECT_TRUE(error.position() && error.position()->line == 7) << error.message();
      return error.code();
    }
    return std::string("accepted");
  };
  const auto rule = hysteresis(0.5, 1.0);
  EXPECT_EQ(code(rule), "accepted");
  auto wrong = rule;
  wrong.readout = "burdon";
  EXPECT_EQ(code(wrong), "E5021");
  wrong = rule;
  wrong.stop_below = {{5.0, dim::concentration}, false, {"model.toml", 7, 1, 1}};
  EXPECT_EQ(code(wrong), "E1203");
  EXPECT_EQ(code(rule, "ln(0 - 1 - time / 1 [min])"), "E5009");
  EXPECT_EQ(code(rule, "", true), "E5020");
  engine::DoseRule condition;
  condition.row = "0";
  condition.only_if = engine::Expression{"readout.burdon > 1", {"model.toml", 7, 1, 1}};
  EXPECT_EQ(code(condition), "E2002");
  condition.only_if->text = "readout.burden > 1 [nM]";
  EXPECT_EQ(code(condition), "E2003");
  condition.only_if->text = "readout.burden * 1 [min]";
  EXPECT_EQ(code(condition), "E1203");
  condition.only_if->text = "readout.burden > 1 [um]";
  EXPECT_EQ(code(condition, "", true), "E5020");
  auto overlap = reacting(Model::one_compartment, rule, 120.0);
  std::vector<Dose> doses = overlap.regimen->doses();
  for (auto& dose : doses) dose.duration = 1450.0;
  EXPECT_THROW(pharm::Regimen(overlap.regimen->kinetics(), doses), Error);
}

}  // namespace
}  // namespace senoma
