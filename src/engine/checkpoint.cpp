#include "engine/checkpoint.h"

#include <algorithm>

namespace senoma::engine {

namespace {

constexpr std::size_t absent = static_cast<std::size_t>(-1);

std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? absent : static_cast<std::size_t>(found - names.begin());
}

[[noreturn]] void refuse(const std::string& why, const std::string& remedy = {}) {
  Error error("E5016", "the saved state does not fit the model: " + why, ErrorKind::configuration);
  if (!remedy.empty()) error.help(remedy);
  throw error;
}

void write_names(const std::vector<std::string>& names, ByteWriter& out) {
  out.number(static_cast<std::uint64_t>(names.size()));
  for (const auto& name : names) out.text(name);
}

std::vector<std::string> read_names(ByteReader& in) {
  std::vector<std::string> names(in.count(4));
  for (auto& name : names) name = in.text();
  return names;
}

/// Puts a saved world into the shape of a changed model, part by part.
class Carrier {
 public:
  Carrier(const Simulation& sim, SavedState& saved, std::vector<std::string>& added_scalars)
      : added_(added_scalars), sim_(sim), saved_(saved), layout_(layout_of(sim)), world_(sim.world) {}

  state::World carry(std::vector<std::string>& notes) {
    world_.tick = saved_.world.tick;
    identities(notes);
    columns(notes);
    fields(notes);
    drugs(notes);
    scalars(notes);
    return std::move(world_);
  }

 private:
  void identities(std::vector<std::string>& notes) {
    auto& from = saved_.world.cells;
    const auto types = map_types();
    std::vector<std::vector<std::size_t>> states, phases;
    for (std::size_t t = 0; t < saved_.layout.types.size(); ++t) {
      const auto& old = saved_.layout.types[t];
      states.push_back(map_names(old.states, types[t] == absent ? nullptr : &layout_.types[types[t]].states));
      phases.push_back(map_names(old.phases, types[t] == absent ? nullptr : &layout_.types[types[t]].phases));
    }
    const auto marks = map_names(saved_.layout.marks, &layout_.marks);
    for (std::size_t m = 0; m < marks.size(); ++m) {
      if (marks[m] == absent) notes.push_back("the mark '" + saved_.layout.marks[m] + "' is no longer set and dropped");
    }
    for (std::size_t i = 0; i < from.size(); ++i) {
      const auto t = from.type[i];
      const auto& old = saved_.layout.types[t];
      if (types[t] == absent) refuse("cells of type '" + old.name + "' have no type in the changed model");
      const auto state = states[t][from.cell_state[i]];
      if (state == absent)
        refuse("cells of type '" + old.name + "' are in the state '" + old.states[from.cell_state[i]] +
               "', which the changed model lacks");
      // A cell type whose cycle was taken away has no phases; its cells stay at index 0.
      const auto phase = old.phases.empty() ? 0 : phases[t][from.phase[i]];
      if (phase == absent && !layout_.types[types[t]].phases.empty())
        refuse("cells of type '" + old.name + "' are in the cycle phase '" + old.phases[from.phase[i]] +
               "', which the changed model lacks");
      from.type[i] = static_cast<std::uint16_t>(types[t]);
      from.cell_state[i] = static_cast<std::uint16_t>(state);
      from.phase[i] = static_cast<std::uint16_t>(phase == absent ? 0 : phase);
      std::uint16_t mapped = 0;
      for (std::size_t m = 0; m < marks.size(); ++m) {
        if (((from.origin[i] >> m) & 1U) != 0 && marks[m] != absent)
          mapped = static_cast<std::uint16_t>(mapped | (1U << marks[m]));
      }
      from.origin[i] = mapped;
    }
    world_.counters.assign(layout_.types.size(), {});
    for (std::size_t t = 0; t < types.size(); ++t) {
      if (types[t] != absent) world_.counters[types[t]] = saved_.world.counters[t];
    }
  }

  [[nodiscard]] std::vector<std::size_t> map_types() const {
    std::vector<std::string> names;
    for (const auto& type : layout_.types) names.push_back(type.name);
    std::vector<std::size_t> map;
    for (const auto& type : saved_.layout.types) map.push_back(index_of(names, type.name));
    return map;
  }

  static std::vector<std::size_t> map_names(const std::vector<std::string>& from, const std::vector<std::string>* to) {
    std::vector<std::size_t> map;
    for (const auto& name : from) map.push_back(to ? index_of(*to, name) : absent);
    return map;
  }

