// Exact derivatives by the chain rule, node by node from the leaves up (no recursion: networks make deep graphs).
#include <cmath>

#include "expr/operations.h"

namespace senoma::expr {

namespace {

constexpr NodeId zero =
    -1;  // a derivative that vanishes identically: never multiplied, so it cannot hide a NaN of value

class Rules {
 public:
  explicit Rules(Graph& graph) : g_(graph) {}

  /// The derivative of node `id`, given those of its operands.
  NodeId of(NodeId id, const Node& n, NodeId da, NodeId db, NodeId dc) {
    switch (n.op) {
      case Op::add:
        return sum(da, db);
      case Op::subtract:
        return difference(da, db);
      case Op::multiply:
        return sum(times(da, n.b), times(db, n.a));
      case Op::divide:
        return over(difference(da, times(db, id)), n.b);
      case Op::negate:
        return negative(da);
      case Op::power:
        return power(id, n, da, db);
      case Op::remainder:
        return difference(da, times(db, g_.make(Op::quotient, n.a, n.b)));
      case Op::minimum:
        return choose(g_.make(Op::less, n.a, n.b), da, db);
      case Op::maximum:
        return choose(g_.make(Op::greater, n.a, n.b), da, db);
      case Op::select:
        return choose(n.a, db, dc);
      default:
        return da == zero ? zero : unary(id, n, da);
    }
  }

 private:
  NodeId sum(NodeId a, NodeId b) { return a == zero ? b : b == zero ? a : g_.add(a, b); }
  NodeId negative(NodeId a) { return a == zero ? zero : g_.make(Op::negate, a); }
  NodeId difference(NodeId a, NodeId b) { return b == zero ? a : a == zero ? negative(b) : g_.sub(a, b); }
  NodeId times(NodeId d, NodeId factor) { return d == zero ? zero : g_.mul(d, factor); }
  NodeId over(NodeId d, NodeId divisor) { return d == zero ? zero : g_.div(d, divisor); }
  NodeId number(double v) { return g_.constant(v); }
  NodeId square(NodeId a) { return g_.pow(a, number(2.0)); }
  NodeId root(NodeId a) { return g_.make(Op::sqrt, a); }
  NodeId choose(NodeId condition, NodeId a, NodeId b) {
    if (a == zero && b == zero) return zero;
    return g_.make(Op::select, condition, a == zero ? number(0.0) : a, b == zero ? number(0.0) : b);
  }

  /// d(a^b) = b·a^(b−1)·a' + a^b·ln a·b'. The guards give the limit 0 where a product would be 0·inf.
  NodeId power(NodeId id, const Node& n, NodeId da, NodeId db) {
    NodeId from_base = zero, from_exponent = zero;
    if (da != zero) {
      NodeId slope = g_.mul(n.b, g_.pow(n.a, g_.sub(n.b, number(1.0))));
      if (!g_.is_constant(n.b)) slope = g_.make(Op::select, g_.make(Op::equal, n.b, number(0.0)), number(0.0), slope);
      from_base = times(da, slope);
    }
    if (db != zero) {
      const NodeId slope = g_.mul(id, g_.make(Op::ln, n.a));
      const NodeId at_zero = g_.make(Op::equal, n.a, number(0.0));
      from_exponent = times(db, g_.make(Op::select, at_zero, number(0.0), slope));
    }
    return sum(from_base, from_exponent);
  }

  NodeId unary(NodeId id, const Node& n, NodeId da) {
    const NodeId a = n.a, one = number(1.0);
    const auto times_gap = [&] { return g_.mul(g_.sub(one, a), g_.add(one, a)); };  // 1 − a², without cancellation
    switch (n.op) {
      case Op::abs:
        return times(da, g_.make(Op::sign, a));
      case Op::exp:
        return times(da, id);
      case Op::ln:
        return over(da, a);
      case Op::log10:
        return over(da, g_.mul(a, number(2.302585092994045684)));
      case Op::sqrt:
        return over(da, g_.mul(number(2.0), id));
      case Op::sin:
        return times(da, g_.make(Op::cos, a));
      case Op::cos:
        return negative(times(da, g_.make(Op::sin, a)));
      case Op::tan:
        return times(da, g_.add(one, square(id)));
      case Op::sinh:
        return times(da, g_.make(Op::cosh, a));
      case Op::cosh:
        return times(da, g_.make(Op::sinh, a));
      case Op::tanh:
        return times(da, g_.mul(g_.sub(one, id), g_.add(one, id)));
      case Op::arcsin:
        return over(da, root(times_gap()));
      case Op::arccos:
        return negative(over(da, root(times_gap())));
      case Op::arctan:
        return over(da, g_.add(one, square(a)));
      case Op::arcsinh:
        return over(da, root(g_.add(one, square(a))));
      case Op::arccosh:
        return over(da, g_.mul(root(g_.sub(a, one)), root(g_.add(a, one))));
      case Op::arctanh:
        return over(da, times_gap());
      default:
        return zero;  // floor, ceiling, sign, comparisons, logic, factorial, quotient: piecewise constant
    }
  }

  Graph& g_;
};

}  // namespace

NodeId Graph::derivative(NodeId root, std::int32_t slot) {
  const auto key = [slot](NodeId id) {
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(id)) << 32) | static_cast<std::uint32_t>(slot);
  };
  if (const auto known = derivatives_.find(key(root)); known != derivatives_.end()) return known->second;
  if (!depends_on(root, slot)) return constant(0.0);
  Rules rules(*this);
  // Only nodes that depend on the slot are remembered; a missing one has derivative zero.
  const auto of = [&](NodeId id) {
    const auto known = id >= 0 ? derivatives_.find(key(id)) : derivatives_.end();
    return known != derivatives_.end() ? known->second : zero;
  };
  for (const NodeId id : reachable(*this, {&root, 1})) {
    if (derivatives_.contains(key(id))) continue;
    const Node n = node(id);  // by value: the rules add nodes
    NodeId d = zero;
    if (n.op == Op::variable) {
      if (n.a == slot) d = constant(1.0);
    } else if (n.op != Op::constant) {
      d = rules.of(id, n, of(n.a), of(n.b), of(n.c));
    }
    if (d != zero) derivatives_.emplace(key(id), d);
  }
  const NodeId found = of(root);
  return found == zero ? constant(0.0) : found;
}

}  // namespace senoma::expr
