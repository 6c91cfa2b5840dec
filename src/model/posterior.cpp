#include "model/posterior.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "model/made_value.h"

namespace senoma::model {

namespace {

Error malformed(const SourcePosition& where, const std::string& what, const std::string& help) {
  return Error("E1218", what).at(where).help(help);
}

constexpr const char* header_form = "the first line is weight,KEY[unit],… and each further line a draw";
constexpr const char* line_form = "a line is a weight and a finite number per parameter";

struct Cell {
  std::string text;
  int column = 1;
};

/// The cells of one line; "" within quotes is a quote.
std::vector<Cell> cells_of(const std::string& line) {
  std::vector<Cell> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back().text += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.push_back({"", static_cast<int>(i) + 2});
    } else {
      cells.back().text += c;
    }
  }
  for (auto& cell : cells) {
    cell.text.erase(0, cell.text.find_first_not_of(" \t"));
    cell.text.erase(cell.text.find_last_not_of(" \t") + 1);
  }
  return cells;
}

/// Of a cell of a line in a file; a line that is an item of a TOML list has its own place only.
SourcePosition place_of(const Value& line, const Cell& cell) {
  SourcePosition where = line.where;
  if (!line.verbatim) return where;
  where.column = cell.column;
  where.length = std::max(1, static_cast<int>(cell.text.size()));
  return where;
}

Posterior::Column column_of(const Value& line, const Cell& cell) {
  const std::string& text = cell.text;
  const auto open = text.rfind('[');
  if (open == std::string::npos || open == 0 || text.back() != ']')
    throw malformed(place_of(line, cell), "the column '" + text + "' of the posterior does not say KEY[unit]",
                    "write the unit behind the key, KEY[1] for a plain number; " + std::string(header_form));
  Posterior::Column column{text.substr(0, open), text.substr(open + 1, text.size() - open - 2), {}, {}};
  if (column.unit == "1") column.unit.clear();
  column.where = place_of(line, cell);
  return column;
}

double number_of(const Value& line, const Cell& cell) {
  double number = 0.0;
  const char* end = cell.text.data() + cell.text.size();
  const auto [rest, status] = std::from_chars(cell.text.data(), end, number);
  if (status != std::errc{} || rest != end || !std::isfinite(number))
    throw malformed(place_of(line, cell), "the line is no draw: '" + cell.text + "' is no finite number", line_form);
  return number;
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string number_text(double number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

}  // namespace

Value posterior_lines(std::string_view text, const std::string& file) {
  Value lines;
  lines.kind = Value::Kind::array;
  lines.where = {file, 1, 1, 1};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  int number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    const int length = static_cast<int>(line.size());
    lines.items.push_back(text_value(std::move(line), {file, number, 1, length}));
    lines.items.back().verbatim = true;
  }
  return lines;
}

Value posterior_lines(const Posterior& posterior, const SourcePosition& where) {
  Value lines;
  lines.kind = Value::Kind::array;
  lines.where = where;
  std::string head = "weight";
  for (const auto& column : posterior.columns)
    head += "," + csv_cell(column.key + "[" + (column.unit.empty() ? "1" : column.unit) + "]");
  lines.items.push_back(text_value(head, where));
  for (std::size_t row = 0; row < posterior.weights.size(); ++row) {
    std::string line = number_text(posterior.weights[row]);
    for (const auto& column : posterior.columns) line += "," + number_text(column.values[row]);
    lines.items.push_back(text_value(std::move(line), where));
  }
  return lines;
}

Posterior read_posterior(const Value& lines) {
  const bool texts = lines.is_array() && std::all_of(lines.items.begin(), lines.items.end(),
                                                     [](const Value& line) { return line.is_text(); });
  if (!texts) throw malformed(lines.where, "the posterior is neither a file nor a list of its lines", header_form);
  if (lines.items.size() < 2)
    throw malformed(lines.items.empty() ? lines.where : lines.items[0].where, "the posterior holds no draw",
                    header_form);
  Posterior posterior;
  std::set<std::string> seen;
  const auto head = cells_of(lines.items[0].text);
  if (head[0].text != "weight" || head.size() < 2)
    throw malformed(lines.items[0].where,
                    "the file is no posterior: its first line is '" + lines.items[0].text.substr(0, 60) + "'",
                    header_form);
  for (std::size_t k = 1; k < head.size(); ++k) {
    posterior.columns.push_back(column_of(lines.items[0], head[k]));
    if (!seen.insert(posterior.columns.back().key).second)
      throw malformed(posterior.columns.back().where,
                      "the posterior has the column '" + posterior.columns.back().key + "' twice",
                      "keep one of the two");
  }
  double total = 0.0;
  for (std::size_t row = 1; row < lines.items.size(); ++row) {
    const Value& line = lines.items[row];
    const auto cells = cells_of(line.text);
    if (cells.size() != head.size())
      throw malformed(line.where,
                      "the line is no draw: it has " + std::to_string(cells.size()) +
                          " numbers, the first line names " + std::to_string(head.size()),
                      line_form);
    posterior.weights.push_back(number_of(line, cells[0]));
    if (posterior.weights.back() < 0.0)
      throw malformed(place_of(line, cells[0]), "the line is no draw: its weight " + cells[0].text + " is below zero",
                      line_form);
    total += posterior.weights.back();
    for (std::size_t k = 1; k < cells.size(); ++k) posterior.columns[k - 1].values.push_back(number_of(line, cells[k]));
  }
  if (!(total > 0.0))
    throw malformed(lines.items[1].where, "all weights of the posterior are zero", "at least one draw needs a weight");
  return posterior;
}

}  // namespace senoma::model
