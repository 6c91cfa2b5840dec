#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "mechanics/pair_forces.h"
#include "mechanics/pair_kernel.h"

namespace senoma::mechanics {

namespace {

constexpr double most_substeps = 1e6;
constexpr std::size_t block_size = 4096;

[[noreturn]] void refuse_value(const char* quantity, double value, std::uint64_t id) {
  throw Error("E5101", std::string(quantity) + " of cell " + std::to_string(id) + " is " + std::to_string(value),
              ErrorKind::numerical)
      .help("it must be finite, and radius and strengths not negative: look for a rule that drives it out of range");
}

void check_lengths(const Bodies& b, std::span<double> pressure) {
  const std::size_t n = b.x.size();
  const bool drift_fits = (b.drift_x.empty() && b.drift_y.empty() && b.drift_z.empty()) ||
                          (b.drift_x.size() == n && b.drift_y.size() == n && b.drift_z.size() == n);
  if (b.y.size() != n || b.z.size() != n || b.radius.size() != n || b.repulsion.size() != n || b.adhesion.size() != n ||
      b.id.size() != n || !drift_fits || (!b.movable.empty() && b.movable.size() != n) ||
      (!pressure.empty() && pressure.size() != n)) {
    throw Error("E5103", "the columns of the bodies differ in length", ErrorKind::numerical);
  }
}

void check_values(const Bodies& b, const Executor& executor) {
  struct Rule {
    const char* name;
    std::span<const double> column;
    bool may_be_negative;
  };
  const Rule rules[] = {
      {"position x", b.x, true},       {"position y", b.y, true},         {"position z", b.z, true},
      {"radius", b.radius, false},     {"repulsion", b.repulsion, false}, {"adhesion", b.adhesion, false},
      {"velocity x", b.drift_x, true}, {"velocity y", b.drift_y, true},   {"velocity z", b.drift_z, true}};
  executor.for_blocks(b.x.size(), block_size, [&](Block block) {
    for (const Rule& rule : rules) {
      if (rule.column.empty()) continue;
      for (std::size_t i = block.begin; i < block.end; ++i) {
        const double value = rule.column[i];
        if (!std::isfinite(value) || (!rule.may_be_negative && value < 0.0)) refuse_value(rule.name, value, b.id[i]);
      }
    }
  });
}

void check_options(const grid::Geometry& domain, double dt, const MotionOptions& options) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  if (!std::isfinite(dt) || dt < 0.0)
    throw Error("E5102", "the time step of the motion is " + std::to_string(dt) + " min");
  if (!positive(options.max_displacement))
    throw Error("E5102", "max_displacement must be positive").help("the usual value is 1 um");
  if (!positive(options.max_substep))
    throw Error("E5102", "max_substep must be positive").help("the usual value is 1 min");
  if (!std::isfinite(options.adhesion_range) || options.adhesion_range < 1.0) {
    throw Error("E5102", "adhesion_range must be at least 1").help("the usual value is 1.25");
  }
  for (int axis = 0; axis < 3; ++axis) {
    if (options.edge != EdgeRule::open && !positive(domain.extent(axis)))
      throw Error("E5102", "the domain has no extent");
  }
}

double wrapped(double x, double low, double extent) {
  const double offset = x - low;
  if (offset >= 0.0 && offset < extent) return x;
  const double inside = x - extent * std::floor(offset / extent);
  return inside >= low && inside < low + extent ? inside : low;
}

// Everything one call of `move` works with.
class Motion {
 public:
  Motion(const Bodies& bodies, const grid::Geometry& domain, const MotionOptions& options,
         grid::NeighbourList& neighbours, const Executor& executor)
      : b_(bodies),
        domain_(domain),
        options_(options),
        neighbours_(neighbours),
        executor_(executor),
        law_{options.adhesion_range, domain.two_dimensional, {0.0, 0.0, 0.0}},
        skin_(2.2 * options.max_displacement) {
    const std::size_t n = b_.x.size();
    for (Column<double>* column : {&reach_, &vx_, &vy_, &vz_, &wx_, &wy_, &wz_}) column->resize(n);
    if (domain.two_dimensional) flat_.resize(n);
    for (std::size_t i = 0; i < n; ++i) reach_[i] = options.adhesion_range * b_.radius[i];
    for (int axis = 0; axis < 3; ++axis) {
      low_[static_cast<std::size_t>(axis)] = domain.origin[static_cast<std::size_t>(axis)];
      high_[static_cast<std::size_t>(axis)] = low_[static_cast<std::size_t>(axis)] + domain.extent(axis);
      if (axis == 2 && domain.two_dimensional) continue;
      if (options.edge == EdgeRule::periodic) law_.period[static_cast<std::size_t>(axis)] = domain.extent(axis);
    }
    executor_.for_blocks(n, block_size, [&](Block block) { keep_inside(block); });
    pack(b_, domain.two_dimensional, packed_, executor_);
    build();
  }

