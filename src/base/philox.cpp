#include "base/philox.h"

#include "base/hash.h"
#include "base/kernel.h"
#include "base/math.h"

namespace senoma {

Philox4 philox4x32(Philox4 c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = 0xD2511F53ULL * c[0];
    const std::uint64_t p1 = 0xCD9E8D57ULL * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return c;
}

namespace {

Philox4 block(const RandomStream& s, std::uint64_t ordinal) {
  // 64 bits of lineage and 64 of ordinal are the counter; seed and stream are folded into the key.
  const std::uint64_t key = mix64(s.seed ^ (static_cast<std::uint64_t>(s.stream) << 48));
  return philox4x32({static_cast<std::uint32_t>(ordinal), static_cast<std::uint32_t>(ordinal >> 32),
                     static_cast<std::uint32_t>(s.lineage), static_cast<std::uint32_t>(s.lineage >> 32)},
                    {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)});
}

double to_unit(std::uint32_t high, std::uint32_t low) {
  const std::uint64_t bits = ((static_cast<std::uint64_t>(high) << 32) | low) >> 12;  // 52 bits
  return (static_cast<double>(bits) + 0.5) * 0x1.0p-52;
}

}  // namespace

double RandomStream::uniform(std::uint64_t ordinal, int index) const {
  const auto b = block(*this, ordinal);
  return index == 0 ? to_unit(b[0], b[1]) : to_unit(b[2], b[3]);
}

double RandomStream::normal(std::uint64_t ordinal, int index) const {
  const auto b = block(*this, ordinal);
  const double radius = math::sqrt(-2.0 * math::log(to_unit(b[0], b[1])));
  const double angle = 2.0 * math::pi * to_unit(b[2], b[3]);
  return index == 0 ? radius * math::cos(angle) : radius * math::sin(angle);
}

double RandomStream::exponential(std::uint64_t ordinal) const { return -math::log(uniform(ordinal)); }

std::array<double, 3> RandomStream::direction(std::uint64_t ordinal) const {
  const auto b = block(*this, ordinal);
  const double z = 2.0 * to_unit(b[0], b[1]) - 1.0;
  const double angle = 2.0 * math::pi * to_unit(b[2], b[3]);
  const double r = math::sqrt(1.0 - z * z);
  return {r * math::cos(angle), r * math::sin(angle), z};
}

namespace {

// philox4x32 lane by lane: every word in a 64-bit lane of its own, as the vector multiplication needs it.
SENOMA_KERNEL(void, pairs_kernel,
              (const std::uint64_t key_words, const std::uint64_t lineage, const std::uint64_t first,
               const std::size_t n, double* __restrict out_0, double* __restrict out_1),
              (key_words, lineage, first, n, out_0, out_1)) {
  constexpr std::uint64_t low = 0xFFFFFFFFULL;
  for (std::size_t k = 0; k < n; ++k) {
    const std::uint64_t ordinal = first + k;
    std::uint64_t c0 = ordinal & low, c1 = ordinal >> 32, c2 = lineage & low, c3 = lineage >> 32;
    std::uint64_t k0 = key_words & low, k1 = key_words >> 32;
#pragma GCC unroll 10
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t p0 = 0xD2511F53ULL * c0, p1 = 0xCD9E8D57ULL * c2;
      c0 = (p1 >> 32) ^ c1 ^ k0;
      c1 = p1 & low;
      c2 = (p0 >> 32) ^ c3 ^ k1;
      c3 = p0 & low;
      k0 = (k0 + 0x9E3779B9ULL) & low;
      k1 = (k1 + 0xBB67AE85ULL) & low;
    }
    // as to_unit; the conversion is exact below 2^53, and signed because every instruction set has that one
    out_0[k] = (static_cast<double>(static_cast<std::int64_t>(((c0 << 32) | c1) >> 12)) + 0.5) * 0x1.0p-52;
    out_1[k] = (static_cast<double>(static_cast<std::int64_t>(((c2 << 32) | c3) >> 12)) + 0.5) * 0x1.0p-52;
  }
}

}  // namespace

void uniform_pairs(const RandomStream& stream, std::uint64_t first, std::size_t n, double* index_0, double* index_1) {
  const std::uint64_t key = mix64(stream.seed ^ (static_cast<std::uint64_t>(stream.stream) << 48));
  pairs_kernel(key, stream.lineage, first, n, index_0, index_1);
}

std::uint64_t daughter_lineage(std::uint64_t parent, std::uint32_t division_ordinal) {
  return mix64(mix64(parent) ^ (0xD1B54A32D192ED03ULL * (division_ordinal + 1ULL)));
}

}  // namespace senoma
