#include "model/scalar.h"

#include <algorithm>
#include <cmath>

namespace senoma::model {

std::string leaf_name(const std::string& path) {
  const auto dot = path.find_last_of('.');
  return dot == std::string::npos ? path : path.substr(dot + 1);
}

Error relocate(Error error, const Value& value) {
  SourcePosition where = value.where;
  if (error.position() && value.verbatim) {
    where.column += error.position()->column;  // the text starts after its quote
    where.length = error.position()->length;
  }
  error.at(where);
  return error;
}

Error wrong_kind(const Value& value, const Key& key, const std::string& path) {
  Error error("E1202", "'" + path + "' has the wrong kind of value");
  error.at(value.where)
      .label(std::string(describe(value.kind)) + "; '" + leaf_name(path) + "' is " + (key.is_list ? "a list: " : "") +
             describe(key));
  if (!key.default_text.empty()) error.help("for example " + leaf_name(path) + " = " + key.default_text);
  return error;
}

namespace {

Error wrong_dimension(const Quantity& found, const Value& value, const Key& key, const std::string& path,
                      const Dimension& expected, bool fixed) {
  Error error("E1203", "value has the wrong dimension");
  const std::string name = leaf_name(path);
  error.at(value.where)
      .label(senoma::describe(found.dimension) + "; '" + name + "' is " +
             (fixed ? describe(key) : senoma::describe(expected)));
  if (found.dimension.dimensionless() && !expected.dimensionless()) {
    error.help("give the value with its unit, like " + name + " = \"" + to_toml(plain(value)) + " " +
               internal_unit(expected) + "\"");
  } else if (expected.dimensionless()) {
    error.help("give a bare number");
  } else {
    error.help("give a value in a unit such as " + internal_unit(expected));
  }
  return error;
}

Quantity parse(const Value& value, const Key& key, const std::string& path) {
  if (value.is_number()) {
    if (!std::isfinite(value.real)) {
      throw Error("E1204", "'" + path + "' is not a finite number").at(value.where).help("give a finite value");
    }
    return {value.real, dim::none};
  }
  if (value.kind == Value::Kind::boolean && key.or_boolean) return {value.boolean ? 1.0 : 0.0, dim::none};
  if (!value.is_text()) throw wrong_kind(value, key, path);
  try {
    return parse_quantity(value.text);
  } catch (const Error& error) {
    throw relocate(error, value);
  }
}

void check_range(double number, const Value& value, const Key& key, const std::string& path) {
  const bool low = key.exclusive_minimum ? number <= key.minimum : number < key.minimum;
  if (!low && number <= key.maximum) return;
  Value limit;
  limit.kind = Value::Kind::real;
  limit.real = low ? key.minimum : key.maximum;
  std::string bound = limit.real == 0 ? "0" : to_toml(limit);
  if (limit.real != 0 && key.rule == DimensionRule::fixed && !key.dimension.dimensionless())
    bound += " " + internal_unit(key.dimension);
  const std::string rule =
      low ? (key.exclusive_minimum ? "must be above " : "must be at least ") + bound : "must be at most " + bound;
  throw Error("E1204", "'" + path + "' is out of range: it is " + (value.is_text() ? value.text : to_toml(value)) +
                           " and " + rule)
      .at(value.where)
      .label(low && limit.real == 0 ? (number == 0 ? "zero" : "negative")
             : low                  ? "too small"
                                    : "too large")
      .help("'" + leaf_name(path) + "': " + key.doc);
}

}  // namespace

Quantity read_quantity(const Value& annotated, const Key& key, const std::string& path,
                       const std::optional<Dimension>& dimension) {
  const Value& value = plain(annotated);
  Quantity q = parse(value, key, path);
  const bool open = key.rule != DimensionRule::fixed && !dimension;
  if (!open) {
    std::vector<Dimension> accepted = {dimension.value_or(key.dimension)};
    if (!dimension) accepted.insert(accepted.end(), key.alternatives.begin(), key.alternatives.end());
    bool fits = false;
    for (const auto& d : accepted) {
      if (fits) break;
      try {
        q = {convert_to(q, d), d};
        fits = true;
      } catch (const Error&) {  // the next one may fit
      }
    }
    const bool per_body_weight = q.dimension.dimensionless() && value.is_text() &&
                                 value.text.find("/kg") != std::string::npos &&
                                 key.words.find("mg/kg") != std::string::npos;
    if (!fits && !per_body_weight) throw wrong_dimension(q, value, key, path, accepted.front(), !dimension);
  }
  check_range(q.value, value, key, path);
  return q;
}

double read_number(const Value& value, const Key& key, const std::string& path,
                   const std::optional<Dimension>& dimension) {
  const double number = read_quantity(value, key, path, dimension).value;
  if (key.kind == Kind::count && (number != std::floor(number) || std::abs(number) > 9e15)) {
    throw Error("E1204", "'" + path + "' is not a whole number").at(plain(value).where).help("give a whole number");
  }
  return number;
}

std::string read_text_value(const Value& annotated, const Key& key, const std::string& path) {
  const Value& value = plain(annotated);
  if (!value.is_text()) throw wrong_kind(value, key, path);
  if (key.kind == Kind::choice && std::find(key.choices.begin(), key.choices.end(), value.text) == key.choices.end()) {
    Error error("E1202", "'" + path + "' has no choice \"" + value.text + "\"");
    error.at(value.where).label(describe(key));
    if (const auto near = nearest_name(value.text, key.choices); !near.empty())
      error.help("did you mean \"" + near + "\"?");
    throw error;
  }
  return value.text;
}

bool read_boolean(const Value& annotated, const std::string& path) {
  const Value& value = plain(annotated);
  if (value.kind == Value::Kind::boolean) return value.boolean;
  throw Error("E1202", "'" + path + "' has the wrong kind of value")
      .at(value.where)
      .label(std::string(describe(value.kind)) + "; '" + leaf_name(path) + "' is true or false")
      .help("write true or false, without quotes");
}

engine::Expression read_expression(const Value& annotated, const std::string& path) {
  const Value& value = plain(annotated);
  if (value.is_number()) return {to_toml(value), value.where};
  if (value.kind == Value::Kind::boolean) return {value.boolean ? "1" : "0", value.where};
  if (!value.is_text()) {
    throw Error("E1202", "'" + path + "' has the wrong kind of value")
        .at(value.where)
        .label(std::string(describe(value.kind)) + "; '" + leaf_name(path) + "' is an expression")
        .help("write an expression in quotes, like \"lesions > 40\"");
  }
  SourcePosition where = value.where;
  if (!value.verbatim) where.column = where.length = 0;  // several lines or escapes: only the line is known
  return {value.text, where};
}

std::string unit_of(const Value& annotated) {
  const Value& value = plain(annotated);
  if (!value.is_text()) return "1";
  const auto start = value.text.find_first_not_of(" +-0123456789.eE\t");
  const auto number_end = [&] {
    // "1e3 um", "5 eggs": the number ends where the longest numeric prefix ends
    std::size_t i = value.text.find_first_not_of(" +-");
    while (i < value.text.size() && (std::isdigit(static_cast<unsigned char>(value.text[i])) || value.text[i] == '.'))
      ++i;
    if (i + 1 < value.text.size() && (value.text[i] == 'e' || value.text[i] == 'E') &&
        (std::isdigit(static_cast<unsigned char>(value.text[i + 1])) || value.text[i + 1] == '-' ||
         value.text[i + 1] == '+')) {
      i += 2;
      while (i < value.text.size() && std::isdigit(static_cast<unsigned char>(value.text[i]))) ++i;
    }
    return i;
  }();
  if (start == std::string::npos || number_end >= value.text.size()) return "1";
  const auto unit = value.text.find_first_not_of(" \t", number_end);
  return unit == std::string::npos ? "1" : value.text.substr(unit);
}

}  // namespace senoma::model
