// One error type for everything a user can cause or must know: it names the place, the rule, the value and the
// remedy, and carries a stable code that `senoma explain CODE` describes.
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace senoma {

/// What the program exits with (UX: 0 done, 2 usage or configuration, 3 numerical failure, 4 input/output).
enum class ErrorKind { configuration = 2, numerical = 3, input_output = 4 };

/// A place in a text: `line` and `column` count from 1 (bytes); `length` bytes are underlined; 0 means unknown.
struct SourcePosition {
  std::string file;
  int line = 0;
  int column = 0;
  int length = 0;
};

class Error : public std::runtime_error {
 public:
  Error(std::string code, std::string message, ErrorKind kind = ErrorKind::configuration);

  /// Builders, so that the level that knows the place adds it: `throw Error("E1203", "…").at(pos).help("…")`.
  Error&& at(SourcePosition position) &&;
  Error&& label(std::string text) &&;   ///< the words under the caret, e.g. "length; a dose is mass"
  Error&& help(std::string remedy) &&;  ///< one remedy; may be called several times
  Error& at(SourcePosition position) &;
  Error& label(std::string text) &;
  Error& help(std::string remedy) &;

  [[nodiscard]] const std::string& code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] const std::optional<SourcePosition>& position() const { return position_; }
  [[nodiscard]] const std::string& label() const { return label_; }
  [[nodiscard]] const std::vector<std::string>& remedies() const { return remedies_; }

  /// The message as UX.md shows it: code, place, excerpt with carets, remedies, the explain hint. `source_text` is the
  /// whole text of position().file when at hand (empty: no excerpt). No trailing newline.
  [[nodiscard]] std::string render(const std::string& source_text = {}, bool colour = false) const;

 private:
  std::string code_, message_, label_;
  ErrorKind kind_;
  std::optional<SourcePosition> position_;
  std::vector<std::string> remedies_;
};

/// A row of the table behind `senoma explain E1203`; each room lists its own codes in `<room>/error_codes.h`.
struct ErrorCode {
  const char* code;
  const char* title;        ///< a sentence of at most ten words
  const char* explanation;  ///< why it is an error and what to do, with an example
};

/// The candidate nearest to `word` by edit distance, or empty if none is near (for "did you mean …").
[[nodiscard]] std::string nearest_name(const std::string& word, std::span<const std::string> candidates);

}  // namespace senoma
