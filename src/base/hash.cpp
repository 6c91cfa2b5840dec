#include "base/hash.h"

namespace senoma {

std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

void Hasher::add(std::uint64_t word) { state_ = mix64(state_ ^ word) * 0x100000001b3ULL; }

void Hasher::add(std::span<const double> values) {
  for (const double v : values) add(v);
}

void Hasher::add(std::string_view text) {
  add(static_cast<std::uint64_t>(text.size()));
  for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
}

std::string hex16(std::uint64_t value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out(16, '0');
  for (int i = 0; i < 16; ++i) out[static_cast<std::size_t>(i)] = digits[(value >> (60 - 4 * i)) & 15U];
  return out;
}

std::string Hasher::hex() const { return hex16(state_); }

}  // namespace senoma