  MotionReport run(double dt) {
    for (double left = dt; left > 0.0;) {
      const Maxima maxima = evaluate(packed_, b_, neighbours_, law_, {vx_, vy_, vz_, {}}, executor_);
      double h = std::min(left, options_.max_substep);
      if (maxima.speed * h > options_.max_displacement) h = options_.max_displacement / maxima.speed;
      if (maxima.stiffness * h > 1.0) h = 1.0 / maxima.stiffness;
      h = even_share(left, h, dt);
      double displacement = correct(h, maxima.speed);
      while (displacement > 1.05 * options_.max_displacement) {
        ++report_.rejected_substeps;
        h = even_share(left, 0.5 * h, dt);
        displacement = correct(h, maxima.speed);
      }
      accept(h);
      left = h < left ? left - h : 0.0;
    }
    return report_;
  }

  void pressure(std::span<double> out) {
    if (!out.empty()) evaluate(packed_, b_, neighbours_, law_, {wx_, wy_, wz_, out}, executor_);
  }

 private:
  // Equal shares of what is left, so that no sliver remains at the end.
  [[nodiscard]] double even_share(double left, double h, double dt) const {
    const double shares = std::ceil(left / h * (1.0 - 1e-12));
    if (!(shares < most_substeps) || !(h > dt / most_substeps)) {
      throw Error(
          "E5104",
          "cells move too fast: sub-steps of " + std::to_string(h) + " min in a step of " + std::to_string(dt) + " min",
          ErrorKind::numerical)
          .help("check the units of speed, repulsion and adhesion (um/min)");
    }
    return shares <= 1.0 ? left : left / shares;
  }

  void build() {
    const std::span<const double> z =
        domain_.two_dimensional ? std::span<const double>(flat_) : std::span<const double>(b_.z);
    neighbours_.build({b_.x, b_.y, z, reach_, b_.id, law_.period}, skin_, executor_);
    ++report_.neighbour_builds;
    at_build_[0].assign(b_.x.begin(), b_.x.end());
    at_build_[1].assign(b_.y.begin(), b_.y.end());
    at_build_[2].assign(b_.z.begin(), b_.z.end());
    travelled_ = 0.0;
  }

  // Velocities at the predicted positions x + h v into w; returns the largest displacement of h (v + w)/2.
  double correct(double h, double speed) {
    if (travelled_ + h * speed > 0.5 * skin_) build();
    executor_.for_blocks(packed_.size(), block_size, [&](Block block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        packed_[i].x = predicted(b_.x[i], h * vx_[i], 0);
        packed_[i].y = predicted(b_.y[i], h * vy_[i], 1);
        if (!law_.two_dimensional) packed_[i].z = predicted(b_.z[i], h * vz_[i], 2);
      }
    });
    evaluate(packed_, b_, neighbours_, law_, {wx_, wy_, wz_, {}}, executor_);
    return 0.5 * h * std::sqrt(largest([&](std::size_t i) {
             const double x = vx_[i] + wx_[i], y = vy_[i] + wy_[i], z = vz_[i] + wz_[i];
             return x * x + y * y + z * z;
           }));
  }

