// The error codes of this room; `senoma explain CODE` prints them.
#pragma once

#include "base/error.h"

namespace senoma::network {

inline constexpr ErrorCode error_codes[] = {
    {"E3010", "A network has no quantity of that name.",
     "A coupling, an intervention or an override names a state, input or parameter that the network does not have. "
     "`senoma network FILE --list` and `senoma info FILE` show the names; the message proposes the nearest one."},
    {"E3011", "The columns given to the integrator do not fit the network.",
     "The number of state, input or parameter values differs from what the network declares, a tolerance is not "
     "positive, or the interval runs backwards. This is an error of the calling code or of an override."},
    {"E3101", "The network integrator took too many steps.",
     "A cell needed more than `max_steps` steps to cross one coupling interval. Usually a rate constant has a wrong "
     "unit (1/s read as 1/min), the tolerance is far below what the data justify, or the network oscillates much "
     "faster than the coupling interval. Check the named species' fastest rate first, then raise `max_steps`."},
    {"E3102", "The network integrator's step became too small.",
     "The error test kept failing although the step had shrunk to the smallest allowed size. The solution is about "
     "to leave every bound (y' = y^2 reaches infinity in finite time) or a rate jumps at a threshold. Look at the "
     "named species shortly before the named time."},
    {"E3103", "The network's state or a rate is not a finite number.",
     "A derivative, or the state itself, became infinite or NaN: a division by zero, the logarithm or a fractional "
     "power of a negative amount, or an overflow. The message names the cell, the time and the species. Give the rate "
     "law a form that stays defined at zero, e.g. hill(x, k, n) instead of x^n/(k^n + x^n)."},
    {"E3104", "An event of a network cannot be carried out.",
     "The delay of the event is negative or not finite, it would set a quantity to infinity or NaN, or events set each "
     "other off without end at one moment. The message names the event and the time."},
    {"E3105", "Conditions on a network's states have no solution.",
     "An algebraic rule or the equilibrium of a fast reaction cannot be fulfilled at the named time from where the states "
     "are: there is no solution, or none is met by Newton's method. Give the unknown of an algebraic rule a start value "
     "near the solution; check the sign of the terms."},
};

}  // namespace senoma::network
