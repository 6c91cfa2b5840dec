#include "study/study_variants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/made_value.h"
#include "study/shapley.h"

namespace senoma::study {

namespace {

using model::number_value;
using model::text_value;
using model::Value;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// One row of [[intervention]].
Value intervention(const Named& target, double level, const StudyTiming::Window& window) {
  Value row;
  row.kind = Value::Kind::table;
  row.where = target.where;
  row.add("knock_down").value = text_value(target.text, target.where);
  row.add("by").value = number_value(level, target.where);
  row.add("from").value = text_value(fmt::format("{} min", window.from), target.where);
  if (window.until < 1e300) row.add("until").value = text_value(fmt::format("{} min", window.until), target.where);
  for (auto& m : row.members) m.key_where = target.where;
  return row;
}

model::StudyLayer layer_of_interventions(std::vector<Value> rows, const std::string& name) {
  model::StudyLayer layer;
  layer.name = "study " + name;
  if (rows.empty()) return layer;
  Value list;
  list.kind = Value::Kind::array;
  list.where = rows.front().where;
  list.items = std::move(rows);
  Value add;
  add.kind = Value::Kind::table;
  auto& member = add.add("intervention");
  member.key_where = list.where;
  member.value = std::move(list);
  layer.changes.kind = Value::Kind::table;
  layer.changes.add("add").value = std::move(add);
  return layer;
}

}  // namespace

model::StudyLayer layer_of_all(const StudySpec& spec) {
  std::vector<Value> rows;
  for (const auto& actor : spec.actors) {
    for (const auto& target : actor.knock_down) rows.push_back(intervention(target, 0.5, {}));
  }
  return layer_of_interventions(std::move(rows), "check");
}

std::vector<model::StudyLayer> layers_of(const StudySpec& spec, const StudyVariant& variant) {
  std::vector<model::StudyLayer> layers;
  std::vector<Value> rows;
  model::StudyLayer scaled;
  for (std::size_t k = 0; k < variant.actors.size(); ++k) {
    const StudyActor& actor = spec.actors[variant.actors[k]];
    if (actor.drug) layers.push_back(actor.layer);
    for (const auto& key : actor.scale) scaled.scaled.push_back({key.text, 1.0 - variant.levels[k], key.where});
    for (const auto& target : actor.knock_down) {
      for (const auto& window : variant.windows) rows.push_back(intervention(target, variant.levels[k], window));
    }
  }
  scaled.name = "study " + variant.name;
  if (!scaled.scaled.empty()) layers.push_back(std::move(scaled));
  if (!rows.empty()) layers.push_back(layer_of_interventions(std::move(rows), variant.name));
  return layers;
}

bool only_knock_downs(const StudySpec& spec, const StudyVariant& variant) {
  return std::all_of(variant.actors.begin(), variant.actors.end(),
                     [&](std::size_t a) { return !spec.actors[a].drug && spec.actors[a].scale.empty(); });
}

namespace {

std::string percent(double level) { return fmt::format("{:g}%", 100.0 * level); }

class Variants {
 public:
  Variants(const StudySpec& spec, double end) : spec_(spec), end_(end) {}

  std::vector<StudyVariant> all() {
    list_.push_back({"none", "none", {}, {}, "", {}});
    if (!spec_.control.empty()) list_.push_back({"control: " + spec_.control, "control", {}, {}, "", {}});
    for (std::size_t a = 0; a < spec_.actors.size(); ++a) {
      const StudyActor& actor = spec_.actors[a];
      if (actor.drug) {
        list_.push_back({actor.name, "drug", {a}, {nan}, "", {}});
        continue;
      }
      for (const double level : actor.levels) {
        for (const auto& timing : spec_.timings) {
          std::string name = actor.name + " " + percent(level);
          if (spec_.timings.size() > 1) name += ", " + timing.name;
          list_.push_back(timed({name, "target", {a}, {level}, "", {}}, timing));
        }
      }
    }
    for (const auto& pair : spec_.pairs) add_pairs(pair);
    for (const auto& group : spec_.groups) add_group(group);
    check_names();
    return std::move(list_);
  }

 private:
  StudyVariant timed(StudyVariant variant, const StudyTiming& timing) const {
    variant.timing = timing.name;
    variant.windows = timing.windows(end_);
    const double begin = spec_.fork_at.value_or(0.0);
    if (timing.start >= end_ - 1e-9)
      throw Error("E8201", "the timing '" + timing.name + "' begins after the end of the run")
          .at(timing.where)
          .help("make the run longer (set time.duration) or begin earlier");
    if (timing.start < begin - 1e-9)
      throw Error("E8201", "the timing '" + timing.name + "' begins before the fork")
          .at(timing.where)
          .help("members share the run up to fork_at, so nothing can act earlier: fork earlier, or leave fork_at out");
    for (const std::size_t a : variant.actors) {
      if (spec_.actors[a].scale.empty()) continue;
      if (timing.start > begin + 1e-9 || timing.stop || timing.pulse)
        throw Error("E8201", "'" + spec_.actors[a].name + "' scales values of the model, which have no timing")
            .at(spec_.actors[a].where)
            .help("name what is weakened with knock_down, or leave the timings out");
    }
    return variant;
  }

