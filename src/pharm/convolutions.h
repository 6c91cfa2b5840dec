// Internal to the room: chains of first-order steps in closed form. With E_a(t) = e^(−at):
//   chain2(a, b, t)    = (E_a ∗ E_b)(t)        = ∫₀ᵗ e^(−a(t−s)) e^(−bs) ds            [min]
//   chain3(a, b, c, t) = (E_a ∗ E_b ∗ E_c)(t)                                          [min²]
// Symmetric in their rates (1/min, ≥ 0), which may be equal or zero; a zero rate is an integral over time. They are
// divided differences of the exponential (Opitz), evaluated without cancellation: relative error ≤ 1e-14 plus that of
// a·t for the smallest rate. Thread-safe, no state.
#pragma once

namespace senoma::pharm {

[[nodiscard]] double chain1(double a, double t);
[[nodiscard]] double chain2(double a, double b, double t);
[[nodiscard]] double chain3(double a, double b, double c, double t);

}  // namespace senoma::pharm
