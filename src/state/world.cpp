#include "state/world.h"

namespace senoma::state {

std::uint64_t World::hash() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(tick));
  hasher.add(step);
  hasher.add(seed);
  cells.add_to(hasher);
  for (const auto& field : fields) {
    hasher.add(field.name);
    hasher.add(std::span<const double>(field.rho));
  }
  for (const auto& drug : drugs) {
    for (const double v : {drug.time, drug.central, drug.peripheral, drug.gut, drug.exposure, drug.mean}) hasher.add(v);
    hasher.add(drug.next_dose);
    if (drug.deep == 0.0 && drug.effect_exposure == 0.0) continue;  // few drugs have them
    for (const double v : {drug.deep, drug.effect, drug.effect_exposure, drug.effect_mean}) hasher.add(v);
  }
  for (const auto& [name, value] : scalars) {
    hasher.add(name);
    hasher.add(value);
  }
  return hasher.value();
}

}  // namespace senoma::state
