// senoma compare: growth in a finished run against measured counts.
#include "study/compare.h"

#include <filesystem>
#include <memory>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "study/answer.h"

namespace senoma::cli {

namespace {

int compare(const std::string& run, const std::string& data, Program& program) {
  const auto result = study::read_experiment_folder(run);
  const auto& experiment = result.arms[0].model.experiment;
  program.sources = result.arms[0].model.sources();
  model::ExperimentSpec arms = experiment;
  for (const auto& arm : result.arms) arms.arms.push_back(arm.arm);
  const auto spec = study::read_compare(experiment.compare, arms);
  program.sources[data] = model::read_text(data);
  const auto comparison = study::compare(result, spec, program.sources[data], data);
  study::write_comparison(run, comparison);
  study::write_answer(result);
  say(study::render_text(study::comparison_table(comparison), terminal_width()));
  for (const auto& paragraph : study::comparison_words(comparison))
    say("\n" + wrap(paragraph, terminal_width()) + "\n");
  say("\ntable    " + (std::filesystem::path(run) / "compare.csv").string() + "\nreport   " +
      (std::filesystem::path(run) / "report.html").string() + "\n");
  return 0;
}

}  // namespace

void add_compare(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("compare", "Compare the growth of a finished run with measured counts");
  auto run = std::make_shared<std::string>(), data = std::make_shared<std::string>();
  verb->add_option("run", *run, "Folder of the experiment")->required();
  verb->add_option("--data", *data, "Measured counts (CSV with a header)")->required();
  verb->footer(
      "The experiment file says how (table [compare]):\n"
      "  [compare]\n"
      "  readout = \"cells\"\n"
      "  window = [\"15 h\", \"100 h\"]\n"
      "  columns = { time = \"rel.time\", count = \"cell.count\", well = [\"UID\", \"Date\"], time_unit = \"h\" }\n"
      "  match = { line = \"cellLine\", dose = \"Conc\" }   # condition = column\n"
      "  units = { dose = \"M\" }                         # the column's true unit\n"
      "  filter = { Drug = [\"inhibitor (nM)\", \"control\"] }      # rows kept\n"
      "  fitted = [\"A375 0\"]                            # arms used for fitting; the others are predictions\n"
      "  [compare.condition.\"A375 0\"]                   # one per arm\n"
      "  line = \"A375\"\n"
      "  dose = \"0 uM\"\n"
      "Examples:\n  senoma compare out/doses --data counts.csv\n  senoma compare out/growth-quick --data wells.csv");
  verb->callback(
      [run, data, &program] { program.run = [run, data, &program] { return compare(*run, *data, program); }; });
}

void add_report(CLI::App& app, Program& program) {
  auto* verb = app.add_subcommand("report", "Make the report of a run or experiment again");
  auto folder = std::make_shared<std::string>();
  verb->add_option("folder", *folder, "Folder of a run or an experiment")->required();
  verb->footer("Examples:\n  senoma report out/relapse\n  senoma report out/relapse/arms/drug/seed-1");
  verb->callback([folder, &program] {
    program.run = [folder] {
      const auto result = study::read_experiment_folder(*folder);
      for (const auto& arm : result.members) {
        for (const auto& member : arm) {
          std::error_code ignored;
          if (member.good()) std::filesystem::remove(member.folder / "report.html", ignored);
        }
      }
      study::write_answer(result);
      say("report   " + (result.out / "report.html").string() + "\n");
      return 0;
    };
  });
}

}  // namespace senoma::cli
