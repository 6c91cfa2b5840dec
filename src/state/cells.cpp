#include "state/cells.h"

#include "base/philox.h"

namespace senoma::state {

namespace {

template <class Vector>
void keep(Vector& column, std::span<const std::uint32_t> removed) {
  std::size_t write = 0, next = 0;
  for (std::size_t read = 0; read < column.size(); ++read) {
    if (next < removed.size() && removed[next] == read) {
      ++next;
    } else {
      column[write++] = column[read];
    }
  }
  column.resize(write);
}

template <class Vector>
void reorder(Vector& column, std::span<const std::uint32_t> order, const Executor& executor) {
  Vector result(order.size());
  executor.for_blocks(order.size(), 4096, [&](Block block) {
    for (std::size_t k = block.begin; k < block.end; ++k) result[k] = column[order[k]];
  });
  column.swap(result);
}

template <class F>
void each_identity_column(CellTable& t, const F& f) {
  f(t.id), f(t.parent), f(t.founder), f(t.type), f(t.cell_state), f(t.phase), f(t.origin), f(t.divisions), f(t.events),
      f(t.generation);
}

}  // namespace

CellTable::CellTable() {
  const auto core = [this](const char* name, const char* unit, OnDivision rule) {
    add_column({name, unit, 0.0, rule, true});
  };
  core("x", "um", OnDivision::copy);
  core("y", "um", OnDivision::copy);
  core("z", "um", OnDivision::copy);
  core("volume", "um^3", OnDivision::halve);
  core("target_volume", "um^3", OnDivision::halve);
  core("radius", "um", OnDivision::copy);
  core("age", "min", OnDivision::zero);
  core("state_age", "min", OnDivision::copy);
  core("phase_elapsed", "min", OnDivision::zero);
  core("pressure", "1", OnDivision::copy);
}

std::size_t CellTable::add_column(const ColumnInfo& info) {
  if (const auto known = find_column(info.name)) return *known;
  infos.push_back(info);
  values.emplace_back(size(), info.initial);
  return values.size() - 1;
}

std::optional<std::size_t> CellTable::find_column(const std::string& name) const {
  for (std::size_t c = 0; c < infos.size(); ++c) {
    if (infos[c].name == name) return c;
  }
  return std::nullopt;
}

void CellTable::reserve(std::size_t n) {
  each_identity_column(*this, [&](auto& column) { column.reserve(n); });
  for (auto& column : values) column.reserve(n);
}

std::size_t CellTable::append(std::uint64_t lineage_id, std::uint16_t cell_type) {
  // Vectors double when full; an eighth more keeps a large tissue within memory.
  if (size() == id.capacity()) reserve(size() + size() / 8 + 64);
  id.push_back(lineage_id);
  parent.push_back(0);
  founder.push_back(lineage_id);
  type.push_back(cell_type);
  cell_state.push_back(0);
  phase.push_back(0);
  origin.push_back(0);
  divisions.push_back(0);
  events.push_back(0);
  generation.push_back(0);
  for (std::size_t c = 0; c < values.size(); ++c) values[c].push_back(infos[c].initial);
  return id.size() - 1;
}

std::size_t CellTable::divide(std::size_t i) {
  const std::size_t j = append(0, type[i]);
  const std::uint64_t parent_id = id[i];
  // Ordinals 0 and 1 of the parent's only division: a lineage id divides once, then its daughters carry on.
  id[i] = daughter_lineage(parent_id, 0);
  id[j] = daughter_lineage(parent_id, 1);
  for (const std::size_t d : {i, j}) {
    parent[d] = parent_id;
    events[d] = 0;
    divisions[d] = 0;
  }
  founder[j] = founder[i];
  cell_state[j] = cell_state[i];
  phase[i] = phase[j] = 0;
  origin[j] = origin[i];
  generation[i] += 1;
  generation[j] = generation[i];
  for (std::size_t c = 0; c < values.size(); ++c) {
    double& first = values[c][i];
    switch (infos[c].on_division) {
      case OnDivision::copy:
        break;
      case OnDivision::halve:
        first *= 0.5;
        break;
      case OnDivision::zero:
        first = 0.0;
        break;
      case OnDivision::initial:
        first = infos[c].initial;
        break;
    }
    values[c][j] = first;
  }
  return j;
}

void CellTable::remove(std::span<const std::uint32_t> ascending) {
  if (ascending.empty()) return;
  each_identity_column(*this, [&](auto& column) { keep(column, ascending); });
  for (auto& column : values) keep(column, ascending);
}

void CellTable::permute(std::span<const std::uint32_t> order, const Executor& executor) {
  each_identity_column(*this, [&](auto& column) { reorder(column, order, executor); });
  for (auto& column : values) reorder(column, order, executor);
}

void CellTable::add_to(Hasher& hasher) const {
  std::uint64_t sum = 0;  // commutative over cells, so that their order does not matter
  for (std::size_t i = 0; i < size(); ++i) {
    Hasher cell;
    cell.add(id[i]), cell.add(parent[i]), cell.add(founder[i]);
    cell.add(std::uint64_t{type[i]}), cell.add(std::uint64_t{cell_state[i]}), cell.add(std::uint64_t{phase[i]});
    cell.add(std::uint64_t{origin[i]}), cell.add(std::uint64_t{divisions[i]}), cell.add(std::uint64_t{events[i]});
    cell.add(std::uint64_t{generation[i]});
    for (const auto& column : values) cell.add(column[i]);
    sum += cell.value();
  }
  hasher.add(static_cast<std::uint64_t>(size()));
  hasher.add(sum);
}

}  // namespace senoma::state
