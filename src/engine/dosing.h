// The rules of a model's doses bound to readouts and expressions. What a rule remembers lies in World::scalars:
// "doses DRUG[ROW] occasions" so far, "… given" (1: the last one was), and where it is needed "… paused", "… baseline"
// (the readout on the first occasion) and "… visit" (the interval of the last one). "doses DRUG given" and "doses DRUG
// skipped" count for drugs that react, and where an expression reads DRUG.doses_given or DRUG.doses_skipped.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/dose_rule.h"
#include "expr/graph.h"

namespace senoma::engine {

struct BoundDoseRule {
  const DoseRule* spec = nullptr;
  std::string key;                  ///< "doses DRUG[ROW] "
  std::size_t readout = 0;          ///< by index, for thresholds
  double stop = 0.0, resume = 0.0;  ///< internal units of the readout, or shares of the baseline
  expr::NodeId condition = -1;      ///< in the world's expressions; −1 = always holds
  double value = 0.0;               ///< of the readout at the begin of the step; derived
  bool holds = true;                ///< the condition at the begin of the step; derived
};

struct BoundDosing {
  struct OfDrug {
    std::vector<BoundDoseRule> rules;
    std::string given_key, skipped_key;  ///< empty: not counted
    std::size_t given = 0, skipped = 0;  ///< uniform signals
  };
  std::vector<OfDrug> drugs;
  std::vector<std::pair<std::size_t, std::size_t>> seen;  ///< readouts that conditions read, and their uniform signals
};

}  // namespace senoma::engine
