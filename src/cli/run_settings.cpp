#include "cli/run_settings.h"

#include <fmt/format.h>

#include <memory>

#include "base/parallel.h"
#include "base/processors.h"
#include "base/units.h"
#include "cli/terminal.h"
#include "study/answer.h"
#include "study/member_record.h"

namespace senoma::cli {

void add_run_settings(CLI::App& verb, RunSettings& s) {
  verb.add_option("-j,--jobs", s.jobs, "Threads (default: all processors this process may use)");
  verb.add_option(
      "--checkpoint-every", s.checkpoint_every,
      "Wall time between saved states (default: '10 min'), or never: then none is kept but of an interruption");
  verb.add_option("--checkpoint-at", s.checkpoint_at,
                  "Simulated time whose state is saved and kept; may be given often")
      ->allow_extra_args(false);
  verb.add_option("--max-walltime", s.max_walltime,
                  "Save and stop within this wall time, with exit code 75; the same command goes on");
  verb.add_option("--format", s.format, "text, or json to stdout")->check(CLI::IsMember({"text", "json"}));
  verb.add_option("--progress", s.progress, "auto, json or none")->check(CLI::IsMember({"auto", "json", "none"}));
}

double parse_time(const std::string& text, const std::string& option) {
  try {
    return convert_to(parse_quantity(text), dim::time);
  } catch (const Error& error) {
    Error located(error.code(), option + ": " + error.message(), error.kind());
    located.help("write a number and a unit of time, e.g. " + option + " '30 min'");
    throw located;
  }
}

void apply(const RunSettings& s, study::ExperimentOptions& o) {
  o.jobs = s.jobs > 0 ? s.jobs : available_processors();
  if (s.checkpoint_every == "never") {
    o.save.every_seconds = 0;
    o.save.at_end = false;
  } else {
    o.save.every_seconds = 60.0 * parse_time(s.checkpoint_every, "--checkpoint-every");
  }
  for (const auto& time : s.checkpoint_at) o.save.at.push_back(parse_time(time, "--checkpoint-at"));
  if (!s.max_walltime.empty()) {
    const std::chrono::duration<double> allowed(60.0 * parse_time(s.max_walltime, "--max-walltime"));
    o.deadline = s.start + std::chrono::duration_cast<std::chrono::steady_clock::duration>(allowed);
  }
  o.stop = &stop_flag();
}

namespace {

void show_answer(const study::ExperimentResult& result, bool json) {
  const auto answer = study::answer(result);
  say("\n" + study::render_text(answer.table, terminal_width()));
  for (const auto& paragraph : answer.words) say("\n" + wrap(paragraph, terminal_width()) + "\n");
  say("\n");
  if (result.single)
    say(results::render_run_end(study::run_end(result.members[0][0], result.title, result.out)));
  else
    say(fmt::format("results  {}\nreport   {}\n", result.out.string(), (result.out / "report.html").string()));
  if (!result.single && result.rerun)
    say("Nothing had to be simulated: the folder holds all runs of this experiment.\n");
  std::size_t shown = 0;
  for (const auto& warning : study::merged_warnings(result)) {
    if (!result.single && ++shown <= 5) say("warning  " + warning + "\n");
  }
  if (shown > 5) say(fmt::format("         and {} more, in the report\n", shown - 5));
  if (json) give(study::answer_json(result, answer));
}

}  // namespace

int run_and_show(const RunSettings& settings, study::ExperimentOptions& options,
                 const std::function<study::ExperimentResult()>& work) {
  study::ExperimentResult result;
  if (settings.progress == "auto") {
    say("threads  " +
        (settings.jobs > 0 ? fmt::format("{}, as asked for", options.jobs)
                           : fmt::format("{}: {}", options.jobs, usable_processors().reason)) +
        "\n");
  }
  {
    ProgressDisplay display(settings.progress == "json"   ? ProgressStyle::json
                            : settings.progress == "none" ? ProgressStyle::none
                                                          : ProgressStyle::automatic);
    options.progress = [&](const results::Progress& p) { display.show(p); };
    options.note = [&](const std::string& text) { display.say_between(text); };
    result = work();
  }
  if (!result.stopped && !result.first_error()) study::write_answer(result);
  show_answer(result, settings.format == "json");
  if (const auto error = result.first_error()) throw *error;
  if (!result.stopped) return 0;
  say("stopped; the state is saved, and the same command goes on from it\n");
  return interrupted() ? 130 : 75;
}

}  // namespace senoma::cli
