#include "expr/parse.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.h"
#include "expr/error_codes.h"
#include "expr/syntax.h"
#include "support.h"

namespace senoma::expr {
namespace {

using testing::Names;

/// Names with dimensions: t (time), c, k (concentration), r (1/time), L (length); x, y, z dimensionless.
class Parse : public ::testing::Test {
 protected:
  Parse() : names_(graph_) {
    names_.add("t", dim::time);
    names_.add("c", dim::concentration);
    names_.add("k", dim::concentration);
    names_.add("r", dim::rate);
    names_.add("L", dim::length);
    names_.add("CCL2.occupancy", dim::none);
    names_.add("state.age", dim::time);
    names_.add("IFN\u03b3.level", dim::none);
  }
  double value(const std::string& text, std::vector<double> inputs = {2, 3, 5, 7, 11, 13, 17, 19, 0.25, 1440, 23}) {
    return evaluate(graph_, parse(text, graph_, names_.scope()).node, inputs);
  }
  Dimension dimension(const std::string& text) { return parse(text, graph_, names_.scope()).dimension; }
  Error error(const std::string& text) {
    try {
      (void)parse(text, graph_, names_.scope());
    } catch (const Error& e) {
      return e;
    }
    ADD_FAILURE() << "no error for: " << text;
    return Error("E0000", "none");
  }
  void expect_error(const std::string& text, const std::string& code, int column, int length) {
    const Error e = error(text);
    EXPECT_EQ(e.code(), code) << text << ": " << e.what();
    ASSERT_TRUE(e.position()) << text;
    EXPECT_EQ(e.position()->line, 1) << text;
    EXPECT_EQ(e.position()->column, column) << text << ": " << e.what();
    EXPECT_EQ(e.position()->length, length) << text << ": " << e.what();
  }
  Graph graph_;
  Names names_;
};

TEST_F(Parse, Follows_the_documented_precedence) {
  const std::pair<const char*, double> table[] = {{"1 + 2*3", 7},
                                                  {"(1 + 2)*3", 9},
                                                  {"2^3^2", 512},
                                                  {"(2^3)^2", 64},
                                                  {"-2^2", -4},
                                                  {"(-2)^2", 4},
                                                  {"2^-1", 0.5},
                                                  {"2^-x^2", 0.0625},
                                                  {"-x*y", -6},
                                                  {"x*-y", -6},
                                                  {"10 - 4 - 3", 3},
                                                  {"16/4/2", 2},
                                                  {"7 % 4", 3},
                                                  {"-7 % 4", -3},
                                                  {"8/2*3", 12},
                                                  {"+x", 2},
                                                  {"--x", 2},
                                                  {"1 < 2", 1},
                                                  {"2 <= 1", 0},
                                                  {"1 + 1 == 2", 1},
                                                  {"1 < 2 == true", 1},
                                                  {"x != 2", 0},
                                                  {"1 || 0 && 0", 1},
                                                  {"(1 || 0) && 0", 0},
                                                  {"1 xor 1", 0},
                                                  {"1 xor 0 and 0", 1},
                                                  {"1 or 1 xor 1", 1},
                                                  {"!0", 1},
                                                  {"not x", 0},
                                                  {"!x > 1", 0},
                                                  {"!(x > 3)", 1},
                                                  {"x > 1 ? 10 : 20", 10},
                                                  {"x > 3 ? 10 : y > 1 ? 20 : 30", 20},
                                                  {"0 ? 1 : 0 ? 2 : 3", 3},
                                                  {"1e3", 1000},
                                                  {".5", 0.5},
                                                  {"2.", 2},
                                                  {"1.5e-3", 0.0015},
                                                  {"2E2", 200}};
  for (const auto& [text, want] : table) EXPECT_EQ(value(text), want) << text;
}

TEST_F(Parse, Knows_every_documented_function) {
  const std::pair<const char*, double> table[] = {{"hill(x, 2, 3)", 0.5},
                                                  {"hill(-1, 2, 3)", 0},
                                                  {"hill(c, k, 1)", 11.0 / 24.0},
                                                  {"if(x > 1, 4, 5)", 4},
                                                  {"clamp(x, 3, 4)", 3},
                                                  {"clamp(x, 0, 1)", 1},
                                                  {"clamp(x, 1, 3)", 2},
                                                  {"root(3, 27)", 3},
                                                  {"root(2, 9)", 3},
                                                  {"min(3, 1, 2)", 1},
                                                  {"max(3, 1, 2, 9)", 9},
                                                  {"rem(7, 4)", 3},
                                                  {"quotient(-7, 2)", -3},
                                                  {"piecewise(1, x < 0, 2, x < 5, 3)", 2},
                                                  {"piecewise(1, x < 0, 3)", 3},
                                                  {"factorial(5)", 120},
                                                  {"log(2, 8)", 3},
                                                  {"log(10, 1000)", 3},
                                                  {"log10(100)", 2},
                                                  {"ln(exponentiale)", 1},
                                                  {"abs(-3)", 3},
                                                  {"sign(-2)", -1},
                                                  {"floor(-1.5)", -2},
                                                  {"ceil(1.2)", 2},
                                                  {"ceiling(1.2)", 2},
                                                  {"sqrt(16)", 4},
                                                  {"pow(2, 10)", 1024},
                                                  {"exp(0)", 1},
                                                  {"cos(pi)", -1},
                                                  {"arctan(1)*4", 3.141592653589793}};
  for (const auto& [text, want] : table) EXPECT_NEAR(value(text), want, 1e-15 * std::fabs(want)) << text;
  EXPECT_TRUE(std::isnan(value("piecewise(1, x < 0)")));
  EXPECT_TRUE(std::isnan(value("notanumber")));
  EXPECT_EQ(value("infinity"), INFINITY);
}

TEST_F(Parse, Turns_units_into_internal_ones) {
  EXPECT_EQ(value("12 [h]"), 720.0);
  EXPECT_DOUBLE_EQ(value("0.02 [1/h]"), 0.02 / 60.0);
  EXPECT_EQ(dimension("0.02 [1/h]"), dim::rate);
  EXPECT_EQ(dimension("3 [um^2/min]"), dim::diffusivity);
  EXPECT_EQ(value("state.age >= 24[h] ? 1 : 0"), 1.0);
  EXPECT_DOUBLE_EQ(value("0.02 [1/h] * hill(CCL2.occupancy, 40, 2) * (state.age > 12 [h] ? 1 : 0)"),
                   0.02 / 60.0 * (0.0625 / (1600.0 + 0.0625)));
}

TEST_F(Parse, Reads_names_in_back_quotes_with_blanks_as_dots) {
  EXPECT_EQ(value("`CCL2 occupancy`"), 0.25);
  EXPECT_EQ(value("`  CCL2   occupancy `*2"), 0.5);
  EXPECT_EQ(value("`IFN\u03b3 level`"), 23.0);
  EXPECT_EQ(normalise_name(" CCL2\t occupancy "), "CCL2.occupancy");
  EXPECT_EQ(normalise_name(""), "");
}

TEST_F(Parse, Infers_dimensions) {
  EXPECT_EQ(dimension("c*r"), dim::concentration / dim::time);
  EXPECT_EQ(dimension("c/k"), dim::none);
  EXPECT_EQ(dimension("L^2/t"), dim::diffusivity);
  EXPECT_EQ(dimension("L^-3"), dim::none / dim::volume);
  EXPECT_EQ(dimension("sqrt(L*L)"), dim::length);
  EXPECT_EQ(dimension("root(3, L^3)"), dim::length);
  EXPECT_EQ(dimension("c + k - 3 [uM]"), dim::concentration);
  EXPECT_EQ(dimension("max(c, 0)"), dim::concentration);
  EXPECT_EQ(dimension("c > 0 ? c : 0"), dim::concentration);
  EXPECT_EQ(dimension("c < k"), dim::none);
  EXPECT_EQ(dimension("hill(c, k, 2)"), dim::none);
  EXPECT_EQ(dimension("-t"), dim::time);
  EXPECT_EQ(dimension("rem(t, 24 [h])"), dim::time);
  EXPECT_EQ(dimension("quotient(t, 24 [h])"), dim::none);
  EXPECT_EQ(dimension("exp(-r*t)*c"), dim::concentration);
  EXPECT_EQ(dimension("piecewise(c, t > 1 [h], k, t > 2 [h])"), dim::concentration);
}

TEST_F(Parse, Refuses_wrong_dimensions_at_the_offending_operand) {
  expect_error("c + t", "E2003", 5, 1);
  expect_error("state.age > 12", "E2003", 13, 2);
  expect_error("exp(c)", "E2003", 5, 1);
  expect_error("2 * sin(x + 1) * ln(L*r)", "E2003", 21, 3);
  expect_error("x ^ t", "E2003", 5, 1);
  expect_error("c ^ x", "E2003", 5, 1);
  expect_error("c^0.5", "E2003", 3, 3);
  expect_error("sqrt(L)", "E2003", 6, 1);
  expect_error("hill(c, 40, 2)", "E2003", 9, 2);
  expect_error("x > 1 ? c : t", "E2003", 13, 1);
  expect_error("c && 1", "E2003", 1, 1);
  expect_error("clamp(c, 0, 5)", "E2003", 13, 1);
  expect_error("if(t, 1, 2)", "E2003", 4, 1);
  expect_error("L^50*L^50", "E2003", 6, 4);
  EXPECT_NE(error("c + t").message().find("concentration"), std::string::npos);
  EXPECT_NE(error("c + t").message().find("time"), std::string::npos);
  EXPECT_NE(error("state.age > 12").remedies().at(0).find("[min]"), std::string::npos);
}

TEST_F(Parse, Skips_the_dimension_check_when_asked) {
  EXPECT_NO_THROW((void)parse("c + t*exp(L)", graph_, names_.scope(false)));
  EXPECT_TRUE(parse("c*c", graph_, names_.scope(false)).dimension.dimensionless());
}

TEST_F(Parse, Points_at_syntax_errors) {
  expect_error("", "E2001", 1, 1);
  expect_error("   ", "E2001", 4, 1);
  expect_error("1 +", "E2001", 4, 1);
  expect_error("1 + * 2", "E2001", 5, 1);
  expect_error("(1 + 2", "E2001", 7, 1);
  expect_error("1 + 2)", "E2001", 6, 1);
  expect_error("2x", "E2001", 2, 1);
  expect_error("x y", "E2001", 3, 1);
  expect_error("1..2", "E2001", 3, 1);
  expect_error("x @ y", "E2001", 3, 1);
  expect_error("x = y", "E2001", 3, 1);
  expect_error("x & y", "E2001", 3, 1);
  expect_error("`abc", "E2001", 1, 1);
  expect_error("``", "E2001", 1, 2);
  expect_error("12 [h", "E2001", 4, 1);
  expect_error("x [h]", "E2001", 3, 3);
  expect_error("x ? y", "E2001", 6, 1);
  expect_error("1 < x < 3", "E2001", 7, 1);
  expect_error("x == y == z", "E2001", 8, 2);
  expect_error("1e999", "E2001", 1, 5);
  expect_error("max(1, 2", "E2001", 9, 1);
  expect_error("\xc3\xa4", "E2001", 1, 1);
  expect_error(std::string("x\0y", 3), "E2001", 2, 1);
}

TEST_F(Parse, Places_unit_errors_in_the_whole_text) {
  expect_error("x + 12 [hours]", "E1001", 9, 5);
  expect_error("12 [um/parsec]", "E1001", 8, 6);
  expect_error("12 []", "E1002", 5, 1);
}

TEST_F(Parse, Names_the_nearest_known_name) {
  expect_error("x + CCL2.occupency", "E2002", 5, 14);
  EXPECT_NE(error("CCL2.occupency").remedies().at(0).find("CCL2.occupancy"), std::string::npos);
  expect_error("hil(x, 1, 2)", "E2002", 1, 3);
  EXPECT_NE(error("hil(x, 1, 2)").remedies().at(0).find("hill"), std::string::npos);
  EXPECT_NE(error("exp + 1").remedies().back().find("exp(x)"), std::string::npos);
}

TEST_F(Parse, Counts_the_arguments_of_functions) {
  expect_error("exp(1, 2)", "E2004", 1, 9);
  expect_error("1 + hill(x, 1)", "E2004", 5, 10);
  expect_error("exp()", "E2004", 1, 5);
  expect_error("max(1)", "E2004", 1, 6);
  expect_error("log(x)", "E2004", 1, 6);
  EXPECT_NE(error("log(x)").remedies().at(0).find("ln(x)"), std::string::npos);
}

TEST_F(Parse, Bounds_length_and_nesting) {
  const auto repeat = [](const std::string& part, int n) {
    std::string text;
    for (int i = 0; i < n; ++i) text += part;
    return text;
  };
  EXPECT_EQ(error(repeat("(", 100000)).code(), "E2005");
  EXPECT_EQ(error(repeat("(", 30000)).code(), "E2005");
  EXPECT_EQ(error(repeat("-", 30000) + "x").code(), "E2005");
  EXPECT_EQ(error(repeat("x^", 20000) + "x").code(), "E2005");
  EXPECT_EQ(error(repeat("x?x:", 15000) + "x").code(), "E2005");
  EXPECT_EQ(error(repeat("exp(", 15000)).code(), "E2005");
  EXPECT_EQ(value(repeat("(", 150) + "x" + repeat(")", 150)), 2.0);
  EXPECT_EQ(value(repeat("x+", 30000) + "x"), 60002.0);  // long, but not deep
}

TEST_F(Parse, Lets_a_name_of_the_scope_win_over_a_constant) {
  names_.add("pi", dim::none);
  EXPECT_EQ(value("pi", std::vector<double>(20, 4.0)), 4.0);
}

TEST_F(Parse, Gives_each_code_a_short_title_and_an_explanation) {
  for (const auto& code : error_codes) {
    EXPECT_EQ(std::string(code.code).substr(0, 2), "E2");
    const std::string title = code.title;
    EXPECT_LE(std::count(title.begin(), title.end(), ' '), 9) << title;
    EXPECT_GT(std::string(code.explanation).size(), 60U);
  }
  for (const auto& f : functions()) EXPECT_TRUE(is_plain_name(f.name)) << f.name;
}

RC_GTEST_PROP(ParseText, Any_text_parses_or_throws_an_error_of_the_table, ()) {
  static const char* pieces[] = {"x", "y", "1",     "2.5",  "(",   ")", "+", "-", "*",  "/",   "^", "?",
                                 ":", ",", "hill(", "exp(", "[h]", "`", " ", "<", "==", "and", "0", "!"};
  const auto picks = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, std::size(pieces)));
  std::string text;
  for (const auto p : picks) text += pieces[p];
  Graph g;
  const Names names(g);
  try {
    const Symbol s = parse(text, g, names.scope());
    RC_ASSERT(s.node >= 0);
  } catch (const Error& e) {
    RC_ASSERT(e.position().has_value());
    RC_ASSERT(e.position()->column >= 1 && e.position()->column <= static_cast<int>(text.size()) + 1);
  }
}

}  // namespace
}  // namespace senoma::expr
