#include "study/study_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "mechanisms/catalogue.h"
#include "model/validate.h"
#include "study/study_reading.h"
#include "study/study_stage.h"

namespace senoma::study {

namespace {

using model::Cursor;
using model::Value;

/// `set` and `add` of a table.
model::StudyLayer layer_of(const Cursor& row, const std::string& name) {
  model::StudyLayer layer;
  layer.name = "study " + name;
  layer.where = row.where();
  for (const char* kind : {"set", "add"}) {
    const Value* changes = row[kind].value();
    if (!changes) continue;
    layer.changes.kind = Value::Kind::table;
    layer.changes.add(kind).value = *changes;
  }
  return layer;
}

StudySetting setting_of(const Cursor& row, const std::string& what, const std::string& profile) {
  StudySetting setting;
  setting.name = row["name"].text();
  setting.label = setting.name;
  setting.profile = profile;
  setting.contexts = row["contexts"].texts();
  setting.layer = layer_of(row, what + " " + setting.name);
  setting.where = row["name"].where();
  return setting;
}

template <class Rows>
void require_unique(const Rows& rows, const std::string& what) {
  std::set<std::string> seen;
  for (const auto& row : rows) {
    if (!seen.insert(row.name).second)
      throw bad_study(row.where, "the study has two of one name: " + what + " '" + row.name + "'",
                      "give each its own name");
  }
}

StudyActor target_of(const Cursor& row, const std::vector<double>& levels) {
  StudyActor target;
  target.name = row["name"].text();
  target.group = row["group"].text_or("");
  target.where = row["name"].where();
  target.knock_down = read_names(row["knock_down"]);
  target.scale = read_names(row["scale"]);
  target.own_levels = row["levels"].given();
  target.levels = target.own_levels ? row["levels"].numbers() : levels;
  target.layer.where = row.where();
  if (target.knock_down.empty() && target.scale.empty())
    throw bad_study(row.where(), "the target '" + target.name + "' says nothing that is weakened",
                    "write knock_down = \"NAME\", or scale = \"KEY.PATH\"");
  if (target.levels.empty())
    throw bad_study(row["levels"].where(), "the target '" + target.name + "' has no level",
                    "write levels = [0.5, 0.95], the fractions removed");
  std::set<double> seen;
  for (const double level : target.levels) {
    if (!(level > 0.0) || !seen.insert(level).second)
      throw bad_study(row["levels"].given() ? row["levels"].where() : row.where(),
                      "levels are different fractions removed, above 0",
                      "every study has the variant without intervention in any case");
  }
  return target;
}

StudyActor drug_of(const Cursor& row) {
  StudyActor drug;
  drug.drug = true;
  drug.name = row["name"].text();
  drug.group = row["group"].text_or("");
  drug.where = row["name"].where();
  drug.contexts = row["contexts"].texts();
  drug.layer = layer_of(row, "drug " + drug.name);
  for (const auto& file : read_names(row["files"]))
    drug.layer.files.push_back(model::resolve_path(file.text, file.where));
  if (drug.layer.files.empty() && drug.contexts.empty() && !drug.layer.changes.is_table())
    throw bad_study(row.where(), "the drug '" + drug.name + "' changes nothing",
                    "write files = [\"…\"], or set = { \"drug.NAME.schedule\" = [ … ] }");
  return drug;
}

StudyTiming timing_of(const Cursor& row, const Cursor& times) {
  StudyTiming timing;
  timing.name = row["name"].text();
  timing.where = row.where();
  double reference = 0.0;
  if (row["reference"].given()) {
    std::vector<std::string> names;
    bool found = false;
    for (const auto& [name, time] : times.members()) {
      names.push_back(name);
      if (name != row["reference"].text()) continue;
      reference = time.number();
      found = true;
    }
    if (!found) throw unknown_in_study("time", {row["reference"].text(), row["reference"].where()}, names);
  }
  timing.start = reference + row["start"].number();
  if (row["stop"].given()) timing.stop = reference + row["stop"].number();
  if (row["pulse"].given()) timing.pulse = row["pulse"].number();
  if (row["every"].given()) timing.every = row["every"].number();
  if (timing.start < 0.0)
    throw bad_study(row["start"].where(), "the timing '" + timing.name + "' begins before the run",
                    "move the reference (the treatment) to a later time, or begin later");
  if (timing.stop && *timing.stop <= timing.start)
    throw bad_study(row["stop"].where(), "the timing '" + timing.name + "' ends before it begins",
                    "`start` and `stop` are times from the reference");
  if (timing.pulse.has_value() != timing.every.has_value())
    throw bad_study(row.where(), "a pulsed timing needs 'pulse' and 'every'", "write pulse = \"1 d\", every = \"7 d\"");
  if (timing.pulse && *timing.pulse >= *timing.every)
    throw bad_study(row["pulse"].where(), "the pulses of '" + timing.name + "' run into one another",
                    "make 'every' longer than 'pulse', or leave both out");
  return timing;
}

StudyPair pair_of(const Cursor& row) {
  StudyPair pair;
  pair.of = read_names(row["of"]);
  pair.where = row.where();
  if (row["level"].given()) pair.level = row["level"].number();
  if (row["timing"].given()) pair.timing = Named{row["timing"].text(), row["timing"].where()};
  if (pair.of.size() < 2)
    throw bad_study(row["of"].where(), "a pair needs two names at least", "write of = [\"A\", \"B\"]");
  return pair;
}

StudyPair group_of(const Cursor& row) {
  constexpr std::size_t most = 10;  // 1024 subsets
  StudyPair group = pair_of(row);
  group.name = row["name"].text();
  if (group.of.size() < 3 || group.of.size() > most)
    throw bad_study(row["of"].where(), fmt::format("the group '{}' has {} names", group.name, group.of.size()),
                    fmt::format("give 3 to {}: all their subsets run, 2^n variants; two are a [[study.pair]]", most));
  std::set<std::string> seen;
  for (const auto& name : group.of) {
    if (!seen.insert(name.text).second)
      throw bad_study(name.where, "the group '" + group.name + "' names '" + name.text + "' twice",
                      "name each actor once");
  }
  return group;
}

StudyOutcome outcome_of(const Cursor& row) {
  StudyOutcome outcome;
  outcome.name = {row["name"].text(), row["name"].where()};
  outcome.table = *row.value();
  outcome.measured = row["readout"].given();
  outcome.weight = row["weight"].number_or(0.0);
  outcome.scale = row["scale"].number();
  outcome.spare = row["spare"].flag();
  outcome.higher_is_better = row["better"].text_or("") == "higher";
  if (outcome.weight > 0.0 && !row["better"].given())
    throw row["better"].missing("an outcome with a weight must say which direction helps");
  return outcome;
}

StudyDraws draws_of(const Cursor& d) {
  StudyDraws draws;
  draws.where = d.where();
  draws.of = read_names(d["of"]);
  if (d["of"].given() && draws.of.empty())
    throw bad_study(d["of"].where(), "the study draws nothing: 'of' is empty", "write of = [\"cell.*.secretion.*\"]");
  for (auto [key, file] : {std::pair{"cohort", &draws.cohort}, std::pair{"posterior", &draws.posterior}}) {
    if (d[key].given()) *file = Named{model::resolve_path(d[key].text(), d[key].where()), d[key].where()};
  }
  if ((draws.of.empty() ? 0 : 1) + (draws.cohort ? 1 : 0) + (draws.posterior ? 1 : 0) != 1)
    throw bad_study(d.where(), "[study.draws] needs one of 'of', 'cohort' and 'posterior'",
                    "write of = [\"KEY.PATH\", …] for the priors of the model, or posterior = \"posterior.csv\"");
  if (d["n"].given()) draws.n = static_cast<std::uint64_t>(d["n"].number());
  if (d["seed"].given()) draws.seed = static_cast<std::uint64_t>(d["seed"].number());
  draws.fixed_without_prior = d["without_prior"].text() == "fixed";
  return draws;
}

/// Leaves those that `only` names.
template <class Rows>
void keep_only(Rows& rows, const Cursor& only, const std::string& what) {
  if (!only.given()) return;
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.name);
  const auto wanted = read_names(only);
  for (const auto& name : wanted) {
    if (std::find(names.begin(), names.end(), name.text) == names.end()) throw unknown_in_study(what, name, names);
  }
  std::erase_if(rows, [&](const auto& row) {
    return std::none_of(wanted.begin(), wanted.end(), [&](const Named& n) { return n.text == row.name; });
  });
}

StudySpec spec_of(const Cursor& s) {
  StudySpec spec;
  spec.title = s["title"].text_or("");
  spec.question = s["question"].text_or("");
  spec.experiment = model::resolve_path(s["experiment"].text(), s["experiment"].where());
  spec.arm = s["arm"].text_or("");
  spec.control = s["control"].text_or("");
  spec.first_seed = static_cast<std::uint64_t>(s["first_seed"].number());
  spec.n_seeds = static_cast<std::uint64_t>(s["seeds"].number());
  if (s["fork_at"].given()) spec.fork_at = s["fork_at"].number();
  spec.keep_folders = s["keep"].text() == "folders";
  spec.best = static_cast<std::size_t>(s["best"].number());
  spec.base.name = "base";
  spec.base.profile = s["profile"].text_or("");
  spec.base.contexts = s["contexts"].texts();
  spec.base.layer = layer_of(s, "base");
  if (s["draws"].given()) spec.draws = draws_of(s["draws"]);
  const auto levels = s["levels"].numbers();
  for (const auto& row : s["fidelity"].items())
    spec.fidelities.push_back(setting_of(row, "fidelity", row["profile"].text_or(spec.base.profile)));
  for (const auto& row : s["context"].items()) {
    spec.contexts.push_back(setting_of(row, "context", ""));
    spec.contexts.back().label = row["label"].text_or(spec.contexts.back().name);
  }
  for (const auto& row : s["target"].items()) spec.actors.push_back(target_of(row, levels));
  for (const auto& row : s["drug"].items()) spec.actors.push_back(drug_of(row));
  for (const auto& row : s["timing"].items()) spec.timings.push_back(timing_of(row, s["time"]));
  require_unique(spec.fidelities, "fidelity");
  require_unique(spec.contexts, "context");
  require_unique(spec.actors, "target or drug");
  require_unique(spec.timings, "timing");
  for (const auto& row : s["pair"].items()) spec.pairs.push_back(pair_of(row));
  for (const auto& row : s["group"].items()) spec.groups.push_back(group_of(row));
  require_unique(spec.groups, "group");
  for (const auto& row : s["outcome"].items()) spec.outcomes.push_back(outcome_of(row));
  // Names are looked up before a profile takes some away, so that its pairs may name more than take part.
  std::vector<std::string> all;
  for (const auto& actor : spec.actors) all.push_back(actor.name);
  for (const auto* list : {&spec.pairs, &spec.groups}) {
    for (const auto& pair : *list) {
      for (const auto& name : pair.of) {
        if (std::find(all.begin(), all.end(), name.text) == all.end())
          throw unknown_in_study("target or drug", name, all);
      }
    }
  }
  read_stages(s, spec);
  keep_only(spec.actors, s["only_targets"], "target or drug");
  keep_only(spec.contexts, s["only_contexts"], "context");
  if (spec.contexts.empty() && s["context"].given())
    throw bad_study(s["context"].where(), "the study has no context",
                    "leave [[study.context]] out for the model as it is");
  if (spec.actors.empty())
    throw bad_study(s.where(), "the study has no target and no drug", "write [[study.target]] or [[study.drug]]");
  if (spec.fidelities.empty()) {
    spec.fidelities.push_back({"model", "model", spec.base.profile, {}, {}, s.where()});
  }
  if (spec.contexts.empty()) spec.contexts.push_back({"model", "model", "", {}, {}, s.where()});
  if (spec.timings.empty()) {
    spec.timings.emplace_back();
    spec.timings.back().name = spec.fork_at ? "from the fork" : "throughout";
    spec.timings.back().start = spec.fork_at.value_or(0.0);
    spec.timings.back().where = s.where();
  }
  check_stages(spec);
  if (spec.stages.empty()) add_path_pairs(spec, spec.paths);
  return spec;
}

}  // namespace

