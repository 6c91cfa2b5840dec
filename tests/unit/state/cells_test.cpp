#include "state/cells.h"

#include <gtest/gtest.h>

#include "base/philox.h"
#include "state/world.h"

namespace senoma::state {
namespace {

CellTable table() {
  CellTable t;
  t.add_column({"copied", "1", 4.0, OnDivision::copy, true});
  t.add_column({"halved", "1", 6.0, OnDivision::halve, true});
  t.add_column({"zeroed", "1", 8.0, OnDivision::zero, true});
  t.add_column({"renewed", "1", 3.0, OnDivision::initial, true});
  for (std::uint64_t id : {11, 22, 33, 44}) t.append(id, static_cast<std::uint16_t>(id / 20));
  for (std::size_t i = 0; i < 4; ++i) t.values[*t.find_column("copied")][i] = static_cast<double>(i);
  return t;
}

double value(const CellTable& t, const char* name, std::size_t i) { return t.values[*t.find_column(name)][i]; }

std::uint64_t hash(const CellTable& t) {
  Hasher h;
  t.add_to(h);
  return h.value();
}

TEST(Cells, A_column_added_later_holds_its_initial_value_and_is_added_once) {
  auto t = table();
  const auto c = t.add_column({"late", "1", 2.5, OnDivision::copy, true});
  EXPECT_EQ(t.values[c], (Column<double>{2.5, 2.5, 2.5, 2.5}));
  EXPECT_EQ(t.add_column({"late", "1", 9.0, OnDivision::zero, true}), c);
}

TEST(Cells, Division_follows_each_columns_rule_and_gives_both_daughters_new_ids) {
  auto t = table();
  t.values[*t.find_column("renewed")][1] = 77;
  t.origin[1] = 5;
  t.events[1] = 9;
  const auto j = t.divide(1);
  ASSERT_EQ(j, 4u);
  for (const std::size_t d : {std::size_t{1}, j}) {
    EXPECT_EQ(value(t, "copied", d), 1.0);
    EXPECT_EQ(value(t, "halved", d), 3.0);
    EXPECT_EQ(value(t, "zeroed", d), 0.0);
    EXPECT_EQ(value(t, "renewed", d), 3.0);
    EXPECT_EQ(t.parent[d], 22u);
    EXPECT_EQ(t.founder[d], 22u);
    EXPECT_EQ(t.generation[d], 1u);
    EXPECT_EQ(t.origin[d], 5);
    EXPECT_EQ(t.events[d], 0u);
    EXPECT_EQ(t.type[d], 1);
  }
  EXPECT_EQ(t.id[1], daughter_lineage(22, 0));
  EXPECT_EQ(t.id[j], daughter_lineage(22, 1));
}

TEST(Cells, Removal_keeps_the_order_of_the_others) {
  auto t = table();
  const std::vector<std::uint32_t> gone{0, 2};
  t.remove(gone);
  EXPECT_EQ(t.id, (std::vector<std::uint64_t>{22, 44}));
  EXPECT_EQ(value(t, "copied", 1), 3.0);
  t.remove({});
  EXPECT_EQ(t.size(), 2u);
}

TEST(Cells, A_permutation_moves_every_column_and_leaves_the_hash) {
  auto t = table();
  const auto before = hash(t);
  const std::vector<std::uint32_t> order{2, 0, 3, 1};
  t.permute(order);
  EXPECT_EQ(t.id, (std::vector<std::uint64_t>{33, 11, 44, 22}));
  EXPECT_EQ(value(t, "copied", 0), 2.0);
  EXPECT_EQ(hash(t), before);
  t.values[*t.find_column("halved")][0] += 1e-15;
  EXPECT_NE(hash(t), before);
}

TEST(Cells, The_hash_sees_every_identity_column) {
  const auto before = hash(table());
  const std::vector<void (*)(CellTable&)> changes{
      [](CellTable& t) { t.id[0]++; },         [](CellTable& t) { t.parent[0]++; },
      [](CellTable& t) { t.founder[0]++; },    [](CellTable& t) { t.type[0]++; },
      [](CellTable& t) { t.cell_state[0]++; }, [](CellTable& t) { t.phase[0]++; },
      [](CellTable& t) { t.origin[0]++; },     [](CellTable& t) { t.divisions[0]++; },
      [](CellTable& t) { t.events[0]++; },     [](CellTable& t) { t.generation[0]++; },
      [](CellTable& t) { t.append(99, 0); }};
  for (const auto& change : changes) {
    auto t = table();
    change(t);
    EXPECT_NE(hash(t), before);
  }
}

TEST(World, The_hash_sees_fields_drugs_and_the_clock) {
  World w;
  w.fields.push_back({"S", "nM", {}, {1.0}});
  w.drugs.push_back({});
  const auto before = w.hash();
  const World copy = w;
  EXPECT_EQ(copy.hash(), before);
  w.fields[0].rho[0] = 2.0;
  EXPECT_NE(w.hash(), before);
  w = copy;
  w.drugs[0].gut = 1.0;
  EXPECT_NE(w.hash(), before);
  w = copy;
  w.tick = 1;
  EXPECT_NE(w.hash(), before);
}

}  // namespace
}  // namespace senoma::state
