#include "base/error.h"

#include <algorithm>
#include <numeric>
#include <sstream>

namespace senoma {

Error::Error(std::string code, std::string message, ErrorKind kind)
    : std::runtime_error("[" + code + "] " + message),
      code_(std::move(code)),
      message_(std::move(message)),
      kind_(kind) {}

Error& Error::at(SourcePosition position) & {
  position_ = std::move(position);
  return *this;
}
Error& Error::label(std::string text) & {
  label_ = std::move(text);
  return *this;
}
Error& Error::help(std::string remedy) & {
  remedies_.push_back(std::move(remedy));
  return *this;
}
Error&& Error::at(SourcePosition position) && { return std::move(this->at(std::move(position))); }
Error&& Error::label(std::string text) && { return std::move(this->label(std::move(text))); }
Error&& Error::help(std::string remedy) && { return std::move(this->help(std::move(remedy))); }

namespace {

std::string line_of(const std::string& text, int line) {
  std::istringstream in(text);
  std::string found;
  for (int i = 0; i < line; ++i) {
    if (!std::getline(in, found)) return {};
  }
  if (!found.empty() && found.back() == '\r') found.pop_back();
  std::replace(found.begin(), found.end(), '\t', ' ');
  return found;
}

/// The letters (not bytes) of UTF-8 text in bytes [begin, begin + length); places beyond its end count one each.
std::size_t letters(const std::string& text, std::size_t begin, std::size_t length) {
  std::size_t n = 0;
  for (std::size_t i = begin; i < begin + length; ++i)
    n += i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
  return n;
}

}  // namespace

std::string Error::render(const std::string& source_text, bool colour) const {
  const char* red = colour ? "\033[1;31m" : "";
  const char* blue = colour ? "\033[1;34m" : "";
  const char* off = colour ? "\033[0m" : "";
  std::ostringstream out;
  out << red << "error[" << code_ << "]" << off << ": " << message_;
  if (position_ && !position_->file.empty()) {
    out << "\n  " << blue << "-->" << off << " " << position_->file;
    if (position_->line > 0) out << ":" << position_->line;
    if (position_->line > 0 && position_->column > 0) out << ":" << position_->column;
    const std::string excerpt = position_->line > 0 ? line_of(source_text, position_->line) : std::string{};
    if (!excerpt.empty()) {
      const std::string number = std::to_string(position_->line);
      out << "\n" << blue << number << " | " << off << excerpt;
      if (position_->column > 0) {
        const auto begin = static_cast<std::size_t>(position_->column - 1);
        out << "\n"
            << blue << std::string(number.size(), ' ') << " | " << off << std::string(letters(excerpt, 0, begin), ' ')
            << red
            << std::string(letters(excerpt, begin, static_cast<std::size_t>(std::max(1, position_->length))), '^')
            << off;
        if (!label_.empty()) out << " " << label_;
      }
    } else if (!label_.empty()) {
      out << "\n   | " << label_;
    }
  }
  for (const auto& remedy : remedies_) out << "\n   = help: " << remedy;
  out << "\n   = see: senoma explain " << code_;
  return out.str();
}

std::string nearest_name(const std::string& word, std::span<const std::string> candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t substitution = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace senoma
