#include "state/serialise.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "base/error.h"
#include "base/philox.h"

namespace senoma::state {
namespace {

using Bytes = std::vector<std::byte>;

/// A world in which every member has its own value.
World sample() {
  World w;
  w.tick = 1234567;
  w.step = 0.1;
  w.seed = 0xfedcba9876543210ULL;
  w.cells.add_column({"network.p53", "nM", 0.25, OnDivision::halve, true});
  w.cells.add_column({"hidden", "1", -1.0, OnDivision::initial, false});
  for (std::uint64_t i = 0; i < 300; ++i) {
    const auto at = w.cells.append(mix64(i + 1), static_cast<std::uint16_t>(i % 3));
    for (std::size_t c = 0; c < w.cells.n_columns(); ++c)
      w.cells.values[c][at] = RandomStream{9, i, Stream::test}.uniform(c) * 1e3 - 500;
    w.cells.cell_state[at] = static_cast<std::uint16_t>(i % 5);
    w.cells.phase[at] = static_cast<std::uint16_t>(i % 2);
    w.cells.origin[at] = static_cast<std::uint16_t>(i * 7);
    w.cells.divisions[at] = static_cast<std::uint32_t>(i);
    w.cells.events[at] = static_cast<std::uint32_t>(3 * i);
    w.cells.generation[at] = static_cast<std::uint32_t>(5 * i);
    w.cells.parent[at] = mix64(i + 1000);
    w.cells.founder[at] = mix64(i + 2000);
  }
  Field field{"O2", "mmHg", {}, {}};
  field.geometry.n = {7, 5, 3};
  field.geometry.spacing = {20, 10, 5};
  field.geometry.origin = {-70, 0, 2.5};
  for (std::size_t i = 0; i < field.geometry.size(); ++i) field.rho.push_back(38.0 / (1.0 + static_cast<double>(i)));
  w.fields = {field, {"CCL2", "nM", {}, {}}};
  w.fields[1].geometry.two_dimensional = true;
  w.fields[1].rho.assign(1, 0.5);
  w.drugs = {{"tmz", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}};
  w.ledgers = {{1, 2, 3, 4, 5, 6, 7}, {8, 9, 10, 11, 12, 13, 14}};
  w.counters = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
  w.scalars = {{"a", 1.5}, {"b", -2.5}};
  return w;
}

template <class Write>
Bytes bytes_of(const Write& write, std::size_t block = 64) {
  Bytes all;
  ByteWriter out([&](std::span<const std::byte> part) { all.insert(all.end(), part.begin(), part.end()); }, block);
  write(out);
  out.finish();
  return all;
}

ByteReader reader(const Bytes& bytes, std::size_t block = 100) {
  return {[&bytes, block, at = std::size_t{0}]() mutable -> std::span<const std::byte> {
            const std::size_t n = std::min(block, bytes.size() - at);
            at += n;
            return {bytes.data() + at - n, n};
          },
          bytes.size(), "E6020", "test"};
}

struct Parts {
  Bytes globals, cells, fields;
};
Parts write(const World& w) {
  return {bytes_of([&](ByteWriter& out) { write_globals(w, out); }),
          bytes_of([&](ByteWriter& out) { write_cells(w.cells, out); }),
          bytes_of([&](ByteWriter& out) { write_fields(w.fields, out); })};
}
World read(const Parts& parts) {
  World w;
  auto globals = reader(parts.globals), cells = reader(parts.cells), fields = reader(parts.fields);
  read_globals(w, globals);
  w.cells = read_cells(cells);
  w.fields = read_fields(fields);
  globals.expect_end(), cells.expect_end(), fields.expect_end();
  return w;
}

TEST(Serialise, A_world_written_and_read_is_equal_in_every_member_and_in_the_order_of_its_cells) {
  const World a = sample(), b = read(write(a));
  EXPECT_EQ(a.hash(), b.hash());
  EXPECT_EQ(a.tick, b.tick);
  EXPECT_EQ(a.step, b.step);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.scalars, b.scalars);
  EXPECT_EQ(a.cells.id, b.cells.id);
  EXPECT_EQ(a.cells.parent, b.cells.parent);
  EXPECT_EQ(a.cells.founder, b.cells.founder);
  EXPECT_EQ(a.cells.type, b.cells.type);
  EXPECT_EQ(a.cells.cell_state, b.cells.cell_state);
  EXPECT_EQ(a.cells.phase, b.cells.phase);
  EXPECT_EQ(a.cells.origin, b.cells.origin);
  EXPECT_EQ(a.cells.divisions, b.cells.divisions);
  EXPECT_EQ(a.cells.events, b.cells.events);
  EXPECT_EQ(a.cells.generation, b.cells.generation);
  EXPECT_EQ(a.cells.values, b.cells.values);
  ASSERT_EQ(a.cells.infos.size(), b.cells.infos.size());
  for (std::size_t c = 0; c < a.cells.infos.size(); ++c) {
    const auto &x = a.cells.infos[c], &y = b.cells.infos[c];
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.unit, y.unit);
    EXPECT_EQ(x.initial, y.initial);
    EXPECT_EQ(x.on_division, y.on_division);
    EXPECT_EQ(x.output, y.output);
  }
  ASSERT_EQ(a.fields.size(), b.fields.size());
  for (std::size_t f = 0; f < a.fields.size(); ++f) {
    EXPECT_EQ(a.fields[f].name, b.fields[f].name);
    EXPECT_EQ(a.fields[f].unit, b.fields[f].unit);
    EXPECT_EQ(a.fields[f].geometry, b.fields[f].geometry);
    EXPECT_EQ(a.fields[f].rho, b.fields[f].rho);
  }
  // Ledgers and counters are no part of the hash; writing what was read must give the same bytes.
  EXPECT_EQ(write(a).globals, write(b).globals);
  EXPECT_EQ(b.drugs[0].name, "tmz");
  EXPECT_EQ(b.drugs[0].next_dose, 6U);
  EXPECT_EQ(b.drugs[0].mean, 7.0);
  EXPECT_EQ(b.drugs[0].effect_mean, 11.0);
  EXPECT_EQ(b.ledgers[1].worst_closing_error, 14.0);
  EXPECT_EQ(b.counters[2].conversions, 12U);
}

