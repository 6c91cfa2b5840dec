#include "field/smoother.h"

namespace senoma::field {

namespace {

void zero_fixed_colour(const Stencil& s, int colour, float* x) {
  for (const std::uint32_t i : s.fixed[static_cast<std::size_t>(colour)]) x[i] = 0.0f;
}

void narrow_column(const Stencil& s, const Column<double>& from, Column<float>& to, const Executor& executor) {
  to.resize(from.size(), 0.0f);
  for_values(s, executor, [&](std::size_t at, std::size_t n) {
    for (std::size_t i = at; i < at + n; ++i) to[i] = static_cast<float>(from[i]);
  });
}

Faces<float> faces_of(const Stencil& s, const Smoother& f) {
  Faces<float> faces;
  faces.zeros = f.zeros.data();
  faces.scale = static_cast<float>(s.scale);
  for (std::size_t a = 0; a < 3; ++a) {
    faces.along[a] = s.layout.n[a] == 1 ? 0.0f : static_cast<float>(s.scale * s.uniform[a]);
    if (s.per_face) faces.upper[a] = f.upper_face[a].data();
  }
  return faces;
}

}  // namespace

void narrow_faces(const Stencil& s, Smoother& f, const Executor& executor) {
  f.zeros.assign(s.layout.stride, 0.0f);
  if (!s.per_face) return;
  for (std::size_t a = 0; a < 3; ++a) narrow_column(s, s.upper_face[a], f.upper_face[a], executor);
}

void invert_diagonal(const Stencil& s, Smoother& f, const Executor& executor) {
  const SplitLayout& layout = s.layout;
  f.inverse.resize(layout.size(), 0.0f);  // 0 in the paddings
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      for (int parity = 0; parity < 2; ++parity) {
        const std::size_t half = layout.half(r, parity), stop = half + layout.half_size(parity);
        for (std::size_t i = half; i < stop; ++i) f.inverse[i] = static_cast<float>(1.0 / s.diagonal[i]);
      }
    }
  });
}

void relax_from_zero(const Stencil& s, const Smoother& f, int colour, const float* b, float* x,
                     const Executor& executor) {
  const std::size_t stride = s.layout.stride, section = colour == 0 ? 0 : s.layout.colour_size();
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    const std::size_t at = section + first * stride;
    multiply(b + at, f.inverse.data() + at, x + at, (end - first) * stride);
  });
  zero_fixed_colour(s, colour, x);
}

void relax_colour(const Stencil& s, const Smoother& f, int colour, const float* b, float* x, const Executor& executor) {
  const Faces<float> g = faces_of(s, f);
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    relax({s.layout, colour, first, end}, g, b, f.inverse.data(), x);
  });
  zero_fixed_colour(s, colour, x);
}

Products relax_and_multiply(const Stencil& s, const Smoother& f, int colour, const float* b, float* x,
                            const double* image, const Executor& executor) {
  const std::size_t stride = s.layout.stride, section = s.layout.colour_size();
  const Faces<float> g = faces_of(s, f);
  // Fixed voxels are set to zero after the products, which holds because b and image are zero there.
  const auto sums = sum_rows_as<Products>(s, executor, [&](std::size_t first, std::size_t end) {
    relax({s.layout, colour, first, end}, g, b, f.inverse.data(), x);
    Products part;
    for (std::size_t at = first * stride; at < 2 * section; at += section) {
      const std::size_t n = (end - first) * stride;
      part += {dot(b + at, x + at, n), image == nullptr ? 0.0 : dot(x + at, image + at, n)};
    }
    return part;
  });
  zero_fixed_colour(s, colour, x);
  return sums;
}

void residual_of_colour(const Stencil& s, const Smoother& f, int colour, const float* b, const float* x, float* out,
                        const Executor& executor) {
  const Faces<float> g = faces_of(s, f);
  for_rows(s, executor, [&](std::size_t first, std::size_t end) {
    residual({s.layout, colour, first, end}, g, b, f.inverse.data(), x, out);
  });
  const std::size_t section = colour == 0 ? 0 : s.layout.colour_size();
  for (const std::uint32_t i : s.fixed[static_cast<std::size_t>(colour)]) out[i - section] = 0.0f;
}

double negative_image(const Stencil& s, const Smoother& f, const float* x, float* out, const Executor& executor) {
  const std::size_t stride = s.layout.stride, section = s.layout.colour_size();
  const Faces<float> g = faces_of(s, f);
  return sum_rows_as<double>(s, executor, [&](std::size_t first, std::size_t end) {
    double part = 0.0;
    for (std::size_t c = 0; c < 2; ++c) {
      residual({s.layout, static_cast<int>(c), first, end}, g, nullptr, f.inverse.data(), x, out + c * section);
      const std::size_t at = c * section + first * stride;
      part -= dot(x + at, out + at, (end - first) * stride);
    }
    return part;
  });
}

}  // namespace senoma::field
