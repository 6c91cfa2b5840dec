#include "base/units.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace senoma {
namespace {

struct Row {
  const char* text;
  double value;
  Dimension dimension;
};

TEST(Units, Are_converted_to_internal_ones) {
  const Dimension per_area = dim::mass / dim::area;
  const Row rows[] = {{"um", 1, dim::length},
                      {"mm", 1e3, dim::length},
                      {"cm", 1e4, dim::length},
                      {"nm", 1e-3, dim::length},
                      {"\u00b5m", 1, dim::length},
                      {"\u03bcm", 1, dim::length},
                      {"s", 1.0 / 60, dim::time},
                      {"min", 1, dim::time},
                      {"h", 60, dim::time},
                      {"d", 1440, dim::time},
                      {"ms", 1e-3 / 60, dim::time},
                      {"week", 10080, dim::time},
                      {"1/h", 1.0 / 60, dim::rate},
                      {"/min", 1, dim::rate},
                      {"um^2/min", 1, dim::diffusivity},
                      {"um\u00b2/min", 1, dim::diffusivity},
                      {"cm^2/s", 6e9, dim::diffusivity},
                      {"m min^-1", 1e6, dim::speed},
                      {"um\u00b7min^-1", 1, dim::speed},
                      {"um*um*um", 1, dim::volume},
                      {"um\u00b3", 1, dim::volume},
                      {"nM", 1, dim::concentration},
                      {"uM", 1e3, dim::concentration},
                      {"mM", 1e6, dim::concentration},
                      {"pM", 1e-3, dim::concentration},
                      {"M", 1e9, dim::concentration},
                      {"molecules", 1, dim::amount},
                      {"mol", 6.02214076e23, dim::amount},
                      {"pg", 1, dim::mass},
                      {"mg", 1e9, dim::mass},
                      {"kg", 1e15, dim::mass},
                      {"mg/m^2", 1e-3, per_area},
                      {"pg/mL", 1e-12, dim::mass / dim::volume},
                      {"L", 1e15, dim::volume},
                      {"mL", 1e12, dim::volume},
                      {"mL/min/kg", 1e-3, dim::clearance / dim::mass},
                      {"mmHg", 1, dim::pressure},
                      {"kPa", 1e3 / 133.322387415, dim::pressure},
                      {"nN", 1, Dimension::of(Dimension::force)},
                      {"Gy", 1, Dimension::of(Dimension::radiation)},
                      {"K", 1, Dimension::of(Dimension::temperature)},
                      {"%", 0.01, dim::none},
                      {"1", 1, dim::none},
                      {"cells/mm^2", 1e-6, dim::none / dim::area},
                      {"1/nM/min", 1, dim::rate / dim::concentration},
                      {"kDa", 1e15 / 6.02214076e23, dim::mass}};
  for (const auto& row : rows) {
    const Quantity q = parse_unit(row.text);
    EXPECT_NEAR(q.value / row.value, 1.0, 1e-14) << row.text;
    EXPECT_EQ(q.dimension, row.dimension) << row.text << " is " << describe(q.dimension);
  }
}

TEST(Units, Stand_after_numbers) {
  EXPECT_EQ(parse_quantity("1500 um^2/min").value, 1500.0);
  EXPECT_EQ(parse_quantity(" -3e-4 /min").value, -3e-4);
  EXPECT_EQ(parse_quantity("+2 h").value, 120.0);
  EXPECT_EQ(parse_quantity("50 %").value, 0.5);
  EXPECT_EQ(parse_quantity("50%").value, 0.5);
  EXPECT_EQ(parse_quantity("0.4").dimension, dim::none);
  EXPECT_EQ(parse_quantity("0.4  ").value, 0.4);
  EXPECT_EQ(parse_quantity("7d").value, 7.0 * 1440);
}

void expect_error(const std::function<void()>& call, const std::string& code, int column, int length,
                  const std::string& text) {
  try {
    call();
    ADD_FAILURE() << "no error for '" << text << "'";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << text << ": " << error.what();
    ASSERT_TRUE(error.position()) << text;
    EXPECT_EQ(error.position()->column, column) << text;
    EXPECT_EQ(error.position()->length, length) << text;
  }
}

TEST(Units, That_are_wrong_are_refused_with_their_place) {
  const auto unit = [](const std::string& text, const std::string& code, int column, int length) {
    expect_error([&] { (void)parse_unit(text); }, code, column, length, text);
  };
  unit("furlong", "E1001", 1, 7);
  unit("um/fortnight", "E1001", 4, 9);
  unit("MIN", "E1001", 1, 3);
  unit("kmin", "E1001", 1, 4);
  unit("", "E1002", 1, 1);
  unit("um/", "E1002", 4, 1);
  unit("um^", "E1002", 4, 1);
  unit("um^12", "E1002", 5, 1);
  unit("um//min", "E1002", 4, 1);
  unit("(um)", "E1002", 1, 1);
  const auto quantity = [](const std::string& text, const std::string& code, int column, int length) {
    expect_error([&] { (void)parse_quantity(text); }, code, column, length, text);
  };
  quantity("fast", "E1003", 1, 4);
  quantity("", "E1003", 1, 0);
  quantity("inf um", "E1003", 1, 6);
  quantity("nan", "E1003", 1, 3);
  quantity("1e999 um", "E1003", 1, 8);
  quantity("12 furlong/h", "E1001", 4, 7);
  quantity("12 um/", "E1002", 7, 1);
}

TEST(Units, That_are_mistyped_get_a_suggestion) {
  try {
    (void)parse_quantity("3 mmhg");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.remedies().at(0).find("mmHg"), std::string::npos);
  }
}

