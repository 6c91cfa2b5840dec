#include "grid/neighbours.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace senoma::grid {

namespace {

constexpr std::size_t max_levels = 8, loop_block = 4096;
constexpr double farthest_bin = 1e9;  // farther points share the outermost bin: slower, still exact

// The pair's test, shared by both lists: symmetric in i and j bit by bit, so that each pair stands in both rows.
template <bool Periodic>
inline double separation(double from, double to, double period) {
  const double d = to - from;
  if constexpr (Periodic) return period > 0.0 ? d - period * std::nearbyint(d / period) : d;
  return d;
}

inline double cut_off(double reach_i, double reach_j, double skin) { return (reach_i + reach_j) + skin; }

inline double height(const Points& points, std::size_t i) { return points.z.empty() ? 0.0 : points.z[i]; }

std::int64_t unwrapped_bin(double x, double size) {
  const double q = std::floor(x / size);
  if (!(q > -farthest_bin)) return static_cast<std::int64_t>(-farthest_bin);  // and NaN
  return static_cast<std::int64_t>(std::min(q, farthest_bin));
}

std::int64_t wrap(std::int64_t bin, std::int64_t n) {
  const std::int64_t r = bin % n;
  return r < 0 ? r + n : r;
}

bool is_periodic(const Points& points) {
  return points.period[0] > 0.0 || points.period[1] > 0.0 || points.period[2] > 0.0;
}

// The bins [begin, begin + count) along one axis, taken modulo n.
struct AxisRange {
  std::int64_t begin = 0, count = 0;
};

// Rows are short, so a branch-free ranking beats a sort; equal ids (a broken contract) keep the order found.
void append_by_id(std::span<const std::uint64_t> key, std::span<const std::uint32_t> value,
                  std::vector<std::pair<std::uint64_t, std::uint32_t>>& pairs, std::vector<std::uint32_t>& row_store) {
  const std::size_t m = value.size(), base = row_store.size();
  row_store.resize(base + m);
  if (m <= 48) {
    for (std::size_t a = 0; a < m; ++a) {
      std::size_t rank = 0;
      for (std::size_t b = 0; b < a; ++b) rank += key[b] <= key[a] ? 1U : 0U;
      for (std::size_t b = a + 1; b < m; ++b) rank += key[b] < key[a] ? 1U : 0U;
      row_store[base + rank] = value[a];
    }
    return;
  }
  pairs.resize(m);
  for (std::size_t a = 0; a < m; ++a) pairs[a] = {key[a], value[a]};
  std::sort(pairs.begin(), pairs.end());
  for (std::size_t a = 0; a < m; ++a) row_store[base + a] = pairs[a].second;
}

// What one block needs while it fills its rows; grows to the largest row, then allocates no more.
struct Scratch {
  std::vector<std::uint32_t> found;
  std::vector<std::uint64_t> key;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> pairs;
};

struct SortedPoints {
  const double *x, *y, *z, *reach;
  const std::uint32_t* index;
};

// Appends to `found` the points of [begin, end) within the cut-off of point i, without branches.
template <bool Periodic>
std::size_t test_range(const SortedPoints& s, const Points& points, std::size_t i, double skin, std::size_t begin,
                       std::size_t end, std::uint32_t* found, std::size_t n_found) {
  const double x = points.x[i], y = points.y[i], z = height(points, i), reach = points.reach[i];
  for (std::size_t k = begin; k < end; ++k) {
    const double dx = separation<Periodic>(x, s.x[k], points.period[0]);
    const double dy = separation<Periodic>(y, s.y[k], points.period[1]);
    const double dz = separation<Periodic>(z, s.z[k], points.period[2]);
    const double c = cut_off(reach, s.reach[k], skin);
    found[n_found] = s.index[k];
    n_found += static_cast<std::size_t>((dx * dx + dy * dy + dz * dz <= c * c) & (s.index[k] != i));
  }
  return n_found;
}

}  // namespace

