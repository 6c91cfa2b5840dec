// The program as a user meets it: exit codes, what goes to which stream, and errors with their place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "../study/tiny_study.h"
#include "cli/study_progress.h"

namespace senoma::cli {
namespace {

using study::test::Folder;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Outcome {
  int code = -1;
  std::string out, err;
};

Outcome senoma(const Folder& folder, const std::string& arguments) {
  const std::string out = folder.path("stdout"), err = folder.path("stderr");
  const int status = std::system(
      ("cd '" + folder.path("") + "' && '" SENOMA_PROGRAM "' " + arguments + " >'" + out + "' 2>'" + err + "'")
          .c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), study::test::file_text(out),
          study::test::file_text(err)};
}

TEST(Program, Every_verb_has_help_with_two_examples) {
  const Folder folder;
  for (const char* verb : {"run", "resume", "branch", "screen", "compare", "report", "check", "info", "new", "examples",
                           "explain", "schema", "network", "verify", "doctor"}) {
    const auto o = senoma(folder, std::string(verb) + " --help");
    EXPECT_EQ(o.code, 0) << verb;
    const auto examples = o.out.find("Examples:");
    ASSERT_NE(examples, std::string::npos) << verb;
    const auto first = o.out.find("  senoma ", examples);
    ASSERT_NE(first, std::string::npos) << verb;
    EXPECT_NE(o.out.find("  senoma ", first + 5), std::string::npos) << verb << " has one example only";
  }
}

TEST(Program, Screen_runs_a_study_once_and_shows_its_ranking_again) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  folder.write("study.toml", study::test::tiny_study());
  const auto planned = senoma(folder, "screen study.toml --plan");
  EXPECT_EQ(planned.code, 0) << planned.err;
  EXPECT_THAT(planned.err, HasSubstr("= 32 members"));
  EXPECT_FALSE(std::filesystem::exists(folder.path("out")));
  const auto first = senoma(folder, "screen study.toml --only death -j 2");
  EXPECT_EQ(first.code, 0) << first.err;
  const auto second = senoma(folder, "screen study.toml -j 2 --format json");
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_THAT(second.err, HasSubstr("fragile"));
  EXPECT_THAT(second.err, HasSubstr("CCL2 95% + death 100%"));
  const auto json = nlohmann::json::parse(second.out);
  EXPECT_EQ(json.at("done"), 32);
  EXPECT_EQ(json.at("simulated"), 20);
  EXPECT_TRUE(std::filesystem::exists(folder.path("out/study/ranking.csv")));
  const auto wrong = senoma(folder, "screen study.toml -s 'study.target[CCL2].knock_down=\"CLC2\"' -o other");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'CCL2'"));
  EXPECT_FALSE(std::filesystem::exists(folder.path("other")));
}

TEST(Program, Screen_runs_the_stages_of_a_study) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  folder.write("study.toml", study::test::tiny_study() +
                                 std::string("[[study.stage]]\nname = \"wide\"\nkeep = 1\nlevels = [0.95]\n"
                                             "[[study.stage]]\nname = \"best\"\nonly_contexts = [\"plain\"]\n"));
  const std::string command = "screen study.toml -s study.seeds=1 -s 'study.set={\"time.duration\"=\"9 h\"}' -j 2";
  const auto planned = senoma(folder, command + " --plan");
  EXPECT_EQ(planned.code, 0) << planned.err;
  EXPECT_THAT(planned.err, HasSubstr("wide: 14 members"));
  EXPECT_THAT(planned.err, HasSubstr("best: at most 5 members"));
  EXPECT_EQ(senoma(folder, command + " --only CCL2").code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder.path("out")));
  const auto run = senoma(folder, command + " --format json --progress json");
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr(R"({"stage": "best", "done": )"));
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json.at("stages").at(0).at("done"), 14);
  EXPECT_EQ(json.at("stages").at(0).at("kept"), nlohmann::json({"CCL2"}));
  EXPECT_EQ(json.at("stages").at(1).at("name"), "best");
  EXPECT_TRUE(std::filesystem::exists(folder.path("out/study/2-best/ranking.csv")));
}

TEST(StudyProgress, Each_stage_is_told_from_its_beginning) {
  StudyProgressDisplay display("json");
  ::testing::internal::CaptureStderr();
  for (const auto& [stage, done, seconds] :
       {std::tuple{"wide", 9U, 100.0}, {"wide", 9U, 100.1}, {"best", 1U, 1.0}, {"best", 2U, 1.1}, {"best", 10U, 1.2}}) {
    study::StudyProgress p;
    p.stage = stage, p.done = done, p.total = 10, p.wall_seconds = seconds;
    display.show(p);
  }
  const std::string told = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 3) << told;
  EXPECT_THAT(told, HasSubstr(R"("stage": "best", "done": 1,)")) << "its time starts at zero";
}

