// Contact signals: each cell gathers a value of those it touches, in ascending id (engine/description.h,
// ContactSignal).
#include <cmath>

#include "base/hash.h"
#include "engine/simulation.h"

namespace senoma::engine {

namespace {

constexpr std::size_t block_size = 256;

[[noreturn]] void refuse(const Simulation& sim, const ContactSignal& signal, std::size_t cell, double value) {
  throw Error("E5009",
              "the value of contact." + signal.name + " is " + std::to_string(value) + " at cell " +
                  hex16(sim.world.cells.id[cell]) + " (" + sim.types[sim.world.cells.type[cell]].spec->name + ") at " +
                  std::to_string(sim.world.time() / 1440.0) + " d",
              ErrorKind::numerical)
      .at(signal.value.where)
      .help("what touching cells see must be finite: check the expression and the quantities in it");
}

}  // namespace

void Simulation::sense_contact_signals() {
  if (contact_signals.empty()) return;
  const auto& cells = world.cells;
  std::vector<Column<double>> seen(contact_signals.size(), Column<double>(cells.size(), 0.0));
  for (std::size_t t = 0; t < types.size(); ++t) {
    types[t].contact_values.run(world, values, lanes(t), executor, [&](std::size_t, auto block, auto outputs) {
      for (std::size_t k = 0; k < contact_signals.size(); ++k) {
        const int output = contact_signals[k].output[t];
        if (output < 0) continue;
        for (std::size_t i = 0; i < block.size(); ++i) {
          const double value = outputs[static_cast<std::size_t>(output)][i];
          if (!std::isfinite(value)) refuse(*this, *contact_signals[k].spec, block[i], value);
          seen[k][block[i]] = value;
        }
      }
    });
  }
  if (description->domain.well_mixed) return mix_contact_signals(seen);
  for (std::size_t k = 0; k < contact_signals.size(); ++k) {
    const auto& signal = contact_signals[k];
    const auto& of_type = cells_of_type[signal.type];
    auto& column = values.scratch[signal.scratch];
    executor.for_blocks(of_type.size(), block_size, [&](Block b) {
      for (std::size_t at = b.begin; at < b.end; ++at) {
        const std::uint32_t i = of_type[at];
        double sum = 0.0, number = 0.0;
        for (const auto j : contacts.of(i)) {
          if (!signal.counts[cells.type[j]][cells.cell_state[j]]) continue;
          sum += seen[k][j];
          number += 1.0;
        }
        column[i] = !signal.spec->mean ? sum : number > 0.0 ? sum / number : 0.0;
      }
    });
  }
}

}  // namespace senoma::engine
