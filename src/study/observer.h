// What a member writes down while it runs: rows of its tables, frames, snapshots. Used by run_member only.
#pragma once

#include <memory>

#include "engine/simulation.h"
#include "results/background_writer.h"
#include "results/cells_frame.h"
#include "results/fields_store.h"
#include "results/summary_table.h"
#include "study/member.h"
#include "study/observer_state.h"

namespace senoma::study {

class Observer {
 public:
  /// Frames are written by `writer`, which outlives this. With `resumed` the tables and frames of the folder are cut
  /// back to that point and continued; E6006 when they are shorter than it says.
  Observer(const model::ResolvedModel& model, const MemberOptions& options, const results::RunFolder& folder,
           engine::Simulation& simulation, results::BackgroundWriter& writer, const ObserverState* resumed = nullptr);

  ~Observer();  ///< waits for a frame that is being written

  /// Rows and frames that are due at the present time. `last` writes them in any case, and waits for the frame.
  void observe(bool last);
  void write_events();
  /// Where the outputs stand; everything handed over so far is in the files when this returns.
  [[nodiscard]] ObserverState state();
  /// Flushes the tables, keeps the snapshots the report shows, and writes maps.json.
  void finish(MemberResult& result);
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> cells_by_label() const;

 private:
  void write_row();
  void write_frame(bool last);
  [[nodiscard]] Snapshot take_snapshot() const;
  [[nodiscard]] std::vector<std::size_t> chosen_snapshots() const;
  void resume_from(const ObserverState& state);

  const MemberOptions& options_;
  engine::Simulation& sim_;
  results::BackgroundWriter& writer_;
  Labelling labelling_;
  std::string unit_;
  double minutes_;  ///< in one unit_
  double rows_every_, frames_every_;
  TimeTable summary_, populations_, secretome_;
  std::vector<std::pair<std::size_t, std::size_t>> secretion_columns_;  ///< column of the rate, substrate
  std::unique_ptr<results::TableWriter> summary_file_, populations_file_, secretome_file_, events_file_;
  std::unique_ptr<results::CellsStore> cells_store_;
  std::unique_ptr<results::FieldsStore> fields_store_;
  std::vector<Snapshot> snapshots_;
  std::filesystem::path folder_, maps_file_;
  std::int64_t next_row_ = 0, next_frame_ = 0;  ///< ordinals
  std::int64_t last_row_tick_ = -1, last_frame_tick_ = -1;
};

/// maps.json: labels and snapshots, with coordinates in 0.1 µm.
[[nodiscard]] std::string maps_json(const std::vector<PopulationLabel>& labels, const std::vector<Snapshot>& snapshots);
void read_maps(const std::filesystem::path& file, MemberResult& result);

}  // namespace senoma::study
