#include "base/instruction_set.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/kernel.h"
#include "base/math.h"
#include "base/philox.h"

namespace senoma {
namespace {

SENOMA_KERNEL(double, sum_of_squares, (const double* x, std::size_t n), (x, n)) {
  double lane[8] = {};
  for (std::size_t i = 0; i + 8 <= n; i += 8) {
    for (std::size_t l = 0; l < 8; ++l) lane[l] += x[i + l] * x[i + l];
  }
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

struct Restored {
  InstructionSet before = instruction_set();
  ~Restored() { set_instruction_set(before); }
};

std::vector<double> arguments() {
  const RandomStream stream{11, 1, Stream::test};
  std::vector<double> x(8 * 500 + 5);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 700.0 * (2.0 * stream.uniform(i) - 1.0);
  x[3] = 0.0, x[4] = 1e-310, x[5] = 1e300;
  return x;
}

TEST(InstructionSet, Kernels_and_elementary_functions_have_the_same_bits_on_all_of_them) {
  const Restored restored;
  const auto x = arguments();
  std::vector<double> reference;
  int compared = 0;
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    if (set > widest_instruction_set()) continue;
    set_instruction_set(set);
    ASSERT_EQ(instruction_set(), set);
    std::vector<double> all, out(x.size()), positive(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) positive[i] = x[i] < 0.0 ? -x[i] : x[i];
    const auto add = [&] {
      for (const double value : out) all.push_back(value);
    };
    math::exp(x.data(), out.data(), x.size()), add();
    math::log(positive.data(), out.data(), x.size()), add();
    math::sin(x.data(), out.data(), x.size()), add();
    math::tanh(x.data(), out.data(), x.size()), add();
    math::pow(positive.data(), x.data(), out.data(), x.size()), add();
    all.push_back(sum_of_squares(x.data(), 5 * 8));
    if (reference.empty()) reference = all;
    ASSERT_EQ(all.size(), reference.size());
    EXPECT_EQ(std::memcmp(all.data(), reference.data(), all.size() * sizeof(double)), 0) << name(set);
    ++compared;
  }
  EXPECT_GE(compared, 1);
}

TEST(InstructionSet, Names_are_read_back) {
  EXPECT_EQ(parse_instruction_set("sse2"), InstructionSet::baseline);
  EXPECT_EQ(parse_instruction_set("avx2"), InstructionSet::avx2);
  EXPECT_EQ(parse_instruction_set("avx512"), InstructionSet::avx512);
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
    EXPECT_EQ(parse_instruction_set(name(set)), set);
  EXPECT_FALSE(parse_instruction_set("avx1024"));
}

TEST(InstructionSet, One_that_the_processor_lacks_is_refused) {
  if (widest_instruction_set() == InstructionSet::avx512) GTEST_SKIP() << "this processor has them all";
  EXPECT_THROW(set_instruction_set(InstructionSet::avx512), Error);
}

}  // namespace
}  // namespace senoma
