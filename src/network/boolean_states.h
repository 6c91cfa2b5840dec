// Bit patterns numbered in the order in which they are met. One object per thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace senoma::network {

class StateIndex {
 public:
  explicit StateIndex(std::size_t words) : words_(words), slots_(64, empty) {}

  [[nodiscard]] std::size_t size() const { return hashes_.size(); }
  [[nodiscard]] std::vector<std::uint64_t> state(std::size_t number) const {
    const auto at = keys_.begin() + static_cast<std::ptrdiff_t>(number * words_);
    return {at, at + static_cast<std::ptrdiff_t>(words_)};
  }
  /// The pattern's number; a new one gets the number size(). Equal patterns must come with equal hashes.
  std::size_t number_of(const std::uint64_t* state, std::uint64_t hash) {
    for (std::size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
      const std::uint32_t number = slots_[slot];
      if (number == empty) break;
      if (hashes_[number] == hash && std::equal(state, state + words_, keys_.data() + number * words_)) return number;
    }
    hashes_.push_back(hash);
    keys_.insert(keys_.end(), state, state + words_);
    if (2 * hashes_.size() > slots_.size()) {
      slots_.assign(4 * slots_.size(), empty);
      for (std::size_t i = 0; i + 1 < hashes_.size(); ++i) place(i);
    }
    place(hashes_.size() - 1);
    return hashes_.size() - 1;
  }

 private:
  static constexpr std::uint32_t empty = 0xFFFFFFFFU;

  void place(std::size_t number) {
    std::size_t slot = hashes_[number] & (slots_.size() - 1);
    while (slots_[slot] != empty) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(number);
  }

  std::size_t words_;
  std::vector<std::uint32_t> slots_;
  std::vector<std::uint64_t> hashes_, keys_;
};

}  // namespace senoma::network
