// A model bound to a world: Simulation owns the state (World) and everything derived from the description, and advances
// it tick by tick. Not thread-safe itself; several simulations may run in one process on different threads.
//
// Same description and seed → same bits for any number of threads.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/behaviours.h"
#include "engine/bound.h"
#include "engine/dosing.h"
#include "engine/mechanism.h"
#include "engine/perceived.h"
#include "engine/signals.h"
#include "engine/systemic.h"
#include "engine/world_expressions.h"
#include "field/reaction_diffusion.h"
#include "grid/binning.h"
#include "grid/neighbours.h"
#include "network/event_integrator.h"
#include "pharm/binding.h"
#include "state/world.h"

namespace senoma::engine {

/// Wall time per pass, in seconds, since the start.
enum class PassName { sources, fields, sense, network, decide, forces, move, fate, commit, observe, n_passes };
inline constexpr std::array<const char*, static_cast<std::size_t>(PassName::n_passes)> pass_names{
    "sources", "fields", "sense", "network", "decide", "forces", "move", "fate", "commit", "observe"};

/// A birth, death, change of state or type, or removal, for events.csv.
struct EventRecord {
  double time = 0;   ///< min
  std::string kind;  ///< division | apoptosis | necrosis | removal | left | attack | arrival | transition name
  std::uint64_t cell = 0, parent = 0;
  std::string type, from, to;
  std::uint64_t by = 0;  ///< lineage id of the cell that did it (attack); 0 = none
};

/// What a cell asks for in the fate phase; carried out in commit in order of (id, time).
struct Request {
  enum class Kind { divide, die, transition, remove, leave };
  Kind kind = Kind::remove;
  std::uint32_t cell = 0;
  std::uint64_t id = 0;
  double time = 0;         ///< min since the step began
  std::size_t which = 0;   ///< death model or transition
  std::uint32_t lane = 0;  ///< of the cell, or of the ancestor that began the step
};

/// A successful attack of this step, to be carried out in commit. Those of one step are in order of (time, attacker's
/// id), and no cell is the target of two.
struct Strike {
  double time = 0;  ///< min since the step began
  std::uint32_t attacker = 0, target = 0;
  const BoundAttack* attack = nullptr;
};

/// A cell that arrives in this step.
struct Newcomer {
  double time = 0;  ///< min since the step began
  std::size_t rule = 0;
  const ArrivalSite* site = nullptr;
  std::uint64_t id = 0;
};

/// Per-voxel sources (C/min) and losses (1/min) of one field, gathered in the sources phase: first-order ones, and
/// uptake that saturates. Empty where no mechanism adds to them.
/// For a substrate that an antibody binds also the free part of the field (else empty).
struct Exchange {
  Column<double> source, uptake, mean_rho, saturable, free;

  /// What cells meet: the free part where there is one.
  [[nodiscard]] const Column<double>& met(const state::Field& field) const { return free.empty() ? field.rho : free; }
};

/// Columns that the engine itself uses.
struct EngineColumns {
  std::size_t hazard_accumulated = 0, hazard_threshold = 0, phase_duration = 0, network_step = 0;
  std::size_t cycle_entry = 0, repulsion = 0, adhesion = 0;
  // Of cells that attack; only in models with an attack.
  std::size_t attack_accumulated = 0, attack_draws = 0, attack_busy_until = 0, attacks = 0;
  std::vector<std::vector<std::size_t>> death_hazards;  ///< [type][death model]
};

struct BoundReadout {
  const Readout* spec = nullptr;
  std::vector<LaneProgram> programs;  ///< per type: condition, value
  std::vector<int> condition_output, value_output;
  expr::NodeId root = -1;    ///< Over::world: in the world's expressions
  Dimension dimension{};     ///< of the value
  bool needs_space = false;  ///< … and there is none: the value is NaN
  bool step_mean = false;    ///< the value is a drug's mean over the step that ends, not a value at its end
  double threshold = 0.0;
  std::string key, last_key;  ///< in World::scalars, when accumulated: "readout NAME", "readout NAME last"
};

class Simulation {
 public:
  /// Binds and places the initial cells. Throws the E5xxx errors of engine/error_codes.h, and E2xxx from expressions.
  Simulation(std::shared_ptr<const Description> description, std::uint64_t seed, std::span<const Mechanism> mechanisms,
             int threads = 1);
  ~Simulation();

  /// One tick. Throws numerical errors (kind numerical) with the cell, field or network concerned.
  void step();
  [[nodiscard]] bool finished() const { return world.time() >= description->duration - 1e-9; }

  /// Values of Description::readouts at the present time, in their own units; or of those with these indices.
  [[nodiscard]] std::vector<double> readouts();
  [[nodiscard]] std::vector<double> readouts(std::span<const std::size_t> which);

  /// Names of the readouts that are NaN because the domain is well mixed and they look at places.
  [[nodiscard]] std::vector<std::string> readouts_without_space() const;

  /// Starts the accumulated readouts at the present time; `only_new`: those that the restored world did not know.
  void begin_accumulation(const std::vector<std::string>* only_new = nullptr);

  std::shared_ptr<const Description> description;
  state::World world;

