#include "convert/maboss_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace senoma::convert::maboss {

namespace {

constexpr std::size_t longest_text = std::size_t{16} << 20;
constexpr int deepest_nesting = 200;

bool letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Words that are operators or numbers, whatever their case.
bool is_word_of_language(Token& token) {
  static constexpr std::array<std::pair<const char*, const char*>, 4> words{
      {{"and", "&&"}, {"or", "||"}, {"not", "!"}, {"xor", "^"}}};
  const std::string word = lower(token.text);
  for (const auto& [name, sign] : words) {
    if (word == name) {
      token.kind = Kind::sign;
      token.text = sign;
      return true;
    }
  }
  if (word != "true" && word != "false") return false;
  token.kind = Kind::number;
  token.number = word == "true" ? 1.0 : 0.0;
  return true;
}

class Lexer {
 public:
  Lexer(std::string_view text, const std::string& file) : text_(text) { source_.file = file; }

  Source run() {
    if (text_.size() > longest_text) fail("the file is larger than 16 MiB", "");
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    while (skip_blanks()) read_token();
    source_.tokens.push_back(here(Kind::end));
    return std::move(source_);
  }

 private:
  [[nodiscard]] char at(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  [[nodiscard]] Token here(Kind kind) const { return {kind, "", 0.0, line_, static_cast<int>(at_ - line_begin_) + 1}; }
  void step() {
    if (text_[at_] == '\n') {
      ++line_;
      line_begin_ = at_ + 1;
    }
    ++at_;
  }
  [[noreturn]] void fail(const std::string& message, const std::string& remedy) const {
    Error error("E3021", message);
    error.at({source_.file, line_, static_cast<int>(at_ - line_begin_) + 1, 1});
    if (!remedy.empty()) error.help(remedy);
    throw error;
  }

  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (std::isspace(static_cast<unsigned char>(at())) != 0) {
        step();
      } else if ((at() == '/' && at(1) == '/') || (at() == '#' && at_ == line_begin_)) {
        while (at_ < text_.size() && at() != '\n') step();
      } else if (at() == '/' && at(1) == '*') {
        const std::size_t close = text_.find("*/", at_ + 2);
        if (close == std::string_view::npos) fail("the comment that begins here does not end", "close it with */");
        while (at_ < close + 2) step();
      } else {
        return true;
      }
    }
    return false;
  }

  std::string word() {
    const std::size_t begin = at_;
    while (letter(at()) || digit(at())) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  void read_token() {
    Token token = here(Kind::sign);
    const char c = at();
    if (letter(c)) {
      token.kind = Kind::name;
      token.text = word();
      is_word_of_language(token);
    } else if ((c == '$' || c == '@') && letter(at(1))) {
      ++at_;
      token.kind = c == '$' ? Kind::parameter : Kind::alias;
      token.text = word();
    } else if (digit(c) || (c == '.' && digit(at(1)))) {
      read_number(token);
    } else if (c == '"') {
      token.kind = Kind::text;
      const std::size_t close = text_.find_first_of("\"\n", at_ + 1);
      if (close == std::string_view::npos || text_[close] == '\n') fail("the text does not end on its line", "");
      token.text = std::string(text_.substr(at_ + 1, close - at_ - 1));
      at_ = close + 1;
    } else {
      read_sign(token);
    }
    source_.tokens.push_back(std::move(token));
  }

  void read_number(Token& token) {
    token.kind = Kind::number;
    const char* begin = text_.data() + at_;
    const auto [end, status] = std::from_chars(begin, text_.data() + text_.size(), token.number);
    if (status != std::errc()) fail("this number cannot be read", "write it like 0.5 or 1e-3");
    token.text.assign(begin, end);
    at_ += static_cast<std::size_t>(end - begin);
    if (letter(at())) fail("a number runs into the name '" + word() + "'", "put a sign or a blank between them");
  }

  void read_sign(Token& token) {
    static constexpr std::array<std::pair<std::string_view, const char*>, 28> signs{
        {{"&&", "&&"}, {"||", "||"}, {"==", "=="}, {"!=", "!="}, {"<=", "<="}, {">=", ">="}, {"&", "&&"},
         {"|", "||"},  {"!", "!"},   {"^", "^"},   {"<", "<"},   {">", ">"},   {"+", "+"},   {"-", "-"},
         {"*", "*"},   {"/", "/"},   {"?", "?"},   {":", ":"},   {"=", "="},   {";", ";"},   {",", ","},
         {".", "."},   {"(", "("},   {")", ")"},   {"[", "["},   {"]", "]"},   {"{", "{"},   {"}", "}"}}};
    for (const auto& [text, meaning] : signs) {
      if (text_.substr(at_, text.size()) != text) continue;
      token.text = meaning;
      at_ += text.size();
      return;
    }
    const auto code = static_cast<unsigned char>(at());
    fail(code >= 0x20 && code < 0x7F ? std::string("'") + at() + "' has no meaning here"
                                     : "the byte " + std::to_string(code) + " has no meaning here",
         "outside of comments the files are plain ASCII");
  }

  std::string_view text_;
  Source source_;
  std::size_t at_ = 0, line_begin_ = 0;
  int line_ = 1;
};

struct Operator {
  std::string_view sign;
  int level;
  expr::Op op;
};
constexpr int strongest = 6;
constexpr std::array<Operator, 13> operators{{{"^", 0, expr::Op::logical_xor},
                                              {"||", 1, expr::Op::logical_or},
                                              {"&&", 2, expr::Op::logical_and},
                                              {"==", 3, expr::Op::equal},
                                              {"!=", 3, expr::Op::not_equal},
                                              {"<", 4, expr::Op::less},
                                              {"<=", 4, expr::Op::less_equal},
                                              {">", 4, expr::Op::greater},
                                              {">=", 4, expr::Op::greater_equal},
                                              {"+", 5, expr::Op::add},
                                              {"-", 5, expr::Op::subtract},
                                              {"*", 6, expr::Op::multiply},
                                              {"/", 6, expr::Op::divide}}};

}  // namespace

