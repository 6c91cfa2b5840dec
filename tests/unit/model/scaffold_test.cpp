#include "model/scaffold.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "catalogue.h"
#include "mechanisms/catalogue.h"
#include "model/check.h"

namespace senoma::model::test {
namespace {

const std::string models = std::string(SENOMA_SOURCE_DIR) + "/models";

TEST(Scaffold, Writes_a_model_that_checks_with_all_its_arms_and_profiles) {
  Folder folder;
  const auto files = scaffold(folder.path("mine"), models);
  EXPECT_EQ(files, (std::vector<std::string>{"README.md", "model.toml"}));
  const auto result = check(folder.path("mine/model.toml"), {}, mechanisms::catalogue());
  for (const auto& error : result.errors) ADD_FAILURE() << render(error, result.sources);
  EXPECT_EQ(result.variants, (std::vector<std::string>{"the model", "arm untreated", "arm treated", "profile quick"}));
  EXPECT_TRUE(result.warnings.empty() || result.warnings.size() == 1) << result.warnings.size();
  std::printf("%s", result.text.c_str());
}

TEST(Scaffold, Gives_every_number_a_source_and_a_grade_where_it_is_biology) {
  const auto model = load(models + "/templates/teaching/model.toml", {}, mechanisms::catalogue());
  for (const auto& p : model.parameters) {
    const bool biology = p.key.starts_with("substrates.") || p.key.starts_with("parameters.") ||
                         p.key.starts_with("drug.") ||
                         (p.key.starts_with("cell.") && p.key.find(".initial") == std::string::npos &&
                          p.key.find(".state.") == std::string::npos);
    EXPECT_FALSE(biology && (p.source.empty() || p.grade.empty())) << p.key;
  }
}

TEST(Scaffold, Never_writes_into_a_folder_with_something_in_it) {
  Folder folder;
  folder.write("mine/notes.txt", "mine");
  try {
    static_cast<void>(scaffold(folder.path("mine"), models));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E1215");
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path("mine/model.toml")));
  EXPECT_THROW(static_cast<void>(scaffold(folder.path("x"), "")), Error);
}

TEST(Examples, Are_listed_with_ids_titles_and_paths) {
  Folder folder;
  folder.write("models/a/model.toml", "[model]\ntitle = \"A model\"\n");
  folder.write("models/a/experiments/relapse.toml",
               "extends = \"../model.toml\"\n[experiment]\ntitle = \"It comes back\"\nquestion = \"Why?\"\n");
  folder.write("models/b/model.toml", "not toml");
  folder.write("models/templates/t/model.toml", "[model]\ntitle = \"T\"\n");
  const auto examples = list_examples(folder.path("models"));
  ASSERT_EQ(examples.size(), 3U);
  EXPECT_EQ(examples[0].id, "a");
  EXPECT_EQ(examples[0].title, "A model");
  EXPECT_EQ(examples[1].id, "a/relapse");
  EXPECT_EQ(examples[1].title, "It comes back");
  EXPECT_EQ(examples[1].description, "Why?");
  EXPECT_TRUE(examples[2].title.starts_with("(unreadable: not TOML"));
  EXPECT_EQ(find_example(folder.path("models"), "relapse").id, "a/relapse");
  try {
    static_cast<void>(find_example(folder.path("models"), "a/relaps"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E1216");
    EXPECT_EQ(error.remedies()[0], "did you mean 'a/relapse'?");
  }
}

TEST(Examples, Are_found_through_the_environment) {
  Folder folder;
  folder.write("here/x", "");
  ::setenv("SENOMA_MODELS", folder.path("here").c_str(), 1);
  EXPECT_EQ(find_models_folder(), folder.path("here"));
  ::setenv("SENOMA_MODELS", folder.path("absent").c_str(), 1);
  EXPECT_EQ(find_models_folder(), "");
  ::unsetenv("SENOMA_MODELS");
}

}  // namespace
}  // namespace senoma::model::test
