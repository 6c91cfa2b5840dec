// The whole state of a simulation as a plain value: no globals, copyable (a copy is a branch), hashable, many per
// process. Everything a resumed run needs is here; everything derived is scratch of the engine.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/aligned.h"
#include "grid/geometry.h"
#include "state/cells.h"

namespace senoma::state {

struct Field {
  std::string name;
  std::string unit;         ///< of rho: "nM", "mmHg", "1"
  grid::Geometry geometry;  ///< one voxel for a well-mixed medium
  Column<double> rho;
};

/// Pharmacokinetic state of one drug (concentrations nM, times min).
struct Drug {
  std::string name;
  double time = 0, central = 0, peripheral = 0, gut = 0, exposure = 0;
  std::uint64_t next_dose = 0;
  double mean = 0;  ///< mean central concentration over the last step, nM
  double deep = 0, effect = 0, effect_exposure = 0, effect_mean = 0;  ///< third compartment; effect site
};

/// Amounts exchanged since the start of the run, per field, in C·µm³.
struct LedgerTotals {
  double released = 0, taken_up = 0, decayed = 0, through_faces = 0, from_fixed = 0, gross = 0, worst_closing_error = 0;
};

/// Event counters per cell type since the start.
struct Counters {
  std::uint64_t divisions = 0, deaths = 0, removals = 0, conversions = 0;
};

struct World {
  std::int64_t tick = 0;  ///< steps done
  double step = 0.0;      ///< min per tick
  std::uint64_t seed = 0;
  CellTable cells;
  std::vector<Field> fields;
  std::vector<Drug> drugs;
  std::vector<LedgerTotals> ledgers;  ///< one per field
  std::vector<Counters> counters;     ///< one per cell type
  std::map<std::string, double> scalars;

  [[nodiscard]] double time() const { return static_cast<double>(tick) * step; }  ///< min
  /// Equal for equal states, whatever the order of the cells, the thread count or the timings.
  [[nodiscard]] std::uint64_t hash() const;
};

}  // namespace senoma::state
