#include "model/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace senoma::model {

const Member* Value::member(std::string_view key) const {
  for (const auto& m : members) {
    if (m.key == key) return &m;
  }
  return nullptr;
}
const Value* Value::find(std::string_view key) const {
  const Member* found = member(key);
  return found ? &found->value : nullptr;
}
Value* Value::find(std::string_view key) {
  for (auto& m : members) {
    if (m.key == key) return &m.value;
  }
  return nullptr;
}
Member& Value::add(std::string_view key) {
  for (auto& m : members) {
    if (m.key == key) return m;
  }
  members.push_back({std::string(key), {}, {}});
  return members.back();
}
void Value::erase(std::string_view key) {
  std::erase_if(members, [&](const Member& m) { return m.key == key; });
}

const char* describe(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::none:
      return "nothing";
    case Value::Kind::text:
      return "a text";
    case Value::Kind::real:
      return "a number";
    case Value::Kind::integer:
      return "a whole number";
    case Value::Kind::boolean:
      return "true or false";
    case Value::Kind::array:
      return "a list";
    case Value::Kind::table:
      return "a table";
  }
  return "";
}

bool is_annotation_key(std::string_view key) {
  return key == "source" || key == "grade" || key == "prior" || key == "note";
}

bool is_annotated(const Value& value) {
  if (!value.is_table() || !value.find("value")) return false;
  return std::all_of(value.members.begin(), value.members.end(),
                     [](const Member& m) { return m.key == "value" || is_annotation_key(m.key); });
}

const Value& plain(const Value& value) { return is_annotated(value) ? *value.find("value") : value; }

std::string quote_text(const std::string& text) {
  static constexpr char hex[] = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string quote_key(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? key : quote_text(key);
}

namespace {

std::string real_text(double x) {
  if (std::isnan(x)) return std::signbit(x) ? "-nan" : "nan";
  if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x).ptr;
  std::string text(buffer.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

std::string to_toml(const Value& value) {
  switch (value.kind) {
    case Value::Kind::none:
      return "\"\"";
    case Value::Kind::text:
      return quote_text(value.text);
    case Value::Kind::real:
      return real_text(value.real);
    case Value::Kind::integer:
      return std::to_string(value.integer);
    case Value::Kind::boolean:
      return value.boolean ? "true" : "false";
    case Value::Kind::array: {
      std::string out = "[";
      for (const auto& item : value.items) out += (out.size() > 1 ? ", " : "") + to_toml(item);
      return out + "]";
    }
    case Value::Kind::table: {
      std::string out = "{";
      for (const auto& m : value.members)
        out += (out.size() > 1 ? ", " : " ") + quote_key(m.key) + " = " + to_toml(m.value);
      return out + (value.members.empty() ? "}" : " }");
    }
  }
  return {};
}

void set_layer(Value& value, const std::string& layer) {
  value.layer = layer;
  for (auto& item : value.items) set_layer(item, layer);
  for (auto& m : value.members) set_layer(m.value, layer);
}

namespace {

bool annotations_only(const Value& value) {
  return !value.members.empty() && std::all_of(value.members.begin(), value.members.end(),
                                               [](const Member& m) { return is_annotation_key(m.key); });
}

/// `own` is the key of base and over, `outer` the key of the table around them.
/// Items that are there already come from a file that two others share.
void append_items(Value& base, const Value& additions) {
  const auto same_place = [](const SourcePosition& a, const SourcePosition& b) {
    return a.file == b.file && a.line == b.line && a.column == b.column;
  };
  for (const auto& item : additions.items) {
    if (std::none_of(base.items.begin(), base.items.end(),
                     [&](const Value& known) { return same_place(known.where, item.where); }))
      base.items.push_back(item);
  }
}

void merge_below(Value& base, const Value& over, std::string_view own, std::string_view outer) {
  if (over.added && base.is_array()) {
    append_items(base, over);
    return;
  }
  const bool whole = !base.is_table() || !over.is_table() || outer == "boundary";
  if (annotations_only(over) && !base.is_table() && base.kind != Value::Kind::none) {
    Value annotated = over;
    annotated.members.insert(annotated.members.begin(), Member{"value", base.where, base});
    base = annotated;
    return;
  }
  if (whole || ((is_annotated(base) || is_annotated(over)) && !annotations_only(over))) {
    base = over;
    return;
  }
  for (const auto& m : over.members) {
    Member& into = base.add(m.key);
    into.key_where = m.key_where;
    merge_below(into.value, m.value, m.key, own);
  }
  base.where = over.where;
}

}  // namespace

void merge(Value& base, const Value& over) { merge_below(base, over, "", ""); }

namespace {

void collect(const Value& value, const std::string& path, std::vector<Leaf>& out) {
  if (value.is_table() && !is_annotated(value)) {
    for (const auto& m : value.members) collect(m.value, join_path(path, m.key), out);
    if (!value.members.empty()) return;
  }
  if (value.is_array() &&
      std::any_of(value.items.begin(), value.items.end(), [](const Value& v) { return v.is_table(); })) {
    for (std::size_t i = 0; i < value.items.size(); ++i)
      collect(value.items[i], path + "[" + std::to_string(i) + "]", out);
    return;
  }
  out.push_back({path, to_toml(plain(value)), value.layer, value.where});
}

}  // namespace

std::vector<Leaf> leaves(const Value& root) {
  std::vector<Leaf> out;
  collect(root, "", out);
  return out;
}

}  // namespace senoma::model
