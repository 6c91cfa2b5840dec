// The runner of checks: what passes, fails, is skipped, and what is told of it.
#include "verify/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "../results/temporary_folder.h"
#include "base/error.h"
#include "verify/catalogue.h"
#include "verify/page.h"

namespace senoma::verify {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Check check(const std::string& id, std::function<Outcome(const Context&)> run, Depth from = Depth::quick,
            bool alone = false) {
  return {id.substr(0, id.find('/')), id, "The check " + id, "a statement", from, alone, std::move(run)};
}

Outcome with_error(double error, double bound = 0.1) {
  Outcome outcome;
  outcome.error_at_most("error of something", error, bound);
  return outcome;
}

RunOptions options(const results::TemporaryFolder& folder, int threads = 1) {
  RunOptions o;
  o.scratch = folder.path();
  o.threads = threads;
  return o;
}

TEST(Figure, Holds_by_its_rule_and_never_when_it_is_not_a_number) {
  Outcome o;
  o.near("near", 1.05, 1.0, 0.06);
  o.near("too far", 1.05, 1.0, 0.04);
  o.near_relative("relative", 105.0, 100.0, 0.06);
  o.near_relative("relative, too far", 105.0, 100.0, 0.04);
  o.at_least("least", 2.0, 1.9);
  o.at_least("less", 1.8, 1.9);
  o.at_most("most", 1.0, 1.9);
  o.at_most("more", 2.0, 1.9);
  o.equal("equal", "ab", "ab");
  o.equal("unequal", "ab", "ac");
  o.equal("both missing", "", "");
  std::vector<bool> holds;
  for (const auto& f : o.figures) holds.push_back(f.holds());
  EXPECT_THAT(holds, ElementsAre(true, false, true, false, true, false, true, false, true, false, false));
  Outcome nan;
  nan.near("near", std::nan(""), 1.0, 1.0);
  nan.error_at_most("error", std::nan(""), 1.0);
  nan.at_least("least", std::nan(""), 1.0);
  nan.at_most("most", std::nan(""), 1.0);
  for (const auto& f : nan.figures) EXPECT_FALSE(f.holds()) << f.name;
}

TEST(Convergence, Observed_orders_are_those_of_the_errors_and_the_smallest_one_counts) {
  Convergence c{"step", "min", {}, {}};
  for (const double h : {0.4, 0.2, 0.1}) c.add(h, 3.0 * h * h + (h == 0.1 ? 0.01 : 0.0));
  const auto orders = c.orders();
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_NEAR(orders[0], 2.0, 1e-12);
  EXPECT_NEAR(orders[1], std::log2(0.12 / 0.04), 1e-12);
  Outcome o;
  o.order_at_least("order", c, 1.9);
  EXPECT_FALSE(o.figures[0].holds());
  EXPECT_EQ(o.figures[0].measured, orders[1]);
  ASSERT_EQ(o.blocks.size(), 1U);
  Outcome none;
  none.order_at_least("order", {"step", "min", {1.0}, {0.1}}, 1.9);
  EXPECT_FALSE(none.figures[0].holds()) << "one row shows no order";
}

TEST(Run, A_check_passes_only_with_figures_that_all_hold) {
  const results::TemporaryFolder folder;
  const auto results = run({check("a/good", [](const Context&) { return with_error(0.05); }),
                            check("a/bad", [](const Context&) { return with_error(0.2); }),
                            check("a/empty", [](const Context&) { return Outcome{}; }),
                            check("a/throws", [](const Context&) -> Outcome { throw Error("E1502", "a reason"); }),
                            check("a/skipped",
                                  [](const Context&) {
                                    Outcome o;
                                    o.skipped = "nothing to read";
                                    return o;
                                  })},
                           options(folder));
  std::vector<bool> passed;
  for (const auto& r : results) passed.push_back(r.passed());
  EXPECT_THAT(passed, ElementsAre(true, false, false, false, false));
  EXPECT_THAT(results[3].failure, HasSubstr("a reason"));
  const Tally sum = tally(results);
  EXPECT_EQ(sum.passed, 1U);
  EXPECT_EQ(sum.failed, 3U);
  EXPECT_EQ(sum.skipped, 1U);
  EXPECT_THAT(summary_of(results, 1.0), HasSubstr("1 of 4 checks passed"));
  EXPECT_THAT(summary_of(results, 1.0), HasSubstr("3 failed; 1 skipped"));
  EXPECT_THAT(details_of(results[1]), HasSubstr("error 0.2 > allowed 0.1"));
  EXPECT_THAT(details_of(results[3]), HasSubstr("a reason"));
  EXPECT_EQ(details_of(results[0]), "");
}

TEST(Run, Runs_what_is_due_at_the_depth_and_asked_for) {
  const results::TemporaryFolder folder;
  const auto good = [](const Context&) { return with_error(0.0); };
  const std::vector<Check> checks{check("a/one", good), check("a/two", good, Depth::standard),
                                  check("b/one", good, Depth::full)};
  auto o = options(folder);
  const auto ran = [&] {
    std::string text;
    for (const auto& r : run(checks, o)) text += r.check.id + (r.ran ? "+ " : "- ");
    return text;
  };
  o.depth = Depth::quick;
  EXPECT_EQ(ran(), "a/one+ a/two- b/one- ");
  o.depth = Depth::standard;
  EXPECT_EQ(ran(), "a/one+ a/two+ b/one- ");
  o.depth = Depth::full;
  EXPECT_EQ(ran(), "a/one+ a/two+ b/one+ ");
  o.only = {"a/two", "b"};
  EXPECT_EQ(ran(), "a/two+ b/one+ ");
  o.only = {"c"};
  try {
    (void)ran();
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "E1501");
    EXPECT_THAT(error.message(), HasSubstr("'c'"));
  }
}

