#include "model/posterior.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* two_draws =
    "weight,cell.melanoma.motility.speed[um/min],parameters.power[1]\n3,0.25,2.5\n1,0.75,7.5\n";

LoadOptions patient(std::uint64_t number) {
  LoadOptions options;
  options.patient = number;
  return options;
}

std::string posterior_model(const std::string& file = "posterior.csv") {
  return std::string(full_model()) + "\n[cohort]\nposterior = \"" + file + "\"\n";
}

TEST(Posterior, A_table_is_read_with_quotes_line_ends_and_empty_lines) {
  const Value lines = posterior_lines(
      "\xEF\xBB\xBFweight,cell.x.age[h],\"b[0].\"\"c,d\"\"[1]\"\r\n0.5,1e-3,-2\r\n\r\n0,7,8\r\n", "p.csv");
  const Posterior p = read_posterior(lines);
  ASSERT_EQ(p.columns.size(), 2U);
  EXPECT_EQ(p.columns[0].unit, "h");
  EXPECT_EQ(p.columns[1].key, "b[0].\"c,d\"");
  EXPECT_EQ(p.columns[1].unit, "");
  EXPECT_THAT(p.weights, ElementsAre(0.5, 0));
  EXPECT_THAT(p.columns[0].values, ElementsAre(1e-3, 7));
  const Posterior again = read_posterior(posterior_lines(p, {}));
  EXPECT_EQ(again.columns[1].key, p.columns[1].key);
  EXPECT_EQ(again.columns[0].values, p.columns[0].values);
  EXPECT_EQ(again.weights, p.weights);
}

TEST(Posterior, What_is_no_posterior_is_refused_with_its_line_value_and_remedy) {
  const Folder folder;
  for (const auto& [text, line, what] :
       {std::tuple{"", "1", "holds no draw"}, std::tuple{"weight,a[h]\n", "1", "holds no draw"},
        std::tuple{"time,a[h]\n1,2\n", "1", "its first line is 'time,a[h]'"},
        std::tuple{"weight,a\n1,2\n", "1:8", "'a' of the posterior does not say KEY[unit]"},
        std::tuple{"weight,a[h],a[h]\n1,2,3\n", "1:13", "the column 'a' twice"},
        std::tuple{"weight,a[h]\n1,2\n1\n", "3", "it has 1 numbers, the first line names 2"},
        std::tuple{"weight,a[h]\n1,2\n\n1,two\n", "4:3", "'two' is no finite number"},
        std::tuple{"weight,a[h]\n1,nan\n", "2:3", "'nan' is no finite number"},
        std::tuple{"weight,a[h]\n-1,2\n", "2:1", "its weight -1 is below zero"},
        std::tuple{"weight,a[h]\n0,2\n0,3\n", "2", "all weights of the posterior are zero"}}) {
    static_cast<void>(folder.write("posterior.csv", text));
    EXPECT_THAT(error_of(folder, posterior_model()),
                AllOf(HasSubstr("error[E1218]"), HasSubstr(what), HasSubstr("posterior.csv:" + std::string(line)),
                      HasSubstr("= help:")))
        << text;
  }
  static_cast<void>(folder.write("posterior.csv", "weight,cell.melanoma.motility.sped[um/min]\n1,2\n"));
  EXPECT_THAT(error_of(folder, posterior_model(), patient(1)),
              AllOf(HasSubstr("error[E1201]"), HasSubstr("did you mean 'speed'"), HasSubstr("posterior.csv:1:")));
  EXPECT_THAT(error_of(folder, posterior_model("absent.csv")), AllOf(HasSubstr("error[E1101]"), HasSubstr("m.toml:")));
  static_cast<void>(folder.write("posterior.csv", two_draws));
  EXPECT_THAT(error_of(folder, posterior_model() + "[cohort.vary.speed]\nkey = \"cell.melanoma.motility.speed\"\n"
                                                   "distribution = \"uniform(1, 2)\"\nunit = \"um/min\"\n"),
              AllOf(HasSubstr("drawn twice"), HasSubstr("posterior.csv:1:8")));
}

TEST(Posterior, A_patient_has_one_line_by_weight_and_its_resolved_text_loads_to_the_same_without_the_file) {
  const Folder folder;
  static_cast<void>(folder.write("posterior.csv", two_draws));
  const auto file = folder.write("m.toml", posterior_model());
  const auto typical = load(file, {}, mechanisms());
  ASSERT_EQ(typical.resolved.cohort.variations.size(), 2U);
  int often = 0;
  for (std::uint64_t k = 1; k <= 400; ++k) {
    const Draw speed = draw(typical.resolved.cohort, typical.resolved.cohort.variations[0], k);
    const Draw power = draw(typical.resolved.cohort, typical.resolved.cohort.variations[1], k);
    EXPECT_EQ(power.value, 10 * speed.value) << "values of one line stay together";
    often += speed.value == 0.25 ? 1 : 0;
  }
  EXPECT_NEAR(often, 300, 26) << "three standard errors of a binomial";
  const LoadOptions second = patient(2);
  const auto drawn = load(file, second, mechanisms());
  EXPECT_EQ(drawn.description.cell_types[0].parameters.at("motility.speed"),
            draw(typical.resolved.cohort, typical.resolved.cohort.variations[0], 2).value);
  const Folder elsewhere;
  EXPECT_EQ(load(elsewhere.write("patient.toml", resolved_toml(drawn, mechanisms())), {}, mechanisms()).hash,
            drawn.hash);
  const auto all = elsewhere.write("all.toml", resolved_toml(typical, mechanisms()));
  EXPECT_EQ(load(all, second, mechanisms()).hash, drawn.hash) << "an arm's text holds the draws themselves";
  EXPECT_EQ(load(all, {}, mechanisms()).resolved.cohort.hash(), typical.resolved.cohort.hash());
}

TEST(Posterior, What_the_arm_sets_is_not_drawn_and_the_rest_is) {
  const Folder folder;
  static_cast<void>(folder.write("posterior.csv", two_draws));
  const auto file = folder.write("m.toml", posterior_model());
  LoadOptions options;
  options.arm = "slow";
  const auto slow = load(file, options, mechanisms());
  ASSERT_EQ(slow.resolved.cohort.variations.size(), 1U);
  EXPECT_EQ(slow.resolved.cohort.variations[0].name, "parameters.power");
  options.patient = 1;
  EXPECT_EQ(load(file, options, mechanisms()).description.cell_types[0].parameters.at("motility.speed"), 0.1);
}

TEST(Posterior, A_scaled_value_of_a_study_scales_the_draw) {
  const Folder folder;
  static_cast<void>(folder.write("posterior.csv", two_draws));
  const auto file = folder.write("m.toml", posterior_model());
  LoadOptions options = patient(1);
  const auto speed = [&] {
    return load(file, options, mechanisms()).description.cell_types[0].parameters.at("motility.speed");
  };
  const double drawn = speed();
  StudyLayer layer;
  layer.name = "study half";
  layer.scaled.push_back({"cell.melanoma.motility.speed", 0.5, {}});
  options.layers.push_back(layer);
  EXPECT_DOUBLE_EQ(speed(), 0.5 * drawn);
}

}  // namespace
}  // namespace senoma::model::test
