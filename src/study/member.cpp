#include "study/member.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "results/background_writer.h"
#include "results/summary_table.h"
#include "study/build_info.h"
#include "study/member_record.h"
#include "study/observer.h"
#include "study/resolved_text.h"
#include "study/saved_run.h"

namespace senoma::study {
namespace fs = std::filesystem;

std::string member_hash(const model::ResolvedModel& model, const std::string& medium_hash) {
  return medium_hash.empty() ? model.hash : model.hash + "+" + medium_hash;
}

namespace {

using Clock = std::chrono::steady_clock;
using results::CheckpointKind;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::shared_ptr<const engine::Description> with_medium(const engine::Description& description,
                                                       const std::map<std::string, double>& medium) {
  auto copy = std::make_shared<engine::Description>(description);
  for (auto& substrate : copy->substrates) {
    if (const auto found = medium.find(substrate.name); found != medium.end()) substrate.initial = found->second;
  }
  return copy;
}

/// An unfinished run without a checkpoint starts anew: what it wrote goes, the manifest and the lock stay.
void clear_unfinished(const results::RunFolder& folder) {
  for (const char* name : {"summary.csv", "populations.csv", "secretome.csv", "events.csv", "cells.zarr",
                           "fields.ome.zarr", "maps.json", "report.html", "model.resolved.toml", "log.txt"}) {
    std::error_code ignored;
    fs::remove_all(folder.file(name), ignored);
  }
}

void collect(const engine::Simulation& sim, MemberResult& result) {
  result.time = sim.world.time();
  result.tick = sim.world.tick;
  result.cells = sim.world.cells.size();
  result.cell_updates = static_cast<double>(sim.cell_updates);
  state::Counters total;
  for (const auto& c : sim.world.counters) {
    total.divisions += c.divisions;
    total.deaths += c.deaths;
    total.removals += c.removals;
    total.conversions += c.conversions;
  }
  result.field_work = field_work_of(sim);
  const field::StepTotals fields = sum_of(result.field_work);
  result.counts = {{"steps", static_cast<std::uint64_t>(sim.world.tick)},
                   {"cells at the end", result.cells},
                   {"divisions", total.divisions},
                   {"deaths", total.deaths},
                   {"cells removed", total.removals},
                   {"network steps", sim.network_steps},
                   {"field solver iterations", fields.iterations},
                   {"field steps redone", fields.backward_euler}};
  for (std::size_t p = 0; p < engine::pass_names.size(); ++p)
    result.pass_seconds.emplace_back(engine::pass_names[p], sim.seconds[p]);
  for (const auto& ledger : sim.world.ledgers)
    result.ledger_error = std::max(result.ledger_error, ledger.worst_closing_error);
  for (const auto& field : sim.world.fields) {
    double sum = 0.0;
    for (const double v : field.rho) sum += v;
    result.final_medium[field.name] = field.rho.empty() ? 0.0 : sum / static_cast<double>(field.rho.size());
  }
  if (const auto n = fields.backward_euler; n > 0)
    result.warnings.push_back(fmt::format("{} field steps were redone with backward Euler because of undershoot", n));
}

/// Keeps the columns, drops the cells.
void release_cells(engine::Simulation& sim) {
  state::CellTable& cells = sim.world.cells;
  state::CellTable empty;
  for (const auto& info : cells.infos) empty.add_column(info);
  cells = std::move(empty);
}

/// The error with where to look: the state before it, and the cell it names.
Error with_saved_state(const Error& error, const fs::path& checkpoint) {
  Error located = error;
  located.help("the state before this step is saved; it resumes from there");
  const auto at = error.message().find("cell ");
  std::string cell = at == std::string::npos ? "" : error.message().substr(at + 5, 16);
  if (cell.size() != 16 || cell.find_first_not_of("0123456789abcdef") != std::string::npos) cell.clear();
  located.help("look into it: senoma info " + checkpoint.string() + (cell.empty() ? "" : " --cell " + cell));
  return located;
}

/// One member from its folder to its end.
class MemberRun {
 public:
  MemberRun(const model::ResolvedModel& model, const MemberOptions& options)
      : model_(model),
        options_(options),
        manifest_(first_manifest(model, options)),
        description_(with_medium(model.description, options.medium)),
        family_(family_hash(model, options.medium_hash)),
        toml_(resolved_text(options.folder / "model.resolved.toml", model)),
        // Binding comes before the folder, so that a model that cannot run leaves none behind.
        sim_(new_simulation()),
        folder_(open_folder()) {}

