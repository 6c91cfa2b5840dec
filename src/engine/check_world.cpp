// Refusals that need no expressions: what the parts of a description owe each other.
#include <algorithm>

#include "engine/binder.h"

namespace senoma::engine {

namespace {

void check_cycle(const CellType& type) {
  for (const auto& phase : type.cycle) {
    if (phase.duration > 0.0 && phase.duration < 1e300) continue;
    throw Error("E5011", "phase '" + phase.name + "' of cell type '" + type.name + "' has no positive duration")
        .at(type.where)
        .help("give it a duration, e.g. \"8 h\"");
  }
  for (const auto& death : type.deaths) {
    if (death.duration >= 0.0) continue;
    throw Error("E5011", "death '" + death.name + "' of cell type '" + type.name + "' has a negative duration")
        .at(type.where);
  }
}

void check_readout(const Description& model, const Readout& readout) {
  using Over = Readout::Over;
  const bool needs_value = readout.over == Over::sum || readout.over == Over::mean || readout.over == Over::world;
  if (needs_value && !readout.value)
    throw Error("E5011", "readout '" + readout.name + "' has no value to add up")
        .help("give it an expression: value = \"…\"");
  if (readout.cell_type.empty()) return;
  std::vector<std::string> names;
  for (const auto& type : model.cell_types) names.push_back(type.name);
  if (std::find(names.begin(), names.end(), readout.cell_type) != names.end()) return;
  Error error("E5012", "readout '" + readout.name + "' counts unknown cells '" + readout.cell_type + "'");
  if (const auto near = nearest_name(readout.cell_type, names); !near.empty())
    error.help("did you mean '" + near + "'?");
  throw error;
}

/// What a domain without space cannot have.
void check_well_mixed(const Description& model) {
  const auto refuse = [](const std::string& what, const SourcePosition& where) {
    Error error("E5020", what);
    error.at(where);
    return error;
  };
  const auto& domain = model.domain;
  if (domain.geometry.size() != 1)
    throw refuse("a well-mixed domain has more than one voxel", domain.where).help("make its spacing its size");
  if (domain.edge == mechanics::EdgeRule::absorb)
    throw refuse("cells cannot leave over the edge of a well-mixed domain: they have no places", domain.where)
        .help("write domain.edge = \"reflect\", and a transition that leaves at a rate if cells are lost");
  for (const auto& substrate : model.substrates) {
    if (substrate.medium_value)
      throw refuse("substrate '" + substrate.name +
                       "' is held in the medium around the tissue (boundary.medium), but a "
                       "well-mixed domain has no inside and outside",
                   substrate.where)
          .help("give boundary.all an outside value with a transfer, or run with domain.space = \"resolved\"");
  }
}

}  // namespace

void Binder::check_world() const {
  if (!(model.step > 0.0) || !(model.step < 1e300))
    throw Error("E5013", "the coupling step must be positive").help("e.g. step = \"30 min\"");
  if (model.domain.well_mixed) check_well_mixed(model);
  for (const auto& substrate : model.substrates) {
    if (substrate.well_mixed && !(model.domain.medium_height > 0.0)) {
      throw Error("E5013", "substrate '" + substrate.name + "' is well mixed in a medium of no height")
          .at(substrate.where)
          .help("give domain.medium_height");
    }
    if (substrate.medium_value && (substrate.well_mixed || has_vessels(substrate))) {
      throw Error("E5013", "substrate '" + substrate.name + "' is held in the medium around the tissue and also in " +
                               (substrate.well_mixed ? "one compartment" : "vessels"))
          .at(substrate.where)
          .help("keep one of boundary.medium, vessel, and mode = \"medium\"");
    }
    for (const auto& drug : model.drugs) {
      const bool beam = drug.regimen->kinetics().model == pharm::Kinetics::Model::radiation;
      if (beam && drug.name == substrate.vessel_drug)
        throw Error("E5013", "vessels cannot bring '" + drug.name + "' to '" + substrate.name + "': it is radiation")
            .at(substrate.where)
            .help("name a drug, or leave out vessel.drug");
    }
    const bool known =
        substrate.vessel_drug.empty() || std::any_of(model.drugs.begin(), model.drugs.end(),
                                                     [&](const Drug& d) { return d.name == substrate.vessel_drug; });
    if (!known)
      throw Error("E5003", "vessels bring '" + substrate.vessel_drug + "' to '" + substrate.name +
                               "', which is not a drug of this model")
          .at(substrate.where);
  }
  for (const auto& type : model.cell_types) {
    check_cycle(type);
    if (type.name == "systemic" && !model.systemic.network.empty())
      throw Error("E5007", "cell type 'systemic' has the name of the systemic network")
          .at(type.where)
          .help("rename it: a target \"systemic NAME\" is a quantity of that network");
    const bool known = type.network.empty() || std::any_of(model.networks.begin(), model.networks.end(),
                                                           [&](const Network& n) { return n.name == type.network; });
    if (!known)
      throw Error("E5008", "cell type '" + type.name + "' has unknown network '" + type.network + "'").at(type.where);
  }
  for (const auto& readout : model.readouts) check_readout(model, readout);
}

}  // namespace senoma::engine
