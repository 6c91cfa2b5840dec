#include "results/checkpoint_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <utility>

#include "results/files.h"

namespace senoma::results {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view magic{"\x89SENO\r\n\x1a", 8};
constexpr std::size_t block_bytes = std::size_t{1} << 20;

constexpr std::uint32_t tag(const char (&text)[5]) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) value = (value << 8) | static_cast<unsigned char>(text[i]);
  return value;
}
constexpr std::uint32_t tag_section = tag("SECT"), tag_block = tag("BLCK"), tag_section_end = tag("SEND"),
                        tag_tail = tag("TAIL");

/// Bytes k of all words of 8 side by side; a rest of less than 8 bytes stays as it is.
void shuffle(std::span<const std::byte> from, std::byte* to) {
  const std::size_t n = from.size() / 8;
  for (std::size_t k = 0; k < 8; ++k) {
    for (std::size_t i = 0; i < n; ++i) to[k * n + i] = from[8 * i + k];
  }
  std::copy(from.begin() + static_cast<std::ptrdiff_t>(8 * n), from.end(), to + 8 * n);
}

void unshuffle(std::span<const std::byte> from, std::byte* to) {
  const std::size_t n = from.size() / 8;
  for (std::size_t k = 0; k < 8; ++k) {
    for (std::size_t i = 0; i < n; ++i) to[8 * i + k] = from[k * n + i];
  }
  std::copy(from.begin() + static_cast<std::ptrdiff_t>(8 * n), from.end(), to + 8 * n);
}

void write_header(const CheckpointHeader& h, ByteWriter& out) {
  for (const auto* text : {&h.senoma_version, &h.title, &h.arm, &h.model_hash}) out.text(*text);
  out.number(h.seed);
  out.number(h.cells);
  out.number(h.tick);
  out.number(h.time);
  out.number(h.end_time);
}

CheckpointHeader read_header(ByteReader& in) {
  CheckpointHeader h;
  for (auto* text : {&h.senoma_version, &h.title, &h.arm, &h.model_hash}) *text = in.text();
  h.seed = in.number<std::uint64_t>();
  h.cells = in.number<std::uint64_t>();
  h.tick = in.number<std::int64_t>();
  h.time = in.number<double>();
  h.end_time = in.number<double>();
  return h;
}

}  // namespace

CheckpointWriter::CheckpointWriter(fs::path path, const CheckpointHeader& header)
    : path_(std::move(path)), partial_(path_) {
  partial_ += ".partial";
  descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw write_error(partial_, errno, "earlier checkpoints are intact");
  put(std::as_bytes(std::span(magic)));
  put_number(checkpoint_version);
  put_number(std::uint32_t{0});
  section("header", [&](ByteWriter& out) { write_header(header, out); });
}

CheckpointWriter::~CheckpointWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(partial_.c_str());
}

void CheckpointWriter::fail(int code) {
  ::close(std::exchange(descriptor_, -1));
  ::unlink(partial_.c_str());
  throw write_error(path_, code, "earlier checkpoints are intact");
}

void CheckpointWriter::write_out(bool to_disk) {
  std::string_view bytes = buffer_;
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail(n < 0 ? errno : ENOSPC);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  written_ += buffer_.size();
  buffer_.clear();
  if (to_disk && ::fsync(descriptor_) != 0) fail(errno);
}

void CheckpointWriter::put(std::span<const std::byte> bytes) {
  whole_.add(bytes);
  buffer_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (buffer_.size() >= block_bytes) write_out(false);
}

void CheckpointWriter::put_number(std::uint32_t value) { put(std::as_bytes(std::span(&value, 1))); }
void CheckpointWriter::put_number(std::uint64_t value) { put(std::as_bytes(std::span(&value, 1))); }

void CheckpointWriter::put_block(std::span<const std::byte> raw) {
  shuffled_.resize(raw.size());
  shuffle(raw, shuffled_.data());
  packed_.resize(ZSTD_compressBound(raw.size()));
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 1);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  const std::size_t n =
      ZSTD_compress2(context.get(), packed_.data(), packed_.size(), shuffled_.data(), shuffled_.size());
  if (ZSTD_isError(n) != 0)
    throw Error("E6003", std::string("compression failed: ") + ZSTD_getErrorName(n), ErrorKind::input_output);
  put_number(tag_block);
  put_number(static_cast<std::uint32_t>(raw.size()));
  put_number(static_cast<std::uint32_t>(n));
  const std::span<const std::byte> packed(packed_.data(), n);
  section_.add(packed);
  put(packed);
  ++n_blocks_;
  raw_ += raw.size();
}

