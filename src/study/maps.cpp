// maps.json: the frames a report shows, small enough to be re-read whenever the report is made again.
#include <cmath>
#include <nlohmann/json.hpp>

#include "results/files.h"
#include "study/observer.h"

namespace senoma::study {

namespace {

using json = nlohmann::ordered_json;

template <class Values>
json tenths(const Values& values) {
  json list = json::array();
  for (const float v : values)
    list.push_back(std::isfinite(v) ? static_cast<std::int64_t>(std::llround(10.0 * static_cast<double>(v))) : 0);
  return list;
}

/// Four significant digits, as a text JSON keeps short.
double rounded(double v) {
  if (v == 0.0 || !std::isfinite(v)) return 0.0;
  const double scale = std::pow(10.0, 3.0 - std::floor(std::log10(std::abs(v))));
  return std::round(v * scale) / scale;
}

}  // namespace

std::string maps_json(const std::vector<PopulationLabel>& labels, const std::vector<Snapshot>& snapshots) {
  json root = {{"labels", json::array()}, {"snapshots", json::array()}};
  for (const auto& l : labels)
    root["labels"].push_back({{"name", l.name}, {"colour", l.colour}, {"tumour", l.tumour}, {"dying", l.dying}});
  for (const auto& s : snapshots) {
    json shot = {{"time_min", s.time},
                 {"x_tenth_um", tenths(s.x)},
                 {"y_tenth_um", tenths(s.y)},
                 {"radius_tenth_um", tenths(s.radius)},
                 {"label", s.label}};
    shot["fields"] = json::array();
    for (const auto& f : s.fields) {
      json values = json::array();
      for (const float v : f.values) values.push_back(rounded(static_cast<double>(v)));
      shot["fields"].push_back({{"name", f.name}, {"unit", f.unit}, {"nx", f.nx}, {"ny", f.ny}, {"values", values}});
    }
    root["snapshots"].push_back(std::move(shot));
  }
  return root.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

void read_maps(const std::filesystem::path& file, MemberResult& result) {
  try {
    const json root = json::parse(results::read_file(file));
    for (const auto& l : root.at("labels")) {
      result.labels.push_back({l.at("name").get<std::string>(), l.at("colour").get<std::string>(),
                               l.at("tumour").get<bool>(), l.at("dying").get<bool>()});
    }
    const auto floats = [](const json& list) {
      std::vector<float> values;
      for (const auto& v : list) values.push_back(0.1F * v.get<float>());
      return values;
    };
    for (const auto& s : root.at("snapshots")) {
      Snapshot shot;
      shot.time = s.at("time_min").get<double>();
      shot.x = floats(s.at("x_tenth_um"));
      shot.y = floats(s.at("y_tenth_um"));
      shot.radius = floats(s.at("radius_tenth_um"));
      shot.label = s.at("label").get<std::vector<std::uint16_t>>();
      for (const auto& f : s.at("fields")) {
        shot.fields.push_back({f.at("name").get<std::string>(), f.at("unit").get<std::string>(), f.at("nx").get<int>(),
                               f.at("ny").get<int>(), f.at("values").get<std::vector<float>>()});
      }
      result.snapshots.push_back(std::move(shot));
    }
  } catch (const json::exception& e) {
    throw Error("E6006", "'" + file.string() + "' is damaged: " + e.what(), ErrorKind::input_output)
        .help("restore the file from a copy, or repeat the run");
  }
}

}  // namespace senoma::study
