// Two kinds of cells that meet and act on each other by every mechanism between cells. For tests of determinism.
#pragma once

#include "models.h"

namespace senoma::test {

inline engine::CellType fighter(const std::string& name, std::size_t count) {
  auto type = cell_type(name);
  type.parameters["mechanics.repulsion"] = 3.0;
  type.parameters["mechanics.adhesion"] = 0.4;
  type.parameters["motility.speed"] = 0.5;
  type.parameters["motility.persistence"] = 10.0;
  type.parameters["hazard.apoptosis"] = 2e-4;
  type.deaths = {{"apoptosis", 120, 0.1, 0.02}};
  type.network = "signal";
  type.coupling.inputs = {{"input", {"contact.pull", {}}}};
  engine::InitialCells in;
  in.pattern = engine::InitialCells::Pattern::uniform;
  in.count = count;
  in.spacing = 8;
  type.initial = {in};
  return type;
}

inline engine::Description skirmish() {
  auto d = world(16, 15.0);
  d.networks = {network("signal", {{{"R", 0.1, "0.05 * input - 0.05 * R"}}, {{"input", 0.0}}})};
  auto killer = fighter("killer", 60), target = fighter("target", 150);
  killer.contacts = {{"pull", {"R + behaviour.migration.speed / 1 [um/min]", {}}, {"target"}, {}, true, {}}};
  target.contacts = {{"pull", {"R + state.roused", {}}, {"killer", "target"}, {}, false, {}}};
  target.states = {"calm", "roused"};
  engine::Transition rouse;
  rouse.name = "rouse";
  rouse.to = "roused";
  rouse.hazard = engine::Expression{"2e-3 [1/min] * contact.pull", {}};
  target.transitions = {rouse};
  auto live = phase("live", 600);
  live.divides = live.grows = live.entry = true;
  target.cycle = {live};
  killer.rules = {rule("contact.pull", "migration speed", false, 0.1, 0.5, 2)};
  killer.parameters["attack.target"] = 0.03;
  killer.attacks = {{"target", {}, "apoptosis", 20.0, {}}, {"target", {"apoptotic"}, "removal", 10.0, {}}};
  target.recognition = {{"killer", {"1 + R", {}}}};
  killer.rules.push_back(rule("attacks", "attack on target", false, 0.0, 10, 2));
  engine::Transition emigration;
  emigration.name = "emigration";
  emigration.leaves = true;
  emigration.hazard = engine::Expression{"2e-4 [1/min] * (1 + attacks)", {}};
  killer.transitions = {emigration};
  d.domain.vessels = {{-80, -80, 0, 15}, {90, 60, 0, 25}};
  d.substrates = {substrate("lure", 300.0, 0.01, 0.0)};
  d.substrates[0].receptor_kd = 0.05;
  target.parameters["secretion.lure"] = 200.0;
  target.parameters["supply.lure"] = 0.2;
  target.parameters["supply_target.lure"] = 0.1;
  killer.arrivals = {
      {"recruitment", {"0.02 [1/min] * lure.occupancy", {}}, engine::Arrival::At::vessels, "", {}, 0, 1e300, {}},
      {"visit", {"0.05 [1/min]", {}}, engine::Arrival::At::edge, "", 80, 30, 300, {}}};
  d.cell_types = {killer, target};
  return d;
}

}  // namespace senoma::test
