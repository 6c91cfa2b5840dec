// SBML import: a file of SBML Level 1 to 3 becomes a network::OdeSystem.
//
//   d amount(S)/dt = f_S · Σ_r ν_{S,r}(t) · v_r(t),   f_S = conversion factor, v_r = kinetic law (extent per time)
//
// Which quantity has which name. `S` alone always means what the file's own mathematics means by S: a concentration
// (amount / compartment size), or an amount when hasOnlySubstanceUnits is true or the compartment has no dimension.
// "amount(S)" and "concentration(S)" name the two readings explicitly. All three are found by OdeSystem::find_node.
// The integrated state of a species is S itself; only in a compartment whose size changes is it "amount(S)", and then
// S and "concentration(S)" are outputs. A local parameter k of reaction J is the parameter "J.k". A reaction's id
// names its rate; ids of species references name stoichiometries.
//
// Values stay in the file's own units; `units` says what one unit of each quantity is in internal units, where the
// file declares it. Initial values are computed once, here, from the file's initial assignments.
//
// Supported: all of core but delays: events, rate, assignment and algebraic rules (those that give no unknown
// explicitly become constraints, as do fast reactions), function definitions, initial assignments, conversion factors,
// sizes and stoichiometries that change, rateOf; submodels (package comp), written out in place by libSBML.
//
// Not supported, and refused with E3001 naming every occurrence with its line: delay functions, packages that change
// the meaning (fbc, distrib, multi, qual, …), reactions without kinetic law. Reference: SBML Level 3 Version 2 Core,
// Release 2 (Hucka et al. 2019, doi 10.1515/jib-2019-0021).
//
// Threads: functions are free of global state and may run concurrently on different texts.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "network/ode_system.h"

namespace senoma::convert {

struct SbmlOptions {
  /// Constant parameters, compartments or boundary species that each cell sets for itself: they become
  /// OdeSystem.inputs, in this order. E3005 when a name is unknown or not constant.
  std::vector<std::string> inputs;
  /// Shown in errors by read_sbml_text.
  std::string file_name = "(text)";
};

/// One unit of a quantity: `to_internal` internal units (base/units.h) of `dimension`.
struct SbmlUnit {
  Dimension dimension{};
  double to_internal = 1.0;
};

struct SbmlModel {
  network::OdeSystem system;
  std::string id, name;
  int level = 0, version = 0;
  std::vector<std::string> notes;         ///< what was read but has no effect, one sentence each, with its line
  std::map<std::string, SbmlUnit> units;  ///< by name of state, parameter or output; absent = undeclared
  std::size_t n_species = 0, n_reactions = 0;
};

/// Throws E3001 (feature not supported), E3002 (not readable as SBML), E3003 (file cannot be read), E3004
/// (inconsistent model: unknown name, circular rules, missing value), E3005 (input name).
[[nodiscard]] SbmlModel read_sbml(const std::string& path, const SbmlOptions& options = {});
[[nodiscard]] SbmlModel read_sbml_text(std::string_view text, const SbmlOptions& options = {});

}  // namespace senoma::convert
