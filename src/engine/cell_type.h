// What a cell type is, as plain data of the description: its cycle, deaths, rules, transitions, coupling to a network,
// contacts, and where its cells come from. Internal units; expressions are texts (expr/parse.h).
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "engine/contacts.h"
#include "engine/readout.h"

namespace senoma::engine {

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
      outputs;  ///< expression over network names → behaviour ("LIGAND secretion")
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
  /// "secretion.LIGAND").
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

}  // namespace senoma::engine
