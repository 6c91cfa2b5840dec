// A small tissue that uses everything at once: three cell types, a network, fields, drugs, rules, contacts,
// transitions, conversion, deaths and motility. For tests of determinism and of the sanitizers.
#pragma once

#include "models.h"

namespace senoma::test {

/// The tumour's one has events: a delayed one and two of equal priority.
inline engine::Network tissue_network(const std::string& name, bool with_events) {
  NetworkText text;
  for (int i = 0; i < 6; ++i) {
    const std::string n = std::to_string(i), before = std::to_string((i + 5) % 6);
    text.states.push_back(
        {"N" + n, 0.1 * i, "k" + n + " * hill(N" + before + " * (1 + input), 0.5, 4) + 0.002 - g * N" + n});
    text.parameters.push_back({"k" + n, 0.02 + 0.002 * i});
  }
  text.parameters.push_back({"g", 0.02});
  text.parameters.push_back({"input", 0.0});
  if (with_events) {
    text.events = {{"pulse", "N5 < 0.3", "47", "", {{"N5", "2 * N5"}, {"N3", "N3 + 0.1"}}},
                   {"push", "time > 100", "", "2", {{"N5", "N5 + 0.1"}}},
                   {"double", "time > 100", "", "2", {{"N5", "2 * N5"}}}};
  }
  auto result = network(name, text);
  result.relative_tolerance = 1e-3;
  result.absolute_tolerance = 1e-6;
  return result;
}

inline void add_fields_and_drugs(engine::Description& d) {
  d.substrates = {substrate("O2", 6e4, 0.1, 38.0), substrate("CCL2", 600.0, 0.01, 0.0), substrate("ECM", 0, 0, 1.0),
                  substrate("MMP", 300.0, 0.02, 0)};
  d.substrates[1].receptor_kd = 0.5;
  d.substrates[2].degraded_by = {{"MMP", 0.01}};
  for (auto& f : d.substrates[0].faces) f.kind = field::FaceCondition::Kind::value, f.value = 38.0;
  d.drugs = {bath("drug", 10.0), bath("antibody", 2.0)};
  engine::DrugEffect effect;
  effect.target = "N3";
  effect.ec50 = 5;
  d.drugs[0].effects = {effect};
  effect.target = "tumour cycle entry";
  d.drugs[0].effects.push_back(effect);
  d.drugs[1].binds = "CCL2";
  d.drugs[1].binding_kd = 0.1;
  d.drugs[1].complex_loss_rate = 1e-3;
  engine::Intervention knock_down;
  knock_down.target = "k2";
  knock_down.factor = 0.5;
  knock_down.from = 95;
  d.interventions = {knock_down};
}

/// A fraction of radiation, which slows the network, and readouts over the run so far.
inline void add_radiation_and_exposure(engine::Description& d) {
  engine::Drug beam;
  beam.name = "beam";
  pharm::Kinetics kinetics;
  kinetics.model = pharm::Kinetics::Model::radiation;
  const std::vector<pharm::Dose> doses{{pharm::Dose::Route::fraction, 70.0, 2.0, 2.0}};
  beam.regimen = std::make_shared<const pharm::Regimen>(kinetics, doses);
  d.drugs.push_back(beam);
  using Accumulate = engine::Readout::Accumulate;
  for (const auto how : {Accumulate::integral, Accumulate::maximum, Accumulate::time_above}) {
    auto readout = mean_of("CCL2 " + std::to_string(static_cast<int>(how)), "CCL2 total");
    readout.accumulate = how;
    readout.dimension = how == Accumulate::maximum    ? dim::concentration
                        : how == Accumulate::integral ? dim::concentration * dim::time
                                                      : dim::time;
    if (how == Accumulate::time_above) readout.threshold = Quantity{1e-3, dim::concentration};
    d.readouts.push_back(readout);
  }
}

/// A body of two levels: made by cells and the antibody's ligand, slowed by the drug, with an event.
inline void add_body(engine::Description& d) {
  NetworkText text;
  text.states = {{"M", 0.5, "made - g * M"}, {"R", 0.0, "0.01 * M / (1 + M) - 0.002 * R"}};
  text.parameters = {{"made", 0.0}, {"g", 0.01}};
  text.events = {{"burst", "time > 130", "40", "", {{"M", "M + 1"}}}};
  d.networks.push_back(network("body", text));
  d.systemic.network = "body";
  d.systemic.inputs = {{"made", {"1e-4 * count.tumour + 0.01 * hill(CCL2.mean, 0.1 [nM], 1) * systemic.R", {}}}};
  engine::DrugEffect effect;
  effect.target = "systemic g";
  effect.ec50 = 5;
  d.drugs[0].effects.push_back(effect);
}

inline engine::CellType tissue_type(const std::string& name) {
  auto c = cell_type(name);
  c.parameters["mechanics.repulsion"] = 5;
  c.parameters["mechanics.adhesion"] = 0.4;
  c.parameters["hazard.apoptosis"] = 2e-4;
  c.parameters["secretion.CCL2"] = 20;
  c.parameters["secretion.MMP"] = 50;
  c.parameters["uptake.O2"] = 5;
  c.parameters["uptake.CCL2"] = 0.2;
  c.parameters["motility.speed"] = name == "immune" ? 0.8 : 0.05;
  c.parameters["motility.bias"] = 0.5;
  c.parameters["chemotaxis.CCL2"] = 1.0;
  c.states = {"a", "b"};
  c.network = name == "tumour" ? "eventful" : "net";
  c.deaths = {{"apoptosis", 120, 0.1, 0.02}};
  c.heterogeneity = {{"k1", 0.3}};
  c.coupling.inputs = {{"input", {"CCL2 occupancy", {}}}};
  c.coupling.outputs = {{{"N3 * 4", {}}, "CCL2 secretion"}};
  c.rules = {rule("O2 concentration", "cycle entry", true, 2.0, 20, 4),
             rule("pressure", "cycle entry", false, 0.0, 1, 4)};
  engine::Transition t;
  t.name = "activation";
  t.from = {"a"};
  t.to = "b";
  t.mark = "activated";
  t.hazard = engine::Expression{
      "3e-3 [1/min] * hill(N5, 0.5, 2) * (1 + neighbours.tumour + systemic.R + beam.dose / 2 [Gy])", {}};
  c.transitions = {t};
  return c;
}

inline engine::Description tissue() {
  auto d = world(16, 30.0);
  d.networks = {tissue_network("net", false), tissue_network("eventful", true)};
  add_fields_and_drugs(d);
  add_body(d);
  add_radiation_and_exposure(d);
  for (const char* name : {"tumour", "stroma", "immune"}) {
    auto c = tissue_type(name);
    engine::InitialCells in;
    in.pattern = engine::InitialCells::Pattern::uniform;
    in.count = 60;
    in.spacing = 10;
    if (std::string(name) == "tumour") {
      in.pattern = engine::InitialCells::Pattern::disc;
      in.radius = 60;
      in.count = 80;
      auto live = phase("live", 300);
      live.divides = live.grows = live.entry = true;
      c.cycle = {live};
      engine::Transition conversion;
      conversion.name = "conversion";
      conversion.to_type = "stroma";
      conversion.hazard = engine::Expression{"1e-3 [1/min]", {}};
      c.transitions.push_back(conversion);
    }
    c.initial = {in};
    d.cell_types.push_back(c);
  }
  return d;
}

}  // namespace senoma::test
