#include "model/cursor.h"

#include <map>
#include <mutex>
#include <stdexcept>

#include "model/document.h"

namespace senoma::model {

Cursor Cursor::operator[](const std::string& key) const {
  const Node* node = node_->child(key);
  if (!node) throw std::logic_error("the reader asks for a key that the registry lacks: " + path_ + "." + key);
  const Value* value = value_ && value_->is_table() ? value_->find(key) : nullptr;
  Cursor next(value, node, join_path(path_, key), value_ ? value_->where : around_);
  if (value) next.key_where_ = value_->member(key)->key_where;
  return next;
}

Error Cursor::missing(const std::string& why) const {
  const auto dot = path_.find_last_of('.');
  const std::string table = dot == std::string::npos ? "the file" : "[" + path_.substr(0, dot) + "]";
  Error error("E1205", table + " needs '" + leaf_name(path_) + "'");
  error.at(around_).label("'" + leaf_name(path_) + "' (" + describe(key()) + ") is missing").help(why);
  return error;
}

const Value& Cursor::value_or_default() const {
  if (value_) return *value_;
  if (key().default_text.empty()) throw missing(key().doc);
  static std::mutex guard;
  static std::map<std::string, Value> parsed;  // a cache of constants
  const std::lock_guard lock(guard);
  auto entry = parsed.find(key().default_text);
  if (entry == parsed.end()) {
    entry = parsed.emplace(key().default_text, *parse_toml("v = " + key().default_text, "default").find("v")).first;
  }
  return entry->second;
}

double Cursor::number(const std::optional<Dimension>& dimension) const {
  return read_number(value_or_default(), key(), path_, dimension);
}
double Cursor::number_or(double fallback, const std::optional<Dimension>& dimension) const {
  return value_ ? number(dimension) : fallback;
}
Quantity Cursor::quantity() const { return read_quantity(value_or_default(), key(), path_); }
std::string Cursor::text() const { return read_text_value(value_or_default(), key(), path_); }
std::string Cursor::text_or(const std::string& fallback) const { return value_ ? text() : fallback; }
bool Cursor::flag() const { return value_ && read_boolean(*value_, path_); }
engine::Expression Cursor::expression() const { return read_expression(value_or_default(), path_); }
std::optional<engine::Expression> Cursor::maybe_expression() const {
  if (!value_) return std::nullopt;
  return expression();
}

std::vector<Cursor> Cursor::items() const {
  std::vector<Cursor> result;
  const bool tables = key().kind == Kind::list_of_tables;
  const Node* node = tables ? node_->item.get() : node_;
  const Value* list = value_;
  if (!list && !tables && !key().default_text.empty()) list = &value_or_default();
  if (!list) return result;
  const Value& bare = plain(*list);
  if (!bare.is_array()) {
    result.emplace_back(&bare, node, path_, around_);
    return result;
  }
  for (std::size_t i = 0; i < bare.items.size(); ++i) {
    result.emplace_back(&bare.items[i], node, path_ + "[" + std::to_string(i) + "]", bare.where);
  }
  return result;
}

std::vector<std::string> Cursor::texts() const {
  std::vector<std::string> result;
  for (const auto& item : items()) result.push_back(read_text_value(*item.value(), key(), item.path()));
  return result;
}

std::vector<double> Cursor::numbers() const {
  std::vector<double> result;
  for (const auto& item : items()) result.push_back(read_number(*item.value(), key(), item.path()));
  return result;
}

std::vector<std::pair<std::string, Cursor>> Cursor::members() const {
  std::vector<std::pair<std::string, Cursor>> result;
  if (!value_ || !value_->is_table()) return result;
  const bool annotations = !node_->names_are_free() || !node_->key.mechanism.empty();
  for (const auto& m : value_->members) {
    if (annotations && is_annotation_key(m.key) && !node_->children.contains(m.key)) continue;
    if (node_->child(m.key)) result.emplace_back(m.key, (*this)[m.key]);
  }
  return result;
}

Error unknown_name(const std::string& what, const std::string& name, const std::vector<std::string>& names,
                   const SourcePosition& where) {
  Error error("E1206", "there is no " + what + " '" + name + "'");
  error.at(where);
  if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
  std::string list;
  for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
  error.help(list.empty() ? "the model has none" : "the model has: " + list);
  return error;
}

}  // namespace senoma::model
