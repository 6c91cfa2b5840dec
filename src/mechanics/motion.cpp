#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/math.h"
#include "mechanics/chebyshev.h"
#include "mechanics/motion_checks.h"
#include "mechanics/pair_forces.h"
#include "mechanics/pair_kernel.h"

namespace senoma::mechanics {

namespace {

constexpr double most_substeps = 1e6;
constexpr std::size_t block_size = 4096;

double wrapped(double x, double low, double extent) {
  const double offset = x - low;
  if (offset >= 0.0 && offset < extent) return x;
  const double inside = x - extent * std::floor(offset / extent);
  return inside >= low && inside < low + extent ? inside : low;
}

// The largest values over cells; a maximum does not depend on the order.
struct Maxima {
  double speed = 0.0, stiffness = 0.0, error = 0.0, moved = 0.0;  // µm/min, 1/min, µm, µm; all but stiffness squared
  bool beyond_list = false;                                       // a cell left the skin it has in the neighbour list

  void take(const Maxima& m) {
    speed = std::max(speed, m.speed);
    stiffness = std::max(stiffness, m.stiffness);
    error = std::max(error, m.error);
    moved = std::max(moved, m.moved);
    beyond_list = beyond_list || m.beyond_list;
  }
};

// Everything one call of `move` works with. y is where the sub-step began (the bodies' own columns), Y a stage.
class Motion {
 public:
  Motion(const Bodies& bodies, const grid::Geometry& domain, const MotionOptions& options,
         grid::NeighbourList& neighbours, std::span<double> pressure, const Executor& executor)
      : b_(bodies),
        options_(options),
        neighbours_(neighbours),
        pressure_(pressure),
        executor_(executor),
        law_{options.adhesion_range, domain.two_dimensional, {0.0, 0.0, 0.0}},
        position_{bodies.x, bodies.y, bodies.z},
        n_axes_(domain.two_dimensional ? 2 : 3),
        schemes_(most_stages + 1) {
    for (std::size_t axis = 0; axis < n_axes_; ++axis) {
      low_[axis] = domain.origin[axis];
      high_[axis] = low_[axis] + domain.extent(static_cast<int>(axis));
      if (options.edge == EdgeRule::periodic) law_.period[axis] = domain.extent(static_cast<int>(axis));
      start_velocity_[axis].resize(b_.x.size());
      other_[axis].resize(b_.x.size());
    }
    executor_.for_blocks(b_.x.size(), block_size, [&](Block block) { keep_inside(block); });
    pack(b_, domain.two_dimensional, packed_, executor_);
    margin_.resize(b_.x.size());
    choose_reach(0.0, 0.0);
    if (!neighbours_.covers(points(), margin_, executor_)) build(0.0);
  }

  MotionReport run(double dt) {
    start_ = first_velocities();
    double wanted = first_guess();
    for (double left = dt; left > 0.0;) {
      const double h = substep(std::min({left, options_.max_substep, wanted}), left, dt);
      if (!list_serves(h)) build(left);
      const Maxima tried = attempt(h, stages_for(h * 2.0 * start_.stiffness));
      const double error = std::sqrt(tried.error);
      const double change = error > 0.0 ? 0.8 * math::pow(options_.tolerance / error, 1.0 / 3.0) : largest_change;
      if (moved_too_far(tried)) {
        ++report_.rejected_substeps;
        wanted = 0.5 * h;
      } else if (tried.beyond_list) {
        caution_ *= 2.0;
        build(left);
      } else if (error > options_.tolerance && h * start_.stiffness > 0.5) {
        go_back();
        ++report_.rejected_substeps;
        wanted = std::max(h * std::max(change, smallest_change), 0.5 / start_.stiffness);
      } else {
        accept(h);
        start_ = tried;
        wanted = h * std::clamp(change, smallest_change, largest_change);
        left = h < left ? left - h : 0.0;
      }
    }
    return report_;
  }

 private:
  static constexpr double smallest_change = 0.2, largest_change = 3.0;  // of the sub-step from one to the next
  static constexpr double common_skin = 0.3, widest_skin = 2.3;         // in units of max_displacement

