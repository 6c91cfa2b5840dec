#include "results/cells_frame.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "results/files.h"
#include "results/zarr.h"

namespace senoma::results {
namespace fs = std::filesystem;
using nlohmann::json;
using zarr::ArrayMeta;
using zarr::DataType;
namespace {

constexpr std::uint64_t rows_per_chunk = std::uint64_t{1} << 18;  // one chunk up to 262,144 cells

std::string encoding(const char* type, const char* version) {
  return json{{"encoding-type", type}, {"encoding-version", version}}.dump();
}
const std::string& array_encoding() {
  static const std::string text = encoding("array", "0.2.0");
  return text;
}

std::string hex16(std::uint64_t value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (int i = 15; i >= 0; --i, value >>= 4) text[static_cast<std::size_t>(i)] = digits[value & 15];
  return text;
}

template <class T>
void write_column(const fs::path& folder, DataType type, const std::vector<T>& values) {
  const std::uint64_t n = values.size();
  zarr::write_values(folder, {type, {n}, {std::clamp<std::uint64_t>(n, 1, rows_per_chunk)}, array_encoding(), {}, '.'},
                     values);
}

void write_ids(const fs::path& folder, const std::vector<std::uint64_t>& ids, bool zero_is_empty) {
  std::vector<std::string> texts;
  texts.reserve(ids.size());
  for (const std::uint64_t id : ids) texts.push_back(zero_is_empty && id == 0 ? std::string() : hex16(id));
  zarr::write_strings(folder, texts, encoding("string-array", "0.2.0"));
}

/// Codes and category names as AnnData stores a pandas categorical.
void write_categorical(const fs::path& folder, const std::vector<std::int16_t>& codes,
                       const std::vector<std::string>& names) {
  json attributes = json::parse(encoding("categorical", "0.2.0"));
  attributes["ordered"] = false;
  zarr::write_group(folder, attributes.dump());
  zarr::write_strings(folder / "categories", names, encoding("string-array", "0.2.0"));
  write_column(folder / "codes", DataType::int16, codes);
}

/// Names that depend on the cell's type, merged into one list of categories in order of first mention.
void write_labels(const fs::path& folder, const std::vector<std::uint16_t>& types,
                  const std::vector<std::uint16_t>& values, const std::vector<std::vector<std::string>>& names) {
  std::vector<std::string> categories;
  std::vector<std::vector<std::int16_t>> code_of(names.size());
  for (std::size_t t = 0; t < names.size(); ++t) {
    for (const std::string& name : names[t]) {
      auto found = std::find(categories.begin(), categories.end(), name);
      if (found == categories.end()) found = categories.insert(categories.end(), name);
      code_of[t].push_back(static_cast<std::int16_t>(found - categories.begin()));
    }
  }
  std::vector<std::int16_t> codes(values.size(), -1);  // −1 = missing: a value without a name
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (types[i] < code_of.size() && values[i] < code_of[types[i]].size()) codes[i] = code_of[types[i]][values[i]];
  }
  write_categorical(folder, codes, categories);
}

std::string dataframe_attributes(const std::string& index, const std::vector<std::string>& columns) {
  json attributes = json::parse(encoding("dataframe", "0.2.0"));
  attributes["_index"] = index;
  attributes["column-order"] = columns;
  return attributes.dump();
}

/// A column's folder name: AnnData keys must not hold '/'.
std::string column_name(const std::string& name) {
  std::string result = name;
  std::replace(result.begin(), result.end(), '/', '_');
  return result;
}

std::vector<std::size_t> matrix_columns(const state::CellTable& cells, const FrameLabels& labels) {
  std::vector<std::size_t> columns;
  for (const std::string& name : labels.matrix) {
    if (const auto found = cells.find_column(name)) columns.push_back(*found);
  }
  return columns;
}

void write_obs(const fs::path& folder, const state::CellTable& cells, const FrameLabels& labels,
               const std::vector<std::size_t>& matrix, std::map<std::string, std::string>& units) {
  std::vector<std::string> order = {"parent", "founder", "type", "state", "phase", "generation", "divisions", "origin"};
  std::vector<std::pair<std::string, std::size_t>> numbers;
  for (std::size_t c = 0; c < cells.n_columns(); ++c) {
    if (c == state::col_x || c == state::col_y || c == state::col_z || !cells.infos[c].output) continue;
    if (std::find(matrix.begin(), matrix.end(), c) != matrix.end()) continue;
    std::string name = column_name(cells.infos[c].name);
    if (std::find(order.begin(), order.end(), name) != order.end() || name == "id") name += "_value";
    order.push_back(name);
    units[name] = cells.infos[c].unit;
    numbers.emplace_back(name, c);
  }
  zarr::write_group(folder, dataframe_attributes("id", order));
  write_ids(folder / "id", cells.id, false);
  write_ids(folder / "parent", cells.parent, true);
  write_ids(folder / "founder", cells.founder, true);
  std::vector<std::int16_t> type_codes(cells.size(), -1);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells.type[i] < labels.types.size()) type_codes[i] = static_cast<std::int16_t>(cells.type[i]);
  }
  write_categorical(folder / "type", type_codes, labels.types);
  write_labels(folder / "state", cells.type, cells.cell_state, labels.states);
  write_labels(folder / "phase", cells.type, cells.phase, labels.phases);
  write_column(folder / "generation", DataType::uint32, cells.generation);
  write_column(folder / "divisions", DataType::uint32, cells.divisions);
  write_column(folder / "origin", DataType::uint16, cells.origin);
  for (const auto& [name, c] : numbers) {
    const std::uint64_t n = cells.size();
    zarr::write_array(
        folder / name,
        {DataType::float64, {n}, {std::clamp<std::uint64_t>(n, 1, rows_per_chunk)}, array_encoding(), {}, '.'},
        std::as_bytes(std::span<const double>(cells.values[c])));
  }
}

