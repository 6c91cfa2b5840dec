// [[cell.TYPE.initial]]: patterns and tables of first cells.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "model/reading.h"

namespace senoma::model {

namespace {

using engine::InitialCells;

std::vector<std::string> split_row(std::string_view line) {
  std::vector<std::string> fields;
  std::size_t from = 0;
  while (true) {
    const std::size_t comma = std::min(line.find(',', from), line.size());
    std::string field(line.substr(from, comma - from));
    field.erase(0, std::min(field.size(), field.find_first_not_of(" \t\"")));
    while (!field.empty() &&
           (field.back() == ' ' || field.back() == '\t' || field.back() == '\r' || field.back() == '"'))
      field.pop_back();
    fields.push_back(std::move(field));
    if (comma == line.size()) return fields;
    from = comma + 1;
  }
}

struct Column {
  int index = -1;
  double factor = 1.0;  // of its unit
};

/// "x[um]", "x [mm]" or "x": index and factor by name.
void read_header(const std::vector<std::string>& header, const std::string& file,
                 std::map<std::string, Column>& columns) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string name = header[i], unit = "um";
    if (const auto open = name.find('['); open != std::string::npos && name.back() == ']') {
      unit = name.substr(open + 1, name.size() - open - 2);
      name = name.substr(0, open);
      while (!name.empty() && name.back() == ' ') name.pop_back();
    }
    const bool coordinate = name == "x" || name == "y" || name == "z";
    if (!coordinate && name != "state") continue;  // tables of other programs have more columns
    Column column{static_cast<int>(i), 1.0};
    if (coordinate) {
      try {
        column.factor = convert_to(parse_unit(unit), dim::length);
      } catch (const Error& error) {
        throw Error("E1214", "column '" + header[i] + "': " + error.message())
            .at({file, 1, 0, 0})
            .help("coordinates are lengths: x[um]");
      }
    }
    columns[name] = column;
  }
  for (const char* needed : {"x", "y"}) {
    if (!columns.contains(needed)) {
      throw Error("E1214", std::string("the table of cells has no column '") + needed + "'")
          .at({file, 1, 0, 0})
          .help("the first line names the columns: x[um],y[um],state");
    }
  }
}

}  // namespace

std::vector<CellRow> read_cell_table(const std::string& text, const std::string& file) {
  std::map<std::string, Column> columns;
  std::vector<CellRow> rows;
  std::size_t from = 0, n_fields = 0;
  int line_number = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    std::string_view line(text.data() + from, end - from);
    from = end + 1;
    ++line_number;
    if (line_number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos || line.starts_with("#")) continue;
    const auto fields = split_row(line);
    if (columns.empty()) {
      read_header(fields, file, columns);
      n_fields = fields.size();
      continue;
    }
    const auto refuse = [&](const std::string& what) -> Error {
      return Error("E1214", "line " + std::to_string(line_number) + " of the table of cells " + what)
          .at({file, line_number, 0, 0})
          .help("each line gives numbers in the order of the first line");
    };
    if (fields.size() != n_fields)
      throw refuse("has " + std::to_string(fields.size()) + " fields instead of " + std::to_string(n_fields));
    CellRow row;
    row.line = line_number;
    for (const auto& [name, column] : columns) {
      const std::string& field = fields[static_cast<std::size_t>(column.index)];
      if (name == "state") {
        row.state = field;
        continue;
      }
      double number = 0;
      const auto [stop, status] = std::from_chars(field.data(), field.data() + field.size(), number);
      if (status != std::errc{} || stop != field.data() + field.size() || !std::isfinite(number))
        throw refuse("has '" + field + "' for " + name + ", not a number");
      row.position[name == "x" ? 0 : name == "y" ? 1 : 2] = number * column.factor;
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty())
    throw Error("E1214", "the table of cells has no rows")
        .at({file, 0, 0, 0})
        .help("the first line names the columns (x[um],y[um]), each further line is a cell");
  return rows;
}

