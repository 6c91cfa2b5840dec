#include "cli/external_verb.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace senoma::cli {

namespace {

/// `extra`: the one of the package's extras that brings it.
Error not_installed(const std::string& what, const std::string& program, const std::string& extra) {
  return Error("E9001", "'senoma " + what + "' belongs to the Python package, and '" + program + "' is not on the PATH")
      .help("install it: pip install './python[" + extra + "]'")
      .help("or call it where it is: FOLDER-OF-THE-ENVIRONMENT/bin/" + program);
}

}  // namespace

void run_external_verb(const std::string& verb, char** arguments, std::span<const std::string> own_verbs) {
  if (verb.empty() || verb[0] == '-') return;
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  std::string program = "senoma-" + verb;
  if (std::all_of(verb.begin(), verb.end(), plain)) {
    arguments[0] = program.data();
    ::execvp(program.c_str(), arguments);
  }
  constexpr std::array<std::string_view, 3> of_python = {"sensitivity", "calibrate", "optimise"};
  if (std::find(of_python.begin(), of_python.end(), verb) != of_python.end()) {
    throw not_installed(verb, program, "search");
  }
  Error error("E9001", "there is no verb '" + verb + "', and no program '" + program + "' on the PATH");
  if (const auto near = nearest_name(verb, own_verbs); !near.empty()) error.help("did you mean '" + near + "'?");
  throw error.help("senoma --help lists the verbs");
}

void hand_over(const std::string& verb, char** arguments, const std::string& extra) {
  std::string program = "senoma-" + verb;
  std::vector<char*> passed{program.data()};
  bool found = false;
  for (char** argument = arguments + 1; *argument; ++argument) {
    if (!found && *argument == verb)
      found = true;
    else
      passed.push_back(*argument);
  }
  passed.push_back(nullptr);
  ::execvp(program.c_str(), passed.data());
  throw not_installed(verb + " --" + extra, program, extra);
}

}  // namespace senoma::cli
