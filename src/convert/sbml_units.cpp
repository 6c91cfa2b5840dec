#include "convert/sbml_units.h"

#include <cmath>
#include <cstdlib>
#include <map>

#include "base/math.h"

namespace senoma::convert::sbml {
namespace {

constexpr double molecules_per_mole = 6.02214076e23;

/// Internal units in one SBML base unit (SBML L3V2, table 2).
const std::map<std::string, SbmlUnit>& kinds() {
  static const std::map<std::string, SbmlUnit> table = {
      {"dimensionless", {dim::none, 1.0}},
      {"radian", {dim::none, 1.0}},
      {"avogadro", {dim::none, 6.02214179e23}},
      {"item", {dim::amount, 1.0}},
      {"mole", {dim::amount, molecules_per_mole}},
      {"metre", {dim::length, 1e6}},
      {"meter", {dim::length, 1e6}},
      {"litre", {dim::volume, 1e15}},
      {"liter", {dim::volume, 1e15}},
      {"second", {dim::time, 1.0 / 60.0}},
      {"hertz", {dim::rate, 60.0}},
      {"becquerel", {dim::rate, 60.0}},
      {"katal", {dim::amount_rate, 60.0 * molecules_per_mole}},
      {"gram", {dim::mass, 1e12}},
      {"kilogram", {dim::mass, 1e15}},
      {"kelvin", {Dimension::of(Dimension::temperature), 1.0}},
      {"gray", {Dimension::of(Dimension::radiation), 1.0}},
      {"newton", {Dimension::of(Dimension::force), 1e9}},
      {"pascal", {dim::pressure, 1.0 / 133.322387415}},
  };
  return table;
}

/// The names that Level 2 predefines and lets a file redefine.
std::optional<SbmlUnit> level2_default(const std::string& id) {
  if (id == "substance") return kinds().at("mole");
  if (id == "volume") return kinds().at("litre");
  if (id == "area") return SbmlUnit{dim::area, 1e12};
  if (id == "length") return kinds().at("metre");
  if (id == "time") return kinds().at("second");
  return std::nullopt;
}

SbmlUnit with_concentration(SbmlUnit unit) {
  auto& e = unit.dimension.exponent;
  const int n = e[Dimension::amount];
  if (n == 0 || e[Dimension::length] != -3 * n) return unit;
  e[Dimension::amount] = 0;
  e[Dimension::length] = 0;
  e[Dimension::concentration] = static_cast<signed char>(e[Dimension::concentration] + n);
  unit.to_internal /= math::pow(molecules_per_um3_per_nM, n);
  return unit;
}

std::optional<SbmlUnit> product(const UnitDefinition& definition) {
  SbmlUnit unit;
  for (const auto& factor : definition.factors) {
    const auto kind = kinds().find(factor.kind);
    const double rounded = std::round(factor.exponent);
    if (kind == kinds().end() || rounded != factor.exponent || std::abs(rounded) > 20.0) return std::nullopt;
    const double one = factor.multiplier * math::pow(10.0, factor.scale) * kind->second.to_internal;
    unit.to_internal *= math::pow(one, rounded);
    unit.dimension = unit.dimension * kind->second.dimension.power(static_cast<int>(rounded));
  }
  if (!std::isfinite(unit.to_internal) || unit.to_internal <= 0.0) return std::nullopt;
  return with_concentration(unit);
}

}  // namespace

std::optional<SbmlUnit> quotient(const std::optional<SbmlUnit>& a, const std::optional<SbmlUnit>& b) {
  if (!a || !b) return std::nullopt;
  return with_concentration({a->dimension / b->dimension, a->to_internal / b->to_internal});
}

std::optional<SbmlUnit> UnitTable::find(const std::string& id) const {
  if (id.empty()) return std::nullopt;
  for (const auto& definition : document_.units) {
    if (definition.id == id) return product(definition);
  }
  if (const auto kind = kinds().find(id); kind != kinds().end()) return kind->second;
  return document_.level == 2 ? level2_default(id) : std::nullopt;
}

std::optional<SbmlUnit> UnitTable::of(const Compartment& compartment) const {
  if (!compartment.units.empty()) return find(compartment.units);
  if (!compartment.dimensions_known) return std::nullopt;
  if (compartment.dimensions == 3.0) return find(document_.volume_units);
  if (compartment.dimensions == 2.0) return find(document_.area_units);
  if (compartment.dimensions == 1.0) return find(document_.length_units);
  return std::nullopt;
}

std::optional<SbmlUnit> UnitTable::amount_of(const Species& species) const {
  return find(species.substance_units.empty() ? document_.substance_units : species.substance_units);
}

std::optional<SbmlUnit> UnitTable::extent_rate() const { return quotient(find(document_.extent_units), time()); }

}  // namespace senoma::convert::sbml
