// A place in a model file together with its key in the registry: what the readers of load.cpp walk with. A cursor may
// stand where the file has nothing; it then yields the key's default, or says what is missing.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/description.h"
#include "model/registry.h"
#include "model/scalar.h"
#include "model/value.h"

namespace senoma::model {

class Cursor {
 public:
  Cursor(const Value* value, const Node* node, std::string path, SourcePosition around)
      : value_(value), node_(node), path_(std::move(path)), around_(std::move(around)) {}

  /// The key below. It must be in the registry (else the program is wrong: std::logic_error).
  [[nodiscard]] Cursor operator[](const std::string& key) const;
  [[nodiscard]] bool given() const { return value_ != nullptr; }
  [[nodiscard]] bool is_table() const { return value_ && value_->is_table(); }

  [[nodiscard]] double number(
      const std::optional<Dimension>& dimension = {}) const;  ///< value or default; E1205 without
  [[nodiscard]] double number_or(double fallback, const std::optional<Dimension>& dimension = {}) const;
  [[nodiscard]] Quantity quantity() const;
  [[nodiscard]] std::string text() const;  ///< value or default; E1205 without
  [[nodiscard]] std::string text_or(const std::string& fallback) const;
  [[nodiscard]] bool flag() const;                      ///< value or default, else false
  [[nodiscard]] engine::Expression expression() const;  ///< E1205 when absent
  [[nodiscard]] std::optional<engine::Expression> maybe_expression() const;

  [[nodiscard]] std::vector<Cursor> items() const;  ///< of a list; a single value counts as one item
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] std::vector<double> numbers() const;
  [[nodiscard]] std::vector<std::pair<std::string, Cursor>> members() const;  ///< without annotations

  [[nodiscard]] SourcePosition where() const { return value_ ? plain(*value_).where : around_; }
  [[nodiscard]] SourcePosition key_where() const { return key_where_.line ? key_where_ : where(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const Value* value() const { return value_; }
  [[nodiscard]] const Key& key() const { return node_->key; }
  /// E1205: "[drug.x] needs 'molar_mass'", with why.
  [[nodiscard]] Error missing(const std::string& why) const;

 private:
  [[nodiscard]] const Value& value_or_default() const;

  const Value* value_;
  const Node* node_;
  std::string path_;
  SourcePosition around_;
  SourcePosition key_where_;
};

/// E1206: "there is no substrate 'CLC2'", pointing at `where`, with the nearest of the names.
[[nodiscard]] Error unknown_name(const std::string& what, const std::string& name,
                                 const std::vector<std::string>& names, const SourcePosition& where);

}  // namespace senoma::model
