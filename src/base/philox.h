// Counter-based random numbers: Philox4x32-10 (Salmon et al., SC'11, doi 10.1145/2063384.2063405).
// A draw depends only on (seed, lineage id, stream, ordinal), never on threads, order or how many draws came before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace senoma {

/// Every purpose for which Senoma draws random numbers, in one list. Numbers are part of the reproducibility
/// promise: never reuse or renumber, only append.
enum class Stream : std::uint32_t {
  initial_position = 1,
  initial_phase = 2,
  hazard_threshold = 3,
  division_direction = 4,
  division_partition = 5,
  motility_direction = 6,
  phase_duration = 7,
  parameter_heterogeneity = 8,
  bootstrap = 9,
  parameter_draw = 10,
  test = 11,
  initial_type = 12,
  event_order = 13,
  network_jump = 14,
  attack = 15,
  arrival = 16,
  cohort = 17,
};

using Philox4 = std::array<std::uint32_t, 4>;

/// The raw block function: ten rounds on a 128-bit counter with a 64-bit key.
[[nodiscard]] Philox4 philox4x32(Philox4 counter, std::array<std::uint32_t, 2> key);

/// Random numbers of one cell (or other lineage) for one purpose. Each `ordinal` names one event of that purpose and
/// gives two independent doubles (index 0 and 1). Thread-safe, stateless.
struct RandomStream {
  std::uint64_t seed = 0;
  std::uint64_t lineage = 0;
  Stream stream = Stream::test;

  [[nodiscard]] double uniform(std::uint64_t ordinal, int index = 0) const;    ///< in (0,1), both ends excluded
  [[nodiscard]] double normal(std::uint64_t ordinal, int index = 0) const;     ///< standard normal (Box–Muller)
  [[nodiscard]] double exponential(std::uint64_t ordinal) const;               ///< mean 1
  [[nodiscard]] std::array<double, 3> direction(std::uint64_t ordinal) const;  ///< uniform on the unit sphere
};

/// uniform(first + k, 0) and uniform(first + k, 1) for k < n, to the bit, in vector instructions.
void uniform_pairs(const RandomStream& stream, std::uint64_t first, std::size_t n, double* index_0, double* index_1);

/// The id of a daughter: depends on the parent and on its division ordinal only, never on a counter.
[[nodiscard]] std::uint64_t daughter_lineage(std::uint64_t parent, std::uint32_t division_ordinal);

}  // namespace senoma
