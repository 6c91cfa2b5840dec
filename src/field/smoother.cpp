#include "field/smoother.h"

#include "field/stencil_rows.h"

namespace senoma::field {

namespace {

void zero_fixed_colour(const Stencil& s, int colour, float* x) {
  for (const std::uint32_t i : s.fixed[static_cast<std::size_t>(colour)]) x[i] = 0.0f;
}

void narrow_column(const Stencil& s, const Column<double>& from, Column<float>& to, const Executor& executor) {
  to.resize(from.size());
  const std::size_t stride = s.layout.stride;
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t i = first * stride; i < end * stride; ++i) to[i] = static_cast<float>(from[i]);
  });
}

void relax_rows(const Stencil& s, const Smoother& f, int colour, const float* b, float* x, std::size_t first,
                std::size_t end) {
  for_halves<float>(s, f.zeros.data(), f.upper_face, colour, first, end,
                    [&](const Row& row, int parity, const auto& g) {
                      const std::size_t half = row.offset + s.layout.half(parity);
                      relax(neighbours(s.layout, f.zeros.data(), static_cast<const float*>(x), row, parity), g,
                            b + half, f.inverse.data() + half, x + half);
                    });
}

}  // namespace

void narrow_faces(const Stencil& s, Smoother& f, const Executor& executor) {
  f.zeros.assign(s.layout.stride, 0.0f);
  if (!s.per_face) return;
  for (std::size_t a = 0; a < 3; ++a) narrow_column(s, s.upper_face[a], f.upper_face[a], executor);
}

void invert_diagonal(const Stencil& s, Smoother& f, const Executor& executor) {
  f.inverse.resize(s.layout.size());
  const std::size_t stride = s.layout.stride;
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t i = first * stride; i < end * stride; ++i) f.inverse[i] = static_cast<float>(1.0 / s.diagonal[i]);
  });
}

void relax_from_zero(const Stencil& s, const Smoother& f, int colour, const float* b, float* x,
                     const Executor& executor) {
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      const Row row = nth_row(s.layout, r);
      const int parity = (row.j + row.k + colour) & 1;
      const std::size_t half = row.offset + s.layout.half(parity);
      multiply(b + half, f.inverse.data() + half, x + half, s.layout.half_size(parity));
    }
  });
  zero_fixed_colour(s, colour, x);
}

void relax_colour(const Stencil& s, const Smoother& f, int colour, const float* b, float* x, const Executor& executor) {
  for_rows(s, executor, [&](std::size_t first, std::size_t end) { relax_rows(s, f, colour, b, x, first, end); });
  zero_fixed_colour(s, colour, x);
}

Products relax_and_multiply(const Stencil& s, const Smoother& f, int colour, const float* b, float* x,
                            const double* image, const Executor& executor) {
  const std::size_t stride = s.layout.stride;
  // Fixed voxels are set to zero after the products, which holds because b and image are zero there.
  const auto sums = sum_rows_as<Products>(s, executor, [&](std::size_t first, std::size_t end) {
    relax_rows(s, f, colour, b, x, first, end);
    Products part;
    for (std::size_t r = first; r < end; ++r) {
      const std::size_t at = r * stride;
      part += {dot(b + at, x + at, stride), image == nullptr ? 0.0 : dot(x + at, image + at, stride)};
    }
    return part;
  });
  zero_fixed_colour(s, colour, x);
  return sums;
}

void residual_of_colour(const Stencil& s, const Smoother& f, int colour, const float* b, const float* x, float* out,
                        const Executor& executor) {
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for_halves<float>(s, f.zeros.data(), f.upper_face, colour, first, end,
                      [&](const Row& row, int parity, const auto& g) {
                        const std::size_t half = row.offset + s.layout.half(parity);
                        residual(neighbours(s.layout, f.zeros.data(), x, row, parity), g, b + half,
                                 f.inverse.data() + half, x + half, out + half);
                      });
  });
  zero_fixed_colour(s, colour, out);
}

double negative_image(const Stencil& s, const Smoother& f, const float* x, float* out, const Executor& executor) {
  return sum_rows(s, executor, [&](std::size_t first, std::size_t end) {
    double part = 0.0;
    for (int colour = 0; colour < 2; ++colour) {
      for_halves<float>(s, f.zeros.data(), f.upper_face, colour, first, end,
                        [&](const Row& row, int parity, const auto& g) {
                          const std::size_t half = row.offset + s.layout.half(parity);
                          residual(neighbours(s.layout, f.zeros.data(), x, row, parity), g, f.zeros.data(),
                                   f.inverse.data() + half, x + half, out + half);
                          part -= dot(x + half, out + half, s.layout.half_size(parity));
                        });
    }
    return part;
  });
}

}  // namespace senoma::field
