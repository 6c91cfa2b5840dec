#include "convert/sbml_math.h"

#include <cmath>
#include <limits>

#include "base/error.h"

namespace senoma::convert::sbml {
namespace {

using expr::NodeId;
using expr::Op;

constexpr int max_depth = 2000;

[[noreturn]] void fail(const std::string& message, const MathPlace& place) {
  throw Error("E3004", message + " in the " + place.where).at({place.file, place.line, 0, 0});
}

void require_count(const std::vector<NodeId>& nodes, std::size_t n, const char* what, const MathPlace& place) {
  if (nodes.size() == n) return;
  fail(std::string(what) + " takes " + std::to_string(n) + " argument" + (n == 1 ? "" : "s") + ", here " +
           std::to_string(nodes.size()),
       place);
}

class DepthGuard {
 public:
  DepthGuard(int& depth, const MathPlace& place) : depth_(depth) {
    if (++depth_ > max_depth) {
      --depth_;
      fail("definitions are nested too deeply (or a function calls itself)", place);
    }
  }
  ~DepthGuard() { --depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  int& depth_;
};

}  // namespace

MathTranslator::MathTranslator(expr::Graph& graph, const Document& document, Meaning meaning)
    : graph_(graph), meaning_(std::move(meaning)) {
  for (const auto& function : document.functions) functions_[function.id] = &function;
}

NodeId MathTranslator::translate(const Math& math, const MathPlace& place, const LocalNames* locals) {
  return build(math, place, {locals, true});
}

NodeId MathTranslator::fold(Op op, std::vector<NodeId> terms, double empty) {
  if (terms.empty()) return graph_.constant(empty);
  while (terms.size() > 1) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < terms.size(); i += 2) {
      terms[kept++] = i + 1 < terms.size() ? graph_.make(op, terms[i], terms[i + 1]) : terms[i];
    }
    terms.resize(kept);
  }
  return terms.front();
}

NodeId MathTranslator::build(const Math& math, const MathPlace& place, const Scope& scope) {
  const DepthGuard guard(depth_, place);
  switch (math.op) {
    case MathOp::number:
      return graph_.constant(math.value);
    case MathOp::name:
      return named(math, place, scope);
    case MathOp::time:
      return meaning_.time;
    case MathOp::apply:
      return apply(math, place, scope);
    case MathOp::root:
      return root(math, place, scope);
    case MathOp::log:
      return logarithm(math, place, scope);
    case MathOp::piecewise:
      return piecewise(math, place, scope);
    case MathOp::call:
      return call(math, place, scope);
    case MathOp::rate_of:
      return meaning_.rate_of(named(math, place, scope));
    case MathOp::implies: {
      const auto sides = children(math, place, scope);
      require_count(sides, 2, "implies", place);
      return graph_.make(Op::logical_or, graph_.make(Op::logical_not, sides[0]), sides[1]);
    }
  }
  fail("unknown mathematics", place);
}

std::vector<NodeId> MathTranslator::children(const Math& math, const MathPlace& place, const Scope& scope) {
  std::vector<NodeId> nodes;
  nodes.reserve(math.children.size());
  for (const auto& child : math.children) nodes.push_back(build(child, place, scope));
  return nodes;
}

NodeId MathTranslator::named(const Math& math, const MathPlace& place, const Scope& scope) {
  if (scope.locals != nullptr) {
    if (const auto found = scope.locals->find(math.name); found != scope.locals->end()) return found->second;
  }
  if (!scope.sees_model) fail("the name '" + math.name + "' is not an argument of the function", place);
  return meaning_.value_of(math.name, place);
}

NodeId MathTranslator::relation(Op op, const std::vector<NodeId>& sides) {
  std::vector<NodeId> pairs;  // a < b < c means a < b and b < c
  for (std::size_t i = 0; i + 1 < sides.size(); ++i) pairs.push_back(graph_.make(op, sides[i], sides[i + 1]));
  return fold(Op::logical_and, std::move(pairs), 1.0);
}

