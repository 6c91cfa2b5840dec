#include "expr/lexer.h"

#include <charconv>

#include "expr/parse.h"
#include "expr/syntax.h"

namespace senoma::expr {

namespace {

constexpr std::string_view two_letter_signs[] = {"<=", ">=", "==", "!=", "&&", "||"};
constexpr std::string_view one_letter_signs = "+-*/%^()<>!?:,";

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> all() {
    std::vector<Token> tokens;
    do {
      tokens.push_back(next());
    } while (tokens.back().kind != TokenKind::end);
    return tokens;
  }

 private:
  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  Token made(TokenKind kind, std::size_t length, std::string text) {
    Token token{kind, std::move(text), 0.0, at_, length};
    at_ += length;
    return token;
  }

  Token next() {
    while (at_ < text_.size() && blank(text_[at_])) ++at_;
    if (at_ == text_.size()) return made(TokenKind::end, 0, "");
    const char c = text_[at_];
    if (digit(c) || (c == '.' && digit(at(at_ + 1)))) return number();
    if (name_start(c)) return name();
    if (c == '`') return enclosed('`', TokenKind::name, "back-quote");
    if (c == '[') return enclosed(']', TokenKind::unit, "']'");
    for (const auto sign : two_letter_signs) {
      if (text_.substr(at_).starts_with(sign)) return made(TokenKind::sign, 2, std::string(sign));
    }
    if (one_letter_signs.find(c) != std::string_view::npos) return made(TokenKind::sign, 1, std::string(1, c));
    unknown_character(c);
  }

  Token number() {
    double value = 0.0;
    const char* begin = text_.data() + at_;
    const auto [end, status] = std::from_chars(begin, text_.data() + text_.size(), value);
    const auto length = static_cast<std::size_t>(end - begin);
    if (status != std::errc{}) {
      throw Error("E2001", "the number " + std::string(text_.substr(at_, std::min<std::size_t>(length, 40))) +
                               " is out of range")
          .at(position_at(at_, length))
          .help("numbers lie between 1e-307 and 1e308");
    }
    Token token = made(TokenKind::number, length, "");
    token.number = value;
    if (name_start(at(at_)) || digit(at(at_)) || at(at_) == '.') {
      throw Error("E2001", "an operator is missing after the number")
          .at(position_at(at_, 1))
          .label("right after a number")
          .help("write '*' for a product, and a unit in brackets: 12 [h]");
    }
    return token;
  }

  Token name() {
    std::size_t end = at_;
    while (name_start(at(end)) || digit(at(end)) || at(end) == '.') ++end;
    return made(TokenKind::name, end - at_, std::string(text_.substr(at_, end - at_)));
  }

  Token enclosed(char closing, TokenKind kind, const char* word) {
    const std::size_t close = text_.find(closing, at_ + 1);
    if (close == std::string_view::npos) {
      throw Error("E2001", std::string("the closing ") + word + " is missing")
          .at(position_at(at_, 1))
          .label("opened here");
    }
    const std::string_view inside = text_.substr(at_ + 1, close - at_ - 1);
    if (kind == TokenKind::unit) return made(kind, close - at_ + 1, std::string(inside));
    std::string plain = normalise_name(inside);
    if (plain.empty()) throw Error("E2001", "a name in back-quotes is empty").at(position_at(at_, close - at_ + 1));
    Token token = made(kind, close - at_ + 1, std::move(plain));
    token.quoted = true;
    return token;
  }

  [[noreturn]] void unknown_character(char c) {
    const bool printable = c > ' ' && c < '\x7f';
    Error error("E2001", printable ? std::string("'") + c + "' has no meaning here"
                                   : "a character that is not part of the language");
    error.at(position_at(at_, 1));
    if (c == '&' || c == '|') error.help(std::string("write '") + c + c + "'");
    if (c == '=') error.help("write '==' to compare");
    if (c == ']') error.help("a unit begins with '[' after a number: 12 [h]");
    if (!printable) error.help("a name with other than ASCII letters is written in back-quotes: `factor \u03b3`");
    throw error;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

SourcePosition position_at(std::size_t begin, std::size_t length) {
  return {"", 1, static_cast<int>(begin) + 1, static_cast<int>(length)};
}

std::vector<Token> tokenize(std::string_view text) {
  if (text.size() > longest_text) {
    throw Error("E2005", "the expression has " + std::to_string(text.size()) + " bytes, more than " +
                             std::to_string(longest_text))
        .at(position_at(longest_text, 1))
        .help("give parts of it names of their own");
  }
  return Lexer(text).all();
}

std::string normalise_name(std::string_view phrase) {
  std::string name;
  bool gap = false;
  for (const char c : phrase) {
    if (blank(c)) {
      gap = true;
    } else {
      if (gap && !name.empty()) name += '.';
      gap = false;
      name += c;
    }
  }
  return name;
}

}  // namespace senoma::expr
