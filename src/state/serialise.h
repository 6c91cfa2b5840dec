// A World as bytes and back, part by part, exactly: write_… then read_… gives a world with the same hash, the same
// order of the cells and the same columns. Nothing of a World may be missing here (tests/unit/state/serialise_test.cpp
// compares every member). Reading refuses what is not a world (ByteReader's errors) and checks that all columns have
// one value per cell and all indices of columns are distinct; whether the world fits a model is engine/checkpoint's
// task. Units as in world.h. Thread statement: re-entrant.
#pragma once

#include "base/bytes.h"
#include "state/world.h"

namespace senoma::state {

/// Clock, seed, drugs, ledgers, counters, scalars.
void write_globals(const World& world, ByteWriter& out);
void read_globals(World& world, ByteReader& in);

/// All columns with their infos.
void write_cells(const CellTable& cells, ByteWriter& out);
[[nodiscard]] CellTable read_cells(ByteReader& in);

void write_fields(const std::vector<Field>& fields, ByteWriter& out);
[[nodiscard]] std::vector<Field> read_fields(ByteReader& in);

}  // namespace senoma::state
