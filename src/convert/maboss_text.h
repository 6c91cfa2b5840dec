// The language of MaBoSS's .bnd and .cfg files: words, numbers, signs, and expressions as trees. Private to
// convert/maboss*.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "expr/graph.h"

namespace senoma::convert::maboss {

enum class Kind { name, parameter, alias, number, text, sign, end };

struct Token {
  Kind kind = Kind::end;
  std::string text;  ///< a name (without $ or @) or a sign; AND, OR, NOT, XOR are the signs && || ! ^
  double number = 0.0;
  int line = 1, column = 1;
};

/// One source with its tokens, the last of kind end.
struct Source {
  std::string file;
  std::vector<Token> tokens;

  [[nodiscard]] SourcePosition place(const Token& token) const {
    return {file, token.line, token.column, static_cast<int>(token.text.empty() ? 1 : token.text.size())};
  }
};

/// Comments (// and /* */) are left out. Throws E3021: a sign that is none, an open comment or text, more than 16 MiB.
[[nodiscard]] Source tokenize(std::string_view text, const std::string& file);

struct Expression {
  enum class Kind { number, node, parameter, alias, call, unary, chain, choice };
  Kind kind = Kind::number;
  double value = 0.0;
  std::string name;
  std::vector<expr::Op> operations;  ///< unary: one; chain: between the parts, from the left
  std::vector<Expression> parts;     ///< choice: condition, then, else; call: arguments
  SourcePosition place;
};

/// Reads tokens one by one. Every function throws E3021 with the place and what was expected there.
class Reader {
 public:
  explicit Reader(const Source& source) : source_(source) {}

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  const Token& take();
  [[nodiscard]] bool at_sign(std::string_view sign) const;
  bool take_sign(std::string_view sign);
  void expect_sign(std::string_view sign, const std::string& after);
  std::string expect_name(const std::string& what);
  /// By falling strength: ! + - (one operand), * /, + -, < <= > >=, == !=, AND, OR, XOR, ?:. Nesting of 200 at most.
  Expression expression();
  [[noreturn]] void fail(const std::string& message, const Token& at, const std::string& remedy = "") const;
  [[nodiscard]] SourcePosition place(const Token& token) const { return source_.place(token); }

 private:
  Expression binary(int level);
  Expression unary();
  Expression primary();

  const Source& source_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

/// A token as an error names it: "';'", "'AND'", "the end of the file".
[[nodiscard]] std::string shown(const Token& token);

}  // namespace senoma::convert::maboss
