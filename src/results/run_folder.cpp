#include "results/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/hash.h"

namespace senoma::results {
namespace fs = std::filesystem;
namespace {

std::string read_owner(int descriptor) {
  char text[32] = {};
  const ssize_t n = ::pread(descriptor, text, sizeof text - 1, 0);
  std::string owner(text, n > 0 ? static_cast<std::size_t>(n) : 0);
  while (!owner.empty() && owner.back() == '\n') owner.pop_back();
  return owner;
}

/// The descriptor that holds the lock; closing it releases it, also when the process dies.
int take_lock(const fs::path& folder) {
  const fs::path path = folder / ".lock";
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) throw write_error(path, errno);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int code = errno;
    const std::string owner = read_owner(descriptor);
    ::close(descriptor);
    if (code != EWOULDBLOCK) throw write_error(path, code);
    throw Error("E6002",
                "'" + folder.string() + "' is being written by process " + (owner.empty() ? "(unknown)" : owner),
                ErrorKind::input_output)
        .help("wait for that run or stop it, or choose another folder with --out");
  }
  const std::string owner = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, owner.data(), owner.size(), 0) != static_cast<ssize_t>(owner.size())) {
    const int code = errno;
    ::close(descriptor);
    throw write_error(path, code);
  }
  return descriptor;
}

/// A folder may be taken when nothing is in it but a lock file, or what a run killed in its first moment left.
bool holds_something(const fs::path& folder) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    const auto name = entry.path().filename();
    if (name != ".lock" && name != "run.json.partial") return true;
  }
  if (code) throw write_error(folder, code.value());
  return false;
}

[[noreturn]] void refuse(const fs::path& path, const std::string& what, const std::string& remedy) {
  throw Error("E6001", "'" + path.string() + "' " + what, ErrorKind::input_output).help(remedy);
}

const char* const other_folder = "choose another folder with --out, or move this one away";

}  // namespace

RunFolder::RunFolder(fs::path path, int lock) : path_(std::move(path)), lock_(lock) {}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      resumed_(other.resumed_),
      log_(std::move(other.log_)) {}

RunFolder::~RunFolder() {
  if (lock_ >= 0) ::close(lock_);
}

RunFolder RunFolder::create(const fs::path& path, const Manifest& first) {
  std::error_code ignored;
  if (fs::exists(path, ignored) && !fs::is_directory(path, ignored))
    refuse(path, "is a file, not a folder", other_folder);
  make_folders(path);
  // A foreign folder is left without a trace, so it is looked at before the lock file is made, and again under the
  // lock.
  if (fs::exists(path / "run.json", ignored)) refuse(path, "holds another run", other_folder);
  if (holds_something(path)) refuse(path, "is not empty", other_folder);
  RunFolder folder(path, take_lock(path));
  if (holds_something(path)) refuse(path, "holds another run", other_folder);
  folder.write_manifest(first);
  return folder;
}

RunFolder RunFolder::reopen(const fs::path& path, const std::string& model_hash, bool finished_too) {
  (void)read_manifest(path);  // E6004 before a lock file is made in a foreign folder
  RunFolder folder(path, take_lock(path));
  const Manifest manifest = read_manifest(path);
  if (manifest.model_hash != model_hash) {
    refuse(path, "holds a run of another model (hash " + manifest.model_hash + ", this model has " + model_hash + ")",
           other_folder);
  }
  if (manifest.status == RunStatus::finished && !finished_too)
    refuse(path, "holds a finished run of this model", other_folder);
  folder.resumed_ = true;
  return folder;
}

RunFolder RunFolder::create_or_reopen(const fs::path& path, const Manifest& first) {
  std::error_code ignored;
  return fs::exists(path / "run.json", ignored) ? reopen(path, first.model_hash) : create(path, first);
}

void RunFolder::write_manifest(const Manifest& manifest) const { replace_file(file("run.json"), to_json(manifest)); }

void RunFolder::write_text(std::string_view name, std::string_view text) const { replace_file(file(name), text); }

void RunFolder::log(std::string_view line) {
  if (!log_) log_.emplace(file("log.txt"));
  log_->append(std::string(line) + "\n");
  log_->flush();
}

std::string file_hash(const fs::path& path) {
  Hasher hasher;
  hasher.add(read_file(path));
  return hasher.hex();
}

}  // namespace senoma::results
