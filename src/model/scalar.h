// One value of a model file against its key: kind, dimension, range. Every reading of a number goes through here.
#pragma once

#include <optional>
#include <string>

#include "engine/description.h"
#include "model/registry.h"
#include "model/value.h"

namespace senoma::model {

/// The number in internal units. `dimension` replaces the key's own where that depends on other keys (DimensionRule);
/// without it such a value is taken in whatever dimension it has. `path` names the key in messages.
/// Throws E1001–E1003 (unit, number), E1202 (kind), E1203 (dimension), E1204 (range, not finite).
[[nodiscard]] double read_number(const Value& value, const Key& key, const std::string& path,
                                 const std::optional<Dimension>& dimension = {});
/// The same, with its dimension (for alternatives: mass, mass per area …). "mg/kg" counts as dimensionless.
[[nodiscard]] Quantity read_quantity(const Value& value, const Key& key, const std::string& path,
                                     const std::optional<Dimension>& dimension = {});

[[nodiscard]] std::string read_text_value(const Value& value, const Key& key,
                                          const std::string& path);  ///< text, choice, file
[[nodiscard]] bool read_boolean(const Value& value, const std::string& path);
[[nodiscard]] engine::Expression read_expression(const Value& value, const std::string& path);

/// E1202: "'time.step' is a list; expected time".
[[nodiscard]] Error wrong_kind(const Value& value, const Key& key, const std::string& path);

/// Shifts a position inside a value's text (line 1, column from 1) to its place in the file.
[[nodiscard]] Error relocate(Error error, const Value& value);

/// The last part of a key path.
[[nodiscard]] std::string leaf_name(const std::string& path);
/// "1500 um^2/min" → "um^2/min"; "1" for a bare number.
[[nodiscard]] std::string unit_of(const Value& value);

}  // namespace senoma::model
