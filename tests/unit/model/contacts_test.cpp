// Keys by which cells act on those they touch.
#include <gtest/gtest.h>

#include "catalogue.h"
#include "mechanisms/catalogue.h"

namespace senoma::model::test {
namespace {

const std::string base = R"TOML([domain]
size = ["200 um", "200 um"]
spacing = "20 um"
thickness = "10 um"
[time]
step = "10 min"
duration = "1 d"
[cell.killer]
[cell.killer.volume]
target = "1000 um^3"
rate = "0.1 1/min"
[cell.killer.mechanics]
repulsion = "1 um/min"
adhesion = "0 um/min"
[cell.killer.cycle]
model = "none"
[cell.target]
states = ["calm", "angry"]
[cell.target.volume]
target = "1000 um^3"
rate = "0.1 1/min"
[cell.target.mechanics]
repulsion = "1 um/min"
adhesion = "0 um/min"
[cell.target.cycle]
model = "none"
[cell.target.death.apoptosis]
duration = "8 h"
final_volume_fraction = 0.1
volume_rate = "0.5 1/h"
)TOML";

ResolvedModel read(const std::string& more) { return load_text(base + more, "m.toml", {}, mechanisms::catalogue()); }

std::string refusal(const std::string& more) {
  try {
    static_cast<void>(read(more));
  } catch (const Error& error) {
    return error.code() + " " + std::to_string(error.position() ? error.position()->line : 0) + ": " + error.message();
  }
  return {};
}

/// The number of the line that `more` begins on, plus `line`.
int at(int line) { return static_cast<int>(std::count(base.begin(), base.end(), '\n')) + line; }

TEST(Contact_signal_keys, Are_read_with_their_defaults) {
  const auto model = read(R"TOML([cell.killer.contact.load]
value = "volume"
[cell.killer.contact.anger]
value = "state.angry"
from = "target"
states = ["angry", "apoptotic"]
as = "mean"
)TOML");
  const auto& contacts = model.description.cell_types[0].contacts;
  ASSERT_EQ(contacts.size(), 2U);
  EXPECT_EQ(contacts[0].name, "load");
  EXPECT_EQ(contacts[0].value.text, "volume");
  EXPECT_TRUE(contacts[0].from.empty());
  EXPECT_FALSE(contacts[0].mean);
  EXPECT_EQ(contacts[1].from, std::vector<std::string>{"target"});
  EXPECT_EQ(contacts[1].states, (std::vector<std::string>{"angry", "apoptotic"}));
  EXPECT_TRUE(contacts[1].mean);
}

TEST(Contact_signal_keys, Are_refused_with_their_place) {
  EXPECT_EQ(refusal("[cell.killer.contact.load]\nfrom = \"target\"\n").substr(0, 5), "E1205");
  EXPECT_EQ(refusal("[cell.killer.contact.load]\nvalue = \"1\"\nfrom = \"taret\"\n"),
            "E1206 " + std::to_string(at(3)) + ": there is no cell type 'taret'");
  EXPECT_EQ(refusal("[cell.killer.contact.load]\nvalue = \"1\"\nstates = \"agry\"\n"),
            "E1206 " + std::to_string(at(3)) + ": there is no state 'agry'");
  EXPECT_EQ(refusal("[cell.killer.contact.load]\nvalue = \"1\"\nas = \"median\"\n").substr(0, 5), "E1202");
}

TEST(Contact_signal_keys, Decide_the_hash_and_models_without_them_keep_theirs) {
  const auto plain = read("").hash;
  const std::string text = "[cell.killer.contact.load]\nvalue = \"1\"\n";
  EXPECT_NE(read(text).hash, plain);
  EXPECT_NE(read(text + "as = \"mean\"\n").hash, read(text).hash);
}

const std::string attack = R"TOML([cell.killer.attack.target]
rate = "0.5 1/h"
duration = "1 h"
death = "apoptosis"
)TOML";

TEST(Attack_keys, Are_read_and_give_a_behaviour) {
  const auto model = read(attack + R"TOML(states = "angry"
[[cell.killer.rule]]
signal = "attacks"
direction = "decreases"
behaviour = "attack on target"
saturation = "0 1/h"
half = 10
[cell.target.recognition]
killer = "1 + state.angry"
[[cell.killer.transition]]
name = "emigration"
leaves = true
hazard = "0.1 [1/h]"
[drug.blocker]
pk = { model = "bath" }
schedule = [ { concentration = "1 nM", at = ["0 d"] } ]
effects = [ { inhibits = "killer attack on target", ec50 = "1 nM" } ]
)TOML");
  const auto& killer = model.description.cell_types[0];
  ASSERT_EQ(killer.attacks.size(), 1U);
  EXPECT_EQ(killer.attacks[0].target, "target");
  EXPECT_EQ(killer.attacks[0].duration, 60.0);
  EXPECT_EQ(killer.attacks[0].death, "apoptosis");
  EXPECT_EQ(killer.attacks[0].states, std::vector<std::string>{"angry"});
  EXPECT_NEAR(killer.parameters.at("attack.target"), 0.5 / 60, 1e-15);
  EXPECT_EQ(model.description.cell_types[1].recognition.at("killer").text, "1 + state.angry");
  EXPECT_TRUE(killer.transitions[0].leaves);
}

TEST(Attack_keys, May_be_given_for_a_state) {
  const std::string text = replaced(base, "[cell.killer]\n", "[cell.killer]\nstates = [\"fresh\", \"tired\"]\n") +
                           attack + "[cell.killer.state.tired]\n\"attack.target\" = \"0 1/h\"\n";
  const auto model = load_text(text, "m.toml", {}, mechanisms::catalogue());
  EXPECT_EQ(model.description.cell_types[0].state_parameters[1].at("attack.target"), 0.0);
}

