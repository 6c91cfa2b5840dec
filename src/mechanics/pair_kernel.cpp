#include "mechanics/pair_kernel.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/hash.h"
#include "base/kernel.h"
#include "base/math.h"
#include "mechanics/pair_forces.h"

namespace senoma::mechanics {

namespace {

constexpr std::size_t pairs_at_once = 256;    // eight columns of them fit L1
constexpr double coincident_squared = 1e-30;  // µm²: below, the difference of the centres has no direction

struct alignas(64) PairBuffer {
  double dx[pairs_at_once], dy[pairs_at_once], dz[pairs_at_once];  // in: x_i − x_j; out: the velocity it adds
  double distance[pairs_at_once];                                  // in: R_i + R_j; out: d²
  double repulsion[pairs_at_once], adhesion[pairs_at_once];        // c_r, c_a of the pair
  double overlap[pairs_at_once], stiffness[pairs_at_once];         // out: (1 − d/R)²₊, 1/min
};

// The terms of n pairs. No branch, so that it compiles to vectors; coincident pairs are put right by the caller.
// Returns how many those are.
SENOMA_KERNEL(std::int64_t, pair_terms, (PairBuffer & b, std::size_t n, double inverse_range), (b, n, inverse_range)) {
  std::int64_t coincident = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double x = b.dx[k], y = b.dy[k], z = b.dz[k], c_r = b.repulsion[k], c_a = b.adhesion[k];
    const double d2 = x * x + y * y + z * z;
    const double d = std::sqrt(d2 > coincident_squared ? d2 : coincident_squared);
    const double touch = b.distance[k];
    const double inverse_touch = 1.0 / (touch > 1e-300 ? touch : 1e-300);
    const double q = d * inverse_touch;
    const double t = 1.0 - q > 0.0 ? 1.0 - q : 0.0;
    const double u = 1.0 - q * inverse_range > 0.0 ? 1.0 - q * inverse_range : 0.0;
    const double speed = c_r * (t * t) - c_a * (u * u);  // away from the neighbour
    const double per_distance = speed / d;
    // Contraction along the line by repulsion, across it by attraction (bounded where attraction wins at contact).
    const double across = -per_distance < -10.0 * speed * inverse_touch ? -per_distance : -10.0 * speed * inverse_touch;
    b.stiffness[k] = 2.0 * (c_r * t) * inverse_touch + (across > 0.0 ? across : 0.0);
    b.overlap[k] = t * t;
    b.distance[k] = d2;
    b.dx[k] = per_distance * x;
    b.dy[k] = per_distance * y;
    b.dz[k] = per_distance * z;
    coincident += d2 <= coincident_squared ? 1 : 0;
  }
  return coincident;
}

// A run of pairs in the buffer that belong to one cell.
struct Segment {
  std::size_t cell, first_pair, count, first_neighbour;
};

class BlockSum {
 public:
  BlockSum(const Column<PackedBody>& packed, const Bodies& bodies, const grid::NeighbourList& neighbours,
           const PairLaw& law, Block block)
      : packed_(packed),
        bodies_(bodies),
        neighbours_(neighbours),
        law_(law),
        block_(block),
        sums_(block.end - block.begin) {}

  std::vector<CellSum>& run() {
    const bool periodic = law_.period[0] > 0.0 || law_.period[1] > 0.0 || law_.period[2] > 0.0;
    for (std::size_t i = block_.begin; i < block_.end; ++i) {
      const std::size_t row = neighbours_.of(i).size();
      for (std::size_t done = 0; done < row;) {
        const std::size_t count = std::min(row - done, pairs_at_once - filled_);
        if (count == 0) {
          flush();
          continue;
        }
        segments_.push_back({i, filled_, count, done});
        if (periodic)
          gather<true>(segments_.back());
        else
          gather<false>(segments_.back());
        filled_ += count;
        done += count;
      }
    }
    flush();
    return sums_;
  }

 private:
  template <bool Periodic>
  static double difference(double a, double b, double period) {
    const double d = a - b;
    if constexpr (Periodic) return period > 0.0 ? d - period * std::nearbyint(d / period) : d;
    return d;
  }

  template <bool Periodic>
  void gather(const Segment& segment) {
    const PackedBody self = packed_[segment.cell];
    const std::uint32_t* row = neighbours_.of(segment.cell).data() + segment.first_neighbour;
    PairBuffer& b = buffer_;
    for (std::size_t k = 0, to = segment.first_pair; k < segment.count; ++k, ++to) {
      const PackedBody& other = packed_[row[k]];
      b.dx[to] = difference<Periodic>(self.x, other.x, law_.period[0]);
      b.dy[to] = difference<Periodic>(self.y, other.y, law_.period[1]);
      b.dz[to] = difference<Periodic>(self.z, other.z, law_.period[2]);
      b.distance[to] = self.radius + other.radius;
      b.repulsion[to] = self.root_repulsion * other.root_repulsion;
      b.adhesion[to] = self.root_adhesion * other.root_adhesion;
    }
  }

