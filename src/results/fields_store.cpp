#include "results/fields_store.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/files.h"
#include "results/palette.h"
#include "results/zarr.h"

namespace senoma::results {
namespace fs = std::filesystem;
using nlohmann::json;
namespace {

bool spatial(const state::Field& field) { return field.geometry.size() > 1; }

/// Mean interval between frames; 1 min when there is but one.
double frame_interval(const std::vector<double>& times) {
  if (times.size() < 2 || times.back() <= times.front()) return 1.0;
  return (times.back() - times.front()) / static_cast<double>(times.size() - 1);
}

json axes() {
  return {{{"name", "t"}, {"type", "time"}, {"unit", "minute"}},
          {{"name", "c"}, {"type", "channel"}},
          {{"name", "z"}, {"type", "space"}, {"unit", "micrometer"}},
          {{"name", "y"}, {"type", "space"}, {"unit", "micrometer"}},
          {{"name", "x"}, {"type", "space"}, {"unit", "micrometer"}}};
}

}  // namespace

FieldsStore::FieldsStore(fs::path path) : path_(std::move(path)) {
  if (fs::exists(path_ / "zarr.json")) read();
}

void FieldsStore::read() {
  try {
    const json own = json::parse(read_file(path_ / "zarr.json")).at("attributes").at("senoma");
    for (const json& c : own.at("channels"))
      channels_.push_back({c.at("name"), c.at("unit"), c.at("low"), c.at("high")});
    times_ = own.at("times_min").get<std::vector<double>>();
    ticks_ = own.at("ticks").get<std::vector<std::int64_t>>();
    geometry_.n = own.at("n").get<std::array<int, 3>>();
    geometry_.spacing = own.at("spacing_um").get<std::array<double, 3>>();
    geometry_.origin = own.at("origin_um").get<std::array<double, 3>>();
    geometry_.two_dimensional = own.at("two_dimensional");
  } catch (const json::exception& e) {
    throw Error("E6006", "'" + (path_ / "zarr.json").string() + "' is damaged: " + e.what(), ErrorKind::input_output)
        .help("start a new run in another folder");
  }
  created_ = true;
}

std::string FieldsStore::root_json() const {
  json channels = json::array(), own_channels = json::array();
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const Channel& channel = channels_[c];
    const std::string label =
        channel.unit.empty() || channel.unit == "1" ? channel.name : channel.name + " (" + channel.unit + ")";
    channels.push_back(
        {{"label", label},
         {"color", series_colour(c).substr(1)},
         {"active", c < 3},
         {"window", {{"min", channel.low}, {"max", channel.high}, {"start", channel.low}, {"end", channel.high}}}});
    own_channels.push_back(
        {{"name", channel.name}, {"unit", channel.unit}, {"low", channel.low}, {"high", channel.high}});
  }
  const auto& h = geometry_.spacing;
  const json transforms = {{{"type", "scale"}, {"scale", {frame_interval(times_), 1.0, h[2], h[1], h[0]}}},
                           {{"type", "translation"},
                            {"translation",
                             {times_.empty() ? 0.0 : times_.front(), 0.0, geometry_.centre(2, 0),
                              geometry_.centre(1, 0), geometry_.centre(0, 0)}}}};
  const json multiscale = {
      {"name", "fields"}, {"axes", axes()}, {"datasets", {{{"path", "0"}, {"coordinateTransformations", transforms}}}}};
  const json ome = {{"version", "0.5"},
                    {"multiscales", json::array({multiscale})},
                    {"omero", {{"channels", channels}, {"rdefs", {{"model", "color"}}}}}};
  const json own = {{"kind", "fields"},
                    {"version", 1},
                    {"channels", own_channels},
                    {"times_min", times_},
                    {"ticks", ticks_},
                    {"n", geometry_.n},
                    {"spacing_um", h},
                    {"origin_um", geometry_.origin},
                    {"two_dimensional", geometry_.two_dimensional}};
  return zarr::group_json(json{{"ome", ome}, {"senoma", own}}.dump());
}

std::string FieldsStore::array_meta() const {
  const auto n = [this](int axis) { return static_cast<std::uint64_t>(geometry_.n[static_cast<std::size_t>(axis)]); };
  return zarr::array_json({zarr::DataType::float32,
                           {times_.size(), channels_.size(), n(2), n(1), n(0)},
                           {1, 1, n(2), n(1), n(0)},
                           {},
                           {"t", "c", "z", "y", "x"},
                           '/'});
}

void FieldsStore::write_metadata(bool first) const {
  if (first) make_folders(path_ / "0");
  zarr::replace_metadata(path_ / "0", array_meta());
  zarr::replace_metadata(path_, root_json());
}

void FieldsStore::append(const state::World& world) {
  std::vector<const state::Field*> fields;
  for (const state::Field& field : world.fields) {
    if (spatial(field)) fields.push_back(&field);
  }
  if (fields.empty()) return;
  const bool first = !created_;
  if (first) {
    geometry_ = fields.front()->geometry;
    channels_.clear();
    for (const state::Field* field : fields) channels_.push_back({field->name, field->unit, 0.0, 0.0});
  }
  bool same = fields.size() == channels_.size();
  for (std::size_t c = 0; same && c < fields.size(); ++c) {
    same = fields[c]->name == channels_[c].name && fields[c]->geometry.n == geometry_.n &&
           fields[c]->geometry.spacing == geometry_.spacing && fields[c]->geometry.origin == geometry_.origin;
  }
  if (!same) {
    throw Error("E6005", "the fields to be stored have other grids or names than '" + path_.string() + "'",
                ErrorKind::input_output)
        .help("give all spatial substrates the same domain and spacing");
  }
  const std::uint64_t t = times_.size();
  std::vector<float> values(geometry_.size());
  for (std::size_t c = 0; c < fields.size(); ++c) {
    Channel& channel = channels_[c];
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double rho = fields[c]->rho[i];
      values[i] = static_cast<float>(rho);
      if (std::isfinite(rho)) {
        channel.low = std::min(channel.low, rho);
        channel.high = std::max(channel.high, rho);
      }
    }
    const std::uint64_t chunk[] = {t, c, 0, 0, 0};
    zarr::write_chunk(path_ / "0", chunk, '/', std::as_bytes(std::span<const float>(values)));
  }
  times_.push_back(world.time());
  ticks_.push_back(world.tick);
  try {
    write_metadata(first);
  } catch (...) {
    times_.pop_back();
    ticks_.pop_back();
    throw;
  }
  created_ = true;
}

void FieldsStore::remove_frame_chunks(std::size_t from, std::size_t to) const {
  std::error_code ignored;
  for (std::size_t t = from; t < to; ++t) fs::remove_all(path_ / "0" / "c" / std::to_string(t), ignored);
}

void FieldsStore::truncate_after(std::int64_t tick) {
  const std::size_t before = times_.size();
  while (!ticks_.empty() && ticks_.back() > tick) {
    ticks_.pop_back();
    times_.pop_back();
  }
  if (times_.size() == before) return;
  write_metadata(false);
  remove_frame_chunks(times_.size(), before);
}

}  // namespace senoma::results
