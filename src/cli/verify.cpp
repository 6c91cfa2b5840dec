// senoma verify: the evidence pack.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/parallel.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "model/scaffold.h"
#include "results/files.h"
#include "study/build_info.h"
#include "verify/catalogue.h"
#include "verify/page.h"

namespace senoma::cli {

namespace fs = std::filesystem;

namespace {

struct VerifyArguments {
  bool quick = false, full = false, list = false;
  std::vector<std::string> only;
  std::string out = "out/verify", format = "text";
  int jobs = 0;
};

int list_checks() {
  std::string text, group;
  for (const auto& check : verify::catalogue()) {
    if (check.group != group) text += (group.empty() ? "" : "\n") + check.group + "\n";
    group = check.group;
    text += fmt::format("  {:<40} {}{}\n", check.id, check.title,
                        check.from == verify::Depth::quick ? "" : " (not with --quick)");
  }
  give(text);
  return 0;
}

int run_checks(const VerifyArguments& a) {
  if (a.list) return list_checks();
  verify::RunOptions o;
  o.depth = a.quick ? verify::Depth::quick : a.full ? verify::Depth::full : verify::Depth::standard;
  o.threads = a.jobs > 0 ? a.jobs : available_processors();
  o.only = a.only;
  o.models = model::find_models_folder();
  if (o.models.empty())
    throw Error("E1502", "the models that come with Senoma are not to be found")
        .help("set SENOMA_MODELS to their folder");
  if (const char* shared = std::getenv("SENOMA_SHARED"))
    o.suites = fs::path(shared) / "suites";
  else if (fs::exists("../shared/suites"))
    o.suites = "../shared/suites";
  o.scratch = fs::path(a.out) / fmt::format("runs-{}", ::getpid());  // another verify may run beside
  o.stop = &stop_flag();
  const bool text = a.format == "text", live = text && stderr_is_terminal();
  const std::string erase = live ? "\r\033[K" : "";
  o.begun = [&](const verify::Check& check) {
    if (live) say(erase + "running " + check.id + " …");
  };
  o.done = [&](const verify::Result& result) {
    if (text) say(erase + verify::line_of(result, terminal_width()) + "\n" + verify::details_of(result));
  };
  results::make_folders(o.scratch);
  const auto start = std::chrono::steady_clock::now();
  const auto results = verify::run(verify::catalogue(), o);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::error_code ignored;
  fs::remove_all(o.scratch, ignored);
  const verify::Machine machine{"senoma " + study::program_version(), study::instruction_set(), o.threads};
  const std::string data = verify::to_json(results, o, machine);
  results::replace_file(fs::path(a.out) / "verify.html", results::render_html(verify::page(results, o, machine)),
                        false);
  results::replace_file(fs::path(a.out) / "verify.json", data, false);
  if (!text) give(data);
  say(fmt::format("{}\n{}\npage   {}\n", erase, verify::summary_of(results, seconds),
                  (fs::path(a.out) / "verify.html").string()));
  if (stop_flag()) return 130;
  return verify::tally(results).failed ? static_cast<int>(ErrorKind::numerical) : 0;
}

}  // namespace

void add_verify(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("verify", "Check this program against known answers, other programs and itself");
  auto a = std::make_shared<VerifyArguments>();
  auto* quick = verb->add_flag("--quick", a->quick, "Two minutes: without the long use cases");
  verb->add_flag("--full", a->full, "Everything, the longest use cases to their end too")->excludes(quick);
  verb->add_option("--only", a->only, "Groups or single checks; may be given often")->allow_extra_args(false);
  verb->add_flag("--list", a->list, "List the checks and run nothing");
  verb->add_option("-o,--out", a->out, "Folder for verify.html and verify.json, replaced each time")
      ->capture_default_str();
  verb->add_option("-j,--jobs", a->jobs, "Threads (default: all processors this process may use)");
  verb->add_option("--format", a->format, "text, or json on the standard output")
      ->check(CLI::IsMember({"text", "json"}));
  verb->footer(
      "Exit code 0 when every check passes, 3 when one fails. Reference curves of other programs are read from\n"
      "SENOMA_SHARED (default ../shared) when they are there.\n"
      "Examples:\n  senoma verify --quick\n  senoma verify --only fields --only reproducibility/resume-relapse");
  verb->callback([a, &program] { program.run = [a] { return run_checks(*a); }; });
}

}  // namespace senoma::cli
