// The errors of the readers of other programs' files, for `senoma explain CODE`.
#pragma once

#include "base/error.h"

namespace senoma::convert {

inline constexpr ErrorCode error_codes[] = {
    {"E3001", "SBML feature not supported",
     "The file uses SBML features that Senoma does not simulate: delay functions, packages that change the meaning (fbc, "
     "distrib, multi, qual), reactions without kinetic law. Leaving them out silently would give wrong curves, so the "
     "file is refused and every occurrence is listed with its line. Remove or rewrite them: a delay becomes a chain of "
     "intermediate species, or an event with a delay."},
    {"E3002", "The file is not readable as SBML",
     "The text is empty, not XML, or not valid SBML; the message is the SBML library's first finding with its line. Check "
     "that the path names an SBML file (Level 1 to 3), and repair it in the program that wrote it."},
    {"E3003", "The SBML file cannot be opened", "The file is missing, a folder, or not readable. Check the path."},
    {"E3004", "The SBML model contradicts itself",
     "A name is used but not declared, rules depend on each other in a circle, two rules set the same symbol, or a value is "
     "needed that the file does not give. Example: an assignment rule x = y with a rule y = x. Correct the model."},
    {"E3005", "Unknown input of the SBML model",
     "A name in `inputs` is not a constant quantity of the network. Only constant parameters, compartments and boundary "
     "species can be set from outside; a quantity with a rule or a reaction has its value from the model."},
};

}  // namespace senoma::convert
