// What the readers of a study's file share. Pure functions; thread statement: re-entrant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/cursor.h"
#include "study/study_spec.h"

namespace senoma::study {

/// E8201 at a place of the study's file.
[[nodiscard]] inline Error bad_study(const SourcePosition& where, const std::string& what, const std::string& help) {
  return Error("E8201", what).at(where).help(help);
}

/// A list of names with the place of each. Throws the cursor's errors for an item that is no text.
[[nodiscard]] inline std::vector<Named> read_names(const model::Cursor& list) {
  std::vector<Named> names;
  for (const auto& item : list.items())
    names.push_back({model::read_text_value(*item.value(), list.key(), item.path()), item.where()});
  return names;
}

[[nodiscard]] inline std::optional<Named> maybe_named(const model::Cursor& value) {
  if (!value.given()) return std::nullopt;
  return Named{value.text(), value.where()};
}

}  // namespace senoma::study
