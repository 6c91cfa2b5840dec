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
#include "engine/contacts.h"
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
  mechanics::EdgeRule edge = mechanics::EdgeRule::reflect;
  double medium_height = 0.0;  ///< µm; > 0 adds a well-mixed bulk medium above the culture
  std::vector<Vessel> vessels;
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
      degraded_by;  ///< substrate → rate, 1/(min·[its unit]): first-order loss in its presence (ECM by MMP)
  std::map<std::string, double>
      initial_in;  ///< cell-type border case: region name → initial value (e.g. ECM outside the tumour)
  SourcePosition where;
};

/// Whether vessels hold this substrate at all.
[[nodiscard]] inline bool has_vessels(const Substrate& s) {
  return s.vessel_value || !s.vessel_drug.empty() || !s.vessel_systemic.name.empty();
}

/// One phase of a cell cycle. Exit is exponential (mean `duration`), or after `duration` exactly, or normal with cv.
struct CyclePhase {
  enum class Exit { exponential, fixed, normal };
  std::string name;
  double duration = 0;  ///< min, mean
  Exit exit = Exit::exponential;
  double cv = 0;         ///< for normal
  bool divides = false;  ///< the cell divides at the end of this phase
  bool grows = false;    ///< volume rises linearly from the target to twice the target during this phase
  bool s_phase = false;  ///< DNA is replicated (sets the S_phase signal)
  bool entry = false;    ///< leaving this phase is multiplied by the behaviour "cycle entry"
};

/// signal → behaviour, as in the cell-behaviour hypothesis grammar (Johnson et al. 2025), with thresholds and
/// conditions. With U = Σ (s/half)^hill over increasing rules and D likewise over decreasing ones of one behaviour:
/// value = (base + (max − base)·U/(1+U)) · (1 − D/(1+D)) + min·D/(1+D).
struct Rule {
  Expression signal;  ///< any expression or signal phrase
  std::string behaviour;
  bool increases = true;
  std::optional<double> base;       ///< default: the behaviour's own base
  double saturation = 0;            ///< value as the signal grows without bound
  double half = 0, hill = 1;        ///< in the signal's dimension
  double threshold = 0;             ///< signal below counts as 0
  std::vector<std::string> states;  ///< only in these states; empty = all
  std::optional<Expression> when;   ///< extra condition
  SourcePosition where;
};

/// A change of state (or type) of a cell: by hazard (1/min, exact event) or as soon as a condition holds.
struct Transition {
  std::string name;
  std::vector<std::string> from;  ///< states; empty = any but dying
  std::string to;                 ///< state of the same type
  std::string to_type;            ///< conversion to another cell type; empty = same
  bool leaves = false;            ///< the cell leaves the model instead (emigration)
  std::optional<Expression> hazard;
  std::optional<Expression> when;
  std::string mark;                     ///< origin mark set on the cell and inherited (e.g. "escapee")
  std::map<std::string, double> reset;  ///< column or network state → value set at the transition
  SourcePosition where;
};

/// Death in progress: volume shrinks (apoptosis) or swells then lyses (necrosis) over `duration`, then the cell is
/// removed.
struct DeathModel {
  std::string name;                  ///< "apoptosis" or "necrosis"; the hazard is the behaviour of that name
  double duration = 0;               ///< min until removal
  double final_volume_fraction = 0;  ///< of the volume at death
  double volume_rate = 0;            ///< 1/min, relaxation toward the final volume
};

struct Coupling {
  std::vector<std::pair<std::string, Expression>> inputs;  ///< network input ← expression over signals
  std::vector<std::pair<Expression, std::string>>
      outputs;  ///< expression over network names → behaviour ("CCL2 secretion")
};

struct Heterogeneity {  ///< per-cell log-normal factor on a network parameter, inherited by daughters
  std::string parameter;
  double cv = 0;  ///< coefficient of variation of the factor (median 1)
};

struct InitialCells {
  enum class Pattern { none, table, disc, sphere, rectangle, grid, uniform };
  Pattern pattern = Pattern::none;
  std::size_t count = 0;                          ///< 0 with disc/sphere/rectangle: fill at `spacing`
  double x = 0, y = 0, z = 0;                     ///< centre, µm
  double radius = 0, spacing = 0;                 ///< µm
  std::array<double, 3> size{};                   ///< rectangle, µm
  double minimum_distance_to_domain_centre = 0;   ///< uniform: keep out of the tumour
  std::vector<std::array<double, 3>> positions;   ///< table
  std::map<std::string, double> state_fractions;  ///< default: all in the first state
  bool asynchronous = true;                       ///< random cycle phases at the start
};

/// Cells that come from outside: a Poisson process per site, of `rate` cells per time. The rate sees what is the same
/// everywhere (time, parameters, drugs) and SUBSTRATE.concentration and .occupancy at the site: the mean over a
/// vessel's voxels, or over the domain for `edge` and `anywhere`, which are one site.
struct Arrival {
  enum class At { vessels, edge, anywhere };
  std::string name;
  Expression rate;
  At at = At::vessels;
  std::string state;                   ///< empty = the type's first
  std::optional<std::size_t> maximum;  ///< living cells of the type beyond which nobody comes in
  double from = 0, until = 1e300;      ///< min
  SourcePosition where;
};

struct CellType {
  std::string name;
  std::vector<std::string> states;         ///< first = initial
  std::vector<std::string> state_colours;  ///< optional "#rrggbb" per state
  /// Mechanism parameters by key "mechanism.parameter" or "mechanism.SUBSTRATE" (e.g. "motility.speed",
  /// "secretion.CCL2").
  std::map<std::string, double> parameters;
  std::vector<std::map<std::string, double>> state_parameters;  ///< overrides per state, same keys (behaviours only)
  std::vector<CyclePhase> cycle;
  std::vector<DeathModel> deaths;
  std::string network;  ///< name in Description::networks, or empty
  Coupling coupling;
  std::vector<Heterogeneity> heterogeneity;
  std::vector<Rule> rules;
  std::vector<Transition> transitions;
  std::vector<ContactSignal> contacts;
  std::vector<Attack> attacks;                    ///< the rate is the parameter "attack.TARGETTYPE"
  std::map<std::string, Expression> recognition;  ///< attacking cell type → weight of a cell of this type; default 1
  std::vector<InitialCells> initial;
  std::vector<Arrival> arrivals;
  bool tumour = false;  ///< counts toward the tumour burden
  SourcePosition where;
};

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
/// value moves toward `full`, which also works from a base of 0. The target is a network parameter ("k_ikk"), a network
/// node ("NFKB": its activity everywhere it acts on others), "CELLTYPE behaviour phrase", or "systemic NAME" for a
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