  // Derived; rebuilt from the description, never part of the state.
  Executor executor;
  BehaviourTable behaviours;
  SignalTable signals;
  SignalValues values;
  std::vector<BoundType> types;
  std::vector<std::vector<std::uint32_t>> cells_of_type;
  std::vector<Exchange> exchange;
  std::vector<std::shared_ptr<field::Solver>> solvers;  ///< one for all substrates of one grid
  std::vector<std::vector<std::uint32_t>> fixed_voxels;
  std::vector<std::vector<double>> fixed_values;
  std::vector<double> substrate_factor;  ///< interventions on a substrate's secretion, this step
  grid::Binning binning;
  grid::NeighbourList neighbours, contacts;
  std::array<Column<double>, 3> drift;  ///< motility velocity, µm/min; empty: none
  std::vector<Request> requests;
  std::vector<Strike> strikes;
  std::vector<EventRecord> events;  ///< since last taken by the caller
  std::vector<std::string> marks;   ///< origin marks by bit
  EngineColumns columns;
  std::vector<PerceivedSubstrate> perceived;
  PerceivedCells perceived_cells;
  std::vector<BoundContact> contact_signals;
  std::vector<BoundArrival> arrivals;
  std::array<double, static_cast<std::size_t>(PassName::n_passes)> seconds{};
  std::uint64_t cell_updates = 0, network_steps = 0;
  std::vector<field::StepTotals> field_work;  ///< per substrate
  std::uint64_t motion_substeps = 0, neighbour_builds = 0;

  [[nodiscard]] LaneSet lanes(std::size_t type) const;
  [[nodiscard]] bool dying(std::size_t cell) const {
    return world.cells.cell_state[cell] >= types[world.cells.type[cell]].n_living_states;
  }
  /// Whether a cell's centre lies beyond the edge of a domain that absorbs.
  [[nodiscard]] bool left_domain(std::size_t cell) const;
  /// The index of a substrate, by name; −1 if unknown.
  [[nodiscard]] int substrate_index(const std::string& name) const;
  /// A behaviour's column for mechanisms; always exists.
  [[nodiscard]] std::size_t behaviour_column(const std::string& name) const;

 private:
  friend struct Binder;
  void run_phase(Phase phase, PassName name);
  void update_inputs();
  void assess_doses(double end_of_step);  // dosing.cpp
  [[nodiscard]] bool gives_dose(std::size_t drug, const pharm::Dose& dose, bool due);
  void count_doses(std::size_t drug, std::size_t first, std::size_t end);
  void refresh_dose_counts();
  void bin_cells();
  void refresh_uniforms(double end_of_step);
  void refresh_statistics();
  void refresh_free_ligands();
  /// The antibodies against binding.ligand in a voxel.
  void antibodies_at(const BoundBinding& binding, std::size_t voxel, std::vector<pharm::Antibody>& into) const;
  /// What the solver must know of a bound ligand, and of an antibody with a field of its own (else empty).
  [[nodiscard]] field::SplitFunction split_of_ligand(const BoundBinding& binding) const;
  [[nodiscard]] field::SplitFunction split_of_antibody(std::size_t substrate) const;
  /// `binding`: of a ligand whose complexes are lost differently.
  void solve_field(std::size_t substrate, const BoundBinding* binding);
  void refresh_systemic(double end_of_step);
  void refresh_systemic_inputs();
  void integrate_systemic();
  void solve_fields();
  void sense();
  void sense_fields();
  void sense_drugs();
  void sense_cells();
  void sense_contacts();
  void sense_contact_signals();
  /// Without space: expected numbers of contacts, expected contact signals, one pressure for all.
  void sense_encounters();
  void mix_contact_signals(const std::vector<Column<double>>& seen);
  void crowd();
  void integrate_networks();
  void decide();
  [[nodiscard]] Error bad_behaviour(std::size_t type, std::size_t column, std::span<const std::uint32_t> cells,
                                    const double* value) const;
  void move();
  void fate();
  void evaluate_fates(std::size_t type);
  void attack();
  void draw_arrivals();
  void admit_newcomers();
  void commit();
  void carry_out(const Strike& strike, std::vector<std::uint32_t>& removed);
  void carry_out(const Request& request, std::vector<Request>& further, std::vector<std::uint32_t>& removed);
  /// Sorts the cells along a space-filling curve when they have come out of it: faster, and no other bit of any cell,
  /// sum or count. The order follows from the state alone, so a resumed run has the same.
  void keep_order();
  void refresh_type_lists();
  void check_finite() const;

  void prime();
  void run_input_programs();
  void look_around();
  [[nodiscard]] double raw_value(const BoundReadout& readout) const;
  [[nodiscard]] double present_value(const BoundReadout& readout) const;  ///< raw, or accumulated so far
  void accumulate();

  std::vector<std::pair<Phase, Pass>> passes_;
  std::vector<BoundReadout> readouts_;
  WorldExpressions world_expressions_{signals};
  std::vector<WorldStatistic> statistics_;
  BoundDosing dosing_;
  std::vector<BoundBinding> bindings_;
  BoundSystemic systemic_;
  std::vector<BoundSystemicLevel> systemic_levels_;
  std::vector<std::array<field::FaceCondition, 6>> faces_;  ///< per substrate, this step
  std::vector<double> vessel_conductance_;                  ///< per substrate, 1/min; of a well-mixed domain
  std::vector<Newcomer> newcomers_;
  bool contacts_needed_ = false, attacks_ = false;
  std::vector<std::size_t> live_scratch_;
  std::vector<Column<double>>
      fate_hazards_;  ///< per type, [output × lanes + lane]: hazards and conditions of this step
};

/// What a mechanism's pass gets.
struct StepContext {
  Simulation& simulation;
  state::World& world;
  double dt;  ///< min
};

}  // namespace senoma::engine
