// Internal to the room: y(t) = exp(A t) y(0) for compartments that no closed form of convolutions.h covers. A has no
// negative entry off its diagonal, so exp(A t) = e^(−s t) exp((A + s I) t) with s = max(−A_ii) is a sum of terms that
// are all ≥ 0 (uniformisation), scaled and squared: no cancellation, each entry has a relative error of some s·t
// round-offs. Thread-safe, no state. Cost: some µs for eight compartments.
#pragma once

#include <array>
#include <cstddef>

namespace senoma::pharm {

template <std::size_t N>
using Matrix = std::array<std::array<double, N>, N>;

/// exp(A t), t ≥ 0 (A's entries 1/min or what their equation says, t in min).
inline constexpr std::size_t n_compartments = 8;
[[nodiscard]] Matrix<n_compartments> exponential(const Matrix<n_compartments>& a, double t);

}  // namespace senoma::pharm
