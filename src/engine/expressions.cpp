#include "engine/expressions.h"

#include <algorithm>

namespace senoma::engine {

Error relocate(Error error, const SourcePosition& where) {
  SourcePosition position = where;
  if (error.position() && where.column > 0) {
    position.column = where.column + error.position()->column;  // the value starts with a quote
    position.length = error.position()->length;
  }
  error.at(position);
  return error;
}

void check_dimension(const expr::Graph& graph, const expr::Symbol& result, const std::string& text,
                     const Dimension* expected) {
  const bool zero = graph.is_constant(result.node) && graph.node(result.node).value == 0.0;
  if (!expected || zero || result.dimension == *expected) return;
  throw Error("E1203", "expression has the wrong dimension: it is " + describe(result.dimension) + ", expected " +
                           describe(*expected))
      .at({"", 1, 1, static_cast<int>(text.size())})
      .help("give numbers their unit in brackets, like 0.02 [1/h], so that the result is in " +
            internal_unit(*expected));
}

ExpressionSet::ExpressionSet(const SignalTable& signals, const network::OdeSystem* system,
                             std::span<const std::size_t> state_columns, std::span<const std::size_t> input_scratch,
                             std::size_t time_uniform)
    : signals_(&signals) {
  if (!system) return;
  graph_ = system->graph;
  slots_.resize(system->n_slots());
  // Networks keep their file's own units; expressions see internal ones.
  const auto add_name = [&](const auto& quantity, expr::NodeId node, expr::NodeId acting) {
    const double scale = quantity.dimension_known ? quantity.to_internal : 1.0;
    const auto internal = [&](expr::NodeId n) { return graph_.mul(graph_.constant(scale), n); };
    network_names_[expr::normalise_name(quantity.name)] = {internal(node), internal(acting), quantity.dimension};
  };
  for (std::size_t i = 0; i < system->states.size(); ++i) {
    slots_[i] = {SlotSource::Kind::column, state_columns[i], 0.0};
    const expr::NodeId level = graph_.variable(static_cast<std::int32_t>(i));
    const auto activity = system->find_input(activity_name(system->states[i].name));
    add_name(system->states[i], level,
             activity ? graph_.mul(level, graph_.variable(system->input_slot(*activity))) : level);
  }
  slots_[static_cast<std::size_t>(system->time_slot())] = {SlotSource::Kind::uniform, time_uniform, 0.0};
  for (std::size_t i = 0; i < system->inputs.size(); ++i) {
    slots_[static_cast<std::size_t>(system->input_slot(i))] = {SlotSource::Kind::scratch, input_scratch[i], 0.0};
    const expr::NodeId node = graph_.variable(system->input_slot(i));
    add_name(system->inputs[i], node, node);
  }
  for (std::size_t i = 0; i < system->parameters.size(); ++i) {
    slots_[static_cast<std::size_t>(system->parameter_slot(i))] = {SlotSource::Kind::constant, i,
                                                                   system->parameters[i].value};
    const expr::NodeId node = graph_.variable(system->parameter_slot(i));
    add_name(system->parameters[i], node, node);
  }
  for (const auto& output : system->outputs) add_name(output, output.node, output.node);
}

expr::NodeId ExpressionSet::source(const SlotSource& source) {
  for (std::size_t s = 0; s < slots_.size(); ++s) {
    if (slots_[s].kind == source.kind && slots_[s].index == source.index && source.kind != SlotSource::Kind::constant) {
      return graph_.variable(static_cast<std::int32_t>(s));
    }
  }
  slots_.push_back(source);
  return graph_.variable(static_cast<std::int32_t>(slots_.size() - 1));
}

void ExpressionSet::add_own(const std::string& name, const Signal& signal) {
  own_.try_emplace(expr::normalise_name(name), signal);
}

const Signal* ExpressionSet::signal_named(const std::string& name) const {
  const auto own = own_.find(name);
  return own == own_.end() ? signals_->find(name) : &own->second;
}

std::optional<expr::Symbol> ExpressionSet::find(const std::string& raw_name) {
  const std::string name = expr::normalise_name(raw_name);
  const auto signal_symbol = [&](const std::string& signal_name) -> std::optional<expr::Symbol> {
    const Signal* signal = signal_named(signal_name);
    if (!signal) return std::nullopt;
    const auto kind = signal->kind == Signal::Kind::column    ? SlotSource::Kind::column
                      : signal->kind == Signal::Kind::scratch ? SlotSource::Kind::scratch
                                                              : SlotSource::Kind::uniform;
    return expr::Symbol{source({kind, signal->index, 0.0}), signal->dimension};
  };
  if (name.starts_with("network.")) {
    const auto entry = network_names_.find(name.substr(8));
    if (entry == network_names_.end()) return std::nullopt;
    return network_symbol(entry->second);
  }
  if (name.starts_with("cell.")) return signal_symbol(name.substr(5));
  const auto entry = network_names_.find(name);
  const bool is_signal = signal_named(name) != nullptr;
  if (entry != network_names_.end() && is_signal) {
    throw Error("E5007", "'" + name + "' is both a signal and a quantity of the network")
        .help("write network." + name + " or cell." + name);
  }
  if (entry != network_names_.end()) return network_symbol(entry->second);
  return signal_symbol(name);
}

bool ExpressionSet::reads_places(expr::NodeId node) const {
  const auto slots = graph_.variables(std::vector<expr::NodeId>{node});
  return std::any_of(slots.begin(), slots.end(), [&](std::int32_t slot) {
    const SlotSource& source = slots_[static_cast<std::size_t>(slot)];
    return source.kind == SlotSource::Kind::column && source.index >= state::col_x && source.index <= state::col_z;
  });
}

expr::Symbol ExpressionSet::symbol(const std::string& name, const SourcePosition& where) {
  return compile({"`" + name + "`", where});
}

expr::Symbol ExpressionSet::compile(const Expression& expression, const Dimension* expected) {
  expr::Scope scope;
  scope.find = [this](const std::string& name) { return find(name); };
  scope.names = [this] {
    auto names = signals_->names();
    for (const auto& [name, signal] : own_) names.push_back(name);
    for (const auto& [name, entry] : network_names_) names.push_back(name);
    return names;
  };
  try {
    // A phrase such as "LIGAND occupancy" is a name; anything else is an expression.
    const bool phrase = find(expression.text).has_value();
    const expr::Symbol result = phrase ? *find(expression.text) : expr::parse(expression.text, graph_, scope);
    check_dimension(graph_, result, expression.text, expected);
    if (places_refused_ && reads_places(result.node))
      throw Error("E5020", "an expression reads a cell's place, but the domain is well mixed")
          .at({"", 1, 1, static_cast<int>(expression.text.size())})
          .help("leave x, y and z out, or run with domain.space = \"resolved\"");
    return result;
  } catch (const Error& error) {
    throw relocate(error, expression.where);
  }
}

LaneProgram::LaneProgram(ExpressionSet& expressions, const std::vector<expr::NodeId>& outputs)
    : slots_(expressions.slots()),
      used_(expressions.graph().variables(outputs)),
      program_(expressions.graph(), outputs),
      n_outputs_(outputs.size()) {}

void LaneProgram::run(const state::World& world, const SignalValues& values, const LaneSet& lanes,
                      const Executor& executor, const Take& take) const {
  if (empty()) return;
  executor.for_blocks(lanes.cells.size(), block_lanes, [&](Block block) {
    const std::size_t n = block.end - block.begin;
    const auto cells = lanes.cells.subspan(block.begin, n);
    std::vector<expr::Input> inputs(slots_.size());
    Column<double> packed(used_.size() * n);
    for (std::size_t u = 0; u < used_.size(); ++u) {
      const auto slot = static_cast<std::size_t>(used_[u]);
      const SlotSource& source = slots_[slot];
      if (source.kind == SlotSource::Kind::constant) {
        inputs[slot] = {&source.value, 0};
      } else if (source.kind == SlotSource::Kind::uniform) {
        inputs[slot] = {&values.uniform[source.index], 0};
      } else {
        const auto& column =
            source.kind == SlotSource::Kind::column ? world.cells.values[source.index] : values.scratch[source.index];
        if (lanes.all) {
          inputs[slot] = {column.data() + block.begin, 1};
        } else {
          double* target = packed.data() + u * n;
          for (std::size_t i = 0; i < n; ++i) target[i] = column[cells[i]];
          inputs[slot] = {target, 1};
        }
      }
    }
    Column<double> results(n_outputs_ * n);
    std::vector<double*> outputs(n_outputs_);
    std::vector<const double*> taken(n_outputs_);
    for (std::size_t k = 0; k < n_outputs_; ++k) taken[k] = outputs[k] = results.data() + k * n;
    expr::Program::Workspace workspace;
    program_.run(inputs, outputs, n, workspace);
    take(block.begin, cells, taken);
  });
}

}  // namespace senoma::engine
