#include "mechanisms/catalogue.h"

#include <vector>

namespace senoma::mechanisms {

std::span<const engine::Mechanism> catalogue() {
  static const std::vector<engine::Mechanism> all = {volume(),      proliferation(), hazard(),        mechanics(),
                                                     motility(),    chemotaxis(),    secretion(),     uptake(),
                                                     degradation(), supply(),        supply_target(), attack()};
  return all;
}

}  // namespace senoma::mechanisms
