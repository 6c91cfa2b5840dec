// Every refusal of the engine carries its code, its place and its words.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "models.h"

namespace senoma {
namespace {

using test::simulate;

engine::Description sound() {
  auto d = test::world(10, 10.0);
  d.substrates = {test::substrate("S", 100, 0.1, 1.0)};
  d.networks = {test::network("net", {{{"A", 0.0, "k - A"}}, {{"k", 1.0}}})};
  auto type = test::cell_type("cell");
  type.states = {"a", "b"};
  type.network = "net";
  type.deaths = {{"apoptosis", 100, 0.1, 0.1}};
  type.initial = {test::at({{0, 0, 0}})};
  type.where = {"model.toml", 7, 1, 4};
  d.cell_types = {type};
  return d;
}

const SourcePosition place{"model.toml", 12, 9, 20};

/// The error of binding (and one step of) the sound model after a change.
Error refused(const std::function<void(engine::Description&)>& change) {
  auto d = sound();
  change(d);
  try {
    auto s = simulate(d);
    s->step();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "not refused";
  return Error("none", "none");
}

void expect(const Error& error, const std::string& code, const std::string& words, int line = 0) {
  EXPECT_EQ(error.code(), code) << error.message();
  std::string all = error.message();
  for (const auto& remedy : error.remedies()) all += " " + remedy;
  EXPECT_NE(all.find(words), std::string::npos) << all;
  if (line > 0) {
    ASSERT_TRUE(error.position().has_value()) << error.message();
    EXPECT_EQ(error.position()->line, line);
  }
}

engine::Transition transition(const std::string& from, const std::string& to) {
  engine::Transition t;
  t.name = "t";
  t.from = {from};
  t.to = to;
  t.where = place;
  t.hazard = engine::Expression{"1 [1/h]", place};
  return t;
}

TEST(Errors, The_sound_model_is_accepted) {
  auto s = simulate(sound());
  s->step();
}

TEST(Errors, An_unknown_signal_is_named_with_the_nearest) {
  auto e = refused([](auto& d) {
    auto r = test::rule("S concentratoin", "migration speed", true, 1, 1, 1);
    r.signal.where = place;
    d.cell_types[0].rules = {r};
  });
  EXPECT_TRUE(e.code() == "E2001" || e.code() == "E2002") << e.code();
  e = refused([](auto& d) {
    auto r = test::rule("`S concentratoin`", "migration speed", true, 1, 1, 1);
    r.signal.where = place;
    d.cell_types[0].rules = {r};
  });
  expect(e, "E2002", "S.concentration", 12);
}

TEST(Errors, Unknown_behaviours_targets_and_states_are_named) {
  expect(refused([](auto& d) {
           auto r = test::rule("pressure", "migration sped", true, 1, 1, 1);
           r.where = place;
           d.cell_types[0].rules = {r};
         }),
         "E5002", "migration speed", 12);
  expect(refused([](auto& d) {
           d.drugs = {test::bath("drug", 1)};
           engine::DrugEffect effect;
           effect.target = "kk";
           effect.where = place;
           d.drugs[0].effects = {effect};
         }),
         "E5003", "did you mean 'k'", 12);
  expect(refused([](auto& d) {
           engine::Intervention i;
           i.target = "cell migration sped";
           i.where = place;
           d.interventions = {i};
         }),
         "E5002", "migration speed", 12);
  expect(refused([](auto& d) { d.cell_types[0].transitions = {transition("a", "c")}; }), "E5006", "no state 'c'", 12);
  expect(refused([](auto& d) { d.cell_types[0].initial[0].state_fractions = {{"bb", 1.0}}; }), "E5006", "'b'", 7);
}

TEST(Errors, Unknown_network_names_conversions_and_drugs_are_named) {
  expect(refused([](auto& d) { d.cell_types[0].coupling.inputs = {{"kk", {"1", place}}}; }), "E5008", "'k'", 12);
  expect(refused([](auto& d) { d.cell_types[0].heterogeneity = {{"kk", 0.1}}; }), "E5008", "vary between cells", 7);
  expect(refused([](auto& d) { d.cell_types[0].network = "nets"; }), "E5008", "nets", 7);
  expect(refused([](auto& d) {
           auto t = transition("a", "");
           t.to_type = "ghost";
           d.cell_types[0].transitions = {t};
         }),
         "E5010", "ghost", 12);
  expect(refused([](auto& d) { d.substrates[0].vessel_drug = "ghost"; }), "E5003", "ghost");
  expect(refused([](auto& d) { d.substrates[0].degraded_by = {{"ghost", 1.0}}; }), "E5003", "ghost");
  expect(refused([](auto& d) {
           auto t = transition("a", "b");
           t.reset = {{"ghost", 1.0}};
           d.cell_types[0].transitions = {t};
         }),
         "E5001", "ghost", 12);
}

TEST(Errors, A_name_with_two_meanings_is_refused) {
  auto e = refused([](auto& d) {
    d.networks = {test::network("net", {{{"volume", 0.0, "1 - volume"}}, {}})};
    d.cell_types[0].coupling.outputs = {{{"volume", place}, "migration bias"}};
  });
  expect(e, "E5007", "network.volume", 12);
  expect(refused([](auto& d) { d.parameters = {{"pressure", 1.0}}; }), "E5007", "pressure");
}

TEST(Errors, Missing_values_are_refused) {
  expect(refused([](auto& d) { d.cell_types[0].parameters.erase("volume.target"); }), "E5011", "volume.target", 7);
  expect(refused([](auto& d) { d.cell_types[0].cycle = {test::phase("G1", 0.0)}; }), "E5011", "G1", 7);
  expect(refused([](auto& d) { d.substrates[0].well_mixed = true; }), "E5013", "medium_height");
  expect(refused([](auto& d) { d.step = 0.0; }), "E5013", "step");
  expect(refused([](auto& d) {
           auto r = test::mean_of("r", "1");
           r.cell_type = "cel";
           d.readouts = {r};
         }),
         "E5012", "'cell'");
  expect(refused([](auto& d) {
           auto r = test::mean_of("r", "1");
           r.value.reset();
           d.readouts = {r};
         }),
         "E5011", "no value");
  expect(refused([](auto& d) {
           d.cell_types[0].coupling.outputs = {{{"A", place}, "S secretion"}};
         }),
         "E5015", "base is 0", 12);
}

TEST(Errors, A_hazard_of_the_wrong_dimension_is_refused_and_a_bare_zero_is_not) {
  auto with = [](const std::string& text) {
    return [text](engine::Description& d) {
      auto t = transition("a", "b");
      t.hazard->text = text;
      d.cell_types[0].transitions = {t};
    };
  };
  expect(refused(with("0.1")), "E1203", "1/min", 12);
  auto d = sound();
  with("0")(d);
  simulate(d)->step();
}

TEST(Errors, Values_that_leave_their_range_stop_the_run) {
  auto e = refused([](auto& d) { d.cell_types[0].coupling.outputs = {{{"A - 5", place}, "migration bias"}}; });
  expect(e, "E5009", "migration bias");
  EXPECT_EQ(e.kind(), ErrorKind::numerical);
  e = refused([](auto& d) {
    auto t = transition("a", "b");
    t.hazard->text = "(A - 5) * 1 [1/min]";
    d.cell_types[0].transitions = {t};
  });
  expect(e, "E5009", "hazard of transition 't'", 12);
}

TEST(Errors, Two_writers_of_one_thing_are_refused) {
  std::vector<engine::Mechanism> twice(mechanisms::catalogue().begin(), mechanisms::catalogue().end());
  auto second = mechanisms::volume();
  second.declaration.name = "growth";
  for (auto& p : second.declaration.parameters) p.required = false, p.behaviour.clear();
  twice.push_back(second);
  try {
    engine::Simulation s(std::make_shared<const engine::Description>(sound()), 1, twice, 1);
    FAIL();
  } catch (const Error& error) {
    expect(error, "E5004", "'volume' and 'growth'");
  }
}

TEST(Errors, Initial_patterns_that_do_not_fit_are_refused) {
  using Pattern = engine::InitialCells::Pattern;
  for (const auto pattern : {Pattern::disc, Pattern::rectangle, Pattern::uniform, Pattern::grid}) {
    expect(refused([&](auto& d) {
             engine::InitialCells i;
             i.pattern = pattern;
             i.radius = 30;
             i.size = {60, 60, 0};
             i.spacing = 12;
             i.count = 500;
             d.cell_types[0].initial = {i};
           }),
           "E5005", "500 were asked for", 7);
  }
  expect(refused([](auto& d) {
           d.cell_types[0].initial = {test::at({{101, 0, 0}})};
         }),
         "E5005", "outside the domain", 7);
}

}  // namespace
}  // namespace senoma
