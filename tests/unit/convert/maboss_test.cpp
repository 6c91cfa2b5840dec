// MaBoSS's files: what they mean, and what is refused where.
#include "convert/maboss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/philox.h"

namespace senoma::convert {
namespace {

const std::string two =
    "Node A { logic = B; rate_up = @logic ? $k : 0; rate_down = @logic ? 0 : 2*$k; }\n"
    "NODE B { rate_up = .5; rate_down = 1.5e0; }\n";
const std::string settings = "$k = 3; max_time = 10; time_tick = 0.5;";

MabossModel read(const std::string& bnd, const std::string& cfg, const std::map<std::string, double>& set = {}) {
  return read_maboss_text({"a.bnd", bnd}, {{"a.cfg", cfg}}, set);
}

double up(const MabossModel& m, std::size_t node, std::vector<double> states) {
  return expr::evaluate(m.network.graph, m.network.nodes[node].rate_up, states);
}
double down(const MabossModel& m, std::size_t node, std::vector<double> states) {
  return expr::evaluate(m.network.graph, m.network.nodes[node].rate_down, states);
}
/// The value of an expression with A = 1, B = 0, C = 1.
double value(const std::string& expression) {
  const auto m = read("node A { rate_up = " + expression + "; } node B {} node C {}", "");
  return up(m, 0, {1, 0, 1});
}

struct Refusal {
  std::string code, message, file;
  int line = 0, column = 0;
};
Refusal refusal(const std::string& bnd, const std::string& cfg, const std::map<std::string, double>& set = {}) {
  try {
    (void)read(bnd, cfg, set);
  } catch (const Error& error) {
    const auto p = error.position().value_or(SourcePosition{});
    EXPECT_FALSE(error.remedies().empty() && error.code() != "E3021") << error.message();
    return {error.code(), error.message(), p.file, p.line, p.column};
  }
  return {};
}
void expect_refused(const std::string& bnd, const std::string& cfg, const std::string& code, const std::string& words,
                    const std::string& file, int line) {
  const Refusal r = refusal(bnd, cfg);
  EXPECT_EQ(r.code, code) << bnd << cfg;
  EXPECT_NE(r.message.find(words), std::string::npos) << r.message;
  EXPECT_EQ(r.file, file) << r.message;
  EXPECT_EQ(r.line, line) << r.message;
}

TEST(Maboss, Rates_parameters_and_attributes_mean_what_maboss_means) {
  const auto m = read(two, settings);
  ASSERT_EQ(m.network.names(), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(m.network.name, "a");
  EXPECT_EQ(up(m, 0, {0, 1}), 3.0);
  EXPECT_EQ(up(m, 0, {0, 0}), 0.0);
  EXPECT_EQ(down(m, 0, {1, 0}), 6.0);
  EXPECT_EQ(up(m, 1, {0, 0}), 0.5);
  EXPECT_EQ(down(m, 1, {0, 0}), 1.5);
  EXPECT_EQ(m.run.end, 10.0);
  EXPECT_EQ(m.run.window, 0.5);
  EXPECT_FALSE(m.has_trajectories);
}

TEST(Maboss, Operators_have_maboss_precedence) {
  EXPECT_EQ(value("A | B & B"), 1.0);
  EXPECT_EQ(value("A OR C XOR A"), 0.0);  // (A OR C) XOR A
  EXPECT_EQ(value("NOT A AND B"), 0.0);
  EXPECT_EQ(value("NOT (A AND B)"), 1.0);
  EXPECT_EQ(value("A && !B || B"), 1.0);
  EXPECT_EQ(value("1 + 2 * 3 - 4 / 2"), 5.0);
  EXPECT_EQ(value("8 - 2 - 1"), 5.0);
  EXPECT_EQ(value("A + C >= 2 AND B == 0"), 1.0);
  EXPECT_EQ(value("B ? 1 : C ? 2 : 3"), 2.0);
  EXPECT_EQ(value("(A ? TRUE : false) + - 2 + 3"), 2.0);
  EXPECT_DOUBLE_EQ(value("exp(0) + log(8, 2) + log(1.) + exp(3, 2)"), 1.0 + 3.0 + 8.0);
}

TEST(Maboss, A_node_without_rates_follows_its_logic_at_rate_one) {
  const auto m = read("A : B AND NOT C; B : A\n node C { description = \"a signal\"; }", "");
  EXPECT_EQ(up(m, 0, {0, 1, 0}), 1.0);
  EXPECT_EQ(up(m, 0, {0, 1, 1}), 0.0);
  EXPECT_EQ(down(m, 0, {1, 1, 1}), 1.0);
  EXPECT_EQ(down(m, 0, {1, 1, 0}), 0.0);
  EXPECT_EQ(up(m, 2, {1, 1, 0}), 0.0);
  EXPECT_EQ(down(m, 2, {1, 1, 1}), 0.0);
}

TEST(Maboss, Starts_are_values_chances_or_lists) {
  const auto m = read(two + "C : A; D : B; E : B;",
                      settings +
                          "A.istate = TRUE; [B, C].istate = (1+2) [0, 1], $k*0 [1, 1], 1 [1, 0]; D.istate = -1; "
                          "D.is_internal = 1; E.istate = 0; E.istate = 1;");
  ASSERT_EQ(m.network.initial.size(), 3U);
  EXPECT_EQ(m.network.initial[0].choices[0].values, std::vector<char>{1});
  const auto& list = m.network.initial[1];
  EXPECT_EQ(list.nodes, (std::vector<std::size_t>{1, 2}));
  ASSERT_EQ(list.choices.size(), 2U);  // the one of weight 0 is gone
  EXPECT_EQ(list.choices[0].weight, 3.0);
  EXPECT_EQ(list.choices[0].values, (std::vector<char>{0, 1}));
  EXPECT_EQ(m.network.initial[2].nodes, std::vector<std::size_t>{4});
  EXPECT_EQ(m.network.initial[2].choices[0].values, std::vector<char>{1});  // the later one
  EXPECT_TRUE(m.network.nodes[3].internal);
  EXPECT_FALSE(m.network.nodes[2].internal);
}

TEST(Maboss, Settings_are_taken_or_named_as_without_effect) {
  const auto m = read(two, settings +
                               "\n# MaBoSS also takes this\n"
                               "#comment\n/* a\nb */ sample_count = 5e3; seed_pseudorandom = 9; discrete_time = TRUE;\n"
                               "use_physrandgen = FALSE; thread_count = 4; statdist_traj_count = 100; A.refstate = 0;");
  EXPECT_EQ(m.run.trajectories, 5000U);
  EXPECT_TRUE(m.has_trajectories && m.has_seed);
  EXPECT_EQ(m.run.seed, 9U);
  EXPECT_TRUE(m.run.discrete_time);
  ASSERT_EQ(m.notes.size(), 4U);
  EXPECT_NE(m.notes[0].find("'refstate' (line 6)"), std::string::npos) << m.notes[0];
}

TEST(Maboss, Later_files_and_set_values_count) {
  const auto m =
      read_maboss_text({"a.bnd", two}, {{"1.cfg", settings + "A.istate = 0;"}, {"2.cfg", "$k = 4; max_time = 2;"}},
                       {{"$k", 5.0}, {"A", 1.0}});
  EXPECT_EQ(up(m, 0, {0, 1}), 5.0);
  EXPECT_EQ(m.run.end, 2.0);
  ASSERT_EQ(m.network.initial.size(), 1U);
  EXPECT_EQ(m.network.initial[0].choices[0].values, std::vector<char>{1});
  EXPECT_EQ(refusal(two, settings, {{"q", 1.0}}).code, "E3022");
  EXPECT_EQ(refusal(two, settings, {{"A", 0.5}}).code, "E3022");
}

TEST(Maboss, What_cannot_be_read_is_refused_at_its_place) {
  expect_refused("node A\n{\n  logic;\n}", "", "E3021", "'logic' of node 'A' has no value", "a.bnd", 3);
  expect_refused("node A { rate_up = 1 }", "", "E3021", "';' expected", "a.bnd", 1);
  expect_refused("node A { rate_up = ; }", "", "E3021", "a value expected, found ';'", "a.bnd", 1);
  expect_refused("node A {\n rate_up = 1;", "", "E3021", "node 'A' does not end", "a.bnd", 2);
  expect_refused("node A { rate_up = (1 + 2; }", "", "E3021", "')' expected", "a.bnd", 1);
  expect_refused("node A { rate_up = 1 ? 2; }", "", "E3021", "':' expected", "a.bnd", 1);
  expect_refused("nodule A { }", "", "E3021", "a declaration expected", "a.bnd", 1);
  expect_refused("node A { rate_up = 2x; }", "", "E3021", "runs into the name 'x'", "a.bnd", 1);
  expect_refused("node A { /* open", "", "E3021", "does not end", "a.bnd", 1);
  expect_refused("node A { rate_up = 1 % 2; }", "", "E3021", "'%' has no meaning", "a.bnd", 1);
  expect_refused(two, "$k = 1;\n$k 2;", "E3021", "'=' expected", "a.cfg", 2);
  expect_refused(two, settings + "\n[A, B].istate = 1 [0, 1] 1 [1, 1];", "E3021", "';' expected", "a.cfg", 2);
  expect_refused("", "", "E3022", "declares no node", "a.bnd", 1);
}

TEST(Maboss, What_makes_no_sense_is_refused_at_its_place) {
  expect_refused("node A { }\nnode A { }", "", "E3022", "declared twice", "a.bnd", 2);
  expect_refused("node A { logic = 1; logic = 2; }", "", "E3022", "twice", "a.bnd", 1);
  expect_refused("node A {\n rate_up = AB; }", "", "E3022", "no node 'AB'", "a.bnd", 2);
  expect_refused("node A { rate_up = @logick; }", "", "E3022", "no attribute 'logick'", "a.bnd", 1);
  expect_refused("node A { logic = @other; other = @logic; }", "", "E3022", "computed from itself", "a.bnd", 1);
  expect_refused("node A { rate_up = $q; }", "$k = 1;", "E3022", "'$q' has no value", "a.bnd", 1);
  expect_refused(two, "$k = $m;\n$m = 2*$k;", "E3022", "computed from itself", "a.cfg", 2);
  expect_refused(two, "$k = A;", "E3022", "depends on the state of nodes", "a.cfg", 1);
  expect_refused(two, "$k = 1/0;", "E3022", "not a finite number", "a.cfg", 1);
  expect_refused(two, settings + "\nD.istate = 1;", "E3022", "no node 'D'", "a.cfg", 2);
  expect_refused(two, settings + "\nA.istat = 1;", "E3022", "no property 'istat'", "a.cfg", 2);
  expect_refused(two, settings + "\nA.istate = 2;", "E3022", "cannot start at 2", "a.cfg", 2);
  expect_refused(two, settings + "\n[A,B].istate = 1 [1];", "E3022", "1 values for 2 nodes", "a.cfg", 2);
  expect_refused(two, settings + "\n[A].istate = 0 [1], 0 [0];", "E3022", "all zero", "a.cfg", 2);
  expect_refused(two, settings + "\n[A].istate = -1 [1], 2 [0];", "E3022", "weight of a start is -1", "a.cfg", 2);
  expect_refused(two, settings + "\n[A,B].istate = 1 [1,1]; B.istate = 0;", "E3022", "given again", "a.cfg", 2);
  expect_refused(two, settings + "\nmax_tim = 3;", "E3022", "'max_tim' is not known", "a.cfg", 2);
  expect_refused(two, settings + "\nmax_time = 0-3;", "E3022", "not above zero", "a.cfg", 2);
  expect_refused(two, settings + "\nsample_count = 1.5;", "E3022", "not a whole number", "a.cfg", 2);
  expect_refused("node A { rate_up = sin(1); }", "", "E3022", "'sin' is not known", "a.bnd", 1);
  EXPECT_NE(refusal("node A { rate_up = $ka; }", "$kb = 1;").message.find("$ka"), std::string::npos);
}

TEST(Maboss, Missing_files_are_named) {
  try {
    (void)read_maboss("no/such.bnd", {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E3023");
    EXPECT_EQ(error.kind(), ErrorKind::input_output);
  }
}

TEST(Maboss, Nesting_is_limited_and_length_is_not) {
  std::string deep = "1", wide = "A";
  for (int i = 0; i < 5000; ++i) {
    deep = "(" + deep + ")";
    wide += i % 2 ? " | A" : " & B";
  }
  EXPECT_EQ(refusal("node A { rate_up = " + deep + "; }", "").code, "E3021");
  EXPECT_EQ(refusal("node A { rate_up = " + std::string(5000, '!') + "A; }", "").code, "E3021");
  EXPECT_EQ(up(read("node A { rate_up = " + wide + "; } node B {}", ""), 0, {1, 0}), 1.0);
  std::string chain = "$p0 = 1;";  // each from the one before
  for (int i = 1; i < 3000; ++i) chain += "$p" + std::to_string(i) + " = $p" + std::to_string(i - 1) + ";";
  EXPECT_EQ(refusal("node A { rate_up = $p2999; }", chain).code, "E3022");
}

TEST(Maboss, No_bytes_crash_the_reader) {
  const std::string bnd = two + "C : (A AND NOT B) ? $k : 0.5;",
                    cfg = settings + "[A, B].istate = 0.5 [0, 1], 1 [1, 0];";
  const std::string pieces[] = {
      "(",    ")",      "{",     "}", "[", "]",     ";",  "=",  "?",  ":", "!",
      "$k",   "@logic", "node",  "A", ".", "1e999", "/*", "\"", "&&", ",", std::string(1, '\0'),
      "\xFF", "-",      "istate"};
  int refused = 0;
  for (std::uint64_t i = 0; i < 1500; ++i) {
    const RandomStream draw{1, i, Stream::test};
    std::string text = i % 2 ? bnd : cfg;
    for (std::uint64_t change = 0; change < 1 + i % 3; ++change) {
      const auto at = static_cast<std::size_t>(draw.uniform(2 * change) * static_cast<double>(text.size()));
      const auto length = static_cast<std::size_t>(4.0 * draw.uniform(2 * change, 1));
      const auto piece = static_cast<std::size_t>(25.0 * draw.uniform(2 * change + 1));
      text.replace(at, length, draw.uniform(2 * change + 1, 1) < 0.3 ? "" : pieces[piece]);
    }
    try {
      (void)(i % 2 ? read(text, cfg) : read(bnd, text));
    } catch (const Error& error) {
      ++refused;
      EXPECT_TRUE(error.code() == "E3021" || error.code() == "E3022") << error.code() << " " << error.message();
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_LT(refused, 1500);
}

}  // namespace
}  // namespace senoma::convert
