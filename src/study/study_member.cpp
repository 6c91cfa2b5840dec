#include "study/study_member.h"

#include <algorithm>

#include "base/hash.h"
#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "study/observer_state.h"

namespace senoma::study {

namespace {

class Recorder {
 public:
  Recorder(engine::Simulation& sim, const std::vector<std::string>& wanted, SummaryRows rows)
      : sim_(sim), rows_(std::move(rows)), every_(rows_interval(*sim.description, nullptr)) {
    const auto& readouts = sim_.description->readouts;
    for (std::size_t k = 0; k < readouts.size(); ++k) {
      if (std::find(wanted.begin(), wanted.end(), readouts[k].name) != wanted.end()) which_.push_back(k);
    }
    if (!rows_.table.names.empty()) return;
    for (const std::size_t k : which_) {
      rows_.table.names.push_back(readouts[k].name);
      rows_.table.units.push_back(readouts[k].unit);
    }
    rows_.table.values.resize(rows_.table.names.size());
  }

  /// As Observer::observe: rows at multiples of the interval, and at the end.
  void observe(bool last) {
    const double time = sim_.world.time();
    const auto next = [&] { return static_cast<double>(rows_.next_row) * every_; };
    bool due = false;
    while (every_ > 0 && time >= next() - 1e-6) {
      due = true;
      ++rows_.next_row;
    }
    if (!(due || last) || rows_.last_row_tick == sim_.world.tick) return;
    rows_.last_row_tick = sim_.world.tick;
    rows_.table.times.push_back(time);
    const auto values = sim_.readouts(which_);
    for (std::size_t c = 0; c < values.size(); ++c) rows_.table.values[c].push_back(values[c]);
  }

  /// Until `end`; false when the flag stopped it.
  bool advance(double end, const std::atomic<bool>* stop) {
    observe(false);
    while (sim_.world.time() < end - 1e-9) {
      if (stop && stop->load()) return false;
      sim_.step();
      sim_.events.clear();
      observe(false);
    }
    return true;
  }

  [[nodiscard]] SummaryRows& rows() { return rows_; }

 private:
  engine::Simulation& sim_;
  SummaryRows rows_;
  double every_;
  std::vector<std::size_t> which_;  ///< of the description's readouts
};

}  // namespace

std::shared_ptr<const StudyPrefix> grow(const StudyTask& task, double at) {
  engine::Simulation sim(task.description, task.seed, mechanisms::catalogue(), 1);
  Recorder recorder(sim, task.readouts, {});
  if (!recorder.advance(at, task.stop)) return nullptr;
  auto layout = engine::layout_of(sim);
  return std::make_shared<const StudyPrefix>(
      StudyPrefix{{std::move(sim.world), std::move(layout)}, std::move(recorder.rows())});
}

StudyRun follow(const StudyTask& task, const StudyPrefix* prefix) {
  engine::Simulation sim(task.description, task.seed, mechanisms::catalogue(), 1);
  if (prefix) static_cast<void>(engine::restore(sim, prefix->state, true));
  Recorder recorder(sim, task.readouts, prefix ? prefix->rows : SummaryRows{});
  StudyRun run;
  run.stopped = !recorder.advance(task.description->duration, task.stop);
  if (!run.stopped) recorder.observe(true);
  run.time = sim.world.time();
  run.state_hash = hex16(sim.world.hash());
  run.summary = std::move(recorder.rows().table);
  return run;
}

}  // namespace senoma::study
