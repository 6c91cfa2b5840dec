#include "verify/suite_files.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace senoma::verify {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    if (const auto clean = trimmed(part); !clean.empty()) parts.push_back(clean);
  }
  return parts;
}

std::map<std::string, std::string> read_key_values(const std::filesystem::path& path) {
  std::map<std::string, std::string> values;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    if (colon != std::string::npos) values[trimmed(line.substr(0, colon))] = trimmed(line.substr(colon + 1));
  }
  return values;
}

Table read_table(const std::filesystem::path& path) {
  Table table;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  table.names = split(line, ',');
  while (std::getline(in, line)) {
    std::vector<double> row;
    for (const auto& cell : split(line, ',')) row.push_back(std::strtod(cell.c_str(), nullptr));
    if (!row.empty()) table.rows.push_back(std::move(row));
  }
  return table;
}

std::filesystem::path model_file(const std::filesystem::path& folder, const std::string& id) {
  std::filesystem::path best;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(id + "-sbml-l", 0) == 0 && name > best.filename().string()) best = entry.path();
  }
  return best;
}

}  // namespace senoma::verify