TEST(Run, Each_check_has_an_empty_folder_of_its_own_that_is_gone_afterwards) {
  const results::TemporaryFolder folder;
  const auto writes = [](const Context& c) {
    EXPECT_TRUE(std::filesystem::is_empty(c.scratch));
    std::filesystem::create_directories(c.scratch / "deep");
    return with_error(0.0);
  };
  (void)run({check("a/one", writes), check("a/two", writes, Depth::quick, true)}, options(folder, 2));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Run, Checks_that_need_the_machine_alone_get_all_threads_and_no_company) {
  const results::TemporaryFolder folder;
  std::atomic<int> inside{0}, most{0};
  const auto counts = [&](bool alone) {
    return [&, alone](const Context& c) {
      const int now = ++inside;
      EXPECT_LE(now, alone ? 1 : 3);
      EXPECT_EQ(c.threads, alone ? 3 : 1);
      most = std::max(most.load(), now);
      --inside;
      return with_error(0.0);
    };
  };
  std::vector<Check> checks;
  for (int k = 0; k < 6; ++k) checks.push_back(check("a/" + std::to_string(k), counts(k % 2), Depth::quick, k % 2));
  for (const auto& r : run(checks, options(folder, 3))) EXPECT_TRUE(r.passed()) << r.check.id;
}

TEST(Run, When_stopped_the_rest_is_not_run_and_not_failed) {
  const results::TemporaryFolder folder;
  std::atomic<bool> stop{false};
  auto o = options(folder);
  o.stop = &stop;
  std::vector<std::string> told;
  o.begun = [&](const Check& c) { told.push_back("begun " + c.id); };
  o.done = [&](const Result& r) {
    told.push_back("done " + r.check.id);
    stop = true;
  };
  const auto good = [](const Context&) { return with_error(0.0); };
  const auto results = run({check("a/one", good), check("a/two", good)}, o);
  EXPECT_THAT(told, ElementsAre("begun a/one", "done a/one"));
  EXPECT_EQ(tally(results).not_run, 1U);
  EXPECT_EQ(tally(results).failed, 0U);
}

TEST(Page, Holds_every_figure_and_the_reason_of_a_failure_in_html_and_json) {
  const results::TemporaryFolder folder;
  const auto o = options(folder);
  const auto results = run({check("a/good", [](const Context&) { return with_error(0.05); }),
                            check("b/bad", [](const Context&) -> Outcome { throw Error("E1502", "a <reason>"); })},
                           o);
  const Machine machine{"senoma 1", "x86-64", 2};
  const std::string html = results::render_html(page(results, o, machine));
  EXPECT_THAT(html, HasSubstr("The check a/good"));
  EXPECT_THAT(html, HasSubstr("1 of 2"));
  EXPECT_THAT(html, Not(HasSubstr("a <reason>"))) << "texts are escaped";
  const auto data = nlohmann::json::parse(to_json(results, o, machine));
  EXPECT_EQ(data["passed"], 1);
  EXPECT_EQ(data["failed"], 1);
  EXPECT_EQ(data["checks"][0]["figures"][0]["error"], 0.05);
  EXPECT_TRUE(data["checks"][0]["figures"][0]["measured"].is_null());
  EXPECT_EQ(data["checks"][1]["result"], "FAIL");
  EXPECT_EQ(data["checks"][1]["reason"], "E1502: a <reason>");
}

TEST(Catalogue, Ids_are_unique_and_begin_with_their_group) {
  std::set<std::string> ids;
  for (const auto& c : catalogue()) {
    EXPECT_TRUE(ids.insert(c.id).second) << c.id;
    EXPECT_TRUE(c.id.starts_with(c.group + "/")) << c.id;
    EXPECT_FALSE(c.statement.empty()) << c.id;
  }
  EXPECT_GT(ids.size(), 25U);
}

}  // namespace
}  // namespace senoma::verify
