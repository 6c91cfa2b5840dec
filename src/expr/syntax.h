// The words and the precedence levels of the expression language, shared by its reader and its writer.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "expr/graph.h"

namespace senoma::expr {

/// Falling order of strength is rising number; a ternary is the weakest.
enum Level : int {
  level_ternary,
  level_or,
  level_xor,
  level_and,
  level_equality,
  level_comparison,
  level_sum,
  level_product,
  level_unary,
  level_power,
  level_primary,
};

/// What a function asks of its arguments' dimensions and which one it returns.
enum class Rule {
  pure,       ///< all dimensionless → dimensionless
  same,       ///< all equal → that one
  same_pure,  ///< all equal → dimensionless
  power,      ///< (base, exponent)
  square_root,
  root,       ///< (n, x)
  hill,       ///< (x, k, n): x and k equal, n dimensionless → dimensionless
  choose,     ///< (condition, then, else)
  piecewise,  ///< value, condition, value, condition, …, otherwise
};

struct Function {
  std::string_view name;
  Op op;  ///< Op::constant when the function is made of several nodes
  int least, most;
  Rule rule;
  std::string_view usage;  ///< for messages: "hill(x, k, n)"
};

[[nodiscard]] std::span<const Function> functions();
[[nodiscard]] const Function* find_function(std::string_view name);
/// The name under which an operation is written as a call.
[[nodiscard]] std::string_view function_name(Op op);

/// Letters, digits, '_' and '.', not starting with a digit or '.', and not a word of the language.
[[nodiscard]] bool is_plain_name(std::string_view name);
[[nodiscard]] bool is_word_operator(std::string_view name);  ///< and, or, xor, not

inline constexpr std::size_t longest_text = 65536;  ///< bytes of one expression
inline constexpr int deepest_nesting = 200;

}  // namespace senoma::expr