Error unknown_in_study(const std::string& what, const Named& name, const std::vector<std::string>& names) {
  Error error("E8202", "the study has no " + what + " '" + name.text + "'");
  error.at(name.where);
  if (const auto near = nearest_name(name.text, names); !near.empty()) error.help("did you mean '" + near + "'?");
  std::string list;
  for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
  error.help(list.empty() ? "it has none" : "it has: " + list);
  return error;
}

std::vector<StudyTiming::Window> StudyTiming::windows(double end) const {
  const double last = std::min(stop.value_or(1e300), end);
  if (!pulse) return {{start, stop.value_or(1e300)}};
  std::vector<Window> result;
  for (std::size_t k = 0;; ++k) {
    const double from = start + static_cast<double>(k) * *every;
    if (from >= last - 1e-9) return result;
    result.push_back({from, std::min(from + *pulse, stop.value_or(1e300))});
  }
}

StudySpec read_study(const std::string& file, const std::string& profile, const std::vector<std::string>& overrides,
                     std::map<std::string, std::string>* sources) {
  std::map<std::string, std::string> own;
  auto& texts = sources ? *sources : own;
  texts.clear();
  model::LoadOptions options;
  options.profile = profile;
  options.overrides = overrides;
  const model::Document document = model::compose(file, options, texts);
  const model::Registry registry(mechanisms::catalogue());
  static_cast<void>(model::validate(document.root, registry));
  const Value* study = document.root.find("study");
  if (!study)
    throw bad_study({file, 0, 0, 0}, "'" + file + "' has no table [study]",
                    "a study begins with [study], experiment = \"FILE\"; see docs/user-guide/studies.md");
  for (const auto& m : document.root.members) {
    if (m.key != "study" && m.key != "profiles")
      throw bad_study(m.key_where, "a study file holds [study] only, not '" + m.key + "'",
                      "changes of the model go into the experiment, or into study.set");
  }
  StudySpec spec = spec_of(Cursor(study, registry.root().child("study"), "study", study->where));
  spec.file = file;
  return spec;
}

}  // namespace senoma::study
