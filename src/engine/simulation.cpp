#include "engine/simulation.h"

#include "engine/binder.h"

namespace senoma::engine {

Simulation::Simulation(std::shared_ptr<const Description> what, std::uint64_t seed,
                       std::span<const Mechanism> mechanisms, int threads)
    : description(std::move(what)), executor(threads), behaviours(mechanisms, *description) {
  world.seed = seed;
  Binder{*this, *description, mechanisms}.bind();
  keep_order();
  prime();
  begin_accumulation();
}

Simulation::~Simulation() = default;

void Simulation::prime() {
  // The first step's sources need behaviours, so cells look around once before time starts.
  refresh_uniforms(world.time());
  sense();
  run_input_programs();
  decide();
}

}  // namespace senoma::engine
