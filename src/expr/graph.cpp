#include "expr/graph.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/hash.h"
#include "expr/operations.h"

namespace senoma::expr {

namespace {

std::uint64_t hash_of(const Node& n) {
  Hasher h;
  h.add((static_cast<std::uint64_t>(n.op) << 32) | static_cast<std::uint32_t>(n.a));
  h.add((static_cast<std::uint64_t>(static_cast<std::uint32_t>(n.b)) << 32) | static_cast<std::uint32_t>(n.c));
  h.add(n.value);
  return h.value();
}

bool same(const Node& x, const Node& y) {
  return x.op == y.op && x.a == y.a && x.b == y.b && x.c == y.c &&
         std::bit_cast<std::uint64_t>(x.value) == std::bit_cast<std::uint64_t>(y.value);
}

// Functions that are one division away from another one are written with it; their derivatives follow by themselves.
struct Reciprocal {
  Op op, base;
  bool of_argument;  // arcsec x = arccos 1/x; otherwise sec x = 1/cos x
};
constexpr Reciprocal reciprocals[] = {
    {Op::sec, Op::cos, false},        {Op::csc, Op::sin, false},        {Op::cot, Op::tan, false},
    {Op::sech, Op::cosh, false},      {Op::csch, Op::sinh, false},      {Op::coth, Op::tanh, false},
    {Op::arcsec, Op::arccos, true},   {Op::arccsc, Op::arcsin, true},   {Op::arccot, Op::arctan, true},
    {Op::arcsech, Op::arccosh, true}, {Op::arccsch, Op::arcsinh, true}, {Op::arccoth, Op::arctanh, true},
};

}  // namespace

std::vector<NodeId> reachable(const Graph& graph, std::span<const NodeId> roots) {
  std::vector<NodeId> order;
  if (roots.empty()) return order;
  std::vector<bool> seen(static_cast<std::size_t>(*std::max_element(roots.begin(), roots.end())) + 1);
  const auto visit = [&](NodeId id) {
    if (id >= 0 && !seen[static_cast<std::size_t>(id)]) {
      seen[static_cast<std::size_t>(id)] = true;
      order.push_back(id);
    }
  };
  for (const NodeId root : roots) visit(root);
  for (std::size_t next = 0; next < order.size(); ++next) {
    const Node& node = graph.node(order[next]);
    if (arity(node.op) == 0) continue;
    visit(node.a);
    visit(node.b);
    visit(node.c);
  }
  std::sort(order.begin(), order.end());
  return order;
}

NodeId Graph::intern(const Node& node) {
  auto& bucket = interned_[hash_of(node)];
  for (const NodeId id : bucket) {
    if (same(nodes_[static_cast<std::size_t>(id)], node)) return id;
  }
  const auto id = static_cast<NodeId>(nodes_.size());
  nodes_.push_back(node);
  bucket.push_back(id);
  return id;
}

NodeId Graph::constant(double value) {
  if (value != value) value = std::numeric_limits<double>::quiet_NaN();  // one NaN only
  return intern({Op::constant, -1, -1, -1, value});
}

NodeId Graph::variable(std::int32_t slot) { return intern({Op::variable, slot, -1, -1, 0.0}); }

NodeId Graph::simplified(Op op, NodeId a, NodeId b, NodeId c) {
  const auto is = [this](NodeId id, double value) { return id >= 0 && is_constant(id) && node(id).value == value; };
  const auto negated = [this](NodeId id) { return node(id).op == Op::negate ? node(id).a : -1; };
  switch (op) {
    case Op::add:
      if (is(a, 0.0)) return b;
      if (is(b, 0.0)) return a;
      if (negated(b) >= 0) return make(Op::subtract, a, negated(b));
      if (negated(a) >= 0) return make(Op::subtract, b, negated(a));
      return -1;
    case Op::subtract:
      if (is(b, 0.0)) return a;
      if (is(a, 0.0)) return make(Op::negate, b);
      return negated(b) >= 0 ? make(Op::add, a, negated(b)) : -1;
    case Op::multiply:
      if (is(a, 1.0)) return b;
      if (is(b, 1.0)) return a;
      if (is(a, -1.0)) return make(Op::negate, b);
      return is(b, -1.0) ? make(Op::negate, a) : -1;
    case Op::divide:
      return is(b, 1.0) ? a : is(b, -1.0) ? make(Op::negate, a) : -1;
    case Op::power:
      return is(b, 1.0) ? a : is(b, 0.0) ? constant(1.0) : -1;
    case Op::negate:
      return negated(a);
    case Op::select:
      if (is_constant(a)) return node(a).value != 0.0 ? b : c;
      return b == c ? b : -1;
    default:
      return -1;
  }
}

NodeId Graph::make(Op op, NodeId a, NodeId b, NodeId c) {
  for (const auto& r : reciprocals) {
    if (r.op != op) continue;
    return r.of_argument ? make(r.base, div(constant(1.0), a)) : div(constant(1.0), make(r.base, a));
  }
  const int n = arity(op);
  const bool all_constant = is_constant(a) && (n < 2 || is_constant(b)) && (n < 3 || is_constant(c));
  if (all_constant) {
    const auto value = [&](NodeId id) { return id >= 0 ? node(id).value : 0.0; };
    return constant(apply(op, value(a), value(b), value(c), true));
  }
  if (const NodeId simple = simplified(op, a, b, c); simple >= 0) return simple;
  if (commutative(op) && a > b) std::swap(a, b);
  return intern({op, a, n > 1 ? b : -1, n > 2 ? c : -1, 0.0});
}

NodeId Graph::substitute(NodeId root, const std::function<NodeId(std::int32_t)>& replacement) {
  std::unordered_map<NodeId, NodeId> copy;
  const auto of = [&](NodeId id) { return id >= 0 ? copy.at(id) : -1; };
  for (const NodeId id : reachable(*this, {&root, 1})) {
    const Node n = node(id);  // by value: make() may move the nodes
    NodeId made = id;
    if (n.op == Op::variable) {
      const NodeId other = replacement(n.a);
      made = other >= 0 ? other : id;
    } else if (n.op != Op::constant) {
      made = make(n.op, of(n.a), of(n.b), of(n.c));
    }
    copy.emplace(id, made);
  }
  return copy.at(root);
}

std::vector<std::int32_t> Graph::variables(std::span<const NodeId> roots) const {
  std::vector<std::int32_t> slots;
  for (const NodeId id : reachable(*this, roots)) {
    if (node(id).op == Op::variable) slots.push_back(node(id).a);
  }
  std::sort(slots.begin(), slots.end());
  return slots;
}

bool Graph::depends_on(NodeId root, std::int32_t slot) const {
  const auto slots = variables({&root, 1});
  return std::binary_search(slots.begin(), slots.end(), slot);
}

}  // namespace senoma::expr
