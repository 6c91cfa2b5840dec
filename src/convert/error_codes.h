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
    {"E3021", "The MaBoSS file cannot be read",
     "A .bnd or .cfg file has a sign or a word where the language does not allow it; the message says what was expected "
     "there. A node is written Node A { logic = B AND NOT C; rate_up = @logic ? $k : 0; rate_down = @logic ? 0 : $k; }, a "
     "setting $k = 0.5; or A.istate = 1; or max_time = 50;. Every attribute and setting needs a value and ends with ;."},
    {"E3022", "The MaBoSS model contradicts itself",
     "A node, parameter, attribute or setting is used but not declared, declared twice, computed from itself, or has a "
     "value that makes no sense. The message proposes the nearest known name. Parameters are written with $, attributes of "
     "the same node with @."},
    {"E3023", "The MaBoSS file cannot be opened", "The file is missing, a folder, or not readable. Check the path."},
    {"E3031", "The SBML model cannot be simulated stochastically",
     "The stochastic simulation knows reactions between whole numbers of molecules in compartments of constant size, "
     "assignment rules, and events. Rate and algebraic rules, fast reactions, laws that depend on time, changing "
     "compartments, conversion factors, and stoichiometries that are computed or not whole are refused by name. Without "
     "--stochastic such a network is integrated as differential equations."},
};

}  // namespace senoma::convert
