// A shared directed acyclic graph of scalar expressions: every node exists once, so common sub-expressions cost once.
// Rules, SBML MathML, readouts and objectives all become nodes here; programs (expr/program.h) evaluate them over
// blocks of cells, and derivatives are exact.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace senoma::expr {

using NodeId = std::int32_t;

/// Booleans are 0 and 1; a value is true when it is not 0. Names follow SBML MathML where it has one.
enum class Op : std::uint8_t {
  constant,
  variable,
  add,
  subtract,
  multiply,
  divide,
  power,
  negate,
  abs,
  exp,
  ln,
  log10,
  sqrt,
  floor,
  ceiling,
  sign,
  sin,
  cos,
  tan,
  sec,
  csc,
  cot,
  sinh,
  cosh,
  tanh,
  sech,
  csch,
  coth,
  arcsin,
  arccos,
  arctan,
  arcsec,
  arccsc,
  arccot,
  arcsinh,
  arccosh,
  arctanh,
  arcsech,
  arccsch,
  arccoth,
  factorial,
  minimum,
  maximum,
  remainder /* SBML rem: sign of dividend */,
  quotient,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  logical_and,
  logical_or,
  logical_xor,
  logical_not,
  select,  // select(condition, then, else): both branches are evaluated, the unused one may be NaN without harm
};

struct Node {
  Op op = Op::constant;
  std::int32_t a = -1, b = -1, c = -1;  ///< operands; for `variable`, a = slot
  double value = 0.0;                   ///< for `constant`
};

class Graph {
 public:
  NodeId constant(double value);
  NodeId variable(std::int32_t slot);
  /// Interns a node after constant folding and the exact identities x·1, x+0, x^1, −−x, select with a constant
  /// condition (never x·0 → 0: that would hide a NaN). Operands of commutative operations are put in one order. sec,
  /// csc, cot, their hyperbolic and inverse kin become 1/cos x, arccos 1/x and so on, so no node has those operations.
  NodeId make(Op op, NodeId a, NodeId b = -1, NodeId c = -1);

  NodeId add(NodeId a, NodeId b) { return make(Op::add, a, b); }
  NodeId sub(NodeId a, NodeId b) { return make(Op::subtract, a, b); }
  NodeId mul(NodeId a, NodeId b) { return make(Op::multiply, a, b); }
  NodeId div(NodeId a, NodeId b) { return make(Op::divide, a, b); }
  NodeId pow(NodeId a, NodeId b) { return make(Op::power, a, b); }

  /// ∂root/∂variable(slot), exact; piecewise-constant functions have derivative 0, |x| has sign(x). At a kink the
  /// branch that is taken counts; x^n has the limit 0 at x = 0 where n·x^(n−1) or x^n·ln x would be 0·inf. Memoised.
  NodeId derivative(NodeId root, std::int32_t slot);

  /// A copy of `root` in which variable(slot) is replaced by replacement(slot) when that is ≥ 0.
  NodeId substitute(NodeId root, const std::function<NodeId(std::int32_t slot)>& replacement);

  [[nodiscard]] const Node& node(NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] bool is_constant(NodeId id) const { return node(id).op == Op::constant; }
  /// Sorted, unique slots that the roots depend on.
  [[nodiscard]] std::vector<std::int32_t> variables(std::span<const NodeId> roots) const;
  [[nodiscard]] bool depends_on(NodeId root, std::int32_t slot) const;
  /// Text that parses back (without dimension check) to the same value; names(slot) gives a variable's name. Shared
  /// nodes are written out at each use; throws E2005 beyond 10^6 characters.
  [[nodiscard]] std::string to_string(NodeId root, const std::function<std::string(std::int32_t)>& names) const;

 private:
  NodeId intern(const Node& node);
  NodeId simplified(Op op, NodeId a, NodeId b, NodeId c);  // an equal node by an exact identity, or −1

  std::vector<Node> nodes_;
  std::unordered_map<std::uint64_t, std::vector<NodeId>> interned_;
  std::unordered_map<std::uint64_t, NodeId> derivatives_;
};

/// Plain evaluation, node by node, with the libm-free functions of base/math.h: the oracle of the tests, and the way to
/// evaluate one value. variables[slot] are the inputs.
[[nodiscard]] double evaluate(const Graph& graph, NodeId root, std::span<const double> variables);

}  // namespace senoma::expr