/// Rows gathered from columns: n × columns.size(), row-major.
void write_matrix(const fs::path& folder, const state::CellTable& cells, const std::vector<std::size_t>& columns) {
  const std::size_t n = cells.size(), m = columns.size();
  std::vector<double> values(n * m);
  for (std::size_t j = 0; j < m; ++j) {
    const auto& column = cells.values[columns[j]];
    for (std::size_t i = 0; i < n; ++i) values[i * m + j] = column[i];
  }
  zarr::write_values(folder,
                     {DataType::float64,
                      {n, m},
                      {std::clamp<std::uint64_t>(n, 1, rows_per_chunk), std::max<std::uint64_t>(m, 1)},
                      array_encoding(),
                      {},
                      '.'},
                     values);
}

void write_var(const fs::path& folder, const state::CellTable& cells, const std::vector<std::size_t>& matrix) {
  std::vector<std::string> names, units;
  for (const std::size_t c : matrix) {
    names.push_back(cells.infos[c].name);
    units.push_back(cells.infos[c].unit);
  }
  zarr::write_group(folder, dataframe_attributes("name", {"unit"}));
  zarr::write_strings(folder / "name", names, encoding("string-array", "0.2.0"));
  zarr::write_strings(folder / "unit", units, encoding("string-array", "0.2.0"));
}

void write_uns(const fs::path& folder, const state::World& world, const std::map<std::string, std::string>& units) {
  zarr::write_group(folder, encoding("dict", "0.1.0"));
  zarr::write_scalar(folder / "time", world.time(), encoding("numeric-scalar", "0.2.0"));
  zarr::write_scalar(folder / "time_unit", std::string("min"), encoding("string", "0.2.0"));
  // A table instead of one scalar per unit: a tenth of the files.
  std::vector<std::string> names, texts;
  for (const auto& [name, unit] : units) {
    names.push_back(name);
    texts.push_back(unit);
  }
  zarr::write_group(folder / "units", dataframe_attributes("name", {"unit"}));
  zarr::write_strings(folder / "units" / "name", names, encoding("string-array", "0.2.0"));
  zarr::write_strings(folder / "units" / "unit", texts, encoding("string-array", "0.2.0"));
}

