// Numbers, texts and arrays as bytes and back, for binary files: little-endian, arrays start at multiples of 8 bytes.
//   ByteWriter  gathers what it is given in blocks and hands each full block to its sink.
//   ByteReader  takes blocks from its source; every length is checked against what is left before anything is
//   allocated,
//               so that no sequence of bytes can make it read beyond its end or ask for memory without bound.
// Thread statement: one thread each.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace senoma {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

class ByteWriter {
 public:
  using Sink = std::function<void(std::span<const std::byte>)>;
  explicit ByteWriter(Sink sink, std::size_t block_bytes = std::size_t{1} << 20);

  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void number(T value) { bytes(&value, sizeof value); }
  void text(std::string_view value);
  /// The count, padding to a multiple of 8 bytes, the values.
  template <class Values>
  void array(const Values& values) {
    number(static_cast<std::uint64_t>(values.size()));
    pad();
    bytes(values.data(), values.size() * sizeof(values[0]));
    pad();
  }
  /// Hands over what is left. Call once, at the end.
  void finish();

 private:
  void bytes(const void* data, std::size_t n);
  void pad();

  Sink sink_;
  std::vector<std::byte> block_;
  std::size_t used_ = 0, total_ = 0;
};

class ByteReader {
 public:
  /// The next block; empty when there is none. The block stays valid until the next call.
  using Source = std::function<std::span<const std::byte>()>;
  /// `total`: bytes of all blocks. Violations throw Error(`code`, "`what`: …", input_output).
  ByteReader(Source source, std::uint64_t total, std::string code, std::string what);

  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) T number() {
    T value{};
    bytes(&value, sizeof value);
    return value;
  }
  /// A number that must be 0 or 1.
  [[nodiscard]] bool flag();
  std::string text();
  template <class Values>
  void array(Values& values) {
    using T = typename Values::value_type;
    const auto n = number<std::uint64_t>();
    skip_padding();
    if (n > remaining() / sizeof(T)) fail_length(n, sizeof(T));
    values.clear();
    constexpr std::size_t at_once = std::size_t{1} << 17;  // memory grows with what is there, not with what is said
    for (std::uint64_t done = 0; done < n;) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(n - done, at_once));
      // The whole size at once when the first part came: no copy on growth for honest files.
      if (done == at_once) values.reserve(static_cast<std::size_t>(n));
      values.resize(static_cast<std::size_t>(done) + part);
      bytes(values.data() + done, part * sizeof(T));
      done += part;
    }
    skip_padding();
  }
  /// A count of things of at least `least_bytes` each that follow: refused when they cannot fit.
  [[nodiscard]] std::size_t count(std::size_t least_bytes);
  [[nodiscard]] std::uint64_t remaining() const { return total_ - read_; }
  void expect_end() const;
  [[noreturn]] void fail(const std::string& why) const;

 private:
  void bytes(void* to, std::size_t n);
  void skip_padding();
  [[noreturn]] void fail_length(std::uint64_t n, std::size_t size) const;

  Source source_;
  std::span<const std::byte> block_;
  std::uint64_t total_, read_ = 0;
  std::string code_, what_;
};

/// The same checksum for the same bytes, however they are cut into pieces; any change of one word changes it.
class ByteChecksum {
 public:
  void add(std::span<const std::byte> bytes);
  [[nodiscard]] std::uint64_t value() const;

 private:
  void word(std::uint64_t w);

  std::uint64_t state_ = 0x9e3779b97f4a7c15ULL, length_ = 0;
  std::byte pending_[8] = {};
  std::size_t n_pending_ = 0;
};

}  // namespace senoma
