#include "base/order_free_sum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/philox.h"

namespace senoma {
namespace {

TEST(OrderFreeSum, Has_the_same_bits_in_any_order_where_the_plain_sum_has_not) {
  std::vector<double> terms;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const RandomStream s{1, i, Stream::test};
    terms.push_back((s.uniform(0) - 0.4) * std::pow(10.0, 12.0 * s.uniform(1) - 6.0));
  }
  const auto plain = [&] {
    double sum = 0.0;
    for (const double v : terms) sum += v;
    return sum;
  };
  long double exact = 0.0L;
  for (const double v : terms) exact += v;
  const double first = order_free_sum(terms), first_plain = plain();
  std::sort(terms.begin(), terms.end());
  EXPECT_EQ(order_free_sum(terms), first);
  EXPECT_NE(plain(), first_plain);
  std::reverse(terms.begin(), terms.end());
  EXPECT_EQ(order_free_sum(terms), first);
  EXPECT_NEAR(first, static_cast<double>(exact), 1e-15 * std::abs(first));
}

TEST(OrderFreeSum, Cancels_exactly_and_knows_the_ends_of_the_range) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(order_free_sum({}), 0.0);
  EXPECT_EQ(order_free_sum(std::vector{0.0, -0.0}), 0.0);
  EXPECT_EQ(order_free_sum(std::vector{1e16, 1.0, -1e16}), 1.0);
  EXPECT_EQ(order_free_sum(std::vector{1e-300, 2e-300}), 3e-300);
  EXPECT_EQ(order_free_sum(std::vector{1e300, 2e300, -5e299}), 2.5e300);
  EXPECT_EQ(order_free_sum(std::vector{5e-324, 5e-324}), 1e-323);
  EXPECT_TRUE(std::isnan(order_free_sum(std::vector{1.0, inf})));
}

}  // namespace
}  // namespace senoma