  void columns(std::vector<std::string>& notes) {
    auto& from = saved_.world.cells;
    state::CellTable cells = std::move(from);
    auto old_infos = std::move(cells.infos);
    auto old_values = std::move(cells.values);
    cells.infos = sim_.world.cells.infos;
    cells.values.assign(cells.infos.size(), {});
    std::vector<bool> used(old_infos.size(), false);
    for (std::size_t c = 0; c < cells.infos.size(); ++c) {
      const auto& info = cells.infos[c];
      const auto old =
          std::find_if(old_infos.begin(), old_infos.end(), [&](const auto& o) { return o.name == info.name; });
      if (old == old_infos.end()) {
        cells.values[c].assign(cells.id.size(), info.initial);
        notes.push_back("column '" + info.name + "' is new: every cell starts at " + std::to_string(info.initial));
        continue;
      }
      const auto k = static_cast<std::size_t>(old - old_infos.begin());
      if (old->unit != info.unit)
        refuse("'" + info.name + "' has the unit " + info.unit + ", its saved values are in " + old->unit);
      cells.values[c] = std::move(old_values[k]);
      used[k] = true;
    }
    for (std::size_t k = 0; k < used.size(); ++k) {
      if (!used[k])
        notes.push_back("column '" + old_infos[k].name + "' is gone from the model: its values are dropped");
    }
    world_.cells = std::move(cells);
  }

  void fields(std::vector<std::string>& notes) {
    for (auto& old : saved_.world.fields) {
      const auto found = std::find_if(world_.fields.begin(), world_.fields.end(),
                                      [&](const state::Field& f) { return f.name == old.name; });
      if (found == world_.fields.end()) {
        notes.push_back("substrate '" + old.name + "' is gone from the model: its field is dropped");
        continue;
      }
      if (found->geometry != old.geometry)
        refuse("substrate '" + old.name + "' lies on another grid",
               "the domain, its spacing and what is well mixed cannot change in the middle of a run");
      if (found->unit != old.unit) refuse("substrate '" + old.name + "' has another unit");
      found->rho = std::move(old.rho);
      const auto s = static_cast<std::size_t>(found - world_.fields.begin());
      world_.ledgers[s] = saved_.world.ledgers[static_cast<std::size_t>(&old - saved_.world.fields.data())];
    }
    for (const auto& field : world_.fields) {
      const bool known = std::any_of(saved_.world.fields.begin(), saved_.world.fields.end(),
                                     [&](const state::Field& f) { return f.name == field.name; });
      if (!known) notes.push_back("substrate '" + field.name + "' is new: it starts at its initial value");
    }
  }

  /// What is counted outside of cells: arrivals.
  void drugs(std::vector<std::string>& notes) {
    const double now = world_.time();
    for (std::size_t d = 0; d < world_.drugs.size(); ++d) {
      auto& drug = world_.drugs[d];
      const auto old = std::find_if(saved_.world.drugs.begin(), saved_.world.drugs.end(),
                                    [&](const state::Drug& o) { return o.name == drug.name; });
      const bool known = old != saved_.world.drugs.end();
      if (known) drug = *old;
      drug.time = known ? drug.time : now;
      // The calendar may have changed: doses up to now are past, whatever they were; one that reacts and is due now
      // waits for the step that begins now.
      const auto& doses = sim_.description->drugs[d].regimen->doses();
      drug.next_dose = static_cast<std::uint64_t>(std::count_if(doses.begin(), doses.end(), [&](const auto& dose) {
        return dose.at < drug.time || (dose.at == drug.time && dose.rule < 0);
      }));
      if (!known) notes.push_back("drug '" + drug.name + "' is new: doses before now are not given");
    }
    for (const auto& old : saved_.world.drugs) {
      const bool kept = std::any_of(world_.drugs.begin(), world_.drugs.end(),
                                    [&](const state::Drug& drug) { return drug.name == old.name; });
      if (!kept) notes.push_back("drug '" + old.name + "' is gone from the model: what is left of it is dropped");
    }
  }

