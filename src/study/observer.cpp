#include "study/observer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/hash.h"
#include "base/order_free_sum.h"
#include "results/palette.h"

namespace senoma::study {

namespace {

constexpr double day = 1440.0, hour = 60.0;

std::vector<results::TableColumn> columns_of(const TimeTable& table, const std::string& time_unit_text) {
  std::vector<results::TableColumn> columns{{"time", time_unit_text}};
  for (std::size_t c = 0; c < table.names.size(); ++c) columns.push_back({table.names[c], table.units[c]});
  return columns;
}

}  // namespace

std::string time_unit(double duration) { return duration >= 4 * day ? "d" : "h"; }

Labelling population_labels(const model::ResolvedModel& model) {
  Labelling result;
  const auto& types = model.description.cell_types;
  std::map<std::string, int> uses;
  for (const auto& type : types) {
    if (type.states.size() > 1) {
      for (const auto& state : type.states) ++uses[state];
    }
  }
  const auto label = [&](const std::string& name, const std::string& colour, bool tumour, bool dying) {
    for (std::size_t k = 0; k < result.labels.size(); ++k) {
      if (result.labels[k].name == name && result.labels[k].dying == dying) return static_cast<std::uint16_t>(k);
    }
    result.labels.push_back({name, colour.empty() ? results::state_colour(name) : colour, tumour, dying});
    return static_cast<std::uint16_t>(result.labels.size() - 1);
  };
  const auto colour_of = [&](const std::string& type, std::size_t state) -> std::string {
    const auto found = model.state_colours.find(type);
    return found != model.state_colours.end() && state < found->second.size() ? found->second[state] : std::string();
  };
  result.of.resize(types.size());
  for (std::size_t t = 0; t < types.size(); ++t) {
    const auto& type = types[t];
    const auto type_colour = model.type_colours.contains(type.name) ? model.type_colours.at(type.name) : std::string();
    for (std::size_t s = 0; s < std::max<std::size_t>(1, type.states.size()); ++s) {
      const bool single = type.states.size() <= 1;
      const std::string name = single                     ? type.name
                               : uses[type.states[s]] > 1 ? type.name + " " + type.states[s]
                                                          : type.states[s];
      std::string colour = colour_of(type.name, s);
      if (colour.empty() && single) colour = type_colour;
      result.of[t].push_back(label(name, colour, type.tumour, false));
    }
  }
  for (std::size_t t = 0; t < types.size();
       ++t) {  // dying ones after all living ones, so that they lie on top of stacks
    for (const auto& death : types[t].deaths) {
      const std::string name = death.name == "apoptosis"  ? "apoptotic"
                               : death.name == "necrosis" ? "necrotic"
                                                          : death.name;
      result.of[t].push_back(label(name, "", types[t].tumour, true));
    }
  }
  return result;
}

Observer::Observer(const model::ResolvedModel& model, const MemberOptions& options, const results::RunFolder& folder,
                   engine::Simulation& simulation, results::BackgroundWriter& writer, const ObserverState* resumed)
    : options_(options),
      sim_(simulation),
      writer_(writer),
      labelling_(population_labels(model)),
      unit_(resumed ? resumed->unit : time_unit(sim_.description->duration)),
      minutes_(unit_ == "d" ? day : hour),
      rows_every_(rows_interval(*sim_.description, resumed)),
      frames_every_(sim_.description->output_every),
      folder_(folder.path()),
      maps_file_(folder.file("maps.json")) {
  for (const auto& readout : sim_.description->readouts) {
    summary_.names.push_back(readout.name);
    summary_.units.push_back(readout.unit);
  }
  for (const auto& label : labelling_.labels) {
    populations_.names.push_back(label.name);
    populations_.units.push_back("1");
  }
  for (std::size_t s = 0; s < sim_.description->substrates.size(); ++s) {
    const auto& substrate = sim_.description->substrates[s];
    if (substrate.dimension != dim::concentration) continue;
    const auto behaviour = sim_.behaviours.find(substrate.name + " secretion");
    if (!behaviour) continue;
    secretome_.names.push_back(substrate.name);
    secretome_.units.push_back("1/min");
    secretion_columns_.emplace_back(sim_.behaviours.all[*behaviour].column, s);
  }
  for (auto* table : {&summary_, &populations_, &secretome_}) table->values.resize(table->names.size());
  summary_file_ = std::make_unique<results::TableWriter>(folder.summary_file(), columns_of(summary_, unit_));
  populations_file_ =
      std::make_unique<results::TableWriter>(folder.file("populations.csv"), columns_of(populations_, unit_));
  secretome_file_ = std::make_unique<results::TableWriter>(folder.file("secretome.csv"), columns_of(secretome_, unit_));
  events_file_ =
      std::make_unique<results::TableWriter>(folder.events_file(), std::vector<results::TableColumn>{{"time", unit_},
                                                                                                     {"kind", ""},
                                                                                                     {"cell", ""},
                                                                                                     {"parent", ""},
                                                                                                     {"type", ""},
                                                                                                     {"from", ""},
                                                                                                     {"to", ""},
                                                                                                     {"by", ""}});
  if (options.frames) {
    results::FrameLabels frame_labels;
    for (const auto& type : sim_.types) {
      frame_labels.types.push_back(type.spec->name);
      frame_labels.states.push_back(type.states);
      frame_labels.phases.emplace_back();
      for (const auto& phase : type.spec->cycle) frame_labels.phases.back().push_back(phase.name);
      for (const auto column : type.state_columns) frame_labels.matrix.push_back(sim_.world.cells.infos[column].name);
    }
    cells_store_ = std::make_unique<results::CellsStore>(folder.cells_folder(), frame_labels);
    fields_store_ = std::make_unique<results::FieldsStore>(folder.fields_folder());
  }
  if (resumed) resume_from(*resumed);
}

Observer::~Observer() {
  try {
    writer_.wait();
  } catch (...) {  // after finish() there is nothing to wait for; before it another failure is on its way
  }
}

std::vector<std::pair<std::string, std::uint64_t>> Observer::cells_by_label() const {
  std::vector<std::pair<std::string, std::uint64_t>> result;
  for (const auto& label : labelling_.labels) result.emplace_back(label.name, 0);
  const auto& cells = sim_.world.cells;
  for (std::size_t i = 0; i < cells.size(); ++i) ++result[labelling_.of[cells.type[i]][cells.cell_state[i]]].second;
  return result;
}

void Observer::observe(bool last) {
  const double time = sim_.world.time();
  const auto due = [&](double every, std::int64_t& next) {
    if (every <= 0) return false;
    const bool now = time >= static_cast<double>(next) * every - 1e-6;
    while (time >= static_cast<double>(next) * every - 1e-6) ++next;
    return now;
  };
  if ((due(rows_every_, next_row_) || last) && last_row_tick_ != sim_.world.tick) write_row();
  if (options_.frames && (due(frames_every_, next_frame_) || last || sim_.world.tick == 0) &&
      last_frame_tick_ != sim_.world.tick)
    write_frame(last);
}

void Observer::write_row() {
  last_row_tick_ = sim_.world.tick;
  const double time = sim_.world.time();
  const auto add = [&](TimeTable& table, results::TableWriter& file, const std::vector<double>& values) {
    table.times.push_back(time);
    std::vector<double> row{time / minutes_};
    for (std::size_t c = 0; c < values.size(); ++c) {
      table.values[c].push_back(values[c]);
      row.push_back(values[c]);
    }
    file.append(row);
  };
  add(summary_, *summary_file_, sim_.readouts());
  std::vector<double> counts;
  for (const auto& [name, n] : cells_by_label()) counts.push_back(static_cast<double>(n));
  add(populations_, *populations_file_, counts);
  std::vector<double> rates;
  for (const auto& [column, substrate] : secretion_columns_) {
    // Behaviours of the last decide phase; cells born since then have inherited their parent's.
    const double sum = order_free_sum(sim_.world.cells.values[column]);
    const double factor =
        substrate < sim_.substrate_factor.size() ? sim_.substrate_factor[substrate] : 1.0;  // interventions
    rates.push_back(sum * factor);
  }
  add(secretome_, *secretome_file_, rates);
}

void Observer::write_frame(bool last) {
  last_frame_tick_ = sim_.world.tick;
  if (last) {  // nothing to go on with meanwhile: no copy
    writer_.wait();
    cells_store_->append(sim_.world);
    fields_store_->append(sim_.world);
  } else {
    writer_.run([this, frame = std::make_shared<const state::World>(results::frame_of(sim_.world))] {
      cells_store_->append(*frame);
      fields_store_->append(*frame);
    });
  }
  snapshots_.push_back(take_snapshot());
}

Snapshot Observer::take_snapshot() const {
  Snapshot shot;
  const auto& cells = sim_.world.cells;
  shot.time = sim_.world.time();
  if (sim_.description->domain.well_mixed) return shot;  // nothing to map
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!sim_.description->domain.geometry.two_dimensional) {
      // A slab one cell thick through the middle shows a 3D tissue as a section would.
      const double middle =
          sim_.description->domain.geometry.origin[2] + 0.5 * sim_.description->domain.geometry.extent(2);
      if (std::abs(cells.values[state::col_z][i] - middle) > cells.values[state::col_radius][i]) continue;
    }
    shot.x.push_back(static_cast<float>(cells.values[state::col_x][i]));
    shot.y.push_back(static_cast<float>(cells.values[state::col_y][i]));
    shot.radius.push_back(static_cast<float>(cells.values[state::col_radius][i]));
    shot.label.push_back(labelling_.of[cells.type[i]][cells.cell_state[i]]);
  }
  for (const auto& field : sim_.world.fields) {
    const auto& g = field.geometry;
    if (g.size() <= 1) continue;
    Snapshot::Field slice{field.name, field.unit, g.n[0], g.n[1], {}};
    slice.values.reserve(static_cast<std::size_t>(g.n[0]) * static_cast<std::size_t>(g.n[1]));
    for (int j = 0; j < g.n[1]; ++j) {
      for (int i = 0; i < g.n[0]; ++i) slice.values.push_back(static_cast<float>(field.rho[g.index(i, j, g.n[2] / 2)]));
    }
    shot.fields.push_back(std::move(slice));
  }
  return shot;
}

