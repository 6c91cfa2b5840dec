// The error codes of the room mechanics, for `senoma explain CODE`.
#pragma once

#include "base/error.h"

namespace senoma::mechanics {

inline constexpr ErrorCode error_codes[] = {
    {"E5101", "A cell's mechanical input is not a usable number",
     "A position, radius, strength or own velocity of a cell is NaN, infinite or negative where it must not be, so its "
     "motion "
     "has no meaning. The message names the cell and the quantity. Look for a rule that drives a behaviour to "
     "infinity, e.g. a "
     "division by a signal that can be zero, or for an initial cell without a radius."},
    {"E5102", "A motion option is out of range",
     "The time step must be finite and not negative, max_displacement, max_substep and tolerance must be positive, adhesion_range "
     "at "
     "least 1, and a periodic domain needs a positive extent. Example: max_substep = \"1 min\"."},
    {"E5103", "Columns of cells differ in length",
     "A kernel was given columns that do not describe the same cells. This is a fault of the calling program, not of a "
     "model."},
    {"E5104", "Cells move too fast for the motion sub-steps",
     "Keeping each sub-step below max_displacement and stable would take more than a million sub-steps in one step. "
     "Speeds of cells are of "
     "the order of 1 um/min and repulsion of 10 um/min: check their units (um/min, not um/s or mm/h)."},
    {"E5105", "A motility parameter is out of range",
     "Speed must be finite and at least 0, persistence time positive (and at least a hundred-thousandth of the time "
     "step), bias between 0 and "
     "1. For a cell that does not move set the speed to 0 instead of the persistence time."},
};

}  // namespace senoma::mechanics
