#include "model/cohort.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Value text(const std::string& words) {
  Value value;
  value.kind = Value::Kind::text;
  value.text = words;
  value.where = {"f.toml", 3, 5, 1};
  return value;
}

/// Sorted draws of patients 1 to n.
std::vector<double> draws(const std::string& distribution, std::uint64_t n, std::uint64_t seed = 1) {
  Cohort cohort;
  cohort.seed = seed;
  cohort.variations.push_back({"k", {"a"}, parse_distribution(text(distribution), ""), distribution, "", "", {}});
  std::vector<double> values;
  for (std::uint64_t patient = 1; patient <= n; ++patient)
    values.push_back(draw(cohort, cohort.variations[0], patient).value);
  std::sort(values.begin(), values.end());
  return values;
}

double quantile(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size()))];
}

// The 25 %, 50 % and 75 % quantiles in closed form; z(0.75) = 0.674490. 20000 draws: a quantile of the uniform scatters
// by sqrt(0.25/20000) = 0.0035.
TEST(Cohort, Draws_have_the_quantiles_of_their_distributions) {
  constexpr std::uint64_t n = 20000;
  constexpr double z = 0.674490;
  const auto uniform = draws("uniform(2, 6)", n);
  const auto loguniform = draws("loguniform(1, 100)", n);
  const auto normal = draws("normal(5, 2)", n);
  const auto lognormal = draws("lognormal(3, 0.5)", n);
  for (const auto& [q, deviate] : {std::pair{0.25, -z}, std::pair{0.5, 0.0}, std::pair{0.75, z}}) {
    EXPECT_NEAR(quantile(uniform, q), 2 + 4 * q, 0.06) << q;
    EXPECT_NEAR(std::log10(quantile(loguniform, q)), 2 * q, 0.03) << q;
    EXPECT_NEAR(quantile(normal, q), 5 + 2 * deviate, 0.08) << q;
    EXPECT_NEAR(std::log(quantile(lognormal, q) / 3), 0.5 * deviate, 0.02) << q;
  }
  EXPECT_GT(uniform.front(), 2);
  EXPECT_LT(uniform.back(), 6);
  const auto choice = draws("choice(1, 2, 5; 0.2, 0.5, 0.3)", n);
  const auto share = [&](double v) {
    return static_cast<double>(std::count(choice.begin(), choice.end(), v)) / static_cast<double>(n);
  };
  EXPECT_NEAR(share(1), 0.2, 0.015);
  EXPECT_NEAR(share(2), 0.5, 0.015);
  EXPECT_NEAR(share(5), 0.3, 0.015);
}

TEST(Cohort, A_draw_depends_on_seed_patient_and_name_alone) {
  EXPECT_EQ(draws("normal(0, 1)", 50), draws("normal(0, 1)", 50));
  EXPECT_NE(draws("normal(0, 1)", 50), draws("normal(0, 1)", 50, 2));
  Cohort cohort;
  for (const char* name : {"a", "b"})
    cohort.variations.push_back({name, {"x"}, parse_distribution(text("uniform(0, 1)"), ""), "", "", "", {}});
  const double a = draw(cohort, cohort.variations[0], 7).value;
  EXPECT_NE(a, draw(cohort, cohort.variations[1], 7).value);
  std::swap(cohort.variations[0], cohort.variations[1]);
  EXPECT_EQ(draw(cohort, cohort.variations[1], 7).value, a) << "the order in the file does not matter";
}

TEST(Cohort, Units_come_from_the_numbers_or_from_the_key) {
  const auto rate = parse_distribution(text("lognormal(0.3 1/h, 0.4)"), "");
  EXPECT_EQ(rate.unit, "1/h");
  EXPECT_EQ(rate.a, 0.3);
  EXPECT_EQ(parse_distribution(text("uniform(1, 2)"), "d").unit, "d");
  const auto mixed = parse_distribution(text("uniform(12 h, 1 d)"), "");
  EXPECT_EQ(mixed.unit, "h");
  EXPECT_NEAR(mixed.b, 24, 1e-12);
}

std::string cohort_model(const std::string& vary) {
  return std::string(full_model()) + "\n[cohort.vary.speed]\nkey = \"cell.melanoma.motility.speed\"\n" + vary + "\n";
}

