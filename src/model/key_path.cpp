#include <charconv>

#include "model/value.h"

namespace senoma::model {

namespace {

[[noreturn]] void malformed(std::string_view text, std::size_t at, const std::string& what) {
  throw Error("E1110", "malformed key '" + std::string(text) + "': " + what)
      .at({"", 1, static_cast<int>(at) + 1, 1})
      .help("write keys like drug.NAME.schedule[0].dose; quote parts with other characters");
}

bool bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '+' || static_cast<unsigned char>(c) >= 0x80;
}

class PathParser {
 public:
  explicit PathParser(std::string_view text) : text_(text) {}

  std::vector<PathPart> parse() {
    std::vector<PathPart> parts;
    parts.push_back(key());
    while (at_ < text_.size()) {
      if (text_[at_] == '.') {
        ++at_;
        parts.push_back(key());
      } else if (text_[at_] == '[') {
        parts.push_back(bracket());
      } else {
        malformed(text_, at_, "a '.' or '[' was expected");
      }
    }
    return parts;
  }

 private:
  std::string quoted() {
    const char quote = text_[at_];
    const std::size_t close = text_.find(quote, at_ + 1);
    if (close == std::string_view::npos) malformed(text_, at_, "the quote does not end");
    std::string part(text_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
    return part;
  }
  PathPart key() {
    PathPart part{std::string{}, false, static_cast<int>(at_) + 1};
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      part.step = quoted();
      return part;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && bare(text_[at_])) ++at_;
    if (at_ == start) malformed(text_, at_, "a key was expected");
    part.step = std::string(text_.substr(start, at_ - start));
    return part;
  }
  PathPart bracket() {
    PathPart part{std::string{}, false, static_cast<int>(at_) + 1};
    const std::size_t start = ++at_;
    std::string inside;
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      inside = quoted();
      part.bracketed_name = true;
    } else {
      while (at_ < text_.size() && text_[at_] != ']') ++at_;
      inside = std::string(text_.substr(start, at_ - start));
    }
    if (at_ >= text_.size() || text_[at_] != ']') malformed(text_, start - 1, "the bracket does not end");
    ++at_;
    if (inside.empty()) malformed(text_, start - 1, "an index or a name was expected in the brackets");
    std::size_t index = 0;
    const auto [end, status] = std::from_chars(inside.data(), inside.data() + inside.size(), index);
    if (!part.bracketed_name && status == std::errc{} && end == inside.data() + inside.size()) {
      part.step = index;
    } else {
      part.step = inside;
      part.bracketed_name = true;
    }
    return part;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Error no_item(std::string_view path, const PathPart& part, const std::string& message) {
  return Error("E1110", message).at({"", 1, part.column, static_cast<int>(path.size()) - part.column + 1});
}

Value& array_item(Value& array, std::string_view path, const PathPart& part) {
  const std::string before(path.substr(0, static_cast<std::size_t>(part.column) - 1));
  if (!array.is_array()) throw no_item(path, part, "'" + before + "' is " + describe(array.kind) + ", not a list");
  if (const auto* index = std::get_if<std::size_t>(&part.step)) {
    if (*index < array.items.size()) return array.items[*index];
    throw no_item(path, part,
                  "'" + before + "' has " + std::to_string(array.items.size()) + " items; there is no item [" +
                      std::to_string(*index) + "]")
        .help("items count from 0; give the whole list to make it longer");
  }
  const auto& name = std::get<std::string>(part.step);
  std::vector<std::string> names;
  for (auto& item : array.items) {
    const Value* its_name = item.is_table() ? item.find("name") : nullptr;
    if (!its_name || !its_name->is_text()) continue;
    if (its_name->text == name) return item;
    names.push_back(its_name->text);
  }
  Error error = no_item(path, part, "'" + before + "' has no item named '" + name + "'");
  if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
  throw error;
}

}  // namespace

std::vector<PathPart> parse_path(std::string_view text) { return PathParser(text).parse(); }

std::string join_path(const std::string& base, const std::string& key) {
  return base.empty() ? quote_key(key) : base + "." + quote_key(key);
}

Found find_path(const Value& root, std::string_view path) {
  const Value* at = &root;
  for (const auto& part : parse_path(path)) {
    if (is_annotated(*at)) at = at->find("value");
    const Value* next = nullptr;
    if (const auto* index = std::get_if<std::size_t>(&part.step)) {
      if (at->is_array() && *index < at->items.size()) next = &at->items[*index];
    } else if (const auto& key = std::get<std::string>(part.step); !part.bracketed_name) {
      next = at->is_table() ? at->find(key) : nullptr;
    } else if (at->is_array()) {
      for (const auto& item : at->items) {
        const Value* name = item.is_table() ? item.find("name") : nullptr;
        if (name && name->is_text() && name->text == key) next = &item;
      }
    }
    if (!next) return {at, false};
    at = next;
  }
  return {at, true};
}

void assign(Value& root, std::string_view path_text, const SourcePosition& path_where, const Value& value) {
  const auto parts = parse_path(path_text);
  const auto place = [&](const PathPart& part, std::size_t length) {
    SourcePosition where = path_where;
    where.column += part.column - 1;
    where.length = static_cast<int>(length);
    return where;
  };
  Value* at = &root;
  for (const auto& part : parts) {
    if (part.bracketed_name || std::holds_alternative<std::size_t>(part.step)) {
      if (is_annotated(*at)) at = at->find("value");
      at = &array_item(*at, path_text, part);
      continue;
    }
    const auto& key = std::get<std::string>(part.step);
    if (at->kind == Value::Kind::none) {
      at->kind = Value::Kind::table;
      at->where = path_where;
      at->layer = value.layer;
    }
    if (!at->is_table()) {
      const std::string before(path_text.substr(0, static_cast<std::size_t>(part.column) - 2));
      Error error = no_item(path_text, part, "'" + before + "' is " + describe(at->kind) + ", not a table");
      if (at->is_array()) error.help("address one item of the list: " + before + "[0]." + key);
      throw error;
    }
    Member& member = at->add(key);
    member.key_where = place(part, key.size());
    at = &member.value;
  }
  if (at->is_table() && value.is_table()) {
    merge(*at, value);
  } else {
    *at = value;
  }
}

void erase_path(Value& root, std::string_view path) {
  const auto parts = parse_path(path);
  for (const auto& part : parts) {
    if (part.bracketed_name || std::holds_alternative<std::size_t>(part.step))
      malformed(path, static_cast<std::size_t>(part.column) - 1, "only keys of tables can be dropped");
  }
  Value* at = &root;
  for (std::size_t k = 0; at && at->is_table(); ++k) {
    const auto& key = std::get<std::string>(parts[k].step);
    if (k + 1 == parts.size()) return at->erase(key);
    at = at->find(key);
  }
}

}  // namespace senoma::model