namespace {

void read_table(Reading& reading, const Cursor& from, const InitialCells& common, engine::CellType& type) {
  if (!from["file"].given()) throw from["file"].missing("pattern \"table\" reads a CSV file");
  const std::string path = resolve_path(from["file"].text(), from["file"].where());
  auto& sources = reading.model.resolved.sources;
  sources[path] = read_text(path, from["file"].where());
  const auto& g = reading.description().domain.geometry;
  std::vector<std::string> order;  // states as they appear; "" for none
  std::map<std::string, InitialCells> by_state;
  for (const auto& row : read_cell_table(sources[path], path)) {
    if (!row.state.empty() && std::find(type.states.begin(), type.states.end(), row.state) == type.states.end()) {
      throw unknown_name("state of '" + type.name + "'", row.state, type.states, {path, row.line, 0, 0});
    }
    for (std::size_t axis = 0; axis < (g.two_dimensional ? 2U : 3U); ++axis) {
      const double half = 0.5 * g.extent(static_cast<int>(axis));
      if (std::abs(row.position[axis]) <= half || reading.description().domain.edge == mechanics::EdgeRule::open)
        continue;
      throw Error("E1214", "the cell in line " + std::to_string(row.line) + " lies outside the domain")
          .at({path, row.line, 0, 0})
          .help("the domain is centred on 0: coordinates run from minus half its size to plus half");
    }
    auto [entry, added] = by_state.try_emplace(row.state, common);
    if (added) order.push_back(row.state);
    entry->second.positions.push_back(row.position);
  }
  for (const auto& state : order) {
    InitialCells& part = by_state[state];
    part.pattern = InitialCells::Pattern::table;
    if (!state.empty()) part.state_fractions = {{state, 1.0}};
    type.initial.push_back(std::move(part));
  }
}

void read_pattern(Reading& reading, const Cursor& from, InitialCells into, engine::CellType& type) {
  using Pattern = InitialCells::Pattern;
  const std::string pattern = from["pattern"].text();
  into.pattern = pattern == "disc"        ? Pattern::disc
                 : pattern == "sphere"    ? Pattern::sphere
                 : pattern == "rectangle" ? Pattern::rectangle
                 : pattern == "grid"      ? Pattern::grid
                                          : Pattern::uniform;
  const bool round = into.pattern == Pattern::disc || into.pattern == Pattern::sphere;
  if (round && !from["radius"].given()) throw from["radius"].missing("a " + pattern + " has a radius");
  if (into.pattern == Pattern::rectangle && !from["size"].given()) throw from["size"].missing("a rectangle has sizes");
  if (into.pattern == Pattern::uniform && !from["count"].given())
    throw from["count"].missing("a uniform pattern needs the number of cells");
  if (into.pattern == Pattern::grid && !from["spacing"].given())
    throw from["spacing"].missing("a grid needs the distance between cells");
  if (into.count == 0 && into.pattern != Pattern::uniform && !from["spacing"].given() && !from["count"].given()) {
    throw from["count"].missing("give the number of cells, or `spacing` to fill the shape");
  }
  const auto& g = reading.description().domain.geometry;
  if (into.pattern == Pattern::sphere && g.two_dimensional) {
    throw Error("E1213", "a 2D domain holds discs, not spheres")
        .at(from["pattern"].where())
        .help("write pattern = \"disc\"");
  }
  if (from["count"].given() && into.count == 0) reading.warn(from.path() + " starts without cells: count is 0");
  if (round) {
    const std::array<double, 3> centre{into.x, into.y, into.z};
    for (std::size_t axis = 0; axis < (g.two_dimensional ? 2U : 3U); ++axis) {
      if (std::abs(centre[axis]) + into.radius <= 0.5 * g.extent(static_cast<int>(axis)) * (1 + 1e-9)) continue;
      reading.warn(from.path() + " reaches beyond the domain along " + "xyz"[axis]);
    }
  }
  type.initial.push_back(std::move(into));
}

}  // namespace

void read_initial_cells(Reading& reading, const Cursor& type_cursor, engine::CellType& type) {
  for (const auto& from : type_cursor["initial"].items()) {
    InitialCells common;
    common.count = static_cast<std::size_t>(from["count"].number_or(0));
    if (common.count > 200000000) {
      throw Error("E1211", "more cells than a machine can hold: " + std::to_string(common.count))
          .at(from["count"].where())
          .help("a cell needs about 1 kB");
    }
    const auto centre = from["centre"].numbers();
    if (!centre.empty()) {
      const std::size_t axes = reading.description().domain.geometry.two_dimensional ? 2 : 3;
      if (centre.size() != axes) {
        throw Error("E1213",
                    "'centre' needs " + std::to_string(axes) + " coordinates, it has " + std::to_string(centre.size()))
            .at(from["centre"].where())
            .help("write centre = [\"0 um\", \"0 um\"]" + std::string(axes == 3 ? " with a third coordinate" : ""));
      }
      common.x = centre[0];
      common.y = centre[1];
      if (axes == 3) common.z = centre[2];
    }
    common.radius = from["radius"].number_or(0);
    common.spacing = from["spacing"].number_or(0);
    const auto size = from["size"].numbers();
    for (std::size_t axis = 0; axis < std::min<std::size_t>(3, size.size()); ++axis) common.size[axis] = size[axis];
    common.minimum_distance_to_domain_centre = from["outside"].number_or(0);
    double sum = 0;
    for (const auto& [state, fraction] : from["states"].members()) {
      if (std::find(type.states.begin(), type.states.end(), state) == type.states.end()) {
        throw unknown_name("state of '" + type.name + "'", state, type.states, fraction.key_where());
      }
      common.state_fractions[state] = fraction.number();
      sum += fraction.number();
    }
    if (!common.state_fractions.empty() && std::abs(sum - 1) > 1e-9) {
      throw Error("E1213", "the fractions of the starting states do not sum to 1")
          .at(from["states"].where())
          .help("they sum to " + std::to_string(sum));
    }
    common.asynchronous = !from["synchronous"].flag();
    if (from["pattern"].text() == "table") {
      read_table(reading, from, common, type);
    } else {
      read_pattern(reading, from, common, type);
    }
  }
}

}  // namespace senoma::model
