// What to simulate, as plain data: the immutable result of reading a model (src/model builds it from TOML, tests build
// it by hand). All numbers are in internal units (base/units.h). Expressions are texts in the language of expr/parse.h;
// the names they may use are listed in engine/signals.h. Nothing here knows files; `where` only serves error messages.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "engine/cell_type.h"
#include "engine/dose_rule.h"
#include "engine/readout.h"
#include "field/reaction_diffusion.h"
#include "grid/geometry.h"
#include "mechanics/pair_forces.h"
#include "network/ode_system.h"
#include "pharm/compartments.h"

namespace senoma::engine {

/// A circle (2D) or sphere of voxels held at fixed values: a vessel's cross-section.
struct Vessel {
  double x = 0, y = 0, z = 0, radius = 0;  ///< µm
};

struct Domain {
  grid::Geometry geometry;
  /// No space: `geometry` is one voxel, a representative volume in which every substrate has one concentration and
  /// cells have no places (field/compartment.h, mechanics/mean_field.h, engine/encounters.h).
  bool well_mixed = false;
  mechanics::EdgeRule edge = mechanics::EdgeRule::reflect;
  double medium_height = 0.0;  ///< µm; > 0 adds a well-mixed bulk medium above the culture
  std::vector<Vessel> vessels;
  SourcePosition where;  ///< of what says that it is well mixed
};

/// A level of the systemic network that a substrate takes from the body.
struct SystemicLevel {
  std::string name;        ///< species, parameter or assigned variable; empty = none
  double partition = 1.0;  ///< value taken over the level
  SourcePosition where;
};

struct Substrate {
  std::string name;
  std::string unit = "nM";  ///< display unit
  Dimension dimension = dim::concentration;
  bool well_mixed = false;  ///< lives in the bulk medium (one voxel: area × medium height)
  bool quasi_steady = false;
  double diffusion = 0, decay = 0, initial = 0;
  std::array<field::FaceCondition, 6> faces{};
  std::optional<double> vessel_value;          ///< fixed value in vessel voxels
  std::string vessel_drug;                     ///< … or the plasma concentration (step mean) of this drug
  double vessel_partition = 1.0;               ///< tissue over plasma, for vessel_drug
  SystemicLevel vessel_systemic;               ///< … or a level of the systemic network
  std::array<SystemicLevel, 6> face_systemic;  ///< replaces faces[f].value in every step
  std::optional<double> medium_value;          ///< held in the stirred medium around the tissue (grid/surroundings.h)
  double molar_mass_kda = 0;                   ///< 0 = not given; lets readouts speak of ng/mL
  std::string receptor;                        ///< name, for the report
  double receptor_kd = 0;                      ///< same unit as the field; 0 = no receptor, no occupancy signal
  double tolerance = 1e-6;
  double undershoot_tolerance = 1e-9;
  double time_tolerance = 0;   ///< error of one step from time stepping, relative; 0 = whole steps, no control
  double half_saturation = 0;  ///< same unit as the field; 0 = uptake is first order at any concentration
  std::map<std::string, double>
      degraded_by;  ///< substrate → rate, 1/(min·[its unit]): first-order loss in its presence (matrix by a protease)
  std::map<std::string, double>
      initial_in;  ///< cell-type border case: region name → initial value (e.g. matrix outside the tumour)
  SourcePosition where;
};

/// Whether vessels hold this substrate at all.
[[nodiscard]] inline bool has_vessels(const Substrate& s) {
  return s.vessel_value || !s.vessel_drug.empty() || !s.vessel_systemic.name.empty();
}

struct Network {
  std::string name;
  std::shared_ptr<const network::OdeSystem> system;  ///< with the model's parameter values already in it
  double relative_tolerance = 1e-3, absolute_tolerance = 1e-6;
};

/// One reaction network for the whole body (marrow, blood, distant sites …), advanced over each coupling step before
/// the fields: engine/systemic.h.
struct Systemic {
  std::string network;                                     ///< name in Description::networks; empty = none
  std::vector<std::pair<std::string, Expression>> inputs;  ///< its parameter ← expression over signals of the world
  SourcePosition where;
};

/// A drug's action: target value × (1 ± emax·C^n/(ec50^n + C^n)), or, with `full`, value + (full − value)·C^n/(…): the
/// value moves toward `full`, which also works from a base of 0. The target is a network parameter ("k_on"), a network
/// node ("LIGASE": its activity everywhere it acts on others), "CELLTYPE behaviour phrase", or "systemic NAME" for a
/// parameter or node of the systemic network, where C is the plasma concentration.
struct DrugEffect {
  std::string target;
  bool inhibits = true;
  double ec50 = 0, hill = 1, emax = 1;
  std::optional<Quantity> full;  ///< value at saturating drug, internal units
  SourcePosition where;
};

struct Drug {
  std::string name;
  std::shared_ptr<const pharm::Regimen> regimen;
  std::vector<DoseRule> rules;    ///< by pharm::Dose::rule
  double unbound_fraction = 1.0;  ///< effects and signals see unbound × concentration
  std::string substrate;          ///< set: cells see this field's local value; empty: the compartment's value
  std::vector<DrugEffect> effects;
  std::string binds;               ///< substrate neutralised by an antibody; empty = none
  double binding_kd = 0;           ///< nM
  double complex_loss_rate = 0.0;  ///< 1/min, > 0: the ligand's field holds free and bound, which are lost differently
  SourcePosition where;
};

/// Biology as perturbation: the target's activity (or production, for a substrate) is multiplied by `factor` in [from,
/// until).
struct Intervention {
  std::string target;  ///< network node or parameter, substrate (its secretion), "CELLTYPE behaviour", "systemic NAME"
  double factor = 0;   ///< 0 = knock-out
  double from = 0, until = 1e300;  ///< min
  SourcePosition where;
};

struct Description {
  std::string title;
  Domain domain;
  std::map<std::string, double> parameters;  ///< [parameters], visible in every expression
  std::map<std::string, Dimension> parameter_dimensions;
  std::vector<Substrate> substrates;
  std::vector<CellType> cell_types;
  std::vector<Network> networks;
  Systemic systemic;
  std::vector<Drug> drugs;
  std::vector<Intervention> interventions;
  std::vector<Readout> readouts;
  double step = 30.0;          ///< min, coupling step
  double duration = 0.0;       ///< min
  double output_every = 0.0;   ///< min, frames
  double summary_every = 0.0;  ///< min, rows of summary.csv
  mechanics::MotionOptions motion;
};

}  // namespace senoma::engine
