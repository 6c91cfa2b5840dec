// Hazards, cycle and transitions of all cells. Cells only change their own clocks here; everything else is a request
// carried out in commit.
#include "engine/fate.h"

namespace senoma::engine {

void Simulation::evaluate_fates(std::size_t t) {
  auto& type = types[t];
  const std::size_t n = cells_of_type[t].size(), n_outputs = type.fate.n_outputs();
  auto& evaluated = fate_hazards_[t];
  evaluated.resize(n_outputs * n);
  type.fate.run(world, values, lanes(t), executor, [&](std::size_t first, auto block, auto outputs) {
    for (std::size_t o = 0; o < n_outputs; ++o)
      std::copy_n(outputs[o], block.size(), evaluated.begin() + static_cast<std::ptrdiff_t>(o * n + first));
  });
}

void Simulation::fate() {
  constexpr std::size_t block_size = 256;
  auto& age = world.cells.values[state::col_age];
  auto& state_age = world.cells.values[state::col_state_age];
  for (std::size_t i = 0; i < world.cells.size(); ++i) {
    age[i] += world.step;
    state_age[i] += world.step;
  }
  requests.clear();
  fate_hazards_.resize(types.size());
  for (std::size_t t = 0; t < types.size(); ++t) {
    evaluate_fates(t);
    const std::size_t n = cells_of_type[t].size();
    std::vector<std::vector<Request>> per_block(block_count(n, block_size));
    executor.for_blocks(n, block_size, [&](Block b) {
      CellClocks clocks(*this, t, fate_hazards_[t], n);
      for (std::size_t k = b.begin; k < b.end; ++k) {
        const std::uint32_t cell = cells_of_type[t][k];
        if (left_domain(cell)) {  // nothing else happens to it; when in the step it left is not located
          per_block[b.index].push_back({Request::Kind::leave, cell, world.cells.id[cell], world.step, 0, 0});
        } else {
          clocks.run(cell, k, 0.0, per_block[b.index]);
        }
      }
    });
    for (const auto& block : per_block) requests.insert(requests.end(), block.begin(), block.end());
  }
  attack();
  draw_arrivals();
  sort_requests(requests);
}

}  // namespace senoma::engine