Source tokenize(std::string_view text, const std::string& file) { return Lexer(text, file).run(); }

std::string shown(const Token& token) {
  switch (token.kind) {
    case Kind::end:
      return "the end of the file";
    case Kind::parameter:
      return "'$" + token.text + "'";
    case Kind::alias:
      return "'@" + token.text + "'";
    case Kind::number:
      return token.text.empty() ? "a truth value" : "'" + token.text + "'";
    default:
      return "'" + token.text + "'";
  }
}

const Token& Reader::peek(std::size_t ahead) const {
  return source_.tokens[std::min(at_ + ahead, source_.tokens.size() - 1)];
}

const Token& Reader::take() {
  const Token& token = peek();
  if (at_ + 1 < source_.tokens.size()) ++at_;
  return token;
}

bool Reader::at_sign(std::string_view sign) const { return peek().kind == Kind::sign && peek().text == sign; }

bool Reader::take_sign(std::string_view sign) {
  if (!at_sign(sign)) return false;
  take();
  return true;
}

void Reader::expect_sign(std::string_view sign, const std::string& after) {
  if (take_sign(sign)) return;
  fail("'" + std::string(sign) + "' expected after " + after + ", found " + shown(peek()), peek());
}

std::string Reader::expect_name(const std::string& what) {
  if (peek().kind != Kind::name) fail(what + " expected, found " + shown(peek()), peek());
  return take().text;
}

void Reader::fail(const std::string& message, const Token& at, const std::string& remedy) const {
  Error error("E3021", message);
  error.at(source_.place(at));
  if (!remedy.empty()) error.help(remedy);
  throw error;
}

Expression Reader::expression() {
  if (++depth_ > deepest_nesting)
    fail("the expression is nested more than 200 deep", peek(), "split it into attributes: logic_a = …; and @logic_a");
  Expression condition = binary(0);
  if (at_sign("?")) {
    Expression choice;
    choice.kind = Expression::Kind::choice;
    choice.place = place(take());
    choice.parts.push_back(std::move(condition));
    choice.parts.push_back(expression());
    expect_sign(":", "the first branch of '?'");
    choice.parts.push_back(expression());
    condition = std::move(choice);
  }
  --depth_;
  return condition;
}

Expression Reader::binary(int level) {
  if (level > strongest) return unary();
  Expression first = binary(level + 1);
  Expression chain;
  for (;;) {
    const auto found = std::find_if(operators.begin(), operators.end(),
                                    [&](const Operator& o) { return o.level == level && at_sign(o.sign); });
    if (found == operators.end()) break;
    const Token& sign = take();
    if (chain.parts.empty()) {
      chain.kind = Expression::Kind::chain;
      chain.place = place(sign);
      chain.parts.push_back(std::move(first));
    }
    chain.operations.push_back(found->op);
    chain.parts.push_back(binary(level + 1));
  }
  return chain.parts.empty() ? std::move(first) : std::move(chain);
}

Expression Reader::unary() {
  for (const auto& [sign, op] :
       {std::pair{"!", expr::Op::logical_not}, {"-", expr::Op::negate}, {"+", expr::Op::add}}) {
    if (!at_sign(sign)) continue;
    if (++depth_ > deepest_nesting) fail("the expression is nested more than 200 deep", peek());
    Expression e;
    e.kind = Expression::Kind::unary;
    e.place = place(take());
    e.operations.push_back(op);
    e.parts.push_back(unary());
    --depth_;
    return op == expr::Op::add ? std::move(e.parts[0]) : std::move(e);
  }
  return primary();
}

Expression Reader::primary() {
  const Token& token = take();
  Expression e;
  e.place = place(token);
  e.name = token.text;
  switch (token.kind) {
    case Kind::number:
      e.value = token.number;
      return e;
    case Kind::parameter:
      e.kind = Expression::Kind::parameter;
      return e;
    case Kind::alias:
      e.kind = Expression::Kind::alias;
      return e;
    case Kind::name:
      if (take_sign("(")) {
        e.kind = Expression::Kind::call;
        do e.parts.push_back(expression());
        while (take_sign(","));
        expect_sign(")", "the arguments of '" + e.name + "'");
        return e;
      }
      e.kind = Expression::Kind::node;
      return e;
    default:
      break;
  }
  if (token.kind != Kind::sign || token.text != "(")
    fail("a value expected, found " + shown(token), token, "an expression is missing here");
  e = expression();
  expect_sign(")", "the expression in parentheses");
  return e;
}

}  // namespace senoma::convert::maboss
