// The stores are read by zarr-python and anndata in tests/python/test_results.py, which runs the test
// `Sample_run_is_written` with SENOMA_SAMPLE_FOLDER set; here: order, resumption and cost.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "results/fields_store.h"
#include "results/files.h"
#include "results/zarr.h"
#include "sample_world.h"
#include "temporary_folder.h"

namespace senoma::results {
namespace {
namespace fs = std::filesystem;

void write_sample(const fs::path& folder) {
  CellsStore cells(folder / "cells.zarr", sample_labels());
  FieldsStore fields(folder / "fields.ome.zarr");
  for (int frame = 0; frame < 3; ++frame) {
    state::World world = sample_world(static_cast<std::size_t>(frame) * 20);  // the first frame has no cells
    world.tick = frame * 48;
    if (frame == 2) world.cells.divide(0);
    for (double& rho : world.fields[0].rho) rho *= 1 + frame;
    cells.append(world);
    fields.append(world);
  }
  std::vector<std::int32_t> numbers(7 * 5);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::int32_t>(i) - 10;
  zarr::write_group(folder / "plain.zarr", R"({"note": "<&>"})");
  zarr::write_values(folder / "plain.zarr/chunked",
                     {zarr::DataType::int32, {7, 5}, {3, 2}, R"({"unit": "1"})", {"row", "column"}, '/'}, numbers);
  zarr::write_strings(folder / "plain.zarr/words", {"", "µm", "naïve \xF0\x9F\xA7\xAB", "a,b"}, {});
  zarr::write_scalar(folder / "plain.zarr/pi", 3.14159, {});
}

TEST(Stores, Sample_run_is_written) {
  const TemporaryFolder temporary;
  const char* asked = std::getenv("SENOMA_SAMPLE_FOLDER");
  const fs::path folder = asked != nullptr ? fs::path(asked) : temporary.path();
  write_sample(folder);
  EXPECT_TRUE(fs::exists(folder / "cells.zarr/frame_000002/zarr.json"));
  EXPECT_TRUE(fs::exists(folder / "fields.ome.zarr/0/c/2/1/0/0/0"));
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    EXPECT_EQ(entry.path().string().find(".partial"), std::string::npos) << entry.path();
  }
}

TEST(Stores, A_resumed_store_drops_later_frames_and_goes_on) {
  const TemporaryFolder folder;
  write_sample(folder.path());
  CellsStore cells(folder / "cells.zarr", sample_labels());
  FieldsStore fields(folder / "fields.ome.zarr");
  ASSERT_EQ(cells.frames().size(), 3U);
  ASSERT_EQ(fields.n_frames(), 3U);
  cells.truncate_after(48);
  fields.truncate_after(48);
  EXPECT_EQ(cells.frames().size(), 2U);
  EXPECT_FALSE(fs::exists(folder / "cells.zarr/frame_000002"));
  EXPECT_FALSE(fs::exists(folder / "fields.ome.zarr/0/c/2"));
  state::World world = sample_world(5);
  world.tick = 96;
  cells.append(world);
  fields.append(world);
  EXPECT_EQ(CellsStore(folder / "cells.zarr", sample_labels()).frames().back().cells, 5U);
  EXPECT_EQ(FieldsStore(folder / "fields.ome.zarr").n_frames(), 3U);
}

TEST(Stores, What_a_killed_writer_left_is_replaced) {
  const TemporaryFolder folder;
  CellsStore cells(folder / "cells.zarr", sample_labels());
  make_folders(folder / "cells.zarr/.frame_000000.partial/obs");  // killed while writing
  make_folders(folder / "cells.zarr/frame_000000/obs");           // killed between rename and listing
  cells.append(sample_world(3));
  EXPECT_EQ(cells.frames().size(), 1U);
  EXPECT_TRUE(fs::exists(folder / "cells.zarr/frame_000000/obsm/spatial/zarr.json"));
  EXPECT_FALSE(fs::exists(folder / "cells.zarr/.frame_000000.partial"));
}

TEST(Stores, Damage_and_other_grids_are_refused) {
  const TemporaryFolder folder;
  write_sample(folder.path());
  FieldsStore fields(folder / "fields.ome.zarr");
  state::World other = sample_world(1);
  other.fields[1].geometry.spacing[0] = 10;
  EXPECT_EQ(error_code_of([&] { fields.append(other); }), "E6005");
  EXPECT_EQ(fields.n_frames(), 3U);
  replace_file(folder / "cells.zarr/zarr.json", "{\"attributes\": {");
  EXPECT_EQ(error_code_of([&] { CellsStore(folder / "cells.zarr", {}); }), "E6006");
  replace_file(folder / "fields.ome.zarr/zarr.json", "{}");
  EXPECT_EQ(error_code_of([&] { FieldsStore(folder / "fields.ome.zarr"); }), "E6006");
}

TEST(Stores, A_small_frame_costs_milliseconds) {
  const TemporaryFolder folder;
  CellsStore cells(folder / "cells.zarr", sample_labels());
  FieldsStore fields(folder / "fields.ome.zarr");
  state::World world = sample_world(1000);
  const auto start = std::chrono::steady_clock::now();
  for (int frame = 0; frame < 20; ++frame) {
    world.tick = frame;
    cells.append(world);
    fields.append(world);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 20;
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "cells.zarr/frame_000003"))
    files += entry.is_regular_file();
  std::printf("frame of 1000 cells and 2 fields: %.1f ms, %zu files\n", 1000 * seconds, files);
  EXPECT_LT(files, 70U);
}

TEST(Stores, A_frame_of_a_hundred_thousand_cells_takes_little) {
  const TemporaryFolder folder;
  state::World world = sample_world(100'000);
  for (std::size_t c = state::col_volume; c < world.cells.n_columns(); ++c) {  // noise, which no codec shrinks
    for (std::size_t i = 0; i < world.cells.size(); ++i)
      world.cells.values[c][i] = RandomStream{c, i, Stream::test}.uniform(0);
  }
  CellsStore cells(folder / "cells.zarr", sample_labels());
  const auto start = std::chrono::steady_clock::now();
  cells.append(world);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  std::printf("frame of 1e5 cells, %zu columns: %.3f s, %.1f MB\n", world.cells.n_columns(), seconds,
              static_cast<double>(bytes) / 1e6);
  EXPECT_LT(bytes, 30'000'000U);
}

}  // namespace
}  // namespace senoma::results