TEST(Serialise, An_empty_world_survives) {
  World w;
  w.step = 1.0;
  EXPECT_EQ(read(write(w)).hash(), w.hash());
}

RC_GTEST_PROP(Serialise, Bytes_that_were_cut_or_changed_are_refused_or_read_but_never_crash, ()) {
  static const Parts parts = write(sample());
  Parts damaged = parts;
  Bytes& part = *std::array{&damaged.globals, &damaged.cells, &damaged.fields}[*rc::gen::inRange<std::size_t>(0, 3)];
  const auto at = *rc::gen::inRange<std::size_t>(0, part.size());
  if (*rc::gen::arbitrary<bool>())
    part.resize(at);
  else
    part[at] ^= static_cast<std::byte>(1U << *rc::gen::inRange(0, 8));
  try {
    (void)read(damaged);
  } catch (const Error& error) {
    RC_ASSERT(error.code() == "E6020");
  }
}

TEST(Serialise, A_length_beyond_the_end_is_refused_before_memory_is_taken) {
  Bytes bytes = bytes_of([](ByteWriter& out) { out.number(~std::uint64_t{0}); });
  auto in = reader(bytes);
  Column<double> column;
  EXPECT_THROW(in.array(column), Error);
  EXPECT_EQ(column.capacity(), 0U);
}

TEST(Bytes, A_checksum_does_not_depend_on_the_cuts_and_sees_every_flipped_bit) {
  Bytes bytes(203);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i * 37);
  const auto of = [](const Bytes& b, std::size_t cut) {
    ByteChecksum sum;
    const std::span<const std::byte> all(b);
    for (std::size_t at = 0; at < all.size(); at += cut) sum.add(all.subspan(at, std::min(cut, all.size() - at)));
    return sum.value();
  };
  const auto whole = of(bytes, bytes.size());
  for (std::size_t cut = 1; cut < 40; ++cut) EXPECT_EQ(of(bytes, cut), whole) << cut;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    EXPECT_NE(of(bytes, 64), whole) << bit;
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
  }
  bytes.push_back(std::byte{0});
  EXPECT_NE(of(bytes, 64), whole) << "a longer file";
}

}  // namespace
}  // namespace senoma::state
