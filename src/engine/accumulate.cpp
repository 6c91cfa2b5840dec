// Readouts over the run so far: integral, extremes, time above or below a threshold, from the values at the ends of the
// coupling steps. Between two ends the value counts as a line; a drug's mean over a step counts for the whole step, so
// that the integral of a drug's concentration is exact. What is kept lies in World::scalars.
#include <algorithm>
#include <cmath>

#include "engine/binder.h"

namespace senoma::engine {

namespace {

using Accumulate = Readout::Accumulate;

bool is_timed(Accumulate how) { return how == Accumulate::time_above || how == Accumulate::time_below; }

/// The share of a step in which a line from `a` to `b` lies above `threshold`.
double share_above(double a, double b, double threshold) {
  const double low = std::min(a, b), high = std::max(a, b);
  if (low > threshold) return 1.0;
  return high > threshold ? (high - threshold) / (high - low) : 0.0;
}

}  // namespace

void Binder::accumulation(BoundReadout& bound) const {
  const auto& readout = *bound.spec;
  if (readout.accumulate == Accumulate::none) return;
  bound.key = "readout " + readout.name;
  bound.last_key = bound.key + " last";
  const Dimension expected = readout.accumulate == Accumulate::integral ? bound.dimension * dim::time
                             : is_timed(readout.accumulate)             ? dim::time
                                                                        : bound.dimension;
  if (!(readout.dimension == expected)) {
    throw Error("E1203", "readout '" + readout.name + "' is " + describe(expected) + ", but its unit '" + readout.unit +
                             "' is " + describe(readout.dimension))
        .at(readout.where)
        .help("write a unit like \"" + internal_unit(expected) + "\"");
  }
  if (readout.threshold) {
    try {
      bound.threshold = convert_to(*readout.threshold, bound.dimension);
    } catch (const Error& error) {
      throw relocate(error, readout.where);
    }
  }
  for (const auto& drug : model.drugs) {
    const auto mean = sim.signals.find("drug." + drug.name + ".mean")->index;
    bound.step_mean = bound.step_mean || (bound.root >= 0 && bound.root == sim.world_expressions_.uniform(mean));
  }
  sim.world.scalars[bound.key] = sim.world.scalars[bound.last_key] = 0.0;
}

void Simulation::begin_accumulation(const std::vector<std::string>* only_new) {
  const auto begins = [&](const BoundReadout& readout) {
    if (readout.key.empty() || readout.needs_space) return false;
    return !only_new || std::find(only_new->begin(), only_new->end(), readout.key) != only_new->end();
  };
  if (std::none_of(readouts_.begin(), readouts_.end(), begins)) return;
  look_around();
  for (const auto& readout : readouts_) {
    if (!begins(readout)) continue;
    const double value = raw_value(readout);
    const auto how = readout.spec->accumulate;
    world.scalars.at(readout.last_key) = value;
    world.scalars.at(readout.key) = how == Accumulate::maximum || how == Accumulate::minimum ? value : 0.0;
  }
}

void Simulation::accumulate() {
  if (std::all_of(readouts_.begin(), readouts_.end(), [](const auto& readout) { return readout.key.empty(); })) return;
  look_around();
  for (const auto& readout : readouts_) {
    if (readout.key.empty() || readout.needs_space) continue;
    double& total = world.scalars.at(readout.key);
    double& last = world.scalars.at(readout.last_key);
    const double now = raw_value(readout), before = readout.step_mean ? now : last;
    switch (readout.spec->accumulate) {
      case Accumulate::integral:
        total += 0.5 * (before + now) * world.step;
        break;
      case Accumulate::maximum:
        total = std::max(total, now);
        break;
      case Accumulate::minimum:
        total = std::min(total, now);
        break;
      case Accumulate::time_above:
        total += share_above(before, now, readout.threshold) * world.step;
        break;
      case Accumulate::time_below:
        total += share_above(-before, -now, -readout.threshold) * world.step;
        break;
      case Accumulate::none:
        break;
    }
    last = now;
  }
}

}  // namespace senoma::engine
