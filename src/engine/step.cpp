// The step: every pass in order, every line timed. DESIGN.md describes what each may read and write.
#include "engine/simulation.h"

namespace senoma::engine {

namespace {

class Timer {
 public:
  explicit Timer(double& total) : total_(total) {}
  ~Timer() { total_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  double& total_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

void Simulation::run_phase(Phase phase, PassName name) {
  const Timer timer(seconds[static_cast<std::size_t>(name)]);
  StepContext context{*this, world, world.step};
  for (const auto& [pass_phase, pass] : passes_) {
    if (pass_phase == phase) pass(context);
  }
}

void Simulation::step() {
  const auto timed = [this](PassName name, auto&& pass) {
    const Timer timer(seconds[static_cast<std::size_t>(name)]);
    pass();
  };
  timed(PassName::sources, [&] { update_inputs(); });  // doses, interventions, clock
  timed(PassName::sources, [&] { bin_cells(); });      // which cells lie in which voxel
  run_phase(Phase::sources, PassName::sources);        // per-voxel sources and losses
  timed(PassName::fields, [&] { solve_fields(); });    // reaction–diffusion over the step
  timed(PassName::sense, [&] { sense(); });            // values, gradients, contacts at each cell
  run_phase(Phase::sense, PassName::sense);
  timed(PassName::network, [&] { integrate_networks(); });  // the cells' networks over the step
  timed(PassName::decide, [&] { decide(); });               // behaviours from rules, states, networks, drugs
  run_phase(Phase::decide, PassName::decide);
  run_phase(Phase::forces, PassName::forces);        // motility velocities
  timed(PassName::move, [&] { move(); });            // pair forces and displacement
  run_phase(Phase::fate, PassName::fate);            // growth of volumes
  timed(PassName::fate, [&] { fate(); });            // hazards, cycle, transitions → requests
  timed(PassName::commit, [&] { commit(); });        // the only place where cells appear or vanish
  timed(PassName::commit, [&] { check_finite(); });  // never a silent NaN
  cell_updates += world.cells.size();
  ++world.tick;
  timed(PassName::observe, [&] { accumulate(); });  // integrals and extremes of readouts
}

}  // namespace senoma::engine
