#include "study/light_run.h"

#include <fmt/format.h>

#include <memory>

#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "study/observer_state.h"

namespace senoma::study {

namespace {

/// The rows of the tables of a run, as Observer times them.
class Rows {
 public:
  Rows(const model::ResolvedModel& model, engine::Simulation& sim, LightRun& run)
      : sim_(sim), run_(run), labelling_(population_labels(model)), every_(rows_interval(*sim.description, nullptr)) {
    for (const auto& readout : sim.description->readouts) {
      run.summary.names.push_back(readout.name);
      run.summary.units.push_back(readout.unit);
    }
    for (const auto& label : labelling_.labels) {
      run.populations.names.push_back(label.name);
      run.populations.units.emplace_back("1");
    }
    for (auto* table : {&run.summary, &run.populations}) table->values.resize(table->names.size());
  }

  void take_if_due() {
    if (every_ <= 0 || sim_.world.time() < static_cast<double>(next_) * every_ - 1e-6) return;
    while (sim_.world.time() >= static_cast<double>(next_) * every_ - 1e-6) ++next_;
    take();
  }

  void take() {
    if (last_tick_ == sim_.world.tick) return;
    last_tick_ = sim_.world.tick;
    append(run_.summary, sim_.readouts());
    std::vector<double> counts(labelling_.labels.size(), 0.0);
    const auto& cells = sim_.world.cells;
    for (std::size_t i = 0; i < cells.size(); ++i) ++counts[labelling_.of[cells.type[i]][cells.cell_state[i]]];
    append(run_.populations, counts);
  }

 private:
  void append(TimeTable& table, const std::vector<double>& values) const {
    table.times.push_back(sim_.world.time());
    for (std::size_t c = 0; c < values.size(); ++c) table.values[c].push_back(values[c]);
  }

  engine::Simulation& sim_;
  LightRun& run_;
  Labelling labelling_;
  double every_;           ///< min
  std::int64_t next_ = 0;  ///< ordinal of the next row
  std::int64_t last_tick_ = -1;
};

}  // namespace

LightRun run_light(const model::ResolvedModel& model, const LightOptions& options) {
  LightRun run;
  run.warnings = model.warnings;
  engine::Simulation sim(std::make_shared<const engine::Description>(model.description), options.seed,
                         mechanisms::catalogue(), options.threads);
  Rows rows(model, sim, run);
  rows.take_if_due();
  while (!sim.finished()) {
    if (options.keep_going && !options.keep_going()) break;
    sim.step();
    sim.events.clear();
    rows.take_if_due();
  }
  run.finished = sim.finished();
  rows.take();
  state::Counters total;
  for (const auto& c : sim.world.counters) {
    total.divisions += c.divisions;
    total.deaths += c.deaths;
  }
  run.time = sim.world.time();
  run.counts = {{"steps", static_cast<std::uint64_t>(sim.world.tick)},
                {"cells at the end", sim.world.cells.size()},
                {"divisions", total.divisions},
                {"deaths", total.deaths}};
  run.state_hash = fmt::format("{:016x}", sim.world.hash());
  return run;
}

}  // namespace senoma::study
