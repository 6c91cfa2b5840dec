// Internal to the room: what `move` refuses before it starts. Throws E5101 (a value, naming the cell), E5102 (an
// option), E5103 (lengths of columns).
#pragma once

#include <span>

#include "mechanics/pair_forces.h"

namespace senoma::mechanics {

void check_motion(const Bodies& bodies, const grid::Geometry& domain, double dt, const MotionOptions& options,
                  std::span<const double> pressure, const Executor& executor);

}  // namespace senoma::mechanics
