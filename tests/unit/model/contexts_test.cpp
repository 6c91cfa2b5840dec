#include "model/contexts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A folder with the full model in experiments/ and four contexts beside it.
void write_all(const Folder& folder) {
  folder.write("experiments/m.toml", full_model());
  folder.write("contexts/slow.toml",
               "[context]\ntitle = \"Slow cells\"\ngroup = \"motion\"\n"
               "[cell.melanoma.motility]\nspeed = \"0.25 um/min\"\n");
  folder.write("contexts/fast.toml",
               "[context]\ntitle = \"Fast cells\"\ngroup = \"motion\"\n"
               "[cell.melanoma.motility]\nspeed = \"2 um/min\"\n");
  folder.write("contexts/hungry.toml",
               "[context]\ntitle = \"Hungry cells\"\ngroup = \"metabolism\"\n"
               "set = { \"cell.melanoma.rule[invasion].half\" = 0.2 }\n"
               "[[context.add.intervention]]\nknock_out = \"CCL2\"\n"
               "[cell.melanoma.uptake]\noxygen = \"400 um^3/min\"\n"
               "[cell.melanoma.motility]\nspeed = \"0.75 um/min\"\n");
  folder.write("contexts/notes.toml", "a = 1\n");
}

LoadOptions in(std::vector<std::string> contexts) {
  LoadOptions options;
  options.contexts = std::move(contexts);
  return options;
}

ResolvedModel loaded(const Folder& folder, const LoadOptions& options, const std::string& text = {}) {
  if (!text.empty()) folder.write("experiments/m.toml", text);
  std::map<std::string, std::string> sources;
  try {
    return load(folder.path("experiments/m.toml"), options, mechanisms(), &sources);
  } catch (const Error& error) {
    ADD_FAILURE() << render(error, sources);
    throw;
  }
}

std::string refused(const Folder& folder, const LoadOptions& options, const std::string& text = {}) {
  if (!text.empty()) folder.write("experiments/m.toml", text);
  std::map<std::string, std::string> sources;
  try {
    static_cast<void>(load(folder.path("experiments/m.toml"), options, mechanisms(), &sources));
  } catch (const Error& error) {
    return render(error, sources);
  }
  return {};
}

double speed(const ResolvedModel& m) { return m.description.cell_types[0].parameters.at("motility.speed"); }

TEST(Contexts, Are_found_beside_the_model_and_above_it_and_what_is_none_is_left_out) {
  const Folder folder;
  write_all(folder);
  folder.write("experiments/contexts/slow.toml", "[context]\ntitle = \"Nearer\"\n");
  std::vector<std::string> names;
  for (const auto& c : list_contexts(folder.path("experiments/m.toml"))) names.push_back(c.name + ": " + c.title);
  EXPECT_THAT(names, ElementsAre("fast: Fast cells", "hungry: Hungry cells", "slow: Nearer"));
  // An experiment elsewhere reaches the contexts of the model it extends.
  const Folder other;
  const auto file = other.write("far.toml", "extends = \"" + folder.path("experiments/m.toml") + "\"\n");
  EXPECT_EQ(load(file, in({"hungry"}), mechanisms()).resolved.contexts.at(0).title, "Hungry cells");
}

TEST(Contexts, Compose_in_order_after_the_profile_and_before_the_arm_and_overrides) {
  const Folder folder;
  write_all(folder);
  EXPECT_EQ(speed(loaded(folder, in({"slow"}))), 0.25);
  EXPECT_EQ(speed(loaded(folder, in({"slow", "hungry"}))), 0.75);
  EXPECT_EQ(speed(loaded(folder, in({"hungry", "slow"}))), 0.25);
  EXPECT_EQ(speed(loaded(folder, {"", "slow", {}, {"hungry"}})), 0.1) << "what the arm sets wins";
  EXPECT_EQ(speed(loaded(folder, {"", "", {"cell.melanoma.motility.speed=\"3 um/min\""}, {"slow"}})), 3);
  const auto hungry = loaded(folder, in({"hungry"}));
  EXPECT_EQ(hungry.description.interventions.size(), 2U) << "add keeps the model's own";
  EXPECT_EQ(hungry.description.cell_types[0].rules[0].half, 0.2);
}

