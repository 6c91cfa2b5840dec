#include "network/trajectory_draws.h"

#include <gtest/gtest.h>

namespace senoma::network {
namespace {

TEST(TrajectoryDraws, Are_those_of_the_trajectorys_stream_jump_by_jump) {
  for (const std::uint64_t trajectory : {0ULL, 1ULL, (1ULL << 40) + 3}) {
    const RandomStream stream{77, trajectory, Stream::network_jump};
    TrajectoryDraws draws(true), choices(false);
    draws.start(77, trajectory);
    choices.start(77, trajectory);
    for (std::uint64_t k = 0; k < 50; ++k) {
      draws.next();
      choices.next();
      ASSERT_EQ(draws.waiting(), stream.exponential(k)) << k;
      ASSERT_EQ(draws.choice(), stream.uniform(k, 1)) << k;
      ASSERT_EQ(choices.choice(), stream.uniform(k, 1)) << k;
    }
    EXPECT_EQ(draws.initial(4), stream.uniform((1ULL << 63) + 4));
  }
}

TEST(TrajectoryDraws, Pairs_are_those_of_the_scalar_generator_also_where_the_ordinal_carries) {
  const RandomStream stream{9, 0xFFFFFFFFFFULL, Stream::test};
  const std::uint64_t first = 0xFFFFFFFAULL;
  double a[13], b[13];
  uniform_pairs(stream, first, 13, a, b);
  for (std::uint64_t k = 0; k < 13; ++k) {
    EXPECT_EQ(a[k], stream.uniform(first + k, 0));
    EXPECT_EQ(b[k], stream.uniform(first + k, 1));
  }
}

}  // namespace
}  // namespace senoma::network
