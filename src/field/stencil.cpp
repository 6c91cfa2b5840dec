#include "field/stencil.h"

#include <algorithm>

namespace senoma::field {

namespace {

constexpr std::size_t voxels_per_block = 16384;

struct Row {
  std::size_t offset;  ///< of the row's first value
  int j, k;
};

Row nth_row(const SplitLayout& layout, std::size_t r) {
  const auto n_y = static_cast<std::size_t>(layout.n[1]);
  return {r * layout.stride, static_cast<int>(r % n_y), static_cast<int>(r / n_y)};
}

HalfRow neighbours(const Stencil& s, const double* x, const Row& row, int parity) {
  const SplitLayout& layout = s.layout;
  const std::size_t half = row.offset + layout.half(parity), other = row.offset + layout.half(1 - parity);
  const std::size_t plane = layout.stride * static_cast<std::size_t>(layout.n[1]);
  const double* zeros = s.zeros.data();
  return {parity == 0 ? x + other - 1 : x + other,
          parity == 0 ? x + other : x + other + 1,
          row.j > 0 ? x + half - layout.stride : zeros,
          row.j + 1 < layout.n[1] ? x + half + layout.stride : zeros,
          row.k > 0 ? x + half - plane : zeros,
          row.k + 1 < layout.n[2] ? x + half + plane : zeros,
          layout.half_size(parity)};
}

FaceCoupling face_coupling(const Stencil& s, const Row& row, int parity) {
  const SplitLayout& layout = s.layout;
  const std::size_t half = row.offset + layout.half(parity), other = row.offset + layout.half(1 - parity);
  const std::size_t plane = layout.stride * static_cast<std::size_t>(layout.n[1]);
  const double* x = s.upper_face[0].data();
  const double* y = s.upper_face[1].data();
  const double* z = s.upper_face[2].data();
  const double* zeros = s.zeros.data();
  return {parity == 0 ? x + other - 1 : x + other,
          x + half,
          row.j > 0 ? y + half - layout.stride : zeros,
          y + half,
          row.k > 0 ? z + half - plane : zeros,
          z + half,
          s.scale,
          layout.n[2] == 1};
}

UniformCoupling uniform_coupling(const Stencil& s) {
  return {s.scale * s.uniform[0], s.scale * s.uniform[1], s.layout.n[2] == 1 ? 0.0 : s.scale * s.uniform[2]};
}

// One body for both kinds of conductance: calls body(row, parity, coupling) for the halves of `colour` in some rows.
template <class Body>
void for_halves(const Stencil& s, int colour, std::size_t first, std::size_t end, const Body& body) {
  const UniformCoupling uniform = uniform_coupling(s);
  for (std::size_t r = first; r < end; ++r) {
    const Row row = nth_row(s.layout, r);
    const int parity = (row.j + row.k + colour) & 1;
    if (s.per_face) {
      body(row, parity, face_coupling(s, row, parity));
    } else {
      body(row, parity, uniform);
    }
  }
}

void zero_fixed_colour(const Stencil& s, int colour, double* x) {
  for (const std::uint32_t i : s.fixed[static_cast<std::size_t>(colour)]) x[i] = 0.0;
}

}  // namespace

Stencil::Stencil(std::array<int, 3> n)
    : layout(n),
      diagonal(layout.size(), 1.0),
      zeros(layout.stride, 0.0),
      rows_per_block(std::max<std::size_t>(1, voxels_per_block / static_cast<std::size_t>(n[0]))) {}

double Stencil::face(std::size_t axis, int i, int j, int k) const {
  const std::array<int, 3> at{i, j, k};
  if (at[axis] + 1 >= layout.n[axis]) return 0.0;
  return per_face ? upper_face[axis][layout.index(i, j, k)] : uniform[axis];
}

void add_face_sums(Stencil& s, const Executor& executor) {
  const SplitLayout& layout = s.layout;
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for (int colour = 0; colour < 2; ++colour) {
      for_halves(s, colour, first, end, [&](const Row& row, int parity, const auto& g) {
        double* d = s.diagonal.data() + row.offset + layout.half(parity);
        const std::size_t count = layout.half_size(parity);
        if constexpr (std::is_same_v<std::decay_t<decltype(g)>, FaceCoupling>) {
          for (std::size_t m = 0; m < count; ++m) {
            const double flat = (g.west[m] + g.east[m]) + (g.south[m] + g.north[m]);
            d[m] += g.scale * (g.planar ? flat : flat + (g.down[m] + g.up[m]));
          }
        } else {
          const int n_y = (row.j > 0) + (row.j + 1 < layout.n[1]), n_z = (row.k > 0) + (row.k + 1 < layout.n[2]);
          const double across = n_y * g.y + n_z * g.z;
          for (std::size_t m = 0; m < count; ++m) d[m] += across + 2.0 * g.x;
          if (parity == 0) d[0] -= g.x;                              // no west neighbour
          if (parity == (layout.n[0] + 1) % 2) d[count - 1] -= g.x;  // no east neighbour
        }
      });
    }
  });
}

void relax_from_zero(const Stencil& s, int colour, const double* b, double* x, const Executor& executor) {
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      const Row row = nth_row(s.layout, r);
      const int parity = (row.j + row.k + colour) & 1;
      const std::size_t half = row.offset + s.layout.half(parity);
      divide(b + half, s.diagonal.data() + half, x + half, s.layout.half_size(parity));
    }
  });
  zero_fixed_colour(s, colour, x);
}

void relax_colour(const Stencil& s, int colour, const double* b, double* x, const Executor& executor) {
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for_halves(s, colour, first, end, [&](const Row& row, int parity, const auto& g) {
      const std::size_t half = row.offset + s.layout.half(parity);
      relax(neighbours(s, x, row, parity), g, b + half, s.diagonal.data() + half, x + half);
    });
  });
  zero_fixed_colour(s, colour, x);
}

void couple_colour(const Stencil& s, int colour, const double* x, double* out, const Executor& executor) {
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for_halves(s, colour, first, end, [&](const Row& row, int parity, const auto& g) {
      couple(neighbours(s, x, row, parity), g, out + row.offset + s.layout.half(parity));
    });
  });
  zero_fixed_colour(s, colour, out);
}

double apply_matrix(const Stencil& s, const double* x, double* out, const Executor& executor) {
  const double energy = sum_rows(s, executor, [&](std::size_t first, std::size_t end) {
    double part = 0.0;
    for (int colour = 0; colour < 2; ++colour) {
      for_halves(s, colour, first, end, [&](const Row& row, int parity, const auto& g) {
        const std::size_t half = row.offset + s.layout.half(parity);
        apply(neighbours(s, x, row, parity), g, s.diagonal.data() + half, x + half, out + half);
        part += dot(x + half, out + half, s.layout.half_size(parity));
      });
    }
    return part;
  });
  zero_fixed(s, out);
  return energy;
}

void zero_fixed(const Stencil& s, double* x) {
  zero_fixed_colour(s, 0, x);
  zero_fixed_colour(s, 1, x);
}

}  // namespace senoma::field
