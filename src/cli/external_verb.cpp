#include "cli/external_verb.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "base/error.h"

namespace senoma::cli {

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
    throw Error("E9001",
                "'senoma " + verb + "' belongs to the Python package, and '" + program + "' is not on the PATH")
        .help("install it: pip install './python[search]'")
        .help("or call it where it is: FOLDER-OF-THE-ENVIRONMENT/bin/" + program);
  }
  Error error("E9001", "there is no verb '" + verb + "', and no program '" + program + "' on the PATH");
  if (const auto near = nearest_name(verb, own_verbs); !near.empty()) error.help("did you mean '" + near + "'?");
  throw error.help("senoma --help lists the verbs");
}

}  // namespace senoma::cli
