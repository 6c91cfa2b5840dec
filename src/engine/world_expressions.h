// Expressions over what the whole world has (uniform signals: time, parameters, drugs, counts, statistics of fields,
// the systemic network), evaluated once, not per cell: world readouts and inputs of the systemic network.
// Thread statement: const calls may run concurrently.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/description.h"
#include "engine/signals.h"
#include "expr/parse.h"

namespace senoma::engine {

class WorldExpressions {
 public:
  explicit WorldExpressions(const SignalTable& signals) : signals_(&signals) {}

  /// Names for which this returns a reason are refused with it (E5008).
  void refuse(std::function<std::string(const std::string& name)> why) { refused_ = std::move(why); }

  /// Errors E2001–E2005 point into the model file; with `expected`, E1203 on another dimension (0 has every dimension).
  expr::Symbol compile(const Expression& expression, const Dimension* expected = nullptr);
  /// The node of a uniform signal by its index.
  expr::NodeId uniform(std::size_t index);

  [[nodiscard]] double value(expr::NodeId node, const SignalValues& values) const;
  [[nodiscard]] expr::Graph& graph() { return graph_; }
  /// The uniform signals that are read.
  [[nodiscard]] const std::vector<std::size_t>& uniforms() const { return uniforms_; }

 private:
  const SignalTable* signals_;
  std::function<std::string(const std::string&)> refused_;
  expr::Graph graph_;
  std::vector<std::size_t> uniforms_;  ///< by variable slot
};

}  // namespace senoma::engine
