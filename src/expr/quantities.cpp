#include "expr/quantities.h"

#include <algorithm>
#include <cmath>

#include "expr/functions.h"

namespace senoma::expr {

namespace {

constexpr int largest_exponent = 60;  // of a base dimension; keeps every product within signed char

Error wrong_dimension(const std::string& message, const Value& at, const std::string& label) {
  return Error("E2003", message).at(position_at(at.begin, at.end - at.begin)).label(label);
}

std::string quoted(std::string_view word) { return "'" + std::string(word) + "'"; }

}  // namespace

void Quantities::must_be_pure(const Value& v, std::string_view where) const {
  if (!check_ || v.any || v.dimension.dimensionless()) return;
  throw wrong_dimension(std::string(where) + " needs a dimensionless value, not " + describe(v.dimension), v,
                        describe(v.dimension))
      .help("divide by a quantity of the same dimension, e.g. by 1 [" + internal_unit(v.dimension) + "]");
}

Value Quantities::common(std::string_view where, const Value& a, const Value& b) const {
  if (check_ && !a.any && !b.any && a.dimension != b.dimension) {
    Error error =
        wrong_dimension(std::string(where) + " joins " + describe(a.dimension) + " and " + describe(b.dimension), b,
                        describe(b.dimension) + "; the other side is " + describe(a.dimension));
    const bool bare = b.dimension.dimensionless() || a.dimension.dimensionless();
    if (bare) {
      const Dimension& other = a.dimension.dimensionless() ? b.dimension : a.dimension;
      error.help("a bare number is dimensionless; give it a unit in brackets, e.g. 12 [" + internal_unit(other) + "]");
    } else {
      error.help("both sides need the same dimension");
    }
    throw error;
  }
  return a.any ? b : a;
}

Dimension Quantities::combined(const Value& a, const Value& b, int sign, std::string_view where) const {
  if (!check_) return {};
  for (int i = 0; i < Dimension::count; ++i) {
    if (std::abs(a.dimension.exponent[static_cast<std::size_t>(i)] +
                 sign * b.dimension.exponent[static_cast<std::size_t>(i)]) > largest_exponent) {
      throw wrong_dimension(
          std::string(where) + " raises a dimension beyond the power " + std::to_string(largest_exponent), b, "");
    }
  }
  return sign > 0 ? a.dimension * b.dimension : a.dimension / b.dimension;
}

Dimension Quantities::scaled(const Value& a, double factor, std::string_view where) const {
  Dimension result;
  if (!check_ || a.any) return result;
  for (std::size_t i = 0; i < Dimension::count; ++i) {
    const double exponent = a.dimension.exponent[i] * factor, nearest = std::nearbyint(exponent);
    if (std::fabs(exponent - nearest) > 1e-9) {
      throw wrong_dimension(std::string(where) + " of " + describe(a.dimension) + " has no whole powers", a,
                            describe(a.dimension));
    }
    if (std::fabs(nearest) > largest_exponent) {
      throw wrong_dimension(
          std::string(where) + " raises a dimension beyond the power " + std::to_string(largest_exponent), a, "");
    }
    result.exponent[i] = static_cast<signed char>(nearest);
  }
  return result;
}

Value Quantities::unary(Op op, Value a) {
  if (op == Op::logical_not) {
    must_be_pure(a, "'!'");
    a.any = false;
    a.dimension = {};
  }
  a.node = graph_.make(op, a.node);
  return a;
}

Value Quantities::binary(Op op, std::string_view sign, Value a, Value b) {
  Value result{-1, {}, false, a.begin, b.end};
  switch (op) {
    case Op::multiply:
    case Op::divide:
      result.dimension = combined(a, b, op == Op::multiply ? 1 : -1, quoted(sign));
      result.any = a.any || (op == Op::multiply && b.any);
      break;
    case Op::power:
      return power(a, b);
    case Op::add:
    case Op::subtract:
    case Op::remainder: {
      const Value both = common(quoted(sign), a, b);
      result.dimension = both.dimension;
      result.any = a.any && b.any;
      break;
    }
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_xor:
      must_be_pure(a, quoted(sign));
      must_be_pure(b, quoted(sign));
      break;
    default:
      (void)common(quoted(sign), a, b);  // comparisons
  }
  result.node = graph_.make(op, a.node, b.node);
  return result;
}

Value Quantities::power(Value a, Value b) {
  must_be_pure(b, "an exponent");
  Value result{graph_.pow(a.node, b.node), {}, false, a.begin, b.end};
  if (!check_ || a.any || a.dimension.dimensionless()) return result;
  const bool constant = graph_.is_constant(b.node);
  const double n = constant ? graph_.node(b.node).value : 0.0;
  if (!constant || !(std::fabs(n) <= largest_exponent) || n != std::floor(n)) {
    throw wrong_dimension("a power of " + describe(a.dimension) + " needs a whole constant exponent", b,
                          "not a whole constant")
        .help("divide the base by a quantity of the same dimension first, or use sqrt or root");
  }
  result.dimension = scaled(a, n, "the power");
  return result;
}

Value Quantities::root(const Value& n, const Value& x) {
  must_be_pure(n, "the degree of a root");
  Value result{expr::root(graph_, n.node, x.node), {}, false, 0, 0};
  if (!check_ || x.any || x.dimension.dimensionless()) return result;
  const double degree = graph_.is_constant(n.node) ? graph_.node(n.node).value : 0.0;
  if (!(degree >= 1.0) || degree != std::floor(degree)) {
    throw wrong_dimension("a root of " + describe(x.dimension) + " needs a whole constant degree", n,
                          "not a whole constant");
  }
  result.dimension = scaled(x, 1.0 / degree, "this root");
  return result;
}

Value Quantities::choose(Value condition, Value a, Value b) {
  must_be_pure(condition, "a condition");
  Value result = common("the choice", a, b);
  result.any = a.any && b.any;
  result.node = graph_.make(Op::select, condition.node, a.node, b.node);
  result.begin = condition.begin;
  result.end = b.end;
  return result;
}

Value Quantities::piecewise(std::span<const Value> arguments) {
  const bool otherwise = arguments.size() % 2 == 1;
  Value result = otherwise ? arguments.back() : Value{graph_.constant(std::nan("")), {}, true, 0, 0};
  for (std::size_t pair = arguments.size() / 2; pair-- > 0;) {
    result = choose(arguments[2 * pair + 1], arguments[2 * pair], result);
  }
  return result;
}

Value Quantities::call(const Function& f, std::span<const Value> x, std::size_t begin, std::size_t end) {
  Value result;
  switch (f.rule) {
    case Rule::pure:
      for (const Value& v : x) must_be_pure(v, f.name);
      result.node = f.name == "log" ? logarithm(graph_, x[0].node, x[1].node) : graph_.make(f.op, x[0].node);
      break;
    case Rule::same:
    case Rule::same_pure: {
      result = x[0];
      bool any = x[0].any;
      for (const Value& v : x.subspan(1)) {
        const NodeId node = f.op == Op::constant ? -1 : graph_.make(f.op, result.node, v.node);
        result = common(f.name, result, v);
        result.node = node;
        any = any && v.any;
      }
      if (f.op == Op::constant) result.node = clamp(graph_, x[0].node, x[1].node, x[2].node);
      if (x.size() == 1) result.node = graph_.make(f.op, x[0].node);
      result.any = any && f.rule == Rule::same;
      if (f.rule == Rule::same_pure) result.dimension = {};
      break;
    }
    case Rule::power:
      result = power(x[0], x[1]);
      break;
    case Rule::square_root:
      result.node = graph_.make(Op::sqrt, x[0].node);
      result.dimension = scaled(x[0], 0.5, "the square root");
      break;
    case Rule::root:
      result = root(x[0], x[1]);
      break;
    case Rule::hill:
      (void)common("hill", x[0], x[1]);
      must_be_pure(x[2], "the exponent of hill");
      result.node = hill(graph_, x[0].node, x[1].node, x[2].node);
      break;
    case Rule::choose:
      result = choose(x[0], x[1], x[2]);
      break;
    case Rule::piecewise:
      result = piecewise(x);
      break;
  }
  result.begin = begin;
  result.end = end;
  return result;
}

}  // namespace senoma::expr
