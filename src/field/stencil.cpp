#include "field/stencil.h"

#include <algorithm>

namespace senoma::field {

namespace {

constexpr std::size_t voxels_per_block = 16384;

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

Faces<double> matrix_faces(const Stencil& s) {
  Faces<double> faces;
  faces.zeros = s.zeros.data();
  faces.scale = s.scale;
  for (std::size_t a = 0; a < 3; ++a) {
    faces.along[a] = s.layout.n[a] == 1 ? 0.0 : s.scale * s.uniform[a];
    if (s.per_face) faces.upper[a] = s.upper_face[a].data();
  }
  return faces;
}

void add_face_sums(Stencil& s, const Executor& executor) {
  const SplitLayout& layout = s.layout;
  const Faces<double> g = matrix_faces(s);
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      const int j = static_cast<int>(r) % layout.n[1], k = static_cast<int>(r) / layout.n[1];
      for (int parity = 0; parity < 2; ++parity) {
        const std::size_t half = layout.half(j, k, parity), count = layout.half_size(parity);
        double* d = s.diagonal.data() + half;
        if (!s.per_face) {
          const int n_y = (j > 0) + (j + 1 < layout.n[1]), n_z = (k > 0) + (k + 1 < layout.n[2]);
          const double across = n_y * g.along[1] + n_z * g.along[2];
          for (std::size_t m = 0; m < count; ++m) d[m] += across + 2.0 * g.along[0];
          if (parity == 0) d[0] -= g.along[0];                                           // no west neighbour
          if (count > 0 && parity == (layout.n[0] + 1) % 2) d[count - 1] -= g.along[0];  // no east neighbour
          continue;
        }
        const double *y = g.upper[1], *z = g.upper[2];
        const double* west = g.upper[0] + layout.half(j, k, 1 - parity) - (parity == 0 ? 1 : 0);
        const double* east = g.upper[0] + half;
        const double* south = j > 0 ? y + layout.half(j - 1, k, parity) : g.zeros;
        const double* down = k > 0 ? z + layout.half(j, k - 1, parity) : g.zeros;
        for (std::size_t m = 0; m < count; ++m) {
          const double flat = (west[m] + east[m]) + (south[m] + y[half + m]);
          d[m] += g.scale * (layout.n[2] == 1 ? flat : flat + (down[m] + z[half + m]));
        }
      }
    }
  });
}

double apply_matrix(const Stencil& s, const float* x, double* out, const Executor& executor) {
  Column<float> zeros(s.layout.stride, 0.0f);
  const Faces<double> g = matrix_faces(s);
  const std::size_t stride = s.layout.stride, section = s.layout.colour_size();
  const double energy = sum_rows_as<double>(s, executor, [&](std::size_t first, std::size_t end) {
    apply(s.layout, first, end, g, s.diagonal.data(), zeros.data(), x, out);
    const std::size_t red = first * stride, black = section + red, n = (end - first) * stride;
    return dot(x + red, out + red, n) + dot(x + black, out + black, n);
  });
  zero_fixed(s, out);
  return energy;
}

StartSums subtract_image(const Stencil& s, const double* x, double* b, const Executor& executor) {
  const std::size_t stride = s.layout.stride, section = s.layout.colour_size();
  const Faces<double> g = matrix_faces(s);
  return sum_rows_as<StartSums>(s, executor, [&](std::size_t first, std::size_t end) {
    StartSums sums;
    const std::size_t n = (end - first) * stride;
    for (std::size_t at = first * stride; at < 2 * section; at += section) {
      sums.b += dot(b + at, b + at, n);
      sums.x += dot(x + at, x + at, n);
      sums.plain_b += sum(b + at, n);
    }
    subtract(s.layout, first, end, g, s.diagonal.data(), x, b);
    for (std::size_t c = 0; c < 2; ++c) {
      const std::size_t at = first * stride + c * section;
      // Rows of fixed voxels are not part of the system.
      const auto& fixed = s.fixed[c];
      for (auto f = std::lower_bound(fixed.begin(), fixed.end(), at); f != fixed.end() && *f < at + n; ++f) b[*f] = 0.0;
      sums.residual += dot(b + at, b + at, n);
    }
    return sums;
  });
}

void zero_fixed(const Stencil& s, double* x) {
  zero_fixed_colour(s, 0, x);
  zero_fixed_colour(s, 1, x);
}

}  // namespace senoma::field
