// Values that a program makes rather than reads: each stands at the place in the user's file that asked for it, so that
// an error about it still names file and line. Pure functions; thread statement: re-entrant.
#pragma once

#include <string>
#include <utility>

#include "model/value.h"

namespace senoma::model {

[[nodiscard]] inline Value made_value(Value::Kind kind, const SourcePosition& where) {
  Value value;
  value.kind = kind;
  value.where = where;
  return value;
}

[[nodiscard]] inline Value text_value(std::string text, const SourcePosition& where) {
  Value value = made_value(Value::Kind::text, where);
  value.text = std::move(text);
  return value;
}

[[nodiscard]] inline Value number_value(double number, const SourcePosition& where) {
  Value value = made_value(Value::Kind::real, where);
  value.real = number;
  return value;
}

[[nodiscard]] inline Value table_value(const SourcePosition& where) { return made_value(Value::Kind::table, where); }

}  // namespace senoma::model
