#include "grid/space_curve.h"

#include <algorithm>
#include <array>
#include <utility>

namespace senoma::grid {

namespace {

/// Bit b of the value goes to bit `stride`·b.
std::uint32_t spread(std::uint32_t value, unsigned stride, unsigned bits) {
  std::uint32_t result = 0;
  for (unsigned b = 0; b < bits; ++b) result |= ((value >> b) & 1U) << (stride * b);
  return result;
}

}  // namespace

std::vector<std::uint32_t> curve_keys(const Geometry& geometry, std::span<const double> x, std::span<const double> y,
                                      std::span<const double> z, const Executor& executor) {
  const unsigned n_axes = geometry.two_dimensional ? 2 : 3, bits = 32 / n_axes;
  std::array<std::vector<std::uint32_t>, 3> part;  // of the key, by voxel along each axis
  for (unsigned axis = 0; axis < n_axes; ++axis) {
    const auto n = static_cast<std::uint32_t>(geometry.n[axis]);
    unsigned coarser = 0;
    while (((n - 1) >> coarser) >> bits != 0) ++coarser;
    for (std::uint32_t i = 0; i < n; ++i) part[axis].push_back(spread(i >> coarser, n_axes, bits) << axis);
  }
  if (n_axes == 2) part[2].push_back(0);
  std::vector<std::uint32_t> keys(x.size());
  const auto nx = static_cast<std::size_t>(geometry.n[0]), ny = static_cast<std::size_t>(geometry.n[1]);
  executor.for_blocks(x.size(), 4096, [&](Block block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::size_t voxel = geometry.voxel_of(x[i], y[i], z[i]);
      keys[i] = part[0][voxel % nx] | part[1][voxel / nx % ny] | part[2][n_axes == 2 ? 0 : voxel / nx / ny];
    }
  });
  return keys;
}

std::size_t descents(std::span<const std::uint32_t> keys) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < keys.size(); ++i) count += keys[i] < keys[i - 1] ? 1U : 0U;
  return count;
}

std::vector<std::uint32_t> order_by_key(std::span<const std::uint32_t> keys) {
  constexpr unsigned digit_bits = 11;
  std::vector<std::uint32_t> order(keys.size()), next(keys.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  for (unsigned shift = 0; shift < 32; shift += digit_bits) {
    const auto digit = [&](std::uint32_t i) { return (keys[i] >> shift) & ((1U << digit_bits) - 1U); };
    std::array<std::uint32_t, (1U << digit_bits) + 1> begin{};
    for (const std::uint32_t i : order) ++begin[digit(i) + 1];
    for (std::size_t d = 1; d < begin.size(); ++d) begin[d] += begin[d - 1];
    for (const std::uint32_t i : order) next[begin[digit(i)]++] = i;
    order.swap(next);
  }
  return order;
}

}  // namespace senoma::grid