  // The largest value over the cells; a maximum does not depend on the order.
  template <class Value>
  [[nodiscard]] double largest(const Value& value) const {
    std::vector<double> of_block(block_count(packed_.size(), block_size), 0.0);
    executor_.for_blocks(packed_.size(), block_size, [&](Block block) {
      double most = 0.0;
      for (std::size_t i = block.begin; i < block.end; ++i) most = std::max(most, value(i));
      of_block[block.index] = most;
    });
    double most = 0.0;
    for (const double m : of_block) most = std::max(most, m);
    return most;
  }

  // How far any body is from where it was when the list was built.
  [[nodiscard]] double distance_from_build() const {
    const auto apart = [&](double now, double then, std::size_t axis) {
      const double d = now - then, period = law_.period[axis];
      return period > 0.0 ? d - period * std::nearbyint(d / period) : d;
    };
    return std::sqrt(largest([&](std::size_t i) {
      const double x = apart(b_.x[i], at_build_[0][i], 0), y = apart(b_.y[i], at_build_[1][i], 1),
                   z = apart(b_.z[i], at_build_[2][i], 2);
      return x * x + y * y + z * z;
    }));
  }

  // A body pressed against a face is evaluated at the face; what does not move stays, wherever it is.
  [[nodiscard]] double predicted(double x, double displacement, std::size_t axis) const {
    if (options_.edge != EdgeRule::reflect || displacement == 0.0) return x + displacement;
    return std::clamp(x + displacement, low_[axis], high_[axis]);
  }

  void accept(double h) {
    executor_.for_blocks(packed_.size(), block_size, [&](Block block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        b_.x[i] += 0.5 * h * (vx_[i] + wx_[i]);
        b_.y[i] += 0.5 * h * (vy_[i] + wy_[i]);
        if (!law_.two_dimensional) b_.z[i] += 0.5 * h * (vz_[i] + wz_[i]);
      }
      keep_inside(block);
      for (std::size_t i = block.begin; i < block.end; ++i) {
        packed_[i].x = b_.x[i];
        packed_[i].y = b_.y[i];
        if (!law_.two_dimensional) packed_[i].z = b_.z[i];
      }
    });
    travelled_ = distance_from_build();
    if (travelled_ > 0.5 * skin_) build();
    report_.shortest_substep = report_.substeps == 0 ? h : std::min(report_.shortest_substep, h);
    ++report_.substeps;
  }

  void keep_inside(Block block) {
    if (options_.edge == EdgeRule::open) return;
    const std::span<double> position[3] = {b_.x, b_.y, b_.z};
    for (int axis = 0; axis < (law_.two_dimensional ? 2 : 3); ++axis) {
      const double low = low_[static_cast<std::size_t>(axis)], high = high_[static_cast<std::size_t>(axis)];
      for (std::size_t i = block.begin; i < block.end; ++i) {
        if (!b_.movable.empty() && b_.movable[i] == 0) continue;
        double& x = position[axis][i];
        x = options_.edge == EdgeRule::reflect ? std::clamp(x, low, high) : wrapped(x, low, high - low);
      }
    }
  }

  const Bodies& b_;
  const grid::Geometry& domain_;
  const MotionOptions& options_;
  grid::NeighbourList& neighbours_;
  const Executor& executor_;
  PairLaw law_;
  std::array<double, 3> low_{}, high_{};
  double skin_;
  double travelled_ = 0.0;  // µm, the farthest that a body is from where the list was built
  MotionReport report_;
  Column<PackedBody> packed_;
  std::array<Column<double>, 3> at_build_;
  Column<double> reach_, flat_, vx_, vy_, vz_, wx_, wy_, wz_;
};

}  // namespace

MotionReport move(const Bodies& bodies, const grid::Geometry& domain, double dt, const MotionOptions& options,
                  grid::NeighbourList& neighbours, std::span<double> pressure, const Executor& executor) {
  check_lengths(bodies, pressure);
  check_options(domain, dt, options);
  check_values(bodies, executor);
  Motion motion(bodies, domain, options, neighbours, executor);
  const MotionReport report = motion.run(dt);
  motion.pressure(pressure);
  return report;
}

}  // namespace senoma::mechanics
