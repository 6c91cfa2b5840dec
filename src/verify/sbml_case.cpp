// One case of the SBML Test Suite (sbml.org), run and compared as the suite says: |value − reference| ≤ absolute +
// relative · |reference| for every variable and time.
#include "verify/sbml_case.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "convert/sbml.h"
#include "network/trajectory.h"
#include "verify/suite_files.h"

namespace senoma::verify {

namespace fs = std::filesystem;

namespace {

struct Settings {
  double duration = 0.0, absolute = 0.0, relative = 0.0, start = 0.0;
  int steps = 0;
  std::vector<std::string> variables;
  std::set<std::string> amount, concentration;
};

Settings read_settings(const fs::path& path) {
  auto values = read_key_values(path);
  const auto number = [&](const char* key) { return values[key].empty() ? 0.0 : std::stod(values[key]); };
  Settings settings;
  settings.start = number("start");
  settings.duration = number("duration");
  settings.absolute = number("absolute");
  settings.relative = number("relative");
  settings.steps = static_cast<int>(number("steps"));
  settings.variables = split(values["variables"], ',');
  for (const auto& name : split(values["amount"], ',')) settings.amount.insert(name);
  for (const auto& name : split(values["concentration"], ',')) settings.concentration.insert(name);
  return settings;
}

/// Values over time of what the settings ask for under `name`.
std::vector<double> column_of(const network::Trajectory& trajectory, const network::OdeSystem& system,
                              const std::string& name, const Settings& settings) {
  std::vector<std::string> candidates{name};
  if (settings.amount.count(name) > 0) candidates.insert(candidates.begin(), "amount(" + name + ")");
  if (settings.concentration.count(name) > 0) candidates.insert(candidates.begin(), "concentration(" + name + ")");
  const auto end = trajectory.names.end();
  for (const auto& candidate : candidates) {
    const auto found = std::find(trajectory.names.begin() + 1, end, candidate);  // a model may have an id "time" too
    if (found != end) return trajectory.columns[static_cast<std::size_t>(found - trajectory.names.begin())];
    if (const auto index = system.find_parameter(candidate)) {
      return std::vector<double>(trajectory.columns[0].size(), system.parameters[*index].value);
    }
  }
  return {};
}

bool agrees(double value, double reference, const Settings& settings) {
  if (std::isnan(reference) || std::isnan(value)) return std::isnan(reference) && std::isnan(value);
  if (std::isinf(reference)) return value == reference;
  return std::abs(value - reference) <= settings.absolute + settings.relative * std::abs(reference);
}

/// Empty when the case passes, else what differs first.
std::string compare(const network::Trajectory& trajectory, const network::OdeSystem& system, const Table& expected,
                    const Settings& settings) {
  for (std::size_t c = 1; c < expected.names.size(); ++c) {
    const auto values = column_of(trajectory, system, expected.names[c], settings);
    if (values.empty()) return "no quantity named " + expected.names[c];
    if (values.size() != expected.rows.size()) return "different number of rows";
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (agrees(values[k], expected.rows[k][c], settings)) continue;
      std::ostringstream out;
      out.precision(10);
      out << expected.names[c] << " at t = " << expected.rows[k][0] << ": " << values[k] << " instead of "
          << expected.rows[k][c];
      return out.str();
    }
  }
  return {};
}

}  // namespace

std::string run_sbml_case(const fs::path& folder, const std::string& id) {
  const Settings settings = read_settings(folder / (id + "-settings.txt"));
  const auto model = convert::read_sbml(model_file(folder, id).string());
  network::IntegratorOptions options;
  options.relative_tolerance = std::min(1e-8, settings.relative * 1e-4);
  options.absolute_tolerance = std::min(1e-12, settings.absolute * 1e-4);
  options.max_steps = 1000000;
  const auto trajectory =
      network::integrate_one(model.system, options, settings.start + settings.duration, settings.steps);
  return compare(trajectory, model.system, read_table(folder / (id + "-results.csv")), settings);
}

}  // namespace senoma::verify
