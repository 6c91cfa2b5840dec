// The cells of a world as columns. Dense indices for speed, 64-bit lineage ids for identity (never reused).
// Mechanisms and networks declare extension columns (name, unit, initial value, what happens on division), so nobody
// writes copying code: append, divide, remove, permute and hash treat all columns alike.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/aligned.h"
#include "base/hash.h"
#include "base/parallel.h"

namespace senoma::state {

/// What daughters get: the parent's value, half of it (extensive quantities), zero, or the column's initial value.
enum class OnDivision : std::uint8_t { copy, halve, zero, initial };

struct ColumnInfo {
  std::string name;
  std::string unit;  ///< internal unit, for output ("um", "1/min", "1" …)
  double initial = 0.0;
  OnDivision on_division = OnDivision::copy;
  bool output = true;  ///< written to frames
};

/// Columns that every world has, by index into CellTable::values.
enum CoreColumn : std::size_t {
  col_x,
  col_y,
  col_z,              // µm
  col_volume,         // µm³
  col_target_volume,  // µm³
  col_radius,         // µm, from volume
  col_age,            // min since birth
  col_state_age,      // min since the present state was entered
  col_phase_elapsed,  // min since the present cycle (or death) phase was entered
  col_pressure,       // simple pressure, 1
  n_core_columns
};

class CellTable {
 public:
  CellTable();

  /// Adds a double column (all cells get `initial`); returns its index. A name is added once; a second call with the
  /// same name returns the first index.
  std::size_t add_column(const ColumnInfo& info);
  [[nodiscard]] std::optional<std::size_t> find_column(const std::string& name) const;

  [[nodiscard]] std::size_t size() const { return id.size(); }
  [[nodiscard]] std::size_t n_columns() const { return values.size(); }

  /// Room for n cells without moving the columns.
  void reserve(std::size_t n);
  /// A new cell with initial values; returns its index.
  std::size_t append(std::uint64_t lineage_id, std::uint16_t cell_type);
  /// Splits cell i: i becomes the first daughter and a second is appended (its index is returned). Both get new
  /// lineage ids from the parent's; columns follow their OnDivision; positions are the caller's task.
  std::size_t divide(std::size_t i);
  /// Removes the cells at ascending indices, keeping the order of the others.
  void remove(std::span<const std::uint32_t> ascending);
  /// New order: cell k of the result is cell order[k].
  void permute(std::span<const std::uint32_t> order, const Executor& executor = Executor(1));
  /// The same for any order of the cells.
  void add_to(Hasher& hasher) const;

  std::vector<std::uint64_t> id, parent;  ///< lineage ids; founders have parent 0
  std::vector<std::uint64_t> founder;     ///< lineage id of the first ancestor
  std::vector<std::uint16_t> type, cell_state, phase;
  std::vector<std::uint16_t> origin;     ///< bit set of marks inherited by daughters (e.g. "descends from an escapee")
  std::vector<std::uint32_t> divisions;  ///< division ordinal (number of divisions this lineage id has made)
  std::vector<std::uint32_t> events;     ///< ordinal of the next event draw of this lineage id
  std::vector<std::uint32_t> generation;
  std::vector<ColumnInfo> infos;
  std::vector<Column<double>> values;  ///< [column][cell]
};

}  // namespace senoma::state
