#include "study/member.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "results/summary_table.h"
#include "study/build_info.h"
#include "study/observer.h"

namespace senoma::study {
namespace fs = std::filesystem;

std::optional<std::size_t> TimeTable::find(const std::string& name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<double> TimeTable::column(const std::string& name) const {
  const auto found = find(name);
  return found ? values[*found] : std::vector<double>{};
}

std::string member_hash(const model::ResolvedModel& model, const std::string& medium_hash) {
  return medium_hash.empty() ? model.hash : model.hash + "+" + medium_hash;
}

namespace {

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::shared_ptr<const engine::Description> with_medium(const engine::Description& description,
                                                       const std::map<std::string, double>& medium) {
  auto copy = std::make_shared<engine::Description>(description);
  for (auto& substrate : copy->substrates) {
    if (const auto found = medium.find(substrate.name); found != medium.end()) substrate.initial = found->second;
  }
  return copy;
}

results::Manifest first_manifest(const model::ResolvedModel& model, const MemberOptions& options) {
  results::Manifest m;
  m.senoma_version = program_version();
  m.versions = library_versions();
  m.instruction_set = instruction_set();
  m.title = model.title;
  m.model_file = fs::path(options.model_file).filename().string();
  m.arm = options.arm;
  m.profile = options.profile;
  m.overrides = options.overrides;
  m.model_hash = member_hash(model, options.medium_hash);
  m.seed = options.seed;
  m.threads = options.threads;
  m.end_time = model.description.duration;
  m.warnings = model.warnings;
  return m;
}

/// An unfinished run starts anew: what it wrote goes, the manifest and the lock stay.
void clear_unfinished(const results::RunFolder& folder) {
  for (const char* name : {"summary.csv", "populations.csv", "secretome.csv", "events.csv", "cells.zarr",
                           "fields.ome.zarr", "maps.json", "report.html", "model.resolved.toml", "log.txt"}) {
    std::error_code ignored;
    fs::remove_all(folder.file(name), ignored);
  }
}

void collect(const engine::Simulation& sim, MemberResult& result) {
  result.time = sim.world.time();
  result.cells = sim.world.cells.size();
  result.cell_updates = static_cast<double>(sim.cell_updates);
  state::Counters total;
  for (const auto& c : sim.world.counters) {
    total.divisions += c.divisions;
    total.deaths += c.deaths;
    total.removals += c.removals;
    total.conversions += c.conversions;
  }
  result.counts = {{"steps", static_cast<std::uint64_t>(sim.world.tick)},
                   {"cells at the end", result.cells},
                   {"divisions", total.divisions},
                   {"deaths", total.deaths},
                   {"cells removed", total.removals},
                   {"network steps", sim.network_steps},
                   {"field solver iterations", sim.solver_iterations},
                   {"field steps redone", sim.backward_euler_steps}};
  for (std::size_t p = 0; p < engine::pass_names.size(); ++p)
    result.pass_seconds.emplace_back(engine::pass_names[p], sim.seconds[p]);
  for (const auto& ledger : sim.world.ledgers)
    result.ledger_error = std::max(result.ledger_error, ledger.worst_closing_error);
  for (const auto& field : sim.world.fields) {
    double sum = 0.0;
    for (const double v : field.rho) sum += v;
    result.final_medium[field.name] = field.rho.empty() ? 0.0 : sum / static_cast<double>(field.rho.size());
  }
}

/// Steps until the end or the stop flag. Returns whether the end was reached.
bool advance(engine::Simulation& sim, Observer& observer, const MemberOptions& options) {
  const Stopwatch clock;
  double next_progress = 0.0;
  const auto report = [&] {
    if (!options.progress || clock.seconds() < next_progress) return;
    next_progress = clock.seconds() + 0.1;
    results::Progress p;
    p.time = sim.world.time();
    p.end_time = sim.description->duration;
    p.step = sim.world.step;
    p.wall_seconds = clock.seconds();
    p.cells_by_state = observer.cells_by_label();
    p.memory_bytes = results::current_memory_bytes();
    p.label = options.label;
    options.progress(p);
  };
  observer.observe(sim.finished());
  while (!sim.finished()) {
    if (options.stop && options.stop->load()) return false;
    sim.step();
    observer.write_events();
    observer.observe(sim.finished());
    report();
  }
  return true;
}

void complete_manifest(results::Manifest& m, const MemberResult& result, const engine::Simulation* sim) {
  m.status = result.status;
  m.time = result.time;
  m.tick = sim ? sim->world.tick : 0;
  m.cells = result.cells;
  m.state_hash = result.state_hash;
  m.summary_hash = result.summary_hash;
  m.warnings = result.warnings;
  m.accuracy["ledger_relative_error[1]"] = result.ledger_error;
  for (const auto& [name, value] : result.final_medium) m.accuracy["final_mean." + name] = value;
  for (const auto& [name, value] : result.counts) m.accuracy["count." + name] = static_cast<double>(value);
  m.accuracy["count.cell updates"] = result.cell_updates;
  m.wall_seconds = result.wall_seconds;
  m.peak_memory_bytes = result.peak_memory_bytes;
  m.pass_seconds = result.pass_seconds;
  if (result.error) m.error = result.error->render();
}

}  // namespace

MemberResult run_member(const model::ResolvedModel& model, const MemberOptions& options) {
  const Stopwatch clock;
  results::Manifest manifest = first_manifest(model, options);
  const auto description = with_medium(model.description, options.medium);
  // Binding comes before the folder, so that a model that cannot run leaves none behind.
  engine::Simulation sim(description, options.seed, mechanisms::catalogue(), options.threads);
  results::RunFolder folder = results::RunFolder::create_or_reopen(options.folder, manifest);
  if (folder.resumed()) {
    clear_unfinished(folder);
    folder.write_manifest(manifest);
  }
  results::replace_file(folder.file("model.resolved.toml"), model::resolved_toml(model, mechanisms::catalogue()),
                        false);
  folder.log(fmt::format("senoma {}: {}, seed {}", manifest.senoma_version, model.title, options.seed));

  MemberResult result;
  result.arm = options.arm;
  result.seed = options.seed;
  result.folder = options.folder;
  result.model_hash = manifest.model_hash;
  result.warnings = model.warnings;
  result.end_time = description->duration;
  try {
    Observer observer(model, options, folder, sim);
    bool ended = false;
    try {
      ended = advance(sim, observer, options);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::input_output) throw;  // nothing more can be written
      result.error = error;
    }
    result.status = result.error ? results::RunStatus::failed
                    : ended      ? results::RunStatus::finished
                                 : results::RunStatus::stopped;
    collect(sim, result);
    if (sim.backward_euler_steps > 0) {
      result.warnings.push_back(fmt::format("{} field steps were redone with backward Euler because of undershoot",
                                            sim.backward_euler_steps));
    }
    observer.finish(result);
    result.state_hash = fmt::format("{:016x}", sim.world.hash());
    result.summary_hash = results::file_hash(folder.summary_file());
  } catch (const Error& error) {
    result.error = error;
    result.status = results::RunStatus::failed;
  }
  result.wall_seconds = clock.seconds();
  result.peak_memory_bytes = results::peak_memory_bytes();
  complete_manifest(manifest, result, &sim);
  folder.log(fmt::format("{} {}", results::format_simulated_time(result.time), results::name(result.status)));
  for (const auto& warning : result.warnings) folder.log("warning: " + warning);
  if (result.error) folder.log(result.error->render());
  folder.write_manifest(manifest);
  return result;
}

namespace {

TimeTable read_time_table(const fs::path& file) {
  const auto table = results::read_table(file, {.drop_partial_line = true});
  TimeTable result;
  const double minutes = parse_unit(table.columns.at(0).unit).value;
  for (const double t : table.values[0]) result.times.push_back(t * minutes);
  for (std::size_t c = 1; c < table.columns.size(); ++c) {
    result.names.push_back(table.columns[c].name);
    result.units.push_back(table.columns[c].unit);
    result.values.push_back(table.values[c]);
  }
  return result;
}

}  // namespace

MemberResult read_member(const fs::path& folder) {
  const results::Manifest m = results::read_manifest(folder);
  MemberResult result;
  result.status = m.status;
  result.arm = m.arm;
  result.seed = m.seed;
  result.folder = folder;
  result.warnings = m.warnings;
  result.model_hash = m.model_hash;
  result.state_hash = m.state_hash;
  result.summary_hash = m.summary_hash;
  result.time = m.time;
  result.end_time = m.end_time;
  result.wall_seconds = m.wall_seconds;
  result.peak_memory_bytes = m.peak_memory_bytes;
  result.cells = m.cells;
  result.pass_seconds = m.pass_seconds;
  for (const auto& [key, value] : m.accuracy) {
    if (key == "ledger_relative_error[1]")
      result.ledger_error = value;
    else if (key == "count.cell updates")
      result.cell_updates = value;
    else if (key.starts_with("final_mean."))
      result.final_medium[key.substr(11)] = value;
    else if (key.starts_with("count."))
      result.counts.emplace_back(key.substr(6), static_cast<std::uint64_t>(value));
  }
  result.summary = read_time_table(folder / "summary.csv");
  result.populations = read_time_table(folder / "populations.csv");
  result.secretome = read_time_table(folder / "secretome.csv");
  read_maps(folder / "maps.json", result);
  return result;
}

bool is_finished_member(const fs::path& folder, const std::string& model_hash, std::uint64_t seed) {
  std::error_code ignored;
  if (!fs::exists(folder / "run.json", ignored)) return false;
  const results::Manifest m = results::read_manifest(folder);
  if (m.model_hash != model_hash || m.seed != seed) {
    throw Error("E6001", "'" + folder.string() + "' holds a run of another model or seed", ErrorKind::input_output)
        .help("choose another folder with --out, or move this one away");
  }
  return m.status == results::RunStatus::finished;
}

}  // namespace senoma::study
