// Who makes and senses what; what `senoma check` says of loose ends and of numbers without a source.
#include "model/roles.h"

#include <gtest/gtest.h>

#include "catalogue.h"
#include "model/check.h"
#include "model/provenance.h"

namespace senoma::model::test {
namespace {

engine::Description described(const std::string& text) {
  const Folder folder;
  return load(folder.write("m.toml", text), {}, mechanisms()).description;
}

bool says(const std::vector<std::string>& words, const std::string& part) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& w) { return w.find(part) != std::string::npos; });
}

SubstrateRoles roles_of(const std::string& text, const std::string& substrate) {
  for (const auto& roles : substrate_roles(described(text))) {
    if (roles.substrate == substrate) return roles;
  }
  return {};
}

TEST(Roles, Are_found_in_secretion_vessels_rules_and_degradation) {
  const auto ccl2 = roles_of(full_model(), "CCL2");
  EXPECT_EQ(ccl2.makers, std::vector<std::string>{"melanoma"});
  EXPECT_EQ(ccl2.sensers, (std::vector<std::string>{"melanoma: migration speed", "ECM: degradation"}));
  const auto oxygen = roles_of(full_model(), "oxygen");
  EXPECT_TRUE(says(oxygen.makers, "vessels"));
  EXPECT_EQ(oxygen.takers, std::vector<std::string>{"melanoma"});
}

TEST(Loose_ends, Name_a_substance_that_no_one_makes_and_one_that_no_one_senses) {
  const std::string text = std::string(full_model()) + "[substrates.X]\ndiffusion = \"1 um^2/min\"\n";
  EXPECT_TRUE(says(loose_ends(described(text)), "no one makes 'X'"));
  EXPECT_TRUE(says(loose_ends(described(text)), "no one senses or takes up 'X'"));
  EXPECT_TRUE(says(loose_ends(described(full_model())), "no one senses 'oxygen'"));
  EXPECT_FALSE(says(loose_ends(described(full_model())), "'CCL2'"));
}

TEST(Loose_ends, A_name_that_only_begins_alike_is_another_substance) {
  const std::string text = std::string(full_model()) + "[substrates.CCL]\ndiffusion = \"1 um^2/min\"\n";
  EXPECT_TRUE(says(loose_ends(described(text)), "no one senses or takes up 'CCL'"));
}

TEST(Loose_ends, Two_transitions_that_undo_each_other_are_reported_unless_they_leave_a_gap) {
  const auto with = [](const std::string& there, const std::string& back) {
    return std::string(full_model()) +
           "[[cell.melanoma.transition]]\nname = \"there\"\nfrom = \"naive\"\nto = \"senescent\"\nwhen = \"" + there +
           "\"\n[[cell.melanoma.transition]]\nname = \"back\"\nfrom = \"senescent\"\nto = \"naive\"\nwhen = \"" + back +
           "\"\n";
  };
  EXPECT_FALSE(says(loose_ends(described(with("pressure > 2", "pressure < 1"))), "undo each other"));
  EXPECT_TRUE(
      says(loose_ends(described(with("pressure > 1", "pressure < power"))), "'there' and 'back'"));  // power = 2
  EXPECT_TRUE(says(loose_ends(described(with("pressure > 1", "pressure > 3"))), "undo each other"));
  EXPECT_FALSE(says(loose_ends(described(with("pressure > 1", "generation < 3"))), "undo each other"));
}

TEST(Provenance, Numbers_of_the_run_need_no_source) {
  EXPECT_FALSE(needs_source("domain.size[0]"));
  EXPECT_FALSE(needs_source("drug.x.schedule[0].at[1]"));
  EXPECT_FALSE(needs_source("cell.melanoma.initial[0].count"));
  EXPECT_TRUE(needs_source("drug.x.schedule[0].dose"));
  EXPECT_TRUE(needs_source("network.n.parameters.\"k.a\""));
  EXPECT_TRUE(needs_source("substrates.CCL2.decay"));
}

TEST(Provenance, Check_counts_the_numbers_without_a_source_and_names_the_first) {
  const Folder folder;
  const auto result = check(folder.write("m.toml", full_model()), {}, mechanisms());
  ASSERT_TRUE(result.good());
  EXPECT_TRUE(says(result.warnings, "have no source or no grade"));
  EXPECT_TRUE(says(result.warnings, "parameters.power (" + folder.path("m.toml") + ":"));
}

}  // namespace
}  // namespace senoma::model::test
