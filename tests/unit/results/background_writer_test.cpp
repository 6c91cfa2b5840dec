#include "results/background_writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace senoma::results {
namespace {

TEST(BackgroundWriter, Runs_jobs_in_order_one_at_a_time) {
  std::vector<int> done;
  std::atomic<int> running{0};
  {
    BackgroundWriter writer;
    writer.wait();  // nothing to wait for
    for (int k = 0; k < 20; ++k) {
      writer.run([&, k] {
        EXPECT_EQ(++running, 1);
        if (k % 5 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        done.push_back(k);
        --running;
      });
    }
    writer.wait();
    EXPECT_EQ(done.size(), 20u);
    writer.run([&] { done.push_back(20); });
  }  // the destructor waits for the last one
  ASSERT_EQ(done.size(), 21u);
  for (int k = 0; k < 21; ++k) EXPECT_EQ(done[static_cast<std::size_t>(k)], k);
}

TEST(BackgroundWriter, An_error_comes_out_once_at_the_next_call_and_the_writer_goes_on) {
  BackgroundWriter writer;
  const auto fail = [] { throw Error("E6003", "no space left", ErrorKind::input_output); };
  writer.run(fail);
  bool ran = false;
  try {
    writer.run([&] { ran = true; });
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E6003");
  }
  EXPECT_NO_THROW(writer.wait());
  EXPECT_FALSE(ran);  // the job that met the error was not taken
  writer.run(fail);
  EXPECT_THROW(writer.wait(), Error);
  writer.run([&] { ran = true; });
  writer.wait();
  EXPECT_TRUE(ran);
}

TEST(BackgroundWriter, Gives_back_what_a_job_holds_when_it_has_ended) {
  BackgroundWriter writer;
  auto state = std::make_shared<std::string>("state");
  const std::weak_ptr<std::string> watched = state;
  writer.run([held = std::move(state)] { EXPECT_EQ(*held, "state"); });
  writer.wait();
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace senoma::results
