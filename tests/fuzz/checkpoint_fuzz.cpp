// Bytes that claim to be a checkpoint, or to be one of its sections behind checksums that hold. Nothing but an Error
// may come of them, and a section that is read is written as the same bytes again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/checkpoint.h"
#include "results/checkpoint_file.h"
#include "state/serialise.h"
#include "study/observer_state.h"

using namespace senoma;

namespace {

/// Some sections hold padding and flags that are read leniently; only the numbers must survive.
template <class Read, class Write>
void round_trip(std::span<const std::byte> bytes, const Read& read, const Write& write) {
  const auto reader = [](std::span<const std::byte> all) {
    return ByteReader(
        [all, given = false]() mutable -> std::span<const std::byte> {
          if (std::exchange(given, true)) return {};
          return all;
        },
        all.size(), "E6020", "fuzz");
  };
  auto in = reader(bytes);
  auto value = read(in);
  in.expect_end();
  const auto bytes_of = [&](const auto& v) {
    std::vector<std::byte> out;
    ByteWriter writer([&](std::span<const std::byte> part) { out.insert(out.end(), part.begin(), part.end()); }, 256);
    write(v, writer);
    writer.finish();
    return out;
  };
  const auto first = bytes_of(value);
  auto again = reader(first);
  const auto second = bytes_of(read(again));
  if (first != second) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::byte> rest(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  try {
    switch (data[0] % 6) {
      case 0: {
        const results::CheckpointReader file(std::string(reinterpret_cast<const char*>(data) + 1, size - 1), "fuzz");
        for (const char* name : {"globals", "cells", "fields"}) {
          if (file.has(name)) file.section(name, [](ByteReader& in) { (void)in.text(); });
        }
        break;
      }
      case 1:
        round_trip(
            rest,
            [](ByteReader& in) {
              state::World w;
              state::read_globals(w, in);
              return w;
            },
            [](const state::World& w, ByteWriter& out) { state::write_globals(w, out); });
        break;
      case 2:
        round_trip(
            rest, [](ByteReader& in) { return state::read_cells(in); },
            [](const state::CellTable& t, ByteWriter& out) { state::write_cells(t, out); });
        break;
      case 3:
        round_trip(
            rest, [](ByteReader& in) { return state::read_fields(in); },
            [](const std::vector<state::Field>& f, ByteWriter& out) { state::write_fields(f, out); });
        break;
      case 4:
        round_trip(
            rest, [](ByteReader& in) { return engine::read_layout(in); },
            [](const engine::Layout& l, ByteWriter& out) { engine::write_layout(l, out); });
        break;
      default:
        round_trip(
            rest, [](ByteReader& in) { return study::read_observer_state(in); },
            [](const study::ObserverState& s, ByteWriter& out) { study::write_observer_state(s, out); });
    }
  } catch (const Error&) {  // refused: what must happen to most inputs
  }
  return 0;
}
