#include "expr/graph.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "base/error.h"
#include "expr/functions.h"
#include "expr/parse.h"
#include "support.h"

namespace senoma::expr {
namespace {

using testing::every_operation;
using testing::Names;
using testing::random_graph;
using testing::same_bits;

TEST(Graph, Every_expression_exists_once) {
  Graph g;
  const NodeId x = g.variable(0), y = g.variable(1);
  EXPECT_EQ(g.add(x, y), g.add(y, x));
  EXPECT_EQ(g.mul(g.add(x, y), x), g.mul(x, g.add(y, x)));
  EXPECT_NE(g.sub(x, y), g.sub(y, x));
  EXPECT_EQ(g.constant(2.5), g.constant(2.5));
  EXPECT_NE(g.constant(0.0), g.constant(-0.0));
}

TEST(Graph, Folds_constants_and_exact_identities_but_never_hides_a_NaN) {
  Graph g;
  const NodeId x = g.variable(0), zero = g.constant(0.0), one = g.constant(1.0);
  EXPECT_EQ(g.node(g.mul(g.constant(3.0), g.constant(4.0))).value, 12.0);
  EXPECT_EQ(g.mul(x, one), x);
  EXPECT_EQ(g.add(zero, x), x);
  EXPECT_EQ(g.pow(x, one), x);
  EXPECT_EQ(g.div(x, one), x);
  EXPECT_EQ(g.make(Op::negate, g.make(Op::negate, x)), x);
  EXPECT_EQ(g.make(Op::select, one, x, zero), x);
  const NodeId product = g.mul(x, zero);
  EXPECT_FALSE(g.is_constant(product));
  const double nan = std::nan("");
  EXPECT_TRUE(std::isnan(evaluate(g, product, {&nan, 1})));
}

TEST(Graph, Reports_the_variables_a_root_depends_on) {
  Graph g;
  const NodeId root = g.add(g.mul(g.variable(5), g.variable(2)), g.variable(2));
  EXPECT_EQ(g.variables({&root, 1}), (std::vector<std::int32_t>{2, 5}));
  EXPECT_TRUE(g.depends_on(root, 5));
  EXPECT_FALSE(g.depends_on(root, 3));
}

TEST(Graph, Substitutes_variables_all_at_once) {
  Graph g;
  const NodeId x = g.variable(0), y = g.variable(1);
  const NodeId root = g.sub(g.mul(x, x), y);
  const NodeId swapped = g.substitute(root, [&](std::int32_t slot) { return slot == 0 ? y : x; });
  EXPECT_EQ(swapped, g.sub(g.mul(y, y), x));
  EXPECT_EQ(g.substitute(root, [](std::int32_t) { return NodeId{-1}; }), root);
}

double value_of(Graph& g, NodeId root, std::vector<double> v) { return evaluate(g, root, v); }

TEST(Derivative, Is_exact_for_every_smooth_function) {
  const char* functions[] = {"exp(x)",
                             "ln(x)",
                             "log10(x)",
                             "log(3, x)",
                             "sqrt(x)",
                             "sin(x)",
                             "cos(x)",
                             "tan(x)",
                             "sec(x)",
                             "csc(x)",
                             "cot(x)",
                             "sinh(x)",
                             "cosh(x)",
                             "tanh(x)",
                             "sech(x)",
                             "csch(x)",
                             "coth(x)",
                             "arcsin(x)",
                             "arccos(x)",
                             "arctan(x)",
                             "arcsec(1 + x)",
                             "arccsc(1 + x)",
                             "arccot(x)",
                             "arcsinh(x)",
                             "arccosh(1 + x)",
                             "arctanh(x)",
                             "arcsech(x)",
                             "arccsch(x)",
                             "arccoth(1 + x)",
                             "x^2",
                             "x^-3",
                             "x^2.5",
                             "2.5^x",
                             "x^x",
                             "y^(x*y)",
                             "root(3, x)",
                             "x/(x + y)",
                             "(x - y)/(x*x + 1)",
                             "-x*y",
                             "abs(y - x)",
                             "min(x, y)",
                             "max(x, x*y)",
                             "x > 0.2 ? x^2 : x",
                             "x > 0.9 ? x^2 : x^3",
                             "hill(x, 0.5, 1)",
                             "hill(x, 0.5, 2)",
                             "hill(x, 0.5, 3.7)",
                             "hill(x, y, 2 + x)",
                             "hill(0.2, x, 3)",
                             "clamp(x, 0.1, 0.9)",
                             "clamp(x, 0.6, 0.9)",
                             "rem(5*x, y)",
                             "(7*x) % y",
                             "piecewise(x^2, x < 0.3, x^3)",
                             "exp(-x^2/(2*y))*sin(3*x)"};
  double worst = 0.0;
  for (const char* text : functions) {
    Graph g;
    const Names names(g);
    const NodeId root = parse(text, g, names.scope()).node, d = g.derivative(root, 0);
    for (const double x : {0.31, 0.43, 0.77}) {
      const double y = 1.7, h = 1e-3;
      const auto at = [&](double v) { return value_of(g, root, {v, y, 0.0}); };
      // Fourth-order central difference.
      const double difference = (8.0 * (at(x + h) - at(x - h)) - (at(x + 2 * h) - at(x - 2 * h))) / (12.0 * h);
      const double exact = value_of(g, d, {x, y, 0.0});
      const double error = std::fabs(exact - difference) / std::max(1.0, std::fabs(exact));
      worst = std::max(worst, error);
      EXPECT_LT(error, 2e-8) << "d/dx " << text << " at " << x << ": " << exact << ", difference " << difference;
    }
  }
  std::printf("  largest relative deviation from central differences %.2g\n", worst);
}

TEST(Derivative, Of_piecewise_constant_functions_is_zero) {
  for (const char* text : {"floor(x)", "ceil(x)", "sign(x)", "quotient(x, y)", "x < y", "x == y", "x > 0 && y > 0",
                           "!x", "factorial(x)", "z"}) {
    Graph g;
    const Names names(g);
    EXPECT_EQ(g.derivative(parse(text, g, names.scope()).node, 0), g.constant(0.0)) << text;
  }
}

TEST(Derivative, Of_powers_is_right_at_zero) {
  const auto at_zero = [](const char* text, double y) {
    Graph g;
    const Names names(g);
    return value_of(g, g.derivative(parse(text, g, names.scope()).node, 0), {0.0, y, 0.0});
  };
  EXPECT_EQ(at_zero("x^1", 0.0), 1.0);
  EXPECT_EQ(at_zero("x^2", 0.0), 0.0);
  EXPECT_EQ(at_zero("x^2.5", 0.0), 0.0);
  EXPECT_EQ(at_zero("x^0", 0.0), 0.0);
  EXPECT_EQ(at_zero("x^y", 1.0), 1.0);
  EXPECT_EQ(at_zero("x^y", 2.0), 0.0);
  EXPECT_EQ(at_zero("x^y", 0.0), 0.0);
  EXPECT_EQ(at_zero("y^x", 0.0), 0.0);  // 0^x·ln 0: the guard
  EXPECT_EQ(at_zero("abs(x)", 0.0), 0.0);
  EXPECT_EQ(at_zero("sqrt(x)", 0.0), INFINITY);
}

TEST(Hill, Has_finite_value_and_derivatives_everywhere) {
  Graph g;
  const NodeId x = g.variable(0), k = g.variable(1), n = g.variable(2);
  for (const double exponent : {0.5, 1.0, 1.5, 2.0, 4.0, 12.0}) {
    for (const NodeId n_node : {g.constant(exponent), n}) {
      const NodeId h = hill(g, x, k, n_node);
      for (const double at : {-5.0, -0.0, 0.0, 1e-300, 1e-80, 1e-9, 0.5, 2.0, 3.0, 1e9, 1e80, 1e300}) {
        const std::vector<double> v = {at, 2.0, exponent};
        const double value = evaluate(g, h, v), dx = evaluate(g, g.derivative(h, 0), v),
                     dk = evaluate(g, g.derivative(h, 1), v);
        const double dn = evaluate(g, g.derivative(h, 2), v);
        EXPECT_TRUE(value >= 0.0 && value <= 1.0) << "hill(" << at << ", 2, " << exponent << ") = " << value;
        EXPECT_TRUE(std::isfinite(dx) && std::isfinite(dk) && std::isfinite(dn))
            << at << " " << exponent << ": " << dx << " " << dk << " " << dn;
        if (at <= 0.0) {
          EXPECT_EQ(value, 0.0);
        }
        if (at > 1e-9 && at < 1e9) {
          const double p = std::pow(at, exponent), q = std::pow(2.0, exponent);
          EXPECT_NEAR(value, p / (p + q), 1e-14);
          EXPECT_NEAR(dx, exponent * std::pow(at, exponent - 1) * q / ((p + q) * (p + q)), 1e-12);
        }
      }
    }
  }
  const std::vector<double> zero = {0.0, 2.0, 1.0}, nan = {std::nan(""), 2.0, 3.0};
  EXPECT_EQ(evaluate(g, g.derivative(hill(g, x, k, g.constant(1.0)), 0), zero), 0.5);
  EXPECT_EQ(evaluate(g, g.derivative(hill(g, x, k, n), 0), zero), 0.5);
  EXPECT_TRUE(std::isnan(evaluate(g, hill(g, x, k, n), nan)));
}

TEST(Derivative, Of_a_branch_not_taken_does_no_harm) {
  Graph g;
  const Names names(g);
  const NodeId root = parse("x > 0 ? x*ln(x) : 0", g, names.scope()).node;
  EXPECT_EQ(value_of(g, root, {0.0, 0.0, 0.0}), 0.0);
  EXPECT_EQ(value_of(g, g.derivative(root, 0), {0.0, 0.0, 0.0}), 0.0);
  EXPECT_EQ(value_of(g, g.derivative(root, 0), {-1.0, 0.0, 0.0}), 0.0);
}

RC_GTEST_PROP(Derivative, Agrees_with_central_differences_on_random_smooth_graphs, ()) {
  static const std::vector<Op> smooth = {Op::add,  Op::subtract, Op::multiply, Op::sin,   Op::cos,
                                         Op::tanh, Op::arctan,   Op::arcsinh,  Op::negate};
  std::mt19937_64 engine(*rc::gen::arbitrary<std::uint64_t>());
  Graph g;
  const auto nodes = random_graph(g, engine, 15, 3, smooth);
  const NodeId root = g.make(Op::tanh, nodes.back()), d = g.derivative(root, 0);
  const double x = 0.6, h = 1e-4;
  const auto at = [&](double v) { return value_of(g, root, {v, 0.3, -0.8}); };
  const double first = (at(x + h) - at(x - h)) / (2 * h), second = (at(x + 2 * h) - at(x - 2 * h)) / (4 * h);
  const double exact = value_of(g, d, {x, 0.3, -0.8});
  // Their difference estimates the truncation error (h² term), so a stiff random function cannot fail by chance.
  RC_ASSERT(std::fabs(exact - first) <= 1e-6 + 1e-6 * std::fabs(exact) + 2.0 * std::fabs(first - second));
}

RC_GTEST_PROP(ToString, Is_parsed_back_to_the_same_value, ()) {
  std::mt19937_64 engine(*rc::gen::arbitrary<std::uint64_t>());
  Graph g;
  const Names names(g);
  const auto nodes = random_graph(g, engine, 14, 3, every_operation());
  const std::string text = g.to_string(nodes.back(), [&](std::int32_t slot) { return names.name(slot); });
  RC_PRE(text.size() < 5000U);
  const NodeId back = parse(text, g, names.scope(false)).node;
  for (const std::vector<double>& v : {std::vector<double>{0.3, 1.5, -2.0}, {-1.0, 0.0, 4.0}, {2.0, 3.0, 1.0}}) {
    if (!same_bits(evaluate(g, nodes.back(), v), evaluate(g, back, v))) RC_FAIL(text);
  }
}

TEST(ToString, Uses_few_parentheses_and_quotes_odd_names) {
  Graph g;
  Names names(g);
  names.add("IFN\u03b3", dim::none);
  const auto round_trip = [&](const char* text) {
    return g.to_string(parse(text, g, names.scope()).node, [&](std::int32_t slot) { return names.name(slot); });
  };
  EXPECT_EQ(round_trip("x+y*z"), "x + y*z");
  EXPECT_EQ(round_trip("(x + y) * z"), "z*(x + y)");
  EXPECT_EQ(round_trip("x-(y-z)"), "x - (y - z)");
  EXPECT_EQ(round_trip("(x^y)^z"), "(x^y)^z");
  EXPECT_EQ(round_trip("x^y^z"), "x^y^z");
  EXPECT_EQ(round_trip("x^-3"), "x^(-3)");
  EXPECT_EQ(round_trip("-x^y"), "-x^y");
  EXPECT_EQ(round_trip("x > 1 and y < 2 ? exp(x) : 0.1"), "if(x > 1 && y < 2, exp(x), 0.1)");
  EXPECT_EQ(round_trip("`IFN\u03b3`/x"), "`IFN\u03b3`/x");
}

TEST(ToString, Refuses_to_write_a_text_that_explodes) {
  Graph g;
  NodeId x = g.variable(0);
  for (int i = 0; i < 64; ++i) x = g.make(Op::minimum, x, g.add(x, g.constant(i)));
  try {
    (void)g.to_string(x, [](std::int32_t) { return std::string("x"); });
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E2005");
  }
}

}  // namespace
}  // namespace senoma::expr
