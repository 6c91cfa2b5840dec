#include "grid/surroundings.h"

#include <array>

namespace senoma::grid {

namespace {

enum Mark : unsigned char { unseen, occupied_voxel, outside };

}  // namespace

std::vector<std::uint32_t> surroundings(const Geometry& geometry, std::span<const std::uint32_t> occupied) {
  std::vector<unsigned char> mark(geometry.size(), unseen);
  for (const std::uint32_t v : occupied) mark[v] = occupied_voxel;
  const std::size_t n_axes = geometry.two_dimensional ? 2 : 3;
  const std::array<std::size_t, 3> stride{
      1, static_cast<std::size_t>(geometry.n[0]),
      static_cast<std::size_t>(geometry.n[0]) * static_cast<std::size_t>(geometry.n[1])};
  std::vector<std::uint32_t> frontier;
  const auto reach = [&](std::size_t v) {
    if (mark[v] != unseen) return;
    mark[v] = outside;
    frontier.push_back(static_cast<std::uint32_t>(v));
  };
  const auto place = [&](std::size_t v, std::size_t axis) {
    return static_cast<int>(v / stride[axis] % static_cast<std::size_t>(geometry.n[axis]));
  };
  for (std::size_t v = 0; v < mark.size(); ++v) {
    for (std::size_t axis = 0; axis < n_axes; ++axis) {
      const int at = place(v, axis);
      if (at == 0 || at + 1 == geometry.n[axis]) reach(v);
    }
  }
  while (!frontier.empty()) {
    const std::size_t v = frontier.back();
    frontier.pop_back();
    for (std::size_t axis = 0; axis < n_axes; ++axis) {
      const int at = place(v, axis);
      if (at > 0) reach(v - stride[axis]);
      if (at + 1 < geometry.n[axis]) reach(v + stride[axis]);
    }
  }
  std::vector<std::uint32_t> result;
  for (std::size_t v = 0; v < mark.size(); ++v) {
    if (mark[v] == outside) result.push_back(static_cast<std::uint32_t>(v));
  }
  return result;
}

}  // namespace senoma::grid
