// How the loops of stencil.cpp and smoother.cpp walk the rows of a grid: the half rows of one colour, their neighbours
// and the conductances of their faces. Pure functions of their arguments.
#pragma once

#include "field/stencil.h"

namespace senoma::field {

struct Row {
  std::size_t offset;  ///< of the row's first value
  int j, k;
};

inline Row nth_row(const SplitLayout& layout, std::size_t r) {
  const auto n_y = static_cast<std::size_t>(layout.n[1]);
  return {r * layout.stride, static_cast<int>(r % n_y), static_cast<int>(r / n_y)};
}

/// `zeros` is a row of zeros, the neighbour outside the box.
template <class T>
HalfRow<T> neighbours(const SplitLayout& layout, const T* zeros, const T* x, const Row& row, int parity) {
  const std::size_t half = row.offset + layout.half(parity), other = row.offset + layout.half(1 - parity);
  const std::size_t plane = layout.stride * static_cast<std::size_t>(layout.n[1]);
  return {parity == 0 ? x + other - 1 : x + other,
          parity == 0 ? x + other : x + other + 1,
          row.j > 0 ? x + half - layout.stride : zeros,
          row.j + 1 < layout.n[1] ? x + half + layout.stride : zeros,
          row.k > 0 ? x + half - plane : zeros,
          row.k + 1 < layout.n[2] ? x + half + plane : zeros,
          layout.half_size(parity)};
}

template <class T>
FaceCoupling<T> face_coupling(const SplitLayout& layout, const T* zeros, const std::array<Column<T>, 3>& upper_face,
                              T scale, const Row& row, int parity) {
  const std::size_t half = row.offset + layout.half(parity), other = row.offset + layout.half(1 - parity);
  const std::size_t plane = layout.stride * static_cast<std::size_t>(layout.n[1]);
  const T *x = upper_face[0].data(), *y = upper_face[1].data(), *z = upper_face[2].data();
  return {parity == 0 ? x + other - 1 : x + other,
          x + half,
          row.j > 0 ? y + half - layout.stride : zeros,
          y + half,
          row.k > 0 ? z + half - plane : zeros,
          z + half,
          scale,
          layout.n[2] == 1};
}

template <class T>
UniformCoupling<T> uniform_coupling(const Stencil& s) {
  return {static_cast<T>(s.scale * s.uniform[0]), static_cast<T>(s.scale * s.uniform[1]),
          s.layout.n[2] == 1 ? T(0) : static_cast<T>(s.scale * s.uniform[2])};
}

/// One body for both kinds of conductance: calls body(row, parity, coupling) for the halves of `colour` in some rows.
template <class T, class Body>
void for_halves(const Stencil& s, const T* zeros, const std::array<Column<T>, 3>& upper_face, int colour,
                std::size_t first, std::size_t end, const Body& body) {
  const UniformCoupling<T> uniform = uniform_coupling<T>(s);
  for (std::size_t r = first; r < end; ++r) {
    const Row row = nth_row(s.layout, r);
    const int parity = (row.j + row.k + colour) & 1;
    if (s.per_face) {
      body(row, parity, face_coupling<T>(s.layout, zeros, upper_face, static_cast<T>(s.scale), row, parity));
    } else {
      body(row, parity, uniform);
    }
  }
}

}  // namespace senoma::field
