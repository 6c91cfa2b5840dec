#include "base/bytes.h"

#include "base/error.h"
#include "base/hash.h"

namespace senoma {

ByteWriter::ByteWriter(Sink sink, std::size_t block_bytes) : sink_(std::move(sink)), block_(block_bytes) {}

void ByteWriter::bytes(const void* data, std::size_t n) {
  const auto* from = static_cast<const std::byte*>(data);
  total_ += n;
  while (n > 0) {
    const std::size_t part = std::min(n, block_.size() - used_);
    std::memcpy(block_.data() + used_, from, part);
    used_ += part;
    from += part;
    n -= part;
    if (used_ == block_.size()) {
      sink_(block_);
      used_ = 0;
    }
  }
}

void ByteWriter::pad() {
  static constexpr std::byte zeros[8] = {};
  if (total_ % 8 != 0) bytes(zeros, 8 - total_ % 8);
}

void ByteWriter::text(std::string_view value) {
  number(static_cast<std::uint32_t>(value.size()));
  bytes(value.data(), value.size());
}

void ByteWriter::finish() {
  if (used_ > 0) sink_({block_.data(), used_});
  used_ = 0;
}

ByteReader::ByteReader(Source source, std::uint64_t total, std::string code, std::string what)
    : source_(std::move(source)), total_(total), code_(std::move(code)), what_(std::move(what)) {}

void ByteReader::fail(const std::string& why) const { throw Error(code_, what_ + ": " + why, ErrorKind::input_output); }

void ByteReader::fail_length(std::uint64_t n, std::size_t size) const {
  fail(std::to_string(n) + " values of " + std::to_string(size) + " bytes are announced, " +
       std::to_string(remaining()) + " bytes are left");
}

void ByteReader::bytes(void* to, std::size_t n) {
  if (n > remaining()) fail("it ends too early");
  auto* at = static_cast<std::byte*>(to);
  read_ += n;
  while (n > 0) {
    if (block_.empty()) {
      block_ = source_();
      if (block_.empty()) fail("it ends too early");
    }
    const std::size_t part = std::min(n, block_.size());
    std::memcpy(at, block_.data(), part);
    block_ = block_.subspan(part);
    at += part;
    n -= part;
  }
}

void ByteReader::skip_padding() {
  std::byte padding[8];
  if (read_ % 8 != 0) bytes(padding, 8 - read_ % 8);
}

bool ByteReader::flag() {
  const auto value = number<std::uint8_t>();
  if (value > 1) fail("a yes or no is " + std::to_string(value));
  return value == 1;
}

std::string ByteReader::text() {
  const auto n = number<std::uint32_t>();
  if (n > remaining()) fail_length(n, 1);
  std::string value;
  constexpr std::uint32_t at_once = 1U << 16;
  for (std::uint32_t done = 0; done < n;) {
    const std::uint32_t part = std::min(n - done, at_once);
    value.resize(done + part);
    bytes(value.data() + done, part);
    done += part;
  }
  return value;
}

std::size_t ByteReader::count(std::size_t least_bytes) {
  const auto n = number<std::uint64_t>();
  if (n > remaining() / least_bytes) fail_length(n, least_bytes);
  return static_cast<std::size_t>(n);
}

void ByteReader::expect_end() const {
  if (remaining() != 0) fail(std::to_string(remaining()) + " bytes more than expected");
}

void ByteChecksum::word(std::uint64_t w) { state_ = mix64(state_ ^ w) * 0x100000001b3ULL; }

void ByteChecksum::add(std::span<const std::byte> bytes) {
  length_ += bytes.size();
  while (n_pending_ > 0 && n_pending_ < 8 && !bytes.empty()) {
    pending_[n_pending_++] = bytes.front();
    bytes = bytes.subspan(1);
  }
  std::uint64_t w = 0;
  if (n_pending_ == 8) {
    std::memcpy(&w, pending_, 8);
    word(w);
    n_pending_ = 0;
  }
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::memcpy(&w, bytes.data(), 8);
    word(w);
  }
  for (const std::byte b : bytes) pending_[n_pending_++] = b;
}

std::uint64_t ByteChecksum::value() const {
  std::uint64_t rest = 0;
  std::memcpy(&rest, pending_, n_pending_);
  return mix64(mix64(state_ ^ rest) ^ length_);
}

}  // namespace senoma
