// A readout: one number per output time, from an expression over cells, aggregated, or over the world; part of a
// Description (description.h). Numbers in internal units.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/units.h"
#include "engine/expression.h"

namespace senoma::engine {

/// One number per output time: an expression over cells, aggregated, or over the world.
struct Readout {
  std::string name, unit;
  /// diameter, radius: of the cells' outline (engine/outline.h)
  enum class Over { count, sum, mean, fraction, world, diameter, radius };
  Over over = Over::count;
  std::string cell_type;             ///< cells considered; empty = all
  std::optional<Expression> where_;  ///< cells that count; for fraction: numerator
  std::optional<Expression> value;   ///< for sum, mean, world
  double scale = 1.0;                ///< internal unit → unit
  /// Over the run so far, at the ends of the coupling steps: trapezoids for the integral and the times (the time at
  /// which a threshold is crossed is found on the line between two ends). See engine/accumulate.cpp.
  enum class Accumulate { none, integral, maximum, minimum, time_above, time_below };
  Accumulate accumulate = Accumulate::none;
  std::optional<Quantity> threshold;  ///< for time_above, time_below
  Dimension dimension{};              ///< of the unit; checked for accumulated readouts
  SourcePosition where;
};

}  // namespace senoma::engine
