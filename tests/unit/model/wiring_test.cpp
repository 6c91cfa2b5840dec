// The drawn network beside the equations: names that do not exist, edges that no equation has.
#include "model/wiring.h"

#include <gtest/gtest.h>

#include "catalogue.h"
#include "model/check.h"

namespace senoma::model::test {
namespace {

// x is fed by `drive`, y by w = 2 x (not drawn), z by nothing but itself.
const char* const sbml = R"XML(<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
  <model id="m">
    <listOfParameters>
      <parameter id="drive" value="1" constant="true"/>
      <parameter id="x" value="0" constant="false"/><parameter id="y" value="0" constant="false"/>
      <parameter id="z" value="0" constant="false"/><parameter id="w" value="0" constant="false"/>
    </listOfParameters>
    <listOfRules>
      <assignmentRule variable="w"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><cn>2</cn><ci>x</ci></apply></math></assignmentRule>
      <rateRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/><ci>drive</ci><ci>x</ci></apply></math></rateRule>
      <rateRule variable="y"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/><ci>w</ci><ci>y</ci></apply></math></rateRule>
      <rateRule variable="z"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/><cn>1</cn><ci>z</ci></apply></math></rateRule>
    </listOfRules>
  </model>
</sbml>
)XML";

const char* const drawing = R"TOML(
[network.n.node.X]
of = "x"
at = [0, 0]
[network.n.node.Y]
label = "the Y"
of = ["y"]
at = [1, 0]
[network.n.node.Z]
of = "z"
at = [2, 0]
[network.n.node.drug]
at = [0, 1]
[[network.n.edge]]
id = "E1"
from = "X"
to = "Y"
grade = "found"
source = "a paper"
[[network.n.edge]]
id = "E2"
from = "X"
to = "Z"
sign = "-"
[[network.n.edge]]
id = "E3"
from = "drug"
to = "X"
)TOML";

class Wirings : public ::testing::Test {
 protected:
  void SetUp() override { folder_.write("n.xml", sbml); }
  [[nodiscard]] static std::string with(const std::string& text) {
    return replaced(replaced(full_model(), "tumour = true\n\n", "tumour = true\nnetwork = \"n\"\n"), "[patient]",
                    "[network.n]\nfile = \"n.xml\"\n" + text + "\n[patient]");
  }
  [[nodiscard]] Wiring read(const std::string& text) const {
    return read_wirings(load(folder_.write("m.toml", with(text)), {}, mechanisms())).at(0);
  }
  [[nodiscard]] std::string refused(const std::string& text) const {
    try {
      static_cast<void>(read(text));
    } catch (const Error& error) {
      return error.code() + " " + error.message() + " line " +
             std::to_string(error.position() ? error.position()->line : 0);
    }
    return {};
  }
  Folder folder_;
};

TEST_F(Wirings, An_edge_is_supported_when_its_influence_is_in_the_equations) {
  const Wiring wiring = read(drawing);
  ASSERT_EQ(wiring.nodes.size(), 4U);
  EXPECT_EQ(wiring.nodes[1].label, "the Y");
  EXPECT_EQ(wiring.nodes[2].column, 2);
  ASSERT_EQ(wiring.edges.size(), 3U);
  EXPECT_TRUE(wiring.edges[0].supported);  // through w, which is not drawn
  EXPECT_EQ(wiring.edges[0].grade, "found");
  EXPECT_FALSE(wiring.edges[1].supported);
  EXPECT_TRUE(wiring.edges[1].inhibits);
  EXPECT_TRUE(wiring.edges[2].supported);  // from outside: nothing to compare with
}

TEST_F(Wirings, A_drawn_variable_ends_the_search) {
  // With w drawn as a node of its own, X reaches Y only through it.
  const Wiring wiring = read(std::string(drawing) + "[network.n.node.W]\nof = \"w\"\nat = [1, 1]\n");
  EXPECT_FALSE(wiring.edges[0].supported);
}

TEST_F(Wirings, Unknown_names_and_malformed_places_are_refused_with_their_line) {
  const std::string text = drawing;
  EXPECT_EQ(refused(replaced(text, "of = \"z\"", "of = \"zz\"")).substr(0, 5), "E1207");
  EXPECT_EQ(refused(replaced(text, "to = \"Z\"", "to = \"Q\"")).substr(0, 5), "E1206");
  EXPECT_EQ(refused(replaced(text, "at = [2, 0]", "at = [2]")).substr(0, 5), "E1202");
  EXPECT_EQ(refused(replaced(text, "at = [0, 1]\n", "")).substr(0, 5), "E1205");
  const std::string whole = with(replaced(text, "to = \"Z\"", "to = \"Q\""));
  EXPECT_NE(
      refused(replaced(text, "to = \"Z\"", "to = \"Q\"")).find("line " + std::to_string(line_of(whole, "to = \"Q\""))),
      std::string::npos);
}

TEST_F(Wirings, Check_warns_of_an_edge_that_no_equation_has) {
  const auto result = check(folder_.write("m.toml", with(drawing)), {}, mechanisms());
  ASSERT_TRUE(result.good());
  const auto warned = [&](const std::string& words) {
    return std::any_of(result.warnings.begin(), result.warnings.end(),
                       [&](const std::string& w) { return w.find(words) != std::string::npos; });
  };
  EXPECT_TRUE(warned("edge E2"));
  EXPECT_FALSE(warned("edge E1"));
}

}  // namespace
}  // namespace senoma::model::test