void Observer::write_events() {
  for (const auto& e : sim_.events) {
    const std::vector<results::TableValue> row{e.time / minutes_,
                                               e.kind,
                                               e.cell ? hex16(e.cell) : std::string(),
                                               e.parent ? hex16(e.parent) : std::string(),
                                               e.type,
                                               e.from,
                                               e.to,
                                               e.by ? hex16(e.by) : std::string()};
    events_file_->append(row);
  }
  sim_.events.clear();
}

std::vector<std::size_t> Observer::chosen_snapshots() const {
  std::vector<double> wanted;
  const auto burden = options_.burden_readout.empty() ? std::nullopt : summary_.find(options_.burden_readout);
  if (burden && summary_.times.size() > 2) {
    const auto& y = summary_.values[*burden];
    std::size_t nadir = 1;
    for (std::size_t k = 1; k < y.size(); ++k) {
      if (y[k] < y[nadir]) nadir = k;
    }
    std::size_t back = y.size() - 1;
    for (std::size_t k = nadir; k < y.size(); ++k) {
      if (y[k] >= y[0]) {
        back = k;
        break;
      }
    }
    if (y[nadir] < 0.9 * y[0]) wanted = {0.0, summary_.times[nadir], summary_.times[back], summary_.times.back()};
  }
  if (wanted.empty()) {
    const double end = sim_.world.time();
    wanted = {0.0, end / 2, end};
  }
  std::vector<std::size_t> chosen;
  for (const double time : wanted) {
    std::size_t best = 0;
    for (std::size_t k = 0; k < snapshots_.size(); ++k) {
      if (std::abs(snapshots_[k].time - time) < std::abs(snapshots_[best].time - time)) best = k;
    }
    if (!snapshots_.empty() && std::find(chosen.begin(), chosen.end(), best) == chosen.end()) chosen.push_back(best);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

void Observer::finish(MemberResult& result) {
  writer_.wait();
  write_events();
  for (auto* file : {summary_file_.get(), populations_file_.get(), secretome_file_.get(), events_file_.get()})
    file->flush();
  for (const auto k : chosen_snapshots()) result.snapshots.push_back(std::move(snapshots_[k]));
  for (const auto& name : sim_.readouts_without_space())
    result.warnings.push_back("readout '" + name + "' looks at places, which a well-mixed domain has not: it is nan");
  result.labels = labelling_.labels;
  results::replace_file(maps_file_, maps_json(result.labels, result.snapshots), false);
  result.summary = summary_;
  result.populations = populations_;
  result.secretome = secretome_;
}

}  // namespace senoma::study
