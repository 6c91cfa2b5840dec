// Contact signals: what a cell sees of those it touches.
#include <gtest/gtest.h>

#include "models.h"

namespace senoma {
namespace {

using test::run;
using test::simulate;

engine::ContactSignal contact(const std::string& name, const std::string& value, std::vector<std::string> from = {},
                              std::vector<std::string> states = {}, bool mean = false) {
  return {name, {value, {}}, std::move(from), std::move(states), mean, {}};
}

engine::Readout readout(const std::string& cell_type, const std::string& value) {
  auto r = test::mean_of(value, value);
  r.cell_type = cell_type;
  return r;
}

/// One watcher between two cells of type `other` (8 µm to each side) and far from a third.
engine::Description trio() {
  auto d = test::world(20, 10.0);
  auto watcher = test::cell_type("watcher"), other = test::cell_type("other");
  watcher.initial = {test::at({{0, 0, 0}})};
  other.initial = {test::at({{8, 0, 0}, {-8, 0, 0}, {80, 0, 0}})};
  other.states = {"calm", "angry"};
  d.cell_types = {watcher, other};
  return d;
}

TEST(Contact_signals, Add_up_or_average_what_the_touching_cells_have) {
  auto d = trio();
  d.networks = {test::network("n", {{{"L", 3.0, "0"}}, {{"gain", 2.0}}})};
  d.cell_types[1].network = "n";
  d.cell_types[0].contacts = {contact("load", "gain * L", {"other"}), contact("level", "L", {"other"}, {}, true),
                              contact("touched", "volume"), contact("angry", "state.angry", {"other"}),
                              contact("calm", "volume", {"other"}, {"calm"})};
  d.readouts = {readout("watcher", "contact.load"), readout("watcher", "contact.level"),
                readout("watcher", "contact.touched / 1 [um^3]"), readout("watcher", "contact.angry"),
                readout("watcher", "contact.calm / 1 [um^3]")};
  auto s = simulate(d);
  EXPECT_EQ(s->readouts(), (std::vector<double>{12.0, 3.0, 2000.0, 0.0, 2000.0}));
  s->world.cells.cell_state[1] = 1;
  EXPECT_EQ(s->readouts(), (std::vector<double>{12.0, 3.0, 2000.0, 1.0, 1000.0}));
}

TEST(Contact_signals, Are_nothing_without_a_neighbour_that_counts) {
  auto d = trio();
  d.cell_types[1].contacts = {contact("mean", "volume", {"other"}, {}, true), contact("watched", "1", {"watcher"})};
  d.readouts = {readout("other", "contact.mean / 1 [um^3]"), readout("other", "contact.watched")};
  EXPECT_EQ(simulate(d)->readouts(), (std::vector<double>{0.0, 2.0 / 3.0}));
}

TEST(Contact_signals, See_the_behaviours_that_were_last_decided) {
  auto d = trio();
  d.cell_types[1].parameters["motility.speed"] = 0.25;
  d.cell_types[0].contacts = {contact("bustle", "behaviour.migration.speed", {"other"})};
  d.readouts = {readout("watcher", "contact.bustle / 1 [um/min]")};
  EXPECT_EQ(simulate(d)->readouts(), (std::vector<double>{0.5}));
}

// dR/dt = k Σ L of the neighbours − R: juxtacrine signalling. L is 0.5 in each of two neighbours.
TEST(Contact_signals, Drive_networks_behaviours_and_hazards) {
  auto d = trio();
  d.networks = {test::network("sender", {{{"L", 0.5, "0"}}, {}}),
                test::network("receiver", {{{"R", 0.0, "k * bound - R"}}, {{"k", 2.0}, {"bound", 0.0}}})};
  d.cell_types[0].network = "receiver";
  d.cell_types[1].network = "sender";
  auto& watcher = d.cell_types[0];
  watcher.states = {"naive", "informed"};
  watcher.contacts = {contact("ligand", "L", {"other"})};
  watcher.coupling.inputs = {{"bound", {"contact.ligand", {}}}};
  watcher.rules = {test::rule("contact.ligand", "cycle entry", true, 3.0, 1.0, 1.0)};
  engine::Transition informed;
  informed.name = "informed";
  informed.to = "informed";
  informed.when = engine::Expression{"contact.ligand > 0.9", {}};
  watcher.transitions = {informed};
  auto s = simulate(d);
  run(*s, 3);
  EXPECT_NEAR(test::column(*s, "network.R")[0], 2.0, 1e-4);
  EXPECT_NEAR(test::column(*s, "cycle entry")[0], 1.0 + (3.0 - 1.0) * 0.5, 1e-12);
  EXPECT_EQ(s->world.cells.cell_state[0], 1);
}

TEST(Contact_signals, Act_as_the_touching_cell_does_under_a_drug) {
  auto d = trio();
  d.networks = {test::network("sender", {{{"L", 0.5, "0"}}, {{"gain", 1.0}}})};
  d.cell_types[1].network = "sender";
  d.cell_types[1].coupling.inputs = {{"gain", {"2", {}}}};
  d.cell_types[0].contacts = {contact("ligand", "gain * L", {"other"})};
  d.drugs = {test::bath("blocker", 5.0)};
  engine::DrugEffect effect;
  effect.target = "L";
  effect.ec50 = 5.0;
  d.drugs[0].effects = {effect};
  d.readouts = {readout("watcher", "contact.ligand")};
  auto s = simulate(d);
  run(*s, 1);
  EXPECT_NEAR(s->readouts()[0], 2.0 * 2.0 * 0.5 * 0.5, 1e-12);
}

std::string refusal(const engine::Description& d) {
  try {
    (void)simulate(d);
  } catch (const Error& error) {
    return error.code() + ": " + error.message();
  }
  return {};
}

TEST(Contact_signals, Refuse_what_makes_no_sense_by_name) {
  auto d = trio();
  d.cell_types[0].contacts = {contact("load", "nothing", {"other"})};
  EXPECT_EQ(refusal(d).substr(0, 5), "E2002");
  d.cell_types[0].contacts = {contact("load", "1", {"nobody"})};
  EXPECT_EQ(refusal(d).substr(0, 5), "E5010");
  d.cell_types[0].contacts = {contact("load", "1", {"other"}, {"furious"})};
  EXPECT_EQ(refusal(d).substr(0, 5), "E5006");
  d.cell_types[0].contacts = {contact("load", "contact.load", {"watcher"})};
  EXPECT_EQ(refusal(d).substr(0, 5), "E5017");
  d.cell_types[0].contacts = {contact("load", "1", {"other"})};
  EXPECT_EQ(refusal(d), "");
  d.cell_types[1].rules = {test::rule("contact.load", "cycle entry", true, 3.0, 1.0, 1.0)};  // not of this type
  EXPECT_EQ(refusal(d).substr(0, 5), "E2002");
}

TEST(Contact_signals, Do_not_look_through_one_another_by_an_input_of_a_network) {
  auto d = trio();
  d.networks = {test::network("n", {{{"R", 0.0, "bound - R"}}, {{"bound", 0.0}}})};
  for (auto& type : d.cell_types) {
    type.network = "n";
    type.contacts = {contact("in", "bound")};
    type.coupling.inputs = {{"bound", {"contact.in", {}}}};
  }
  EXPECT_EQ(refusal(d).substr(0, 5), "E5017");
  for (auto& type : d.cell_types) type.contacts = {contact("in", "R")};
  EXPECT_EQ(refusal(d), "");
}

TEST(Contact_signals, Must_be_finite) {
  auto d = trio();
  d.cell_types[0].contacts = {contact("ratio", "1 / state.angry", {"other"})};
  d.cell_types[0].rules = {test::rule("contact.ratio", "cycle entry", true, 3.0, 1.0, 1.0)};
  EXPECT_EQ(refusal(d).substr(0, 5), "E5009");
}

}  // namespace
}  // namespace senoma