void NeighbourList::choose_levels(const Points& points, double skin, const Executor& executor) {
  const std::size_t n = points.x.size(), n_blocks = block_count(n, loop_block);
  std::vector<double> most(n_blocks, 0.0);
  executor.for_blocks(n, loop_block, [&](Block block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      if (std::isfinite(points.reach[i])) most[block.index] = std::max(most[block.index], points.reach[i]);
    }
  });
  double max_reach = 0.0;
  for (const double m : most) max_reach = std::max(max_reach, m);
  level_.resize(n);
  std::vector<std::array<Level, max_levels>> part(n_blocks);
  executor.for_blocks(n, loop_block, [&](Block block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      // Level 0 holds (max/2, max], level 1 (max/4, max/2], …; the last one all smaller.
      std::size_t level = 0;
      for (double bound = 0.5 * max_reach; level + 1 < max_levels && points.reach[i] <= bound && bound > 0.0;
           bound *= 0.5)
        ++level;
      level_[i] = static_cast<std::uint8_t>(level);
      const double position[3] = {points.x[i], points.y[i], height(points, i)};
      part[block.index][level].add(position, points.reach[i]);
    }
  });
  levels_.assign(max_levels, Level{});
  std::size_t n_bins = 0;
  for (std::size_t k = 0; k < levels_.size(); ++k) {
    Level& level = levels_[k];
    for (const auto& levels : part) level.add(levels[k]);
    level.first_bin = n_bins;
    if (level.n_points == 0) continue;
    size_bins(level, points.period, skin);
    n_bins += static_cast<std::size_t>(level.n[0] * level.n[1] * level.n[2]);
  }
  bin_begin_.assign(n_bins + 1, 0);
}

void NeighbourList::Level::add(const double (&position)[3], double reach) {
  for (std::size_t a = 0; a < 3; ++a) {
    low[a] = std::min(low[a], position[a]);
    high[a] = std::max(high[a], position[a]);
  }
  if (std::isfinite(reach)) max_reach = std::max(max_reach, reach);
  ++n_points;
}

void NeighbourList::Level::add(const Level& part) {
  for (std::size_t a = 0; a < 3; ++a) {
    low[a] = std::min(low[a], part.low[a]);
    high[a] = std::max(high[a], part.high[a]);
  }
  max_reach = std::max(max_reach, part.max_reach);
  n_points += part.n_points;
}

// Bins as small as the level's reach sum allows and at most a few per point: fewer make the grid wrap around.
void NeighbourList::size_bins(Level& level, const std::array<double, 3>& period, double skin) {
  const double edge = std::max(2.0 * level.max_reach + skin, 1e-9);
  // Bins are consecutive in memory along x, so finer ones there cost nothing and waste fewer tests.
  level.bin_size = {0.25 * edge, edge, edge};
  for (std::size_t a = 0; a < 3; ++a) {
    if (period[a] > 0.0) {
      level.first[a] = static_cast<std::int64_t>(-4.0 * farthest_bin);
      level.last[a] = static_cast<std::int64_t>(4.0 * farthest_bin);
      level.n[a] = std::max<std::int64_t>(1, unwrapped_bin(period[a], level.bin_size[a]));
    } else {
      level.first[a] = unwrapped_bin(level.low[a], level.bin_size[a]);
      level.last[a] = unwrapped_bin(level.high[a], level.bin_size[a]);
      level.n[a] = std::max<std::int64_t>(1, level.last[a] - level.first[a] + 1);
    }
  }
  const double most = 2.0 * static_cast<double>(level.n_points) + 64.0;
  while (static_cast<double>(level.n[0]) * static_cast<double>(level.n[1]) * static_cast<double>(level.n[2]) > most) {
    std::int64_t& longest = *std::max_element(level.n.begin(), level.n.end());
    longest = (longest + 1) / 2;
  }
  for (std::size_t a = 0; a < 3; ++a) {
    if (period[a] > 0.0) level.bin_size[a] = period[a] / static_cast<double>(level.n[a]);
  }
}