TEST(Program, A_study_is_checked_shown_and_not_run_as_a_model) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  folder.write("study.toml", study::test::tiny_study());
  const auto checked = senoma(folder, "check study.toml");
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_THAT(checked.out, ::testing::AllOf(HasSubstr("8: 1 none 1 control 4 target 1 drug 1 pair"),
                                            HasSubstr("plain, fragile"), HasSubstr("chemokine (lower)")));
  const auto wrong = senoma(folder, "check study.toml -s 'study.target[CCL2].knock_down=\"CLC2\"'");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'CCL2'"));
  EXPECT_EQ(senoma(folder, "check study.toml --arm drug").code, 2);
  const auto run = senoma(folder, "run study.toml");
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, ::testing::AllOf(HasSubstr("senoma screen study.toml"), HasSubstr("study.toml:1:")));
  EXPECT_FALSE(std::filesystem::exists(folder.path("out")));
  ASSERT_EQ(senoma(folder, "screen study.toml --only death -o out/part").code, 0);
  const auto info = senoma(folder, "info out/part");
  EXPECT_EQ(info.code, 0) << info.err;
  EXPECT_THAT(info.out,
              ::testing::AllOf(HasSubstr("Tiny experiment"), HasSubstr("12 of 32 done, 0 of them failed, 20 missing"),
                               HasSubstr("context     fragile")));
}

TEST(Program, A_posterior_gives_each_seed_a_draw_that_its_folder_keeps) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  folder.write("fit.csv",
               "weight,cell.melanoma.hazard.apoptosis[1/h],cell.melanoma.volume.target[um^3]\n"
               "1,0.01,2000\n2,0.02,2200\n1,0.03,2400\n");
  const std::string common = "run tiny.toml --until '4 h' --progress none --posterior fit.csv ";
  const auto one = senoma(folder, common + "--arm drug --seed 2 -o one");
  ASSERT_EQ(one.code, 0) << one.err;
  ASSERT_EQ(senoma(folder, common + "--arm drug --seeds 2 -o all").code, 0);
  const auto manifest = nlohmann::json::parse(study::test::file_text(folder.path("one/run.json")));
  const auto member = nlohmann::json::parse(study::test::file_text(folder.path("all/arms/drug/seed-2/run.json")));
  EXPECT_EQ(manifest.at("hashes").at("state"), member.at("hashes").at("state")) << "the draw depends on the seed alone";
  EXPECT_EQ(manifest.at("patient"), member.at("patient"));
  EXPECT_EQ(manifest.at("patient").size(), 2U);
  EXPECT_THAT(manifest.at("overrides").dump(), HasSubstr("fit.csv"));
  EXPECT_THAT(study::test::file_text(folder.path("all/patients.csv")), HasSubstr("cell.melanoma.volume.target[um^3]"));
  std::filesystem::remove(folder.path("fit.csv"));
  const auto again = senoma(folder, "run one/model.resolved.toml --seed 2 --progress none -o again");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(nlohmann::json::parse(study::test::file_text(folder.path("again/run.json"))).at("hashes").at("state"),
            manifest.at("hashes").at("state"));
  const auto longer = senoma(folder, "resume all --until '6 h' --progress none");
  EXPECT_EQ(longer.code, 0) << "without the file: " << longer.err;
  folder.write("fit.csv", "weight,cell.melanoma.hazard.apoptosis[1/h]\n1,0.01\n1,fast\n");
  const auto wrong = senoma(folder, common + "-o wrong");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, ::testing::AllOf(HasSubstr("error[E1218]"), HasSubstr("fit.csv:3:3"), HasSubstr("1,fast")));
}

