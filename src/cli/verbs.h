// The verbs of the `senoma` program. Each function adds one subcommand (or a few that belong together) to the program
// and sets `run` when that subcommand was asked for. Verbs only parse, call the library and print; exit codes as in
// UX.md.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>

namespace senoma::study {
struct StudyWork;
}

namespace senoma::cli {

/// The workers of a scheduler, ready to run members of studies.
struct Cluster {
  std::string words;  ///< how many, and where
  std::function<void(const study::StudyWork&)> execute;
};

/// What the program will do once the command line is read. `sources` serves the rendering of errors.
struct Program {
  std::function<int()> run;
  std::map<std::string, std::string> sources;
  /// How the Python package, which knows schedulers, calls this program: connects to the address; `jobs` groups of
  /// members may be handed out at a time (0: any number). Empty in the program itself, which hands over to the package.
  std::function<Cluster(const std::string& address, int jobs)> cluster;
  char** arguments = nullptr;  ///< as main got them
};

void add_run(CLI::App& app, Program& program);
void add_resume(CLI::App& app, Program& program);
void add_branch(CLI::App& app, Program& program);
void add_screen(CLI::App& app, Program& program);
void add_compare(CLI::App& app, Program& program);
void add_report(CLI::App& app, Program& program);
void add_models(CLI::App& app, Program& program);     ///< check, info, new, examples
void add_reference(CLI::App& app, Program& program);  ///< explain, schema
void add_network(CLI::App& app, Program& program);
void add_verify(CLI::App& app, Program& program);
void add_doctor(CLI::App& app, Program& program);

/// The whole program; returns the exit code.
int main(int argc, char** argv, Program program = {});

}  // namespace senoma::cli
