#include "study/study_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "study/study_reading.h"

namespace senoma::study {
namespace {

using model::Cursor;
using model::Value;

template <class Rows>
std::vector<std::string> names_of(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.name);
  return names;
}

bool has(const std::vector<Named>& list, const std::string& name) {
  return std::any_of(list.begin(), list.end(), [&](const Named& n) { return n.text == name; });
}

bool has(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

template <class List>
void look_up(const std::string& what, const List& wanted, const std::vector<std::string>& names) {
  for (const Named& name : wanted) {
    if (!has(names, name.text)) throw unknown_in_study(what, name, names);
  }
}

template <class Rows>
void keep_named(Rows& rows, const std::vector<Named>& only) {
  if (only.empty()) return;
  std::erase_if(rows, [&](const auto& row) { return !has(only, row.name); });
}

std::vector<std::string> path_targets(const StudySpec& spec) {
  std::vector<std::string> names;
  for (const auto& path : spec.paths) {
    if (!has(names, path.of.front().text)) names.push_back(path.of.front().text);
  }
  return names;
}

StudyPath path_of(const Cursor& row, const StudySpec& spec) {
  StudyPath path;
  path.name = row["name"].text();
  path.of = read_names(row["of"]);
  path.where = row.where();
  if (row["level"].given()) path.level = row["level"].number();
  path.timing = maybe_named(row["timing"]);
  look_up("target or drug", path.of, names_of(spec.actors));
  if (path.timing) look_up("timing", std::vector{*path.timing}, names_of(spec.timings));
  std::set<std::string> seen;
  for (const auto& name : path.of) {
    if (!seen.insert(name.text).second)
      throw bad_study(name.where, "the path '" + path.name + "' names '" + name.text + "' twice",
                      "a path leads from its target through others");
  }
  if (path.of.size() < 2)
    throw bad_study(row["of"].where(), "the path '" + path.name + "' needs a target and what lies on the way",
                    "write of = [\"TARGET\", \"MEDIATOR\"]");
  return path;
}

void read_mechanism(const Cursor& value, const StudySpec& spec, StudyStage& stage) {
  if (!value.given()) return;
  if (value.value()->kind == Value::Kind::boolean) {
    stage.all_paths = value.value()->boolean;
    if (stage.all_paths && spec.paths.empty())
      throw bad_study(value.where(), "the study has no path whose mechanism could be asked for",
                      "write [[study.path]] with name and of = [\"TARGET\", \"MEDIATOR\"]");
    return;
  }
  stage.paths_of = read_names(value);
  look_up("path of the target or drug", stage.paths_of, path_targets(spec));
}

StudyStage stage_of(const Cursor& row, const StudySpec& spec) {
  StudyStage stage;
  stage.name = row["name"].text();
  stage.where = row["name"].where();
  stage.fidelity = maybe_named(row["fidelity"]);
  if (row["seeds"].given()) stage.n_seeds = static_cast<std::uint64_t>(row["seeds"].number());
  stage.levels = row["levels"].numbers();
  stage.only_contexts = read_names(row["only_contexts"]);
  stage.only_timings = read_names(row["only_timings"]);
  if (row["keep"].given()) stage.keep = static_cast<std::size_t>(row["keep"].number());
  stage.always = read_names(row["always"]);
  if (row["pairs"].given()) stage.pairs = row["pairs"].flag();
  stage.groups = !row["groups"].given() || row["groups"].flag();
  stage.pair_timing = maybe_named(row["pair_timing"]);
  if (stage.fidelity) look_up("fidelity", std::vector{*stage.fidelity}, names_of(spec.fidelities));
  if (stage.pair_timing) look_up("timing", std::vector{*stage.pair_timing}, names_of(spec.timings));
  look_up("context", stage.only_contexts, names_of(spec.contexts));
  look_up("timing", stage.only_timings, names_of(spec.timings));
  look_up("target or drug", stage.always, names_of(spec.actors));
  read_mechanism(row["mechanism"], spec, stage);
  std::set<double> seen;
  for (const double level : stage.levels) {
    if (!(level > 0.0) || !seen.insert(level).second)
      throw bad_study(row["levels"].where(), "levels are different fractions removed, above 0",
                      "every stage has the variant without intervention in any case");
  }
  return stage;
}

/// The paths a stage runs, given who takes part.
std::vector<StudyPath> paths_of(const StudySpec& spec, const StudyStage& stage,
                                const std::vector<std::string>& actors) {
  std::vector<StudyPath> paths;
  for (const auto& path : spec.paths) {
    const std::string& target = path.of.front().text;
    if (has(stage.paths_of, target) || (stage.all_paths && has(actors, target))) paths.push_back(path);
  }
  return paths;
}

}  // namespace

void read_stages(const Cursor& study, StudySpec& spec) {
  for (const auto& row : study["path"].items()) spec.paths.push_back(path_of(row, spec));
  for (const auto& row : study["stage"].items()) spec.stages.push_back(stage_of(row, spec));
}

std::uint64_t seeds_of(const StudySpec& spec, const StudyStage& stage) { return stage.n_seeds.value_or(spec.n_seeds); }

void check_stages(const StudySpec& spec) {
  const auto names = names_of(spec.actors);
  std::set<std::string> seen;
  std::size_t come_in = spec.actors.size();
  for (std::size_t k = 0; k < spec.stages.size(); ++k) {
    const StudyStage& stage = spec.stages[k];
    const bool last = k + 1 == spec.stages.size();
    if (!seen.insert(stage.name).second)
      throw bad_study(stage.where, "the study has two stages '" + stage.name + "'", "give each its own name");
    if (!stage.fidelity && spec.fidelities.size() > 1)
      throw bad_study(stage.where, "the stage '" + stage.name + "' does not say its fidelity",
                      "the study has several: write fidelity = \"" + spec.fidelities.front().name + "\"");
    if (!last && !stage.keep)
      throw bad_study(stage.where, "the stage '" + stage.name + "' does not say how many go on to the next",
                      "write keep = N");
    if (last && stage.keep)
      throw bad_study(stage.where, "nothing follows the stage '" + stage.name + "', so it keeps none",
                      "leave keep out, or write a stage after it");
    if (stage.keep && *stage.keep > come_in)
      throw bad_study(stage.where,
                      fmt::format("the stage '{}' keeps {} of {} targets and drugs", stage.name, *stage.keep, come_in),
                      "keep fewer, or let more come in");
    StudySpec left = spec;
    keep_named(left.contexts, stage.only_contexts);
    keep_named(left.timings, stage.only_timings);
    if (left.contexts.empty())
      throw bad_study(stage.where, "the stage '" + stage.name + "' has none of the contexts that take part",
                      "name others in only_contexts");
    if (stage.pair_timing) look_up("timing in this stage", std::vector{*stage.pair_timing}, names_of(left.timings));
    come_in = stage.keep.value_or(0);
    for (const auto& name : stage.always) come_in += has(names, name.text) ? 1 : 0;
    if (!last) {
      for (const auto& path : paths_of(spec, spec.stages[k + 1], names)) come_in += path.of.size();
      come_in = std::min(come_in, spec.actors.size());
    }
  }
}

void add_path_pairs(StudySpec& spec, const std::vector<StudyPath>& paths) {
  for (const auto& path : paths) {
    for (const auto& name : path.of) {
      for (const auto& actor : spec.actors) {
        if (actor.name != name.text || actor.drug || !path.level) continue;
        if (std::find(actor.levels.begin(), actor.levels.end(), *path.level) == actor.levels.end())
          throw bad_study(path.where,
                          fmt::format("the path '{}' blocks '{}' to {:g}, which is none of its levels alone", path.name,
                                      actor.name, *path.level),
                          "choose one of its levels: what a path carries is compared with each alone");
      }
    }
    for (std::size_t m = 1; m < path.of.size(); ++m)
      spec.pairs.push_back({path.name, {path.of.front(), path.of[m]}, path.level, path.timing, path.where, true});
  }
}

StudySpec stage_spec(const StudySpec& spec, const StageChoice& choice) {
  const StudyStage& stage = spec.stages.at(choice.stage);
  StudySpec result = spec;
  for (std::size_t k = 0; k < choice.stage; ++k) result.first_seed += seeds_of(spec, spec.stages[k]);
  result.n_seeds = seeds_of(spec, stage);
  if (stage.fidelity) keep_named(result.fidelities, {*stage.fidelity});
  keep_named(result.contexts, stage.only_contexts);
  keep_named(result.timings, stage.only_timings);
  auto actors = choice.actors;
  const auto paths = paths_of(spec, stage, actors);
  for (const auto& path : paths) {
    for (const auto& name : path.of) actors.push_back(name.text);
  }
  std::erase_if(result.actors, [&](const StudyActor& actor) { return !has(actors, actor.name); });
  for (auto& actor : result.actors) {
    if (!actor.drug && !actor.own_levels && !stage.levels.empty()) actor.levels = stage.levels;
  }
  if (choice.check_only || !stage.pairs.value_or(true)) result.pairs.clear();
  if (!stage.groups) result.groups.clear();
  if (stage.pairs.value_or(false) && !choice.check_only) {
    StudyPair all{"", {}, std::nullopt, stage.pair_timing, stage.where, true};
    for (const auto& name : choice.actors) all.of.push_back({name, stage.where});
    result.pairs.push_back(std::move(all));
  }
  add_path_pairs(result, paths);
  return result;
}

}  // namespace senoma::study
