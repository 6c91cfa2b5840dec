// Where the outputs of a run stand, as a checkpoint keeps it: the cadence it was begun with, which rows and frames are
// written, and how long each append-only table is. Resuming cuts the tables back to these lengths, drops later frames
// and goes on, so that the files come out as those of an undisturbed run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "engine/description.h"
#include "study/member.h"

namespace senoma::study {

struct ObserverState {
  std::string unit;                           ///< of time in the tables: "d" or "h"
  double rows_every = 0, frames_every = 0;    ///< min
  bool frames = true;                         ///< cells and fields are kept
  std::int64_t next_row = 0, next_frame = 0;  ///< ordinals of the next due ones
  std::int64_t last_row_tick = -1, last_frame_tick = -1;
  std::uint64_t n_frames = 0, n_field_frames = 0;    ///< in cells.zarr and fields.ome.zarr
  std::map<std::string, std::uint64_t> table_bytes;  ///< file name → length
  std::vector<Snapshot> snapshots;
};

void write_observer_state(const ObserverState& state, ByteWriter& out);
[[nodiscard]] ObserverState read_observer_state(ByteReader& in);

/// Minutes between rows of the tables: as the model says, else as the run began (a longer end must not change it).
[[nodiscard]] double rows_interval(const engine::Description& description, const ObserverState* resumed);

}  // namespace senoma::study
