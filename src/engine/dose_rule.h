// When a dose of the calendar is given: a rule of one row of a drug's schedule, looked at whenever one of the row's
// doses is due. Part of a Description (description.h). Numbers in internal units; times in min.
//
// Readouts and signals count as they are at the begin of the coupling step in which the dose lies. A row begins
// unpaused. On each occasion that is a visit the readout r is compared with its thresholds (relative ones: times r on
// the row's first occasion):  r < stop_below pauses, r > resume_above ends the pause, else all stays as it was
// (hysteresis as in adaptive therapy: Gatenby et al. 2009 doi 10.1158/0008-5472.CAN-08-3658; Zhang et al. 2017 doi
// 10.1038/s41467-017-01968-5). The dose is given where the row is not paused and only_if holds. Occasions that are no
// visit follow the visit before.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "base/units.h"
#include "engine/expression.h"

namespace senoma::engine {

struct DoseRule {
  struct Threshold {
    Quantity value;
    bool relative = false;  ///< a share of the readout on the row's first occasion, else a value of the readout
    SourcePosition where;
  };
  std::string row;                    ///< the row's name or number: what saved states know it by
  std::optional<Expression> only_if;  ///< over signals of the world and `readout.NAME`; 0 = not given
  std::string readout;                ///< compared with the thresholds; empty = no thresholds
  SourcePosition readout_where;
  Threshold stop_below, resume_above;
  double first = 0.0;          ///< the row's first occasion
  double checked_every = 0.0;  ///< occasions that begin a new interval of this length are visits; 0 = all
  SourcePosition where;
};

}  // namespace senoma::engine
