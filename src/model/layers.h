// What may lie over the files of a model: a profile, contexts (contexts.h), an arm, overrides of the command line. Each
// is merged into the tree and marked with its name, so that every value says what put it there.
// Threads: free of global state.
#pragma once

#include <string>
#include <vector>

#include "model/document.h"

namespace senoma::model {

/// [profiles.NAME] of the tree. E1107.
void apply_profile(Value& root, const std::string& name, const std::string& file);

/// [[arm]] of that name; E1108.
[[nodiscard]] const Value& find_arm(const Value& root, const std::string& name, const std::string& file);
/// `set` and `add` of an arm. E1108, E1110.
void apply_arm(Value& root, const std::string& name, const std::string& file);

/// The tables `set` (values by key path) and `add` (items behind those of lists) in `from`, as an arm or a context has
/// them. E1110.
void apply_changes(Value& root, const Value& from, const std::string& layer);

/// The values that a layer of a study multiplies. E1110 (no such value, or one that is not a number).
void scale_values(Value& root, const StudyLayer& layer);

/// "key=value", typed as the `line`-th. E1109, E1110.
void apply_override(Value& root, const std::string& text, int line);

/// Throws `code`: there is no such thing; the nearest name and all of them.
[[noreturn]] void no_such(const char* code, const std::string& what, const std::string& name,
                          const std::vector<std::string>& names, const SourcePosition& where);

}  // namespace senoma::model
