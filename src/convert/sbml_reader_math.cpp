#include "convert/sbml_reader_math.h"

#include <sbml/math/ASTNode.h>

#include <limits>
#include <optional>

#include "base/math.h"

namespace senoma::convert::sbml {
namespace {

using expr::Op;

/// Nodes whose meaning is one expr::Op on the children.
std::optional<Op> plain_operation(ASTNodeType_t type) {
  switch (type) {
    case AST_PLUS:
      return Op::add;
    case AST_TIMES:
      return Op::multiply;
    case AST_DIVIDE:
      return Op::divide;
    case AST_POWER:
    case AST_FUNCTION_POWER:
      return Op::power;
    case AST_FUNCTION_ABS:
      return Op::abs;
    case AST_FUNCTION_EXP:
      return Op::exp;
    case AST_FUNCTION_LN:
      return Op::ln;
    case AST_FUNCTION_FLOOR:
      return Op::floor;
    case AST_FUNCTION_CEILING:
      return Op::ceiling;
    case AST_FUNCTION_FACTORIAL:
      return Op::factorial;
    case AST_FUNCTION_MAX:
      return Op::maximum;
    case AST_FUNCTION_MIN:
      return Op::minimum;
    case AST_FUNCTION_QUOTIENT:
      return Op::quotient;
    case AST_FUNCTION_REM:
      return Op::remainder;
    case AST_FUNCTION_SIN:
      return Op::sin;
    case AST_FUNCTION_COS:
      return Op::cos;
    case AST_FUNCTION_TAN:
      return Op::tan;
    case AST_FUNCTION_SEC:
      return Op::sec;
    case AST_FUNCTION_CSC:
      return Op::csc;
    case AST_FUNCTION_COT:
      return Op::cot;
    case AST_FUNCTION_SINH:
      return Op::sinh;
    case AST_FUNCTION_COSH:
      return Op::cosh;
    case AST_FUNCTION_TANH:
      return Op::tanh;
    case AST_FUNCTION_SECH:
      return Op::sech;
    case AST_FUNCTION_CSCH:
      return Op::csch;
    case AST_FUNCTION_COTH:
      return Op::coth;
    case AST_FUNCTION_ARCSIN:
      return Op::arcsin;
    case AST_FUNCTION_ARCCOS:
      return Op::arccos;
    case AST_FUNCTION_ARCTAN:
      return Op::arctan;
    case AST_FUNCTION_ARCSEC:
      return Op::arcsec;
    case AST_FUNCTION_ARCCSC:
      return Op::arccsc;
    case AST_FUNCTION_ARCCOT:
      return Op::arccot;
    case AST_FUNCTION_ARCSINH:
      return Op::arcsinh;
    case AST_FUNCTION_ARCCOSH:
      return Op::arccosh;
    case AST_FUNCTION_ARCTANH:
      return Op::arctanh;
    case AST_FUNCTION_ARCSECH:
      return Op::arcsech;
    case AST_FUNCTION_ARCCSCH:
      return Op::arccsch;
    case AST_FUNCTION_ARCCOTH:
      return Op::arccoth;
    case AST_RELATIONAL_EQ:
      return Op::equal;
    case AST_RELATIONAL_NEQ:
      return Op::not_equal;
    case AST_RELATIONAL_LT:
      return Op::less;
    case AST_RELATIONAL_LEQ:
      return Op::less_equal;
    case AST_RELATIONAL_GT:
      return Op::greater;
    case AST_RELATIONAL_GEQ:
      return Op::greater_equal;
    case AST_LOGICAL_AND:
      return Op::logical_and;
    case AST_LOGICAL_OR:
      return Op::logical_or;
    case AST_LOGICAL_XOR:
      return Op::logical_xor;
    case AST_LOGICAL_NOT:
      return Op::logical_not;
    default:
      return std::nullopt;
  }
}

class MathReader {
 public:
  MathReader(const std::string& where, int line, std::vector<Unsupported>& unsupported)
      : where_(where), line_(line), unsupported_(unsupported) {}

