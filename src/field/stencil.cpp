#include "field/stencil.h"

#include <algorithm>

#include "field/stencil_rows.h"

namespace senoma::field {

namespace {

constexpr std::size_t voxels_per_block = 16384;

template <class Body>
void for_matrix_halves(const Stencil& s, int colour, std::size_t first, std::size_t end, const Body& body) {
  for_halves<double>(s, s.zeros.data(), s.upper_face, colour, first, end, body);
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
      for_matrix_halves(s, colour, first, end, [&](const Row& row, int parity, const auto& g) {
        double* d = s.diagonal.data() + row.offset + layout.half(parity);
        const std::size_t count = layout.half_size(parity);
        if constexpr (std::is_same_v<std::decay_t<decltype(g)>, FaceCoupling<double>>) {
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

double apply_matrix(const Stencil& s, const float* x, double* out, const Executor& executor) {
  Column<float> zeros(s.layout.stride, 0.0f);
  const double energy = sum_rows(s, executor, [&](std::size_t first, std::size_t end) {
    double part = 0.0;
    for (std::size_t r = first; r < end; ++r) {
      for (int colour = 0; colour < 2; ++colour) {
        for_matrix_halves(s, colour, r, r + 1, [&](const Row& row, int parity, const auto& g) {
          const std::size_t half = row.offset + s.layout.half(parity);
          apply(neighbours<float>(s.layout, zeros.data(), x, row, parity), g, s.diagonal.data() + half, x + half,
                out + half);
        });
      }
      part += dot(x + r * s.layout.stride, out + r * s.layout.stride, s.layout.stride);
    }
    return part;
  });
  zero_fixed(s, out);
  return energy;
}

StartNorms subtract_image(const Stencil& s, const double* b, const double* x, double* out, const Executor& executor) {
  const std::size_t stride = s.layout.stride;
  return sum_rows_as<StartNorms>(s, executor, [&](std::size_t first, std::size_t end) {
    StartNorms part;
    for (std::size_t r = first; r < end; ++r) {
      for (int colour = 0; colour < 2; ++colour) {
        for_matrix_halves(s, colour, r, r + 1, [&](const Row& row, int parity, const auto& g) {
          const std::size_t half = row.offset + s.layout.half(parity);
          apply(neighbours<double>(s.layout, s.zeros.data(), x, row, parity), g, s.diagonal.data() + half, x + half,
                out + half);
        });
      }
    }
    for (std::size_t c = 0; c < 2; ++c) {  // rows of fixed voxels are not part of the system
      const auto& fixed = s.fixed[c];
      for (auto f = std::lower_bound(fixed.begin(), fixed.end(), first * stride); f != fixed.end() && *f < end * stride;
           ++f) {
        out[*f] = 0.0;
      }
    }
    const std::size_t at = first * stride, n = (end - first) * stride;
    part.b = dot(b + at, b + at, n);
    part.x = dot(x + at, x + at, n);
    part.residual = subtract_from(b + at, out + at, n);
    return part;
  });
}

void zero_fixed(const Stencil& s, double* x) {
  zero_fixed_colour(s, 0, x);
  zero_fixed_colour(s, 1, x);
}

}  // namespace senoma::field
