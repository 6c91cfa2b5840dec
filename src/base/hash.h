// 64-bit FNV-1a-style hashing over words, for determinism checks and file fingerprints (not cryptographic).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace senoma {

class Hasher {
 public:
  void add(std::uint64_t word);
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  void add(std::span<const double> values);
  void add(std::string_view text);
  [[nodiscard]] std::uint64_t value() const { return state_; }
  [[nodiscard]] std::string hex() const;  ///< 16 lower-case digits

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

/// 16 lower-case digits: how lineage ids and hashes are written everywhere.
[[nodiscard]] std::string hex16(std::uint64_t value);

/// One step of splitmix64's finaliser: a bijection that spreads every input bit.
[[nodiscard]] std::uint64_t mix64(std::uint64_t x);

}  // namespace senoma
