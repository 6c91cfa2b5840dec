// Values of the parser: a node with its dimension and its place in the text, and the rules by which dimensions combine.
#pragma once

#include <span>
#include <string_view>

#include "base/units.h"
#include "expr/graph.h"
#include "expr/lexer.h"
#include "expr/syntax.h"

namespace senoma::expr {

struct Value {
  NodeId node = -1;
  Dimension dimension{};
  bool any = false;  ///< a bare 0, which has every dimension
  std::size_t begin = 0, end = 0;
};

/// Builds nodes and checks dimensions; throws E2003 with the place of the offending operand.
class Quantities {
 public:
  Quantities(Graph& graph, bool check) : graph_(graph), check_(check) {}

  Value unary(Op op, Value a);  ///< negate, logical_not
  Value binary(Op op, std::string_view sign, Value a, Value b);
  Value call(const Function& f, std::span<const Value> arguments, std::size_t begin, std::size_t end);
  Value choose(Value condition, Value a, Value b);

 private:
  void must_be_pure(const Value& v, std::string_view where) const;
  Value common(std::string_view where, const Value& a,
               const Value& b) const;  ///< dimension and `any` of two equal ones
  Value power(Value a, Value b);
  Value root(const Value& n, const Value& x);
  Value piecewise(std::span<const Value> arguments);
  [[nodiscard]] Dimension combined(const Value& a, const Value& b, int sign, std::string_view where) const;
  [[nodiscard]] Dimension scaled(const Value& a, double factor, std::string_view where) const;

  Graph& graph_;
  bool check_;
};

}  // namespace senoma::expr
