// SBML unit declarations in internal units. A declaration that has no counterpart (ampere, fractional exponents) or is
// absent gives nothing: the quantity is then taken as undeclared. amount^n·length^(−3n) becomes concentration^n, as
// base/units.h wants it.
#pragma once

#include <optional>
#include <string>

#include "convert/sbml.h"
#include "convert/sbml_document.h"

namespace senoma::convert::sbml {

class UnitTable {
 public:
  explicit UnitTable(const Document& document) : document_(document) {}

  [[nodiscard]] std::optional<SbmlUnit> find(const std::string& id) const;
  [[nodiscard]] std::optional<SbmlUnit> of(const Compartment& compartment) const;
  [[nodiscard]] std::optional<SbmlUnit> amount_of(const Species& species) const;
  [[nodiscard]] std::optional<SbmlUnit> time() const { return find(document_.time_units); }
  [[nodiscard]] std::optional<SbmlUnit> extent_rate() const;

 private:
  const Document& document_;
};

/// The unit of a quotient, with amount/volume turned into concentration; nothing if either is undeclared.
[[nodiscard]] std::optional<SbmlUnit> quotient(const std::optional<SbmlUnit>& a, const std::optional<SbmlUnit>& b);

}  // namespace senoma::convert::sbml
