#include "base/error.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error_codes.h"

namespace senoma {
namespace {

Error dose_error() {
  return Error("E1203", "value has the wrong dimension")
      .at({"fotemustine.toml", 31, 24, 8})
      .label("length; a dose is mass, mass per area or amount")
      .help("did you mean \"100 uM\" in a bath schedule?");
}

std::string dose_file() {
  std::string text;
  for (int i = 1; i < 31; ++i) text += "# line\n";
  return text + "schedule = [ { dose = \"100 um\", at = [\"0 d\"] } ]\nnext = 1\n";
}

TEST(Error, Is_rendered_as_the_user_guide_shows_it) {
  EXPECT_EQ(dose_error().render(dose_file()),
            "error[E1203]: value has the wrong dimension\n"
            "  --> fotemustine.toml:31:24\n"
            "31 | schedule = [ { dose = \"100 um\", at = [\"0 d\"] } ]\n"
            "   |                        ^^^^^^^^ length; a dose is mass, mass per area or amount\n"
            "   = help: did you mean \"100 uM\" in a bath schedule?\n"
            "   = see: senoma explain E1203");
}

TEST(Error, Underlines_the_right_letters_of_a_line_with_other_than_ASCII_letters) {
  const std::string text = "a = \"\u00b5\u00b5m\"  # \u03b3\nb = 1\n";
  const Error error = Error("E1001", "unknown unit").at({"f", 1, 5, 7});  // the quoted word has 7 bytes, 5 letters
  EXPECT_EQ(error.render(text),
            "error[E1001]: unknown unit\n  --> f:1:5\n1 | a = \"\u00b5\u00b5m\"  # \u03b3\n  |     ^^^^^\n   = see: "
            "senoma explain E1001");
}

TEST(Error, Without_the_text_still_says_where_and_what) {
  EXPECT_EQ(dose_error().render(),
            "error[E1203]: value has the wrong dimension\n"
            "  --> fotemustine.toml:31:24\n"
            "   | length; a dose is mass, mass per area or amount\n"
            "   = help: did you mean \"100 uM\" in a bath schedule?\n"
            "   = see: senoma explain E1203");
  EXPECT_EQ(Error("E9", "bad").render(), "error[E9]: bad\n   = see: senoma explain E9");
}

TEST(Error, Survives_places_outside_the_text) {
  for (const int line : {0, 5, 1000}) {
    for (const int column : {0, 1, 500}) {
      const std::string shown = Error("E1", "m").at({"f", line, column, 3}).render("one\r\ntwo\n");
      EXPECT_NE(shown.find("error[E1]: m"), std::string::npos);
    }
  }
  EXPECT_EQ(Error("E1", "m").at({"f", 1, 2, 1}).render("a\tb\r\nc"),
            "error[E1]: m\n  --> f:1:2\n1 | a b\n  |  ^\n   = see: senoma explain E1");
}

TEST(Error, Uses_colour_only_when_asked) {
  EXPECT_EQ(dose_error().render(dose_file(), false).find('\033'), std::string::npos);
  EXPECT_NE(dose_error().render(dose_file(), true).find("\033["), std::string::npos);
}

TEST(Error, Carries_its_parts_to_whoever_catches_it) {
  try {
    throw Error("E4001", "disk is full", ErrorKind::input_output).help("free some space").help("choose --out");
  } catch (const std::runtime_error& caught) {
    const auto& error = dynamic_cast<const Error&>(caught);
    EXPECT_EQ(error.code(), "E4001");
    EXPECT_EQ(static_cast<int>(error.kind()), 4);
    EXPECT_EQ(error.remedies().size(), 2U);
    EXPECT_STREQ(caught.what(), "[E4001] disk is full");
    EXPECT_FALSE(error.position());
  }
}

TEST(NearestName, Finds_typing_mistakes_and_keeps_silent_otherwise) {
  const std::vector<std::string> names = {"diffusion", "decay", "half_life", "k"};
  EXPECT_EQ(nearest_name("difusion", names), "diffusion");
  EXPECT_EQ(nearest_name("decya", names), "decay");
  EXPECT_EQ(nearest_name("halflife", names), "half_life");
  EXPECT_EQ(nearest_name("temperature", names), "");
  EXPECT_EQ(nearest_name("decay", names), "decay");
  EXPECT_EQ(nearest_name("anything", {}), "");
}

TEST(ErrorCodes, Of_this_room_have_short_titles_and_real_explanations) {
  for (const auto& code : base_codes::error_codes) {
    const std::string title = code.title;
    EXPECT_LE(std::count(title.begin(), title.end(), ' '), 9) << title;
    EXPECT_GT(std::string(code.explanation).size(), 60U) << code.code;
  }
}

}  // namespace
}  // namespace senoma
