// What expressions can see. A signal is a per-cell column or one value for all cells, with a dimension; each cell type
// sees the same signals plus the quantities of its own network.
//
// Names (blanks and dots are equal): time; the model's [parameters]; cell columns x y z volume radius age state.age
// phase.elapsed pressure generation; SUBSTRATE.concentration, SUBSTRATE.gradient (magnitude per µm),
// SUBSTRATE.occupancy (c/(c+Kd) of free ligand); DRUG.concentration (unbound, mean over the step), DRUG.exposure (∫C
// dt, total), DRUG.doses_given, DRUG.doses_skipped; neighbours, neighbours.TYPE, neighbours.STATE (contacts);
// state.STATE, dying, origin.MARK (0 or 1); cycle.s_phase (0 or 1); behaviour.NAME (as last decided); contact.NAME of
// the type's contact signals; and, for types with a network, its species, parameters and assigned variables
// (network.NAME if ambiguous).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/aligned.h"
#include "base/units.h"

namespace senoma::engine {

struct Signal {
  enum class Kind { column, scratch, uniform };
  Kind kind = Kind::uniform;
  std::size_t index = 0;  ///< column of the cell table, scratch column, or entry of the uniform values
  Dimension dimension{};
};

/// The dictionary, made once per simulation.
class SignalTable {
 public:
  /// Adds a name (blanks become dots); scratch and uniform entries get the next index. A repeated name keeps its first
  /// entry.
  const Signal& add_column(const std::string& name, std::size_t column, Dimension dimension);
  const Signal& add_scratch(const std::string& name, Dimension dimension);
  const Signal& add_uniform(const std::string& name, Dimension dimension);

  /// A scratch column without a name of its own: one cell type sees it (ExpressionSet::add_own).
  Signal add_unnamed_scratch(Dimension dimension) { return {Signal::Kind::scratch, n_scratch_++, dimension}; }

  /// Another name for the same values.
  const Signal& add_alias(const std::string& name, const Signal& signal);

  [[nodiscard]] const Signal* find(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] std::size_t n_scratch() const { return n_scratch_; }
  [[nodiscard]] std::size_t n_uniform() const { return n_uniform_; }

 private:
  std::map<std::string, Signal> entries_;
  std::size_t n_scratch_ = 0, n_uniform_ = 0;
};

/// The values of one step: scratch[k][cell] and uniform[k].
struct SignalValues {
  std::vector<Column<double>> scratch;
  std::vector<double> uniform;
};

}  // namespace senoma::engine
