// What a calibration learned, as draws with weights: the posterior.csv of `senoma calibrate`.
//   weight,cell.melanoma.cycle.duration[h],cell.melanoma.hazard.apoptosis[1/h]
//   0.02,38.1,0.0011
// A key with commas or quotes stands in quotes, as in any CSV; the unit of a plain number is 1. Weights need not sum
// to 1. Pure functions; thread statement: re-entrant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/value.h"

namespace senoma::model {

struct Posterior {
  struct Column {
    std::string key, unit;       ///< unit empty: dimensionless
    std::vector<double> values;  ///< one per draw, in `unit`
    SourcePosition where;        ///< of the column's head
  };
  std::vector<Column> columns;
  std::vector<double> weights;  ///< one per draw, ≥ 0, not all 0
};

/// The lines of a file as a list of texts, each with its place; empty lines are left out.
[[nodiscard]] Value posterior_lines(std::string_view text, const std::string& file);
/// The same list from a posterior; numbers read back to the same bits.
[[nodiscard]] Value posterior_lines(const Posterior& posterior, const SourcePosition& where);

/// From the list of lines, the header first. Throws E1218 with file and line.
[[nodiscard]] Posterior read_posterior(const Value& lines);

}  // namespace senoma::model
