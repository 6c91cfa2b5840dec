#include "study/resolved_text.h"

#include "mechanisms/catalogue.h"
#include "results/files.h"
#include "results/summary_table.h"

namespace senoma::study {

namespace {

bool is_model(const std::string& text, const std::string& name, const model::ResolvedModel& model) {
  try {
    return model::load_text(text, name, {}, mechanisms::catalogue()).hash == model.hash;
  } catch (const Error&) {
    return false;
  }
}

/// The line `duration = …` of the table [time] with the new end, its origin and the note of what it was.
std::string with_end(std::string text, const model::ResolvedModel& model) {
  const auto table = text.find("\n[time]\n");
  if (table == std::string::npos) return {};
  const auto line = text.find("\nduration = ", table);
  if (line == std::string::npos || line > text.find("\n[", table + 1)) return {};
  const auto end = text.find('\n', line + 1);
  const std::string now = results::format_number(model.description.duration);
  text.replace(line, end - line, "\nduration = \"" + now + " min\"  # command line, to go on");
  const std::string marker = "# Description hash: ";
  if (const auto hash = text.find(marker); hash != std::string::npos)
    text.replace(hash + marker.size(), text.find('\n', hash) - hash - marker.size(), model.hash);
  return text;
}

}  // namespace

std::string resolved_text(const std::filesystem::path& existing, const model::ResolvedModel& model) {
  std::error_code ignored;
  if (std::filesystem::exists(existing, ignored)) {
    const std::string text = results::read_file(existing);
    if (is_model(text, existing.string(), model)) return text;
    const std::string further = with_end(text, model);
    if (!further.empty() && is_model(further, existing.string(), model)) return further;
  }
  return model::resolved_toml(model, mechanisms::catalogue());
}

}  // namespace senoma::study