  Math read(const ASTNode& node) {
    const ASTNodeType_t type = node.getType();
    if (const auto value = leaf_value(node, type)) return number(*value);
    if (const auto op = plain_operation(type)) {
      Math math = with_children(MathOp::apply, node);
      math.function = *op;
      return math;
    }
    switch (type) {
      case AST_NAME:
        return named(MathOp::name, node);
      case AST_NAME_TIME:
        return named(MathOp::time, node);
      case AST_MINUS: {
        Math math = with_children(MathOp::apply, node);
        math.function = node.getNumChildren() == 1 ? Op::negate : Op::subtract;
        return math;
      }
      case AST_FUNCTION_ROOT:
        return with_default_first(MathOp::root, node, 2.0);
      case AST_FUNCTION_LOG:
        return with_default_first(MathOp::log, node, 10.0);
      case AST_LOGICAL_IMPLIES:
        return with_children(MathOp::implies, node);
      case AST_FUNCTION_PIECEWISE:
        return with_children(MathOp::piecewise, node);
      case AST_FUNCTION: {
        Math math = with_children(MathOp::call, node);
        math.name = name_of(node);
        return math;
      }
      case AST_FUNCTION_RATE_OF:
        return rate_of(node);
      case AST_FUNCTION_DELAY:
        return refuse("delay");
      default:
        return refuse("function '" + describe(node) + "'");
    }
  }

 private:
  static std::optional<double> leaf_value(const ASTNode& node, ASTNodeType_t type) {
    switch (type) {
      case AST_INTEGER:
        return static_cast<double>(node.getInteger());
      case AST_REAL:
      case AST_REAL_E:
      case AST_RATIONAL:
        return node.getReal();
      case AST_CONSTANT_PI:
        return math::pi;
      case AST_CONSTANT_E:
        return math::exp(1.0);
      case AST_CONSTANT_TRUE:
        return 1.0;
      case AST_CONSTANT_FALSE:
        return 0.0;
      case AST_NAME_AVOGADRO:
        return 6.02214179e23;  // the value SBML fixes (L3V2, 3.4.6), not today's
      default:
        return std::nullopt;
    }
  }

  static Math number(double value) {
    Math math;
    math.value = value;
    return math;
  }

  static std::string name_of(const ASTNode& node) { return node.getName() != nullptr ? node.getName() : ""; }

  static std::string describe(const ASTNode& node) {
    const std::string name = name_of(node);
    if (!name.empty()) return name;
    const char* op = node.getOperatorName();
    return op != nullptr ? op : "of type " + std::to_string(static_cast<int>(node.getType()));
  }

  static Math named(MathOp op, const ASTNode& node) {
    Math math;
    math.op = op;
    math.name = name_of(node);
    return math;
  }

  Math with_children(MathOp op, const ASTNode& node) {
    Math math;
    math.op = op;
    math.children.reserve(node.getNumChildren());
    for (unsigned int i = 0; i < node.getNumChildren(); ++i) math.children.push_back(read(*node.getChild(i)));
    return math;
  }

  Math with_default_first(MathOp op, const ASTNode& node, double first) {
    Math math = with_children(op, node);
    if (math.children.size() == 1) math.children.insert(math.children.begin(), number(first));
    return math;
  }

  Math rate_of(const ASTNode& node) {
    if (node.getNumChildren() != 1 || node.getChild(0)->getType() != AST_NAME) {
      return refuse("rateOf of something that is not a name");
    }
    return named(MathOp::rate_of, *node.getChild(0));
  }

  Math refuse(const std::string& what) {
    unsupported_.push_back({what + " in the " + where_, line_});
    return number(std::numeric_limits<double>::quiet_NaN());
  }

  const std::string& where_;
  int line_;
  std::vector<Unsupported>& unsupported_;
};

}  // namespace

Math read_math(const ASTNode& node, const std::string& where, int line, std::vector<Unsupported>& unsupported) {
  return MathReader(where, line, unsupported).read(node);
}

}  // namespace senoma::convert::sbml
