#include "study/saved_run.h"

#include <fmt/format.h>

#include "results/files.h"
#include "results/progress.h"
#include "state/serialise.h"
#include "study/field_work.h"

namespace senoma::study {
namespace fs = std::filesystem;

namespace {

/// The counters of a simulation, by name.
template <class Sim, class F>
void each_counter(Sim& sim, const F& f) {
  f("cell updates", sim.cell_updates);
  f("network steps", sim.network_steps);
  for (std::size_t s = 0; s < sim.field_work.size(); ++s) {
    const std::string of = sim.description->substrates[s].name + ": ";
    each_total(sim.field_work[s], [&](const std::string& name, auto& value) { f(of + name, value); });
  }
  f("motion substeps", sim.motion_substeps);
  f("neighbour builds", sim.neighbour_builds);
}

template <class Value>
void write_map(const std::map<std::string, Value>& map, ByteWriter& out) {
  out.number(static_cast<std::uint64_t>(map.size()));
  for (const auto& [name, value] : map) {
    out.text(name);
    out.number(value);
  }
}

template <class Value>
void read_map(std::map<std::string, Value>& map, ByteReader& in) {
  for (std::size_t n = in.count(4 + sizeof(Value)); n > 0; --n) {
    const std::string name = in.text();
    map[name] = in.template number<Value>();
  }
}

}  // namespace

RunTotals totals_of(const engine::Simulation& sim, double wall_seconds) {
  RunTotals totals;
  totals.wall_seconds = wall_seconds;
  for (std::size_t p = 0; p < engine::pass_names.size(); ++p)
    totals.pass_seconds[engine::pass_names[p]] = sim.seconds[p];
  each_counter(sim, [&](const std::string& name, std::uint64_t value) { totals.counts[name] = value; });
  return totals;
}

void set_totals(engine::Simulation& sim, const RunTotals& totals) {
  for (std::size_t p = 0; p < engine::pass_names.size(); ++p) {
    const auto found = totals.pass_seconds.find(engine::pass_names[p]);
    if (found != totals.pass_seconds.end()) sim.seconds[p] = found->second;
  }
  each_counter(sim, [&](const std::string& name, std::uint64_t& value) {
    if (const auto found = totals.counts.find(name); found != totals.counts.end()) value = found->second;
  });
}

std::string family_hash(const model::ResolvedModel& model, const std::string& medium_hash) {
  engine::Description without_end = model.description;
  without_end.duration = 0;
  const std::string hash = model::description_hash(without_end);
  return medium_hash.empty() ? hash : hash + "+" + medium_hash;
}

fs::path save_run(const fs::path& folder, results::CheckpointKind kind, const results::CheckpointHeader& header,
                  const state::World& world, const engine::Layout& layout, const ObserverState& observer,
                  const ObserverState& regular, const RunTotals& totals, const std::string& model) {
  results::make_folders(folder);
  const fs::path path = folder / results::checkpoint_name(kind, world.tick);
  results::CheckpointWriter file(path, header);
  file.section("globals", [&](ByteWriter& out) { state::write_globals(world, out); });
  file.section("cells", [&](ByteWriter& out) { state::write_cells(world.cells, out); });
  file.section("fields", [&](ByteWriter& out) { state::write_fields(world.fields, out); });
  file.section("layout", [&](ByteWriter& out) { engine::write_layout(layout, out); });
  file.section("observer", [&](ByteWriter& out) { write_observer_state(observer, out); });
  file.section("regular", [&](ByteWriter& out) {
    // Its maps are the first ones of the observer's.
    ObserverState rest = regular;
    rest.snapshots.clear();
    write_observer_state(rest, out);
    out.number(static_cast<std::uint64_t>(regular.snapshots.size()));
  });
  file.section("totals", [&](ByteWriter& out) {
    out.number(totals.wall_seconds);
    write_map(totals.pass_seconds, out);
    write_map(totals.counts, out);
  });
  file.section("model", [&](ByteWriter& out) { out.text(model); });
  file.finish();
  return path;
}

SavedRun load_run(const fs::path& checkpoint) {
  const results::CheckpointReader file(checkpoint);
  SavedRun run;
  run.header = file.header();
  auto& world = run.state.world;
  file.section("globals", [&](ByteReader& in) { state::read_globals(world, in); });
  file.section("cells", [&](ByteReader& in) { world.cells = state::read_cells(in); });
  file.section("fields", [&](ByteReader& in) { world.fields = state::read_fields(in); });
  file.section("layout", [&](ByteReader& in) { run.state.layout = engine::read_layout(in); });
  file.section("observer", [&](ByteReader& in) { run.observer = read_observer_state(in); });
  file.section("regular", [&](ByteReader& in) {
    run.regular = read_observer_state(in);
    const auto n = in.number<std::uint64_t>();
    if (n > run.observer.snapshots.size()) in.fail("maps are missing");
    run.regular.snapshots.assign(run.observer.snapshots.begin(),
                                 run.observer.snapshots.begin() + static_cast<std::ptrdiff_t>(n));
  });
  file.section("totals", [&](ByteReader& in) {
    run.totals.wall_seconds = in.number<double>();
    read_map(run.totals.pass_seconds, in);
    read_map(run.totals.counts, in);
  });
  file.section("model", [&](ByteReader& in) { run.model = in.text(); });
  engine::check_saved(run.state);
  return run;
}

void check_belongs(const SavedRun& saved, const fs::path& checkpoint, const std::string& family, std::uint64_t seed,
                   const fs::path& folder) {
  if (saved.header.model_hash != family || saved.header.seed != seed) {
    throw Error("E6023",
                fmt::format("'{}' is of another run: model {}, seed {}; this one is model {}, seed {}",
                            checkpoint.string(), saved.header.model_hash, saved.header.seed, family, seed),
                ErrorKind::input_output)
        .help("to go on with changed parameters: senoma branch DIR --at TIME -s key=value -o OUT");
  }
  for (const auto& [name, bytes] : saved.observer.table_bytes) {
    std::error_code code;
    const auto size = fs::file_size(folder / name, code);
    if (code || size < bytes) {
      throw Error("E6006",
                  fmt::format("'{}' has {} bytes, {} were there when '{}' was saved", (folder / name).string(),
                              code ? 0 : size, bytes, checkpoint.filename().string()),
                  ErrorKind::input_output)
          .help("the table was cut or replaced: restore it from a copy");
    }
  }
}

namespace {

/// Kept for whoever wants to look, but no longer in the list.
void set_aside(const fs::path& checkpoint) {
  fs::path refused = checkpoint;
  refused += ".refused";
  std::error_code ignored;
  fs::rename(checkpoint, refused, ignored);
}

}  // namespace

std::optional<SavedRun> newest_run(const fs::path& folder, const std::string& family, std::uint64_t seed, bool strict,
                                   const std::function<void(const std::string&)>& note) {
  const auto entries = results::list_checkpoints(folder / "checkpoints");
  for (std::size_t k = 0; k < entries.size(); ++k) {
    try {
      SavedRun saved = load_run(entries[k].path);
      check_belongs(saved, entries[k].path, family, seed, folder);
      return saved;
    } catch (const Error& error) {
      if (strict) {
        Error refused = error;
        if (k + 1 < entries.size())
          refused.help(fmt::format("the one before it: senoma resume {} --from {}", folder.string(),
                                   entries[k + 1].path.string()));
        throw refused;
      }
      if (note) note(fmt::format("{} (kept as .refused); trying the one before it", error.message()));
      set_aside(entries[k].path);
    }
  }
  return std::nullopt;
}

}  // namespace senoma::study
