// The scoreboard: what passes, fails, cannot run and is reused.
#include "verify/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "../study/tiny_model.h"
#include "base/error.h"
#include "results/report_document.h"
#include "verify/findings_page.h"

namespace senoma::verify {
namespace {

namespace fs = std::filesystem;
using study::test::file_text;
using study::test::Folder;
using ::testing::HasSubstr;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos) throw std::logic_error("the test text lacks: " + what);
  return text.replace(at, what.size(), by);
}

/// The base of all findings here: the tiny model, shorter, with eight seeds.
void write_base(const Folder& folder) {
  std::string text = replaced(study::test::tiny_model(), "seeds = 2", "seeds = 8");
  text = replaced(text, "duration = \"2 d\"", "duration = \"1 d\"");
  fs::create_directories(folder.path("findings"));
  folder.write("findings/base.toml", replaced(text, "count = 30", "count = 8"));
}

std::string finding(const std::string& id, const std::string& role, const std::string& assertions,
                    const std::string& more = "") {
  return "extends = \"base.toml\"\n" + more + "[finding]\nid = \"" + id + "\"\nclaim = \"The claim of " + id +
         "\"\ncitation = \"Somebody 2001\"\npublished = \"about 0.9\"\nrole = \"" + role + "\"\n" + R"(
[[finding.measure]]
name = "with"
arm = "drug"
readout = "senescent"
statistic = "final"
[[finding.measure]]
name = "without"
arm = "no drug"
readout = "senescent"
statistic = "time to"
level = 0.5
)" + assertions;
}

std::string asserted(const std::string& name, const std::string& rest) {
  return "[[finding.assert]]\nname = \"" + name + "\"\n" + rest + "\n";
}

FindingOptions options(const Folder& folder, int threads = 2) {
  FindingOptions o;
  o.folders = {folder.path("findings")};
  o.out = folder.path("out");
  o.threads = threads;
  return o;
}

void write_four(const Folder& folder) {
  write_base(folder);
  folder.write("findings/a.toml",
               finding("T1", "predicted",
                       asserted("cells arrest", "value = \"with\"\nat_least = \"20 %\"") +
                           asserted("never without", "holds = \"without > 1 [d]\"\nfraction_of_seeds = 1") +
                           asserted("censored is later", "value = \"without\"\nat_least = \"1000 d\"")));
  folder.write("findings/b.toml",
               finding("T2", "fitted", asserted("cells do not arrest", "value = \"with\"\nat_most = 0.01"), ""));
  folder.write("findings/c.toml", "extends = \"base.toml\"\n[finding]\nid = \"T3\"\nclaim = 3\n");
  folder.write("findings/d.toml",
               finding("T4", "fitted", asserted("arm of its own", "value = \"with\"\nat_least = 0.2"),
                       "[cell.melanoma]\nhazard = { apoptosis = \"0.02 1/h\" }\n"));
  fs::create_directories(folder.path("calibration"));
  folder.write("calibration/predicted-findings.toml", "predicted = [\"T1\"]\n");
}

TEST(Findings, Pass_fail_and_break_each_by_itself) {
  const Folder folder;
  write_four(folder);
  std::vector<std::string> told;
  auto o = options(folder);
  o.done = [&](const FindingResult& r) { told.push_back(r.id); };
  const auto results = run_findings(o);
  ASSERT_EQ(results.size(), 4U) << "the base states no finding";
  EXPECT_TRUE(results[0].passed()) << lines_of(results[0], 200);
  EXPECT_FALSE(results[1].passed());
  EXPECT_TRUE(results[1].failure.empty()) << "it ran, and the model says otherwise: " << results[1].failure;
  EXPECT_THAT(results[2].failure, HasSubstr("E1202: c.toml:4"));
  EXPECT_TRUE(results[3].passed()) << lines_of(results[3], 200);
  EXPECT_EQ(told.size(), 4U);
  ASSERT_EQ(results[0].assertions.size(), 3U);
  EXPECT_EQ(results[0].assertions[0].verdict.values.size(), 8U);
  EXPECT_EQ(results[0].assertions[0].unit, "%");
  EXPECT_GT(results[0].assertions[0].verdict.interval.low, 20);
  EXPECT_TRUE(std::isinf(results[0].assertions[2].verdict.interval.low)) << "never reached";
  EXPECT_EQ(summary_of(results), "2 of 4 findings pass (1 of 1 predicted)");
  EXPECT_THAT(lines_of(results[1], 200), HasSubstr("FAIL T2     cells do not arrest"));
  EXPECT_THAT(lines_of(results[0], 200), HasSubstr("about 0.9"));
  EXPECT_THAT(lines_of(results[0], 200), HasSubstr("∞"));
}