  void flush() {
    if (pair_terms(buffer_, filled_, 1.0 / law_.adhesion_range) > 0) part_coincident();
    for (const Segment& s : segments_) {
      CellSum sum = sums_[s.cell - block_.begin];
      for (std::size_t k = s.first_pair; k < s.first_pair + s.count; ++k) {
        sum.x += buffer_.dx[k];
        sum.y += buffer_.dy[k];
        sum.z += buffer_.dz[k];
        sum.pressure += buffer_.overlap[k];
        sum.stiffness += buffer_.stiffness[k];
      }
      sums_[s.cell - block_.begin] = sum;
    }
    segments_.clear();
    filled_ = 0;
  }

  void part_coincident() {
    for (const Segment& s : segments_) {
      const auto row = neighbours_.of(s.cell);
      for (std::size_t k = 0; k < s.count; ++k) {
        const std::size_t p = s.first_pair + k;
        if (buffer_.distance[p] > coincident_squared) continue;
        const bool touching = buffer_.overlap[p] > 0.0;  // not two points without extent
        const double speed = touching ? buffer_.repulsion[p] - buffer_.adhesion[p] : 0.0;
        const auto direction =
            parting_direction(bodies_.id[s.cell], bodies_.id[row[s.first_neighbour + k]], law_.two_dimensional);
        buffer_.dx[p] = speed > 0.0 ? speed * direction[0] : 0.0;
        buffer_.dy[p] = speed > 0.0 ? speed * direction[1] : 0.0;
        buffer_.dz[p] = speed > 0.0 ? speed * direction[2] : 0.0;
      }
    }
  }

  const Column<PackedBody>& packed_;
  const Bodies& bodies_;
  const grid::NeighbourList& neighbours_;
  const PairLaw& law_;
  Block block_;
  std::vector<CellSum> sums_;
  std::vector<Segment> segments_;
  std::size_t filled_ = 0;
  PairBuffer buffer_;
};

}  // namespace

std::array<double, 3> parting_direction(std::uint64_t id, std::uint64_t other, bool two_dimensional) {
  const std::uint64_t low = std::min(id, other), high = std::max(id, other);
  const std::uint64_t bits = mix64(mix64(low) ^ (high * 0x9E3779B97F4A7C15ULL));
  const double sign = id <= other ? 1.0 : -1.0;
  const double angle = 2.0 * math::pi * (static_cast<double>(bits >> 32) * 0x1.0p-32);
  const double height = two_dimensional ? 0.0 : 2.0 * (static_cast<double>(bits & 0xFFFFFFFFULL) * 0x1.0p-32) - 1.0;
  const double across = math::sqrt(1.0 - height * height);
  return {sign * across * math::cos(angle), sign * across * math::sin(angle), sign * height};
}

double reference_overlap(bool two_dimensional) {
  const double gap = 1.0 - math::sqrt(math::pi / (2.0 * math::sqrt(3.0)));
  return (two_dimensional ? 6.0 : 12.0) * gap * gap;
}

void pack(const Bodies& bodies, bool two_dimensional, Column<PackedBody>& packed, const Executor& executor) {
  packed.resize(bodies.x.size());
  executor.for_blocks(packed.size(), 4096, [&](Block block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      packed[i] = {bodies.x[i],
                   bodies.y[i],
                   two_dimensional ? 0.0 : bodies.z[i],
                   bodies.radius[i],
                   math::sqrt(bodies.repulsion[i]),
                   math::sqrt(bodies.adhesion[i])};
    }
  });
}

void evaluate(const Column<PackedBody>& packed, const Bodies& bodies, const grid::NeighbourList& neighbours,
              const PairLaw& law, const Executor& executor, const TakeSums& take) {
  const double per_overlap = 1.0 / reference_overlap(law.two_dimensional);
  const bool drifting = !bodies.drift_x.empty();
  executor.for_blocks(packed.size(), grid::NeighbourList::rows_per_block, [&](Block block) {
    BlockSum block_sum(packed, bodies, neighbours, law, block);
    std::vector<CellSum>& sums = block_sum.run();
    for (std::size_t i = block.begin; i < block.end; ++i) {
      CellSum& sum = sums[i - block.begin];
      sum.pressure *= per_overlap;
      if (!bodies.movable.empty() && bodies.movable[i] == 0) {
        sum.x = sum.y = sum.z = sum.stiffness = 0.0;
      } else if (drifting) {
        sum.x += bodies.drift_x[i];
        sum.y += bodies.drift_y[i];
        if (!law.two_dimensional) sum.z += bodies.drift_z[i];
      }
    }
    take(block, sums);
  });
}

}  // namespace senoma::mechanics
