// Units and dimensions. Internal units, fixed here once: µm, min, molecules, nM, pg, mmHg, nN, Gy, kelvin.
//
// Concentration (nM) is a dimension of its own, not amount/length³: 1 nM = 0.60221 molecules/µm³, so multiplying a
// concentration by a volume does not give molecules, and an expression that pretends so is refused. Texts such as
// "mol/L" or "molecules/um^3" are still understood where a concentration is expected (convert_to does the factor).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/error.h"

namespace senoma {

/// Exponents of the internal base dimensions; dimensionless is all zero.
struct Dimension {
  enum Base { length, time, amount, concentration, mass, pressure, force, radiation, temperature, count };
  std::array<signed char, count> exponent{};

  friend bool operator==(const Dimension&, const Dimension&) = default;
  [[nodiscard]] bool dimensionless() const { return *this == Dimension{}; }
  [[nodiscard]] Dimension operator*(const Dimension& other) const;
  [[nodiscard]] Dimension operator/(const Dimension& other) const;
  [[nodiscard]] Dimension power(int n) const;

  static Dimension of(Base base, int n = 1);
};

namespace dim {
inline const Dimension none{};
inline const Dimension length = Dimension::of(Dimension::length);
inline const Dimension area = Dimension::of(Dimension::length, 2);
inline const Dimension volume = Dimension::of(Dimension::length, 3);
inline const Dimension time = Dimension::of(Dimension::time);
inline const Dimension rate = Dimension::of(Dimension::time, -1);
inline const Dimension speed = Dimension::of(Dimension::length) / Dimension::of(Dimension::time);
inline const Dimension diffusivity = Dimension::of(Dimension::length, 2) / Dimension::of(Dimension::time);
inline const Dimension concentration = Dimension::of(Dimension::concentration);
inline const Dimension amount = Dimension::of(Dimension::amount);
inline const Dimension amount_rate = Dimension::of(Dimension::amount) / Dimension::of(Dimension::time);
inline const Dimension mass = Dimension::of(Dimension::mass);
inline const Dimension radiation = Dimension::of(Dimension::radiation);  // Gy, not J/kg: the two never mix here
inline const Dimension dose_rate = Dimension::of(Dimension::radiation) / Dimension::of(Dimension::time);
inline const Dimension pressure = Dimension::of(Dimension::pressure);
inline const Dimension clearance = Dimension::of(Dimension::length, 3) / Dimension::of(Dimension::time);
}  // namespace dim

/// Molecules in one µm³ at 1 nM (Avogadro's number, CODATA 2018: 6.02214076e23 /mol).
inline constexpr double molecules_per_um3_per_nM = 0.602214076;

/// A parsed quantity: `value` in internal units of `dimension`.
struct Quantity {
  double value = 0.0;
  Dimension dimension{};
};

/// A unit expression such as "um^2/min", "mg/m^2", "1/h", "/min", "nM", "pg/mL": factor to internal units and
/// dimension. Throws E1001 (unknown unit, nearest named) or E1002 (malformed); position columns are relative to `text`
/// (1-based).
[[nodiscard]] Quantity parse_unit(std::string_view text);

/// "1500 um^2/min", "-3e-4 /min", "0.4" (dimensionless), "50 %". Throws E1001, E1002, E1003 (no number, or not finite).
[[nodiscard]] Quantity parse_quantity(std::string_view text);

/// The value of `q` in the internal unit of `expected`; converts amount/length³ to concentration. Throws E1203 when the
/// dimensions differ, the message showing both.
[[nodiscard]] double convert_to(const Quantity& q, const Dimension& expected);

/// Words for messages: "length²/time", "concentration", "dimensionless".
[[nodiscard]] std::string describe(const Dimension& dimension);

/// The internal unit of a dimension as text, e.g. "um^2/min"; "1" when dimensionless.
[[nodiscard]] std::string internal_unit(const Dimension& dimension);

/// `value` (internal units) written in `unit`, e.g. in_unit(1440, "d") = 1. Throws as parse_unit.
[[nodiscard]] double in_unit(double value, std::string_view unit);

}  // namespace senoma
