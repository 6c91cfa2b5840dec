// [model], [parameters], [domain], [time].
#include <cmath>
#include <fstream>
#include <set>

#include "model/reading.h"

namespace senoma::model {

namespace {

std::string number_text(double x) {
  Value v;
  v.kind = Value::Kind::real;
  v.real = x;
  std::string text = to_toml(v);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

void read_parameters(Reading& reading) {
  for (const auto& [name, cursor] : reading.root()["parameters"].members()) {
    const Quantity q = cursor.quantity();
    reading.description().parameters[name] = q.value;
    reading.description().parameter_dimensions[name] = q.dimension;
  }
}

/// Voxels along one axis; E1213 with the nearest sizes when the spacing does not divide the size.
int voxel_count(double size, double spacing, const Cursor& cursor, std::size_t axis) {
  const double n = size / spacing;
  const double whole = std::round(n);
  if (whole >= 1 && std::abs(n - whole) <= 1e-6 * n) {
    if (whole > 1e9)
      throw Error("E1211", "the domain has more than 1e9 voxels along one axis")
          .at(cursor.where())
          .help("make the spacing coarser");
    return static_cast<int>(whole);
  }
  const double below = std::max(1.0, std::floor(n)) * spacing;
  throw Error("E1213", "the spacing " + number_text(spacing) + " um does not divide the size " + number_text(size) +
                           " um along " + "xyz"[axis])
      .at(cursor.where())
      .help("the nearest sizes that fit are " + number_text(below) + " um and " +
            number_text(std::max(below + spacing, std::ceil(n) * spacing)) + " um");
}

void read_domain(Reading& reading) {
  const Cursor domain = reading.root()["domain"];
  if (!domain.given()) {
    throw Error("E1205", "the file needs [domain]")
        .at(reading.root().where())
        .help("write [domain] size = [\"600 um\", \"600 um\"], spacing = \"20 um\", thickness = \"20 um\"");
  }
  const auto size = domain["size"].numbers();
  auto spacing = domain["spacing"].numbers();
  if (size.size() != 2 && size.size() != 3) {
    throw Error("E1213", "'domain.size' needs two sizes (2D) or three (3D), it has " + std::to_string(size.size()))
        .at(domain["size"].where())
        .help("write size = [\"600 um\", \"600 um\"]");
  }
  if (spacing.size() == 1) spacing.resize(size.size(), spacing[0]);
  if (spacing.size() != size.size()) {
    throw Error("E1213", "'domain.spacing' needs one value or one per axis, it has " + std::to_string(spacing.size()))
        .at(domain["spacing"].where())
        .help("write spacing = \"20 um\"");
  }
  grid::Geometry& g = reading.description().domain.geometry;
  g.two_dimensional = size.size() == 2;
  for (std::size_t axis = 0; axis < size.size(); ++axis) {
    g.n[axis] = voxel_count(size[axis], spacing[axis], domain["size"], axis);
    g.spacing[axis] = spacing[axis];
  }
  if (g.two_dimensional) {
    if (!domain["thickness"].given())
      throw domain["thickness"].missing("a 2D domain needs its thickness, because amounts per voxel depend on it");
    g.n[2] = 1;
    g.spacing[2] = domain["thickness"].number();
  } else if (domain["thickness"].given()) {
    throw Error("E1213", "a 3D domain has no thickness")
        .at(domain["thickness"].where())
        .help("remove it, or give two sizes");
  }
  auto& d = reading.description().domain;
  d.well_mixed = domain["space"].text() == "well-mixed";
  d.where = domain["space"].where();
  if (d.well_mixed) {
    for (std::size_t axis = 0; axis < 3; ++axis) g.spacing[axis] *= g.n[axis], g.n[axis] = 1;
  }
  for (std::size_t axis = 0; axis < 3; ++axis) g.origin[axis] = -0.5 * g.n[axis] * g.spacing[axis];
  d.medium_height = domain["medium_height"].number_or(0);
  const std::string edge = domain["edge"].text();
  d.edge = edge == "reflect"    ? mechanics::EdgeRule::reflect
           : edge == "periodic" ? mechanics::EdgeRule::periodic
           : edge == "absorb"   ? mechanics::EdgeRule::absorb
                                : mechanics::EdgeRule::open;
  reading.description().motion.edge = d.edge;
  reading.description().motion.adhesion_range = domain["adhesion_range"].number();
  check_memory(reading, domain);
  for (const auto& vessel : domain["vessel"].items()) {
    const auto centre = vessel["centre"].numbers();
    if (centre.size() != size.size()) {
      throw Error("E1213", "the vessel's centre needs " + std::to_string(size.size()) + " coordinates, it has " +
                               std::to_string(centre.size()))
          .at(vessel["centre"].where())
          .help("write centre = [\"0 um\", \"0 um\"]" +
                std::string(g.two_dimensional ? "" : " with a third coordinate"));
    }
    d.vessels.push_back({centre[0], centre[1], centre.size() > 2 ? centre[2] : 0.0, vessel["radius"].number()});
  }
}

double whole_steps(const Cursor& cursor, double value, double step) {
  const double n = value / step;
  if (std::abs(n - std::round(n)) <= 1e-6 * std::max(1.0, n)) return std::round(n) * step;
  throw Error("E1213", "'" + cursor.path() + "' is not a whole number of steps of " + number_text(step) + " min")
      .at(cursor.where())
      .help("the nearest that fit are " + number_text(std::floor(n) * step) + " min and " +
            number_text(std::ceil(n) * step) + " min");
}

void read_time(Reading& reading) {
  const Cursor time = reading.root()["time"];
  auto& d = reading.description();
  d.step = time["step"].number();
  if (!time["duration"].given()) throw time["duration"].missing("write [time] duration = \"60 d\"");
  d.duration = whole_steps(time["duration"], time["duration"].number(), d.step);
  const auto multiple = [&](double wish) { return std::max(1.0, std::round(wish / d.step)) * d.step; };
  // Without wishes: about a hundred frames, a row of the summary for each.
  d.output_every = time["frames"].given() ? whole_steps(time["frames"], time["frames"].number(), d.step)
                                          : multiple(d.duration / 100);
  d.summary_every =
      time["summary"].given() ? whole_steps(time["summary"], time["summary"].number(), d.step) : d.output_every;
  for (const char* key : {"frames", "summary"}) {
    if (time[key].given() && time[key].number() < d.step * (1 - 1e-9)) {
      throw Error("E1213",
                  "'time." + std::string(key) + "' is shorter than the step of " + number_text(d.step) + " min")
          .at(time[key].where())
          .help("make it at least one step");
    }
  }
}

}  // namespace

void read_world(Reading& reading) {
  const Cursor about = reading.root()["model"];
  reading.model.title = about["title"].text();
  reading.model.id = about["id"].text_or("");
  reading.model.text = about["description"].text_or("");
  for (const char* key : {"citation", "citations"}) {
    for (auto& text : about[key].texts()) reading.model.citations.push_back(text);
  }
  reading.description().title = reading.model.title;
  read_parameters(reading);
  read_domain(reading);
  read_time(reading);
}

double estimated_memory(const engine::Description& d) {
  double fields = 0;
  for (const auto& s : d.substrates) fields += s.well_mixed ? 0 : 1;
  const double voxels = static_cast<double>(d.domain.geometry.size());
  double cells = 0;
  for (const auto& type : d.cell_types) {
    for (const auto& initial : type.initial)
      cells += static_cast<double>(std::max(initial.count, initial.positions.size()));
  }
  // Per field: values, two solver stages, sources and sinks; once: about ten doubles of workspace
  // (field/reaction_diffusion.h).
  return voxels * 8.0 * (5.0 * std::max(1.0, fields) + 10.0) + cells * 1000.0;
}

double available_memory() {
  double available = 0;
  std::ifstream meminfo("/proc/meminfo");
  for (std::string word; meminfo >> word;) {
    if (word != "MemAvailable:") continue;
    double kib = 0;
    if (meminfo >> kib) available = kib * 1024;
    break;
  }
  std::ifstream limit("/sys/fs/cgroup/memory.max");
  if (double bytes = 0; limit >> bytes && bytes > 0) available = available > 0 ? std::min(available, bytes) : bytes;
  return available;
}

void check_memory(const Reading& reading, const Cursor& domain) {
  if (!reading.check_machine) return;
  const double need = estimated_memory(reading.model.description);
  const double have = available_memory();
  if (have <= 0 || need <= have) return;
  const auto gib = [](double bytes) {
    const double g = bytes / 1073741824.0;
    return number_text(g < 10 ? std::round(g * 10) / 10 : std::round(g)) + " GiB";
  };
  const auto& n = reading.model.description.domain.geometry.n;
  throw Error("E1211", "the domain needs at least " + gib(need) + " of memory; this machine has " + gib(have) + " free")
      .at(domain["size"].where())
      .label(std::to_string(n[0]) + " x " + std::to_string(n[1]) + " x " + std::to_string(n[2]) + " voxels")
      .help("make the domain smaller or the spacing coarser; twice the spacing needs " +
            std::string(reading.model.description.domain.geometry.two_dimensional ? "a quarter" : "an eighth"));
}

}  // namespace senoma::model
