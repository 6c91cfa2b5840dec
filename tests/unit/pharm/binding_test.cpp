// Antibodies that share a ligand.
#include "pharm/binding.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

#include "pharm/effects.h"

namespace senoma::pharm {
namespace {

double log_uniform(double low, double high) { return low * std::pow(high / low, *rc::gen::inRange(0, 100001) / 1e5); }

std::vector<Antibody> some_antibodies() {
  std::vector<Antibody> antibodies;
  for (int n = *rc::gen::inRange(1, 4); n > 0; --n)
    antibodies.push_back({log_uniform(1e-4, 1e4), log_uniform(1e-4, 1e2), log_uniform(1e-6, 1.0)});
  return antibodies;
}

TEST(Binding, Without_antibodies_all_is_free_to_the_last_bit) {
  for (const double total : {0.0, 1e-9, 0.123456789, 4e7}) {
    EXPECT_EQ(bind_ligand(total, {}).free, total);
    const std::vector<Antibody> gone{{0.0, 0.1, 1.0}};
    EXPECT_EQ(bind_ligand(total, gone).free, total);
    EXPECT_EQ(bind_ligand(total, gone).loss, 0.0);
  }
}

RC_GTEST_PROP(Binding, One_antibody_gives_the_closed_form, ()) {
  const double total = log_uniform(1e-6, 1e4);
  const Antibody a{log_uniform(1e-4, 1e4), log_uniform(1e-4, 1e2), 0.3};
  const auto parts = bind_ligand(total, std::vector<Antibody>{a});
  const double free = free_ligand(total, a.sites, a.dissociation_constant);
  RC_ASSERT(parts.free == free);
  RC_ASSERT(std::abs(parts.loss - 0.3 * (total - free)) <= 1e-12 * total + 1e-9 * parts.loss);
}

RC_GTEST_PROP(Binding, Free_ligand_and_all_complexes_add_up_to_the_total, ()) {
  const double total = log_uniform(1e-6, 1e4);
  const auto antibodies = some_antibodies();
  const auto parts = bind_ligand(total, antibodies);
  double sum = parts.free;
  for (const auto& a : antibodies) sum += a.sites * parts.free / (a.dissociation_constant + parts.free);
  RC_ASSERT(parts.free > 0.0 && parts.free <= total);
  RC_ASSERT(std::abs(sum - total) <= 1e-10 * total);
}

RC_GTEST_PROP(Binding, Slopes_are_the_derivatives_by_the_total, ()) {
  const double total = log_uniform(1e-3, 1e3), h = 1e-5 * total;
  const auto antibodies = some_antibodies();
  const auto below = bind_ligand(total - h, antibodies), at = bind_ligand(total, antibodies),
             above = bind_ligand(total + h, antibodies);
  // A difference quotient is the mean of the slope, here by Simpson's rule. Of antibodies with several rates the slope
  // of the loss need not be monotonic.
  const auto mean = [](double first, double middle, double last) { return (first + 4 * middle + last) / 6; };
  const double free = mean(below.free_slope, at.free_slope, above.free_slope),
               loss = mean(below.loss_slope, at.loss_slope, above.loss_slope);
  RC_ASSERT(std::abs((above.free - below.free) / (2 * h) - free) <= 1e-4 * free + 1e-6);
  RC_ASSERT(std::abs((above.loss - below.loss) / (2 * h) - loss) <= 1e-4 * loss + 1e-6);
  RC_ASSERT(at.free_slope > 0.0 && at.free_slope <= 1.0);
}

TEST(Binding, Two_antibodies_that_are_alike_act_like_one_of_twice_the_concentration) {
  const std::vector<Antibody> two{{3.0, 0.2, 0.1}, {5.0, 0.2, 0.1}}, one{{8.0, 0.2, 0.1}};
  for (const double total : {0.01, 1.0, 7.9, 8.1, 100.0}) {
    EXPECT_NEAR(bind_ligand(total, two).free, bind_ligand(total, one).free, 1e-13 * total);
    EXPECT_NEAR(bind_ligand(total, two).loss, bind_ligand(total, one).loss, 1e-13 * total);
  }
}

}  // namespace
}  // namespace senoma::pharm