TEST(Program, Other_verbs_are_programs_on_the_path) {
  const Folder folder;
  folder.write("senoma-greet", "#!/bin/sh\necho \"greetings from $1 and $2\"\nexit 7\n");
  std::filesystem::permissions(folder.path("senoma-greet"), std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  ASSERT_EQ(::setenv("PATH", (folder.path("") + ":/usr/bin:/bin").c_str(), 1), 0);
  const auto found = senoma(folder, "greet 'one two' --three");
  EXPECT_EQ(found.code, 7);
  EXPECT_EQ(found.out, "greetings from one two and --three\n");
  // The program's own verbs cannot be replaced.
  folder.write("senoma-explain", "#!/bin/sh\necho replaced\n");
  std::filesystem::permissions(folder.path("senoma-explain"), std::filesystem::perms::owner_all);
  EXPECT_THAT(senoma(folder, "explain E1203").out, ::testing::Not(HasSubstr("replaced")));
  const auto python = senoma(folder, "sensitivity model.toml");
  EXPECT_EQ(python.code, 2);
  EXPECT_THAT(python.err, ::testing::AllOf(HasSubstr("error[E9001]"), HasSubstr("pip install './python[search]'")));
  const auto dask = senoma(folder, "screen study.toml --dask tcp://nowhere:1");
  EXPECT_EQ(dask.code, 2);
  EXPECT_THAT(dask.err, ::testing::AllOf(HasSubstr("error[E9001]"), HasSubstr("pip install './python[dask]'")));
  folder.write("senoma-screen", "#!/bin/sh\necho \"$*\"\n");
  std::filesystem::permissions(folder.path("senoma-screen"), std::filesystem::perms::owner_all);
  EXPECT_EQ(senoma(folder, "--isa sse2 screen a.toml -o screen --dask tcp://there:1 --plan").out,
            "--isa sse2 a.toml -o screen --dask tcp://there:1 --plan\n");
  const auto unknown = senoma(folder, "rnu model.toml");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, ::testing::AllOf(HasSubstr("there is no verb 'rnu'"), HasSubstr("did you mean 'run'?")));
  ::setenv("PATH", path.c_str(), 1);
}

TEST(Program, Findings_leave_a_page_and_fail_when_one_does) {
  const Folder folder;
  std::filesystem::create_directories(folder.path("findings"));
  std::string base = study::test::tiny_model();
  base.replace(base.find("seeds = 2"), 9, "seeds = 8");
  base.replace(base.find("duration = \"2 d\""), 16, "duration = \"6 h\"");
  folder.write("findings/base.toml", base);
  const std::string finding =
      "extends = \"base.toml\"\n[finding]\nid = \"T1\"\nclaim = \"c\"\ncitation = \"d\"\nrole = \"fitted\"\n"
      "[[finding.measure]]\nname = \"n\"\narm = \"no drug\"\nreadout = \"cells\"\nstatistic = \"initial\"\n"
      "[[finding.assert]]\nname = \"there are cells\"\nvalue = \"n\"\n";
  folder.write("findings/t1.toml", finding + "at_least = 30\n");
  const auto good = senoma(folder, "verify --findings --folder findings -o score --format json");
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_EQ(nlohmann::json::parse(good.out)["passed"], 1);
  EXPECT_THAT(good.err, HasSubstr("1 of 1 findings pass (0 of 0 predicted)"));
  EXPECT_THAT(study::test::file_text(folder.path("score/findings.html")), HasSubstr("there are cells"));
  folder.write("findings/t1.toml", finding + "at_least = 31\n");
  const auto bad = senoma(folder, "verify --findings --folder findings -o score");
  EXPECT_EQ(bad.code, 3) << bad.err;
  EXPECT_THAT(bad.err, HasSubstr("FAIL T1     there are cells"));
  EXPECT_EQ(senoma(folder, "check findings/t1.toml").code, 0);
  folder.write("findings/t1.toml", finding + "at_least = \"31 h\"\n");
  const auto wrong = senoma(folder, "check findings/t1.toml");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, ::testing::AllOf(HasSubstr("error[E8103]"), HasSubstr("t1.toml:15:")));
}

TEST(Program, Contexts_are_listed_and_asked_for) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  EXPECT_THAT(senoma(folder, "run tiny.toml --list-contexts").out, HasSubstr("no contexts"));
  std::filesystem::create_directories(folder.path("contexts"));
  folder.write(
      "contexts/leaky.toml",
      "[context]\ntitle = \"Leaky cells\"\ngroup = \"secretion\"\n[cell.melanoma.secretion]\nCCL2 = \"9 molecules/min\"\n");
  folder.write("contexts/tight.toml", "[context]\ntitle = \"Tight cells\"\ngroup = \"secretion\"\n");
  const auto list = senoma(folder, "run tiny.toml --list-contexts");
  EXPECT_EQ(list.code, 0);
  EXPECT_THAT(list.out, ::testing::AllOf(HasSubstr("leaky"), HasSubstr("secretion"), HasSubstr("Leaky cells")));
  EXPECT_THAT(senoma(folder, "check tiny.toml -c leaky --resolved").out, HasSubstr("(context leaky)"));
  const auto both = senoma(folder, "run tiny.toml -c leaky,tight");
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.err, HasSubstr("error[E1113]"));
  const auto run = senoma(folder, "run tiny.toml --context leaky --until '2 h' --seed 1 --arm drug");
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(std::filesystem::exists(folder.path("out/tiny-leaky-drug/run.json")));
}

