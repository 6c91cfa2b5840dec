#include "pharm/effects.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace senoma::pharm {
namespace {

TEST(HillEffect, Is_half_at_the_EC50_and_saturates) {
  EXPECT_EQ(hill_effect(0.0, 3.0, 2.0, 0.8), 0.0);
  EXPECT_EQ(hill_effect(-1.0, 3.0, 2.0, 0.8), 0.0);
  EXPECT_NEAR(hill_effect(3.0, 3.0, 2.7, 0.8), 0.4, 1e-15);
  EXPECT_NEAR(hill_effect(9.0, 3.0, 2.0, 1.0), 0.9, 1e-14);
  EXPECT_NEAR(hill_effect(1e300, 1e-300, 8.0, 0.8), 0.8, 1e-15);
  EXPECT_GE(hill_effect(1e-300, 1e300, 8.0, 0.8), 0.0);
  EXPECT_NEAR(inhibition_factor(9.0, 3.0, 2.0, 1.0), 0.1, 1e-14);
  EXPECT_NEAR(stimulation_factor(9.0, 3.0, 2.0, 5.0), 5.5, 1e-13);
}

TEST(HillEffect, Its_inverse_gives_the_concentration) {
  for (const double f : {0.01, 0.3, 0.5, 0.95})
    EXPECT_NEAR(hill_effect(concentration_for_fraction(f, 7.0, 1.6), 7.0, 1.6, 1.0), f, 1e-13);
}

RC_GTEST_PROP(LigandBinding, satisfies_mass_action_and_conserves_ligand, ()) {
  const auto power = [](int low, int high) {
    return std::pow(10.0, *rc::gen::inRange(low, high)) * (1.0 + *rc::gen::inRange(0, 100) / 37.0);
  };
  const double ligand = power(-6, 4), sites = power(-6, 4), kd = power(-5, 3);
  const double free = free_ligand(ligand, sites, kd), bound = bound_ligand(ligand, sites, kd);
  RC_ASSERT(free >= 0.0);
  RC_ASSERT(free <= ligand);
  RC_ASSERT(std::abs(free + bound - ligand) <= 1e-12 * ligand);
  // K_d · bound = free · (sites − bound), with the free sites from their own equation (the roles exchanged) to avoid
  // cancellation.
  const double free_sites = free_ligand(sites, ligand, kd);
  RC_ASSERT(std::abs(kd * bound - free * free_sites) <= 1e-9 * kd * bound);
}

TEST(LigandBinding, Has_the_right_limits) {
  EXPECT_EQ(free_ligand(5.0, 0.0, 1.0), 5.0);
  EXPECT_EQ(free_ligand(0.0, 3.0, 1.0), 0.0);
  EXPECT_EQ(free_ligand(5.0, 3.0, 0.0), 2.0);
  EXPECT_EQ(free_ligand(3.0, 5.0, 0.0), 0.0);
  EXPECT_EQ(free_ligand(0.0, 0.0, 0.0), 0.0);
  EXPECT_EQ(bound_ligand(0.0, 0.0, 0.0), 0.0);
  EXPECT_NEAR(free_ligand(1e-6, 1e6, 1e-3), 1e-6 * 1e-3 / (1e6 + 1e-3), 1e-26);  // excess antibody: L K/(A + K)
}

}  // namespace
}  // namespace senoma::pharm
