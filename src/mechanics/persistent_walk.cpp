#include "mechanics/persistent_walk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/error.h"
#include "base/math.h"
#include "base/philox.h"

namespace senoma::mechanics {

namespace {

using Vector = std::array<double, 3>;

constexpr double shortest_persistence = 1e-5;  // of dt; below, a step would hold more than 100 000 turns
constexpr std::size_t block_size = 1024;

// v/|v|, safe for tiny and huge v; false for the zero vector.
bool normalise(Vector& v) {
  const double largest = std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])});
  if (!(largest > 0.0)) return false;
  for (double& c : v) c /= largest;
  const double length = math::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  for (double& c : v) c /= length;
  return true;
}

Vector random_direction(const RandomStream& stream, std::uint64_t ordinal, bool two_dimensional) {
  if (!two_dimensional) return stream.direction(ordinal);
  const double angle = 2.0 * math::pi * stream.uniform(ordinal);
  return {math::cos(angle), math::sin(angle), 0.0};
}

struct Taste {
  double bias = 0.0;
  Vector preferred{0.0, 0.0, 0.0};
};

// The k-th direction and the waiting time after it.
void turn(const RandomStream& stream, const Taste& taste, bool two_dimensional, Vector& direction, double& wait,
          double& turns) {
  const auto k = static_cast<std::uint64_t>(turns);
  const Vector random = random_direction(stream, 2 * k, two_dimensional);
  Vector next = random;
  for (std::size_t a = 0; a < 3; ++a) next[a] = (1.0 - taste.bias) * random[a] + taste.bias * taste.preferred[a];
  direction = normalise(next) ? next : random;
  wait = stream.exponential(2 * k + 1);
  turns += 1.0;
}

void check_lengths(const WalkState& s, const WalkInput& in, std::span<double> dx, std::span<double> dy,
                   std::span<double> dz) {
  const std::size_t n = in.lineage.size();
  const auto fits = [n](const auto& column) { return column.size() == n; };
  const auto may_be_empty = [n](const auto& column) { return column.empty() || column.size() == n; };
  if (!fits(s.direction_x) || !fits(s.direction_y) || !fits(s.direction_z) || !fits(s.wait) || !fits(s.turns) ||
      !fits(in.speed) || !fits(in.persistence) || !may_be_empty(in.bias) || !may_be_empty(in.preferred_x) ||
      !fits(dx) || !fits(dy) || !fits(dz) || in.preferred_y.size() != in.preferred_x.size() ||
      in.preferred_z.size() != in.preferred_x.size()) {
    throw Error("E5103", "the columns of the walk differ in length", ErrorKind::numerical);
  }
}

[[noreturn]] void refuse(const char* quantity, double value, std::uint64_t lineage, const char* remedy) {
  throw Error("E5105",
              std::string("the ") + quantity + " of cell " + std::to_string(lineage) + " is " + std::to_string(value),
              ErrorKind::numerical)
      .help(remedy);
}

Taste taste_of(const WalkInput& in, std::size_t i, bool two_dimensional) {
  Taste taste;
  if (in.bias.empty() || in.preferred_x.empty()) return taste;
  taste.preferred = {in.preferred_x[i], in.preferred_y[i], two_dimensional ? 0.0 : in.preferred_z[i]};
  for (const double c : taste.preferred) {
    if (!std::isfinite(c))
      refuse("preferred direction", c, in.lineage[i], "look for a field whose gradient is not finite");
  }
  if (normalise(taste.preferred)) taste.bias = in.bias[i];
  return taste;
}

}  // namespace

void add_preference(std::span<const double> gradient_x, std::span<const double> gradient_y,
                    std::span<const double> gradient_z, double weight, std::span<double> preferred_x,
                    std::span<double> preferred_y, std::span<double> preferred_z) {
  const std::size_t n = preferred_x.size();
  if (gradient_x.size() != n || gradient_y.size() != n || gradient_z.size() != n || preferred_y.size() != n ||
      preferred_z.size() != n) {
    throw Error("E5103", "the columns of the gradient differ in length", ErrorKind::numerical);
  }
  for (std::size_t i = 0; i < n; ++i) {
    Vector g{gradient_x[i], gradient_y[i], gradient_z[i]};
    if (!normalise(g)) continue;
    preferred_x[i] += weight * g[0];
    preferred_y[i] += weight * g[1];
    preferred_z[i] += weight * g[2];
  }
}

void walk(const WalkState& state, const WalkInput& input, std::uint64_t seed, double dt, bool two_dimensional,
          std::span<double> drift_x, std::span<double> drift_y, std::span<double> drift_z, const Executor& executor) {
  check_lengths(state, input, drift_x, drift_y, drift_z);
  if (!std::isfinite(dt) || !(dt > 0.0))
    throw Error("E5102", "the time step of the walk is " + std::to_string(dt) + " min");
  executor.for_blocks(input.lineage.size(), block_size, [&](Block block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::uint64_t lineage = input.lineage[i];
      const double speed = input.speed[i], persistence = input.persistence[i],
                   bias = input.bias.empty() ? 0.0 : input.bias[i];
      if (!std::isfinite(speed) || speed < 0.0) refuse("speed", speed, lineage, "it must be finite and not negative");
      if (!std::isfinite(persistence) || !(persistence > 0.0) || persistence < shortest_persistence * dt) {
        refuse("persistence time", persistence, lineage, "it must be positive; a cell that does not move has speed 0");
      }
      if (!(bias >= 0.0 && bias <= 1.0))
        refuse("migration bias", bias, lineage, "it must lie between 0 (random) and 1 (straight)");
      const Taste taste = taste_of(input, i, two_dimensional);
      const RandomStream stream{seed, lineage, Stream::motility_direction};

      Vector direction{state.direction_x[i], state.direction_y[i], state.direction_z[i]}, mean{0.0, 0.0, 0.0};
      double wait = state.wait[i], turns = state.turns[i];
      if (turns == 0.0) turn(stream, taste, two_dimensional, direction, wait, turns);
      double left = dt / persistence;  // in units of τ, as the waiting times
      while (wait <= left) {
        for (std::size_t a = 0; a < 3; ++a) mean[a] += wait * direction[a];
        left -= wait;
        turn(stream, taste, two_dimensional, direction, wait, turns);
      }
      for (std::size_t a = 0; a < 3; ++a) mean[a] += left * direction[a];
      state.direction_x[i] = direction[0];
      state.direction_y[i] = direction[1];
      state.direction_z[i] = direction[2];
      state.wait[i] = wait - left;
      state.turns[i] = turns;
      const double scale = speed * persistence / dt;
      drift_x[i] = scale * mean[0];
      drift_y[i] = scale * mean[1];
      drift_z[i] = scale * mean[2];
    }
  });
}

}  // namespace senoma::mechanics
