// Readouts: one number per output time, from expressions over cells or over the world.
#include <algorithm>

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
        outputs.push_back(type.expressions->compile(*readout.value).node);
      }
      bound.programs.emplace_back(*type.expressions, outputs);
      bound.condition_output.push_back(condition);
      bound.value_output.push_back(value);
    }
    if (readout.over == Readout::Over::world) world_readout(bound);
    sim.readouts_.push_back(std::move(bound));
  }
}

void Binder::world_readout(BoundReadout& bound) const {
  const auto add = [&](WorldVariable::Kind kind, std::size_t index,
                       Dimension dimension) -> std::optional<expr::Symbol> {
    bound.variables.push_back({kind, index});
    return expr::Symbol{bound.graph.variable(static_cast<std::int32_t>(bound.variables.size() - 1)), dimension};
  };
  expr::Scope scope;
  scope.find = [&](const std::string& name) -> std::optional<expr::Symbol> {
    for (std::size_t s = 0; s < model.substrates.size(); ++s) {
      const auto& substrate = model.substrates[s];
      if (name == substrate.name + ".mean") return add(WorldVariable::Kind::mean, s, substrate.dimension);
      if (name == substrate.name + ".maximum") return add(WorldVariable::Kind::maximum, s, substrate.dimension);
      if (name == substrate.name + ".content")
        return add(WorldVariable::Kind::content, s, substrate.dimension * dim::volume);
    }
    const Signal* signal = sim.signals.find(name);
    if (!signal || signal->kind != Signal::Kind::uniform) return std::nullopt;
    return add(WorldVariable::Kind::uniform, signal->index, signal->dimension);
  };
  scope.names = [&] {
    auto names = sim.signals.names();
    for (const auto& substrate : model.substrates) {
      for (const char* statistic : {".mean", ".maximum", ".content"}) names.push_back(substrate.name + statistic);
    }
    return names;
  };
  try {
    bound.root = expr::parse(bound.spec->value->text, bound.graph, scope).node;
  } catch (const Error& error) {
    throw relocate(error, bound.spec->value->where);
  }
}

double Simulation::world_value(const BoundReadout& readout) const {
  std::vector<double> variables;
  for (const auto& v : readout.variables) {
    if (v.kind == WorldVariable::Kind::uniform) {
      variables.push_back(values.uniform[v.index]);
      continue;
    }
    const auto& field = world.fields[v.index];
    double sum = 0.0, maximum = field.rho.empty() ? 0.0 : field.rho[0];
    for (const double c : field.rho) {
      sum += c;
      maximum = std::max(maximum, c);
    }
    variables.push_back(v.kind == WorldVariable::Kind::mean      ? sum / static_cast<double>(field.rho.size())
                        : v.kind == WorldVariable::Kind::maximum ? maximum
                                                                 : sum * field.geometry.voxel_volume());
  }
  return expr::evaluate(readout.graph, readout.root, variables);
}

namespace {

struct Sums {
  double selected = 0, considered = 0;
  std::vector<double> values;                                            ///< of the selected cells
  [[nodiscard]] double total() const { return order_free_sum(values); }  // cells change their places in memory
};

}  // namespace

std::vector<double> Simulation::readouts() {
  refresh_uniforms(world.time());
  sense();  // cells may have come and gone since the last step sensed them
  run_input_programs();
  std::vector<double> result;
  for (const auto& readout : readouts_) {
    const auto& spec = *readout.spec;
    if (spec.over == Readout::Over::world) {
      result.push_back(world_value(readout) * spec.scale);
      continue;
    }
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
        result.push_back(sums.selected);
        break;
      case Readout::Over::fraction:
        result.push_back(sums.considered > 0 ? sums.selected / sums.considered * spec.scale : 0.0);
        break;
      case Readout::Over::sum:
        result.push_back(sums.total() * spec.scale);
        break;
      case Readout::Over::mean:
        result.push_back(sums.selected > 0 ? sums.total() / sums.selected * spec.scale : 0.0);
        break;
      case Readout::Over::diameter:
      case Readout::Over::radius:
        result.push_back(mean_caliper_diameter(world.cells, selected, description->domain.geometry.two_dimensional) *
                         (spec.over == Readout::Over::radius ? 0.5 : 1.0) * spec.scale);
        break;
      case Readout::Over::world:
        break;
    }
  }
  return result;
}

}  // namespace senoma::engine
