#include "cli/checkpoint_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/hash.h"
#include "cli/terminal.h"
#include "results/summary_table.h"
#include "study/saved_run.h"

namespace senoma::cli {

namespace {

std::string cell_text(const study::SavedRun& run, const std::string& wanted) {
  std::uint64_t id = 0;
  const auto parsed = std::from_chars(wanted.data(), wanted.data() + wanted.size(), id, 16);
  const auto& cells = run.state.world.cells;
  const auto found = std::find(cells.id.begin(), cells.id.end(), id);
  if (parsed.ptr != wanted.data() + wanted.size() || found == cells.id.end()) {
    throw Error("E6025", fmt::format("no cell '{}' is alive in this state", wanted), ErrorKind::configuration)
        .help("ids are the 16 digits of events.csv and of error messages");
  }
  const auto i = static_cast<std::size_t>(found - cells.id.begin());
  const auto& type = run.state.layout.types[cells.type[i]];
  std::string text = fmt::format("cell        {}\ntype        {}\nstate       {}\n", hex16(id), type.name,
                                 type.states[cells.cell_state[i]]);
  if (!type.phases.empty()) text += fmt::format("phase       {}\n", type.phases[cells.phase[i]]);
  text +=
      fmt::format("parent      {}\nfounder     {}\ngeneration  {}\n\n",
                  cells.parent[i] != 0 ? hex16(cells.parent[i]) : "-", hex16(cells.founder[i]), cells.generation[i]);
  std::size_t width = 0;
  for (const auto& info : cells.infos) width = std::max(width, info.name.size());
  for (std::size_t c = 0; c < cells.infos.size(); ++c) {
    text += fmt::format("{:<{}}  {} {}\n", cells.infos[c].name, width, results::format_number(cells.values[c][i]),
                        cells.infos[c].unit == "1" ? "" : cells.infos[c].unit);
  }
  return text;
}

std::string summary_text(const study::SavedRun& run) {
  const auto& h = run.header;
  const auto& world = run.state.world;
  std::string text = fmt::format(
      "{}\nsaved state at {} of {} (step {})\nprogram     senoma {}\nmodel       {} (without its end)\n"
      "seed        {}\nstate       {}\ncells       {}, {} columns\n",
      h.title, results::format_simulated_time(h.time), results::format_simulated_time(h.end_time), h.tick,
      h.senoma_version, h.model_hash, h.seed, hex16(world.hash()), world.cells.size(), world.cells.n_columns());
  for (std::size_t t = 0; t < run.state.layout.types.size(); ++t) {
    const auto& type = run.state.layout.types[t];
    for (std::size_t s = 0; s < type.states.size(); ++s) {
      std::size_t n = 0;
      for (std::size_t i = 0; i < world.cells.size(); ++i)
        n += world.cells.type[i] == t && world.cells.cell_state[i] == s ? 1U : 0U;
      if (n > 0) text += fmt::format("            {} {} {}\n", n, type.name, type.states[s]);
    }
  }
  for (const auto& field : world.fields) {
    double sum = 0.0;
    for (const double c : field.rho) sum += c;
    text += fmt::format("field       {}, {} voxels, mean {:.6g} {}\n", field.name, field.rho.size(),
                        field.rho.empty() ? 0.0 : sum / static_cast<double>(field.rho.size()), field.unit);
  }
  for (const auto& drug : world.drugs) text += fmt::format("drug        {}, {:.6g} nM\n", drug.name, drug.central);
  return text;
}

}  // namespace

bool looks_like_checkpoint(const std::string& path) { return path.ends_with(".checkpoint"); }

int show_checkpoint(const std::string& path, const std::string& cell) {
  const auto run = study::load_run(path);
  give(cell.empty() ? summary_text(run) : cell_text(run, cell));
  return 0;
}

}  // namespace senoma::cli