  // The longest sub-step up to h that displacement and stability allow, as an equal share of what is left, so that no
  // sliver remains at the end.
  [[nodiscard]] double substep(double h, double left, double dt) const {
    const double speed = std::sqrt(start_.speed), radius = 2.0 * start_.stiffness;
    if (speed * h > options_.max_displacement) h = options_.max_displacement / speed;
    if (radius * h > stable_reach(most_stages)) h = stable_reach(most_stages) / radius;
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

  // The leading term of the estimated error is h³ y‴/15, and y‴ is at most about k² v.
  [[nodiscard]] double first_guess() const {
    const double k = start_.stiffness, v = std::sqrt(start_.speed);
    return k * k * v > 0.0 ? math::pow(15.0 * options_.tolerance / (k * k * v), 1.0 / 3.0) : options_.max_substep;
  }

  // Reach of each body, with a skin by how far it will get at its present speed in the time `left`.
  void choose_reach(double left, double skin_factor) {
    reach_.resize(b_.x.size());
    const double common = common_skin * caution_ * options_.max_displacement,
                 widest = std::max(common, widest_skin * options_.max_displacement);
    executor_.for_blocks(reach_.size(), block_size, [&](Block block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        const double travel = left > 0.0 ? caution_ * left * std::sqrt(start_speed_squared(i)) : 0.0;
        const double skin = skin_factor * std::clamp(travel, common, widest);
        margin_[i] = static_cast<float>(skin * (1.0 - 1e-6));
        reach_[i] = options_.adhesion_range * b_.radius[i] + skin;
      }
    });
  }

  [[nodiscard]] grid::Points points() const {
    return {b_.x,   b_.y,  law_.two_dimensional ? std::span<const double>() : std::span<const double>(b_.z),
            reach_, b_.id, law_.period};
  }

  void build(double left) {
    choose_reach(left, 1.0);
    neighbours_.build(points(), 0.0, executor_);
    ++report_.neighbour_builds;
  }

  [[nodiscard]] double start_speed_squared(std::size_t i) const {
    double sum = 0.0;
    for (std::size_t axis = 0; axis < n_axes_; ++axis) sum += start_velocity_[axis][i] * start_velocity_[axis][i];
    return sum;
  }

  // Calls body(block, its maxima) and joins these.
  template <class Body>
  Maxima over_blocks(const Body& body) const {
    std::vector<Maxima> of_block(block_count(packed_.size(), block_size));
    executor_.for_blocks(packed_.size(), block_size, [&](Block block) { body(block, of_block[block.index]); });
    return join(of_block);
  }

  static Maxima join(const std::vector<Maxima>& of_block) {
    Maxima all;
    for (const Maxima& m : of_block) all.take(m);
    return all;
  }

  // Evaluates at Y; calls use(cell, its sums, maxima of the block).
  template <class Use>
  Maxima evaluate_at_stage(const Use& use) {
    std::vector<Maxima> of_block(block_count(packed_.size(), grid::NeighbourList::rows_per_block));
    evaluate(packed_, b_, neighbours_, law_, executor_, [&](Block block, std::span<const CellSum> sums) {
      Maxima most;
      for (std::size_t i = block.begin; i < block.end; ++i) use(i, sums[i - block.begin], most);
      of_block[block.index] = most;
    });
    ++report_.evaluations;
    return join(of_block);
  }

  static void note_velocity(const CellSum& sum, Maxima& most) {
    most.speed = std::max(most.speed, sum.x * sum.x + sum.y * sum.y + sum.z * sum.z);
    most.stiffness = std::max(most.stiffness, sum.stiffness);
  }

  Maxima first_velocities() {
    return evaluate_at_stage([&](std::size_t i, const CellSum& sum, Maxima& most) {
      const double v[3] = {sum.x, sum.y, sum.z};
      for (std::size_t axis = 0; axis < n_axes_; ++axis) start_velocity_[axis][i] = v[axis];
      if (!pressure_.empty()) pressure_[i] = sum.pressure;
      note_velocity(sum, most);
    });
  }

