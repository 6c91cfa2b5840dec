#include "results/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace senoma::results {
namespace fs = std::filesystem;
namespace {

/// All bytes or an errno value (0 = done).
int write_fully(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (n == 0) return ENOSPC;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

/// Creates or truncates `path` and writes it; throws after removing the partial file.
void write_checked(const fs::path& path, std::string_view bytes, bool to_disk, const std::string& intact) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) throw write_error(path, errno, intact);
  int code = write_fully(descriptor, bytes);
  if (code == 0 && to_disk && ::fsync(descriptor) != 0) code = errno;
  if (::close(descriptor) != 0 && code == 0) code = errno;
  if (code != 0) {
    ::unlink(path.c_str());
    throw write_error(path, code, intact);
  }
}

}  // namespace

Error write_error(const fs::path& path, int code, const std::string& intact) {
  std::string text = "cannot write '" + path.string() + "': " + std::strerror(code);
  if (!intact.empty()) text += "; " + intact;
  Error error("E6003", text, ErrorKind::input_output);
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      error.help("make room on this disk, then type the same command again; it resumes from the last checkpoint");
      break;
    case EFBIG:
      error.help("raise the file size limit (ulimit -f), then type the same command again");
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      error.help("choose a folder you may write to with --out");
      break;
    default:
      error.help("check the disk and the path, then type the same command again");
  }
  return error;
}

void write_new_file(const fs::path& path, std::string_view bytes) { write_checked(path, bytes, false, {}); }

void replace_file(const fs::path& path, std::string_view bytes, bool to_disk) {
  fs::path partial = path;
  partial += ".partial";
  std::error_code ignored;
  const std::string intact = fs::exists(path, ignored) ? "the previous version is intact" : "";
  write_checked(partial, bytes, to_disk, intact);
  if (::rename(partial.c_str(), path.c_str()) != 0) {
    const int code = errno;
    ::unlink(partial.c_str());
    throw write_error(path, code, intact);
  }
  if (to_disk) flush_folder(path.parent_path());
}

void flush_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;  // a folder that cannot be opened for reading can still be written
  ::fsync(descriptor);
  ::close(descriptor);
}

void flush_file_system(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw write_error(folder, errno);
  const int code = ::syncfs(descriptor) != 0 ? errno : 0;
  ::close(descriptor);
  if (code != 0) throw write_error(folder, code);
}

void rename_folder(const fs::path& from, const fs::path& to) {
  std::error_code ignored;
  if (fs::exists(to, ignored)) throw write_error(to, EEXIST, "it is left as it was");
  if (::rename(from.c_str(), to.c_str()) != 0) throw write_error(to, errno);
}

void make_folders(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) throw write_error(path, code.value());
}

std::string read_file(const fs::path& path, const std::string& code) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(code, "cannot read '" + path.string() + "': " + std::strerror(errno), ErrorKind::input_output)
        .help("check the path");
  }
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) throw Error(code, "reading '" + path.string() + "' failed", ErrorKind::input_output);
  return text;
}

AppendFile::AppendFile(fs::path path) : path_(std::move(path)) {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw write_error(path_, errno);
  const off_t end = ::lseek(descriptor_, 0, SEEK_END);
  if (end < 0) {
    const int code = errno;
    ::close(descriptor_);
    throw write_error(path_, code);
  }
  written_ = static_cast<std::uint64_t>(end);
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      written_(other.written_),
      buffer_(std::move(other.buffer_)) {}

AppendFile::~AppendFile() {
  if (descriptor_ < 0) return;
  try {
    flush();
  } catch (const Error&) {  // a destructor must not throw; flush() is the place where errors are seen
  }
  ::close(descriptor_);
}

void AppendFile::append(std::string_view lines) {
  buffer_ += lines;
  if (buffer_.size() >= (std::size_t{1} << 16)) flush();
}

void AppendFile::flush(bool to_disk) {
  int code = buffer_.empty() ? 0 : write_fully(descriptor_, buffer_);
  if (code != 0) {
    // Cut back to the last whole row; the rows in the buffer are lost and said to be.
    const bool cut = ::ftruncate(descriptor_, static_cast<off_t>(written_)) == 0 &&
                     ::lseek(descriptor_, static_cast<off_t>(written_), SEEK_SET) >= 0;
    buffer_.clear();
    throw write_error(
        path_, code,
        cut ? "its first " + std::to_string(written_) + " bytes are intact" : "its last line may be partial");
  }
  written_ += buffer_.size();
  buffer_.clear();
  if (to_disk && ::fsync(descriptor_) != 0) throw write_error(path_, errno);
}

void AppendFile::truncate(std::uint64_t bytes) {
  flush();
  if (bytes > written_) {
    throw Error("E6006",
                "'" + path_.string() + "' has " + std::to_string(written_) + " bytes, but its checkpoint says " +
                    std::to_string(bytes),
                ErrorKind::input_output)
        .help("the file was cut or replaced; start a new run in another folder");
  }
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0 ||
      ::lseek(descriptor_, static_cast<off_t>(bytes), SEEK_SET) < 0) {
    throw write_error(path_, errno);
  }
  written_ = bytes;
}

}  // namespace senoma::results
