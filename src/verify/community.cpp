#include "verify/community.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/error.h"
#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "model/load.h"

namespace senoma::verify::community {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) {
    while (!cell.empty() && (cell.back() == '\r' || cell.back() == ' ')) cell.pop_back();
    cells.push_back(cell);
  }
  return cells;
}

double number(const std::string& cell) {
  double value = not_a_number;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc() && end == cell.data() + cell.size() ? value : not_a_number;
}

}  // namespace

study::TimeTable run_model(const Context& context, const std::string& file, std::uint64_t seed,
                           const std::string& profile, const std::vector<std::string>& overrides) {
  model::LoadOptions options;
  options.profile = profile;
  options.overrides = overrides;
  const auto path = context.models / "verify" / (file + ".toml");
  const auto description =
      std::make_shared<engine::Description>(model::load(path.string(), options, mechanisms::catalogue()).description);
  engine::Simulation sim(description, seed, mechanisms::catalogue(), context.threads);
  study::TimeTable table;
  for (const auto& readout : description->readouts) {
    table.names.push_back(readout.name);
    table.units.push_back(readout.unit);
  }
  table.values.resize(table.names.size());
  for (double next = 0;;) {
    if (context.stop && *context.stop) throw Error("E1502", "the run of '" + file + "' was stopped");
    const double time = sim.world.time();
    if (time >= next - 1e-6 || sim.finished()) {
      table.times.push_back(time);
      const auto values = sim.readouts();
      for (std::size_t c = 0; c < values.size(); ++c) table.values[c].push_back(values[c]);
      next += description->summary_every;
    }
    if (sim.finished()) return table;
    sim.step();
  }
}

std::optional<Columns> read_columns(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return std::nullopt;
  Columns columns;
  std::vector<std::string> names;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto cells = cells_of(line);
    if (names.empty()) {
      names = cells;
      continue;
    }
    for (std::size_t i = 0; i < names.size(); ++i)
      columns[names[i]].push_back(i < cells.size() ? number(cells[i]) : not_a_number);
  }
  return columns;
}

Columns published(const Context& context, const std::string& file) {
  auto columns = read_columns(context.models / "verify" / "data" / (file + ".csv"));
  if (!columns || columns->empty())
    throw Error("E1502", "the published points '" + file + ".csv' are not in the folder verify/data of the models");
  return *columns;
}

double at_time(const std::vector<double>& times, const std::vector<double>& values, double t) {
  if (times.empty()) return not_a_number;
  const auto after = std::upper_bound(times.begin(), times.end(), t);
  if (after == times.begin()) return values.front();
  if (after == times.end()) return values.back();
  const auto i = static_cast<std::size_t>(after - times.begin());
  return values[i - 1] + (values[i] - values[i - 1]) * (t - times[i - 1]) / (times[i] - times[i - 1]);
}

void Residuals::add(double simulated, double measured) { each.push_back(std::log(simulated / measured)); }

double Residuals::root_mean_square() const {
  double squares = 0;
  for (const double r : each) squares += r * r;
  return std::sqrt(squares / static_cast<double>(each.size()));
}

double Residuals::largest() const {
  double largest = 0;
  for (const double r : each) largest = std::isnan(r) ? r : std::max(largest, std::abs(r));
  return largest;
}

results::PlotSeries curve(const std::string& name, std::vector<double> x, std::vector<double> y, bool dashed) {
  return {name, "", std::move(x), std::move(y), {}, {}, true, false, dashed};
}

results::PlotSeries points(const std::string& name, std::vector<double> x, std::vector<double> y) {
  return {name, "", std::move(x), std::move(y), {}, {}, false, true, false};
}

void add_reference(const Context& context, const std::string& name, const std::string& file, const std::string& value,
                   double factor, results::LineChart& chart, Outcome& outcome) {
  const auto columns = context.suites.empty() ? std::nullopt : read_columns(context.suites / "community" / file);
  const std::string missing =
      "Curves of other programs are not at hand (SENOMA_SHARED/suites/community) and are left out of the chart.";
  if (!columns || !columns->count(value) || !columns->count("timestep")) {
    if (std::find(outcome.notes.begin(), outcome.notes.end(), missing) == outcome.notes.end())
      outcome.notes.push_back(missing);
    return;
  }
  auto y = columns->at(value);
  for (double& v : y) v *= factor;
  chart.series.push_back(curve(name, columns->at("timestep"), std::move(y), true));
}

}  // namespace senoma::verify::community
