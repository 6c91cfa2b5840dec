// What happens to one cell: the draws that the fate and commit passes share, and the clocks of a living cell.
//
// Each cell carries one accumulated hazard and one threshold −ln U: competing hazards add up, the crossing time is
// located inside the step, and the kind of event is drawn in proportion. This is exact for hazards frozen over the
// step, so survival does not depend on dt. Cycle phases of fixed or normal duration end at their own times. The
// daughters of a division inside the step live through its rest with the same frozen hazards; after any other event a
// cell waits for the next step. Threads: cells are independent; blocks of cells may run concurrently.
#pragma once

#include <vector>

#include "engine/simulation.h"

namespace senoma::engine {

/// The duration of the phase that cell i enters, min: exact, or normal with the phase's cv, keyed by lineage and phase.
[[nodiscard]] double draw_phase_duration(const state::World& world, std::size_t i, const CyclePhase& phase,
                                         std::size_t phase_index);

/// A new hazard threshold −ln U for cell i; takes the cell's next event ordinal.
[[nodiscard]] double draw_threshold(state::World& world, std::size_t i);

/// µm, of a sphere of that volume in µm³.
[[nodiscard]] double radius_of_volume(double volume);

/// Cell i starts the network of its type: initial values, and its own draws of the heterogeneous parameters.
void start_network(Simulation& sim, std::size_t i);

/// Cell i, whose id, type and state are set, begins without a mother: network, cycle, volume, hazard threshold. It is
/// at the beginning of its cycle, or at a random place in it.
void start_cell(Simulation& sim, std::size_t i, bool random_phase);

/// By lineage id, then time, so that what is carried out first depends on no thread and no order of the columns.
void sort_requests(std::vector<Request>& requests);

/// The clocks of the cells of one type over one step.
class CellClocks {
 public:
  /// `hazards`: outputs of the type's fate program, [output × n_lanes + lane].
  CellClocks(Simulation& sim, std::size_t type, std::span<const double> hazards, std::size_t n_lanes);

  /// Lets `cell`, which is in `lane` (or is a daughter of the cell in it), live from minute `from` of the step to its
  /// end; appends at most one request.
  void run(std::size_t cell, std::size_t lane, double from, std::vector<Request>& out);

 private:
  void read_hazards();
  void check_hazard(std::size_t transition, double hazard) const;
  void live(double from, std::vector<Request>& out);
  bool pass_phase(const CyclePhase& phase, double time, std::vector<Request>& out);
  bool pick_event(double total, double time, std::vector<Request>& out);
  void request(Request::Kind kind, double time, std::size_t which, std::vector<Request>& out) const;
  [[nodiscard]] double& value(std::size_t column) const { return sim_.world.cells.values[column][cell_]; }

  Simulation& sim_;
  const BoundType& type_;
  std::span<const std::size_t> death_columns_;
  std::span<const double> evaluated_;
  std::size_t n_lanes_, cell_ = 0, lane_ = 0;
  std::vector<double> hazards_;  ///< deaths, then transitions; 1/min
  std::size_t immediate_ = 0;    ///< the transition whose condition holds; their number if none does
};

}  // namespace senoma::engine
