// Other people's suites, read where they lie.
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/error.h"
#include "verify/catalogue.h"
#include "verify/sbml_case.h"

namespace senoma::verify {

namespace fs = std::filesystem;

namespace {

/// "…not supported: event 'e' (line 3); delay in the rule of 'x' (line 9)" → {"event", "delay in the rule of"};
/// the names of packages are kept.
std::set<std::string> reasons_in(const std::string& message) {
  std::set<std::string> reasons;
  const auto colon = message.find("supported: ");
  std::istringstream items(message.substr(colon == std::string::npos ? 0 : colon + 11));
  for (std::string item; std::getline(items, item, ';');) {
    item = item.substr(0, item.find(" (line "));
    const auto open = item.find("package") < 2 ? std::string::npos : item.find(" '");
    const auto close = open == std::string::npos ? open : item.find('\'', open + 2);
    if (close != std::string::npos) item.erase(open, close - open + 1);
    item.erase(0, item.find_first_not_of(' '));
    if (!item.empty()) reasons.insert(item);
  }
  return reasons;
}

Outcome sbml_test_suite(const Context& context) {
  Outcome outcome;
  const fs::path suite = context.suites / "sbml";
  std::ifstream index(suite / "index.tsv");
  if (context.suites.empty() || !index) {
    outcome.skipped = "the SBML Test Suite is not at hand (SENOMA_SHARED/suites/sbml)";
    return outcome;
  }
  int total = 0, supported = 0, incomplete = 0, unnamed = 0;
  std::vector<std::string> failed;
  std::map<std::string, int> reasons;
  std::string line;
  std::getline(index, line);
  while (std::getline(index, line) && !(context.stop && context.stop->load())) {
    const std::string id = line.substr(0, line.find('\t'));
    if (!fs::is_directory(suite / id)) continue;
    ++total;
    std::string problem;
    try {
      problem = run_sbml_case(suite / id, id);
    } catch (const Error& error) {
      if (error.code() == "E3001") {
        unnamed += error.message().find("(line ") == std::string::npos ? 1 : 0;
        for (const auto& reason : reasons_in(error.message())) ++reasons[reason];
        continue;
      }
      if (error.code() == "E3003" && error.message().find("refers to") != std::string::npos) {
        ++incomplete;  // the suite's folder lacks a file that the case names
        continue;
      }
      problem = error.code() + " " + error.message();
    }
    ++supported;
    if (!problem.empty()) failed.push_back(id + ": " + problem);
  }
  outcome.at_least("share of cases that are supported", total > 0 ? static_cast<double>(supported) / total : 0.0, 0.9);
  outcome.at_most("supported cases that disagree", static_cast<double>(failed.size()), 0);
  outcome.at_most("refused cases without the place of what is refused", unnamed, 0);
  outcome.notes.push_back(fmt::format("{} cases: {} supported, {} refused by name, {} without a file they refer to.",
                                      total, supported, total - supported - incomplete, incomplete));
  for (const auto& f : failed) outcome.notes.push_back("Case " + f + ".");
  results::ReportTable table;
  table.title = "What is refused";
  table.columns = {{"reason", "", false}, {"cases", ""}};
  for (const auto& [reason, count] : reasons) table.rows.push_back({reason, std::to_string(count)});
  outcome.blocks.emplace_back(table);
  return outcome;
}

}  // namespace

std::vector<Check> conformance_checks() {
  return {
      {"conformance", "conformance/sbml-test-suite", "SBML Test Suite, semantic cases",
       "Every case is either simulated within the tolerance it gives, or refused with the name and place of what is "
       "not supported.",
       Depth::quick, false, sbml_test_suite}};
}

}  // namespace senoma::verify
