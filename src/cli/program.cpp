#include <algorithm>
#include <csignal>
#include <cstdio>

#include "base/instruction_set.h"
#include "cli/external_verb.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "model/load.h"
#include "study/build_info.h"

namespace senoma::cli {

namespace {

int report_error(const Error& error, const std::map<std::string, std::string>& sources) {
  say(model::render(error, sources, colour_wanted()) + "\n");
  return static_cast<int>(error.kind());
}

}  // namespace

int main(int argc, char** argv, Program program) {
  // A file size limit then gives an error with its file and remedy instead of ending the process.
  std::signal(SIGXFSZ, SIG_IGN);
  CLI::App app{"Senoma: a virtual laboratory for the failure of melanoma treatment", "senoma"};
  app.set_version_flag("--version", "senoma " + study::program_version());
  app.require_subcommand(1);
  app.footer(
      "Each verb has --help with examples. Start with: senoma examples\n"
      "Further verbs are programs senoma-VERB on the PATH; the Python package has sensitivity, calibrate and optimise.");
  program.arguments = argv;
  std::string isa;
  app.add_option("--isa", isa,
                 "Pin the instruction set: sse2, avx2, avx512 (default: the widest); results are the same")
      ->check([](const std::string& text) {
        return parse_instruction_set(text) ? std::string() : "must be sse2, avx2, avx512 or widest, not '" + text + "'";
      });
  add_run(app, program);
  add_resume(app, program);
  add_branch(app, program);
  add_screen(app, program);
  add_compare(app, program);
  add_report(app, program);
  add_models(app, program);
  add_reference(app, program);
  add_network(app, program);
  add_verify(app, program);
  add_doctor(app, program);
  for (auto* verb : app.get_subcommands({})) verb->fallthrough();
  try {
    std::vector<std::string> own;
    for (const auto* verb : app.get_subcommands({})) own.push_back(verb->get_name());
    if (argc > 1 && std::find(own.begin(), own.end(), argv[1]) == own.end()) run_external_verb(argv[1], argv + 1, own);
  } catch (const Error& error) {
    return report_error(error, {});
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    app.exit(error, std::cerr, std::cerr);
    return 2;
  }
  try {
    if (!isa.empty()) set_instruction_set(*parse_instruction_set(isa));
    return program.run ? program.run() : 2;
  } catch (const Error& error) {
    return report_error(error, program.sources);
  } catch (const std::bad_alloc&) {
    say("error: memory ran out\n   = help: use a smaller domain or fewer cells\n");
    return 3;
  } catch (const std::exception& error) {
    say(std::string("error: a fault of the program: ") + error.what() +
        "\n   = help: please report this with the command and the files\n");
    return 3;
  }
}

}  // namespace senoma::cli
