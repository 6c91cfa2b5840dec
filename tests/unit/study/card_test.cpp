#include "study/card.h"

#include <gtest/gtest.h>

#include "mechanisms/catalogue.h"
#include "tiny_model.h"

namespace senoma::study::test {
namespace {

results::ReportDocument card() {
  const std::string text = std::string(tiny_model()) + R"TOML(
[parameters]
known = { value = 1, source = "a paper", grade = "found" }
guessed = { value = 2, source = "a guess", grade = "assumption", prior = "uniform(1, 3)" }
)TOML";
  return model_card(model::load_text(text, "tiny.toml", {}, mechanisms::catalogue()));
}

TEST(Model_card, Counts_numbers_by_part_and_grade) {
  const auto document = card();
  const auto& blocks = document.sections.at(0).blocks;
  const auto& table = std::get<results::ReportTable>(blocks.at(1));
  const auto row =
      std::find_if(table.rows.begin(), table.rows.end(), [](const auto& r) { return r[0] == "parameters"; });
  ASSERT_NE(row, table.rows.end());
  EXPECT_EQ(*row, (std::vector<std::string>{"parameters", "2", "1", "", "", "", "1", "", ""}));
}

TEST(Model_card, Lists_every_number_with_prior_source_and_place) {
  const std::string json = results::report_json(card());
  const std::string row = R"_(["guessed","2","assumption","uniform(1, 3)","parameters","a guess|tiny.toml:)_";
  EXPECT_NE(json.find(row), std::string::npos);
  EXPECT_NE(json.find(R"("substrates: )"), std::string::npos);
  EXPECT_EQ(json.find(R"(["time.step")"), std::string::npos);  // the run's own numbers are not biology
}

TEST(Model_card, Says_who_makes_and_senses_each_substance) {
  const auto document = card();
  const auto section = std::find_if(document.sections.begin(), document.sections.end(),
                                    [](const auto& s) { return s.title == "Substances"; });
  ASSERT_NE(section, document.sections.end());
  const auto& row = std::get<results::ReportTable>(section->blocks.at(0)).rows.at(0);
  EXPECT_EQ(row[0], "CCL2");
  EXPECT_EQ(row[5], "melanoma");  // made by
  EXPECT_EQ(row[6], "");          // no rule of the tiny model reads it
}

}  // namespace
}  // namespace senoma::study::test
