// Biology has no defaults in the program: whoever leaves a rate out gets an error or none of the process, never a
// number that someone once wrote into C++.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "mechanisms/catalogue.h"
#include "model/registry.h"

namespace senoma {
namespace {

TEST(Biology_in_code, Defaults_of_mechanisms_are_nothing_or_unchanged) {
  // 1 min without meaning, for cells that do not move; a walk needs some positive number. A debt of
  // docs/architecture.md.
  const std::set<std::string> placeholders = {"motility.persistence"};
  for (const auto& mechanism : mechanisms::catalogue()) {
    for (const auto& parameter : mechanism.declaration.parameters) {
      if (parameter.required || placeholders.contains(mechanism.declaration.name + "." + parameter.name)) continue;
      const bool neutral =
          parameter.default_value == 0.0 || (parameter.default_value == 1.0 && parameter.dimension == dim::none);
      EXPECT_TRUE(neutral) << mechanism.declaration.name << "." << parameter.name << " defaults to "
                           << parameter.default_value << ": only 0, or the factor 1, says nothing about biology";
    }
  }
}

TEST(Biology_in_code, Keys_with_a_dimension_default_to_zero_except_those_of_machines) {
  // Besides the coupling step: how long a beam is on, which is the machine's.
  const std::set<std::string> numerics = {"time.step", "drug.*.schedule[].duration"};
  const model::Registry registry(mechanisms::catalogue());
  for (const model::Key* key : registry.keys()) {
    if (key->kind != model::Kind::quantity || key->default_text.empty() || !key->mechanism.empty()) continue;
    if (numerics.contains(key->pattern)) continue;
    std::string text = key->default_text;
    if (text.front() == '"') text = text.substr(1, text.size() - 2);
    EXPECT_EQ(parse_quantity(text).value, 0.0) << key->pattern << " defaults to " << key->default_text;
  }
}

}  // namespace
}  // namespace senoma