TEST(Program, Verify_leaves_a_page_and_fails_when_a_check_does) {
  const Folder folder;
  const auto good = senoma(folder, "verify --only pharmacology --only populations/coupling -o pack --format json");
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_EQ(nlohmann::json::parse(good.out)["passed"], 4);
  EXPECT_THAT(good.err, HasSubstr("4 of 4 checks passed"));
  EXPECT_THAT(study::test::file_text(folder.path("pack/verify.html")), HasSubstr("Splitting of the coupling step"));
  for (const auto& entry : std::filesystem::directory_iterator(folder.path("pack")))
    EXPECT_TRUE(entry.is_regular_file()) << entry.path() << " was left behind";
  // A model that does something else than the answer is for.
  std::filesystem::create_directories(folder.path("models/verify/known"));
  std::string model = study::test::file_text(SENOMA_SOURCE_DIR "/models/verify/known/coupling.toml");
  model.replace(model.find("0.03 1/min"), 10, "0.04 1/min");
  folder.write("models/verify/known/coupling.toml", model);
  setenv("SENOMA_MODELS", folder.path("models").c_str(), 1);
  const auto wrong = senoma(folder, "verify --only populations/coupling -o pack2");
  unsetenv("SENOMA_MODELS");
  EXPECT_EQ(wrong.code, 3);
  EXPECT_THAT(wrong.err, HasSubstr("FAIL"));
  EXPECT_EQ(senoma(folder, "verify --quick --full").code, 2);
  EXPECT_EQ(senoma(folder, "verify --only nonsense -o pack4").code, 2);
}

TEST(Program, Exit_codes_tell_usage_configuration_and_input_apart) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  folder.write("broken.toml", "time = { step = \"30 parsecs\" }\n");
  EXPECT_EQ(senoma(folder, "").code, 2);
  EXPECT_EQ(senoma(folder, "fly").code, 2);
  EXPECT_EQ(senoma(folder, "run").code, 2);
  EXPECT_EQ(senoma(folder, "run nowhere.toml").code, 4);
  EXPECT_EQ(senoma(folder, "report nowhere").code, 4);
  const auto broken = senoma(folder, "run broken.toml");
  EXPECT_EQ(broken.code, 2);
  EXPECT_THAT(broken.err, HasSubstr("broken.toml:1:"));
  EXPECT_THAT(broken.err, HasSubstr("^"));
  EXPECT_EQ(broken.err.find("\033["), std::string::npos) << "no colour in a file";
  EXPECT_EQ(senoma(folder, "--version").code, 0);
  EXPECT_EQ(senoma(folder, "explain E1203").code, 0);
  EXPECT_EQ(senoma(folder, "explain E9999").code, 2);
  EXPECT_EQ(senoma(folder, "check tiny.toml").code, 0);
  EXPECT_EQ(senoma(folder, "check tiny.toml -s cell.melanoma.cycle.duration=3").code, 2);
}

TEST(Program, A_run_answers_on_stderr_and_gives_json_only_when_asked) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  const auto text = senoma(folder, "run tiny.toml -o out");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_EQ(text.out, "");
  EXPECT_THAT(text.err, HasSubstr("no drug"));
  EXPECT_THAT(text.err, HasSubstr("out/report.html"));
  const auto json = senoma(folder, "run tiny.toml -o out --format json");
  EXPECT_EQ(json.code, 0);
  const auto data = nlohmann::json::parse(json.out);
  EXPECT_EQ(data["arms"].size(), 2U);
  EXPECT_FALSE(data["words"].empty());
  EXPECT_EQ(senoma(folder, "run tiny.toml -o out -s time.step='2 h'").code, 4) << "another model's folder";
  EXPECT_EQ(senoma(folder, "info out").code, 0);
  EXPECT_EQ(senoma(folder, "report out").code, 0);
  EXPECT_EQ(senoma(folder, "compare out --data nothing.csv").code, 2) << "the experiment has no [compare]";
}

TEST(Program, An_interrupt_leaves_a_folder_that_the_same_command_completes) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  const std::string command = "run tiny.toml -o out -j 1 -s time.step='1 min' --until '4 d'";
  const auto stopped = senoma(folder, command + " & pid=$!; sleep 0.7; kill -TERM $pid; wait $pid; exit $?; true");
  EXPECT_EQ(stopped.code, 75) << stopped.err;
  EXPECT_THAT(study::test::file_text(folder.path("out/run.json")), HasSubstr("\"stopped\""));
}