void CheckpointWriter::section(const std::string& name, const std::function<void(ByteWriter&)>& write) {
  put_number(tag_section);
  put_number(static_cast<std::uint32_t>(name.size()));
  put(std::as_bytes(std::span(name)));
  section_ = {};
  n_blocks_ = 0;
  raw_ = 0;
  ByteWriter out([this](std::span<const std::byte> raw) { put_block(raw); }, block_bytes);
  write(out);
  out.finish();
  put_number(tag_section_end);
  put_number(n_blocks_);
  put_number(raw_);
  put_number(section_.value());
}

std::uint64_t CheckpointWriter::finish() {
  put_number(tag_tail);
  const std::uint64_t checksum = whole_.value();
  buffer_.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  write_out(true);
  if (::close(std::exchange(descriptor_, -1)) != 0 || ::rename(partial_.c_str(), path_.c_str()) != 0) {
    const int code = errno;
    ::unlink(partial_.c_str());
    throw write_error(path_, code, "earlier checkpoints are intact");
  }
  flush_folder(path_.parent_path());
  return written_;
}

CheckpointReader::CheckpointReader(const fs::path& path) : CheckpointReader(read_file(path), path.string()) {}

CheckpointReader::CheckpointReader(std::string bytes, std::string name)
    : bytes_(std::move(bytes)), name_(std::move(name)) {
  parse();
  section("header", [&](ByteReader& in) { header_ = read_header(in); });
}

void CheckpointReader::damaged(const std::string& why) const {
  throw Error("E6020", "'" + name_ + "' is damaged: " + why, ErrorKind::input_output);
}

namespace {

/// Numbers from a file's frame; what they say is checked by the caller.
class Cursor {
 public:
  Cursor(const std::string& bytes, std::size_t at, std::size_t end) : bytes_(bytes), at_(at), end_(end) {}
  template <class T>
  bool take(T& value) {
    if (end_ - at_ < sizeof value) return false;
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return true;
  }
  bool skip(std::size_t n) {
    if (end_ - at_ < n) return false;
    at_ += n;
    return true;
  }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool done() const { return at_ == end_; }

 private:
  const std::string& bytes_;
  std::size_t at_, end_;
};

}  // namespace

void CheckpointReader::parse() {
  const auto all = std::as_bytes(std::span(bytes_));
  std::uint32_t version = 0, zero = 0, mark = 0;
  if (!bytes_.starts_with(magic)) {
    throw Error("E6021", "'" + name_ + "' is not a checkpoint", ErrorKind::input_output)
        .help("give a file of a run's checkpoints folder");
  }
  constexpr std::size_t frame = 16, tail = 12;  // magic and version; TAIL and checksum
  if (bytes_.size() < frame) damaged("it is cut short");
  std::memcpy(&version, bytes_.data() + 8, 4);
  std::memcpy(&zero, bytes_.data() + 12, 4);
  if (version > checkpoint_version && zero == 0) {
    throw Error("E6022",
                "'" + name_ + "' has format version " + std::to_string(version) + "; this program reads up to " +
                    std::to_string(checkpoint_version),
                ErrorKind::input_output)
        .help("use the newer Senoma that wrote it");
  }
  if (version != checkpoint_version || zero != 0) damaged("its version makes no sense");
  if (bytes_.size() < frame + tail) damaged("it is cut short");
  const std::size_t end = bytes_.size() - tail;
  std::memcpy(&mark, bytes_.data() + end, 4);
  if (mark != tag_tail) damaged("it has no end; it is cut short");
  ByteChecksum whole;
  whole.add(all.first(end + 4));
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, bytes_.data() + end + 4, 8);
  if (whole.value() != checksum) damaged("its checksum does not fit");
  // From here on the bytes are what was written; the frame is checked all the same, as the writer may be foreign.
  Cursor cursor(bytes_, frame, end);
  while (!cursor.done()) {
    std::uint32_t length = 0;
    if (!cursor.take(mark) || mark != tag_section || !cursor.take(length)) damaged("a section has no beginning");
    const std::size_t name_at = cursor.at();
    if (!cursor.skip(length)) damaged("a section's name is cut short");
    Section& part = sections_[bytes_.substr(name_at, length)];
    if (!part.blocks.empty()) damaged("a section stands twice");
    ByteChecksum packed;
    std::uint64_t raw = 0;
    while (true) {
      if (!cursor.take(mark)) damaged("a section has no end");
      if (mark == tag_section_end) break;
      Block block;
      if (mark != tag_block || !cursor.take(block.raw) || !cursor.take(block.packed)) damaged("a block is cut short");
      block.at = cursor.at();
      if (!cursor.skip(block.packed) || block.raw == 0 || block.raw > block_bytes) damaged("a block is cut short");
      packed.add(all.subspan(block.at, block.packed));
      raw += block.raw;
      part.blocks.push_back(block);
    }
    std::uint32_t n_blocks = 0;
    if (!cursor.take(n_blocks) || !cursor.take(part.raw) || !cursor.take(checksum)) damaged("a section has no end");
    if (n_blocks != part.blocks.size() || raw != part.raw || packed.value() != checksum)
      damaged("a section's checksum does not fit");
  }
}