TEST(Findings, Share_members_and_go_on_where_they_were_stopped_with_the_same_verdicts) {
  const Folder folder;
  write_four(folder);
  auto o = options(folder, 1);
  std::atomic<bool> stop{false};
  o.stop = &stop;
  std::size_t started = 0, all = 0;
  o.progress = [&](std::size_t, std::size_t n, const std::string&) {
    all = n;
    if (++started == 3) stop = true;
  };
  const auto stopped = run_findings(o);
  EXPECT_EQ(all, 32U) << "T1 and T2 have the same two arms, T4 its own";
  EXPECT_EQ(tally(stopped).not_run, 3U);
  EXPECT_THAT(summary_of(stopped), HasSubstr("3 not run"));
  std::map<fs::path, fs::file_time_type> kept;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path("out/members"))) {
    if (entry.path().filename() == "summary.csv" &&
        file_text(entry.path().parent_path() / "run.json").find("\"finished\"") != std::string::npos)
      kept[entry.path()] = entry.last_write_time();
  }
  EXPECT_EQ(kept.size(), 2U);
  o.stop = nullptr;
  o.progress = {};
  const auto results = run_findings(o);
  EXPECT_EQ(tally(results).not_run, 0U);
  for (const auto& [path, time] : kept) EXPECT_EQ(fs::last_write_time(path), time) << "a finished member is left alone";
  auto whole = options(folder, 4);
  whole.out = folder.path("whole");
  const auto again = run_findings(whole);
  for (std::size_t k = 0; k < results.size(); ++k) {
    for (std::size_t a = 0; a < results[k].assertions.size(); ++a)
      EXPECT_EQ(results[k].assertions[a].verdict.values, again[k].assertions[a].verdict.values);
  }
  const auto shown = nlohmann::json::parse(to_json(results, {"senoma", "avx2", 1}));
  EXPECT_EQ(shown["passed"], 2);
  EXPECT_EQ(shown["results"][0]["assertions"][2]["low"], "inf");
  const auto html = results::render_html(page(results, {"senoma", "avx2", 1}));
  EXPECT_THAT(html, HasSubstr("The claim of T2"));
  EXPECT_THAT(html, HasSubstr("\"kind\":\"verdicts\""));
}

TEST(Findings, A_donor_runs_once_for_all_who_need_its_medium) {
  const Folder folder;
  write_base(folder);
  for (const char* id : {"T1", "T2"}) {
    folder.write(std::string("findings/") + id + ".toml",
                 finding(id, "fitted", asserted("grows", "value = \"with\"\nat_least = 0.1"),
                         std::string("[[arm]]\nname = \"no drug\"\nset = { \"drug.drug.schedule\" = [] }\n"
                                     "[[arm]]\nname = \"drug\"\ndonor = \"base.toml\"\ndonor_arm = \"drug\"\n"
                                     "set = { \"cell.melanoma.cycle.duration\" = \"") +
                             (id[1] == '1' ? "40 h" : "50 h") + "\" }\n"));
  }
  auto o = options(folder);
  std::size_t media = 0;
  o.progress = [&](std::size_t, std::size_t, const std::string& label) {
    media += label.starts_with("medium for") ? 1U : 0U;
  };
  const auto results = run_findings(o);
  for (const auto& r : results) EXPECT_TRUE(r.passed()) << lines_of(r, 200);
  EXPECT_EQ(media, 8U) << "one per seed";
}

TEST(Findings, An_arm_that_no_measure_names_is_not_run) {
  const Folder folder;
  write_base(folder);
  const std::string text = finding("T1", "fitted", asserted("arrest", "value = \"with\"\nat_least = 0.2"));
  const auto unused = text.find("[[finding.measure]]\nname = \"without\"");
  folder.write("findings/a.toml", text.substr(0, unused) + text.substr(text.find("[[finding.assert]]")));
  auto o = options(folder);
  std::size_t all = 0;
  o.progress = [&](std::size_t, std::size_t n, const std::string&) { all = n; };
  EXPECT_TRUE(run_findings(o).at(0).passed());
  EXPECT_EQ(all, 8U);
}

TEST(Findings, A_role_that_disagrees_with_the_list_fails) {
  const Folder folder;
  write_four(folder);
  folder.write("calibration/predicted-findings.toml", "predicted = [\"T2\"]\n");
  auto o = options(folder);
  o.only = {"T1", "b"};
  const auto results = run_findings(o);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_THAT(results[0].failure, HasSubstr("E1503"));
  EXPECT_THAT(results[1].failure, HasSubstr("keeps it for prediction"));
}

TEST(Findings, What_is_shown_counts_neither_as_fitted_nor_as_predicted) {
  const Folder folder;
  write_base(folder);
  const std::string holds = asserted("cells arrest", "value = \"with\"\nat_least = \"20 %\"");
  folder.write("findings/s.toml", finding("S1", "shown", holds));
  folder.write("findings/t.toml", finding("S2", "shown", holds));
  fs::create_directories(folder.path("calibration"));
  folder.write("calibration/predicted-findings.toml", "predicted = [\"S2\"]\n");
  auto o = options(folder);
  const auto results = run_findings(o);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_TRUE(results[0].passed()) << results[0].failure;
  EXPECT_EQ(results[0].role, "shown");
  EXPECT_THAT(results[1].failure, HasSubstr("S2 calls itself shown"));
  EXPECT_EQ(tally(results).predicted, 0U);
  EXPECT_THAT(lines_of(results[0], 120), HasSubstr("shown"));
}

TEST(Findings, Unknown_names_too_few_seeds_and_empty_folders_are_refused) {
  const Folder folder;
  write_four(folder);
  auto o = options(folder);
  o.only = {"T9"};
  EXPECT_THROW(static_cast<void>(list_findings(o)), Error);
  o.only.clear();
  o.seeds = 4;
  EXPECT_THROW(static_cast<void>(run_findings(o)), Error);
  EXPECT_THROW(static_cast<void>(finding_folders(folder.path("nowhere"), "")), Error);
  fs::create_directories(folder.path("models/m/experiments/findings"));
  EXPECT_EQ(finding_folders("", folder.path("models")).size(), 1U);
  EXPECT_EQ(finding_folders(folder.path("models/m"), "")[0].filename(), "findings");
}

}  // namespace
}  // namespace senoma::verify
