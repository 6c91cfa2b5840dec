// The cells of a run over time: `cells.zarr`, one AnnData-encoded group per frame, so that
//   anndata.read_zarr("RUN/cells.zarr/frame_000012")
// gives one row per cell, in the order of memory (it follows from the state alone; join frames by id). obs: index `id`
// (lineage id, 16 hexadecimal digits), parent and founder (the same form; parent empty for founders), type, state,
// phase (categoricals), generation, divisions, origin, and every double column marked for output; obsm["spatial"]: x,
// y, z in µm; X: the columns named in FrameLabels::matrix (network states; absent when none), var = their names with
// units; uns: time (min), units (a table: uns["units"].loc["age", "unit"]). The root group lists the frames (`frames`).
// A frame is written beside, renamed, then listed: a reader never meets half of one. Cost: see
// tests/unit/results/cells_frame_test.cpp (prints s and MB for 1e5 cells). Thread statement: one writer. Reference:
// https://anndata.readthedocs.io/en/latest/fileformat-prose.html (AnnData 0.1.0, dataframe 0.2.0 encodings).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "state/world.h"

namespace senoma::results {

struct FrameLabels {
  std::vector<std::string> types;                ///< by cell type
  std::vector<std::vector<std::string>> states;  ///< [type][state]
  std::vector<std::vector<std::string>> phases;  ///< [type][phase]
  std::vector<std::string> matrix;               ///< names of columns to put into X instead of obs
};

struct FrameEntry {
  std::string name;  ///< "frame_000012"
  double time = 0;   ///< min
  std::int64_t tick = 0;
  std::uint64_t cells = 0;
};

class CellsStore {
 public:
  /// Creates `path` (…/cells.zarr), or opens the one there and reads its list of frames (E6006 when damaged).
  CellsStore(std::filesystem::path path, FrameLabels labels);

  void append(const state::World& world);
  /// Drops the frames after `tick`: resuming from a checkpoint of that tick.
  void truncate_after(std::int64_t tick);
  [[nodiscard]] const std::vector<FrameEntry>& frames() const { return frames_; }

 private:
  void write_root() const;

  std::filesystem::path path_;
  FrameLabels labels_;
  std::vector<FrameEntry> frames_;
};

/// A copy of what frames show of a world: columns that are not written are left empty.
[[nodiscard]] state::World frame_of(const state::World& world);

/// Writes one AnnData group at `folder`, which must not exist.
void write_cells(const std::filesystem::path& folder, const state::World& world, const FrameLabels& labels);

}  // namespace senoma::results
