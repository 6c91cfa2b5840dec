// Readouts: one number per output time, from expressions over cells or over the world.
#include <algorithm>
#include <limits>
#include <numeric>

#include "base/order_free_sum.h"
#include "engine/binder.h"
#include "engine/outline.h"

namespace senoma::engine {

void Binder::readouts() {
  for (const auto& readout : model.readouts) {
    BoundReadout bound;
    bound.spec = &readout;
    for (auto& type : sim.types) {
      type.expressions->nodes_are(ExpressionSet::Nodes::levels);
      type.expressions->refuse_places(false);
      std::vector<expr::NodeId> outputs;
      int condition = -1, value = -1;
      const bool considered =
          readout.over != Readout::Over::world && (readout.cell_type.empty() || readout.cell_type == type.spec->name);
      if (considered && readout.where_) {
        outputs.push_back(type.expressions->compile(*readout.where_, &dim::none).node);
        condition = 0;
      }
      if (considered && readout.value) {
        value = static_cast<int>(outputs.size());
        const expr::Symbol symbol = type.expressions->compile(*readout.value);
        bound.dimension = symbol.dimension;
        outputs.push_back(symbol.node);
      }
      for (const auto node : outputs)
        bound.needs_space = bound.needs_space || (model.domain.well_mixed && type.expressions->reads_places(node));
      bound.programs.emplace_back(*type.expressions, outputs);
      bound.condition_output.push_back(condition);
      bound.value_output.push_back(value);
    }
    if (readout.over == Readout::Over::world) {
      const expr::Symbol symbol = sim.world_expressions_.compile(*readout.value);
      bound.root = symbol.node;
      bound.dimension = symbol.dimension;
    }
    if (readout.over == Readout::Over::diameter || readout.over == Readout::Over::radius) {
      bound.dimension = dim::length;
      bound.needs_space = model.domain.well_mixed;
    }
    accumulation(bound);
    sim.readouts_.push_back(std::move(bound));
  }
}

namespace {

struct Sums {
  double selected = 0, considered = 0;
  std::vector<double> values;                                            ///< of the selected cells
  [[nodiscard]] double total() const { return order_free_sum(values); }  // cells change their places in memory
};

}  // namespace

void Simulation::look_around() {
  refresh_uniforms(world.time());
  sense();  // cells may have come and gone since the last step sensed them
  run_input_programs();
}

std::vector<double> Simulation::readouts() {
  std::vector<std::size_t> all(readouts_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return readouts(all);
}

std::vector<double> Simulation::readouts(std::span<const std::size_t> which) {
  look_around();
  std::vector<double> result;
  for (const std::size_t k : which) {
    const auto& readout = readouts_.at(k);
    const auto& spec = *readout.spec;
    if (readout.needs_space) {
      result.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const bool accumulated = spec.accumulate != Readout::Accumulate::none;
    const bool number = spec.over == Readout::Over::count && !accumulated;
    const double value = accumulated ? world.scalars.at(readout.key) : raw_value(readout);
    result.push_back(number ? value : value * spec.scale);
  }
  return result;
}

std::vector<std::string> Simulation::readouts_without_space() const {
  std::vector<std::string> names;
  for (const auto& readout : readouts_) {
    if (readout.needs_space) names.push_back(readout.spec->name);
  }
  return names;
}

/// In internal units, at the present time.
double Simulation::raw_value(const BoundReadout& readout) const {
  const auto& spec = *readout.spec;
  if (spec.over == Readout::Over::world) return world_expressions_.value(readout.root, values);
  const bool outline = spec.over == Readout::Over::diameter || spec.over == Readout::Over::radius;
  const bool adds = spec.over == Readout::Over::sum || spec.over == Readout::Over::mean;
  Sums sums;
  std::vector<std::uint32_t> selected;
  for (std::size_t t = 0; t < types.size(); ++t) {
    if (!spec.cell_type.empty() && spec.cell_type != types[t].spec->name) continue;
    const std::size_t n = cells_of_type[t].size();
    std::vector<double> condition(n, 1.0), value(n, 1.0);
    const auto& program = readout.programs[t];
    if (!program.empty()) {
      program.run(world, values, lanes(t), executor, [&](std::size_t first, auto block, auto outputs) {
        const auto copy = [&](int output, std::vector<double>& to) {
          if (output >= 0)
            std::copy_n(outputs[static_cast<std::size_t>(output)], block.size(),
                        to.begin() + static_cast<std::ptrdiff_t>(first));
        };
        copy(readout.condition_output[t], condition);
        copy(readout.value_output[t], value);
      });
    }
    for (std::size_t k = 0; k < n; ++k) {
      sums.considered += 1.0;
      if (condition[k] == 0.0) continue;
      sums.selected += 1.0;
      if (adds) sums.values.push_back(value[k]);
      if (outline) selected.push_back(cells_of_type[t][k]);
    }
  }
  switch (spec.over) {
    case Readout::Over::count:
      return sums.selected;
    case Readout::Over::fraction:
      return sums.considered > 0 ? sums.selected / sums.considered : 0.0;
    case Readout::Over::sum:
      return sums.total();
    case Readout::Over::mean:
      return sums.selected > 0 ? sums.total() / sums.selected : 0.0;
    case Readout::Over::diameter:
    case Readout::Over::radius:
      return mean_caliper_diameter(world.cells, selected, description->domain.geometry.two_dimensional) *
             (spec.over == Readout::Over::radius ? 0.5 : 1.0);
    case Readout::Over::world:
      break;
  }
  return 0.0;
}

}  // namespace senoma::engine
