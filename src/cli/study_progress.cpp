#include "cli/study_progress.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/terminal.h"

namespace senoma::cli {

std::string study_progress_line(const study::StudyProgress& p) {
  std::string line = p.stage.empty() ? "" : p.stage + ": ";
  line += fmt::format("{}/{} members", p.done, p.total);
  if (p.failed > 0) line += fmt::format(", {} failed", p.failed);
  if (p.seconds_left >= 0 && p.done < p.total) line += ", " + results::format_wall_time(p.seconds_left) + " left";
  return line;
}

std::string study_progress_json(const study::StudyProgress& p) {
  std::string stage;
  if (!p.stage.empty()) stage = R"("stage": )" + nlohmann::json(p.stage).dump() + ", ";
  return fmt::format(R"({{{}"done": {}, "failed": {}, "total": {}, "wall_seconds": {:.1f}, "seconds_left": {:.1f}}})",
                     stage, p.done, p.failed, p.total, p.wall_seconds, p.seconds_left);
}

StudyProgressDisplay::StudyProgressDisplay(const std::string& style)
    : json_(style == "json"),
      none_(style == "none"),
      overwrite_(!json_ && stderr_is_terminal()),
      interval_(overwrite_ ? 0.1
                : json_    ? 1.0
                           : 30.0),
      pace_(interval_) {}

StudyProgressDisplay::~StudyProgressDisplay() {
  if (open_) say("\n");
}

void StudyProgressDisplay::show(const study::StudyProgress& p) {
  if (p.stage != stage_) pace_ = results::ProgressPace(interval_);  // the time of a stage starts at zero
  stage_ = p.stage;
  if (none_ || !(pace_.due(p.wall_seconds) || p.done == p.total)) return;
  const std::string line = json_ ? study_progress_json(p) : study_progress_line(p);
  if (!overwrite_) return say(line + "\n");
  say("\r" + line + "\033[K" + (p.done == p.total ? "\n" : ""));
  open_ = p.done != p.total;
}

}  // namespace senoma::cli