TEST(Cohort, Bad_distributions_are_refused_with_place_and_remedy) {
  const Folder folder;
  for (const auto& [distribution, what] :
       {std::pair{"lognormal(0.3 um/min)", "needs two arguments"}, std::pair{"gamma(1, 2)", "has no known name"},
        std::pair{"uniform(2 um/min, 1 um/min)", "has an empty interval"},
        std::pair{"uniform(1 um/min, 2 h)", "mixes units"},
        std::pair{"lognormal(-1 um/min, 0.3)", "needs positive numbers"},
        std::pair{"normal(1 um/min, 0 um/min)", "not positive"},
        std::pair{"lognormal(1 um/min, 0.3 h)", "has a unit where"},
        std::pair{"choice(1 um/min, 2 um/min; 0.5)", "2 values and 1 probabilities"},
        std::pair{"choice(1, 2; 0.5, 0.6)", "do not sum to 1"}, std::pair{"uniform(a, b)", "'a', which is no number"},
        std::pair{"uniform", "is malformed"}}) {
    const auto error = error_of(folder, cohort_model("distribution = \"" + std::string(distribution) + "\""));
    EXPECT_THAT(error, AllOf(HasSubstr("error[E1217]"), HasSubstr(what), HasSubstr("m.toml:"), HasSubstr("= help:")))
        << distribution;
  }
  EXPECT_THAT(error_of(folder, cohort_model("")), HasSubstr("needs 'distribution'"));
  EXPECT_THAT(error_of(folder, std::string(full_model()) + "\n[cohort.vary.x]\ndistribution = \"uniform(1, 2)\"\n"),
              HasSubstr("needs either 'key' or 'keys'"));
}

TEST(Cohort, The_patient_is_in_the_model_and_its_resolved_text_which_loads_to_the_same) {
  const Folder folder;
  const auto file = folder.write("m.toml", cohort_model("distribution = \"lognormal(0.5 um/min, 0.4)\"\nsource = "
                                                        "\"invented\"\ngrade = \"assumption\""));
  LoadOptions options;
  const auto typical = load(file, options, mechanisms());
  EXPECT_EQ(typical.description.cell_types[0].parameters.at("motility.speed"), 0.5);
  ASSERT_EQ(typical.resolved.cohort.variations.size(), 1U);
  options.patient = 3;
  const auto third = load(file, options, mechanisms());
  const double drawn = draw(typical.resolved.cohort, typical.resolved.cohort.variations[0], 3).value;
  EXPECT_EQ(third.description.cell_types[0].parameters.at("motility.speed"), drawn);
  EXPECT_NE(third.hash, typical.hash);
  const auto resolved = resolved_toml(third, mechanisms());
  EXPECT_THAT(resolved, AllOf(HasSubstr("(cohort)"), HasSubstr("# Of this patient: speed = "),
                              HasSubstr("invented (patient drawn from lognormal(0.5 um/min, 0.4))")));
  EXPECT_EQ(load(folder.write("again.toml", resolved), {}, mechanisms()).hash, third.hash);
  EXPECT_EQ(load(folder.write("all.toml", resolved_toml(typical, mechanisms())), options, mechanisms()).hash,
            third.hash)
      << "the arm's text still holds the cohort";
}

TEST(Cohort, What_an_arm_or_the_command_line_sets_is_not_drawn) {
  const Folder folder;
  const auto file = folder.write("m.toml", cohort_model("distribution = \"lognormal(0.5 um/min, 0.4)\""));
  LoadOptions options;
  options.patient = 3;
  options.arm = "slow";
  const auto speed = [&] {
    return load(file, options, mechanisms()).description.cell_types[0].parameters.at("motility.speed");
  };
  EXPECT_EQ(speed(), 0.1);
  options.arm.clear();
  options.overrides = {"cell.melanoma.motility.speed=\"0.7 um/min\""};
  EXPECT_EQ(speed(), 0.7);
  options.overrides = {"cohort.seed=9"};
  const double other = speed();
  options.overrides.clear();
  EXPECT_NE(other, speed()) << "another cohort";
}

TEST(Cohort, A_draw_out_of_range_names_the_distribution) {
  const Folder folder;
  const auto file = folder.write("m.toml", cohort_model("distribution = \"normal(-5 um/min, 0.1 um/min)\""));
  LoadOptions options;
  options.patient = 1;
  std::map<std::string, std::string> sources;
  try {
    static_cast<void>(load(file, options, mechanisms(), &sources));
    FAIL() << "a negative speed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E1204");
    EXPECT_THAT(render(error, sources), HasSubstr("distribution = \"normal(-5"));
  }
}

}  // namespace
}  // namespace senoma::model::test
