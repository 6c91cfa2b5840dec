// The cells at time zero: positions from patterns or a table, cycle phases, heterogeneity, and the first look around.
#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/math.h"
#include "base/philox.h"
#include "engine/binder.h"
#include "engine/fate.h"

namespace senoma::engine {

namespace {

using Point = std::array<double, 3>;

/// Hexagonal (2D) or hexagonal close-packed (3D) sites inside a shape, nearest to its centre first.
std::vector<Point> packed_sites(const InitialCells& p, double spacing, bool two_dimensional) {
  std::vector<Point> sites;
  const bool box = p.pattern == InitialCells::Pattern::rectangle;
  const double reach_x = box ? p.size[0] / 2 : p.radius, reach_y = box ? p.size[1] / 2 : p.radius;
  const double reach_z = two_dimensional ? 0.0 : box ? p.size[2] / 2 : p.radius;
  const double row = spacing * std::sqrt(3.0) / 2.0, layer = spacing * std::sqrt(2.0 / 3.0);
  const int nk = two_dimensional ? 0 : static_cast<int>(reach_z / layer) + 1, nj = static_cast<int>(reach_y / row) + 1,
            ni = static_cast<int>(reach_x / spacing) + 1;
  for (int k = -nk; k <= nk; ++k) {
    for (int j = -nj; j <= nj; ++j) {
      for (int i = -ni; i <= ni; ++i) {
        const double x = (i + 0.5 * (std::abs(j) % 2) + 0.5 * (std::abs(k) % 2)) * spacing;
        const double y = j * row + (std::abs(k) % 2) * row / 3.0, z = k * layer;
        const bool inside = box ? std::abs(x) <= reach_x && std::abs(y) <= reach_y && std::abs(z) <= reach_z
                                : x * x + y * y + z * z <= p.radius * p.radius;
        if (inside) sites.push_back({x, y, z});
      }
    }
  }
  std::stable_sort(sites.begin(), sites.end(), [](const Point& a, const Point& b) {
    return a[0] * a[0] + a[1] * a[1] + a[2] * a[2] < b[0] * b[0] + b[1] * b[1] + b[2] * b[2];
  });
  return sites;
}

std::vector<Point> uniform_sites(const InitialCells& p, const grid::Geometry& g, double spacing, std::uint64_t seed, std::uint64_t stream_id) {
  std::vector<Point> sites;
  const RandomStream stream{seed, stream_id, Stream::initial_position};
  for (std::uint64_t attempt = 0; sites.size() < p.count && attempt < 1000 * (p.count + 10); ++attempt) {
    Point q{};
    for (std::size_t a = 0; a < (g.two_dimensional ? 2U : 3U); ++a) {
      q[a] = g.origin[a] + g.extent(static_cast<int>(a)) * stream.uniform(3 * attempt + a);
    }
    const double dx = q[0] - p.x, dy = q[1] - p.y, dz = q[2] - p.z;
    if (dx * dx + dy * dy + dz * dz < p.minimum_distance_to_domain_centre * p.minimum_distance_to_domain_centre) continue;
    const bool free = std::none_of(sites.begin(), sites.end(), [&](const Point& s) {
      const double ex = s[0] - q[0], ey = s[1] - q[1], ez = s[2] - q[2];
      return ex * ex + ey * ey + ez * ez < spacing * spacing;
    });
    if (free) sites.push_back(q);
  }
  return sites;
}

}  // namespace

void Binder::place(std::size_t type_index, const InitialCells& pattern, std::uint64_t& ordinal) {
  const auto& g = model.domain.geometry;
  const double volume = sim.types[type_index].parameters.at("volume.target");
  const double spacing = pattern.spacing > 0.0 ? pattern.spacing : 1.9 * radius_of_volume(volume);
  std::vector<Point> sites;
  if (pattern.pattern == InitialCells::Pattern::table) {
    sites = pattern.positions;
  } else if (pattern.pattern == InitialCells::Pattern::uniform) {
    sites = uniform_sites(pattern, g, spacing, sim.world.seed, mix64(ordinal + 1));
  } else if (pattern.pattern == InitialCells::Pattern::grid) {
    sites = pattern.positions;
  } else if (pattern.pattern != InitialCells::Pattern::none) {
    sites = packed_sites(pattern, spacing, g.two_dimensional);
    for (auto& s : sites) s = {s[0] + pattern.x, s[1] + pattern.y, s[2] + pattern.z};
    if (pattern.count > 0 && sites.size() > pattern.count) sites.resize(pattern.count);
  }
  if (pattern.count > 0 && sites.size() < pattern.count) {
    throw Error("E5005", "the initial pattern of '" + model.cell_types[type_index].name + "' holds " + std::to_string(sites.size()) +
                             " cells, but " + std::to_string(pattern.count) + " were asked for")
        .at(model.cell_types[type_index].where)
        .help("enlarge the pattern, lower the count or the spacing");
  }
  for (const auto& site : sites) {
    const std::size_t i = sim.world.cells.append(mix64(ordinal + 1), static_cast<std::uint16_t>(type_index));
    ++ordinal;
    for (std::size_t a = 0; a < 3; ++a) {
      sim.world.cells.values[state::col_x + a][i] = std::clamp(site[a], g.origin[a], g.origin[a] + g.extent(static_cast<int>(a)));
    }
    start_cell(i, pattern);
  }
}

void Binder::start_cell(std::size_t i, const InitialCells& pattern) {
  auto& cells = sim.world.cells;
  const auto& type = sim.types[cells.type[i]];
  const auto& cycle = type.spec->cycle;
  const RandomStream phase_stream{sim.world.seed, cells.id[i], Stream::initial_phase};
  double volume = type.parameters.at("volume.target");
  cells.values[state::col_target_volume][i] = volume;
  if (!pattern.state_fractions.empty()) {
    double pick = RandomStream{sim.world.seed, cells.id[i], Stream::initial_type}.uniform(0);
    for (const auto& [name, fraction] : pattern.state_fractions) {
      cells.cell_state[i] = state_index(type, name, type.spec->where);
      if ((pick -= fraction) <= 0.0) break;
    }
  }
  for (std::size_t k = 0; k < type.heterogeneity.size(); ++k) {
    const double sigma = math::sqrt(math::log(1.0 + type.heterogeneity[k].second.cv * type.heterogeneity[k].second.cv));
    const RandomStream stream{sim.world.seed, cells.id[i], Stream::parameter_heterogeneity};
    cells.values[type.heterogeneity[k].first][i] = math::exp(sigma * stream.normal(k));
  }
  if (!cycle.empty()) {
    double share = 0.0, total = 0.0;
    for (const auto& phase : cycle) total += phase.duration;
    if (pattern.asynchronous) share = phase_stream.uniform(0) * total;
    std::uint16_t index = 0;
    while (index + 1U < cycle.size() && share >= cycle[index].duration) share -= cycle[index++].duration;
    cells.phase[i] = index;
    const double duration = draw_phase_duration(sim.world, i, cycle[index], index);
    cells.values[sim.columns.phase_duration][i] = duration;
    cells.values[state::col_phase_elapsed][i] = std::min(share, 0.999 * duration);
    double grown = 0.0, growing = 0.0;
    for (std::uint16_t p = 0; p < cycle.size(); ++p) {
      if (!cycle[p].grows) continue;
      growing += cycle[p].duration;
      if (p < index) grown += cycle[p].duration;
      if (p == index && pattern.asynchronous) grown += std::min(share, cycle[p].duration);
    }
    if (growing > 0.0) volume *= 1.0 + grown / growing;
  }
  cells.values[state::col_volume][i] = volume;
  cells.values[state::col_target_volume][i] = volume;
  cells.values[state::col_radius][i] = radius_of_volume(volume);
  cells.values[sim.columns.hazard_threshold][i] = draw_threshold(sim.world, i);
  // A cell's past hazard is part of its age in an asynchronous population; the exponential has no memory, so it starts at 0.
}

void Binder::initial_cells() {
  std::uint64_t ordinal = 0;
  for (std::size_t t = 0; t < model.cell_types.size(); ++t) {
    for (const auto& pattern : model.cell_types[t].initial) place(t, pattern, ordinal);
  }
  // Regions of fields that depend on where the tumour lies (e.g. matrix around it).
  for (std::size_t s = 0; s < model.substrates.size(); ++s) {
    const auto inside = model.substrates[s].initial_in.find("tumour");
    if (inside == model.substrates[s].initial_in.end()) continue;
    auto& field = sim.world.fields[s];
    for (const auto& type : model.cell_types) {
      if (!type.tumour || type.initial.empty()) continue;
      const auto& p = type.initial.front();
      const auto& g = field.geometry;
      for (int k = 0; k < g.n[2]; ++k) {
        for (int j = 0; j < g.n[1]; ++j) {
          for (int i = 0; i < g.n[0]; ++i) {
            const double x = g.centre(0, i) - p.x, y = g.centre(1, j) - p.y, z = g.two_dimensional ? 0.0 : g.centre(2, k) - p.z;
            const bool within = p.pattern == InitialCells::Pattern::rectangle
                                    ? std::abs(x) <= p.size[0] / 2 && std::abs(y) <= p.size[1] / 2 && (g.two_dimensional || std::abs(z) <= p.size[2] / 2)
                                    : x * x + y * y + z * z <= p.radius * p.radius;
            if (within) field.rho[g.index(i, j, k)] = inside->second;
          }
        }
      }
      break;
    }
  }
}

}  // namespace senoma::engine
