#include <algorithm>

#include "base/kernel.h"
#include "field/multigrid.h"

namespace senoma::field {

namespace {

struct Contribution {
  int index;
  double weight;
};
struct Contributions {
  std::array<Contribution, 4> of;
  int count = 0;
  void add(int index, double weight) {
    if (weight != 0.0) of[static_cast<std::size_t>(count++)] = {index, weight};
  }
};

// The coarse indices along one axis that fine index i is interpolated from.
Contributions coarse_of(const Transfer& transfer, std::size_t axis, int i) {
  Contributions result;
  if (!transfer.halved[axis]) {
    result.add(i, 1.0);
    return result;
  }
  const auto at = static_cast<std::size_t>(i);
  result.add(i / 2, transfer.own[axis][at]);
  result.add(i % 2 == 0 ? i / 2 - 1 : i / 2 + 1, transfer.other[axis][at]);
  return result;
}

// The fine indices along one axis that coarse index c contributes to, in ascending order.
Contributions fine_of(const Transfer& transfer, std::size_t axis, int c, int n_fine) {
  Contributions result;
  if (!transfer.halved[axis]) {
    result.add(c, 1.0);
    return result;
  }
  for (int i = std::max(0, 2 * c - 1); i <= std::min(n_fine - 1, 2 * c + 2); ++i) {
    const auto at = static_cast<std::size_t>(i);
    result.add(i, i / 2 == c ? transfer.own[axis][at] : transfer.other[axis][at]);
  }
  return result;
}

SENOMA_KERNEL(void, interpolate,
              (const double* __restrict own_weight, const double* __restrict other_weight, const double* own,
               const double* other, double* __restrict out, std::size_t n),
              (own_weight, other_weight, own, other, out, n)) {
  for (std::size_t m = 0; m < n; ++m) out[m] += own_weight[m] * own[m] + other_weight[m] * other[m];
}

// Scratch of one block: two fine half rows and one coarse row in natural order, each with a zero before and after.
std::size_t buffer_stride(const Level& fine) { return 4 * (fine.stencil.layout.stride + 4); }

double* block_buffer(Level& fine, std::size_t block) { return fine.row_buffers.data() + block * buffer_stride(fine); }

void ensure_buffers(Level& fine, const Stencil& rows) {
  const std::size_t needed = block_count(rows.layout.n_rows, rows.rows_per_block) * buffer_stride(fine);
  if (fine.row_buffers.size() < needed) fine.row_buffers.resize(needed);
}

// Sum of the red halves of the contributing fine rows, by parity of i.
void gather_rows(const Level& fine, const double* r, const Contributions& ys, const Contributions& zs, double* even,
                 double* odd) {
  const SplitLayout& layout = fine.stencil.layout;
  std::fill(even, even + layout.even + 1, 0.0);
  std::fill(odd, odd + layout.even + 1, 0.0);
  for (int b = 0; b < zs.count; ++b) {
    for (int a = 0; a < ys.count; ++a) {
      const Contribution y = ys.of[static_cast<std::size_t>(a)], z = zs.of[static_cast<std::size_t>(b)];
      const int parity = (y.index + z.index) & 1;
      const double* half = r + layout.row(y.index, z.index) + layout.half(parity);
      add_scaled(y.weight * z.weight, half, parity == 0 ? even : odd, layout.half_size(parity));
    }
  }
}

void restrict_row(const Level& fine, const Level& coarse, const double* even, const double* odd, double* out) {
  const SplitLayout &from = fine.stencil.layout, &to = coarse.stencil.layout;
  const Transfer& t = fine.to_coarser;
  if (!t.halved[0]) {
    std::copy(even, even + to.even, out);
    std::copy(odd, odd + to.odd, out + to.half(1));
    return;
  }
  const double *own_even = t.own_x[0].data(), *other_even = t.other_x[0].data();
  const double *own_odd = t.own_x[1].data(), *other_odd = t.other_x[1].data();
  for (std::size_t c = 0; c < from.even; ++c) {
    double value = own_even[c] * even[c];
    if (c + 1 < from.even) value += other_even[c + 1] * even[c + 1];
    if (c < from.odd) value += own_odd[c] * odd[c];
    if (c > 0 && c - 1 < from.odd) value += other_odd[c - 1] * odd[c - 1];
    out[to.half(static_cast<int>(c & 1)) + c / 2] = value;
  }
}

void prolong_row(const Level& fine, const Level& coarse, const Contributions& ys, const Contributions& zs, int parity,
                 double* buffer, double* out) {
  const SplitLayout &from = coarse.stencil.layout, &to = fine.stencil.layout;
  double* split = buffer;
  std::fill(split, split + from.stride, 0.0);
  for (int b = 0; b < zs.count; ++b) {
    for (int a = 0; a < ys.count; ++a) {
      const Contribution y = ys.of[static_cast<std::size_t>(a)], z = zs.of[static_cast<std::size_t>(b)];
      add_scaled(y.weight * z.weight, coarse.x.data() + from.row(y.index, z.index), split, from.stride);
    }
  }
  const Transfer& t = fine.to_coarser;
  if (!t.halved[0]) {
    add_scaled(1.0, split + from.half(parity), out, to.half_size(parity));
    return;
  }
  double* natural = split + from.stride + 1;  // one zero before, one after
  natural[-1] = 0.0;
  for (std::size_t m = 0; m < from.odd; ++m) {
    natural[2 * m] = split[m];
    natural[2 * m + 1] = split[from.half(1) + m];
  }
  if (from.even > from.odd) natural[2 * from.odd] = split[from.odd];
  natural[from.even + from.odd] = 0.0;
  const auto p = static_cast<std::size_t>(parity);
  interpolate(t.own_x[p].data(), t.other_x[p].data(), natural, parity == 0 ? natural - 1 : natural + 1, out,
              to.half_size(parity));
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

void restrict_red(Level& fine, const double* r, Level& coarse, const Executor& executor) {
  ensure_buffers(fine, coarse.stencil);
  const SplitLayout &from = fine.stencil.layout, &to = coarse.stencil.layout;
  for_row_blocks(coarse.stencil, executor, [&](Block block) {
    double* even = block_buffer(fine, block.index);
    double* odd = even + from.stride + 2;
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const int j = static_cast<int>(row) % to.n[1], k = static_cast<int>(row) / to.n[1];
      gather_rows(fine, r, fine_of(fine.to_coarser, 1, j, from.n[1]), fine_of(fine.to_coarser, 2, k, from.n[2]), even,
                  odd);
      restrict_row(fine, coarse, even, odd, coarse.b.data() + row * to.stride);
    }
  });
}

void prolong_red(Level& fine, const Level& coarse, double* x, const Executor& executor) {
  ensure_buffers(fine, fine.stencil);
  const SplitLayout& to = fine.stencil.layout;
  for_row_blocks(fine.stencil, executor, [&](Block block) {
    double* buffer = block_buffer(fine, block.index);
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const int j = static_cast<int>(row) % to.n[1], k = static_cast<int>(row) / to.n[1];
      const int parity = (j + k) & 1;
      prolong_row(fine, coarse, coarse_of(fine.to_coarser, 1, j), coarse_of(fine.to_coarser, 2, k), parity, buffer,
                  x + row * to.stride + to.half(parity));
    }
  });
  zero_fixed(fine.stencil, x);
}

}  // namespace senoma::field
