// The keys of [cell.TYPE] and [network.NAME]; those of mechanisms come from their declarations.
#include "model/registry.h"

namespace senoma::model {

namespace {

void add_cycle_keys(Registry& r) {
  const std::string c = "cell.*.cycle.";
  r.choice(
       c + "model", {"live", "ki67", "flow-separated", "custom", "none"},
       "The phases: live (one), ki67 (negative, positive), flow-separated (G0/G1, S, G2, M), custom (phases), none.")
      .required();
  r.quantity(c + "duration", dim::time, "Mean time between divisions (live).").positive();
  r.quantity(c + "negative", dim::time, "Mean duration of the Ki67-negative phase (ki67).").positive();
  r.quantity(c + "positive", dim::time, "Mean duration of the Ki67-positive phase (ki67).").positive();
  r.quantity(c + "g0g1", dim::time, "Mean duration of G0/G1 (flow-separated).").positive();
  r.quantity(c + "s", dim::time, "Mean duration of S (flow-separated).").positive();
  r.quantity(c + "g2", dim::time, "Mean duration of G2 (flow-separated).").positive();
  r.quantity(c + "m", dim::time, "Mean duration of M (flow-separated).").positive();
  r.choice(c + "exit", {"exponential", "fixed", "normal"}, "Distribution of phase durations.")
      .defaults("\"exponential\"");
  r.number(c + "cv", "Coefficient of variation of normal durations.").range(0, 1);
  const std::string p = c + "phases[].";
  r.text(p + "name", "Name of the phase.").required();
  r.quantity(p + "duration", dim::time, "Mean duration.").positive().required();
  r.choice(p + "exit", {"exponential", "fixed", "normal"}, "Distribution of the duration.").defaults("\"exponential\"");
  r.number(p + "cv", "Coefficient of variation of normal durations.").range(0, 1);
  r.add(p + "divides", Kind::boolean, "The cell divides at the end of the phase.").defaults("false");
  r.add(p + "grows", Kind::boolean, "Volume doubles during the phase.").defaults("false");
  r.add(p + "s_phase", Kind::boolean, "DNA is replicated in the phase.").defaults("false");
  r.add(p + "entry", Kind::boolean, "Leaving the phase is scaled by the behaviour `cycle entry`.").defaults("false");
}

void add_rule_keys(Registry& r) {
  const std::string p = "cell.*.rule[].";
  r.text(p + "name", "A name, for overrides and the report.");
  r.add(p + "signal", Kind::expression, "What is sensed: a signal phrase or an expression.").required();
  r.choice(p + "direction", {"increases", "decreases"}, "Whether the signal increases or decreases the behaviour.")
      .required();
  r.text(p + "behaviour", "The behaviour acted on, e.g. \"migration speed\".").required();
  r.quantity(p + "saturation", dim::none, "Value of the behaviour as the signal grows without bound.")
      .from(DimensionRule::behaviour)
      .required()
      .kind = Kind::quantity;
  r.quantity(p + "half", dim::none, "Signal of half effect.").from(DimensionRule::signal).positive().required().kind =
      Kind::quantity;
  r.number(p + "hill", "Hill power.").positive().defaults("1");
  r.quantity(p + "base", dim::none, "Value without signal; default: the type's own value.")
      .from(DimensionRule::behaviour)
      .kind = Kind::quantity;
  r.quantity(p + "threshold", dim::none, "A signal below this counts as 0.")
      .from(DimensionRule::signal)
      .non_negative()
      .kind = Kind::quantity;
  r.text(p + "states", "States in which the rule holds; default all.").list_or_single();
  r.add(p + "when", Kind::expression, "Further condition.");

  const std::string t = "cell.*.transition[].";
  r.text(t + "name", "Name of the transition, for events and the report.").required();
  r.text(t + "from", "States it leaves; default any living state.").list_or_single();
  r.text(t + "to", "State it enters.");
  r.text(t + "to_type", "Cell type it converts to.");
  r.add(t + "leaves", Kind::boolean, "The cell leaves the model (emigration) instead of entering a state.")
      .defaults("false");
  r.add(t + "hazard", Kind::expression, "Hazard (1/time); events happen at their exact times.");
  r.add(t + "when", Kind::expression, "Condition: the transition happens as soon as it holds.");
  r.text(t + "mark", "Mark set on the cell and inherited by its descendants.");
  r.quantity(t + "reset.*", dim::none, "Value that a column or network state takes at the transition.")
      .from(DimensionRule::any)
      .kind = Kind::quantity;
}

void add_initial_keys(Registry& r) {
  const std::string p = "cell.*.initial[].";
  r.text(p + "name", "A name, for overrides.");
  r.choice(p + "pattern", {"disc", "sphere", "rectangle", "grid", "uniform", "table"}, "How the first cells lie.")
      .required();
  r.add(p + "count", Kind::count, "Number of cells; without it, the shape is filled at `spacing`.").non_negative();
  r.quantity(p + "centre", dim::length, "Centre of the pattern.").list();
  r.quantity(p + "radius", dim::length, "Radius of a disc or sphere.").positive();
  r.quantity(p + "spacing", dim::length, "Distance between neighbours when a shape is filled.").positive();
  r.quantity(p + "size", dim::length, "Sizes of a rectangle.").positive().list();
  r.quantity(p + "outside", dim::length, "uniform: least distance from the domain's centre.").non_negative();
  r.add(p + "file", Kind::file, "table: CSV with columns x[um], y[um], optionally z[um] and state.");
  r.number(p + "states.*", "Fraction of the cells that start in this state.").range(0, 1);
  r.add(p + "synchronous", Kind::boolean, "All cells start at the beginning of the cycle, instead of at random phases.")
      .defaults("false");
}

void add_contact_keys(Registry& r) {
  const std::string c = "cell.*.contact.*";
  r.add(c, Kind::table, "The signal contact.NAME of the cells of this type: a value of the cells that each touches.");
  r.add(c + ".value", Kind::expression,
        "The value, over the touching cell's own signals: its network, state.STATE, behaviour.NAME.")
      .required();
  r.text(c + ".from", "Cell types of the touching cells that count; default all.").list_or_single();
  r.text(c + ".states", "States in which a touching cell counts; default every state, dying ones too.")
      .list_or_single();
  r.choice(c + ".as", {"sum", "mean"}, "What is made of the values; without cells that count both are 0.")
      .defaults("\"sum\"");
  const std::string a = "cell.*.attack.*";
  r.quantity(a + ".duration", dim::time, "Handling time after a success, in which the attacker attacks nobody else.")
      .non_negative()
      .required();
  r.choice(a + ".death", {"apoptosis", "necrosis", "removal"},
           "How the attacked cell ends: by a death of its type, or gone at once (phagocytosis).")
      .required();
  r.text(a + ".states", "States of the target in which it is attacked; default every living one.").list_or_single();
  r.add("cell.*.recognition", Kind::table, "How well cells of this type are recognised by those that attack them.");
  r.add("cell.*.recognition.*", Kind::expression,
        "Factor on the rate at which cells of the type NAME attack a cell of this type, over the attacked cell's own "
        "signals; default 1.");
}

void add_arrival_keys(Registry& r) {
  const std::string p = "cell.*.arrival[].";
  r.text(p + "name", "A name of its own, for events; the ids of the cells that come depend on it.").required();
  r.add(p + "rate", Kind::expression,
        "Cells per time at each vessel (or in all), over time, parameters, drugs, and SUBSTRATE.concentration and "
        "SUBSTRATE.occupancy there.")
      .required();
  r.choice(p + "at", {"vessels", "edge", "anywhere"}, "Where cells appear: next to each vessel, on the edge, anywhere.")
      .required();
  r.text(p + "state", "State in which they come; default the first.");
  r.add(p + "maximum", Kind::count, "Nobody comes while the model holds this many living cells of the type.")
      .non_negative();
  r.quantity(p + "from", dim::time, "Nobody comes before.").non_negative().defaults("\"0 min\"");
  r.quantity(p + "until", dim::time, "Nobody comes after; default never ends.").non_negative();
}

}  // namespace

void add_cell_keys(Registry& r) {
  const std::string c = "cell.*.";
  r.add("cell.*", Kind::table, "A cell type: its states, mechanisms, rules and first cells.");
  r.text(c + "states", "States, the first one initial.").list().defaults("[\"alive\"]");
  r.add(c + "tumour", Kind::boolean, "Counts toward the tumour burden.").defaults("false");
  r.text(c + "network", "The [network] inside each cell.");
  r.text(c + "colour", "Colour of the type, \"#rrggbb\".");
  r.text(c + "state.*.colour", "Colour of the state, \"#rrggbb\".");
  add_cycle_keys(r);
  for (const std::string death : {"apoptosis", "necrosis"}) {
    const std::string d = c + "death." + death + ".";
    r.add(c + "death." + death, Kind::table, "How a cell dies; without `duration` only the hazard is set.");
    r.quantity(d + "duration", dim::time, "Time from death to removal.").positive();
    r.number(d + "final_volume_fraction", "Volume the dead cell tends to, as a fraction of that at death.")
        .non_negative();
    r.quantity(d + "volume_rate", dim::rate, "Relaxation rate of the volume toward it.").non_negative();
  }
  add_rule_keys(r);
  add_initial_keys(r);
  add_contact_keys(r);
  add_arrival_keys(r);
  r.add(c + "coupling.inputs.*", Kind::expression, "Value of a network input, as an expression over signals.");
  r.text(c + "coupling.outputs.*",
         "Behaviour set by a network quantity or an expression over signals (the key: a name or a quoted "
         "expression); needs no network.");
  r.number(c + "heterogeneity.*.cv",
           "Coefficient of variation of a cell's own log-normal factor on a network parameter.")
      .non_negative()
      .required();
}

void add_network_keys(Registry& r) {
  const std::string n = "network.*.";
  r.add("network.*", Kind::table, "A reaction network that runs inside cells.");
  r.add(n + "file", Kind::file, "SBML Level 2 or 3 file, relative to this file.").required();
  r.text(n + "inputs", "Parameters that each cell sets for itself, beyond the coupled ones.").list();
  r.number(n + "relative_tolerance", "Relative error that the integration of the network may make.")
      .range(0, 1)
      .defaults("1e-3")
      .exclusive_minimum = true;
  r.number(n + "absolute_tolerance", "Absolute error that it may make besides, in the network's units.")
      .positive()
      .defaults("1e-6");
  r.choice(n + "on_division.*", {"copy", "halve"},
           "What daughters get of this state (counts are halved, concentrations copied).");
  r.quantity(n + "parameters.*", dim::none, "Value of a parameter of the network.").from(DimensionRule::network).kind =
      Kind::quantity;
  r.add(n + "node.*", Kind::table, "A node of the network's drawing in the model card.");
  r.text(n + "node.*.label", "Label in the drawing; default the node's name.");
  r.text(n + "node.*.group", "Group of nodes that share a colour.");
  r.text(n + "node.*.of", "Quantities of the network that the node stands for; none: it lies outside of it.")
      .list_or_single();
  r.add(n + "node.*.at", Kind::any, "Place in the drawing: [column, row].");
  const std::string e = n + "edge[].";
  r.text(e + "id", "Short name of the edge.");
  r.text(e + "from", "Node that acts.").required();
  r.text(e + "to", "Node that is acted on.").required();
  r.choice(e + "sign", {"+", "-"}, "Whether it raises or lowers.").defaults("\"+\"");
  r.text(e + "mechanism", "How, in a few words.");
  r.quantity(n + "initial.*", dim::none, "Initial value of a state of the network.").from(DimensionRule::network).kind =
      Kind::quantity;
  r.add("systemic", Kind::table, "One reaction network for the whole body: marrow, blood, other sites.");
  r.text("systemic.network", "The [network.NAME] that is the body's; expressions see its quantities as systemic.NAME.");
  r.add("systemic.inputs.*", Kind::expression,
        "Value of a parameter of it in every step, as an expression over signals of the world (count.TYPE, "
        "SUBSTRATE.mean, DRUG.mean, time, [parameters]).");
}

}  // namespace senoma::model
