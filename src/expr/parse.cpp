#include "expr/parse.h"

#include <algorithm>
#include <limits>

#include "base/math.h"
#include "expr/lexer.h"
#include "expr/quantities.h"
#include "expr/syntax.h"

namespace senoma::expr {

namespace {

struct Infix {
  std::string_view sign;
  Op op;
  int level;
};
constexpr Infix infixes[] = {
    {"||", Op::logical_or, level_or},
    {"or", Op::logical_or, level_or},
    {"xor", Op::logical_xor, level_xor},
    {"&&", Op::logical_and, level_and},
    {"and", Op::logical_and, level_and},
    {"==", Op::equal, level_equality},
    {"!=", Op::not_equal, level_equality},
    {"<", Op::less, level_comparison},
    {"<=", Op::less_equal, level_comparison},
    {">", Op::greater, level_comparison},
    {">=", Op::greater_equal, level_comparison},
    {"+", Op::add, level_sum},
    {"-", Op::subtract, level_sum},
    {"*", Op::multiply, level_product},
    {"/", Op::divide, level_product},
    {"%", Op::remainder, level_product},
    {"^", Op::power, level_power},
};

struct Constant {
  std::string_view name;
  double value;
};
constexpr Constant constants[] = {
    {"pi", math::pi},
    {"exponentiale", 2.718281828459045},
    {"true", 1.0},
    {"false", 0.0},
    {"infinity", std::numeric_limits<double>::infinity()},
    {"notanumber", std::numeric_limits<double>::quiet_NaN()},
};

class Parser {
 public:
  Parser(std::string_view text, Graph& graph, const Scope& scope)
      : tokens_(tokenize(text)), graph_(graph), scope_(scope), quantities_(graph, scope.check_dimensions) {}

  Symbol parse() {
    if (token().kind == TokenKind::end)
      throw Error("E2001", "the expression is empty").at(position_at(token().begin, 1));
    const Value value = expression();
    if (token().kind != TokenKind::end) unexpected("an operator or the end");
    return {value.node, value.dimension};
  }

 private:
  /// Counts nesting, so that no text can exhaust the stack.
  class Nested {
   public:
    explicit Nested(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > deepest_nesting) {
        throw Error("E2005", "the expression is nested more than " + std::to_string(deepest_nesting) + " deep")
            .at(position_at(parser_.token().begin, std::max<std::size_t>(1, parser_.token().length)))
            .help("give inner parts names of their own");
      }
    }
    ~Nested() { --parser_.depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    Parser& parser_;
  };

  [[nodiscard]] const Token& token() const { return tokens_[next_]; }
  [[nodiscard]] bool is_sign(std::string_view sign) const {
    return token().kind == TokenKind::sign && token().text == sign;
  }
  bool accept(std::string_view sign) {
    if (!is_sign(sign)) return false;
    ++next_;
    return true;
  }
  void expect(std::string_view sign, std::string_view purpose) {
    if (!accept(sign)) unexpected("'" + std::string(sign) + "'" + std::string(purpose));
  }
  [[noreturn]] void unexpected(const std::string& expected) const {
    const Token& t = token();
    Error error("E2001",
                t.kind == TokenKind::end ? expected + " was expected, but the text ends" : expected + " was expected");
    error.at(position_at(t.begin, std::max<std::size_t>(1, t.length)));
    if (t.kind == TokenKind::unit) error.help("a unit follows a number: 12 [h]");
    throw error;
  }

  Value expression() {  // condition ? a : b
    const Nested nested(*this);
    Value condition = operation(level_or);
    if (!accept("?")) return condition;
    const Value a = expression();
    expect(":", " of a choice");
    const Value b = expression();
    return quantities_.choose(condition, a, b);
  }

  [[nodiscard]] const Infix* infix() const {
    const bool word = token().kind == TokenKind::name && !token().quoted && is_word_operator(token().text);
    if (token().kind != TokenKind::sign && !word) return nullptr;
    const auto found =
        std::find_if(std::begin(infixes), std::end(infixes), [&](const Infix& i) { return i.sign == token().text; });
    return found == std::end(infixes) ? nullptr : found;
  }

  /// Everything that binds at least as strongly as `weakest` (precedence climbing).
  Value operation(int weakest) {
    Value left = prefixed();
    int previous = level_primary + 1;
    for (const Infix* i = infix(); i != nullptr && i->level >= weakest; i = infix()) {
      const bool comparison = i->level == level_comparison || i->level == level_equality;
      if (comparison && previous == i->level) {
        throw Error("E2001", "comparisons do not chain")
            .at(position_at(token().begin, token().length))
            .help("write a < b && b < c");
      }
      previous = i->level;
      ++next_;
      const Value right = i->op == Op::power ? exponent() : operation(i->level + 1);
      left = quantities_.binary(i->op, i->sign, left, right);
    }
    return left;
  }

