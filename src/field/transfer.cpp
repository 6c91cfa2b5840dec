#include <algorithm>

#include "base/kernel.h"
#include "field/multigrid.h"

namespace senoma::field {

namespace {

struct Contribution {
  int index;
  float weight;
  bool own;  ///< the fine voxel lies in this coarse voxel
};
struct Contributions {
  std::array<Contribution, 4> of;
  int count = 0;
  void add(int index, double weight, bool own) {
    if (weight != 0.0) of[static_cast<std::size_t>(count++)] = {index, static_cast<float>(weight), own};
  }
};

// The coarse indices along one axis that fine index i is interpolated from.
Contributions coarse_of(const Transfer& transfer, std::size_t axis, int i) {
  Contributions result;
  if (!transfer.halved[axis]) {
    result.add(i, 1.0, true);
    return result;
  }
  const auto at = static_cast<std::size_t>(i);
  result.add(i / 2, transfer.own[axis][at], true);
  result.add(i % 2 == 0 ? i / 2 - 1 : i / 2 + 1, transfer.other[axis][at], false);
  return result;
}

// The fine indices along one axis that coarse index c contributes to, in ascending order.
Contributions fine_of(const Transfer& transfer, std::size_t axis, int c, int n_fine) {
  Contributions result;
  if (!transfer.halved[axis]) {
    result.add(c, 1.0, true);
    return result;
  }
  for (int i = std::max(0, 2 * c - 1); i <= std::min(n_fine - 1, 2 * c + 2); ++i) {
    const auto at = static_cast<std::size_t>(i);
    result.add(i, i / 2 == c ? transfer.own[axis][at] : transfer.other[axis][at], i / 2 == c);
  }
  return result;
}

// Weights of one half row by the faces' resistances: of the neighbour t, of the own coarse voxel 1 − t.
struct FaceWeights {
  const float *x, *y, *z;
  bool own_y, own_z;
};

SENOMA_INLINE float across(const FaceWeights& w, std::size_t m) {
  return (w.own_y ? 1.0f - w.y[m] : w.y[m]) * (w.own_z ? 1.0f - w.z[m] : w.z[m]);
}

SENOMA_KERNEL(void, interpolate,
              (const float* __restrict own_weight, const float* __restrict other_weight, const float* own,
               const float* other, float* __restrict out, std::size_t n),
              (own_weight, other_weight, own, other, out, n)) {
  for (std::size_t m = 0; m < n; ++m) out[m] += own_weight[m] * own[m] + other_weight[m] * other[m];
}

SENOMA_KERNEL(void, interpolate,
              (const FaceWeights& w, const float* own, const float* other, float* __restrict out, std::size_t n),
              (w, own, other, out, n)) {
#pragma GCC ivdep
  for (std::size_t m = 0; m < n; ++m) out[m] += across(w, m) * ((1.0f - w.x[m]) * own[m] + w.x[m] * other[m]);
}

SENOMA_KERNEL(void, scatter,
              (const FaceWeights& w, const float* __restrict r, float* __restrict own, float* __restrict other,
               std::size_t n),
              (w, r, own, other, n)) {
#pragma GCC ivdep
  for (std::size_t m = 0; m < n; ++m) {
    const float value = across(w, m) * r[m];
    own[m] += (1.0f - w.x[m]) * value;
    other[m] += w.x[m] * value;
  }
}

// The coarse row in natural order from the fine voxels' shares: those of even and odd fine i for their own coarse
// voxel, those of even i for the one below, of odd i for the one above.
SENOMA_KERNEL(void, collect,
              (const float* own_even, const float* own_odd, const float* next_even, const float* previous_odd,
               float* __restrict even_out, float* __restrict odd_out, std::size_t n),
              (own_even, own_odd, next_even, previous_odd, even_out, odd_out, n)) {
  const auto value = [&](std::size_t c) __attribute__((always_inline)) {
    return (own_even[c] + own_odd[c]) + (next_even[c] + previous_odd[c]);
  };
  for (std::size_t m = 0; m < n / 2; ++m) {
    even_out[m] = value(2 * m);
    odd_out[m] = value(2 * m + 1);
  }
  if (n % 2 == 1) even_out[n / 2] = value(n - 1);
}

SENOMA_KERNEL(void, to_natural,
              (const float* __restrict even, const float* __restrict odd, float* __restrict out, std::size_t n),
              (even, odd, out, n)) {
  for (std::size_t m = 0; m < n / 2; ++m) {
    out[2 * m] = even[m];
    out[2 * m + 1] = odd[m];
  }
  if (n % 2 == 1) out[n - 1] = even[n / 2];
}

// Scratch of one block: four half rows with room for zeros before and behind them.
std::size_t half_room(const Level& fine) { return fine.stencil.layout.even + 4; }
std::size_t buffer_stride(const Level& fine) { return 4 * half_room(fine) + 2 * fine.stencil.layout.stride; }

float* block_buffer(Level& fine, std::size_t block) { return fine.row_buffers.data() + block * buffer_stride(fine); }

void ensure_buffers(Level& fine, const Stencil& rows) {
  const std::size_t needed = block_count(rows.layout.n_rows, rows.rows_per_block) * buffer_stride(fine);
  if (fine.row_buffers.size() < needed) fine.row_buffers.resize(needed);
}

FaceWeights face_weights(const Level& fine, std::size_t at, bool own_y, bool own_z) {
  const auto& toward = fine.to_coarser.toward;
  return {toward[0].data() + at, toward[1].data() + at, toward[2].data() + at, own_y, own_z};
}

void restrict_row(const Level& fine, const Level& coarse, int colour, const float* r, const Contributions& ys,
                  const Contributions& zs, float* buffer, float* even_out, float* odd_out) {
  const SplitLayout &from = fine.stencil.layout, &to = coarse.stencil.layout;
  const Transfer& t = fine.to_coarser;
  const std::size_t room = half_room(fine), section = colour == 0 ? 0 : from.colour_size();
  float *own[2] = {buffer, buffer + room}, *other[2] = {buffer + 2 * room, buffer + 3 * room + 1};
  std::fill(buffer, buffer + 4 * room, 0.0f);
  for (int b = 0; b < zs.count; ++b) {
    for (int a = 0; a < ys.count; ++a) {
      const Contribution y = ys.of[static_cast<std::size_t>(a)], z = zs.of[static_cast<std::size_t>(b)];
      const int parity = (y.index + z.index + colour) & 1;
      const std::size_t half = from.half(y.index, z.index, parity), n = from.half_size(parity);
      const float* values = r + (half - section);
      if (t.by_faces) {
        scatter(face_weights(fine, half, y.own, z.own), values, own[parity], other[parity], n);
      } else {
        add_scaled(y.weight * z.weight, values, own[parity], n);
      }
    }
  }
  if (!t.halved[0]) {
    std::copy(own[0], own[0] + to.even, even_out);
    std::copy(own[1], own[1] + to.odd, odd_out);
    return;
  }
  if (!t.by_faces) {
    for (std::size_t parity = 0; parity < 2; ++parity) {
      const std::size_t n = from.half_size(static_cast<int>(parity));
      multiply(t.other_x[parity].data(), own[parity], other[parity], n);
      multiply(t.own_x[parity].data(), own[parity], own[parity], n);
    }
  }
  collect(own[0], own[1], other[0] + 1, other[1] - 1, even_out, odd_out, from.even);
}

void prolong_row(const Level& fine, const Level& coarse, const Contributions& ys, const Contributions& zs,
                 std::size_t half, int parity, float* buffer, float* out) {
  const SplitLayout &from = coarse.stencil.layout, &to = fine.stencil.layout;
  const Transfer& t = fine.to_coarser;
  const std::size_t n = to.half_size(parity);
  float* natural = buffer + 1;  // one zero before, one after
  natural[-1] = 0.0f;
  float* sum[2] = {buffer + from.even + from.odd + 2, buffer + from.even + from.odd + 2 + from.even};
  const auto spread = [&](const float* even, const float* odd) {
    to_natural(even, odd, natural, from.even + from.odd);
    natural[from.even + from.odd] = 0.0f;
    return parity == 0 ? natural - 1 : natural + 1;
  };
  if (!t.by_faces) std::fill(sum[0], sum[0] + from.even + from.odd, 0.0f);
  for (int b = 0; b < zs.count; ++b) {
    for (int a = 0; a < ys.count; ++a) {
      const Contribution y = ys.of[static_cast<std::size_t>(a)], z = zs.of[static_cast<std::size_t>(b)];
      const float* row[2] = {coarse.x.data() + from.half(y.index, z.index, 0),
                             coarse.x.data() + from.half(y.index, z.index, 1)};
      if (!t.by_faces) {
        add_scaled(y.weight * z.weight, row[0], sum[0], from.even);
        add_scaled(y.weight * z.weight, row[1], sum[1], from.odd);
        continue;
      }
      const FaceWeights weights = face_weights(fine, half, y.own, z.own);
      if (t.halved[0]) {
        const float* other = spread(row[0], row[1]);
        interpolate(weights, natural, other, out, n);
      } else {
        interpolate(weights, row[parity], row[parity], out, n);
      }
    }
  }
  if (t.by_faces) return;
  if (!t.halved[0]) {
    add_scaled(1.0f, sum[parity], out, n);
    return;
  }
  const float* other = spread(sum[0], sum[1]);
  const auto p = static_cast<std::size_t>(parity);
  interpolate(t.own_x[p].data(), t.other_x[p].data(), natural, other, out, n);
}

template <class Body>
void for_row_blocks(const Stencil& stencil, const Executor& executor, const Body& body) {
  if (stencil.layout.n_rows <= stencil.rows_per_block) {
    body(Block{0, stencil.layout.n_rows, 0});
    return;
  }
  executor.for_blocks(stencil.layout.n_rows, stencil.rows_per_block, [&](Block block) { body(block); });
}

}  // namespace

void restrict_colour(Level& fine, int colour, const float* r, Level& coarse, const Executor& executor) {
  ensure_buffers(fine, coarse.stencil);
  const SplitLayout &from = fine.stencil.layout, &to = coarse.stencil.layout;
  for_row_blocks(coarse.stencil, executor, [&](Block block) {
    float* buffer = block_buffer(fine, block.index);
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const int j = static_cast<int>(row) % to.n[1], k = static_cast<int>(row) / to.n[1];
      restrict_row(fine, coarse, colour, r, fine_of(fine.to_coarser, 1, j, from.n[1]),
                   fine_of(fine.to_coarser, 2, k, from.n[2]), buffer, coarse.b.data() + to.half(j, k, 0),
                   coarse.b.data() + to.half(j, k, 1));
    }
  });
}

void prolong_colour(Level& fine, int colour, const Level& coarse, float* x, const Executor& executor) {
  ensure_buffers(fine, fine.stencil);
  const SplitLayout& to = fine.stencil.layout;
  for_row_blocks(fine.stencil, executor, [&](Block block) {
    float* buffer = block_buffer(fine, block.index);
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const int j = static_cast<int>(row) % to.n[1], k = static_cast<int>(row) / to.n[1];
      const int parity = (j + k + colour) & 1;
      const std::size_t half = to.half(j, k, parity);
      prolong_row(fine, coarse, coarse_of(fine.to_coarser, 1, j), coarse_of(fine.to_coarser, 2, k), half, parity,
                  buffer, x + half);
    }
  });
  for (const std::uint32_t i : fine.stencil.fixed[static_cast<std::size_t>(colour)]) x[i] = 0.0f;
}

}  // namespace senoma::field
