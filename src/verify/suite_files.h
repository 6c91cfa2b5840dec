// The files of other people's test suites: settings of "key: value" lines and tables of comma-separated numbers.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace senoma::verify {

[[nodiscard]] std::string trimmed(const std::string& text);
/// Parts without blanks around them; empty parts are left out.
[[nodiscard]] std::vector<std::string> split(const std::string& text, char separator);
[[nodiscard]] std::map<std::string, std::string> read_key_values(const std::filesystem::path& path);

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;
};
[[nodiscard]] Table read_table(const std::filesystem::path& path);

/// The case's SBML file of the highest level and version: names sort that way (…-sbml-l2v5.xml < …-sbml-l3v2.xml).
[[nodiscard]] std::filesystem::path model_file(const std::filesystem::path& folder, const std::string& id);

}  // namespace senoma::verify
