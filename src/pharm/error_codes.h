// The error codes of the room pharm, for `senoma explain CODE`.
#pragma once

#include "base/error.h"

namespace senoma::pharm {

inline constexpr ErrorCode error_codes[] = {
    {"E7001", "A dose is given before time zero",
     "The calendar of a drug counts from the start of the run; a dose before it would need the drug's history. Shift "
     "the calendar, or start "
     "the run earlier, e.g. at = [\"0 d\", \"7 d\", \"14 d\"]."},
    {"E7002", "A pharmacological number is negative or not finite",
     "Rates, doses, concentrations, durations, heights and weights must be finite and not negative, and a "
     "bioavailability at most 1. The "
     "message names the quantity."},
    {"E7003", "The route of a dose does not fit the model",
     "A bath is set and washed out; blood compartments take bolus, infusion and oral doses; radiation takes fractions; an oral dose needs an "
     "absorption rate (ka > 0). "
     "Change the route, or give the absorption rate."},
    {"E7004", "An infusion has no duration",
     "An infusion or a fraction of radiation gives its dose evenly over a duration that must be positive, e.g. duration = \"1 h\". For a dose at "
     "once use the route bolus."},
    {"E7005", "A drug's clock cannot go back",
     "The state of a drug can only be advanced to a finite time that is not before its own. This is a fault of the "
     "calling program, not of a "
     "model."},
    {"E7006", "A dose that reacts runs into the next one",
     "Whether a dose that reacts to a readout is given is decided when it is due, for each row of the schedule alone; so an infusion or a fraction "
     "must have ended when the next one of its row is due. Shorten it, or lengthen the interval."},
};

}  // namespace senoma::pharm
