#include "mechanics/motion_checks.h"

#include <cmath>
#include <string>

#include "base/error.h"

namespace senoma::mechanics {

namespace {

[[noreturn]] void refuse_value(const char* quantity, double value, std::uint64_t id) {
  throw Error("E5101", std::string(quantity) + " of cell " + std::to_string(id) + " is " + std::to_string(value),
              ErrorKind::numerical)
      .help("it must be finite, and radius and strengths not negative: look for a rule that drives it out of range");
}

void check_lengths(const Bodies& b, std::span<const double> pressure) {
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
  executor.for_blocks(b.x.size(), 4096, [&](Block block) {
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
    throw Error("E5102", "max_substep must be positive").help("the usual value is 60 min");
  if (!std::isfinite(options.adhesion_range) || options.adhesion_range < 1.0) {
    throw Error("E5102", "adhesion_range must be at least 1").help("the usual value is 1.25");
  }
  if (!positive(options.tolerance))
    throw Error("E5102", "the motion's tolerance must be positive").help("the usual value is 0.01 um");
  const bool bounded = options.edge == EdgeRule::reflect || options.edge == EdgeRule::periodic;
  for (int axis = 0; axis < 3; ++axis) {
    if (bounded && !positive(domain.extent(axis))) throw Error("E5102", "the domain has no extent");
  }
}

}  // namespace

void check_motion(const Bodies& bodies, const grid::Geometry& domain, double dt, const MotionOptions& options,
                  std::span<const double> pressure, const Executor& executor) {
  check_lengths(bodies, pressure);
  check_options(domain, dt, options);
  check_values(bodies, executor);
}

}  // namespace senoma::mechanics
