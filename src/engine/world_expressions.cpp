#include "engine/world_expressions.h"

#include <algorithm>

#include "engine/expressions.h"

namespace senoma::engine {

expr::NodeId WorldExpressions::uniform(std::size_t index) {
  const auto known = std::find(uniforms_.begin(), uniforms_.end(), index);
  const auto slot = static_cast<std::int32_t>(known - uniforms_.begin());
  if (known == uniforms_.end()) uniforms_.push_back(index);
  return graph_.variable(slot);
}

expr::Symbol WorldExpressions::compile(const Expression& expression, const Dimension* expected) {
  expr::Scope scope;
  scope.find = [this](const std::string& name) -> std::optional<expr::Symbol> {
    const Signal* signal = signals_->find(name);
    if (!signal || signal->kind != Signal::Kind::uniform) return std::nullopt;
    if (const std::string why = refused_ ? refused_(name) : std::string(); !why.empty()) throw Error("E5008", why);
    return expr::Symbol{uniform(signal->index), signal->dimension};
  };
  scope.names = [this] {
    auto names = signals_->names();
    std::erase_if(names,
                  [this](const std::string& name) { return signals_->find(name)->kind != Signal::Kind::uniform; });
    return names;
  };
  try {
    const auto named = scope.find(expr::normalise_name(expression.text));  // a phrase: "melanoma count"
    const expr::Symbol result = named ? *named : expr::parse(expression.text, graph_, scope);
    check_dimension(graph_, result, expression.text, expected);
    return result;
  } catch (const Error& error) {
    throw relocate(error, expression.where);
  }
}

double WorldExpressions::value(expr::NodeId node, const SignalValues& values) const {
  std::vector<double> variables;
  variables.reserve(uniforms_.size());
  for (const std::size_t index : uniforms_) variables.push_back(values.uniform[index]);
  return expr::evaluate(graph_, node, variables);
}

}  // namespace senoma::engine
