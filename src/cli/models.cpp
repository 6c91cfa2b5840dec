// senoma check, info, new, examples: models as files.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/checkpoint_info.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "model/check.h"
#include "model/scaffold.h"
#include "results/checkpoint_file.h"
#include "results/files.h"
#include "study/answer.h"
#include "study/card.h"
#include "study/finding.h"
#include "study/study_words.h"

namespace senoma::cli {

namespace fs = std::filesystem;

namespace {

struct LoadArguments {
  std::string file;
  model::LoadOptions options;
};

void add_load_options(CLI::App& verb, LoadArguments& a) {
  verb.add_option("-s,--set", a.options.overrides, "Override: key=value; may be given often")->allow_extra_args(false);
  verb.add_option("-c,--context", a.options.contexts, "Context of the model; several: -c a,b or given often")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb.add_option("--profile", a.options.profile, "Profile of the file");
  verb.add_option("--arm", a.options.arm, "Arm of the experiment");
}

/// What a finding says of the experiment's arms, readouts and units.
void check_finding(const LoadArguments& a, model::CheckResult& result) {
  if (!result.good() || !a.options.arm.empty()) return;
  study::ExperimentOptions options;
  options.file = a.file;
  options.profile = a.options.profile;
  options.overrides = a.options.overrides;
  options.contexts = a.options.contexts;
  try {
    if (!study::states_finding(model::load(a.file, a.options, mechanisms::catalogue()))) return;
    static_cast<void>(study::read_finding(study::plan_experiment(options, &result.sources)));
  } catch (const Error& error) {
    result.errors.push_back(error);
  }
}

int check_study(const LoadArguments& a, bool resolved, Program& program) {
  if (!a.options.arm.empty() || !a.options.contexts.empty() || resolved)
    throw Error("E8201", "--arm, --context and --resolved are for models and experiments, and this is a study")
        .at({a.file, 0, 0, 0})
        .help("a study names arm and contexts in its file; override it with -s 'study.arm=NAME'");
  study::StudyOptions options;
  options.file = a.file;
  options.profile = a.options.profile;
  options.overrides = a.options.overrides;
  if (study::has_stages(options, &program.sources)) {
    const auto plan = study::plan_stages(options, &program.sources);
    give(study::stages_words(plan) + study::plan_text(plan.first));
  } else {
    give(study::plan_text(study::plan_study(options, &program.sources)));
  }
  return 0;
}

int check(const LoadArguments& a, bool resolved, Program& program) {
  if (study::is_study_file(a.file)) return check_study(a, resolved, program);
  const auto bind = [](const model::ResolvedModel& m) {
    const engine::Simulation bound(std::make_shared<engine::Description>(m.description), 1, mechanisms::catalogue(), 1);
  };
  auto result = model::check(a.file, a.options, mechanisms::catalogue(), bind);
  check_finding(a, result);
  for (const auto& error : result.errors) say(model::render(error, result.sources, colour_wanted()) + "\n");
  for (const auto& warning : result.warnings) say("warning: " + warning + "\n");
  if (!result.good()) return static_cast<int>(result.errors.front().kind());
  if (resolved)
    give(model::resolved_toml(model::load(a.file, a.options, mechanisms::catalogue()), mechanisms::catalogue()));
  else
    give(result.text);
  return 0;
}

int card(const LoadArguments& a, const std::string& out, Program& program) {
  const auto model = model::load(a.file, a.options, mechanisms::catalogue(), &program.sources);
  const fs::path file = out.empty() ? fs::path(a.file).stem().string() + "-card.html" : out;
  results::replace_file(file, results::render_html(study::model_card(model)));
  say(fmt::format("model card: {}\n", file.string()));
  return 0;
}

int info(const std::string& path, const std::string& cell, Program& program) {
  if (looks_like_checkpoint(path) || !cell.empty()) return show_checkpoint(path, cell);
  if (!fs::is_directory(path)) {
    give(model::summary_text(model::load(path, {}, mechanisms::catalogue(), &program.sources)));
    return 0;
  }
  if (study::is_study_folder(path)) {
    give(study::study_folder_text(path));
    return 0;
  }
  const auto manifest = results::read_manifest(path);
  const auto result = study::read_experiment_folder(path);
  const auto a = study::answer(result);
  std::string text = fmt::format("{}\nstatus      {}\nmodel file  {}\nmodel hash  {}\nprogram     senoma {}, {}\n",
                                 manifest.title, results::name(manifest.status), manifest.model_file,
                                 manifest.model_hash, manifest.senoma_version, manifest.instruction_set);
  if (!manifest.profile.empty()) text += "profile     " + manifest.profile + "\n";
  for (const auto& o : manifest.overrides) text += "override    " + o + "\n";
  if (!manifest.origin.empty()) text += "origin      " + manifest.origin + "\n";
  for (const auto& saved : results::list_checkpoints(fs::path(path) / "checkpoints"))
    text += "saved       " + (fs::path("checkpoints") / saved.path.filename()).string() + "\n";
  for (std::size_t arm = 0; arm < result.arms.size(); ++arm) {
    for (const auto& m : result.members[arm]) {
      text +=
          fmt::format("run         {:<28} seed {:<4} {:<9} {:>8}  state {}  summary {}\n",
                      result.arms[arm].arm.label.empty() ? "-" : result.arms[arm].arm.label, m.seed,
                      results::name(m.status), results::format_simulated_time(m.time), m.state_hash, m.summary_hash);
    }
  }
  if (!manifest.error.empty()) text += "\n" + manifest.error + "\n";
  text += "\n" + study::render_text(a.table, terminal_width());
  give(text);
  return 0;
}

}  // namespace

void add_models(CLI::App& app, Program& program) {
  auto* check_verb =
      app.add_subcommand("check", "Check a model file with its arms and profiles, or a study, without running it");
  auto load = std::make_shared<LoadArguments>();
  auto resolved = std::make_shared<bool>(false);
  check_verb->add_option("file", load->file, "Model, experiment or study (.toml)")->required();
  add_load_options(*check_verb, *load);
  check_verb->add_flag("--resolved", *resolved, "Print the whole model with the origin of each value");
  check_verb->footer(
      "Examples:\n  senoma check model.toml\n  senoma check relapse.toml --arm drug --resolved > resolved.toml\n"
      "  senoma check relapse.toml --context NAME");
  check_verb->callback([load, resolved, &program] {
    program.run = [load, resolved, &program] { return check(*load, *resolved, program); };
  });

  auto* card_verb = app.add_subcommand(
      "card", "Write the model card: every number with source, grade, prior and use; the network as a graph");
  auto of = std::make_shared<LoadArguments>();
  auto card_file = std::make_shared<std::string>();
  card_verb->add_option("file", of->file, "Model or experiment (.toml)")->required();
  card_verb->add_option("-o,--out", *card_file, "HTML file to write; default MODEL-card.html");
  add_load_options(*card_verb, *of);
  card_verb->footer(
      "Examples:\n  senoma card models/melanoma-tis/tissue.toml\n  senoma card relapse.toml --arm drug -o card.html");
  card_verb->callback([of, card_file, &program] {
    program.run = [of, card_file, &program] { return card(*of, *card_file, program); };
  });

  auto* info_verb = app.add_subcommand("info", "Show what a model file or a run folder holds");
  auto path = std::make_shared<std::string>();
  auto cell = std::make_shared<std::string>();
  info_verb->add_option("path", *path, "Model file, folder of a run, experiment or study, or a checkpoint")->required();
  info_verb->add_option("--cell", *cell, "Of a checkpoint: the row of the cell with this lineage id");
  info_verb->footer(
      "Examples:\n  senoma info model.toml\n  senoma info out/relapse\n"
      "  senoma info out/one/checkpoints/end-000000000960.checkpoint --cell 0f3c5a1e90b24d77");
  info_verb->callback(
      [path, cell, &program] { program.run = [path, cell, &program] { return info(*path, *cell, program); }; });

  auto* new_verb = app.add_subcommand("new", "Write a small model to start from into a new folder");
  auto folder = std::make_shared<std::string>(), kind = std::make_shared<std::string>("teaching");
  new_verb->add_option("folder", *folder, "New or empty folder")->required();
  new_verb->add_option("--template", *kind, "Which template");
  new_verb->footer(
      "Examples:\n  senoma new my-model\n  senoma new my-model && senoma run my-model/model.toml --until '2 d'");
  new_verb->callback([folder, kind, &program] {
    program.run = [folder, kind] {
      for (const auto& file : model::scaffold(*folder, model::find_models_folder(), *kind))
        say("wrote " + (fs::path(*folder) / file).string() + "\n");
      say("next: senoma run " + (fs::path(*folder) / "model.toml").string() + "\n");
      return 0;
    };
  });

  auto* examples_verb = app.add_subcommand("examples", "List the models that come with Senoma, or show one");
  auto id = std::make_shared<std::string>();
  examples_verb->add_option("id", *id, "One example");
  examples_verb->footer("Examples:\n  senoma examples\n  senoma examples melanoma-tis/relapse");
  examples_verb->callback([id, &program] {
    program.run = [id] {
      const std::string models = model::find_models_folder();
      if (!id->empty()) {
        const auto example = model::find_example(models, *id);
        give(fmt::format("{}\n{}\n{}\nrun it: senoma run {}\n", example.title, example.description, example.path,
                         example.id));
        return 0;
      }
      std::string text;
      for (const auto& example : model::list_examples(models))
        text += fmt::format("{:<36} {}\n", example.id, example.title);
      give(text.empty() ? "no models are installed\n" : text);
      return 0;
    };
  });
}

}  // namespace senoma::cli
