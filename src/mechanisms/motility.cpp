// Persistent random motility with chemotaxis and haptotaxis (mechanics/persistent_walk.h): a cell prefers the direction
// Σ_S w_S ∇S/|∇S| over the substrates it follows, and takes it into account by its bias.
#include "base/math.h"
#include "engine/simulation.h"
#include "mechanics/persistent_walk.h"
#include "mechanisms/catalogue.h"

namespace senoma::mechanisms {

using engine::Simulation;
using engine::StepContext;

namespace {

struct Columns {
  std::size_t direction[3], wait, turns, speed, bias, persistence;
};

struct Attractant {
  std::size_t weight_column, substrate;
};

/// Adds w ∇S/|∇S| per cell; the weight is a behaviour, so it differs between cells.
void add_preferences(StepContext& context, const std::vector<Attractant>& attractants,
                     std::array<Column<double>, 3>& preferred) {
  auto& sim = context.simulation;
  auto& cells = context.world.cells;
  for (const auto& a : attractants) {
    const auto& index = sim.perceived[a.substrate].gradient_components;
    if (index[0] < 0) continue;
    const auto& weight = cells.values[a.weight_column];
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (weight[i] == 0.0) continue;
      double g[3], square = 0.0;
      for (std::size_t k = 0; k < 3; ++k) {
        g[k] = sim.values.scratch[static_cast<std::size_t>(index[k])][i];
        square += g[k] * g[k];
      }
      if (square <= 0.0) continue;
      const double scale = weight[i] / math::sqrt(square);
      for (std::size_t k = 0; k < 3; ++k) preferred[k][i] += scale * g[k];
    }
  }
}

void walk(StepContext& context, const Columns& columns, const std::vector<Attractant>& attractants) {
  auto& sim = context.simulation;
  auto& cells = context.world.cells;
  std::array<Column<double>, 3> preferred;
  for (auto* columns_of_axes : {&preferred, &sim.drift}) {
    for (auto& component : *columns_of_axes) component.assign(cells.size(), 0.0);
  }
  add_preferences(context, attractants, preferred);
  const mechanics::WalkState state{cells.values[columns.direction[0]], cells.values[columns.direction[1]],
                                   cells.values[columns.direction[2]], cells.values[columns.wait],
                                   cells.values[columns.turns]};
  const mechanics::WalkInput input{cells.id,
                                   cells.values[columns.speed],
                                   cells.values[columns.persistence],
                                   cells.values[columns.bias],
                                   preferred[0],
                                   preferred[1],
                                   preferred[2]};
  mechanics::walk(state, input, context.world.seed, context.dt, sim.description->domain.geometry.two_dimensional,
                  sim.drift[0], sim.drift[1], sim.drift[2], sim.executor);
}

}  // namespace

engine::Mechanism motility() {
  engine::MechanismDeclaration d;
  d.name = "motility";
  d.phase = engine::Phase::forces;
  d.doc =
      "Persistent random motility: straight runs at `speed`, turns after an exponential time of mean `persistence`.";
  d.parameters = {
      {"speed", dim::speed, 0.0, 0.0, 1e3, "migration speed", "Speed of a run; 0 = does not move by itself."},
      {"persistence", dim::time, 1.0, 1e-2, 1e6, "migration persistence", "Mean time between turns."},
      {"bias", dim::none, 0.0, 0.0, 1.0, "migration bias",
       "Weight of the preferred direction (chemotaxis) against the random one, 0 to 1."},
  };
  d.reads = {"migration speed", "migration persistence", "migration bias", "chemotaxis to *"};
  d.writes = {"drift"};
  return {d, [](Simulation& bound) -> engine::Pass {
            auto& cells = bound.world.cells;
            using state::OnDivision;
            if (bound.description->domain.well_mixed) return {};
            if (!bound.behaviours.all[bound.behaviours.require("migration speed", {})].used) return {};
            Columns c{};
            // Zero means "not begun", so daughters draw their own first direction.
            const char* names[3] = {"motility.direction_x", "motility.direction_y", "motility.direction_z"};
            for (std::size_t k = 0; k < 3; ++k)
              c.direction[k] = cells.add_column({names[k], "1", 0.0, OnDivision::zero, false});
            c.wait = cells.add_column({"motility.wait", "1", 0.0, OnDivision::zero, false});
            c.turns = cells.add_column({"motility.turns", "1", 0.0, OnDivision::zero, false});
            c.speed = bound.behaviour_column("migration speed");
            c.bias = bound.behaviour_column("migration bias");
            c.persistence = bound.behaviour_column("migration persistence");
            std::vector<Attractant> attractants;
            for (std::size_t s = 0; s < bound.description->substrates.size(); ++s) {
              const auto& substrate = bound.description->substrates[s];
              const auto& weight =
                  bound.behaviours.all[bound.behaviours.require("chemotaxis to " + substrate.name, substrate.where)];
              if (!substrate.well_mixed && weight.used) attractants.push_back({weight.column, s});
            }
            return [c, attractants](StepContext& context) { walk(context, c, attractants); };
          }};
}

engine::Mechanism chemotaxis() {
  engine::MechanismDeclaration d;
  d.name = "chemotaxis";
  d.phase = engine::Phase::decide;
  d.doc = "Weights of the substrates whose gradients a cell follows; haptotaxis when the substrate is the matrix.";
  d.parameters = {{"*", dim::none, 0.0, 0.0, 1.0, "chemotaxis to *", "Weight of this substrate's gradient direction."}};
  return {d, [](Simulation&) -> engine::Pass { return {}; }};
}

}  // namespace senoma::mechanisms
