// Graph → text of the expression language, with as few parentheses as the grammar allows.
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "base/error.h"
#include "expr/operations.h"
#include "expr/syntax.h"

namespace senoma::expr {

namespace {

struct Text {
  std::string words;
  int level = level_primary;
};

struct Infix {
  Op op;
  const char* sign;
  int level;
  int left, right;  // the weakest level that may stand on each side without parentheses
};
constexpr Infix infixes[] = {
    {Op::logical_or, " || ", level_or, level_or, level_xor},
    {Op::logical_xor, " xor ", level_xor, level_xor, level_and},
    {Op::logical_and, " && ", level_and, level_and, level_equality},
    {Op::equal, " == ", level_equality, level_comparison, level_comparison},  // comparisons do not chain
    {Op::not_equal, " != ", level_equality, level_comparison, level_comparison},
    {Op::less, " < ", level_comparison, level_sum, level_sum},
    {Op::less_equal, " <= ", level_comparison, level_sum, level_sum},
    {Op::greater, " > ", level_comparison, level_sum, level_sum},
    {Op::greater_equal, " >= ", level_comparison, level_sum, level_sum},
    {Op::add, " + ", level_sum, level_sum, level_product},
    {Op::subtract, " - ", level_sum, level_sum, level_product},
    {Op::multiply, "*", level_product, level_product, level_unary},
    {Op::divide, "/", level_product, level_product, level_unary},
    {Op::remainder, " % ", level_product, level_product, level_unary},
    {Op::power, "^", level_power, level_primary, level_power},
};

Text number(double value) {
  if (value != value) return {"(0/0)", level_primary};
  if (std::isinf(value)) return {value > 0 ? "(1/0)" : "(-1/0)", level_primary};
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, std::fabs(value)).ptr;
  const std::string text(digits, end);
  return std::signbit(value) ? Text{"-" + text, level_unary} : Text{text, level_primary};
}

std::string quoted(const std::string& name) { return is_plain_name(name) ? name : "`" + name + "`"; }

std::string within(const Text& text, int weakest) {
  return text.level >= weakest ? text.words : "(" + text.words + ")";
}

}  // namespace

std::string Graph::to_string(NodeId root, const std::function<std::string(std::int32_t)>& names) const {
  constexpr std::size_t longest = 1'000'000;
  std::unordered_map<NodeId, Text> texts;
  const auto write = [&](const Node& n) -> Text {
    if (n.op == Op::constant) return number(n.value);
    if (n.op == Op::variable) return {quoted(names(n.a)), level_primary};
    const Text& a = texts.at(n.a);
    for (const auto& infix : infixes) {
      if (infix.op == n.op)
        return {within(a, infix.left) + infix.sign + within(texts.at(n.b), infix.right), infix.level};
    }
    if (n.op == Op::negate) return {"-" + within(a, level_unary), level_unary};
    if (n.op == Op::logical_not) return {"!" + within(a, level_unary), level_unary};
    std::string call = std::string(function_name(n.op)) + "(" + a.words;
    if (n.b >= 0) call += ", " + texts.at(n.b).words;
    if (n.c >= 0) call += ", " + texts.at(n.c).words;
    return {call + ")", level_primary};
  };
  for (const NodeId id : reachable(*this, {&root, 1})) {
    Text text = write(node(id));
    if (text.words.size() > longest) {
      throw Error("E2005", "the expression is too long to be written out")
          .help("write its parts under names of their own");
    }
    texts.emplace(id, std::move(text));
  }
  return texts.at(root).words;
}

}  // namespace senoma::expr
