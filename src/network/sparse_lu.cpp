#include "network/sparse_lu.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/kernel.h"

namespace senoma::network {

namespace {

constexpr std::size_t W = pack_lanes;
/// Products up to this many times a row's own entries lose at most 5 of 16 digits: harmless for a stage whose error
/// is controlled at 1e-3…1e-10. Beyond it the lane is factored anew with pivoting.
constexpr double growth_limit = 1e5;

/// Which positions are non-zero in each row after eliminating in `order`, given as [row][column] in that order.
std::vector<std::vector<char>> filled_pattern(std::vector<std::vector<char>> pattern,
                                              std::vector<std::int32_t>& order) {
  const std::size_t n = pattern.size();
  std::vector<char> done(n, 0);
  for (std::size_t step = 0; step < n; ++step) {
    std::size_t best = n, best_cost = std::numeric_limits<std::size_t>::max();
    for (std::size_t k = 0; k < n; ++k) {
      if (done[k]) continue;
      std::size_t in_row = 0, in_column = 0;
      for (std::size_t j = 0; j < n; ++j) {
        in_row += !done[j] && j != k && pattern[k][j];
        in_column += !done[j] && j != k && pattern[j][k];
      }
      if (in_row * in_column < best_cost) best = k, best_cost = in_row * in_column;
    }
    done[best] = 1;
    order.push_back(static_cast<std::int32_t>(best));
    for (std::size_t i = 0; i < n; ++i) {
      if (done[i] || !pattern[i][best]) continue;
      for (std::size_t j = 0; j < n; ++j) {
        if (!done[j] && pattern[best][j]) pattern[i][j] = 1;
      }
    }
  }
  return pattern;
}

}  // namespace

SparseLu::SparseLu(std::size_t n, std::span<const Entry> jacobian_entries)
    : entries_(jacobian_entries.begin(), jacobian_entries.end()) {
  structure_.n = n;
  symbolic(jacobian_entries);
}

void SparseLu::symbolic(std::span<const Entry> jacobian_entries) {
  Structure& s = structure_;
  std::vector<std::vector<char>> pattern(s.n, std::vector<char>(s.n, 0));
  std::vector<std::int32_t> entry_at(s.n * s.n, -1);
  for (std::size_t i = 0; i < s.n; ++i) pattern[i][i] = 1;
  for (std::size_t e = 0; e < jacobian_entries.size(); ++e) {
    const auto [row, column] = jacobian_entries[e];
    pattern[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = 1;
    entry_at[static_cast<std::size_t>(row) * s.n + static_cast<std::size_t>(column)] = static_cast<std::int32_t>(e);
  }
  std::vector<std::int32_t> order;
  pattern = filled_pattern(std::move(pattern), order);

  std::vector<std::int32_t> value_at(s.n * s.n, -1);  // by (elimination row, elimination column)
  for (std::size_t r = 0; r < s.n; ++r) {
    Structure::Row row;
    row.state = order[r];
    row.begin = static_cast<std::int32_t>(s.source.size());
    for (std::size_t c = 0; c < s.n; ++c) {
      const auto i = static_cast<std::size_t>(order[r]), j = static_cast<std::size_t>(order[c]);
      if (!pattern[i][j]) continue;
      if (c == r) row.diagonal = static_cast<std::int32_t>(s.source.size());
      value_at[r * s.n + c] = static_cast<std::int32_t>(s.source.size());
      s.source.push_back(entry_at[i * s.n + j]);
      s.column.push_back(static_cast<std::int32_t>(c));
      s.column_state.push_back(order[c]);
    }
    row.end = static_cast<std::int32_t>(s.source.size());
    s.rows.push_back(row);
  }
  for (std::size_t r = 0; r < s.n; ++r) {
    for (auto v = s.rows[r].begin; v < s.rows[r].end; ++v) {
      s.update_begin.push_back(static_cast<std::int32_t>(s.updates.size()));
      if (v >= s.rows[r].diagonal) continue;
      const Structure::Row& pivot = s.rows[static_cast<std::size_t>(s.column[static_cast<std::size_t>(v)])];
      for (auto u = pivot.diagonal + 1; u < pivot.end; ++u) {
        s.updates.push_back({value_at[r * s.n + static_cast<std::size_t>(s.column[static_cast<std::size_t>(u)])], u});
      }
    }
  }
  s.update_begin.push_back(static_cast<std::int32_t>(s.updates.size()));
}

SparseLu::Factors SparseLu::make_factors() const {
  Factors factors;
  factors.values.assign(structure_.source.size() * W, 0.0);
  factors.inverse_pivot.assign(structure_.n * W, 0.0);
  return factors;
}

/// The loops over lanes, compiled for each instruction set.
namespace {

/// All lanes of a row in registers, which the compiler does not manage with an array.
struct Row {
  using Eight = double __attribute__((vector_size(64), may_alias, aligned(8)));
  static_assert(W == 32);
  Eight v[4];

  SENOMA_INLINE Row() : v{} {}
  SENOMA_INLINE explicit Row(const double* from) {
    const auto* f = reinterpret_cast<const Eight*>(from);
    v[0] = f[0], v[1] = f[1], v[2] = f[2], v[3] = f[3];
  }
  SENOMA_INLINE void subtract_product(const double* a, const double* b) {
    const auto *x = reinterpret_cast<const Eight*>(a), *y = reinterpret_cast<const Eight*>(b);
    v[0] -= x[0] * y[0], v[1] -= x[1] * y[1], v[2] -= x[2] * y[2], v[3] -= x[3] * y[3];
  }
  SENOMA_INLINE void add(const Row& a) { v[0] += a.v[0], v[1] += a.v[1], v[2] += a.v[2], v[3] += a.v[3]; }
  SENOMA_INLINE void subtract(const Row& a) { v[0] -= a.v[0], v[1] -= a.v[1], v[2] -= a.v[2], v[3] -= a.v[3]; }
  SENOMA_INLINE void add_squares(const Row& a) {
    v[0] += a.v[0] * a.v[0], v[1] += a.v[1] * a.v[1], v[2] += a.v[2] * a.v[2], v[3] += a.v[3] * a.v[3];
  }
  SENOMA_INLINE void scale(const double* factor) {
    const auto* f = reinterpret_cast<const Eight*>(factor);
    v[0] *= f[0], v[1] *= f[1], v[2] *= f[2], v[3] *= f[3];
  }
  SENOMA_INLINE void store(double* to) const {
    auto* t = reinterpret_cast<Eight*>(to);
    t[0] = v[0], t[1] = v[1], t[2] = v[2], t[3] = v[3];
  }
};

SENOMA_KERNEL(void, factor_lanes,
              (const SparseLu::Structure& lu, const double* __restrict jacobian, const double* __restrict shift,
               double* __restrict values, double* __restrict inverse, double* __restrict unsafe),
              (lu, jacobian, shift, values, inverse, unsafe)) {
  for (std::size_t l = 0; l < W; ++l) unsafe[l] = 0.0;
  for (std::size_t r = 0; r < lu.n; ++r) {
    const auto& row = lu.rows[r];
    Row own, taken;  // sums of the squares of the row's entries and of the products taken from them
    for (auto v = row.begin; v < row.end; ++v) {
      Row value;
      const auto e = lu.source[static_cast<std::size_t>(v)];
      if (e >= 0) value.subtract(Row(jacobian + static_cast<std::size_t>(e) * W));
      if (v == row.diagonal) value.add(Row(shift));
      own.add_squares(value);
      value.store(values + static_cast<std::size_t>(v) * W);
    }
    for (auto v = row.begin; v < row.diagonal; ++v) {
      const auto vi = static_cast<std::size_t>(v);
      Row multiplier(values + vi * W);
      multiplier.scale(inverse + static_cast<std::size_t>(lu.column[vi]) * W);
      multiplier.store(values + vi * W);
      for (auto u = lu.update_begin[vi]; u < lu.update_begin[vi + 1]; ++u) {
        const auto update = lu.updates[static_cast<std::size_t>(u)];
        double* place = values + static_cast<std::size_t>(update.target) * W;
        Row product = multiplier, target(place);
        product.scale(values + static_cast<std::size_t>(update.source) * W);
        taken.add_squares(product);
        target.subtract(product);
        target.store(place);
      }
    }
    double own_squares[W], taken_squares[W];
    own.store(own_squares);
    taken.store(taken_squares);
    const double* diagonal = values + static_cast<std::size_t>(row.diagonal) * W;
    for (std::size_t l = 0; l < W; ++l) {
      const double i = 1.0 / diagonal[l];
      inverse[r * W + l] = i;
      const double bound = growth_limit * growth_limit * own_squares[l];
      const bool trusted = (std::fabs(i) < 1e300) & (taken_squares[l] <= bound) & (taken_squares[l] < 1e300);
      unsafe[l] = trusted ? unsafe[l] : 1.0;
    }
  }
}

SENOMA_KERNEL(void, solve_lanes,
              (const SparseLu::Structure& lu, const double* __restrict values, const double* __restrict inverse,
               double* __restrict x),
              (lu, values, inverse, x)) {
  const std::int32_t* column = lu.column_state.data();
  const auto subtract_known = [&](Row & sum, std::int32_t begin, std::int32_t end) __attribute__((always_inline)) {
    for (auto v = begin; v < end; ++v)
      sum.subtract_product(values + static_cast<std::size_t>(v) * W, x + static_cast<std::size_t>(column[v]) * W);
  };
  for (const auto& row : lu.rows) {
    double* target = x + static_cast<std::size_t>(row.state) * W;
    Row sum(target);
    subtract_known(sum, row.begin, row.diagonal);
    sum.store(target);
  }
  for (std::size_t r = lu.n; r-- > 0;) {
    const auto& row = lu.rows[r];
    double* target = x + static_cast<std::size_t>(row.state) * W;
    Row sum(target);
    subtract_known(sum, row.diagonal + 1, row.end);
    sum.scale(inverse + r * W);
    sum.store(target);
  }
}
}  // namespace

void SparseLu::factor(const double* jacobian, const double* shift, Factors& factors) const {
  factor_lanes(structure_, jacobian, shift, factors.values.data(), factors.inverse_pivot.data(), factors.unsafe);
  factors.any_unsafe = false;
  for (std::size_t l = 0; l < W; ++l) {
    factors.singular[l] = 0.0;
    if (factors.unsafe[l] == 0.0) continue;
    factors.any_unsafe = true;
    factor_dense(jacobian, shift[l], l, factors);
  }
}

void SparseLu::solve(Factors& factors, double* x) const {
  if (factors.any_unsafe) factors.scratch.assign(x, x + structure_.n * W);
  solve_lanes(structure_, factors.values.data(), factors.inverse_pivot.data(), x);
  if (!factors.any_unsafe) return;
  for (std::size_t l = 0; l < W; ++l) {
    if (factors.unsafe[l] != 0.0 && factors.singular[l] == 0.0) solve_dense(l, factors, x);
  }
}

void SparseLu::factor_dense(const double* jacobian, double shift, std::size_t lane, Factors& factors) const {
  std::vector<double>& a = factors.dense[lane];
  std::vector<std::int32_t>& order = factors.row_order[lane];
  a.assign(structure_.n * structure_.n, 0.0);
  order.resize(structure_.n);
  for (std::size_t e = 0; e < entries_.size(); ++e) {
    const auto row = static_cast<std::size_t>(entries_[e].first), column = static_cast<std::size_t>(entries_[e].second);
    a[row * structure_.n + column] -= jacobian[e * W + lane];
  }
  for (std::size_t i = 0; i < structure_.n; ++i) a[i * structure_.n + i] += shift;
  std::vector<double> scale(structure_.n,
                            0.0);  // rows differ by the units of their species: compare pivots relative to the row
  for (std::size_t i = 0; i < structure_.n; ++i) {
    order[i] = static_cast<std::int32_t>(i);
    for (std::size_t j = 0; j < structure_.n; ++j) scale[i] = std::max(scale[i], std::fabs(a[i * structure_.n + j]));
  }
  for (std::size_t k = 0; k < structure_.n; ++k) {
    std::size_t best = k;
    double best_size = -1.0;
    for (std::size_t i = k; i < structure_.n; ++i) {
      const auto row = static_cast<std::size_t>(order[i]);
      const double size = std::fabs(a[row * structure_.n + k]) / scale[row];
      if (size > best_size) best = i, best_size = size;
    }
    std::swap(order[k], order[best]);
    const auto pivot_row = static_cast<std::size_t>(order[k]);
    const double pivot = a[pivot_row * structure_.n + k];
    if (!(std::fabs(pivot) > 0.0) || !std::isfinite(pivot)) {
      factors.singular[lane] = 1.0;
      return;
    }
    for (std::size_t i = k + 1; i < structure_.n; ++i) {
      const auto row = static_cast<std::size_t>(order[i]);
      const double multiplier = a[row * structure_.n + k] /= pivot;
      if (multiplier == 0.0) continue;
      for (std::size_t j = k + 1; j < structure_.n; ++j)
        a[row * structure_.n + j] -= multiplier * a[pivot_row * structure_.n + j];
    }
  }
}

void SparseLu::solve_dense(std::size_t lane, Factors& factors, double* x) const {
  const std::vector<double>& a = factors.dense[lane];
  const std::vector<std::int32_t>& order = factors.row_order[lane];
  std::vector<double> y(structure_.n);
  for (std::size_t i = 0; i < structure_.n; ++i) {
    const auto row = static_cast<std::size_t>(order[i]);
    y[i] = factors.scratch[row * W + lane];
    for (std::size_t j = 0; j < i; ++j) y[i] -= a[row * structure_.n + j] * y[j];
  }
  for (std::size_t i = structure_.n; i-- > 0;) {
    const auto row = static_cast<std::size_t>(order[i]);
    for (std::size_t j = i + 1; j < structure_.n; ++j) y[i] -= a[row * structure_.n + j] * y[j];
    y[i] /= a[row * structure_.n + i];
    x[i * W + lane] = y[i];
  }
}

}  // namespace senoma::network
