#include <memory>

#include "expr/operations.h"

namespace senoma::expr {

double apply(Op op, double a, double b, double c, bool constant_exponent) {
#define SENOMA_PLAIN(name) \
  case Op::name:           \
    return plain<Op::name>(a, b, c)
  switch (op) {
    SENOMA_PLAIN(add);
    SENOMA_PLAIN(subtract);
    SENOMA_PLAIN(multiply);
    SENOMA_PLAIN(divide);
    SENOMA_PLAIN(negate);
    SENOMA_PLAIN(abs);
    SENOMA_PLAIN(sqrt);
    SENOMA_PLAIN(floor);
    SENOMA_PLAIN(ceiling);
    SENOMA_PLAIN(sign);
    SENOMA_PLAIN(minimum);
    SENOMA_PLAIN(maximum);
    SENOMA_PLAIN(less);
    SENOMA_PLAIN(less_equal);
    SENOMA_PLAIN(greater);
    SENOMA_PLAIN(greater_equal);
    SENOMA_PLAIN(equal);
    SENOMA_PLAIN(not_equal);
    SENOMA_PLAIN(logical_and);
    SENOMA_PLAIN(logical_or);
    SENOMA_PLAIN(logical_xor);
    SENOMA_PLAIN(logical_not);
    SENOMA_PLAIN(select);
    case Op::power:
      return constant_exponent && is_small_whole(b) ? math::whole_power(a, static_cast<int>(b)) : math::pow(a, b);
    case Op::exp:
      return math::exp(a);
    case Op::ln:
      return math::log(a);
    case Op::log10:
      return math::log10(a);
    case Op::sin:
      return math::sin(a);
    case Op::cos:
      return math::cos(a);
    case Op::tan:
      return math::tan(a);
    case Op::sinh:
      return math::sinh(a);
    case Op::cosh:
      return math::cosh(a);
    case Op::tanh:
      return math::tanh(a);
    case Op::arcsin:
      return math::asin(a);
    case Op::arccos:
      return math::acos(a);
    case Op::arctan:
      return math::atan(a);
    case Op::arcsinh:
      return math::asinh(a);
    case Op::arccosh:
      return math::acosh(a);
    case Op::arctanh:
      return math::atanh(a);
    case Op::factorial:
      return math::factorial(a);
    case Op::remainder:
      return remainder_of(a, b);
    case Op::quotient:
      return quotient_of(a, b);
    default:
      return std::numeric_limits<double>::quiet_NaN();  // sec … arccoth: Graph::make wrote them with the above
  }
#undef SENOMA_PLAIN
}

double evaluate(const Graph& graph, NodeId root, std::span<const double> variables) {
  const auto value = std::make_unique_for_overwrite<double[]>(static_cast<std::size_t>(root) + 1);
  const auto of = [&](NodeId id) { return id >= 0 ? value[static_cast<std::size_t>(id)] : 0.0; };
  for (const NodeId id : reachable(graph, {&root, 1})) {
    const Node& node = graph.node(id);
    double& out = value[static_cast<std::size_t>(id)];
    if (node.op == Op::constant) {
      out = node.value;
    } else if (node.op == Op::variable) {
      out = variables[static_cast<std::size_t>(node.a)];
    } else {
      out = apply(node.op, of(node.a), of(node.b), of(node.c), node.b >= 0 && graph.is_constant(node.b));
    }
  }
  return value[static_cast<std::size_t>(root)];
}

}  // namespace senoma::expr
