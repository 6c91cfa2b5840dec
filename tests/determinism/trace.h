// A run as hashes, readouts and events after each step, and the same through saved states: what tests of resumed runs
// compare.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/checkpoint.h"
#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "state/serialise.h"

namespace senoma::test {

using Bytes = std::vector<std::byte>;
using DescriptionPtr = std::shared_ptr<const engine::Description>;

template <class Write>
Bytes bytes_of(const Write& write) {
  Bytes all;
  ByteWriter out([&](std::span<const std::byte> part) { all.insert(all.end(), part.begin(), part.end()); });
  write(out);
  out.finish();
  return all;
}

template <class Read>
void read_from(const Bytes& bytes, const Read& read) {
  bool given = false;
  ByteReader in(
      [&]() -> std::span<const std::byte> {
        if (std::exchange(given, true)) return {};
        return bytes;
      },
      bytes.size(), "E6020", "test");
  read(in);
  in.expect_end();
}

/// The state as it goes through a file: only what is written comes back.
inline engine::SavedState through_bytes(const engine::Simulation& sim) {
  engine::SavedState saved;
  read_from(bytes_of([&](ByteWriter& out) { state::write_globals(sim.world, out); }),
            [&](ByteReader& in) { state::read_globals(saved.world, in); });
  read_from(bytes_of([&](ByteWriter& out) { state::write_cells(sim.world.cells, out); }),
            [&](ByteReader& in) { saved.world.cells = state::read_cells(in); });
  read_from(bytes_of([&](ByteWriter& out) { state::write_fields(sim.world.fields, out); }),
            [&](ByteReader& in) { saved.world.fields = state::read_fields(in); });
  read_from(bytes_of([&](ByteWriter& out) { engine::write_layout(engine::layout_of(sim), out); }),
            [&](ByteReader& in) { saved.layout = engine::read_layout(in); });
  return saved;
}

struct Trace {
  std::vector<std::uint64_t> hashes;          ///< after each step
  std::vector<std::vector<double>> readouts;  ///< after each step
  std::vector<std::string> events;

  void add(engine::Simulation& sim, bool look) {
    hashes.push_back(sim.world.hash());
    if (look) readouts.push_back(sim.readouts());
    for (const auto& e : sim.events) {
      char line[200];
      std::snprintf(line, sizeof line, "%.17g %s %016llx %016llx %s %s %s %016llx", e.time, e.kind.c_str(),
                    static_cast<unsigned long long>(e.cell), static_cast<unsigned long long>(e.parent), e.type.c_str(),
                    e.from.c_str(), e.to.c_str(), static_cast<unsigned long long>(e.by));
      events.emplace_back(line);
    }
    sim.events.clear();
  }
};

/// Steps `n` times, going through bytes into a fresh simulation (with `threads[k]`) after each of the steps in `cuts`.
inline Trace trace(const DescriptionPtr& d, int n, const std::map<int, int>& cuts, bool look = true) {
  auto sim = std::make_unique<engine::Simulation>(d, 1, mechanisms::catalogue(), 1);
  Trace result;
  for (int k = 0; k < n; ++k) {
    if (const auto cut = cuts.find(k); cut != cuts.end()) {
      auto saved = through_bytes(*sim);
      sim = std::make_unique<engine::Simulation>(d, 1, mechanisms::catalogue(), cut->second);
      EXPECT_TRUE(engine::restore(*sim, std::move(saved), false).empty());
    }
    sim->step();
    result.add(*sim, look);
  }
  return result;
}

inline void expect_equal(const Trace& a, const Trace& b) {
  for (std::size_t k = 0; k < a.hashes.size(); ++k) ASSERT_EQ(a.hashes[k], b.hashes[k]) << "step " << k + 1;
  EXPECT_EQ(a.readouts, b.readouts);
  EXPECT_EQ(a.events, b.events);
}

}  // namespace senoma::test
