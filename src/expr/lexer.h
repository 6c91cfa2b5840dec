// Text → tokens of the expression language. Every token knows its bytes in the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace senoma::expr {

enum class TokenKind { number, name, sign, unit, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  ///< a name (normalised), a sign such as "<=", or the text inside a unit's brackets
  double number = 0.0;
  std::size_t begin = 0;  ///< offset in the text
  std::size_t length = 0;
  bool quoted = false;  ///< a name in back-quotes
};

/// All tokens, the last one of kind end. Throws E2001 and E2005.
[[nodiscard]] std::vector<Token> tokenize(std::string_view text);

/// Bytes [begin, begin + length) of the text as a position: line 1, column from 1.
[[nodiscard]] SourcePosition position_at(std::size_t begin, std::size_t length);

}  // namespace senoma::expr
