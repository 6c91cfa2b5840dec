#include "results/progress.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace senoma::results {
namespace {

Progress example() {
  Progress p;
  p.time = 12.5 * 1440;
  p.end_time = 60 * 1440;
  p.step = 30;
  p.wall_seconds = 25;
  p.cells_by_state = {{"naive", 1200}, {"senescent", 340}, {"invasive", 0}, {"apoptotic", 12345}};
  p.memory_bytes = 210'000'000;
  return p;
}

TEST(Progress, The_line_shows_time_share_cells_speed_and_what_is_left) {
  const std::string line = render_progress_line(example(), 140);
  EXPECT_EQ(
      line,
      "12.5 d / 60.0 d   20 % · 1 min 35 s left · naive 1200, senescent 340, apoptotic 12.3k · 720 h/min · 210 MB · step 30 min");
}

TEST(Progress, The_line_never_exceeds_the_terminal) {
  Progress p = example();
  p.label = "drug + olaparib, seed 3";
  for (int width = 20; width < 160; ++width) {
    const std::string line = render_progress_line(p, width);
    int columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    EXPECT_LE(columns, width);
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

TEST(Progress, Json_is_one_line_that_parses) {
  const std::string line = render_progress_json(example());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto node = nlohmann::json::parse(line);
  EXPECT_DOUBLE_EQ(node["fraction"], 12.5 / 60);
  EXPECT_EQ(node["cells"]["senescent"], 340);
  EXPECT_NEAR(node["seconds_left"].get<double>(), 95, 1e-9);
}

TEST(Progress, A_resumed_run_measures_its_speed_from_where_it_resumed) {
  Progress p = example();
  p.start_time = 12 * 1440;
  EXPECT_NEAR(p.hours_per_minute(), 12 / (25.0 / 60), 1e-9);
  p.time = p.start_time;
  EXPECT_EQ(p.seconds_left(), -1);
  EXPECT_NE(render_progress_plain(p).find("time left unknown"), std::string::npos);
}

TEST(Progress, The_pace_is_kept) {
  ProgressPace pace(30);
  EXPECT_TRUE(pace.due(0.2));
  EXPECT_FALSE(pace.due(29));
  EXPECT_TRUE(pace.due(31));
  EXPECT_FALSE(pace.due(60));
}

TEST(Progress, The_end_table_holds_passes_speed_memory_warnings_and_the_next_command) {
  RunEnd end;
  end.title = "relapse";
  end.status = "finished";
  end.time = 86400;
  end.wall_seconds = 125;
  end.cell_updates = 3.5e7;
  end.peak_memory_bytes = 1'340'000'000;
  end.pass_seconds = {{"fields", 75.25}, {"network", 25.0}, {"mechanics", 0.75}};
  end.counts = {{"steps", 2880}, {"divisions", 5120}};
  end.warnings = {"2 field steps were redone with backward Euler"};
  end.folder = "out/relapse";
  end.next_command = "senoma report out/relapse";
  const std::string text = render_run_end(end);
  std::printf("%s", text.c_str());
  for (const char* part :
       {"relapse: 60.0 d simulated in 2 min 05 s", "fields             75.2 s   74.5", "cell updates/s   280.0k",
        "1.34 GB", "divisions          5120", "1 warning\n", "out/relapse", "next     senoma report"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(Progress, Memory_is_known_on_this_system) {
  EXPECT_GT(current_memory_bytes(), 1'000'000U);
  EXPECT_GE(peak_memory_bytes() + 1'000'000, current_memory_bytes());
}

}  // namespace
}  // namespace senoma::results
