// The fields of a run over time: `fields.ome.zarr`, an OME-Zarr 0.5 image with axes t, c, z, y, x (minute, –, µm, µm,
// µm), float32, one channel per spatial field, one chunk per time and channel; coordinates are voxel centres. Frame
// times (they may be unevenly spaced) are in the attribute senoma.times_min. Well-mixed media (one voxel) are not
// stored here: summary.csv has them. float32 keeps 7 digits, enough for pictures and analysis; checkpoints keep
// float64. A frame's chunks are written first, then the array's shape, then the list of times: a reader never meets
// half of one. Thread statement: one writer. Reference: https://ngff.openmicroscopy.org/0.5/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "state/world.h"

namespace senoma::results {

class FieldsStore {
 public:
  /// Creates `path` (…/fields.ome.zarr) at the first append, or opens the one there.
  explicit FieldsStore(std::filesystem::path path);

  /// Appends a frame. Nothing happens when the world has no spatial field. E6005 when grids differ.
  void append(const state::World& world);
  /// Drops the frames after `tick`: resuming from a checkpoint of that tick.
  void truncate_after(std::int64_t tick);
  [[nodiscard]] std::size_t n_frames() const { return times_.size(); }

 private:
  struct Channel {
    std::string name, unit;
    double low = 0, high = 0;  ///< range seen so far, for the display window
  };
  void read();
  void write_metadata(bool first) const;
  [[nodiscard]] std::string root_json() const;
  [[nodiscard]] std::string array_meta() const;
  void remove_frame_chunks(std::size_t from, std::size_t to) const;

  std::filesystem::path path_;
  grid::Geometry geometry_;
  std::vector<Channel> channels_;
  std::vector<double> times_;
  std::vector<std::int64_t> ticks_;
  bool created_ = false;
};

}  // namespace senoma::results
