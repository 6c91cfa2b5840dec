#include "results/summary_table.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace senoma::results {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

void append_text(std::string& line, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

template <class T>
void append_number(std::string& line, T value) {
  char buffer[40];
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(value)) {
      line += "nan";
      return;
    }
  }
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  line.append(buffer, result.ptr);
}

/// One record of the text, and where it lies.
struct Record {
  std::vector<std::string> fields;
  int line = 1;
};

/// Splits RFC 4180 text; a record that ends without a newline is reported through `partial`.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }
  bool next(Record& record, bool& partial) {
    if (at_ >= text_.size()) return false;
    record.fields.assign(1, {});
    record.line = line_;
    bool quoted = false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (quoted) {
        if (c != '"')
          record.fields.back() += c;
        else if (at_ < text_.size() && text_[at_] == '"')
          record.fields.back() += text_[at_++];
        else
          quoted = false;
      } else if (c == '"' && record.fields.back().empty()) {
        quoted = true;
      } else if (c == ',') {
        record.fields.emplace_back();
      } else if (c == '\n') {
        if (!record.fields.back().empty() && record.fields.back().back() == '\r') record.fields.back().pop_back();
        return true;
      } else {
        record.fields.back() += c;
      }
    }
    partial = true;
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
};

TableColumn parse_header_field(const std::string& field) {
  const std::size_t open = field.rfind('[');
  if (open == std::string::npos || field.empty() || field.back() != ']') return {field, {}};
  return {field.substr(0, open), field.substr(open + 1, field.size() - open - 2)};
}

bool parse_number(const std::string& text, double& value) {
  std::string_view view = text;
  while (!view.empty() && view.front() == ' ') view.remove_prefix(1);
  while (!view.empty() && view.back() == ' ') view.remove_suffix(1);
  if (view.starts_with('+')) view.remove_prefix(1);
  if (view.empty()) return false;
  const auto result = std::from_chars(view.data(), view.data() + view.size(), value);
  if (result.ptr != view.data() + view.size()) return false;
  if (result.ec == std::errc::result_out_of_range) {  // below the smallest or above the largest double
    value = view.find("e-") != std::string_view::npos ? 0.0 : std::numeric_limits<double>::infinity();
    if (view.starts_with('-')) value = -value;
    return true;
  }
  return result.ec == std::errc{};
}

SourcePosition at_line(const std::string& path, int line) { return {path, line, 0, 0}; }

void fill_columns(SummaryTable& table, const std::vector<Record>& records) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::vector<double> numbers;
    numbers.reserve(records.size());
    bool numeric = true;
    for (const Record& record : records) {
      double value = not_a_number;
      if (!parse_number(record.fields[c], value)) {
        if (!table.columns[c].unit.empty()) {
          throw Error("E6011",
                      "column '" + table.columns[c].name + "' holds '" + record.fields[c].substr(0, 40) +
                          "' where a number in " + table.columns[c].unit + " is needed",
                      ErrorKind::input_output)
              .at(at_line(table.path, record.line));
        }
        numeric = false;
        break;
      }
      numbers.push_back(value);
    }
    if (numeric) {
      table.values.push_back(std::move(numbers));
      table.texts.emplace_back();
    } else {
      table.values.emplace_back(records.size(), not_a_number);
      auto& texts = table.texts.emplace_back();
      for (const Record& record : records) texts.push_back(record.fields[c]);
    }
  }
}

}  // namespace

std::string format_number(double value) {
  std::string text;
  append_number(text, value);
  return text;
}

std::string header_line(std::span<const TableColumn> columns) {
  std::string line;
  for (const TableColumn& column : columns) {
    if (!line.empty()) line += ',';
    append_text(line, column.unit.empty() ? column.name : column.name + "[" + column.unit + "]");
  }
  return line + "\n";
}

