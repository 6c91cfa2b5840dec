#include "study/study_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "study/study_record.h"
#include "tiny_study.h"

namespace senoma::study {
namespace {

using ::testing::HasSubstr;

/// Two targets over two seeds, for 8 h.
std::string short_study(const std::string& head = "") {
  return "[study]\nexperiment = \"tiny.toml\"\narm = \"drug\"\ncontrol = \"no drug\"\nseeds = 2\nlevels = [0.95]\n"
         "set = { \"time.duration\" = \"8 h\" }\n" +
         head +
         "[[study.target]]\nname = \"CCL2\"\nknock_down = \"CCL2\"\n"
         "[[study.target]]\nname = \"death\"\nknock_down = \"melanoma apoptosis\"\n";
}

std::string code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

/// Members run by workers of their own, the last group first.
RunStudyOptions elsewhere(std::vector<std::vector<std::string>>* groups = nullptr) {
  RunStudyOptions options;
  options.execute = [groups](const StudyWork& work) {
    if (groups) *groups = work.groups;
    StudyWorker worker(work.request);
    EXPECT_EQ(worker.here(), worker.expected());
    for (auto group = work.groups.rbegin(); group != work.groups.rend(); ++group) {
      for (const auto& [name, record] : worker.run(*group, nullptr)) work.deliver(name, record);
    }
  };
  return options;
}

TEST(StudyWorker, Members_that_run_elsewhere_end_in_the_same_tables) {
  const test::TinyStudy study;
  const auto here = study.plan("here", {"study.seeds=1"}), there = study.plan("there", {"study.seeds=1"});
  static_cast<void>(test::run(here, 2));
  std::vector<std::vector<std::string>> groups;
  std::size_t last = 0;
  auto options = elsewhere(&groups);
  options.progress = [&](const StudyProgress& p) { last = p.done; };
  const auto result = run_study(there, options);
  EXPECT_EQ(groups.size(), 16U) << "nothing is shared: each member by itself";
  EXPECT_EQ(result.simulated, 16U);
  EXPECT_EQ(last, 16U);
  EXPECT_FALSE(result.stopped);
  EXPECT_EQ(test::tables_of(there), test::tables_of(here));
}

TEST(StudyWorker, Members_of_a_shared_beginning_travel_together_and_the_control_alone) {
  const std::string fork = "fork_at = \"4 h\"\n[[study.timing]]\nname = \"late\"\nstart = \"4 h\"\n";
  const test::TinyStudy study(short_study(fork));
  const auto here = study.plan("here"), there = study.plan("there");
  static_cast<void>(test::run(here));
  std::vector<std::vector<std::string>> groups;
  static_cast<void>(run_study(there, elsewhere(&groups)));
  const std::vector<std::vector<std::string>> expected{{"f0-c0-v0-s1", "f0-c0-v2-s1", "f0-c0-v3-s1"},
                                                       {"f0-c0-v1-s1"},
                                                       {"f0-c0-v0-s2", "f0-c0-v2-s2", "f0-c0-v3-s2"},
                                                       {"f0-c0-v1-s2"}};
  EXPECT_EQ(groups, expected);
  EXPECT_EQ(test::tables_of(there), test::tables_of(here));
}

TEST(StudyWorker, What_is_damaged_or_of_another_member_is_refused_and_what_came_before_is_kept) {
  const test::TinyStudy study(short_study());
  const auto plan = study.plan("out");
  RunStudyOptions options;
  const auto deliver_changed = [&](const std::function<void(std::string & name, std::string & record)>& change) {
    options.execute = [&](const StudyWork& work) {
      StudyWorker worker(work.request);
      auto first = worker.run({work.groups[0][0]}, nullptr), second = worker.run({work.groups[1][0]}, nullptr);
      work.deliver(first[0].first, first[0].second);
      work.deliver(first[0].first, first[0].second);  // again: ignored
      change(second[0].first, second[0].second);
      work.deliver(second[0].first, second[0].second);
    };
    return code_of([&] { static_cast<void>(run_study(plan, options)); });
  };
  EXPECT_EQ(deliver_changed([](auto&, auto& record) { record.replace(record.find("finished"), 8, "failed  "); }),
            "E8205");
  EXPECT_EQ(deliver_changed([](auto& name, auto&) { name = "f0-c0-v3-s2"; }), "E8205");
  const auto rest = test::run(plan);
  EXPECT_EQ(rest.simulated, 6U);
  EXPECT_EQ(rest.members.size(), 8U);
}

TEST(StudyWorker, Members_that_are_not_given_back_are_missing_and_an_error_comes_out) {
  const test::TinyStudy study(short_study());
  const auto plan = study.plan("out");
  RunStudyOptions options;
  options.execute = [](const StudyWork&) {};
  EXPECT_TRUE(run_study(plan, options).stopped);
  options.execute = [](const StudyWork&) { throw Error("E9107", "the scheduler is gone"); };
  EXPECT_EQ(code_of([&] { static_cast<void>(run_study(plan, options)); }), "E9107");
  EXPECT_EQ(test::run(plan).members.size(), 8U);
}

TEST(StudyWorker, Other_files_show_in_the_identity_of_the_plan) {
  const test::TinyStudy study(short_study());
  const std::string request = study_request(study.plan("out"));
  for (const std::string head : {"seeds = 3", "levels = [0.5]"}) {
    std::string text = short_study();
    const std::string key = head.substr(0, head.find('='));
    text.replace(text.find(key), text.find('\n', text.find(key)) - text.find(key), head);
    study.folder.write("study.toml", text);
    const StudyWorker worker(request);
    EXPECT_NE(worker.here(), worker.expected()) << head;
  }
  EXPECT_EQ(code_of([] { const StudyWorker worker("{}"); }), "E8205");
  EXPECT_EQ(code_of([&] { static_cast<void>(StudyWorker(request).run({"f0-c0-v9-s1"}, nullptr)); }), "E8205");
}

TEST(StudyWorker, Folders_of_members_and_workers_exclude_each_other) {
  const test::TinyStudy study(short_study("keep = \"folders\"\n"));
  const auto plan = study.plan("out");
  EXPECT_EQ(code_of([&] { static_cast<void>(run_study(plan, elsewhere())); }), "E8201");
  EXPECT_FALSE(std::filesystem::exists(plan.out));
}

}  // namespace
}  // namespace senoma::study