  void scalars(std::vector<std::string>& notes) {
    for (auto& [name, value] : world_.scalars) {
      const auto old = saved_.world.scalars.find(name);
      if (old != saved_.world.scalars.end()) {
        value = old->second;
      } else {
        added_.push_back(name);
        // What a readout had before the fork is unknown; `… last` belongs to it.
        if (name.starts_with("readout ")) {
          if (!name.ends_with(" last")) notes.push_back("'" + name + "' is new: it is accumulated from now on");
        } else if (name.starts_with("doses ")) {
          if (name.ends_with("] occasions"))
            notes.push_back("a rule of " + name.substr(0, name.rfind(' ')) + " is new: its first dose is to come");
        } else {
          notes.push_back("'" + name + "' is new: it starts at " + std::to_string(value));
        }
      }
    }
    for (const auto& [name, value] : saved_.world.scalars) {
      if (!world_.scalars.contains(name))
        notes.push_back("'" + name + "' is gone from the model: its value is dropped");
    }
  }

  std::vector<std::string>& added_;  ///< scalars that the saved world did not have
  const Simulation& sim_;
  SavedState& saved_;
  Layout layout_;
  state::World world_;
};

/// With an unchanged model nothing may differ; the model's hash has been compared before, so this guards the format.
void check_equal_shape(const state::World& now, const state::World& saved) {
  const auto same_names = [](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x.name == y.name; });
  };
  if (!same_names(now.cells.infos, saved.cells.infos)) refuse("the cells have other columns");
  if (!same_names(now.fields, saved.fields)) refuse("the substrates differ");
  for (std::size_t s = 0; s < now.fields.size(); ++s) {
    if (now.fields[s].geometry != saved.fields[s].geometry)
      refuse("substrate '" + now.fields[s].name + "' lies on another grid");
  }
  if (!same_names(now.drugs, saved.drugs)) refuse("the drugs differ");
  if (!std::equal(now.scalars.begin(), now.scalars.end(), saved.scalars.begin(), saved.scalars.end(),
                  [](const auto& x, const auto& y) { return x.first == y.first; }))
    refuse("the quantities of the systemic network differ");
}

}  // namespace

Layout layout_of(const Simulation& sim) {
  Layout layout;
  for (const auto& type : sim.types) {
    Layout::Type names{type.spec->name, type.states, {}};
    for (const auto& phase : type.spec->cycle) names.phases.push_back(phase.name);
    layout.types.push_back(std::move(names));
  }
  layout.marks = sim.marks;
  return layout;
}

void write_layout(const Layout& layout, ByteWriter& out) {
  out.number(static_cast<std::uint64_t>(layout.types.size()));
  for (const auto& type : layout.types) {
    out.text(type.name);
    write_names(type.states, out);
    write_names(type.phases, out);
  }
  write_names(layout.marks, out);
}

Layout read_layout(ByteReader& in) {
  Layout layout;
  layout.types.resize(in.count(4 + 8 + 8));
  for (auto& type : layout.types) {
    type.name = in.text();
    type.states = read_names(in);
    type.phases = read_names(in);
  }
  layout.marks = read_names(in);
  return layout;
}

void check_saved(const SavedState& saved) {
  const auto& cells = saved.world.cells;
  const auto& types = saved.layout.types;
  if (saved.world.counters.size() != types.size()) refuse("it counts events of other cell types");
  if (saved.world.ledgers.size() != saved.world.fields.size()) refuse("it has ledgers of other substrates");
  if (saved.layout.marks.size() > 16) refuse("it has more than 16 marks");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool good = cells.type[i] < types.size() && cells.cell_state[i] < types[cells.type[i]].states.size() &&
                      cells.phase[i] < std::max<std::size_t>(1, types[cells.type[i]].phases.size());
    if (!good) refuse("cell " + std::to_string(i) + " has an unknown type, state or phase");
  }
}

std::vector<std::string> restore(Simulation& sim, SavedState saved, bool changed) {
  check_saved(saved);
  if (saved.world.step != sim.world.step)
    refuse("its coupling step is " + std::to_string(saved.world.step) + " min, the model's " +
               std::to_string(sim.world.step) + " min",
           "time.step cannot change in the middle of a run");
  if (saved.world.seed != sim.world.seed) refuse("it was begun with another seed");
  std::vector<std::string> notes;
  if (changed) {
    std::vector<std::string> added;
    state::World world = Carrier(sim, saved, added).carry(notes);
    sim.world = std::move(world);
    sim.begin_accumulation(&added);
  } else {
    if (layout_of(sim) != saved.layout) refuse("cell types, states, phases or marks differ");
    check_equal_shape(sim.world, saved.world);
    sim.world = std::move(saved.world);
  }
  sim.events.clear();
  sim.requests.clear();
  return notes;
}

}  // namespace senoma::engine
