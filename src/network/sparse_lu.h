// LU factorisation of I/(h·gamma) − J for a pack of lanes that share one sparsity pattern.
//
// The elimination order (minimum degree on the diagonal, Markowitz 1957) and the fill-in are found once per system, so
// the numeric part is a fixed list of multiply-subtracts over all lanes. Pivots are static; a lane in which that is
// unsafe (a zero pivot, or products that dwarf the row they are taken from) is solved anew by dense LU with row
// pivoting, so the result of a lane depends on that lane alone.
//
// Layout: row r, lane l: data[r * pack_lanes + l]. Immutable after construction and thread-safe; each thread
// brings its own Factors. Reference: Davis, Direct Methods for Sparse Linear Systems (2006), ch. 6.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/aligned.h"

namespace senoma::network {

/// Lanes that step together: enough to pay for the interpreter, few enough for 25 states to stay in cache.
inline constexpr std::size_t pack_lanes = 32;

class SparseLu {
 public:
  using Entry = std::pair<std::int32_t, std::int32_t>;  ///< (row, column) of a structurally non-zero ∂f_row/∂y_column

  SparseLu() = default;
  SparseLu(std::size_t n, std::span<const Entry> jacobian_entries);

  struct Factors {
    Column<double> values;             ///< L (unit diagonal left out) and U, [n_values][lanes]
    Column<double> inverse_pivot;      ///< [n][lanes], in elimination order
    double unsafe[pack_lanes] = {};    ///< 1 where the static pivots are not trusted
    double singular[pack_lanes] = {};  ///< 1 where the dense fall-back found no pivot either
    bool any_unsafe = false;
    std::vector<double> dense[pack_lanes];  ///< row-major n × n, of unsafe lanes only
    std::vector<std::int32_t> row_order[pack_lanes];
    std::vector<double> scratch;  ///< right-hand sides of unsafe lanes, [n][lanes]
  };
  [[nodiscard]] Factors make_factors() const;

  /// jacobian: [n_entries][lanes] in the order of the constructor; shift: 1/(h·gamma) of each lane.
  void factor(const double* jacobian, const double* shift, Factors& factors) const;
  /// Replaces x ([n][lanes]) by the solution. Lanes marked singular receive anything.
  void solve(Factors& factors, double* x) const;

  [[nodiscard]] std::size_t size() const { return structure_.n; }
  [[nodiscard]] std::size_t n_values() const { return structure_.source.size(); }  ///< non-zeros of L and U
  [[nodiscard]] std::size_t n_updates() const { return structure_.updates.size(); }

  /// What the loops over lanes follow; fixed by the constructor.
  struct Structure {
    struct Row {                                      // of the permuted matrix, in elimination order
      std::int32_t state = 0;                         // the state this row and column belong to
      std::int32_t begin = 0, diagonal = 0, end = 0;  // its values; [begin, diagonal) is L
    };
    struct Update {  // values[target] −= values[l] · values[source]
      std::int32_t target, source;
    };
    std::size_t n = 0;
    std::vector<Row> rows;
    std::vector<std::int32_t> source;        // per value: Jacobian entry or −1 (fill or bare diagonal)
    std::vector<std::int32_t> column;        // per value: the column's position in the elimination order
    std::vector<std::int32_t> column_state;  // per value: the column's state
    std::vector<std::int32_t> update_begin;  // per value of L: its updates; one more entry at the end
    std::vector<Update> updates;
  };

 private:
  void symbolic(std::span<const Entry> jacobian_entries);
  void factor_dense(const double* jacobian, double shift, std::size_t lane, Factors& factors) const;
  void solve_dense(std::size_t lane, Factors& factors, double* x) const;

  std::vector<Entry> entries_;
  Structure structure_;
};

}  // namespace senoma::network
