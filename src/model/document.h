// From files to one tree: reads TOML 1.0, follows `extends`, applies a profile, contexts, an arm and overrides, in the
// order
//   extends chain < file < profile < contexts < patient of the cohort < arm < layers of a study < -s overrides,
// at last the values that a study scales (of this patient, where they are drawn), and remembers what each layer
// changed. Only this file of the room opens model files. Threads: free of global state.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/cohort.h"
#include "model/value.h"

namespace senoma::model {

/// What a study lays over the arm for some of its members: files are merged in as `extends` would, then values are
/// set and added to lists; when all layers and the patient are in place, values are multiplied.
struct StudyLayer {
  std::string name;                ///< in differences and origins: "study target NAME"
  std::vector<std::string> files;  ///< paths, resolved
  struct Scaled {
    std::string key;  ///< key path of a number
    double factor = 1;
    SourcePosition where;  ///< of the key path in the study
  };
  std::vector<Scaled> scaled;
  Value changes;         ///< a table with `set` and `add`, as an arm has them; or none
  SourcePosition where;  ///< in the study
};

struct LoadOptions {
  std::string profile;                        ///< [profiles.NAME]; empty = none
  std::string arm;                            ///< [[arm]] name; empty = none
  std::vector<std::string> overrides;         ///< "key=value", as after -s
  std::vector<std::string> contexts = {};     ///< names, as after --context; those of experiment and arm come before
  std::optional<std::uint64_t> patient = {};  ///< of the cohort; none: the model all patients vary around
  std::vector<StudyLayer> layers = {};        ///< over the arm, under the overrides
};

struct ContextInfo {
  std::string name, path, title, description, group;
};

/// The name under which overrides appear in positions and in Document::sources.
inline constexpr const char* command_line = "command line";

/// A value that the profile, a context, the arm or the command line changed.
struct Difference {
  std::string key, before, after, layer;  ///< TOML texts; empty = absent
};

struct Document {
  Value root;                                  ///< all layers merged; `extends` is gone, `profiles` and `arm` are kept
  std::string path;                            ///< of the file asked for
  std::vector<std::string> files;              ///< all files read, in order of merging
  std::map<std::string, std::string> sources;  ///< file (and command_line) → text, for error excerpts
  std::vector<Difference> differences;
  std::vector<ContextInfo> contexts;  ///< those that were applied, in that order
  Cohort cohort;                      ///< what differs between patients; empty once one is drawn
  std::vector<Draw> draws;            ///< of the patient
};

/// Text → tree. Throws E1103 (binary or not UTF-8), E1104 (empty), E1105 (not TOML) with positions in `file`.
[[nodiscard]] Value parse_toml(std::string_view text, const std::string& file);

/// Throws E1101 (missing), E1102 (unreadable), E1106 (extends in a circle or malformed), E1107 (no such profile),
/// E1108 (no such arm), E1109 (malformed override), E1110 (override to a place that does not exist), E1112–E1114
/// (contexts). On an error,
/// `sources` holds the texts read so far, for the excerpt. A text that is already there under a file's path is taken
/// instead of the file.
[[nodiscard]] Document compose(const std::string& path, const LoadOptions& options,
                               std::map<std::string, std::string>& sources);

/// The text of a file. Throws E1101 or E1102, both input_output.
[[nodiscard]] std::string read_text(const std::string& path, const SourcePosition& asked_from = {});

/// A path written in a file: relative to that file's folder; on the command line: to the working folder.
[[nodiscard]] std::string resolve_path(const std::string& path, const SourcePosition& written);

}  // namespace senoma::model
