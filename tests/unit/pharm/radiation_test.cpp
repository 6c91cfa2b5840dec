// Fractions of radiation.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.h"
#include "pharm/compartments.h"

namespace senoma::pharm {
namespace {

Regimen fractions() {
  Kinetics kinetics;
  kinetics.model = Kinetics::Model::radiation;
  std::vector<Dose> doses;
  for (int day = 0; day < 5; ++day) doses.push_back({Dose::Route::fraction, 1440.0 * day, 2.0, 2.0});
  doses.push_back({Dose::Route::fraction, 1441.0, 1.0, 10.0});  // while another one runs
  return {kinetics, doses};
}

TEST(Radiation, The_dose_is_given_at_a_constant_rate_while_the_beam_is_on) {
  const Regimen regimen = fractions();
  Regimen::State state;
  regimen.advance(state, 0.5);
  EXPECT_DOUBLE_EQ(state.exposure, 0.5);
  EXPECT_DOUBLE_EQ(state.central, 1.0);
  regimen.advance(state, 1000.0);
  EXPECT_DOUBLE_EQ(state.exposure, 2.0);
  EXPECT_EQ(state.central, 0.0);
  regimen.advance(state, 1441.5);
  EXPECT_DOUBLE_EQ(state.exposure, 2.0 + 1.5 + 0.05);
  EXPECT_DOUBLE_EQ(state.central, 1.1);
  regimen.advance(state, 1e5);
  EXPECT_DOUBLE_EQ(state.exposure, 11.0);
}

RC_GTEST_PROP(Radiation, A_step_of_any_length_delivers_the_same_dose, ()) {
  const Regimen regimen = fractions();
  Regimen::State state;
  const double step = 0.1 + *rc::gen::inRange(0, 20000) / 10.0;
  while (state.time < 8000.0) regimen.advance(state, state.time + step);
  RC_ASSERT(std::abs(state.exposure - 11.0) < 1e-12);
}

TEST(Radiation, Doses_of_a_drug_and_fractions_do_not_mix) {
  Kinetics beam, drug;
  beam.model = Kinetics::Model::radiation;
  const auto code = [](const Kinetics& kinetics, const Dose& dose) {
    try {
      (void)Regimen(kinetics, {dose});
    } catch (const Error& error) {
      return error.code();
    }
    return std::string("none");
  };
  EXPECT_EQ(code(beam, {Dose::Route::bolus, 0, 2, 0}), "E7003");
  EXPECT_EQ(code(drug, {Dose::Route::fraction, 0, 2, 1}), "E7003");
  EXPECT_EQ(code(beam, {Dose::Route::fraction, 0, 2, 0}), "E7004");
  EXPECT_EQ(code(beam, {Dose::Route::fraction, 0, -2, 1}), "E7002");
}

}  // namespace
}  // namespace senoma::pharm
