#include "verify/dsmts_case.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "convert/sbml_reactions.h"
#include "network/ssa_simulation.h"
#include "verify/suite_files.h"

namespace senoma::verify {

namespace {

struct Range {
  double low = 0.0, high = 0.0;
  [[nodiscard]] bool holds(double value) const { return value >= low && value <= high; }
};

/// "(-3, 3)"
Range read_range(const std::string& text) {
  Range range;
  if (std::sscanf(text.c_str(), "(%lf,%lf)", &range.low, &range.high) != 2) range = {1.0, -1.0};  // holds nothing
  return range;
}

std::string find_name(const network::OdeSystem& system, const std::string& species, bool amount) {
  const auto known = system.names();
  const auto has = [&](const std::string& name) { return std::find(known.begin(), known.end(), name) != known.end(); };
  const std::string reading = (amount ? "amount(" : "concentration(") + species + ")";
  return has(reading) ? reading : has(species) ? species : "";
}

}  // namespace

DsmtsResult run_dsmts_case(const std::filesystem::path& folder, const std::string& id, std::uint64_t runs,
                           std::uint64_t seed, const Context& context) {
  auto settings = read_key_values(folder / (id + "-settings.txt"));
  const Table expected = read_table(folder / (id + "-results.csv"));
  const Range means = read_range(settings["meanRange"]), deviations = read_range(settings["sdRange"]);
  const auto amounts = split(settings["amount"], ',');
  const auto model = convert::read_sbml_reactions(model_file(folder, id).string());
  DsmtsResult result;

  network::SsaRun run;
  run.end = std::strtod(settings["duration"].c_str(), nullptr);
  run.steps = std::atoi(settings["steps"].c_str());
  run.trajectories = runs;
  run.seed = seed;
  run.stop = context.stop;
  std::map<std::string, std::size_t> column;  // of the results
  for (const auto& species : split(settings["variables"], ',')) {
    const bool amount = std::find(amounts.begin(), amounts.end(), species) != amounts.end();
    const std::string name = find_name(model.system.quantities, species, amount);
    if (name.empty()) {
      result.problem = "no quantity named " + species;
      return result;
    }
    column[species] = run.variables.size();
    run.variables.push_back(name);
  }
  const auto results = network::simulate(model.system, run, Executor(context.threads));
  result.runs = results.trajectories;
  const auto n = static_cast<double>(results.trajectories);
  result.jumps = static_cast<double>(results.jumps) / n;
  if (expected.rows.size() != results.times.size()) {
    result.problem = "different number of rows";
    return result;
  }
  const auto expected_column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(expected.names.begin(), expected.names.end(), name) -
                                    expected.names.begin());
  };
  for (const auto& [species, at] : column) {
    const std::size_t c = expected_column(species + "-mean"), d = expected_column(species + "-sd");
    if (c == expected.names.size() || d == expected.names.size()) {
      result.problem = "no columns " + species + "-mean and " + species + "-sd";
      return result;
    }
    for (std::size_t k = 0; k < results.times.size(); ++k) {
      const double mean = results.mean[at][k], deviation = results.deviation[at][k];
      const double mu = expected.rows[k][c], sigma = expected.rows[k][d];
      result.points += 2;
      if (sigma == 0.0) {
        result.outside += (mean == mu ? 0 : 1) + (deviation == 0.0 ? 0 : 1);
        continue;
      }
      const double z = std::sqrt(n) * (mean - mu) / sigma;
      const double y = std::sqrt(n / 2.0) * (deviation * deviation / (sigma * sigma) - 1.0);
      result.worst_mean = std::max(result.worst_mean, std::abs(z));
      result.worst_deviation = std::max(result.worst_deviation, std::abs(y));
      result.outside += (means.holds(z) ? 0 : 1) + (deviations.holds(y) ? 0 : 1);
    }
  }
  return result;
}

}  // namespace senoma::verify
