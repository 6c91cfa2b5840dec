#include "expr/functions.h"

namespace senoma::expr {

NodeId hill(Graph& g, NodeId x, NodeId k, NodeId n) {
  const NodeId zero = g.constant(0.0), one = g.constant(1.0);
  // Asked as "outside", so that a NaN of x is passed on.
  const NodeId negative = g.make(Op::less, x, zero);
  if (n == one) return g.make(Op::select, negative, zero, g.div(x, g.add(k, x)));
  const NodeId ratio = g.div(x, k);
  const NodeId low = g.make(Op::less_equal, ratio, one);
  const NodeId inner = g.make(Op::select, low, ratio, g.div(one, ratio));  // in [0, 1] where it counts
  const NodeId power = g.pow(inner, n);
  const NodeId value = g.div(g.make(Op::select, low, power, one), g.add(one, power));
  const NodeId outside = g.make(Op::select, g.make(Op::less, n, one), g.make(Op::less_equal, x, zero), negative);
  return g.make(Op::select, outside, zero, value);
}

NodeId clamp(Graph& g, NodeId x, NodeId lo, NodeId hi) { return g.make(Op::maximum, lo, g.make(Op::minimum, x, hi)); }

NodeId logarithm(Graph& g, NodeId base, NodeId x) {
  if (g.is_constant(base) && g.node(base).value == 10.0) return g.make(Op::log10, x);
  return g.div(g.make(Op::ln, x), g.make(Op::ln, base));
}

NodeId root(Graph& g, NodeId n, NodeId x) {
  if (g.is_constant(n) && g.node(n).value == 2.0) return g.make(Op::sqrt, x);
  return g.pow(x, g.div(g.constant(1.0), n));
}

}  // namespace senoma::expr
