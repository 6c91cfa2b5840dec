#include "state/serialise.h"

#include <cmath>
#include <set>

namespace senoma::state {

namespace {

/// The columns every table has, in one order for writing and reading.
template <class Table, class F>
void each_identity_column(Table& t, const F& f) {
  f(t.id), f(t.parent), f(t.founder), f(t.type), f(t.cell_state), f(t.phase), f(t.origin), f(t.divisions), f(t.events),
      f(t.generation);
}

template <class Ledger, class F>
void each_amount(Ledger& l, const F& f) {
  f(l.released), f(l.taken_up), f(l.decayed), f(l.through_faces), f(l.from_fixed), f(l.gross), f(l.worst_closing_error);
}

template <class DrugState, class F>
void each_level(DrugState& d, const F& f) {
  f(d.time), f(d.central), f(d.peripheral), f(d.gut), f(d.exposure), f(d.mean);
  f(d.deep), f(d.effect), f(d.effect_exposure), f(d.effect_mean);
}

template <class Counts, class F>
void each_count(Counts& c, const F& f) {
  f(c.divisions), f(c.deaths), f(c.removals), f(c.conversions);
}

}  // namespace

void write_globals(const World& world, ByteWriter& out) {
  out.number(world.tick);
  out.number(world.step);
  out.number(world.seed);
  out.number(static_cast<std::uint64_t>(world.drugs.size()));
  for (const auto& drug : world.drugs) {
    out.text(drug.name);
    each_level(drug, [&](double v) { out.number(v); });
    out.number(drug.next_dose);
  }
  out.number(static_cast<std::uint64_t>(world.ledgers.size()));
  for (const auto& ledger : world.ledgers) each_amount(ledger, [&](double v) { out.number(v); });
  out.number(static_cast<std::uint64_t>(world.counters.size()));
  for (const auto& counters : world.counters) each_count(counters, [&](std::uint64_t v) { out.number(v); });
  out.number(static_cast<std::uint64_t>(world.scalars.size()));
  for (const auto& [name, value] : world.scalars) {
    out.text(name);
    out.number(value);
  }
}

void read_globals(World& world, ByteReader& in) {
  world.tick = in.number<std::int64_t>();
  world.step = in.number<double>();
  world.seed = in.number<std::uint64_t>();
  if (world.tick < 0 || !(world.step > 0.0) || !std::isfinite(world.step)) in.fail("its clock makes no sense");
  world.drugs.resize(in.count(4 + 11 * 8));
  for (auto& drug : world.drugs) {
    drug.name = in.text();
    each_level(drug, [&](double& v) { v = in.number<double>(); });
    drug.next_dose = in.number<std::uint64_t>();
  }
  world.ledgers.resize(in.count(7 * 8));
  for (auto& ledger : world.ledgers) each_amount(ledger, [&](double& v) { v = in.number<double>(); });
  world.counters.resize(in.count(4 * 8));
  for (auto& counters : world.counters) {
    each_count(counters, [&](std::uint64_t& v) { v = in.number<std::uint64_t>(); });
  }
  world.scalars.clear();
  for (std::size_t n = in.count(4 + 8); n > 0; --n) {
    const std::string name = in.text();
    world.scalars[name] = in.number<double>();
  }
}

void write_cells(const CellTable& cells, ByteWriter& out) {
  out.number(static_cast<std::uint64_t>(cells.size()));
  out.number(static_cast<std::uint64_t>(cells.infos.size()));
  for (const auto& info : cells.infos) {
    out.text(info.name);
    out.text(info.unit);
    out.number(info.initial);
    out.number(info.on_division);
    out.number(static_cast<std::uint8_t>(info.output));
  }
  each_identity_column(cells, [&](const auto& column) { out.array(column); });
  for (const auto& column : cells.values) out.array(column);
}

CellTable read_cells(ByteReader& in) {
  CellTable cells;
  const auto n = in.number<std::uint64_t>();
  const std::size_t n_columns = in.count(4 + 4 + 8 + 1 + 1);
  if (n_columns < n_core_columns) in.fail("columns that every world has are missing");
  std::set<std::string> names;
  const CellTable core;
  cells.infos.clear();
  cells.values.clear();
  for (std::size_t c = 0; c < n_columns; ++c) {
    ColumnInfo info;
    info.name = in.text();
    info.unit = in.text();
    info.initial = in.number<double>();
    const auto rule = in.number<std::uint8_t>();
    if (rule > static_cast<std::uint8_t>(OnDivision::initial)) in.fail("column '" + info.name + "' divides unknown");
    info.on_division = static_cast<OnDivision>(rule);
    info.output = in.flag();
    if (!names.insert(info.name).second) in.fail("column '" + info.name + "' stands twice");
    if (c < n_core_columns && info.name != core.infos[c].name) in.fail("column '" + info.name + "' is out of place");
    cells.infos.push_back(std::move(info));
  }
  const auto read = [&](auto& column, const std::string& name) {
    in.array(column);
    if (column.size() != n)
      in.fail("column '" + name + "' has " + std::to_string(column.size()) + " values for " + std::to_string(n) +
              " cells");
  };
  each_identity_column(cells, [&](auto& column) { read(column, "of identities"); });
  cells.values.resize(n_columns);
  for (std::size_t c = 0; c < n_columns; ++c) read(cells.values[c], cells.infos[c].name);
  return cells;
}

void write_fields(const std::vector<Field>& fields, ByteWriter& out) {
  out.number(static_cast<std::uint64_t>(fields.size()));
  for (const auto& field : fields) {
    out.text(field.name);
    out.text(field.unit);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      out.number(static_cast<std::int32_t>(field.geometry.n[axis]));
      out.number(field.geometry.spacing[axis]);
      out.number(field.geometry.origin[axis]);
    }
    out.number(static_cast<std::uint8_t>(field.geometry.two_dimensional));
    out.array(field.rho);
  }
}

std::vector<Field> read_fields(ByteReader& in) {
  std::vector<Field> fields(in.count(4 + 4 + 3 * 20 + 1 + 8));
  for (auto& field : fields) {
    field.name = in.text();
    field.unit = in.text();
    std::uint64_t n = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      field.geometry.n[axis] = in.number<std::int32_t>();
      field.geometry.spacing[axis] = in.number<double>();
      field.geometry.origin[axis] = in.number<double>();
      const auto along = static_cast<std::uint64_t>(std::max(0, field.geometry.n[axis]));
      if (along == 0 || along > in.remaining() / n || !(field.geometry.spacing[axis] > 0.0))
        in.fail("the grid of field '" + field.name + "' makes no sense");
      n *= along;
    }
    field.geometry.two_dimensional = in.flag();
    in.array(field.rho);
    if (field.rho.size() != n) in.fail("field '" + field.name + "' does not fill its grid");
  }
  return fields;
}

}  // namespace senoma::state
