// Tables of a run (summary.csv, events.csv): CSV by RFC 4180, header `name[unit]`, numbers in the shortest form that
// reads back to the same double; `nan`, `inf`, `-inf` as such; text columns have no unit.
//   TableWriter  append-only, by rows; its size() goes into the checkpoint and truncate() restores it on resume.
//   read_table   reads one back, with the line and column of every fault.
// Thread statement: a TableWriter belongs to one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "results/files.h"

namespace senoma::results {

struct TableColumn {
  std::string name;
  std::string unit;  ///< empty for text and for identifiers; "1" for dimensionless numbers

  friend bool operator==(const TableColumn&, const TableColumn&) = default;
};

using TableValue = std::variant<double, std::int64_t, std::uint64_t, std::string>;

[[nodiscard]] std::string format_number(double value);  ///< shortest round-trip text
[[nodiscard]] std::string header_line(std::span<const TableColumn> columns);

class TableWriter {
 public:
  /// A new file gets the header; an existing one must have the same header (E6014) and is appended to.
  TableWriter(const std::filesystem::path& path, std::vector<TableColumn> columns);

  void append(std::span<const double> row);  ///< E6010 unless one value per column
  void append(std::span<const TableValue> row);
  void flush(bool to_disk = false) { file_.flush(to_disk); }
  [[nodiscard]] std::uint64_t size() const { return file_.size(); }
  void truncate(std::uint64_t bytes) { file_.truncate(bytes); }
  [[nodiscard]] const std::vector<TableColumn>& columns() const { return columns_; }
  [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

 private:
  std::vector<TableColumn> columns_;
  AppendFile file_;
  std::string line_;
};

struct SummaryTable {
  std::string path;
  std::vector<TableColumn> columns;
  std::vector<std::vector<double>> values;      ///< [column][row]; NaN in text columns
  std::vector<std::vector<std::string>> texts;  ///< [column][row] for text columns, empty for numeric ones
  bool partial_line_dropped = false;

  [[nodiscard]] std::size_t n_rows() const;
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  /// Index of a column; E6013 with the nearest name when absent.
  [[nodiscard]] std::size_t index(std::string_view name) const;
  [[nodiscard]] const std::vector<double>& column(std::string_view name) const { return values[index(name)]; }
  [[nodiscard]] const std::string& unit(std::string_view name) const { return columns[index(name)].unit; }
  [[nodiscard]] bool is_text(std::size_t column) const { return !texts[column].empty(); }
};

struct ReadOptions {
  /// A last line without its end (the run was killed): dropped and noted instead of E6012.
  bool drop_partial_line = false;
};

/// Columns with a unit must hold numbers (E6011); a column without one is numeric when all its values are.
[[nodiscard]] SummaryTable parse_table(std::string_view text, const std::string& path, ReadOptions options = {});
[[nodiscard]] SummaryTable read_table(const std::filesystem::path& path, ReadOptions options = {});

}  // namespace senoma::results
