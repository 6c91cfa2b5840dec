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
    {"E3111", "The run of a Boolean or stochastic network makes no sense.",
     "The end time, the time window, the number of output steps or trajectories, or the distribution of initial states "
     "cannot be used; the message names the value. Example: `senoma network toggle.bnd --config toggle.cfg --end 50`."},
    {"E3112", "A rate of a Boolean network is not a rate.",
     "In a state that a trajectory reached, rate_up or rate_down of a node is negative, infinite or not a number. The "
     "message names the node and the state. Often a parameter divides by zero, or a difference of rates becomes negative."},
    {"E3113", "A Boolean network visits more states than fit in memory.",
     "The probability of every visible state over every time window is kept. Mark nodes whose states need not be told "
     "apart as internal (NODE.is_internal = TRUE), use wider windows, or ask for single nodes with --nodes."},
    {"E3121", "The propensity of a reaction is negative or not finite.",
     "A stochastic simulation takes the kinetic law of a reaction as the number of its events per time, which cannot be "
     "negative. A reversible reaction has one law in SBML, the difference of both directions, which does not say how often "
     "each happens: write it as two reactions."},
    {"E3122", "An amount is not a number of molecules.",
     "A stochastic simulation counts molecules: amounts start as whole numbers, zero or above, events leave whole numbers, "
     "and no reaction may take more molecules than there are. Write k*A*(A - 1)/2, not k*A^2/2, for a reaction of two A."},
    {"E3123", "A trigger is not linear in time.",
     "Between two reactions nothing changes but time, so the moment at which a comparison such as time >= 25 turns is "
     "computed exactly; for that its two sides must be linear in time. Solve the condition for time."},
};

}  // namespace senoma::network