  // Whether every body stays within its skin for a sub-step, as far as its velocity now says.
  [[nodiscard]] bool list_serves(double h) const {
    const Maxima most = over_blocks([&](Block block, Maxima& of_block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        const double per_speed = 1.1 * h, margin = margin_[i];
        of_block.beyond_list |= per_speed * per_speed * start_speed_squared(i) > margin * margin;
      }
    });
    return !most.beyond_list;
  }

  static double& coordinate(PackedBody& body, std::size_t axis) {
    return axis == 0 ? body.x : axis == 1 ? body.y : body.z;
  }

  void note_displacement(std::size_t i, double squared, Maxima& most) const {
    most.moved = std::max(most.moved, squared);
    most.beyond_list |= squared > static_cast<double>(margin_[i]) * static_cast<double>(margin_[i]);
  }

  [[nodiscard]] bool moved_too_far(const Maxima& most) const {
    const double limit = 1.05 * options_.max_displacement;
    return most.moved > limit * limit;
  }

  // One sub-step with s stages. On return Y is the new place and other_ holds the velocities there; or Y is back at y,
  // because a body moved too far on the way (the maxima say so).
  Maxima attempt(double h, int s) {
    ChebyshevScheme& scheme = schemes_[static_cast<std::size_t>(s)];
    if (scheme.stages.empty()) scheme = chebyshev_scheme(s);
    Maxima most = over_blocks([&](Block block, Maxima& of_block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        double squared = 0.0;
        for (std::size_t axis = 0; axis < n_axes_; ++axis) {
          const double from = position_[axis][i];
          other_[axis][i] = from;
          const double to = predicted(from, scheme.first * (h * start_velocity_[axis][i]), axis);
          coordinate(packed_[i], axis) = to;
          squared += (to - from) * (to - from);
        }
        note_displacement(i, squared, of_block);
      }
    });
    for (const ChebyshevStage& stage : scheme.stages) {
      if (most.beyond_list || moved_too_far(most)) break;
      most = next_stage(h, stage);
    }
    if (most.beyond_list || moved_too_far(most)) {
      go_back();
      return most;
    }
    Maxima at_end = end_of_substep(h);
    at_end.moved = most.moved;
    return at_end;
  }

