// What cells have to do with those they touch, as plain data: parts of a CellType (engine/description.h). Two cells
// touch when `neighbours` counts them: the distance of their centres is at most adhesion_range × the sum of their
// radii.
#pragma once

#include <string>
#include <vector>

#include "engine/expression.h"

namespace senoma::engine {

/// The signal `contact.NAME` of a cell: a value of the cells it touches, added up (or averaged) over them in ascending
/// id. Touching is what `neighbours` counts.
struct ContactSignal {
  std::string name;
  Expression value;                 ///< over the neighbour's signals, its network and its behaviours
  std::vector<std::string> from;    ///< cell types that count; empty = all
  std::vector<std::string> states;  ///< states in which a neighbour counts; empty = every one, dying ones too
  bool mean = false;                ///< over the neighbours that count; 0 without any
  SourcePosition where;
};

/// Cells that attack those they touch: a killer or a phagocyte i has the hazard H_i = Σ_j rate_i w_j over the targets j
/// it touches (w_j: CellType::recognition of the target's type), is busy for `duration` after each success, and does
/// nothing else meanwhile that is written here. A few killers saturate: attacks per time tend to 1/duration as the
/// number N of targets grows, a N/(1 + a N duration) (Holling 1959, type II; doi 10.4039/Ent91385-7).
struct Attack {
  std::string target;               ///< cell type
  std::vector<std::string> states;  ///< of the target; empty = every living one
  std::string death;                ///< a death model of the target's type, or "removal": gone at once
  double duration = 0;              ///< min, handling time
  SourcePosition where;
};

}  // namespace senoma::engine
