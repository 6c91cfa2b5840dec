// The real program as a child process that can be limited, signalled and killed; and what its folder holds.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "../unit/study/tiny_model.h"

namespace senoma::test {

using study::test::file_text;

/// Folders in memory where there is such a place: these tests wait for many small files.
struct Folder : study::test::Folder {
  Folder() : study::test::Folder((choose_place(), "faults")) {}

 private:
  static void choose_place() {
    if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 0);
  }
};

class Process {
 public:
  /// `file_limit`: bytes a file may grow to (as `ulimit -f`), 0 = no limit.
  Process(const Folder& folder, std::vector<std::string> arguments, rlim_t file_limit = 0)
      : error_file_(folder.path("stderr")) {
    arguments.insert(arguments.begin(), SENOMA_PROGRAM);
    const std::string place = folder.path(""), out = folder.path("stdout");
    id_ = ::fork();
    if (id_ != 0) return;
    std::vector<char*> argv;
    for (auto& a : arguments) argv.push_back(a.data());
    argv.push_back(nullptr);
    const auto redirect = [](const std::string& file, int to) {
      const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      ::dup2(descriptor, to);
    };
    redirect(out, STDOUT_FILENO);
    redirect(error_file_, STDERR_FILENO);
    if (file_limit > 0) {
      const rlimit limit{file_limit, file_limit};
      ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (::chdir(place.c_str()) != 0) ::_exit(126);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ~Process() {
    if (id_ > 0 && !done_) {
      ::kill(id_, SIGKILL);
      wait();
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const { ::kill(id_, number); }
  /// The exit code; 128 + signal when it was killed.
  int wait() {
    int status = 0;
    ::waitpid(id_, &status, 0);
    done_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  [[nodiscard]] std::string errors() const { return file_text(error_file_); }

 private:
  std::string error_file_;
  pid_t id_ = 0;
  bool done_ = false;
};

struct Outcome {
  int code;
  std::string err, out;
};

inline Outcome senoma(const Folder& folder, const std::vector<std::string>& arguments, rlim_t file_limit = 0) {
  Process process(folder, arguments, file_limit);
  const int code = process.wait();
  return {code, process.errors(), file_text(folder.path("stdout"))};
}

inline void sleep_ms(double milliseconds) {
  std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(milliseconds));
}

/// Everything of a run that must not depend on interruptions: path → content.
inline std::map<std::string, std::string> lasting_content(const std::filesystem::path& run) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(run)) {
    const std::string name = std::filesystem::relative(entry.path(), run).string();
    const std::string file = entry.path().filename().string();
    // Those hold times of the clock, or how often the run was interrupted.
    const bool passing = name.find("checkpoints") != std::string::npos || file == "run.json" || file == "log.txt" ||
                         file == ".lock" || file == "report.html";
    if (entry.is_regular_file() && !passing) files[name] = file_text(entry.path());
  }
  return files;
}

/// The tiny model with short steps, so that a run takes some tenths of a second and passes some hundred steps.
inline std::string stepping_model() {
  std::string text = study::test::tiny_model();
  const auto replace = [&](const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  replace("step = \"1 h\"", "step = \"5 min\"");
  replace("frames = \"2 d\"", "frames = \"1 d\"");
  return text;
}

}  // namespace senoma::test