  Maxima next_stage(double h, const ChebyshevStage& stage) {
    const Maxima most = evaluate_at_stage([&](std::size_t i, const CellSum& sum, Maxima& of_block) {
      const double v[3] = {sum.x, sum.y, sum.z};
      double squared = 0.0;
      for (std::size_t axis = 0; axis < n_axes_; ++axis) {
        const double from = position_[axis][i];
        const double last = coordinate(packed_[i], axis) - from, before = other_[axis][i] - from;
        const double push = h * (stage.mu_f * v[axis] + stage.gamma_f * start_velocity_[axis][i]);
        const double to = predicted(from, stage.mu * last + stage.nu * before + push, axis);
        other_[axis][i] = to;
        squared += (to - from) * (to - from);
      }
      note_displacement(i, squared, of_block);
    });
    // Neighbours read Y, so it changes only when all are done.
    executor_.for_blocks(packed_.size(), block_size, [&](Block block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        for (std::size_t axis = 0; axis < n_axes_; ++axis) std::swap(coordinate(packed_[i], axis), other_[axis][i]);
      }
    });
    return most;
  }

  Maxima end_of_substep(double h) {
    return evaluate_at_stage([&](std::size_t i, const CellSum& sum, Maxima& of_block) {
      const double v[3] = {sum.x, sum.y, sum.z};
      double squared = 0.0;
      for (std::size_t axis = 0; axis < n_axes_; ++axis) {
        const double from = position_[axis][i], to = coordinate(packed_[i], axis);
        other_[axis][i] = v[axis];
        // At a face the place is exact and the velocity into it means nothing.
        if (options_.edge == EdgeRule::reflect && (at_face(from, axis) || at_face(to, axis))) continue;
        const double error = 0.8 * (from - to) + 0.4 * h * (start_velocity_[axis][i] + v[axis]);
        squared += error * error;
      }
      of_block.error = std::max(of_block.error, squared);
      if (!pressure_.empty()) pressure_[i] = sum.pressure;
      note_velocity(sum, of_block);
    });
  }

  [[nodiscard]] bool at_face(double x, std::size_t axis) const { return x <= low_[axis] || x >= high_[axis]; }

  void go_back() {
    executor_.for_blocks(packed_.size(), block_size, [&](Block block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        for (std::size_t axis = 0; axis < n_axes_; ++axis) coordinate(packed_[i], axis) = position_[axis][i];
      }
    });
  }

  // A body pressed against a face stays at the face; what does not move stays, wherever it is.
  [[nodiscard]] double predicted(double x, double displacement, std::size_t axis) const {
    if (options_.edge != EdgeRule::reflect || displacement == 0.0) return x + displacement;
    return std::clamp(x + displacement, low_[axis], high_[axis]);
  }

  void accept(double h) {
    executor_.for_blocks(packed_.size(), block_size, [&](Block block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        double squared = 0.0;
        for (std::size_t axis = 0; axis < n_axes_; ++axis) {
          double& x = position_[axis][i];
          const double to = coordinate(packed_[i], axis);
          squared += (to - x) * (to - x);
          x = to;
        }
        // The path is never shorter than the distance; rounding is covered by what `choose_reach` held back.
        const double left = static_cast<double>(margin_[i]) - std::sqrt(squared);
        margin_[i] = static_cast<float>(std::max(0.0, left * (1.0 - 1e-6)));
      }
      keep_inside(block);
      for (std::size_t i = block.begin; options_.edge == EdgeRule::periodic && i < block.end; ++i) {
        for (std::size_t axis = 0; axis < n_axes_; ++axis) coordinate(packed_[i], axis) = position_[axis][i];
      }
    });
    start_velocity_.swap(other_);
    report_.shortest_substep = report_.substeps == 0 ? h : std::min(report_.shortest_substep, h);
    ++report_.substeps;
  }

  void keep_inside(Block block) {
    if (options_.edge != EdgeRule::reflect && options_.edge != EdgeRule::periodic) return;
    for (std::size_t axis = 0; axis < n_axes_; ++axis) {
      const double low = low_[axis], high = high_[axis];
      for (std::size_t i = block.begin; i < block.end; ++i) {
        if (!b_.movable.empty() && b_.movable[i] == 0) continue;
        double& x = position_[axis][i];
        x = options_.edge == EdgeRule::reflect ? std::clamp(x, low, high) : wrapped(x, low, high - low);
      }
    }
  }

  const Bodies& b_;
  const MotionOptions& options_;
  grid::NeighbourList& neighbours_;
  std::span<double> pressure_;
  const Executor& executor_;
  PairLaw law_;
  std::array<std::span<double>, 3> position_;
  std::size_t n_axes_;
  std::array<double, 3> low_{}, high_{};
  double caution_ = 1.3;  // how much farther than its velocity says a body may get
  MotionReport report_;
  Maxima start_;                                  // at y
  Column<PackedBody> packed_;                     // at Y
  std::array<Column<double>, 3> start_velocity_;  // at y
  std::array<Column<double>, 3> other_;           // the stage before Y; at the end the velocities at the new place
  std::vector<float> margin_;                     // µm, what is left of each body's skin
  Column<double> reach_;
  std::vector<ChebyshevScheme> schemes_;
};

}  // namespace

MotionReport move(const Bodies& bodies, const grid::Geometry& domain, double dt, const MotionOptions& options,
                  grid::NeighbourList& neighbours, std::span<double> pressure, const Executor& executor) {
  check_motion(bodies, domain, dt, options, pressure, executor);
  return Motion(bodies, domain, options, neighbours, pressure, executor).run(dt);
}

}  // namespace senoma::mechanics
