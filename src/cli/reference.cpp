// senoma explain, schema: what keys, mechanisms, behaviours, signals and error codes mean.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/error_codes.h"
#include "cli/error_codes.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "convert/error_codes.h"
#include "engine/error_codes.h"
#include "expr/error_codes.h"
#include "field/error_codes.h"
#include "mechanics/error_codes.h"
#include "mechanisms/catalogue.h"
#include "model/error_codes.h"
#include "model/registry.h"
#include "network/error_codes.h"
#include "pharm/error_codes.h"
#include "results/error_codes.h"
#include "study/error_codes.h"
#include "verify/error_codes.h"

namespace senoma::cli {

namespace {

std::vector<ErrorCode> all_codes() {
  std::vector<ErrorCode> all;
  const auto add = [&](std::span<const ErrorCode> codes) { all.insert(all.end(), codes.begin(), codes.end()); };
  add(base_codes::error_codes);
  add(convert::error_codes);
  add(engine::error_codes);
  add(expr::error_codes);
  add(field::error_codes);
  add(mechanics::error_codes);
  add(model::error_codes);
  add(network::error_codes);
  add(pharm::error_codes);
  add(results::error_codes);
  add(study::error_codes);
  add(verify::error_codes);
  add(cli::error_codes);
  std::sort(all.begin(), all.end(),
            [](const ErrorCode& a, const ErrorCode& b) { return std::string_view(a.code) < b.code; });
  return all;
}

constexpr const char* signals_text =
    "Signals: what expressions, rules and readouts may use. Blanks and dots are equal.\n"
    "  time                         simulated time\n"
    "  NAME of [parameters]         the model's own values\n"
    "  x y z volume radius age      the cell's place (not in a well-mixed domain), size and time since birth\n"
    "  state.age, phase.elapsed     time since the state or cycle phase was entered\n"
    "  pressure, generation         crowding (1 = as in a dense sheet), number of divisions since the founder\n"
    "  SUBSTRATE concentration      at the cell; SUBSTRATE gradient: its magnitude per um\n"
    "  SUBSTRATE occupancy          c/(c + Kd) of the substrate's receptor\n"
    "  DRUG concentration           unbound; DRUG exposure: its integral over time; DRUG.doses_given, .doses_skipped\n"
    "  neighbours                   cells in contact; neighbours.TYPE, neighbours.STATE\n"
    "  state.STATE, dying           1 or 0; origin.MARK: descends from a cell that was marked\n"
    "  cycle.s_phase                1 while DNA is replicated\n"
    "  names of the cell's network  species, parameters, assigned variables; network.NAME if ambiguous\n"
    "Readouts over = \"world\": time, DRUG concentration, SUBSTRATE.mean, SUBSTRATE.maximum, SUBSTRATE.content.\n"
    "only_if of doses: the same, and readout.NAME.\n";

std::string behaviours_text() {
  std::string text = "Behaviours: what rules, states, drugs, networks and interventions act on.\n";
  for (const auto& mechanism : mechanisms::catalogue()) {
    for (const auto& p : mechanism.declaration.parameters) {
      if (p.behaviour.empty()) continue;
      std::string phrase = p.behaviour;
      if (const auto star = phrase.find('*'); star != std::string::npos) phrase.replace(star, 1, "SUBSTRATE");
      text += fmt::format("  {:<28} {:<26} {}\n", phrase, describe(p.dimension), p.doc);
    }
  }
  return text;
}

std::string mechanisms_text() {
  std::string text = "Mechanisms: tables [cell.TYPE.MECHANISM]. `senoma explain MECHANISM` lists the keys.\n";
  for (const auto& mechanism : mechanisms::catalogue())
    text += fmt::format("  {:<16} {}\n", mechanism.declaration.name, mechanism.declaration.doc);
  return text;
}

int explain(const std::string& what) {
  const auto codes = all_codes();
  if (what.empty() || what == "codes") {
    std::string text;
    for (const auto& c : codes) text += fmt::format("{}  {}\n", c.code, c.title);
    give(text);
    return 0;
  }
  for (const auto& c : codes) {
    if (what == c.code) {
      give(fmt::format("{}: {}\n\n{}\n", c.code, c.title, wrap(c.explanation, 100)));
      return 0;
    }
  }
  if (what == "signals")
    give(signals_text);
  else if (what == "behaviours")
    give(behaviours_text());
  else if (what == "mechanisms")
    give(mechanisms_text());
  else
    give(model::explain(model::Registry(mechanisms::catalogue()), what) + "\n");
  return 0;
}

}  // namespace

void add_reference(CLI::App& app, Program& program) {
  auto* explain_verb = app.add_subcommand("explain", "Explain a key, mechanism, behaviour or error code");
  auto what = std::make_shared<std::string>();
  explain_verb->add_option(
      "what", *what,
      "E1203, substrates.oxygen.diffusion, motility, \"migration speed\", signals, behaviours, mechanisms, codes");
  explain_verb->footer("Examples:\n  senoma explain E1203\n  senoma explain cell.melanoma.motility.speed");
  explain_verb->callback([what, &program] { program.run = [what] { return explain(*what); }; });

  auto* schema_verb = app.add_subcommand("schema", "Print the JSON Schema of model files, or their reference page");
  auto markdown = std::make_shared<bool>(false);
  schema_verb->add_flag("--markdown", *markdown, "The reference page of all keys, in Markdown");
  schema_verb->footer("Examples:\n  senoma schema > senoma.schema.json\n  senoma schema --markdown > keys.md");
  schema_verb->callback([markdown, &program] {
    program.run = [markdown] {
      const model::Registry registry(mechanisms::catalogue());
      give(*markdown ? model::reference_markdown(registry) : model::schema_json(registry) + "\n");
      return 0;
    };
  });
}

}  // namespace senoma::cli