TableWriter::TableWriter(const std::filesystem::path& path, std::vector<TableColumn> columns)
    : columns_(std::move(columns)), file_(path) {
  const std::string header = header_line(columns_);
  if (file_.size() == 0) {
    file_.append(header);
    return;
  }
  if (!read_file(path).starts_with(header)) {
    throw Error("E6014", "'" + path.string() + "' was begun with other columns than the ones to be written",
                ErrorKind::input_output)
        .help("start a new run in another folder (--out)");
  }
}

void TableWriter::append(std::span<const double> row) {
  if (row.size() != columns_.size()) {
    throw Error("E6010",
                "a row of " + std::to_string(row.size()) + " values for " + std::to_string(columns_.size()) +
                    " columns in '" + file_.path().string() + "'",
                ErrorKind::input_output);
  }
  line_.clear();
  for (const double value : row) {
    if (!line_.empty()) line_ += ',';
    append_number(line_, value);
  }
  line_ += '\n';
  file_.append(line_);
}

void TableWriter::append(std::span<const TableValue> row) {
  if (row.size() != columns_.size()) {
    throw Error("E6010",
                "a row of " + std::to_string(row.size()) + " values for " + std::to_string(columns_.size()) +
                    " columns in '" + file_.path().string() + "'",
                ErrorKind::input_output);
  }
  line_.clear();
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) line_ += ',';
    std::visit(
        [this](const auto& value) {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>)
            append_text(line_, value);
          else
            append_number(line_, value);
        },
        row[i]);
  }
  line_ += '\n';
  file_.append(line_);
}

std::size_t SummaryTable::n_rows() const { return values.empty() ? 0 : values.front().size(); }

std::optional<std::size_t> SummaryTable::find(std::string_view name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  return std::nullopt;
}

std::size_t SummaryTable::index(std::string_view name) const {
  if (const auto found = find(name)) return *found;
  std::vector<std::string> names;
  for (const TableColumn& column : columns) names.push_back(column.name);
  Error error("E6013", "'" + path + "' has no column '" + std::string(name) + "'", ErrorKind::input_output);
  const std::string nearest = nearest_name(std::string(name), names);
  if (!nearest.empty()) error.help("did you mean '" + nearest + "'?");
  throw error;
}

SummaryTable parse_table(std::string_view text, const std::string& path, ReadOptions options) {
  SummaryTable table;
  table.path = path;
  Reader reader(text);
  Record record;
  bool partial = false;
  if (!reader.next(record, partial) || (record.fields.size() == 1 && record.fields[0].empty())) {
    throw Error("E6006", "'" + path + "' is empty: a table needs at least its header line", ErrorKind::input_output)
        .help("the run may have stopped before its first readout; repeat it");
  }
  for (const std::string& field : record.fields) table.columns.push_back(parse_header_field(field));
  std::vector<Record> records;
  while (!partial && reader.next(record, partial)) {
    if (record.fields.size() == 1 && record.fields[0].empty() && table.columns.size() > 1) continue;  // a blank line
    if (partial) {
      // Without its end a last number may be cut too, so a partial line is never taken at face value.
      if (!options.drop_partial_line) {
        throw Error("E6012", "the last line has no end", ErrorKind::input_output)
            .at(at_line(path, record.line))
            .help("resume the run, which repairs the table, or copy the file again");
      }
      table.partial_line_dropped = true;
      break;
    }
    if (record.fields.size() != table.columns.size()) {
      throw Error("E6010",
                  "this row has " + std::to_string(record.fields.size()) + " values, the header has " +
                      std::to_string(table.columns.size()) + " columns",
                  ErrorKind::input_output)
          .at(at_line(path, record.line))
          .help("remove the damaged line, or repeat the run");
    }
    records.push_back(std::move(record));
  }
  fill_columns(table, records);
  return table;
}

SummaryTable read_table(const std::filesystem::path& path, ReadOptions options) {
  return parse_table(read_file(path), path.string(), options);
}

}  // namespace senoma::results
