#include "engine/initial_sites.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "base/hash.h"
#include "base/philox.h"

namespace senoma::engine {

namespace {

using Point = std::array<double, 3>;
using Pattern = InitialCells::Pattern;

double square_distance(const Point& a, const Point& b) {
  const double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z;
}

/// Hexagonal (flat) or hexagonal close-packed sites inside a shape around 0.
std::vector<Point> packed_sites(const InitialCells& p, double spacing, bool flat) {
  std::vector<Point> sites;
  const bool box = p.pattern == Pattern::rectangle;
  const double reach_x = box ? p.size[0] / 2 : p.radius, reach_y = box ? p.size[1] / 2 : p.radius;
  const double reach_z = flat ? 0.0 : box ? p.size[2] / 2 : p.radius;
  const double row = spacing * std::sqrt(3.0) / 2.0, layer = spacing * std::sqrt(2.0 / 3.0);
  const int nk = flat ? 0 : static_cast<int>(reach_z / layer) + 1, nj = static_cast<int>(reach_y / row) + 1,
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
  return sites;
}

/// A square or cubic lattice through 0 that fills `size`, or reaches everywhere in the domain.
std::vector<Point> grid_sites(const InitialCells& p, const grid::Geometry& g, double spacing) {
  std::vector<Point> sites;
  std::array<int, 3> reach{};
  for (std::size_t a = 0; a < (g.two_dimensional ? 2U : 3U); ++a) {
    const double half = p.size[a] > 0.0 ? p.size[a] / 2 : g.extent(static_cast<int>(a));
    reach[a] = static_cast<int>(half / spacing * (1 + 1e-12));
  }
  for (int k = -reach[2]; k <= reach[2]; ++k) {
    for (int j = -reach[1]; j <= reach[1]; ++j) {
      for (int i = -reach[0]; i <= reach[0]; ++i) sites.push_back({i * spacing, j * spacing, k * spacing});
    }
  }
  return sites;
}

bool inside_domain(const Point& q, const Domain& domain) {
  if (domain.edge == mechanics::EdgeRule::open) return true;
  const auto& g = domain.geometry;
  for (std::size_t a = 0; a < (g.two_dimensional ? 2U : 3U); ++a) {
    if (q[a] < g.origin[a] || q[a] > g.origin[a] + g.extent(static_cast<int>(a))) return false;
  }
  return true;
}

/// Places thrown one after the other; one too near to an earlier one, or to the part kept free, is thrown again.
std::vector<Point> random_sites(const InitialCells& p, const grid::Geometry& g, double spacing, std::uint64_t seed,
                                std::uint64_t stream_id) {
  std::vector<Point> sites;
  std::unordered_map<std::uint64_t, std::vector<Point>> bins;  // of edge `spacing`
  const auto bin = [&](const Point& q, int dx, int dy, int dz) {
    const auto index = [&](std::size_t a, int d) {
      return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::floor(q[a] / spacing)) + d);
    };
    return mix64(index(0, dx) + mix64(index(1, dy) + mix64(index(2, dz))));
  };
  const auto occupied = [&](const Point& q) {
    for (int k = g.two_dimensional ? 0 : -1; k <= (g.two_dimensional ? 0 : 1); ++k) {
      for (int j = -1; j <= 1; ++j) {
        for (int i = -1; i <= 1; ++i) {
          const auto entry = bins.find(bin(q, i, j, k));
          if (entry == bins.end()) continue;
          for (const Point& s : entry->second) {
            if (square_distance(q, s) < spacing * spacing) return true;
          }
        }
      }
    }
    return false;
  };
  const RandomStream stream{seed, stream_id, Stream::initial_position};
  const double keep_out = p.minimum_distance_to_domain_centre;
  for (std::uint64_t attempt = 0; sites.size() < p.count && attempt < 1000 * (p.count + 10); ++attempt) {
    Point q{};
    for (std::size_t a = 0; a < (g.two_dimensional ? 2U : 3U); ++a) {
      q[a] = g.origin[a] + g.extent(static_cast<int>(a)) * stream.uniform(3 * attempt + a);
    }
    const Point centre{p.x, p.y, g.two_dimensional ? 0.0 : p.z};
    if (square_distance(q, centre) < keep_out * keep_out || occupied(q)) continue;
    bins[bin(q, 0, 0, 0)].push_back(q);
    sites.push_back(q);
  }
  return sites;
}

void check_table(const std::vector<Point>& positions, const CellType& type, const Domain& domain) {
  for (const Point& q : positions) {
    if (inside_domain(q, domain)) continue;
    throw Error("E5005", "a cell of '" + type.name + "' at (" + std::to_string(q[0]) + ", " + std::to_string(q[1]) +
                             ", " + std::to_string(q[2]) + ") um lies outside the domain")
        .at(type.where)
        .help("move it, or enlarge the domain");
  }
}

}  // namespace

std::vector<Point> initial_sites(const InitialCells& p, const CellType& type, const Domain& domain, double spacing,
                                 std::uint64_t seed, std::uint64_t stream_id) {
  const auto& g = domain.geometry;
  std::vector<Point> sites;
  switch (p.pattern) {
    case Pattern::none:
      break;
    case Pattern::table:
      check_table(p.positions, type, domain);
      sites = p.positions;
      break;
    case Pattern::uniform:
      if (domain.well_mixed) return std::vector<Point>(p.count);
      sites = random_sites(p, g, spacing, seed, stream_id);
      break;
    case Pattern::grid:
      sites = grid_sites(p, g, spacing);
      break;
    case Pattern::disc:
    case Pattern::sphere:
    case Pattern::rectangle:
      sites = packed_sites(p, spacing, g.two_dimensional || p.pattern == Pattern::disc);
      break;
  }
  if (p.pattern != Pattern::table && p.pattern != Pattern::uniform) {
    if (p.count > 0) {  // those nearest to the centre
      std::stable_sort(sites.begin(), sites.end(),
                       [](const Point& a, const Point& b) { return square_distance(a, {}) < square_distance(b, {}); });
    }
    for (Point& q : sites) q = {q[0] + p.x, q[1] + p.y, q[2] + p.z};
    std::erase_if(sites, [&](const Point& q) { return !inside_domain(q, domain); });
    if (p.count > 0 && sites.size() > p.count) sites.resize(p.count);
  }
  if (p.pattern != Pattern::table && sites.size() < p.count) {
    throw Error("E5005", "the initial pattern of '" + type.name + "' holds " + std::to_string(sites.size()) +
                             " cells, but " + std::to_string(p.count) + " were asked for")
        .at(type.where)
        .help("enlarge the pattern, lower the count or the spacing");
  }
  if (g.two_dimensional) {
    for (Point& q : sites) q[2] = g.centre(2, 0);
  }
  return sites;
}

}  // namespace senoma::engine
