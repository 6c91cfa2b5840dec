#include "study/study_draws.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/made_value.h"
#include "model/posterior.h"
#include "results/summary_table.h"

namespace senoma::study {

namespace {

using model::table_value;
using model::text_value;
using model::Value;

constexpr const char* layer_name = "study draws";

/// Whether the text fits the pattern, in which * stands for any characters and ? for one.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool is_pattern(const std::string& text) { return text.find_first_of("*?") != std::string::npos; }

void put(Value& table, const std::string& key, Value value, const SourcePosition& where) {
  auto& member = table.add(key);
  member.key_where = where;
  member.value = std::move(value);
}

/// A layer that sets [cohort]; `cohort` without a seed of its own gets the study's.
model::StudyLayer layer_of(Value cohort, const StudyDraws& draws) {
  if (draws.seed) {
    Value seed;
    seed.kind = Value::Kind::integer;
    seed.integer = static_cast<std::int64_t>(*draws.seed);
    seed.real = static_cast<double>(*draws.seed);
    seed.where = draws.where;
    put(cohort, "seed", std::move(seed), draws.where);
  }
  model::StudyLayer layer;
  layer.name = layer_name;
  layer.where = draws.where;
  if (cohort.members.empty()) return layer;
  Value set = table_value(draws.where);
  put(set, "cohort", std::move(cohort), draws.where);
  layer.changes = table_value(draws.where);
  put(layer.changes, "set", std::move(set), draws.where);
  return layer;
}

/// What the patterns find in the settings.
class PriorDraws {
 public:
  explicit PriorDraws(const StudySpec& spec)
      : draws_(*spec.draws), found_(draws_.of.size()), drawn_(draws_.of.size()) {}

  /// [cohort] with a variation per value that is drawn in this model.
  Value cohort_of(const model::ResolvedModel& model) {
    Value vary = table_value(draws_.where);
    for (const auto& row : model.parameters) {
      names_.insert(row.key);
      for (std::size_t k = 0; k < draws_.of.size(); ++k) {
        const Named& pattern = draws_.of[k];
        if (!matches(pattern.text, row.key) || !takes(pattern, row, k)) continue;
        refuse_twice(model, row, pattern);
        if (!vary.find(row.key)) put(vary, row.key, variation_of(row, pattern.where), pattern.where);
      }
    }
    Value cohort = table_value(draws_.where);
    put(cohort, "vary", std::move(vary), draws_.where);
    return cohort;
  }

  /// Named by a pattern, but without a prior.
  [[nodiscard]] std::vector<std::string> fixed() const {
    std::vector<std::string> names;
    for (const auto& row : without_) {
      if (std::find(names.begin(), names.end(), row.key) == names.end()) names.push_back(row.key);
    }
    return names;
  }

  /// Once all settings are known: every pattern must have drawn something somewhere.
  void check() const {
    for (std::size_t k = 0; k < draws_.of.size(); ++k) {
      const Named& pattern = draws_.of[k];
      if (drawn_[k]) continue;
      if (!found_[k]) {
        Error error("E8202", (is_pattern(pattern.text) ? "no value of the model fits '" : "the model has no value '") +
                                 pattern.text + "'");
        error.at(pattern.where);
        const std::vector<std::string> names(names_.begin(), names_.end());
        if (const auto near = nearest_name(pattern.text, names); !near.empty())
          error.help("did you mean '" + near + "'?");
        throw error.help("senoma check FILE --resolved shows all values; * and ? stand for anything");
      }
      if (!without_.empty()) throw no_prior(without_.front(), pattern);
      throw Error("E8201", "'" + pattern.text + "' is set by the arm or by the study, so nothing is left to be drawn")
          .at(pattern.where)
          .help("what an arm or a study sets holds for every draw: leave it out there, or here");
    }
  }

 private:
  bool takes(const Named& pattern, const model::Parameter& row, std::size_t k) {
    found_[k] = true;
    if (row.layer.starts_with("arm ") || row.layer.starts_with("study ")) return false;
    if (row.prior.empty()) {
      if (!draws_.fixed_without_prior || !is_pattern(pattern.text)) throw no_prior(row, pattern);
      without_.push_back(row);
      return false;
    }
    drawn_[k] = true;
    return true;
  }

