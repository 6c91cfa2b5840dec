#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "base/hash.h"

namespace senoma {
namespace {

TEST(Executor, Gives_the_same_bits_of_a_sum_for_any_number_of_threads) {
  const std::size_t n = 100003;
  const auto term = [](std::size_t i) {
    return std::sin(static_cast<double>(i)) * std::exp(static_cast<double>(i % 40) - 20.0);
  };
  std::vector<std::uint64_t> sums;
  for (const int threads : {1, 2, 4}) {
    const Executor executor(threads);
    for (int repeat = 0; repeat < 5; ++repeat) {
      const double sum = executor.sum_blocks(n, 64, [&](Block b) {
        double s = 0.0;
        for (std::size_t i = b.begin; i < b.end; ++i) s += term(i);
        return s;
      });
      sums.push_back(std::bit_cast<std::uint64_t>(sum));
    }
  }
  for (const auto sum : sums) EXPECT_EQ(sum, sums.front());
}

TEST(Executor, Visits_every_index_once_in_blocks_that_depend_only_on_n_and_size) {
  for (const int threads : {1, 3}) {
    const Executor executor(threads);
    for (const std::size_t n : {0U, 1U, 63U, 64U, 65U, 1000U}) {
      std::vector<int> visits(n, 0);
      std::atomic<std::size_t> blocks{0};
      executor.for_blocks(n, 64, [&](Block b) {
        EXPECT_EQ(b.begin, b.index * 64);
        EXPECT_EQ(b.end, std::min<std::size_t>(n, b.begin + 64));
        for (std::size_t i = b.begin; i < b.end; ++i) ++visits[i];
        ++blocks;
      });
      EXPECT_EQ(blocks, block_count(n, 64));
      EXPECT_EQ(visits, std::vector<int>(n, 1));
    }
  }
}

TEST(Executor, Rethrows_the_first_exception_by_block_order_after_all_blocks_ended) {
  for (const int threads : {2, 4}) {
    const Executor executor(threads);
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::atomic<int> ended{0};
      try {
        executor.for_blocks(40, 1, [&](Block b) {
          ++ended;
          if (b.index % 7 == 5) throw std::runtime_error("block " + std::to_string(b.index));
        });
        FAIL() << "no exception";
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "block 5");
        EXPECT_EQ(ended, 40);
      }
    }
  }
  EXPECT_THROW(Executor(1).for_blocks(3, 1, [](Block) { throw std::runtime_error("x"); }), std::runtime_error);
}

TEST(Executor, Can_be_moved_and_used_again_after_an_exception) {
  Executor executor(2);
  EXPECT_THROW(executor.for_blocks(8, 1, [](Block) { throw std::runtime_error("x"); }), std::runtime_error);
  const Executor moved = std::move(executor);
  EXPECT_EQ(moved.sum_blocks(10, 1, [](Block b) { return static_cast<double>(b.index); }), 45.0);
}

TEST(Executor, Has_at_least_one_thread) {
  EXPECT_EQ(Executor(0).threads(), 1);
  EXPECT_EQ(Executor(-3).threads(), 1);
  EXPECT_GE(available_processors(), 1);
}

TEST(Hash, Tells_apart_values_order_signs_of_zero_and_lengths) {
  const auto of = [](std::initializer_list<double> values) {
    Hasher h;
    h.add(std::span<const double>(values.begin(), values.size()));
    return h.value();
  };
  EXPECT_EQ(of({1.0, 2.0}), of({1.0, 2.0}));
  EXPECT_NE(of({1.0, 2.0}), of({2.0, 1.0}));
  EXPECT_NE(of({0.0}), of({-0.0}));
  EXPECT_NE(of({0.0}), of({0.0, 0.0}));
  Hasher a, b;
  a.add(std::string_view("ab"));
  a.add(std::string_view("c"));
  b.add(std::string_view("a"));
  b.add(std::string_view("bc"));
  EXPECT_NE(a.value(), b.value());
  EXPECT_EQ(Hasher().hex(), "cbf29ce484222325");
}

}  // namespace
}  // namespace senoma
