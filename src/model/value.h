// A TOML document as a tree of values that each know where they were written, so that every later error can point at
// file, line and column. Tables keep the order of the file. Plain data: copyable, no globals, free of threads.
//
// A key path is written "drug.NAME.schedule[0].dose"; parts with other characters are quoted
// (cell.melanoma.state.naive."motility.speed"), and [name] addresses the item of an array of tables by its `name`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace senoma::model {

struct Member;

struct Value {
  enum class Kind { none, text, real, integer, boolean, array, table };
  Kind kind = Kind::none;
  std::string text;   ///< Kind::text
  double real = 0.0;  ///< Kind::real, and the same number for Kind::integer
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<Value> items;     ///< Kind::array
  std::vector<Member> members;  ///< Kind::table, in file order
  SourcePosition where;         ///< of the value, quotes included; of the header for [tables]
  std::string layer;            ///< what put it here: "" a file, "profile quick", "arm drug", "command line"
  /// For one-line texts without escapes: `text` starts one byte after `where`, so places inside it are known.
  bool verbatim = false;
  bool header = false;  ///< written as a [table], not inline
  bool added = false;   ///< a list of additions ([add]): merging appends it to a list instead of replacing that

  [[nodiscard]] bool is_table() const { return kind == Kind::table; }
  [[nodiscard]] bool is_array() const { return kind == Kind::array; }
  [[nodiscard]] bool is_text() const { return kind == Kind::text; }
  [[nodiscard]] bool is_number() const { return kind == Kind::real || kind == Kind::integer; }
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] Value* find(std::string_view key);
  [[nodiscard]] const Member* member(std::string_view key) const;
  /// The member of that key, added (as none) if absent. Only for tables.
  Member& add(std::string_view key);
  void erase(std::string_view key);
};

struct Member {
  std::string key;
  SourcePosition key_where;
  Value value;
};

/// "text", "number", "table" … for messages.
[[nodiscard]] const char* describe(Value::Kind kind);

/// { value = …, source = …, … }: a value with its provenance.
[[nodiscard]] bool is_annotated(const Value& value);
/// The value itself, without its provenance.
[[nodiscard]] const Value& plain(const Value& value);
/// Keys that describe a value or a row: source, grade, prior, note.
[[nodiscard]] bool is_annotation_key(std::string_view key);

/// The value as TOML on one line; numbers so that they read back to the same bits.
[[nodiscard]] std::string to_toml(const Value& value);
[[nodiscard]] std::string quote_key(const std::string& key);  ///< bare where TOML allows, else quoted
[[nodiscard]] std::string quote_text(const std::string& text);

/// Marks the value and all below as put here by `layer`.
void set_layer(Value& value, const std::string& layer);

// ---- key paths ----

struct PathPart {
  std::variant<std::string, std::size_t> step;  ///< a key, or an index
  bool bracketed_name = false;                  ///< [name]: the array item whose `name` is this
  int column = 1;                               ///< in the path's text
};

/// Throws E1110 (malformed), with the column in `text` (line 1).
[[nodiscard]] std::vector<PathPart> parse_path(std::string_view text);
/// "a.b" + "c d" → a.b."c d".
[[nodiscard]] std::string join_path(const std::string& base, const std::string& key);

/// Sets the value at a path, making tables on the way. A table is merged into a table. Throws E1110 when the path runs
/// through a value that is not a table or an array item that does not exist; positions of errors are columns of
/// `path_text`. `path_where` is where the path itself is written, for errors about its keys later.
void assign(Value& root, std::string_view path_text, const SourcePosition& path_where, const Value& value);

/// Takes the key at a path out of its table; nothing happens where there is none. Throws E1110 when the path is
/// malformed or leads into a list; the column is that in `path`.
void erase_path(Value& root, std::string_view path);

/// `over` wins over `base`: tables merge, `added` lists are appended (an item of the same place once), everything else
/// is replaced. An annotated value is replaced as a whole,
/// unless `over` holds annotations only. A face of a boundary is one choice and is replaced as a whole too.
void merge(Value& base, const Value& over);

/// The value at a path; where there is none, the deepest one on the way to it.
struct Found {
  const Value* value;
  bool whole;  ///< the path was followed to its end
};
/// Throws E1110 when the path is malformed.
[[nodiscard]] Found find_path(const Value& root, std::string_view path);

/// Every leaf as (path, TOML text), arrays by index.
struct Leaf {
  std::string path, text, layer;
  SourcePosition where;
};
[[nodiscard]] std::vector<Leaf> leaves(const Value& root);

}  // namespace senoma::model