TEST(Contexts, Of_the_experiment_and_of_the_arm_hold_without_being_asked_for) {
  const Folder folder;
  write_all(folder);
  auto text = replaced(full_model(), "seeds = 4", "seeds = 4\ncontexts = [\"hungry\"]");
  text = replaced(text, "name = \"control\"", "name = \"control\"\ncontexts = [\"fast\"]");
  EXPECT_EQ(speed(loaded(folder, {}, text)), 0.75);
  const auto arm = loaded(folder, {"", "control", {}}, text);
  EXPECT_EQ(speed(arm), 2);
  ASSERT_EQ(arm.resolved.contexts.size(), 2U);
  EXPECT_EQ(arm.resolved.contexts[0].name, "hungry");
  EXPECT_EQ(loaded(folder, {"", "control", {}, {"hungry"}}, text).hash, arm.hash) << "once is enough";
}

TEST(Contexts, Are_part_of_the_hash_and_named_in_the_resolved_model_which_loads_to_the_same) {
  const Folder folder;
  write_all(folder);
  const auto plain = loaded(folder, {});
  const auto slow = loaded(folder, in({"slow", "hungry"}));
  EXPECT_NE(slow.hash, plain.hash);
  const std::string text = resolved_toml(slow, mechanisms());
  EXPECT_THAT(text, HasSubstr("# Context: slow (Slow cells)"));
  EXPECT_THAT(text, HasSubstr("contexts/hungry.toml:10 (context hungry)"));
  EXPECT_THAT(text, HasSubstr("  [context hungry]"));
  const Folder elsewhere;
  const auto again = load(elsewhere.write("m.toml", text), {}, mechanisms());
  EXPECT_EQ(again.hash, slow.hash);
}

TEST(Contexts, Two_of_one_group_are_refused_with_both_names) {
  const Folder folder;
  write_all(folder);
  const auto error = refused(folder, in({"slow", "fast"}));
  EXPECT_THAT(error, HasSubstr("error[E1113]"));
  EXPECT_THAT(error, HasSubstr("'slow' (Slow cells) and 'fast' (Fast cells)"));
  EXPECT_THAT(error, HasSubstr("'motion'"));
}

TEST(Contexts, An_unknown_name_lists_the_nearest_and_all) {
  const Folder folder;
  write_all(folder);
  const auto error = refused(folder, in({"hungri"}));
  EXPECT_THAT(error, HasSubstr("error[E1112]"));
  EXPECT_THAT(error, HasSubstr("did you mean 'hungry'?"));
  EXPECT_THAT(error, HasSubstr("it has: fast, hungry, slow"));
  const auto in_file = refused(folder, {}, replaced(full_model(), "seeds = 4", "seeds = 4\ncontexts = [\"absent\"]"));
  EXPECT_THAT(in_file, HasSubstr("m.toml:" + std::to_string(line_of(full_model(), "seeds = 4") + 1)));
}

TEST(Contexts, Malformed_ones_are_refused_with_their_place) {
  const Folder folder;
  write_all(folder);
  folder.write("contexts/a.toml", "[context]\ngroup = \"x\"\n");
  EXPECT_THAT(refused(folder, in({"a"})), HasSubstr("has no title"));
  folder.write("contexts/a.toml", "[context]\ntitle = \"x\"\ngruop = \"x\"\n");
  EXPECT_THAT(refused(folder, in({"a"})), ::testing::AllOf(HasSubstr("a.toml:3:1"), HasSubstr("'group'")));
  folder.write("contexts/a.toml", "[context]\ntitle = \"x\"\n[[arm]]\nname = \"x\"\n");
  EXPECT_THAT(refused(folder, in({"a"})), HasSubstr("a context has no 'arm'"));
  folder.write("contexts/a.toml", "[context]\ntitle = \"x\"\n[cell.melanoma]\nspede = 1\n");
  EXPECT_THAT(refused(folder, in({"a"})), ::testing::AllOf(HasSubstr("E1201"), HasSubstr("a.toml:4")));
  EXPECT_THAT(refused(folder, {"", "", {"experiment.contexts=[\"slow\"]"}}), HasSubstr("error[E1114]"));
  EXPECT_THAT(refused(folder, {}, "[context]\ntitle = \"x\"\n"), HasSubstr("senoma run EXPERIMENT --context m"));
}

}  // namespace
}  // namespace senoma::model::test