void CheckpointReader::section(const std::string& name, const std::function<void(ByteReader&)>& read) const {
  const auto found = sections_.find(name);
  if (found == sections_.end()) damaged("it has no section '" + name + "'");
  const Section& part = found->second;
  std::vector<std::byte> shuffled, raw;
  std::size_t next = 0;
  ByteReader in(
      [&]() -> std::span<const std::byte> {
        if (next == part.blocks.size()) return {};
        const Block& block = part.blocks[next++];
        shuffled.resize(block.raw);
        raw.resize(block.raw);
        const std::size_t n = ZSTD_decompress(shuffled.data(), shuffled.size(), bytes_.data() + block.at, block.packed);
        if (ZSTD_isError(n) != 0 || n != block.raw) damaged("section '" + name + "' cannot be unpacked");
        unshuffle(shuffled, raw.data());
        return raw;
      },
      part.raw, "E6020", "'" + name_ + "', section '" + name + "'");
  read(in);
  in.expect_end();
}

namespace {

constexpr std::pair<CheckpointKind, std::string_view> kind_names[] = {{CheckpointKind::automatic, "auto"},
                                                                      {CheckpointKind::asked, "asked"},
                                                                      {CheckpointKind::end, "end"},
                                                                      {CheckpointKind::failure, "failed"}};
constexpr std::string_view extension = ".checkpoint";

}  // namespace

std::string checkpoint_name(CheckpointKind kind, std::int64_t tick) {
  std::string digits = std::to_string(tick);
  digits.insert(0, digits.size() < 12 ? 12 - digits.size() : 0, '0');
  for (const auto& [value, name] : kind_names) {
    if (value == kind) return std::string(name) + "-" + digits + std::string(extension);
  }
  return digits;
}

std::vector<CheckpointEntry> list_checkpoints(const fs::path& folder) {
  std::vector<CheckpointEntry> entries;
  std::error_code none;
  for (const auto& file : fs::directory_iterator(folder, none)) {
    const std::string name = file.path().filename().string();
    if (!name.ends_with(extension)) continue;
    for (const auto& [kind, word] : kind_names) {
      if (!name.starts_with(std::string(word) + "-")) continue;
      std::int64_t tick = -1;
      const char* end = name.data() + name.size() - extension.size();
      const auto parsed = std::from_chars(name.data() + word.size() + 1, end, tick);
      if (parsed.ptr == end && tick >= 0) entries.push_back({file.path(), kind, tick});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const CheckpointEntry& a, const CheckpointEntry& b) {
    return a.tick != b.tick ? a.tick > b.tick : a.kind < b.kind;
  });
  return entries;
}

void tidy_checkpoints(const fs::path& folder) {
  const auto entries = list_checkpoints(folder);
  const bool ended =
      std::any_of(entries.begin(), entries.end(), [](const auto& e) { return e.kind == CheckpointKind::end; });
  int kept = 0;
  for (const auto& entry : entries) {
    const bool passing = entry.kind == CheckpointKind::automatic || entry.kind == CheckpointKind::failure;
    const bool old = entry.kind == CheckpointKind::automatic && !ended && ++kept > 2;
    std::error_code ignored;
    if ((passing && ended) || old) fs::remove(entry.path, ignored);
  }
}

}  // namespace senoma::results