  static Error no_prior(const model::Parameter& row, const Named& pattern) {
    const bool bare = row.unit.empty() || row.unit == "1";
    Error error("E8206", fmt::format("'{}' ({}, {}) has no prior to be drawn from", row.key, row.value, row.origin));
    error.at(pattern.where)
        .help(fmt::format("write it beside the value in {}: {{ value = {}, prior = \"loguniform(a, b)\" }}{}",
                          row.origin, bare ? row.value : model::quote_text(row.value),
                          bare ? "" : ", with a and b in " + row.unit));
    if (is_pattern(pattern.text)) error.help("or keep values without a prior as they are: without_prior = \"fixed\"");
    return error;
  }

  static void refuse_twice(const model::ResolvedModel& model, const model::Parameter& row, const Named& pattern) {
    for (const auto& v : model.resolved.cohort.variations) {
      if (std::find(v.keys.begin(), v.keys.end(), row.key) == v.keys.end()) continue;
      throw Error("E8201",
                  "'" + row.key + "' is drawn twice: from its prior and by the experiment's cohort.vary." + v.name)
          .at(pattern.where)
          .help("leave one of the two out");
    }
  }

  static Value variation_of(const model::Parameter& row, const SourcePosition& where) {
    Value variation = table_value(where);
    put(variation, "key", text_value(row.key, where), where);
    put(variation, "distribution", text_value(row.prior, where), where);
    if (!row.unit.empty()) put(variation, "unit", text_value(row.unit, where), where);
    if (!row.source.empty()) put(variation, "source", text_value(row.source, where), where);
    if (!row.grade.empty()) put(variation, "grade", text_value(row.grade, where), where);
    return variation;
  }

