// Never a silent NaN: after each step what the next one starts from is looked at. Behaviours, hazards and network
// states are checked where they are computed; here come positions, sizes and clocks of cells, what mechanisms keep, the
// fields and the drugs. tests/faults/never_silent_test.cpp spoils every value of a world in turn.
#include <cmath>

#include "base/hash.h"
#include "engine/simulation.h"

namespace senoma::engine {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1), block_size = 4096;

/// The first value that is not finite, or `none`.
std::size_t first_bad(const Column<double>& column, const Executor& executor) {
  std::vector<unsigned char> bad(block_count(column.size(), block_size), 0);
  executor.for_blocks(column.size(), block_size, [&](Block b) {
    double sum = 0.0;  // 0·x is 0 for finite x, else NaN, which the sum keeps
    for (std::size_t i = b.begin; i < b.end; ++i) sum += 0.0 * column[i];
    bad[b.index] = sum == 0.0 ? 0 : 1;
  });
  for (std::size_t k = 0; k < bad.size(); ++k) {
    for (std::size_t i = k * block_size; bad[k] != 0 && i < column.size(); ++i) {
      if (!std::isfinite(column[i])) return i;
    }
  }
  return none;
}

std::string days(double minutes) { return std::to_string(minutes / 1440.0) + " d"; }

}  // namespace

void Simulation::check_finite() const {
  const auto& cells = world.cells;
  std::vector<bool> checked(cells.n_columns(), false);
  for (const auto& behaviour : behaviours.all) checked[behaviour.column] = true;
  for (const auto& type : types) {
    for (const std::size_t c : type.state_columns) checked[c] = true;
  }
  for (std::size_t c = 0; c < cells.n_columns(); ++c) {
    if (checked[c]) continue;
    const std::size_t i = first_bad(cells.values[c], executor);
    if (i == none) continue;
    const auto& type = types[cells.type[i]];
    throw Error("E5009",
                "'" + cells.infos[c].name + "' of cell " + hex16(cells.id[i]) + " (" + type.spec->name + ", " +
                    type.states[cells.cell_state[i]] + ") is " + std::to_string(cells.values[c][i]) +
                    " after the step at " + days(world.time()),
                ErrorKind::numerical)
        .at(type.spec->where)
        .help("look at what moves or sizes this cell: its rules, couplings and mechanics");
  }
  for (std::size_t s = 0; s < world.fields.size(); ++s) {
    const auto& field = world.fields[s];
    const std::size_t v = first_bad(field.rho, executor);
    if (v == none) continue;
    const auto nx = static_cast<std::size_t>(field.geometry.n[0]), ny = static_cast<std::size_t>(field.geometry.n[1]);
    throw Error("E5009",
                "substrate '" + field.name + "' is " + std::to_string(field.rho[v]) + " in voxel (" +
                    std::to_string(v % nx) + ", " + std::to_string(v / nx % ny) + ", " + std::to_string(v / nx / ny) +
                    ") after the step at " + days(world.time()),
                ErrorKind::numerical)
        .at(description->substrates[s].where)
        .help("look at its sources and losses: secretion, uptake and degradation by the cells");
  }
  for (std::size_t d = 0; d < world.drugs.size(); ++d) {
    const auto& drug = world.drugs[d];
    for (const double level :
         {drug.central, drug.peripheral, drug.gut, drug.exposure, drug.mean, drug.deep, drug.effect_exposure}) {
      if (std::isfinite(level)) continue;
      throw Error("E5009",
                  "drug '" + drug.name + "' is " + std::to_string(level) + " after the step at " + days(world.time()),
                  ErrorKind::numerical)
          .at(description->drugs[d].where)
          .help("look at its doses and half-lives");
    }
  }
  for (const auto& [name, value] : world.scalars) {
    if (std::isfinite(value)) continue;
    throw Error("E5009", "'" + name + "' is " + std::to_string(value) + " after the step at " + days(world.time()),
                ErrorKind::numerical)
        .at(description->systemic.where)
        .help("look at the systemic network's inputs and rates");
  }
}

}  // namespace senoma::engine