TEST(Program, A_run_is_saved_extended_branched_and_looked_into) {
  const Folder folder;
  folder.write("tiny.toml", study::test::tiny_model());
  ASSERT_EQ(senoma(folder, "run tiny.toml --arm drug --seed 2 --until '30 h' --checkpoint-at '12 h' -o one").code, 0);
  const auto info = senoma(folder, "info one");
  EXPECT_THAT(info.out, HasSubstr("checkpoints/asked-000000000012.checkpoint"));
  EXPECT_THAT(info.out, HasSubstr("checkpoints/end-000000000030.checkpoint"));
  const auto saved = senoma(folder, "info one/checkpoints/asked-000000000012.checkpoint");
  EXPECT_EQ(saved.code, 0) << saved.err;
  EXPECT_THAT(saved.out, HasSubstr("saved state at 12.0 h of 1.2 d (step 12)"));
  EXPECT_THAT(saved.out, HasSubstr("melanoma naive"));
  const auto branched = senoma(folder, "branch one --at '12 h' -s 'drug.drug.schedule=[]' -o fork --format json");
  EXPECT_EQ(branched.code, 0) << branched.err;
  EXPECT_FALSE(nlohmann::json::parse(branched.out).empty());
  EXPECT_THAT(senoma(folder, "info fork").out, HasSubstr("origin      branch of model"));
  EXPECT_EQ(senoma(folder, "branch one --at '12 h' -o one").code, 4) << "into the original itself";
  EXPECT_EQ(senoma(folder, "branch one --at '12 um' -o two").code, 2);
  EXPECT_EQ(senoma(folder, "branch one --at '12 h' -s time.step='\"2 h\"' -o two").code, 2);
  EXPECT_EQ(senoma(folder, "resume one --until '36 h'").code, 0);
  EXPECT_EQ(senoma(folder, "resume one").code, 4) << "finished";
  EXPECT_EQ(senoma(folder, "run tiny.toml --arm drug --seed 2 --until '30 h' --resume -o nowhere").code, 4);
  EXPECT_EQ(senoma(folder, "run tiny.toml --checkpoint-every often -o two").code, 2);
  EXPECT_EQ(senoma(folder, "run tiny.toml --arm drug --seed 2 --checkpoint-every never -o bare").code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder.path("bare/checkpoints")));
}

TEST(Program, A_network_is_integrated_and_listed) {
  const Folder folder;
  const std::string file = std::string(SENOMA_SOURCE_DIR) + "/models/melanoma-tis/networks/melanoma.xml";
  const auto table = senoma(folder, "network '" + file + "' --end 24 --steps 4 --variables p53 -o out.csv");
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(study::test::file_text(folder.path("out.csv")), HasSubstr("time,p53\n0,"));
  EXPECT_EQ(senoma(folder, "network '" + file + "' --list").code, 0);
  EXPECT_EQ(senoma(folder, "network '" + file + "' --end 24 --variables p54").code, 2);
  EXPECT_EQ(senoma(folder, "network '" + file + "'").code, 2);
}

TEST(Program, Boolean_and_stochastic_networks_run_alone) {
  const Folder folder;
  const std::string known = std::string(SENOMA_SOURCE_DIR) + "/models/verify/known/";
  const std::string toggle = "network '" + known + "toggle.bnd' --config '" + known + "toggle.cfg' --trajectories 500";
  const auto nodes = senoma(folder, toggle + " --nodes --steps 2");
  EXPECT_EQ(nodes.code, 0) << nodes.err;
  EXPECT_THAT(nodes.out, StartsWith("time,P[Signal],error[Signal],P[A],error[A],P[B],error[B]\n0,"));
  const auto one = senoma(folder, toggle + " -j 1"), two = senoma(folder, toggle + " -j 2");
  EXPECT_EQ(one.out, two.out);
  EXPECT_THAT(one.out, HasSubstr("P[Signal -- B]"));
  const auto stochastic = senoma(folder, "network '" + known + "dimerisation.xml' --stochastic --end 5 --steps 1 " +
                                             "--trajectories 50 --variables P2");
  EXPECT_EQ(stochastic.code, 0) << stochastic.err;
  EXPECT_THAT(stochastic.out, StartsWith("time,mean[P2],sd[P2]\n0,0,0\n5,"));
  EXPECT_EQ(senoma(folder, "network '" + known + "toggle.bnd'").code, 2);
  EXPECT_EQ(senoma(folder, "network '" + known + "dimerisation.xml' --end 5 --nodes").code, 2);
}

}  // namespace
}  // namespace senoma::cli