TEST(Units, Convert_amount_per_volume_to_concentration_where_one_is_expected) {
  EXPECT_NEAR(convert_to(parse_quantity("1 mol/L"), dim::concentration), 1e9, 1e-3);
  EXPECT_NEAR(convert_to(parse_quantity("1 umol/L"), dim::concentration), 1e3, 1e-9);
  EXPECT_NEAR(convert_to(parse_quantity("0.602214076 molecules/um^3"), dim::concentration), 1.0, 1e-14);
  EXPECT_NEAR(convert_to(parse_quantity("2 L/mol/s"), dim::rate / dim::concentration), 2e-9 * 60, 1e-20);
  EXPECT_EQ(convert_to(parse_quantity("5 nM"), dim::concentration), 5.0);
}

TEST(Units, Of_another_dimension_are_refused_showing_both) {
  try {
    (void)convert_to(parse_quantity("100 um"), dim::mass);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E1203");
    EXPECT_NE(error.message().find("length"), std::string::npos);
    EXPECT_NE(error.message().find("mass"), std::string::npos);
    EXPECT_NE(error.remedies().at(0).find("pg"), std::string::npos);
  }
  EXPECT_THROW((void)convert_to(parse_quantity("3"), dim::time), Error);
  EXPECT_THROW((void)convert_to(parse_quantity("3 nM"), dim::amount), Error);
}

TEST(Units, Are_described_in_words_and_as_internal_text) {
  EXPECT_EQ(describe(dim::diffusivity), "length\u00b2/time");
  EXPECT_EQ(describe(dim::none), "dimensionless");
  EXPECT_EQ(describe(dim::rate), "1/time");
  EXPECT_EQ(describe(dim::rate / dim::concentration), "1/time/concentration");
  EXPECT_EQ(internal_unit(dim::diffusivity), "um^2/min");
  EXPECT_EQ(internal_unit(dim::none), "1");
  EXPECT_EQ(in_unit(1440.0, "d"), 1.0);
  EXPECT_DOUBLE_EQ(in_unit(1.0, "nm"), 1000.0);
}

RC_GTEST_PROP(UnitsRoundTrip, The_internal_unit_of_a_dimension_reads_back_as_that_dimension, ()) {
  Dimension d;
  for (auto& e : d.exponent) e = static_cast<signed char>(*rc::gen::inRange(-3, 4));
  const Quantity q = parse_unit(internal_unit(d));
  RC_ASSERT(q.dimension == d);
  RC_ASSERT(q.value == 1.0);
}

RC_GTEST_PROP(UnitsRoundTrip, Any_text_is_read_or_refused_with_an_error_of_the_table, (const std::string& text)) {
  try {
    (void)parse_quantity("1 " + text);
  } catch (const Error& error) {
    RC_ASSERT(error.code() == "E1001" || error.code() == "E1002" || error.code() == "E1003");
  }
}

}  // namespace
}  // namespace senoma
