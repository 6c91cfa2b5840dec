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
#include "verify/findings_page.h"
#include "verify/page.h"

namespace senoma::cli {

namespace fs = std::filesystem;

namespace {

struct VerifyArguments {
  bool quick = false, full = false, list = false, findings = false;
  std::uint64_t seeds = 0;
  std::string folder;
  std::vector<std::string> only;
  std::string out, format = "text";
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

verify::Machine this_machine(int threads) {
  return {"senoma " + study::program_version(), study::instruction_set(), threads};
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
  const fs::path out = a.out.empty() ? "out/verify" : a.out;
  o.scratch = out / fmt::format("runs-{}", ::getpid());  // another verify may run beside
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
  const verify::Machine machine = this_machine(o.threads);
  const std::string data = verify::to_json(results, o, machine);
  results::replace_file(out / "verify.html", results::render_html(verify::page(results, o, machine)), false);
  results::replace_file(out / "verify.json", data, false);
  if (!text) give(data);
  say(fmt::format("{}\n{}\npage   {}\n", erase, verify::summary_of(results, seconds), (out / "verify.html").string()));
  if (stop_flag()) return 130;
  return verify::tally(results).failed ? static_cast<int>(ErrorKind::numerical) : 0;
}

int list_found(const verify::FindingOptions& o) {
  std::string text;
  for (const auto& f : verify::list_findings(o)) {
    text += f.failure.empty() ? fmt::format("{:<8} {:<10} {}\n", f.id, f.role, f.claim)
                              : fmt::format("{:<8} {:<10} {}\n", f.id, "error", f.failure);
  }
  give(text);
  return 0;
}

int run_findings(const VerifyArguments& a) {
  verify::FindingOptions o;
  o.folders = verify::finding_folders(a.folder, model::find_models_folder());
  o.only = a.only;
  if (a.seeds) o.seeds = a.seeds;
  o.threads = a.jobs > 0 ? a.jobs : available_processors();
  o.out = a.out.empty() ? "out/findings" : a.out;
  o.stop = &stop_flag();
  if (a.list) return list_found(o);
  const bool text = a.format == "text", live = text && stderr_is_terminal();
  const std::string erase = live ? "\r\033[K" : "";
  o.done = [&](const verify::FindingResult& result) {
    if (text) say(erase + verify::lines_of(result, terminal_width()));
  };
  o.progress = [&](std::size_t done, std::size_t all, const std::string& begins) {
    if (!live) return;
    std::string line = fmt::format("{} of {} runs; {}", done, all, begins);
    if (const auto room = static_cast<std::size_t>(terminal_width() - 2); line.size() > room) line.resize(room);
    say(erase + line);
  };
  results::make_folders(o.out);
  const auto results = verify::run_findings(o);
  const verify::Machine machine = this_machine(o.threads);
  const std::string data = verify::to_json(results, machine);
  results::replace_file(o.out / "findings.html", results::render_html(verify::page(results, machine)), false);
  results::replace_file(o.out / "findings.json", data, false);
  if (!text) give(data);
  say(fmt::format("{}\n{}\npage   {}\n", erase, verify::summary_of(results), (o.out / "findings.html").string()));
  if (stop_flag()) return interrupted() ? 130 : 75;
  const auto sum = verify::tally(results);
  return sum.passed == sum.all ? 0 : static_cast<int>(ErrorKind::numerical);
}

}  // namespace

void add_verify(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("verify", "Check this program against known answers, other programs and itself");
  auto a = std::make_shared<VerifyArguments>();
  auto* quick = verb->add_flag("--quick", a->quick, "Two minutes: without the long use cases");
  verb->add_flag("--full", a->full, "Everything, the longest use cases to their end too")->excludes(quick);
  auto* findings = verb->add_flag("--findings", a->findings,
                                  "Instead: the model against published findings; goes on where it was stopped");
  verb->add_option(
          "--folder", a->folder,
          "Findings: folder of experiment files with [finding], or of a model (default: the models that come with it)")
      ->needs(findings);
  verb->add_option("--seeds", a->seeds, "Findings: runs per arm, at least 8 (default: the files')")->needs(findings);
  verb->add_option("--only", a->only, "Groups or single checks, or ids of findings; may be given often")
      ->allow_extra_args(false);
  verb->add_flag("--list", a->list, "List the checks (or findings) and run nothing");
  verb->add_option("-o,--out", a->out,
                   "Folder for the page and its JSON, replaced each time (default: out/verify, out/findings)");
  verb->add_option("-j,--jobs", a->jobs, "Threads (default: all processors this process may use)");
  verb->add_option("--format", a->format, "text, or json on the standard output")
      ->check(CLI::IsMember({"text", "json"}));
  verb->footer(
      "Exit code 0 when every check (or finding) passes, 3 when one fails. Reference curves of other programs are read from\n"
      "SENOMA_SHARED (default ../shared) when they are there.\n"
      "Examples:\n  senoma verify --quick\n  senoma verify --only fields --only reproducibility/resume-relapse\n"
      "  senoma verify --findings --list\n  senoma verify --findings --only V02 --seeds 16");
  verb->callback([a, &program] { program.run = [a] { return a->findings ? run_findings(*a) : run_checks(*a); }; });
}

}  // namespace senoma::cli