void NeighbourList::sort_into_bins(const Points& points, const Executor& executor) {
  const std::size_t n = points.x.size();
  bin_.resize(n);
  executor.for_blocks(n, loop_block, [&](Block block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const Level& level = levels_[level_[i]];
      const std::int64_t bx = wrap(unwrapped_bin(points.x[i], level.bin_size[0]), level.n[0]);
      const std::int64_t by = wrap(unwrapped_bin(points.y[i], level.bin_size[1]), level.n[1]);
      const std::int64_t bz = wrap(unwrapped_bin(height(points, i), level.bin_size[2]), level.n[2]);
      bin_[i] = static_cast<std::uint32_t>(level.first_bin +
                                           static_cast<std::size_t>((bz * level.n[1] + by) * level.n[0] + bx));
    }
  });
  for (std::size_t i = 0; i < n; ++i) ++bin_begin_[bin_[i] + 1];
  for (std::size_t b = 1; b < bin_begin_.size(); ++b) bin_begin_[b] += bin_begin_[b - 1];
  sorted_index_.resize(n);
  // Filling moves each begin to its bin's end, that is the next bin's begin; shifting back restores them.
  for (std::size_t i = 0; i < n; ++i) sorted_index_[bin_begin_[bin_[i]]++] = static_cast<std::uint32_t>(i);
  for (std::size_t b = bin_begin_.size() - 1; b > 0; --b) bin_begin_[b] = bin_begin_[b - 1];
  bin_begin_[0] = 0;
  for (Column<double>* column : {&sorted_x_, &sorted_y_, &sorted_z_, &sorted_reach_}) column->resize(n);
  executor.for_blocks(n, loop_block, [&](Block block) {
    for (std::size_t k = block.begin; k < block.end; ++k) {
      const std::size_t i = sorted_index_[k];
      sorted_x_[k] = points.x[i];
      sorted_y_[k] = points.y[i];
      sorted_z_[k] = height(points, i);
      sorted_reach_[k] = points.reach[i];
    }
  });
}

template <bool Periodic>
std::size_t NeighbourList::find(const Points& points, double skin, std::size_t i,
                                std::vector<std::uint32_t>& found) const {
  const SortedPoints sorted{sorted_x_.data(), sorted_y_.data(), sorted_z_.data(), sorted_reach_.data(),
                            sorted_index_.data()};
  const std::array<double, 3> centre{points.x[i], points.y[i], height(points, i)};
  std::size_t n_found = 0;
  for (const Level& level : levels_) {
    if (level.n_points == 0) continue;
    const double cut = cut_off(points.reach[i], level.max_reach, skin);
    std::array<AxisRange, 3> range;
    for (std::size_t a = 0; a < 3; ++a) {
      // The margin covers the rounding of the test and of the bin's index, so no pair is missed.
      const double margin = cut * (1.0 + 1e-9) + std::abs(centre[a]) * 1e-15;
      const std::int64_t low = std::max(level.first[a], unwrapped_bin(centre[a] - margin, level.bin_size[a]));
      const std::int64_t high = std::min(level.last[a], unwrapped_bin(centre[a] + margin, level.bin_size[a]));
      range[a] = {wrap(low, level.n[a]), std::clamp<std::int64_t>(high - low + 1, 0, level.n[a])};
    }
    const auto [x_begin, x_count] = range[0];
    if (x_count == 0) continue;
    const std::int64_t x_end = std::min(x_begin + x_count, level.n[0]);
    const std::int64_t x_wrapped = x_begin + x_count - x_end;  // bins left over, from 0 on
    const auto test = [&](std::size_t row, std::int64_t from, std::int64_t to) {
      const std::size_t begin = bin_begin_[row + static_cast<std::size_t>(from)];
      const std::size_t end = bin_begin_[row + static_cast<std::size_t>(to)];
      if (found.size() < n_found + (end - begin)) found.resize(2 * (n_found + (end - begin)));
      n_found = test_range<Periodic>(sorted, points, i, skin, begin, end, found.data(), n_found);
    };
    for (std::int64_t k = 0, z = range[2].begin; k < range[2].count; ++k, z = z + 1 == level.n[2] ? 0 : z + 1) {
      for (std::int64_t j = 0, y = range[1].begin; j < range[1].count; ++j, y = y + 1 == level.n[1] ? 0 : y + 1) {
        const std::size_t row = level.first_bin + static_cast<std::size_t>((z * level.n[1] + y) * level.n[0]);
        test(row, x_begin, x_end);
        if (x_wrapped > 0) test(row, 0, x_wrapped);
      }
    }
  }
  return n_found;
}

