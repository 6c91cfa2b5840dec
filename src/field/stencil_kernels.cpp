#include "field/stencil_kernels.h"

#include "base/kernel.h"

namespace senoma::field {

namespace {

// Half a row and the values around it; where a neighbour does not exist there are zeros.
template <class X, class G>
struct HalfRow {
  std::size_t at;     ///< of its first value in the grid's arrays
  std::size_t count;  ///< voxels
  const X *west, *east, *south, *north, *down, *up;
  const G *g_west, *g_east, *g_south, *g_north, *g_down, *g_up;  ///< per face
};

// Half of row r = (j, k): the one with odd or with even i.
template <bool per_face, class X, class G>
SENOMA_INLINE HalfRow<X, G> half_row(const SplitLayout& layout, const Faces<G>& g, const X* zeros, const X* x,
                                     std::size_t r, std::size_t j, std::size_t k, bool odd) {
  const auto n_y = static_cast<std::size_t>(layout.n[1]), n_z = static_cast<std::size_t>(layout.n[2]);
  const std::size_t stride = layout.stride, plane = stride * n_y, section = layout.colour_size();
  const bool black = ((j + k) % 2 == 0) == odd;
  const std::size_t at = r * stride + (black ? 0 : section);  // the same row in the other colour
  HalfRow<X, G> half;
  half.at = r * stride + (black ? section : 0);
  half.count = odd ? layout.odd : layout.even;
  half.west = x + at - (odd ? 0 : 1);
  half.east = x + at + (odd ? 1 : 0);
  half.south = j > 0 ? x + at - stride : zeros;
  half.north = j + 1 < n_y ? x + at + stride : zeros;
  half.down = k > 0 ? x + at - plane : zeros;
  half.up = k + 1 < n_z ? x + at + plane : zeros;
  if constexpr (per_face) {
    half.g_west = g.upper[0] + at - (odd ? 0 : 1);
    half.g_east = g.upper[0] + half.at;
    half.g_south = j > 0 ? g.upper[1] + at - stride : g.zeros;
    half.g_north = g.upper[1] + half.at;
    half.g_down = k > 0 ? g.upper[2] + at - plane : g.zeros;
    half.g_up = g.upper[2] + half.at;
  }
  return half;
}

// Calls body(r, j, k) for rows [first, end).
template <class Body>
SENOMA_INLINE void for_rows(const SplitLayout& layout, std::size_t first, std::size_t end, const Body& body) {
  const auto n_y = static_cast<std::size_t>(layout.n[1]);
  std::size_t j = first % n_y, k = first / n_y;
  for (std::size_t r = first; r < end; ++r) {
    body(r, j, k);
    if (++j == n_y) {
      j = 0;
      ++k;
    }
  }
}

// Calls body(half row) for some rows of one colour.
template <bool per_face, class Body>
SENOMA_INLINE void for_half_rows(const ColourRows& rows, const Faces<float>& g, const float* x, const Body& body) {
  for_rows(
      rows.layout, rows.first,
      rows.end, [&](std::size_t r, std::size_t j, std::size_t k) __attribute__((always_inline)) {
        const bool odd = ((j + k + static_cast<std::size_t>(rows.colour)) & 1) != 0;
        body(half_row<per_face>(rows.layout, g, g.zeros, x, r, j, k, odd));
      });
}

// Σ g x over the faces, in the precision of the conductances.
template <bool per_face, bool planar, class X, class G>
SENOMA_INLINE G coupling_at(const HalfRow<X, G>& h, const Faces<G>& g, std::size_t m) {
  if constexpr (per_face) {
    const G flat = (h.g_west[m] * G(h.west[m]) + h.g_east[m] * G(h.east[m])) +
                   (h.g_south[m] * G(h.south[m]) + h.g_north[m] * G(h.north[m]));
    if constexpr (planar) return g.scale * flat;
    return g.scale * (flat + (h.g_down[m] * G(h.down[m]) + h.g_up[m] * G(h.up[m])));
  } else {
    const G flat = g.along[0] * (G(h.west[m]) + G(h.east[m])) + g.along[1] * (G(h.south[m]) + G(h.north[m]));
    if constexpr (planar) return flat;
    return flat + g.along[2] * (G(h.down[m]) + G(h.up[m]));
  }
}

// Calls body.operator()<per_face, planar>().
template <class G, class Body>
SENOMA_INLINE void by_kind(const SplitLayout& layout, const Faces<G>& g, const Body& body) {
  const bool planar = layout.n[2] == 1;
  if (g.upper[0] == nullptr) {
    planar ? body.template operator()<false, true>() : body.template operator()<false, false>();
  } else {
    planar ? body.template operator()<true, true>() : body.template operator()<true, false>();
  }
}

// Rounds to multiples of about 1e-27, far below what matters beside values near one.
SENOMA_INLINE float flushed(float value) { return (value + 1e-20f) - 1e-20f; }

template <bool per_face, bool planar>
SENOMA_INLINE void relax_rows(const ColourRows& rows, const Faces<float>& g, const float* b, const float* inverse,
                              float* x) {
  const bool whole = rows.layout.stride % SplitLayout::vector == 0;  // then the paddings too: they become 0 again
  const std::size_t stride = rows.layout.stride;
  // After the last row of one colour comes the first of the other, which another thread may be relaxing.
  const std::size_t last = (rows.colour == 0 ? 1 : 2) * rows.layout.colour_size() - stride;
  for_half_rows<per_face>(
      rows, g, x, [&](const HalfRow<float, float>& half) __attribute__((always_inline)) {
        const HalfRow<float, float> h = half;
        const Faces<float> faces = g;
        const float* __restrict right = b + h.at, * __restrict scale = inverse + h.at;
        float* __restrict out = x + h.at;
        const std::size_t n = whole && h.at != last ? stride : h.count;
#pragma GCC ivdep
        for (std::size_t m = 0; m < n; ++m)
          out[m] = flushed((right[m] + coupling_at<per_face, planar>(h, faces, m)) * scale[m]);
      });
}

template <bool per_face, bool planar>
SENOMA_INLINE void residual_rows(const ColourRows& rows, const Faces<float>& g, const float* b, const float* inverse,
                                 const float* x, float* out) {
  const std::size_t section = rows.colour == 0 ? 0 : rows.layout.colour_size();
  for_half_rows<per_face>(
      rows, g, x, [&](const HalfRow<float, float>& half) __attribute__((always_inline)) {
        const HalfRow<float, float> h = half;
        const Faces<float> faces = g;
        const float* __restrict right = b == nullptr ? g.zeros : b + h.at, * __restrict scale = inverse + h.at;
        const float* __restrict centre = x + h.at;
        float* __restrict result = out + (h.at - section);
#pragma GCC ivdep
        for (std::size_t m = 0; m < h.count; ++m)
          result[m] = flushed((right[m] + coupling_at<per_face, planar>(h, faces, m)) - centre[m] / scale[m]);
      });
}

// Row by row both halves, while the rows around are at hand: calls store(out value, diagonal · x − coupling).
template <bool per_face, bool planar, class X, class Store>
SENOMA_INLINE void image_rows(const SplitLayout& layout, std::size_t first, std::size_t end, const Faces<double>& g,
                              const double* diagonal, const X* zeros, const X* x, double* out, const Store& store) {
  for_rows(
      layout, first, end, [&](std::size_t r, std::size_t j, std::size_t k) __attribute__((always_inline)) {
        for (const bool odd : {false, true}) {
          const HalfRow<X, double> h = half_row<per_face>(layout, g, zeros, x, r, j, k, odd);
          const Faces<double> faces = g;
          const double* __restrict d = diagonal + h.at;
          const X* __restrict centre = x + h.at;
          double* __restrict result = out + h.at;
#pragma GCC ivdep
          for (std::size_t m = 0; m < h.count; ++m)
            store(result[m], d[m] * static_cast<double>(centre[m]) - coupling_at<per_face, planar>(h, faces, m));
        }
      });
}

}  // namespace

SENOMA_KERNEL(void, relax,
              (const ColourRows& rows, const Faces<float>& g, const float* b, const float* inverse, float* x),
              (rows, g, b, inverse, x)) {
  by_kind(
      rows.layout, g, [&]<bool per_face, bool planar>() __attribute__((always_inline)) {
        relax_rows<per_face, planar>(rows, g, b, inverse, x);
      });
}

SENOMA_KERNEL(void, residual,
              (const ColourRows& rows, const Faces<float>& g, const float* b, const float* inverse, const float* x,
               float* out),
              (rows, g, b, inverse, x, out)) {
  by_kind(
      rows.layout, g, [&]<bool per_face, bool planar>() __attribute__((always_inline)) {
        residual_rows<per_face, planar>(rows, g, b, inverse, x, out);
      });
}

SENOMA_KERNEL(void, apply,
              (const SplitLayout& layout, std::size_t first, std::size_t end, const Faces<double>& g,
               const double* diagonal, const float* zeros, const float* x, double* out),
              (layout, first, end, g, diagonal, zeros, x, out)) {
  by_kind(
      layout, g, [&]<bool per_face, bool planar>() __attribute__((always_inline)) {
        image_rows<per_face, planar>(
            layout, first, end, g, diagonal, zeros, x, out,
            [](double& to, double image) __attribute__((always_inline)) { to = image; });
      });
}

SENOMA_KERNEL(void, subtract,
              (const SplitLayout& layout, std::size_t first, std::size_t end, const Faces<double>& g,
               const double* diagonal, const double* x, double* b),
              (layout, first, end, g, diagonal, x, b)) {
  by_kind(
      layout, g, [&]<bool per_face, bool planar>() __attribute__((always_inline)) {
        image_rows<per_face, planar>(
            layout, first, end, g, diagonal, g.zeros, x, b,
            [](double& from, double image) __attribute__((always_inline)) { from -= image; });
      });
}

}  // namespace senoma::field
