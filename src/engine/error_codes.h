// Codes of the errors that binding and stepping a model can raise.
#pragma once

#include "base/error.h"

namespace senoma::engine {

inline constexpr ErrorCode error_codes[] = {
    {"E5001", "a name in an expression is not a signal of this cell type",
     "Expressions of a cell type may use time, [parameters], columns (volume, age, …), `SUBSTRATE concentration`, `… occupancy`, `… gradient`, "
     "`DRUG concentration`, neighbours, state.NAME, and the names of the cell type's network. `senoma explain signals` lists them."},
    {"E5002", "a behaviour does not exist",
     "Rules, couplings, states and drug effects act on behaviours such as \"migration speed\", \"cycle entry\", \"apoptosis\" or \"LIGAND secretion\"."},
    {"E5003", "a drug or intervention targets something unknown or bound",
     "A target is a parameter or a node of a network, a substrate (its secretion), or \"CELLTYPE behaviour\". Nothing can act on a node that an "
     "algebraic rule or a fast reaction ties to others."},
    {"E5004", "two mechanisms write the same thing",
     "Two mechanisms of one phase declare that they write the same column or behaviour, so their order would matter. Remove one of them."},
    {"E5005", "an initial pattern cannot be filled",
     "The pattern holds no place for the cells asked for: enlarge it or lower the count."},
    {"E5006", "a state name is unknown",
     "States are those listed in [cell.TYPE] states, and \"apoptotic\" or \"necrotic\" when that death model is defined."},
    {"E5007", "a name is both a signal and a network quantity",
     "Write network.NAME for the network's quantity or cell.NAME for the cell's own column."},
    {"E5008", "a coupled network name does not exist",
     "Inputs must be parameters of the SBML model; outputs must use its species, parameters or assigned variables."},
    {"E5009", "a value became negative or not finite",
     "A behaviour, hazard or cell column left its range during the run; the message names cell, time and value. "
     "Look at the rules and couplings that act on it."},
    {"E5011", "a cell type lacks a required value",
     "Some values (volume, mechanics) have no default, because biology belongs to the model, not to the program."},
    {"E5012", "a readout counts an unknown cell type",
     "`cells` of a readout names one of the model's cell types, or is left out for all."},
    {"E5013", "the world lacks a size it needs",
     "The coupling step and the height of a well-mixed medium must be positive."},
    {"E5014", "too many origin marks", "A cell carries 16 marks at most; several transitions may set the same one."},
    {"E5015", "a coupling has nothing to scale",
     "A dimensionless network quantity scales the behaviour's base value, and this base is 0: give the base in the cell type, or give the "
     "expression the behaviour's dimension, e.g. \"LIGAND * 1 [1/min]\"."},
    {"E5016", "a saved state does not fit the model",
     "A state saved by one model continues only in the same one. A branch may change parameters, rules, drugs and calendars; it cannot change the "
     "coupling step, the domain or its spacing, the seed, or take away a cell type or state that cells are in."},
    {"E5017", "a contact signal looks through another",
     "The value of a contact signal is that of the touching cell itself: its state, network and behaviours. It cannot depend on a contact signal, "
     "also not through an input of that cell's network, because the answer would then depend on cells farther and farther away."},
    {"E5018", "an attack does not fit its target",
     "An attack ends in a death that its target's cell type has, or in \"removal\"; a cell that is dying already can only be removed. What the "
     "target's type recognises are cell types that attack it."},
    {"E5019", "an arrival has no place or no name of its own",
     "Cells arrive from the domain's vessels, over its edge or anywhere in it; the arrivals of one cell type have different names."},
    {"E5020", "something needs space in a well-mixed domain",
     "With domain.space = \"well-mixed\" the domain is one representative volume: substrates have one concentration and cells no places. Rules, "
     "hazards and couplings cannot read x, y or z, cells cannot leave over the edge, and no medium can surround the tissue. Readouts that look at "
     "places are nan, with a warning. Motility, forces and chemotaxis have no effect."},
    {"E5021", "a dose reacts to an unknown readout",
     "`readout` of a row of a drug's schedule names one of the model's readouts; in only_if they are readout.NAME."},
    {"E5010", "a conversion target is unknown", "to_type must name a cell type of the model."},
};

}  // namespace senoma::engine
