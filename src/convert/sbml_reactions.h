// SBML import for stochastic simulation: the reactions of a file of SBML Level 1 to 3 become a network::SsaSystem.
// A kinetic law is the propensity of its reaction: events per time, with amounts as numbers of molecules; what one
// event changes is the stoichiometry, whole numbers. Names are those of convert/sbml.h, where "amount(S)" is the state
// when S is a concentration, and S then is amount(S)/size. Quantities with assignment rules, parameters, and events
// (with delays and priorities) are supported.
//
// Refused with E3031 naming the element and its line: rate and algebraic rules, fast reactions, laws that depend on
// time, compartments whose size can change, conversion factors, stoichiometries that are computed or not whole.
// A reversible reaction has one law in SBML, the difference of both directions: it runs while that is not negative and
// stops with E3121 when it becomes so, as the difference does not say how often each direction happens.
// Threads: no global state.
#pragma once

#include <string>
#include <string_view>

#include "convert/sbml.h"
#include "network/ssa_system.h"

namespace senoma::convert {

struct SbmlReactions {
  network::SsaSystem system;
  std::vector<std::string> notes;
};

/// Throws what read_sbml throws, and E3031.
[[nodiscard]] SbmlReactions read_sbml_reactions(const std::string& path);
[[nodiscard]] SbmlReactions read_sbml_reactions_text(std::string_view text, const std::string& file_name = "(text)");

}  // namespace senoma::convert
