// Signals of the whole world: numbers of living cells, and statistics of the fields. Only those that an expression
// reads are computed, at the beginning of a step and again once the fields are solved.
#include <algorithm>
#include <set>

#include "engine/binder.h"

namespace senoma::engine {

void Binder::statistic_signals() {
  using Kind = WorldStatistic::Kind;
  const auto add = [&](const std::string& name, Dimension dimension, WorldStatistic statistic) {
    statistic.uniform = sim.signals.add_uniform(name, dimension).index;
    sim.statistics_.push_back(statistic);
  };
  for (std::size_t t = 0; t < sim.types.size(); ++t) {
    const auto& type = sim.types[t];
    const std::string name = "count." + type.spec->name;
    add(name, dim::none, {Kind::living, t, 0, 0});
    for (std::size_t s = 0; s < type.states.size(); ++s)
      add(name + "." + type.states[s], dim::none, {Kind::in_state, t, s, 0});
  }
  for (std::size_t s = 0; s < model.substrates.size(); ++s) {
    const auto& substrate = model.substrates[s];
    add(substrate.name + ".mean", substrate.dimension, {Kind::mean, s, 0, 0});
    add(substrate.name + ".maximum", substrate.dimension, {Kind::maximum, s, 0, 0});
    add(substrate.name + ".total.mean", substrate.dimension, {Kind::total_mean, s, 0, 0});
    add(substrate.name + ".total.maximum", substrate.dimension, {Kind::total_maximum, s, 0, 0});
    add(substrate.name + ".content", substrate.dimension * dim::volume, {Kind::content, s, 0, 0});
  }
}

void Binder::wanted_statistics() {
  std::set<std::size_t> used;
  for (const auto& type : sim.types) {
    for (const auto& slot : type.expressions->slots()) {
      if (slot.kind == SlotSource::Kind::uniform) used.insert(slot.index);
    }
  }
  used.insert(sim.world_expressions_.uniforms().begin(), sim.world_expressions_.uniforms().end());
  dose_counts(used);
  std::erase_if(sim.statistics_, [&](const WorldStatistic& s) { return !used.contains(s.uniform); });
}

void Simulation::refresh_statistics() {
  using Kind = WorldStatistic::Kind;
  refresh_free_ligands();
  std::vector<std::vector<double>> counts;  // [type][state]
  const auto counted = [&](std::size_t type) -> const std::vector<double>& {
    if (counts.empty()) {
      for (const auto& t : types) counts.emplace_back(t.states.size(), 0.0);
      for (std::size_t i = 0; i < world.cells.size(); ++i) counts[world.cells.type[i]][world.cells.cell_state[i]] += 1;
    }
    return counts[type];
  };
  for (const auto& statistic : statistics_) {
    double& value = values.uniform[statistic.uniform];
    if (statistic.kind == Kind::in_state) {
      value = counted(statistic.which)[statistic.state];
      continue;
    }
    double sum = 0.0;
    if (statistic.kind == Kind::living) {
      const auto& of_type = counted(statistic.which);
      for (std::size_t s = 0; s < types[statistic.which].n_living_states; ++s) sum += of_type[s];
      value = sum;
      continue;
    }
    const auto& field = world.fields[statistic.which];
    const bool free = statistic.kind == Kind::mean || statistic.kind == Kind::maximum;
    const auto& column = free ? exchange[statistic.which].met(field) : field.rho;
    double maximum = column[0];
    for (const double c : column) {
      sum += c;
      maximum = std::max(maximum, c);
    }
    value = statistic.kind == Kind::content ? sum * field.geometry.voxel_volume()
            : statistic.kind == Kind::mean || statistic.kind == Kind::total_mean
                ? sum / static_cast<double>(column.size())
                : maximum;
  }
}

}  // namespace senoma::engine