void NeighbourList::fill_rows(const Points& points, double skin, Block block) {
  const bool periodic = is_periodic(points);
  std::vector<std::uint32_t> rows;  // stored without the room that growing leaves
  rows.reserve(64 * (block.end - block.begin));
  Scratch scratch;
  scratch.found.resize(256);
  for (std::size_t i = block.begin; i < block.end; ++i) {
    const std::size_t n_found =
        periodic ? find<true>(points, skin, i, scratch.found) : find<false>(points, skin, i, scratch.found);
    scratch.key.resize(std::max(scratch.key.size(), n_found));
    for (std::size_t k = 0; k < n_found; ++k) scratch.key[k] = points.id[scratch.found[k]];
    begin_[i] = static_cast<std::uint32_t>(rows.size());
    append_by_id({scratch.key.data(), n_found}, {scratch.found.data(), n_found}, scratch.pairs, rows);
  }
  auto& store = rows_[block.index];
  if (store.capacity() > rows.size() + rows.size() / 4) store = {};
  store.assign(rows.begin(), rows.end());
}

void NeighbourList::build(const Points& points, double skin, const Executor& executor) {
  const std::size_t n = points.x.size();
  begin_.resize(n);
  rows_.resize(block_count(n, rows_per_block));
  choose_levels(points, skin, executor);
  sort_into_bins(points, executor);
  executor.for_blocks(n, rows_per_block, [&](Block block) { fill_rows(points, skin, block); });
  id_.assign(points.id.begin(), points.id.end());
  period_ = points.period;
  skin_ = skin;
}

bool NeighbourList::covers(const Points& points, std::span<float> margin, const Executor& executor) const {
  if (!std::equal(id_.begin(), id_.end(), points.id.begin(), points.id.end()) || period_ != points.period) return false;
  std::vector<unsigned char> holds(block_count(id_.size(), loop_block), 1);
  executor.for_blocks(id_.size(), loop_block, [&](Block block) {
    for (std::size_t k = block.begin; k < block.end; ++k) {
      const std::size_t i = sorted_index_[k];
      const double dx = separation<true>(sorted_x_[k], points.x[i], period_[0]);
      const double dy = separation<true>(sorted_y_[k], points.y[i], period_[1]);
      const double dz = separation<true>(sorted_z_[k], height(points, i), period_[2]);
      const double left = sorted_reach_[k] + 0.5 * skin_ - points.reach[i] - std::sqrt(dx * dx + dy * dy + dz * dz);
      if (!(left >= 0.0)) holds[block.index] = 0;
      margin[i] = static_cast<float>(left * (1.0 - 1e-6));
    }
  });
  return std::all_of(holds.begin(), holds.end(), [](unsigned char h) { return h != 0; });
}

std::vector<std::vector<std::uint32_t>> neighbours_by_definition(const Points& points, double skin) {
  const std::size_t n = points.x.size();
  std::vector<std::vector<std::uint32_t>> rows(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double dx = separation<true>(points.x[i], points.x[j], points.period[0]);
      const double dy = separation<true>(points.y[i], points.y[j], points.period[1]);
      const double dz = separation<true>(height(points, i), height(points, j), points.period[2]);
      const double c = cut_off(points.reach[i], points.reach[j], skin);
      if (j != i && dx * dx + dy * dy + dz * dz <= c * c) rows[i].push_back(static_cast<std::uint32_t>(j));
    }
    std::sort(rows[i].begin(), rows[i].end(),
              [&](std::uint32_t a, std::uint32_t b) { return points.id[a] < points.id[b]; });
  }
  return rows;
}

}  // namespace senoma::grid