  Value exponent() {  // right-associative; may carry a sign: 2^-3
    const Nested nested(*this);
    return operation(level_power);
  }

  /// Unary signs bind weaker than '^' and stronger than '*': -2^2 = -4.
  Value prefixed() {
    const std::size_t begin = token().begin;
    const bool word_not = token().kind == TokenKind::name && !token().quoted && token().text == "not";
    const bool negative = is_sign("-"), logical = is_sign("!") || word_not;
    if (!negative && !logical && !is_sign("+")) return primary();
    const Nested nested(*this);
    ++next_;
    Value value = operation(level_power);
    if (negative || logical) value = quantities_.unary(negative ? Op::negate : Op::logical_not, value);
    value.begin = begin;
    return value;
  }

  Value primary() {
    const Token t = token();
    if (t.kind == TokenKind::number) return number();
    if (t.kind == TokenKind::name && (t.quoted || !is_word_operator(t.text))) {
      ++next_;
      if (!t.quoted && is_sign("(")) return call(t);
      return symbol(t);
    }
    if (accept("(")) {
      Value inner = expression();
      const std::size_t end = token().begin + 1;
      expect(")", "");
      inner.begin = t.begin;
      inner.end = end;
      return inner;
    }
    unexpected("a number, a name or '('");
  }

  Value number() {
    const Token t = token();
    ++next_;
    Value value{-1, {}, t.number == 0.0, t.begin, t.begin + t.length};
    double factor = 1.0;
    if (token().kind == TokenKind::unit) {
      const Quantity unit = unit_of(token());
      factor = unit.value;
      value.dimension = scope_.check_dimensions ? unit.dimension : Dimension{};
      value.any = false;
      value.end = token().begin + token().length;
      ++next_;
    }
    const double internal = t.number * factor;
    if (internal > std::numeric_limits<double>::max()) {
      throw Error("E2001", "the value is out of range in internal units")
          .at(position_at(value.begin, value.end - value.begin));
    }
    value.node = graph_.constant(internal);
    return value;
  }

  static Quantity unit_of(const Token& t) {
    try {
      return parse_unit(t.text);
    } catch (Error& error) {
      SourcePosition place = error.position().value_or(SourcePosition{"", 1, 1, 1});
      place.column += static_cast<int>(t.begin) + 1;
      error.at(place);
      throw;
    }
  }

  Value symbol(const Token& t) {
    Value value{-1, {}, false, t.begin, t.begin + t.length};
    if (const auto found = scope_.find ? scope_.find(t.text) : std::nullopt) {
      value.node = found->node;
      if (scope_.check_dimensions) value.dimension = found->dimension;
      return value;
    }
    for (const auto& constant : constants) {
      if (constant.name != t.text || t.quoted) continue;
      value.node = graph_.constant(constant.value);
      return value;
    }
    Error error("E2002", "unknown name '" + t.text + "'");
    error.at(position_at(t.begin, t.length));
    std::vector<std::string> known = scope_.names ? scope_.names() : std::vector<std::string>{};
    for (const auto& constant : constants) known.emplace_back(constant.name);
    suggest(error, t.text, known);
    if (find_function(t.text) != nullptr)
      error.help("as a function it is written " + std::string(find_function(t.text)->usage));
    throw error;
  }

  static void suggest(Error& error, const std::string& word, const std::vector<std::string>& known) {
    if (word.size() > 200) return;  // no typing mistake; the distance would cost too much
    if (const auto near = nearest_name(word, known); !near.empty()) error.help("did you mean '" + near + "'?");
  }

  Value call(const Token& name) {
    const Function* function = find_function(name.text);
    if (function == nullptr) {
      Error error("E2002", "unknown function '" + name.text + "'");
      error.at(position_at(name.begin, name.length));
      std::vector<std::string> known;
      for (const auto& f : functions()) known.emplace_back(f.name);
      suggest(error, name.text, known);
      throw error;
    }
    expect("(", "");
    std::vector<Value> arguments;
    if (!is_sign(")")) {
      do {
        arguments.push_back(expression());
      } while (accept(","));
    }
    const std::size_t end = token().begin + 1;
    expect(")", " or ','");
    const int n = static_cast<int>(arguments.size());
    if (n < function->least || n > function->most) {
      throw Error("E2004", "'" + name.text + "' has " + std::to_string(n) + (n == 1 ? " argument" : " arguments"))
          .at(position_at(name.begin, end - name.begin))
          .help("write " + std::string(function->usage));
    }
    return quantities_.call(*function, arguments, name.begin, end);
  }

  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  Graph& graph_;
  const Scope& scope_;
  Quantities quantities_;
};

}  // namespace

Symbol parse(std::string_view text, Graph& graph, const Scope& scope) { return Parser(text, graph, scope).parse(); }

}  // namespace senoma::expr
