// A table of an answer as plain text, for terminals.
#include <algorithm>

#include "study/outcome.h"

namespace senoma::study {

namespace {

std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t w = display_width(text);
  const std::string space(width > w ? width - w : 0, ' ');
  return right ? space + text : text + space;
}

}  // namespace

std::string render_text(const TextTable& table, int width) {
  // Intervals stand beside the values where there is room, else below them.
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> names, units;
  for (const auto& [name, unit] : table.columns) {
    names.push_back(name);
    units.push_back(unit);
  }
  lines.push_back(names);
  lines.push_back(units);
  for (const auto& row : table.rows) {
    std::vector<std::string> values, intervals;
    bool any = false;
    for (const auto& text : row) {
      const auto bar = text.find('|');
      values.push_back(text.substr(0, bar));
      intervals.push_back(bar == std::string::npos ? "" : "(" + text.substr(bar + 1) + ")");
      any |= bar != std::string::npos;
    }
    lines.push_back(values);
    if (any) lines.push_back(intervals);
  }
  std::vector<std::size_t> widths(names.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], display_width(line[c]));
  }
  std::string out;
  std::size_t from = 1;
  while (from < names.size() || from == 1) {  // blocks of columns that fit the width, the first column repeated
    std::size_t used = widths[0], to = from;
    while (to < names.size() && (to == from || used + 2 + widths[to] <= static_cast<std::size_t>(std::max(40, width))))
      used += 2 + widths[to++];
    for (const auto& line : lines) {
      std::string text = padded(line[0], widths[0], false);
      for (std::size_t c = from; c < to; ++c) text += "  " + padded(line[c], widths[c], true);
      while (!text.empty() && text.back() == ' ') text.pop_back();
      out += text + "\n";
    }
    if (to >= names.size()) break;
    out += "\n";
    from = to;
  }
  for (const auto& note : table.notes) out += note + "\n";
  return out;
}

}  // namespace senoma::study
