// Walks a whole tree against the registry: unknown keys, kinds, fixed dimensions, ranges, choices, required keys, and
// the annotations (grade, prior). What needs knowledge of other keys (references, the dimension of a rule's behaviour)
// is checked by the readers in load.cpp.
#pragma once

#include <string>
#include <vector>

#include "model/registry.h"
#include "model/value.h"

namespace senoma::model {

/// Where one value of a model comes from: a row of the report's table of parameters.
struct Parameter {
  std::string key;    ///< "substrates.oxygen.diffusion"
  std::string value;  ///< as written: "1500 um^2/min"
  std::string unit;   ///< "um^2/min"
  std::string source, grade, prior, note;
  std::string origin;  ///< "file.toml:12" or "command line"
  std::string layer;   ///< "", "profile quick", "arm drug", "command line"
};

/// Throws the first of E1201, E1202, E1203, E1204, E1205, E1208, E1209 in file order. Returns a row per number.
std::vector<Parameter> validate(const Value& root, const Registry& registry);

/// A prior distribution written as text: loguniform(a, b), uniform(a, b), normal(m, sd), lognormal(m, sd).
struct Prior {
  std::string kind;
  double a = 0, b = 0;
};
/// Throws E1208.
[[nodiscard]] Prior parse_prior(const Value& text);

/// E1201 for `key` in the table `path`, with the nearest of the keys there.
[[nodiscard]] Error unknown_key(const Member& member, const Node& node, const std::string& path);

/// "file.toml:12", or "command line".
[[nodiscard]] std::string origin_of(const SourcePosition& where);

}  // namespace senoma::model
