// A run split by a saved state has the bits of an undisturbed one: at any step, on another number of threads, forked
// without changes; for a small tissue that uses everything, the relapse experiment (2D) and the spheroid (3D).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdio>
#include <map>

#include "../unit/mechanisms/reacting.h"
#include "../unit/mechanisms/tissue.h"
#include "engine/checkpoint.h"
#include "mechanisms/catalogue.h"
#include "model/load.h"
#include "trace.h"

namespace senoma {
namespace {

using test::DescriptionPtr;
using test::expect_equal;
using test::through_bytes;
using test::trace;

DescriptionPtr small_tissue(bool well_mixed = false) {
  auto d = well_mixed ? test::well_mixed(test::tissue()) : test::tissue();
  for (const char* value : {"N3", "neighbours.immune", "systemic.R", "CCL2 free", "beam.dose"})
    d.readouts.push_back(test::mean_of(value, value));
  return std::make_shared<engine::Description>(d);
}

TEST(Resume, After_each_step_a_fresh_simulation_goes_on_with_the_same_bits) {
  for (const bool well_mixed : {false, true}) {
    const auto d = small_tissue(well_mixed);
    const auto whole = trace(d, 12, {});
    EXPECT_GT(whole.events.size(), 10U) << "a test in which nothing happens would prove nothing";
    std::map<int, int> every;
    for (int k = 0; k < 12; ++k) every[k] = 1 + k % 3;
    expect_equal(whole, trace(d, 12, every));
  }
}

RC_GTEST_PROP(Resume, At_random_steps_and_thread_counts_nothing_changes, ()) {
  static const auto d = small_tissue();
  static const auto whole = trace(d, 7, {}, false);
  std::map<int, int> cuts;
  for (const int at : *rc::gen::container<std::vector<int>>(3, rc::gen::inRange(0, 7)))
    cuts[at] = *rc::gen::inRange(1, 5);
  const auto split = trace(d, 7, cuts, false);
  RC_ASSERT(split.hashes == whole.hashes);
  RC_ASSERT(split.events == whole.events);
}

/// The tissue under infusions that react to a planted readout, one each step: steps 4 to 7 are a pause.
DescriptionPtr reacting_tissue() {
  auto d = test::tissue();
  auto drug = test::reacting(pharm::Kinetics::Model::two_compartment, test::hysteresis(0.5, 1.0), d.step, d.step);
  drug.name = "infusion";
  drug.effects = {d.drugs[0].effects[0]};
  drug.rules[0].only_if = engine::Expression{"readout.tumour < 1e6", {}};
  d.drugs.push_back(drug);
  auto beam = test::reacting(pharm::Kinetics::Model::radiation, test::hysteresis(0.5, 1.0), 2.0, 0.7 * d.step);
  beam.name = "fractions";
  beam.rules[0].checked_every = 1.5 * d.step;
  d.drugs.push_back(beam);
  d.readouts = {test::planted_burden(d.step), test::of_world("tumour", "count.tumour"),
                test::of_world("given", "infusion.doses_given + 100 * drug.doses_given")};
  return std::make_shared<engine::Description>(d);
}

TEST(Resume, Doses_that_react_go_on_in_the_middle_of_a_pause) {
  const auto d = reacting_tissue();
  const auto whole = trace(d, 12, {});
  std::string given;
  for (const auto& event : whole.events) {
    if (event.find(" infusion ") == std::string::npos) continue;
    given += event.find("skipped") == std::string::npos ? '1' : '0';
  }
  EXPECT_EQ(given, "11100001110");
  EXPECT_EQ(whole.readouts.back()[2], 106.0);
  std::map<int, int> every;
  for (int k = 0; k < 12; ++k) every[k] = 1 + k % 3;
  expect_equal(whole, trace(d, 12, every));
  EXPECT_EQ(trace(d, 12, {}, false).hashes, whole.hashes) << "looking at readouts changed the run";
  // A branch without changes at a time at which a dose is due, in the pause.
  auto a = std::make_unique<engine::Simulation>(d, 1, mechanisms::catalogue(), 2);
  test::run(*a, 5);
  engine::Simulation b(d, 1, mechanisms::catalogue(), 1);
  EXPECT_TRUE(engine::restore(b, through_bytes(*a), true).empty());
  test::run(b, 7);
  EXPECT_EQ(b.world.hash(), whole.hashes[11]);
  // Another threshold from the fork on: what the first dose saw is kept.
  auto other = *d;
  other.drugs[3].rules[0].resume_above.value.value = 0.65;
  auto c = test::simulate(other, 1);
  EXPECT_TRUE(engine::restore(*c, through_bytes(*a), true).empty());
  test::run(*c, 1);
  EXPECT_EQ(c->world.scalars.at("doses infusion[0] baseline"), 100.0);
  EXPECT_EQ(c->world.scalars.at("doses infusion[0] given"), 1.0) << "70 is above 65";
  // A rule that is new says so, and begins with its first dose to come.
  auto plain = test::simulate(test::tissue(), 1);
  test::run(*plain, 5);
  auto e = test::simulate(*d, 1);
  std::string notes;
  for (const auto& note : engine::restore(*e, through_bytes(*plain), true)) notes += note + "\n";
  EXPECT_NE(notes.find("a rule of doses infusion[0] is new"), std::string::npos) << notes;
  test::run(*e, 1);
  EXPECT_EQ(e->world.scalars.at("doses infusion[0] baseline"), 70.0);
  EXPECT_EQ(e->world.scalars.at("doses infusion given"), 1.0);
}

struct Case {
  const char *file, *arm, *profile;
  int steps;
};

class ShippedResume : public testing::TestWithParam<Case> {};

TEST_P(ShippedResume, Split_by_saved_states_it_has_the_same_bits_and_so_has_a_branch_without_changes) {
  const Case c = GetParam();
  model::LoadOptions options;
  options.arm = c.arm;
  options.profile = c.profile;
  const std::string file = std::string(SENOMA_SOURCE_DIR) + "/models/melanoma-tis/experiments/" + c.file;
  const auto d = std::make_shared<engine::Description>(model::load(file, options, mechanisms::catalogue()).description);
  const auto whole = trace(d, c.steps, {});
  EXPECT_GT(whole.events.size(), 10U);
  std::printf("%s: %d steps, %zu events, hash %016llx\n", c.file, c.steps, whole.events.size(),
              static_cast<unsigned long long>(whole.hashes.back()));
  expect_equal(whole, trace(d, c.steps, {{0, 2}, {1, 1}, {c.steps / 2, 2}, {c.steps / 2 + 1, 4}, {c.steps - 1, 1}}));
  // A branch carries the state over by names; with the same model nothing may come of it.
  engine::Simulation original(d, 1, mechanisms::catalogue(), 2);
  for (int k = 0; k < c.steps / 2; ++k) original.step();
  engine::Simulation branch(d, 1, mechanisms::catalogue(), 1);
  EXPECT_TRUE(engine::restore(branch, through_bytes(original), true).empty());
  EXPECT_EQ(branch.world.hash(), original.world.hash());
  branch.step();
  EXPECT_EQ(branch.world.hash(), whole.hashes[static_cast<std::size_t>(c.steps / 2)]);
}

INSTANTIATE_TEST_SUITE_P(Relapse_2D, ShippedResume, testing::Values(Case{"relapse.toml", "drug", "quick", 60}));
INSTANTIATE_TEST_SUITE_P(Spheroid_3D, ShippedResume, testing::Values(Case{"spheroid.toml", "", "", 24}));

// What a branch may change, and what not.
TEST(Branch, New_columns_start_at_their_initial_value_and_vanished_ones_are_said) {
  auto with = test::tissue(), without = test::tissue();
  without.cell_types[0].heterogeneity.clear();
  without.cell_types[1].heterogeneity.clear();
  without.cell_types[2].heterogeneity.clear();
  auto a = test::simulate(with, 3), b = test::simulate(without, 3);
  test::run(*a, 4);
  const auto dropped = engine::restore(*b, through_bytes(*a), true);
  ASSERT_EQ(dropped.size(), 1U);
  EXPECT_NE(dropped[0].find("factor.k1"), std::string::npos) << dropped[0];
  auto c = test::simulate(with, 3);
  const auto added = engine::restore(*c, through_bytes(*b), true);
  ASSERT_EQ(added.size(), 1U);
  EXPECT_NE(added[0].find("is new"), std::string::npos) << added[0];
  const auto& factor = c->world.cells.values[*c->world.cells.find_column("factor.k1")];
  EXPECT_TRUE(std::all_of(factor.begin(), factor.end(), [](double v) { return v == 1.0; }));
  test::run(*c, 2);
}

TEST(Branch, Doses_of_a_new_calendar_that_lie_in_the_past_are_not_given) {
  auto d = test::tissue(), more = test::tissue();
  std::vector<pharm::Dose> doses = d.drugs[0].regimen->doses();
  doses.push_back({pharm::Dose::Route::bath_set, 30.0, 500.0, 0.0});   // past at the fork
  doses.push_back({pharm::Dose::Route::bath_set, 200.0, 900.0, 0.0});  // to come
  more.drugs[0].regimen = std::make_shared<pharm::Regimen>(d.drugs[0].regimen->kinetics(), doses);
  auto a = test::simulate(d, 3), b = test::simulate(more, 3);
  test::run(*a, 4);  // 120 min
  const double before = a->world.drugs[0].central;
  EXPECT_TRUE(engine::restore(*b, through_bytes(*a), true).empty());
  EXPECT_EQ(b->world.drugs[0].central, before);
  b->step();
  EXPECT_LT(b->world.drugs[0].central, 450.0);
  test::run(*b, 3);  // 240 min
  EXPECT_GT(b->world.drugs[0].central, 450.0);
}

TEST(Branch, A_state_with_space_does_not_go_on_without_it) {
  auto a = test::simulate(test::tissue(), 3), b = test::simulate(test::well_mixed(test::tissue()), 3);
  try {
    (void)engine::restore(*b, through_bytes(*a), true);
    FAIL() << "not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E5016");
    EXPECT_NE(std::string(error.message()).find("another grid"), std::string::npos) << error.message();
  }
}

TEST(Branch, What_cannot_be_carried_over_is_refused_by_name) {
  const auto d = test::tissue();
  auto a = test::simulate(d, 3);
  test::run(*a, 4);
  const auto refused = [&](engine::Description other, const std::string& word) {
    auto b = test::simulate(other, 3);
    const auto before = b->world.hash();
    try {
      (void)engine::restore(*b, through_bytes(*a), true);
      ADD_FAILURE() << word << " was not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "E5016");
      EXPECT_NE(error.message().find(word), std::string::npos) << error.message();
    }
    EXPECT_EQ(b->world.hash(), before) << "a refusal leaves the simulation as it was";
  };
  auto other = d;
  other.step *= 2;
  refused(other, "coupling step");
  other = d;
  other.domain.geometry.n[0] += 1;
  refused(other, "grid");
  other = d;
  for (auto& type : other.cell_types) {
    for (auto& state : type.states) state = state == "a" ? "alpha" : state;
    for (auto& t : type.transitions)
      for (auto& from : t.from) from = from == "a" ? "alpha" : from;
  }
  refused(other, "state 'a'");
  auto c = test::simulate(d, 4);
  EXPECT_THROW((void)engine::restore(*c, through_bytes(*a), false), Error) << "another seed";
}

}  // namespace
}  // namespace senoma