  MemberResult run() {
    resume();
    results::replace_file(folder_.file("model.resolved.toml"), toml_, false);
    folder_.write_manifest(manifest_);
    folder_.log(fmt::format("senoma {}: {}, seed {}", manifest_.senoma_version, model_.title, options_.seed));
    if (result_.resumed_from >= 0)
      folder_.log(fmt::format("resumed from {}", results::format_simulated_time(result_.resumed_from)));
    result_.arm = options_.arm;
    result_.seed = options_.seed;
    result_.folder = options_.folder;
    result_.model_hash = manifest_.model_hash;
    result_.warnings.insert(result_.warnings.begin(), model_.warnings.begin(), model_.warnings.end());
    result_.end_time = description_->duration;
    try {
      simulate();
    } catch (const Error& error) {
      result_.error = error;
      result_.status = results::RunStatus::failed;
    }
    result_.wall_seconds = wall_seconds();
    result_.peak_memory_bytes = results::peak_memory_bytes();
    record(result_, manifest_);
    try {
      write_end();
    } catch (const Error&) {
      if (!result_.error) throw;  // a full disk: the first failure says more
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::unique_ptr<engine::Simulation> new_simulation() const {
    return std::make_unique<engine::Simulation>(description_, options_.seed, mechanisms::catalogue(), options_.threads);
  }

  results::RunFolder open_folder() {
    if (options_.extend || options_.fork) {
      return results::RunFolder::reopen(options_.folder, results::read_manifest(options_.folder).model_hash, true);
    }
    return results::RunFolder::create_or_reopen(options_.folder, manifest_);
  }

  void note(const std::string& text) const {
    if (options_.note) options_.note((options_.label.empty() ? "" : options_.label + ": ") + text);
  }

  [[nodiscard]] double wall_seconds() const { return earlier_seconds_ + seconds_since(start_); }

  /// The state to go on from, if there is one; else an unfinished folder is cleared.
  std::optional<SavedRun> find_saved() const {
    if (!options_.from.empty()) {
      SavedRun saved = load_run(options_.from);
      if (!options_.fork) check_belongs(saved, options_.from, family_, options_.seed, folder_.path());
      return saved;
    }
    return newest_run(folder_.path(), family_, options_.seed, options_.strict,
                      [this](const std::string& text) { note(text); });
  }

  void resume() {
    if (!folder_.resumed()) return;
    keep_provenance(results::read_manifest(folder_.path()), manifest_);
    // One set of cells in memory at a time: the initial ones go before the saved ones come.
    const bool some = !options_.from.empty() || !results::list_checkpoints(folder_.checkpoints_folder()).empty();
    if (some) release_cells(*sim_);
    auto saved = find_saved();
    if (!saved) {
      if (options_.extend || options_.fork || options_.must_resume) {
        throw Error("E6024", "'" + folder_.path().string() + "' holds no saved state to go on from",
                    ErrorKind::input_output)
            .help("repeat it with `senoma run` into another folder");
      }
      clear_unfinished(folder_);
      if (some) sim_ = new_simulation();
      if (options_.announce) note("no saved state: starts from the beginning");
      return;
    }
    result_.resumed_from = saved->state.world.time();
    if (options_.announce) note("goes on from " + results::format_simulated_time(result_.resumed_from));
    earlier_seconds_ = saved->totals.wall_seconds;
    // Beyond its old end a run goes on as if that end had not been: without the extra row and frame there.
    const bool further = description_->duration > saved->state.world.time() + 1e-9;
    observer_state_ = std::move(further ? saved->regular : saved->observer);
    options_.frames = observer_state_->frames;
    for (const auto& change : engine::restore(*sim_, std::move(saved->state), options_.fork))
      result_.warnings.push_back(change);
    set_totals(*sim_, saved->totals);
    saved_tick_ = sim_->world.tick;
    // A fork keeps its first state as its own: it belongs to the changed model.
    if (options_.fork)
      save_run(folder_.checkpoints_folder(), CheckpointKind::asked, header(), sim_->world, engine::layout_of(*sim_),
               *observer_state_, *observer_state_, totals_of(*sim_, earlier_seconds_), toml_);
  }

  void simulate() {
    Observer observer(model_, options_, folder_, *sim_, writer_, observer_state_ ? &*observer_state_ : nullptr);
    observer_state_.reset();
    bool ended = false;
    try {
      ended = advance(observer);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::input_output) throw;  // nothing more can be written
      result_.error = error;
      sim_->events.clear();  // of half a step
    }
    result_.status = result_.error ? results::RunStatus::failed
                     : ended       ? results::RunStatus::finished
                                   : results::RunStatus::stopped;
    collect(*sim_, result_);
    if (result_.error) save_before_failure(observer);
    observer.finish(result_);
    result_.state_hash = fmt::format("{:016x}", sim_->world.hash());
    result_.summary_hash = results::file_hash(folder_.summary_file());
  }

  [[nodiscard]] bool stop_wanted() const {
    if (options_.stop && options_.stop->load()) return true;
    if (!options_.deadline) return false;
    // One more step and the saving must fit.
    const double left = std::chrono::duration<double>(*options_.deadline - Clock::now()).count();
    return left < longest_step_ + 2.0 * save_seconds_;
  }

  /// Steps until the end or the stop flag. Returns whether the end was reached.
  bool advance(Observer& observer) {
    for (const double at : options_.save.at) {
      if (at > sim_->world.time() + 1e-9) asked_.push_back(at);
    }
    std::sort(asked_.begin(), asked_.end());
    last_save_ = Clock::now();
    observer.observe(false);
    while (true) {
      if (options_.pause_at && sim_->world.time() >= *options_.pause_at - 1e-9) {
        save(observer, CheckpointKind::asked, nullptr);
        return false;
      }
      if (sim_->finished()) break;
      if (stop_wanted()) {
        if (saved_tick_ != sim_->world.tick) save(observer, CheckpointKind::automatic, nullptr);
        writer_.wait();
        return false;
      }
      const auto before = Clock::now();
      sim_->step();
      longest_step_ = std::max(longest_step_, seconds_since(before));
      const auto stepped = Clock::now();
      observer.write_events();
      observer.observe(false);
      report(observer);
      save_if_due(observer);
      count_observing(stepped);
    }
    const auto stepped = Clock::now();
    if (options_.save.at_end) {
      const ObserverState regular = observer.state();
      observer.observe(true);
      save(observer, CheckpointKind::end, &regular);
    } else {
      observer.observe(true);
    }
    count_observing(stepped);
    return true;
  }

  /// What the simulation waits for its outputs.
  void count_observing(Clock::time_point since) {
    sim_->seconds[static_cast<std::size_t>(engine::PassName::observe)] += seconds_since(since);
  }

  void save_if_due(Observer& observer) {
    bool asked = false;
    while (!asked_.empty() && sim_->world.time() >= asked_.front() - 1e-9) {
      asked = true;
      asked_.erase(asked_.begin());
    }
    if (asked) save(observer, CheckpointKind::asked, nullptr, true);
    const double every = std::max(options_.save.every_seconds, 50.0 * save_seconds_);
    if (options_.save.every_seconds > 0 && seconds_since(last_save_) >= every && !sim_->finished())
      save(observer, CheckpointKind::automatic, nullptr, true);
  }

  [[nodiscard]] results::CheckpointHeader header() const {
    return {program_version(), model_.title,       options_.arm,
            family_,           options_.seed,      sim_->world.cells.size(),
            sim_->world.tick,  sim_->world.time(), description_->duration};
  }

  /// A run that goes on is saved in the background, from a copy; one that ends is saved here.
  void save(Observer& observer, CheckpointKind kind, const ObserverState* regular, bool goes_on = false) {
    const ObserverState state = observer.state();  // waits for the writer
    const auto write = [this, kind, state, regular = regular ? *regular : state, header = header(),
                        totals = totals_of(*sim_, wall_seconds()),
                        layout = engine::layout_of(*sim_)](const state::World& world) {
      const auto before = Clock::now();
      folder_.flush();  // tables and frames first: a checkpoint must never know more than the disk
      save_run(folder_.checkpoints_folder(), kind, header, world, layout, state, regular, totals, toml_);
      results::tidy_checkpoints(folder_.checkpoints_folder());
      save_seconds_ = seconds_since(before);
    };
    if (goes_on)
      writer_.run([write, world = std::make_shared<const state::World>(sim_->world)] { write(*world); });
    else
      write(sim_->world);
    saved_tick_ = sim_->world.tick;
    last_save_ = Clock::now();
  }

  /// A step that fails leaves half a step behind. The state before it comes from simulating again, which costs nothing
  /// as long as nothing fails: from the newest checkpoint, or from the beginning.
  void save_before_failure(Observer& observer) {
    const std::int64_t tick = sim_->world.tick;
    const ObserverState outputs = observer.state();
    const RunTotals totals = totals_of(*sim_, wall_seconds());
    auto& world = sim_->world;
    try {
      writer_.wait();
      release_cells(*sim_);  // their memory is needed
      auto again = new_simulation();
      if (auto saved = newest_run(folder_.path(), family_, options_.seed, false, {});
          saved && saved->state.world.tick <= tick)
        (void)engine::restore(*again, std::move(saved->state), false);
      while (again->world.tick < tick) {
        if (options_.stop && options_.stop->load()) break;
        again->step();
        again->events.clear();
      }
      world = again->world;
      if (world.tick != tick) return;
      const auto path = save_run(folder_.checkpoints_folder(), CheckpointKind::failure, header(), again->world,
                                 engine::layout_of(*again), outputs, outputs, totals, toml_);
      result_.error = with_saved_state(*result_.error, path);
    } catch (const Error& error) {
      result_.warnings.push_back("the state before the failure could not be saved: " + error.message());
    }
  }

  void report(const Observer& observer) {
    if (!options_.progress || seconds_since(start_) < next_progress_) return;
    next_progress_ = seconds_since(start_) + 0.1;
    results::Progress p;
    p.time = sim_->world.time();
    p.start_time = std::max(0.0, result_.resumed_from);
    p.end_time = description_->duration;
    p.step = sim_->world.step;
    p.wall_seconds = seconds_since(start_);
    p.cells_by_state = observer.cells_by_label();
    p.memory_bytes = results::current_memory_bytes();
    p.label = options_.label;
    options_.progress(p);
  }

  void write_end() {
    folder_.log(fmt::format("{} {}", results::format_simulated_time(result_.time), results::name(result_.status)));
    for (const auto& warning : result_.warnings) folder_.log("warning: " + warning);
    if (result_.error) folder_.log(result_.error->render());
    folder_.write_manifest(manifest_);
  }

  const Clock::time_point start_ = Clock::now();
  const model::ResolvedModel& model_;
  MemberOptions options_;
  results::Manifest manifest_;
  std::shared_ptr<const engine::Description> description_;
  std::string family_, toml_;
  std::unique_ptr<engine::Simulation> sim_;
  results::RunFolder folder_;
  std::optional<ObserverState> observer_state_;
  MemberResult result_;
  std::vector<double> asked_;  ///< times still to be saved, ascending
  double earlier_seconds_ = 0, longest_step_ = 0, next_progress_ = 0;
  std::atomic<double> save_seconds_ = 0;
  std::int64_t saved_tick_ = -1;
  Clock::time_point last_save_ = start_;
  results::BackgroundWriter writer_;  ///< last, so that it ends before what it writes goes
};

}  // namespace

MemberResult run_member(const model::ResolvedModel& model, const MemberOptions& options) {
  return MemberRun(model, options).run();
}

}  // namespace senoma::study
