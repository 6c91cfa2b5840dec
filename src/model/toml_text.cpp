// TOML text → Value, the only user of toml++.
#include <toml++/toml.h>

#include <algorithm>

#include "model/document.h"

namespace senoma::model {

namespace {

/// Starts of lines, so that toml++'s columns (code points) become byte columns.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }
  /// Byte offset of a line and column given in code points, both from 1.
  [[nodiscard]] std::size_t offset(std::size_t line, std::size_t column) const {
    if (line == 0 || line > starts_.size()) return text_.size();
    std::size_t at = starts_[line - 1];
    for (std::size_t c = 1; c < column && at < text_.size() && text_[at] != '\n'; ++c) {
      ++at;
      while (at < text_.size() && (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U) ++at;
    }
    return at;
  }
  [[nodiscard]] SourcePosition position(const toml::source_region& region, const std::string& file) const {
    if (region.begin.line == 0) return {file, 0, 0, 0};
    const std::size_t from = offset(region.begin.line, region.begin.column);
    std::size_t to = region.end.line == 0 ? from : offset(region.end.line, region.end.column);
    if (region.end.line != region.begin.line) to = std::min(text_.find('\n', from), text_.size());
    if (to > from && text_[to - 1] == '\r') --to;
    return {file, static_cast<int>(region.begin.line), static_cast<int>(from - starts_[region.begin.line - 1]) + 1,
            static_cast<int>(to > from ? to - from : 1)};
  }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

class Converter {
 public:
  Converter(const Lines& lines, const std::string& file) : lines_(lines), file_(file) {}

  Value convert(const toml::node& node) const {
    Value value;
    value.where = lines_.position(node.source(), file_);
    if (const auto* table = node.as_table()) {
      convert_table(*table, value);
    } else if (const auto* array = node.as_array()) {
      value.kind = Value::Kind::array;
      for (const auto& item : *array) value.items.push_back(convert(item));
    } else if (const auto* text = node.as_string()) {
      value.kind = Value::Kind::text;
      value.text = text->get();
      const std::size_t from = lines_.offset(node.source().begin.line, node.source().begin.column);
      value.verbatim = lines_.text().substr(std::min(from + 1, lines_.text().size())).starts_with(value.text) &&
                       value.where.length == static_cast<int>(value.text.size()) + 2;
    } else if (const auto* integer = node.as_integer()) {
      value.kind = Value::Kind::integer;
      value.integer = integer->get();
      value.real = static_cast<double>(value.integer);
    } else if (const auto* real = node.as_floating_point()) {
      value.kind = Value::Kind::real;
      value.real = real->get();
    } else if (const auto* boolean = node.as_boolean()) {
      value.kind = Value::Kind::boolean;
      value.boolean = boolean->get();
    } else {
      throw Error("E1105", "dates and times have no meaning in a model")
          .at(value.where)
          .help("write durations like \"3 d\"");
    }
    return value;
  }

 private:
  void convert_table(const toml::table& table, Value& value) const {
    value.kind = Value::Kind::table;
    value.header = !table.is_inline();
    std::vector<std::size_t> offsets;
    for (const auto& [key, node] : table) {
      Member member{std::string(key.str()), lines_.position(key.source(), file_), convert(node)};
      const std::size_t at = lines_.offset(key.source().begin.line, key.source().begin.column);
      const auto place = std::upper_bound(offsets.begin(), offsets.end(), at);
      value.members.insert(value.members.begin() + (place - offsets.begin()), std::move(member));
      offsets.insert(place, at);
    }
    if (!value.where.length) value.where.length = 1;
  }

  const Lines& lines_;
  const std::string& file_;
};

/// Offset of the first byte that is no UTF-8, or npos.
std::size_t first_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t n = lead < 0x80                   ? 1
                          : lead >= 0xC2 && lead < 0xE0 ? 2
                          : lead >= 0xE0 && lead < 0xF0 ? 3
                          : lead >= 0xF0 && lead < 0xF5 ? 4
                                                        : 0;
    if (n == 0 || i + n > text.size()) return i;
    for (std::size_t k = 1; k < n; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return i;
    }
    i += n;
  }
  return std::string_view::npos;
}

void check_bytes(std::string_view text, const std::string& file) {
  const auto line_of = [&](std::size_t at) {
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  };
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error("E1103", "the file is UTF-16, not UTF-8").at({file, 0, 0, 0}).help("save it as UTF-8");
  }
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    throw Error("E1103", "the file is binary, not TOML text")
        .at({file, line_of(nul), 0, 0})
        .help("give a model file (.toml)");
  }
  if (const auto bad = first_bad_byte(text); bad != std::string_view::npos) {
    throw Error("E1103", "the file is not UTF-8 text: bad byte in line " + std::to_string(line_of(bad)))
        .at({file, 0, 0, 0})
        .help("save it as UTF-8; if it is not a text at all, give a model file (.toml)");
  }
  const bool blank =
      std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  if (blank) {
    throw Error("E1104", "the file is empty")
        .at({file, 0, 0, 0})
        .help("'senoma new DIR' writes a small model to start from");
  }
}

}  // namespace

Value parse_toml(std::string_view text, const std::string& file) {
  check_bytes(text, file);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const Lines lines(text);
  try {
    const toml::table table = toml::parse(text, std::string_view(file));
    Value root = Converter(lines, file).convert(table);
    root.header = true;
    root.where = {file, 0, 0, 0};
    return root;
  } catch (const toml::parse_error& error) {
    std::string what(error.description());
    if (what.starts_with("Error while ")) what = "while " + what.substr(12);
    SourcePosition where = lines.position(error.source(), file);
    where.length = 1;
    throw Error("E1105", "not TOML: " + what)
        .at(where)
        .help("texts and values with units need quotes: step = \"30 min\"; each key is written once per table");
  }
}

}  // namespace senoma::model