std::vector<FrameEntry> read_frames(const fs::path& root) {
  std::vector<FrameEntry> frames;
  try {
    const json node = json::parse(read_file(root / "zarr.json"));
    for (const json& entry : node.at("attributes").at("frames")) {
      frames.push_back({entry.at("name"), entry.at("time_min"), entry.at("tick"), entry.at("cells")});
    }
  } catch (const json::exception& e) {
    throw Error("E6006", "'" + (root / "zarr.json").string() + "' is damaged: " + e.what(), ErrorKind::input_output)
        .help("start a new run in another folder");
  }
  return frames;
}

}  // namespace

void write_cells(const fs::path& folder, const state::World& world, const FrameLabels& labels) {
  const state::CellTable& cells = world.cells;
  const std::vector<std::size_t> matrix = matrix_columns(cells, labels);
  std::map<std::string, std::string> units = {{"spatial", "um"}};
  zarr::write_group(folder, encoding("anndata", "0.1.0"));
  write_obs(folder / "obs", cells, labels, matrix, units);
  write_var(folder / "var", cells, matrix);
  if (!matrix.empty()) write_matrix(folder / "X", cells, matrix);
  zarr::write_group(folder / "obsm", encoding("dict", "0.1.0"));
  write_matrix(folder / "obsm" / "spatial", cells, {state::col_x, state::col_y, state::col_z});
  write_uns(folder / "uns", world, units);
}

state::World frame_of(const state::World& world) {
  state::World frame;
  frame.tick = world.tick, frame.step = world.step, frame.seed = world.seed;
  frame.fields = world.fields;
  const state::CellTable& from = world.cells;
  state::CellTable& to = frame.cells;
  to.id = from.id, to.parent = from.parent, to.founder = from.founder;
  to.type = from.type, to.cell_state = from.cell_state, to.phase = from.phase, to.origin = from.origin;
  to.divisions = from.divisions, to.generation = from.generation;
  to.infos = from.infos;
  to.values.resize(from.values.size());
  for (std::size_t c = 0; c < from.values.size(); ++c) {
    const bool shown = from.infos[c].output || c == state::col_x || c == state::col_y || c == state::col_z;
    if (shown) to.values[c] = from.values[c];
  }
  return frame;
}

CellsStore::CellsStore(fs::path path, FrameLabels labels) : path_(std::move(path)), labels_(std::move(labels)) {
  if (fs::exists(path_ / "zarr.json")) {
    frames_ = read_frames(path_);
    return;
  }
  make_folders(path_);
  write_root();
}

void CellsStore::write_root() const {
  json list = json::array();
  for (const FrameEntry& f : frames_)
    list.push_back({{"name", f.name}, {"time_min", f.time}, {"tick", f.tick}, {"cells", f.cells}});
  zarr::replace_metadata(
      path_, zarr::group_json(json{{"senoma", {{"kind", "cells"}, {"version", 1}}}, {"frames", list}}.dump()));
}

void CellsStore::append(const state::World& world) {
  char name[32];
  std::snprintf(name, sizeof name, "frame_%06zu", frames_.size());
  const fs::path partial = path_ / (std::string(".") + name + ".partial");
  std::error_code ignored;
  fs::remove_all(partial, ignored);       // left by a killed run
  fs::remove_all(path_ / name, ignored);  // renamed but never listed: not part of the run
  try {
    write_cells(partial, world, labels_);
  } catch (...) {
    fs::remove_all(partial, ignored);
    throw;
  }
  rename_folder(partial, path_ / name);
  frames_.push_back({name, world.time(), world.tick, world.cells.size()});
  try {
    write_root();
  } catch (...) {
    frames_.pop_back();
    throw;
  }
}

void CellsStore::truncate_after(std::int64_t tick) {
  std::vector<FrameEntry> dropped;
  while (!frames_.empty() && frames_.back().tick > tick) {
    dropped.push_back(frames_.back());
    frames_.pop_back();
  }
  if (dropped.empty()) return;
  write_root();
  std::error_code ignored;
  for (const FrameEntry& frame : dropped) fs::remove_all(path_ / frame.name, ignored);
}

}  // namespace senoma::results