TEST(Attack_keys, Are_refused_with_their_place) {
  const auto changed = [&](const std::string& what, const std::string& by) { return replaced(attack, what, by); };
  EXPECT_EQ(refusal(changed("attack.target", "attack.taret")),
            "E1206 " + std::to_string(at(1)) + ": there is no cell type 'taret'");
  EXPECT_EQ(refusal(changed("\"apoptosis\"", "\"necrosis\"")).substr(0, 9), "E1205 " + std::to_string(at(4)) + ":");
  EXPECT_EQ(refusal(changed("duration = \"1 h\"\n", "")).substr(0, 5), "E1205");
  EXPECT_EQ(refusal(changed("rate = \"0.5 1/h\"\n", "")).substr(0, 5), "E1205");
  EXPECT_EQ(refusal(attack + "states = \"apoptotic\"\n").substr(0, 9), "E1213 " + std::to_string(at(5)) + ":");
  EXPECT_EQ(refusal(attack + "[cell.killer.recognition]\ntarget = \"1\"\n").substr(0, 9),
            "E1206 " + std::to_string(at(6)) + ":");
  EXPECT_EQ(refusal("[[cell.killer.transition]]\nname = \"off\"\nleaves = true\nto = \"alive\"\nhazard = \"1 [1/h]\"\n")
                .substr(0, 9),
            "E1213 " + std::to_string(at(4)) + ":");
}

TEST(Attack_keys, Are_explained) {
  const Registry registry(mechanisms::catalogue());
  EXPECT_NE(explain(registry, "attack on target").find("[cell.TYPE.attack] CELLTYPE.rate"), std::string::npos);
  EXPECT_NE(explain(registry, "cell.killer.attack.target.duration").find("Handling time"), std::string::npos);
  EXPECT_NE(reference_markdown(registry).find("| `cell.*.attack.*.rate` |"), std::string::npos);
  EXPECT_NE(schema_json(registry).find("Handling time"), std::string::npos);
}

TEST(Attack_keys, Decide_the_hash) {
  EXPECT_NE(read(attack).hash, read("").hash);
  EXPECT_NE(read(replaced(attack, "1 h", "2 h")).hash, read(attack).hash);
  EXPECT_NE(read(attack + "[cell.target.recognition]\nkiller = \"2\"\n").hash, read(attack).hash);
}

const std::string arrival = R"TOML([[cell.target.arrival]]
name = "influx"
rate = "0.5 [1/h]"
at = "edge"
)TOML";

TEST(Arrival_keys, Are_read_with_their_defaults) {
  auto type = read(arrival).description.cell_types[1];
  ASSERT_EQ(type.arrivals.size(), 1U);
  EXPECT_EQ(type.arrivals[0].name, "influx");
  EXPECT_EQ(type.arrivals[0].at, engine::Arrival::At::edge);
  EXPECT_FALSE(type.arrivals[0].maximum.has_value());
  EXPECT_EQ(type.arrivals[0].from, 0.0);
  EXPECT_EQ(type.arrivals[0].until, 1e300);
  type = read(arrival + "state = \"angry\"\nmaximum = 7\nfrom = \"1 h\"\nuntil = \"2 h\"\n").description.cell_types[1];
  EXPECT_EQ(type.arrivals[0].state, "angry");
  EXPECT_EQ(type.arrivals[0].maximum, 7U);
  EXPECT_EQ(type.arrivals[0].from, 60.0);
  EXPECT_EQ(type.arrivals[0].until, 120.0);
}

TEST(Arrival_keys, Are_refused_with_their_place_and_decide_the_hash) {
  EXPECT_EQ(refusal(arrival + "state = \"agry\"\n").substr(0, 9), "E1206 " + std::to_string(at(5)) + ":");
  EXPECT_EQ(refusal(arrival + "from = \"2 h\"\nuntil = \"1 h\"\n").substr(0, 9),
            "E1213 " + std::to_string(at(6)) + ":");
  EXPECT_EQ(refusal(arrival + arrival).substr(0, 9), "E1213 " + std::to_string(at(6)) + ":");
  EXPECT_EQ(refusal(replaced(arrival, "at = \"edge\"\n", "")).substr(0, 5), "E1205");
  EXPECT_NE(read(arrival).hash, read("").hash);
  EXPECT_NE(read(arrival + "maximum = 7\n").hash, read(arrival).hash);
}

TEST(Supply_keys, Are_read_in_the_units_of_their_substrate_and_need_a_target) {
  const std::string oxygen = "[substrates.oxygen]\nunit = \"mmHg\"\n",
                    supply = "[cell.killer.supply]\noxygen = \"5 1/min\"\n",
                    target = "[cell.killer.supply_target]\noxygen = \"60 mmHg\"\n";
  const auto model = read(oxygen + supply + target);
  EXPECT_EQ(model.description.cell_types[0].parameters.at("supply.oxygen"), 5.0);
  EXPECT_EQ(model.description.cell_types[0].parameters.at("supply_target.oxygen"), 60.0);
  EXPECT_EQ(refusal(oxygen + supply),
            "E1205 " + std::to_string(at(4)) + ": cell type 'killer' supplies 'oxygen' toward no target");
  EXPECT_EQ(refusal(oxygen + supply + "[cell.killer.supply_target]\noxygen = \"60 nM\"\n").substr(0, 5), "E1203");
  const Registry registry(mechanisms::catalogue());
  EXPECT_NE(explain(registry, "oxygen supply target").find("supply_target"), std::string::npos);
}

}  // namespace
}  // namespace senoma::model::test
