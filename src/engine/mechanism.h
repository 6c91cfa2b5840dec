// The contract of a mechanism: one declaration feeds parsing, unit and range checks, the reference page, `senoma
// explain`, the schema and binding; one function works on the world in its phase. Order inside a phase cannot matter:
// binding refuses two writers of one thing, and adders and multipliers commute.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/units.h"
#include "engine/description.h"

namespace senoma::engine {

class Simulation;
struct StepContext;

/// The passes of one step, in order. See engine/step.cpp.
enum class Phase { sources, sense, decide, forces, fate };

/// A key `[cell.TYPE.<mechanism>] <name> = …`.
struct ParameterDeclaration {
  enum class Each { substrate, target_type };
  std::string name;  ///< "speed"; or "*" for one value per substrate, keyed by the substrate's name
  Dimension dimension{};
  double default_value = 0;
  double minimum = 0, maximum = 1e300;  ///< internal units
  std::string behaviour;        ///< phrase, when rules, states, drugs and networks may modulate it ("migration speed";
                                ///< with "*": "* secretion"); empty = constant
  std::string doc;              ///< one sentence
  bool required = false;        ///< every cell type must give it (biology has no default in code); with "*": the
                                ///< behaviour exists only for those that some cell type gives
  Each each = Each::substrate;  ///< what "*" stands for: substrates, or cell types that are attacked
};

struct MechanismDeclaration {
  std::string name;  ///< the table's name: "motility"
  Phase phase = Phase::decide;
  std::string doc;
  std::vector<ParameterDeclaration> parameters;
  std::vector<std::string> reads, writes, adds,
      multiplies;  ///< column, field or behaviour names; "*" stands for any substrate
};

using Pass = std::function<void(StepContext&)>;

struct Mechanism {
  MechanismDeclaration declaration;
  /// Called once per simulation, after all columns exist; returns the pass, or nothing when no cell type uses it.
  std::function<Pass(Simulation&)> bind;
};

}  // namespace senoma::engine
