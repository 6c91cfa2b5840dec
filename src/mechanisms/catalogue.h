// Every mechanism of the product, in a fixed order.
#pragma once

#include <span>

#include "engine/mechanism.h"

namespace senoma::mechanisms {

[[nodiscard]] std::span<const engine::Mechanism> catalogue();

engine::Mechanism volume();
engine::Mechanism proliferation();
engine::Mechanism hazard();
engine::Mechanism mechanics();
engine::Mechanism motility();
engine::Mechanism chemotaxis();
engine::Mechanism secretion();
engine::Mechanism uptake();
engine::Mechanism degradation();
engine::Mechanism supply();
engine::Mechanism supply_target();
engine::Mechanism attack();

}  // namespace senoma::mechanisms
