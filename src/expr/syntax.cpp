#include "expr/syntax.h"

#include <algorithm>

namespace senoma::expr {

namespace {

constexpr int any_number = 1000;

constexpr Function table[] = {
    {"abs", Op::abs, 1, 1, Rule::same, "abs(x)"},
    {"exp", Op::exp, 1, 1, Rule::pure, "exp(x)"},
    {"ln", Op::ln, 1, 1, Rule::pure, "ln(x)"},
    {"log10", Op::log10, 1, 1, Rule::pure, "log10(x)"},
    {"log", Op::constant, 2, 2, Rule::pure, "log(base, x), or ln(x) or log10(x)"},
    {"sqrt", Op::sqrt, 1, 1, Rule::square_root, "sqrt(x)"},
    {"root", Op::constant, 2, 2, Rule::root, "root(n, x)"},
    {"pow", Op::power, 2, 2, Rule::power, "pow(x, n)"},
    {"floor", Op::floor, 1, 1, Rule::pure, "floor(x)"},
    {"ceil", Op::ceiling, 1, 1, Rule::pure, "ceil(x)"},
    {"ceiling", Op::ceiling, 1, 1, Rule::pure, "ceiling(x)"},
    {"sign", Op::sign, 1, 1, Rule::same_pure, "sign(x)"},
    {"factorial", Op::factorial, 1, 1, Rule::pure, "factorial(n)"},
    {"min", Op::minimum, 2, any_number, Rule::same, "min(a, b, ...)"},
    {"max", Op::maximum, 2, any_number, Rule::same, "max(a, b, ...)"},
    {"rem", Op::remainder, 2, 2, Rule::same, "rem(a, b)"},
    {"quotient", Op::quotient, 2, 2, Rule::same_pure, "quotient(a, b)"},
    {"hill", Op::constant, 3, 3, Rule::hill, "hill(x, k, n)"},
    {"clamp", Op::constant, 3, 3, Rule::same, "clamp(x, lo, hi)"},
    {"if", Op::select, 3, 3, Rule::choose, "if(condition, then, else)"},
    {"piecewise", Op::constant, 2, any_number, Rule::piecewise, "piecewise(value, condition, ..., otherwise)"},
    {"sin", Op::sin, 1, 1, Rule::pure, "sin(x)"},
    {"cos", Op::cos, 1, 1, Rule::pure, "cos(x)"},
    {"tan", Op::tan, 1, 1, Rule::pure, "tan(x)"},
    {"sec", Op::sec, 1, 1, Rule::pure, "sec(x)"},
    {"csc", Op::csc, 1, 1, Rule::pure, "csc(x)"},
    {"cot", Op::cot, 1, 1, Rule::pure, "cot(x)"},
    {"sinh", Op::sinh, 1, 1, Rule::pure, "sinh(x)"},
    {"cosh", Op::cosh, 1, 1, Rule::pure, "cosh(x)"},
    {"tanh", Op::tanh, 1, 1, Rule::pure, "tanh(x)"},
    {"sech", Op::sech, 1, 1, Rule::pure, "sech(x)"},
    {"csch", Op::csch, 1, 1, Rule::pure, "csch(x)"},
    {"coth", Op::coth, 1, 1, Rule::pure, "coth(x)"},
    {"arcsin", Op::arcsin, 1, 1, Rule::pure, "arcsin(x)"},
    {"arccos", Op::arccos, 1, 1, Rule::pure, "arccos(x)"},
    {"arctan", Op::arctan, 1, 1, Rule::pure, "arctan(x)"},
    {"arcsec", Op::arcsec, 1, 1, Rule::pure, "arcsec(x)"},
    {"arccsc", Op::arccsc, 1, 1, Rule::pure, "arccsc(x)"},
    {"arccot", Op::arccot, 1, 1, Rule::pure, "arccot(x)"},
    {"arcsinh", Op::arcsinh, 1, 1, Rule::pure, "arcsinh(x)"},
    {"arccosh", Op::arccosh, 1, 1, Rule::pure, "arccosh(x)"},
    {"arctanh", Op::arctanh, 1, 1, Rule::pure, "arctanh(x)"},
    {"arcsech", Op::arcsech, 1, 1, Rule::pure, "arcsech(x)"},
    {"arccsch", Op::arccsch, 1, 1, Rule::pure, "arccsch(x)"},
    {"arccoth", Op::arccoth, 1, 1, Rule::pure, "arccoth(x)"},
};

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

std::span<const Function> functions() { return table; }

const Function* find_function(std::string_view name) {
  const auto found =
      std::find_if(std::begin(table), std::end(table), [&](const Function& f) { return f.name == name; });
  return found == std::end(table) ? nullptr : found;
}

std::string_view function_name(Op op) {
  for (const auto& f : table) {
    if (f.op == op && op != Op::constant) return f.name;
  }
  return "?";
}

bool is_word_operator(std::string_view name) { return name == "and" || name == "or" || name == "xor" || name == "not"; }

bool is_plain_name(std::string_view name) {
  if (name.empty() || !letter(name.front()) || is_word_operator(name)) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '.'; });
}

}  // namespace senoma::expr