  const StudyDraws& draws_;
  std::vector<bool> found_, drawn_;        // by pattern
  std::vector<model::Parameter> without_;  // matched, but without prior
  std::set<std::string> names_;
};

void check_cohort_file(const Named& file, std::map<std::string, std::string>& sources) {
  if (!sources.contains(file.text)) sources[file.text] = model::read_text(file.text, file.where);
  const Value root = model::parse_toml(sources[file.text], file.text);
  for (const auto& m : root.members) {
    if (m.key != "cohort")
      throw Error("E8201", "a cohort file of a study holds [cohort] only, not '" + m.key + "'")
          .at(m.key_where)
          .help("put other changes into study.set, or into a context");
  }
  if (!root.find("cohort"))
    throw Error("E8201", "'" + file.text + "' has no table [cohort]")
        .at(file.where)
        .help("write [cohort.vary.NAME] with key and distribution; see docs/user-guide/cohort.md");
}

}  // namespace

std::vector<model::StudyLayer> draw_layers(const StudySpec& spec, const std::vector<model::ResolvedModel>& models,
                                           std::map<std::string, std::string>& sources,
                                           std::vector<std::string>& fixed) {
  std::vector<model::StudyLayer> layers;
  if (!spec.draws) return layers;
  const StudyDraws& draws = *spec.draws;
  if (draws.posterior) {
    const Named& file = *draws.posterior;
    sources[file.text] = model::read_text(file.text, file.where);
    Value lines = model::posterior_lines(sources[file.text], file.text);
    static_cast<void>(model::read_posterior(lines));
    Value cohort = table_value(draws.where);
    put(cohort, "posterior", std::move(lines), file.where);
    layers.assign(models.size(), layer_of(std::move(cohort), draws));
  } else if (draws.cohort) {
    check_cohort_file(*draws.cohort, sources);
    layers.assign(models.size(), layer_of(table_value(draws.where), draws));
    for (auto& layer : layers) layer.files.push_back(draws.cohort->text);
  } else {
    PriorDraws priors(spec);
    for (const auto& model : models) layers.push_back(layer_of(priors.cohort_of(model), draws));
    priors.check();
    fixed = priors.fixed();
  }
  return layers;
}

bool has_draws(const StudyPlan& plan) {
  return std::any_of(plan.models.begin(), plan.models.end(),
                     [](const auto& m) { return !m.resolved.cohort.variations.empty(); });
}

std::uint64_t draw_of(const StudySpec& spec, std::uint64_t seed) {
  if (!spec.draws) return seed;
  return (seed - spec.first_seed) % spec.draws->n.value_or(spec.n_seeds) + 1;
}

std::vector<std::uint32_t> draws_of_replicates(const StudySpec& spec) {
  std::vector<std::uint32_t> draws;
  for (std::uint64_t s = 0; s < spec.n_seeds; ++s)
    draws.push_back(static_cast<std::uint32_t>(draw_of(spec, spec.first_seed + s)));
  return draws;
}

UnitResamples study_resamples(const StudyPlan& plan) {
  return plan.spec.draws ? UnitResamples(draws_of_replicates(plan.spec)) : UnitResamples(plan.spec.n_seeds);
}

namespace {

/// The patients in the order of the resamples' units: of first appearance.
std::vector<std::uint64_t> units_of(const StudySpec& spec) {
  std::vector<std::uint64_t> units;
  const std::uint64_t n = spec.draws ? std::min(spec.draws->n.value_or(spec.n_seeds), spec.n_seeds) : spec.n_seeds;
  for (std::uint64_t k = 0; k < n; ++k) units.push_back(draw_of(spec, spec.first_seed + k));
  return units;
}

}  // namespace

std::vector<DrawnValue> drawn_values(const StudyPlan& plan, std::size_t fidelity, std::size_t context) {
  std::vector<DrawnValue> list;
  const auto& cohort = plan.models[fidelity * plan.spec.contexts.size() + context].resolved.cohort;
  for (const auto& variation : cohort.variations) {
    DrawnValue drawn{variation.name, "", {}};
    for (const auto unit : units_of(plan.spec)) {
      const model::Draw draw = model::draw(cohort, variation, unit);
      drawn.unit = draw.unit;
      drawn.values.push_back(draw.value);
    }
    list.push_back(std::move(drawn));
  }
  return list;
}

std::string draw_source(const StudySpec& spec) {
  if (!spec.draws) return "cohort";
  return spec.draws->posterior ? "posterior" : spec.draws->cohort ? "cohort" : "priors";
}

std::string draws_csv(const StudyPlan& plan) {
  if (!has_draws(plan)) return {};
  struct Rows {
    DrawnValue drawn;
    std::size_t fidelity, context;
  };
  std::vector<std::string> order;
  std::map<std::string, std::vector<Rows>> by_name;  // different ones of a name
  for (std::size_t f = 0; f < plan.spec.fidelities.size(); ++f) {
    for (std::size_t c = 0; c < plan.spec.contexts.size(); ++c) {
      for (auto& drawn : drawn_values(plan, f, c)) {
        auto& rows = by_name[drawn.name];
        if (rows.empty()) order.push_back(drawn.name);
        rows.push_back({std::move(drawn), f, c});
      }
    }
  }
  const auto units = units_of(plan.spec);
  std::string csv = "draw,key,value,unit,fidelity,context\n";
  for (std::size_t u = 0; u < units.size(); ++u) {
    for (const auto& name : order) {
      const auto& rows = by_name[name];
      const bool everywhere =
          rows.size() == plan.models.size() && std::all_of(rows.begin(), rows.end(), [&](const Rows& r) {
            return r.drawn.values == rows[0].drawn.values && r.drawn.unit == rows[0].drawn.unit;
          });
      for (const auto& row : rows) {
        csv += fmt::format("{},{},{},{},{},{}\n", units[u], results::csv_cell(name),
                           results::format_number(row.drawn.values[u]),
                           results::csv_cell(row.drawn.unit.empty() ? "1" : row.drawn.unit),
                           everywhere ? "" : results::csv_cell(plan.spec.fidelities[row.fidelity].name),
                           everywhere ? "" : results::csv_cell(plan.spec.contexts[row.context].name));
        if (everywhere) break;
      }
    }
  }
  return csv;
}

}  // namespace senoma::study
