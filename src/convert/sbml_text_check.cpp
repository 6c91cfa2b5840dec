#include "convert/sbml_text_check.h"

#include <algorithm>
#include <cctype>

#include "base/error.h"

namespace senoma::convert::sbml {
namespace {

constexpr int max_depth = 400;
constexpr std::size_t max_bytes = std::size_t{512} << 20;

[[noreturn]] void refuse(const std::string& message, std::string_view text, std::size_t at, const std::string& file) {
  const int line = 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  throw Error("E3002", message).at({file, line, 0, 0}).help("check that this is the SBML file you meant");
}

/// The position after `end`, searched from `from`; the end of the text if absent.
std::size_t skip_past(std::string_view text, std::size_t from, std::string_view end) {
  const std::size_t found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

/// The position of the '>' that closes the tag opened at `from`, quotes respected.
std::size_t tag_end(std::string_view text, std::size_t from) {
  char quote = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i;
    }
  }
  return text.size();
}

void check_nesting(std::string_view text, const std::string& file) {
  int depth = 0;
  std::size_t i = text.find('<');
  while (i < text.size()) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("<!--")) {
      i = skip_past(text, i + 4, "-->");
    } else if (rest.starts_with("<![CDATA[")) {
      i = skip_past(text, i + 9, "]]>");
    } else if (rest.starts_with("<?")) {
      i = skip_past(text, i + 2, "?>");
    } else if (rest.starts_with("<!")) {
      refuse("a document type declaration is not allowed in SBML", text, i, file);
    } else {
      const std::size_t end = tag_end(text, i);
      if (rest.starts_with("</")) {
        --depth;
      } else if (end == text.size() || text[end - 1] != '/') {
        ++depth;
      }
      if (depth > max_depth) refuse("elements are nested deeper than " + std::to_string(max_depth), text, i, file);
      i = end;
    }
    i = i < text.size() ? text.find('<', i) : text.size();
  }
}

/// The length of the UTF-8 sequence at `i`, 0 if it is not one.
std::size_t utf8_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U; };
  const unsigned first = byte(i);
  if (first < 0x80) return 1;
  const std::size_t n = first >= 0xC2 && first < 0xE0   ? 2
                        : first >= 0xE0 && first < 0xF0 ? 3
                        : first >= 0xF0 && first < 0xF5 ? 4
                                                        : 0;
  for (std::size_t k = 1; k < n; ++k) {
    if ((byte(i + k) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(i + 1) < 0xA0) || (first == 0xF0 && byte(i + 1) < 0x90);
  const bool outside = (first == 0xED && byte(i + 1) > 0x9F) || (first == 0xF4 && byte(i + 1) > 0x8F);
  return overlong || outside ? 0 : n;
}

/// SBML is UTF-8; the XML library would otherwise convert, and print what it cannot convert.
void check_encoding(std::string_view text, std::string_view start, const std::string& file) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = utf8_length(text, i);
    if (n == 0) refuse("the text is not UTF-8", text, i, file);
    i += n;
  }
  const std::string_view declaration =
      start.starts_with("<?xml") ? start.substr(0, start.find("?>")) : std::string_view{};
  const auto at = declaration.find("encoding");
  if (at == std::string_view::npos) return;
  const auto open = declaration.find_first_of("\"'", at);
  if (open == std::string_view::npos) return;
  std::string name(declaration.substr(open + 1, declaration.find(declaration[open], open + 1) - open - 1));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name != "utf-8" && name != "us-ascii" && name != "ascii") {
    refuse("SBML must be encoded as UTF-8, the file says '" + name + "'", text, 0, file);
  }
}

}  // namespace

void check_text(std::string_view text, const std::string& file) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) refuse("the file is empty", text, 0, file);
  if (text.size() > max_bytes) refuse("the file is larger than 512 MiB", text, 0, file);
  if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    refuse("the file is binary, not an SBML text", text, zero, file);
  }
  std::string_view start = text;
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  start.remove_prefix(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
  if (!start.starts_with("<")) refuse("not SBML: the text does not start with '<'", text, 0, file);
  check_encoding(text, start, file);
  check_nesting(text, file);
}

}  // namespace senoma::convert::sbml