NodeId MathTranslator::apply(const Math& math, const MathPlace& place, const Scope& scope) {
  auto nodes = children(math, place, scope);
  switch (math.function) {
    case Op::add:
      return fold(Op::add, std::move(nodes), 0.0);
    case Op::multiply:
      return fold(Op::multiply, std::move(nodes), 1.0);
    case Op::logical_and:
      return fold(Op::logical_and, std::move(nodes), 1.0);
    case Op::logical_or:
      return fold(Op::logical_or, std::move(nodes), 0.0);
    case Op::logical_xor:
      return fold(Op::logical_xor, std::move(nodes), 0.0);
    case Op::minimum:
    case Op::maximum:
      if (nodes.empty()) fail("a minimum or maximum of nothing", place);
      return fold(math.function, std::move(nodes), 0.0);
    case Op::equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
      return relation(math.function, nodes);
    case Op::subtract:
    case Op::divide:
    case Op::power:
    case Op::not_equal:
    case Op::quotient:
    case Op::remainder:
      require_count(nodes, 2, "an operator", place);
      return graph_.make(math.function, nodes[0], nodes[1]);
    default:
      require_count(nodes, 1, "a function", place);
      return graph_.make(math.function, nodes[0]);
  }
}

NodeId MathTranslator::call(const Math& math, const MathPlace& place, const Scope& scope) {
  const auto found = functions_.find(math.name);
  if (found == functions_.end()) fail("the function '" + math.name + "' is not defined", place);
  const FunctionDefinition& function = *found->second;
  if (!function.body) fail("the function '" + math.name + "' has no body", place);
  const auto arguments = children(math, place, scope);
  require_count(arguments, function.arguments.size(), math.name.c_str(), place);
  const auto key = std::make_pair(math.name, arguments);
  if (const auto done = calls_.find(key); done != calls_.end()) return done->second;
  LocalNames names;
  for (std::size_t i = 0; i < arguments.size(); ++i) names[function.arguments[i]] = arguments[i];
  const MathPlace inside{place.file, "function definition '" + math.name + "'", function.line};
  const NodeId result = build(*function.body, inside, {&names, false});
  calls_.emplace(key, result);
  return result;
}

NodeId MathTranslator::piecewise(const Math& math, const MathPlace& place, const Scope& scope) {
  auto nodes = children(math, place, scope);
  NodeId result = graph_.constant(std::numeric_limits<double>::quiet_NaN());
  if (nodes.size() % 2 == 1) {
    result = nodes.back();
    nodes.pop_back();
  }
  for (std::size_t i = nodes.size(); i >= 2; i -= 2) {
    result = graph_.make(Op::select, nodes[i - 1], nodes[i - 2], result);
  }
  return result;
}

NodeId MathTranslator::root(const Math& math, const MathPlace& place, const Scope& scope) {
  const auto nodes = children(math, place, scope);
  require_count(nodes, 2, "root", place);
  if (!graph_.is_constant(nodes[0])) {
    return graph_.pow(nodes[1], graph_.div(graph_.constant(1.0), nodes[0]));
  }
  const double degree = graph_.node(nodes[0]).value;
  if (degree == 2.0) return graph_.make(Op::sqrt, nodes[1]);
  const NodeId exponent = graph_.constant(1.0 / degree);
  if (std::fmod(std::abs(degree), 2.0) != 1.0) return graph_.pow(nodes[1], exponent);
  const NodeId magnitude = graph_.pow(graph_.make(Op::abs, nodes[1]), exponent);  // odd roots of negative numbers exist
  return graph_.mul(graph_.make(Op::sign, nodes[1]), magnitude);
}

NodeId MathTranslator::logarithm(const Math& math, const MathPlace& place, const Scope& scope) {
  const auto nodes = children(math, place, scope);
  require_count(nodes, 2, "log", place);
  if (graph_.is_constant(nodes[0]) && graph_.node(nodes[0]).value == 10.0) return graph_.make(Op::log10, nodes[1]);
  return graph_.div(graph_.make(Op::ln, nodes[1]), graph_.make(Op::ln, nodes[0]));
}

}  // namespace senoma::convert::sbml