  const StudyTiming& timing_of(const StudyPair& pair) const {
    if (!pair.timing) return spec_.timings.front();
    std::vector<std::string> names;
    for (const auto& timing : spec_.timings) {
      if (timing.name == pair.timing->text) return timing;
      names.push_back(timing.name);
    }
    throw unknown_in_study("timing", *pair.timing, names);
  }

  /// Those of the list that take part: those that only_targets left out have no pair and no group.
  std::vector<std::size_t> taking_part(const StudyPair& pair) const {
    std::vector<std::size_t> of;
    for (const auto& name : pair.of) {
      for (std::size_t a = 0; a < spec_.actors.size(); ++a) {
        if (spec_.actors[a].name == name.text) of.push_back(a);
      }
    }
    return of;
  }

  StudyVariant together(const std::string& kind, const std::vector<std::size_t>& actors, const StudyPair& pair) const {
    StudyVariant variant{"", kind, actors, {}, "", {}};
    for (const std::size_t a : actors) {
      const StudyActor& actor = spec_.actors[a];
      const double level =
          actor.drug ? nan : pair.level.value_or(*std::max_element(actor.levels.begin(), actor.levels.end()));
      variant.levels.push_back(level);
      variant.name += (variant.name.empty() ? "" : " + ") + actor.name + (actor.drug ? "" : " " + percent(level));
    }
    const StudyTiming& timing = timing_of(pair);
    if (spec_.timings.size() > 1) variant.name += ", " + timing.name;
    return timed(std::move(variant), timing);
  }

  void add_pairs(const StudyPair& pair) {
    const auto of = taking_part(pair);
    for (std::size_t i = 0; i < of.size(); ++i) {
      for (std::size_t j = i + 1; j < of.size(); ++j) {
        StudyVariant variant = together("pair", {of[i], of[j]}, pair);
        if (!pair.derived || !find_variant(list_, variant)) list_.push_back(std::move(variant));
      }
    }
  }

  /// The subsets that have no variant yet: the whole group as "group", which is ranked, smaller ones as "subset".
  void add_group(const StudyPair& group) {
    const auto of = taking_part(group);
    if (of.size() < 2) return;
    const CoalitionPlan coalitions = plan_coalitions(of.size());
    for (const std::uint32_t mask : coalitions.coalitions) {
      std::vector<std::size_t> actors;
      for (std::size_t i = 0; i < of.size(); ++i) {
        if (mask >> i & 1U) actors.push_back(of[i]);
      }
      if (actors.empty()) continue;
      const bool whole = mask == coalitions.coalitions.back();
      StudyVariant variant = together(whole ? "group" : "subset", actors, group);
      if (whole) variant.name = group.name + ": " + variant.name;
      if (!find_variant(list_, variant)) list_.push_back(std::move(variant));
    }
  }

  void check_names() const {
    std::vector<std::string> names;
    for (const auto& variant : list_) names.push_back(variant.name);
    std::sort(names.begin(), names.end());
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
      throw Error("E8201", "the study has the variant '" + *twice + "' twice")
          .at({spec_.file, 0, 0, 0})
          .help("a pair is listed twice, or a target is named like a variant of another");
  }

  const StudySpec& spec_;
  double end_;
  std::vector<StudyVariant> list_;
};

}  // namespace

std::optional<std::size_t> find_variant(const std::vector<StudyVariant>& variants, const StudyVariant& like) {
  // In any order of the actors; a drug has no level and its own timing.
  const auto parts = [](const StudyVariant& v) {
    std::vector<std::pair<std::size_t, double>> list;
    for (std::size_t k = 0; k < v.actors.size(); ++k)
      list.emplace_back(v.actors[k], std::isnan(v.levels[k]) ? -1.0 : v.levels[k]);
    std::sort(list.begin(), list.end());
    return list;
  };
  const auto wanted = parts(like);
  const bool timed = std::any_of(wanted.begin(), wanted.end(), [](const auto& part) { return part.second >= 0.0; });
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (parts(variants[v]) == wanted && !wanted.empty() && (!timed || variants[v].timing == like.timing)) return v;
  }
  return std::nullopt;
}

std::vector<StudyVariant> study_variants(const StudySpec& spec, double end) { return Variants(spec, end).all(); }

}  // namespace senoma::study
