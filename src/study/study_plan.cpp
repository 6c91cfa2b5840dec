#include "study/study_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/hash.h"
#include "mechanisms/catalogue.h"
#include "study/study_draws.h"
#include "study/study_variants.h"

namespace senoma::study {
namespace fs = std::filesystem;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

model::LoadOptions load_options(const StudySpec& spec, const StudySetting& fidelity, const StudySetting& context) {
  model::LoadOptions options;
  options.profile = fidelity.profile;
  options.arm = spec.arm;
  for (const StudySetting* setting : {&spec.base, &fidelity, &context}) {
    options.contexts.insert(options.contexts.end(), setting->contexts.begin(), setting->contexts.end());
    if (setting->layer.changes.is_table()) options.layers.push_back(setting->layer);
  }
  return options;
}

/// Loads the arm in a context together with all knock-downs of the study, so that a target that is not there is known
/// at once, and takes them out again.
model::ResolvedModel load_base(const StudySpec& spec, const StudySetting& fidelity, const StudySetting& context,
                               const model::StudyLayer* draws, std::map<std::string, std::string>* sources) {
  auto options = load_options(spec, fidelity, context);
  if (draws) options.layers.push_back(*draws);
  std::size_t added = 0;
  for (const auto& actor : spec.actors) added += actor.knock_down.size();
  if (added > 0) options.layers.push_back(layer_of_all(spec));
  auto model = model::load(spec.experiment, options, mechanisms::catalogue(), sources);
  auto& interventions = model.description.interventions;
  interventions.resize(interventions.size() - added);
  model.hash = model::description_hash(model.description);
  return model;
}

void check_models(const StudyPlan& plan) {
  const auto& spec = plan.spec;
  for (std::size_t f = 0; f < spec.fidelities.size(); ++f) {
    std::map<std::string, std::string> seen;
    for (std::size_t c = 0; c < spec.contexts.size(); ++c) {
      const auto& model = plan.models[f * spec.contexts.size() + c];
      const auto& context = spec.contexts[c];
      if (const auto [at, fresh] = seen.emplace(model.hash, context.name); !fresh)
        throw Error("E8201", "the contexts '" + at->second + "' and '" + context.name + "' give the same model")
            .at(context.where)
            .help("a context is empty, or changes what the arm sets anyway");
      if (!spec.fork_at) continue;
      const double step = model.description.step, at = *spec.fork_at;
      if (at >= model.description.duration || std::abs(std::remainder(at, step)) > 1e-9 * step)
        throw Error("E8201", fmt::format("fork_at = {:g} min is not a time between steps within the run", at))
            .at({spec.file, 0, 0, 0})
            .help(fmt::format("the run lasts {:g} min in steps of {:g} min", model.description.duration, step));
    }
  }
  if (plan.spec.keep_folders && plan.spec.fork_at)
    throw Error("E8201", "keep = \"folders\" and fork_at exclude each other")
        .at({spec.file, 0, 0, 0})
        .help("a shared beginning belongs to no member's folder: leave one of the two out");
}

/// Donors lend their medium to a whole experiment, not to a variant.
void refuse_donor(const model::ResolvedModel& model, const StudySpec& spec) {
  for (const auto& arm : model.experiment.arms) {
    if ((arm.name == spec.arm || arm.name == spec.control) && !arm.name.empty() && !arm.donor.empty())
      throw Error("E8201", "the arm '" + arm.name + "' starts in a donor's medium, which studies do not run")
          .at(arm.where)
          .help("choose another arm, or give the medium with set");
  }
}

/// Lays the study's draws over the models.
void add_draws(StudyPlan& plan, std::map<std::string, std::string>& texts) {
  const auto& spec = plan.spec;
  plan.draw_layers = draw_layers(spec, plan.models, texts, plan.fixed_values);
  if (plan.draw_layers.empty()) return;
  for (std::size_t f = 0; f < spec.fidelities.size(); ++f) {
    for (std::size_t c = 0; c < spec.contexts.size(); ++c) {
      const std::size_t k = f * spec.contexts.size() + c;
      plan.models[k] = load_base(spec, spec.fidelities[f], spec.contexts[c], &plan.draw_layers[k], &texts);
      if (!plan.models[k].resolved.cohort.variations.empty()) continue;
      throw Error("E8201", "nothing is drawn in the context '" + spec.contexts[c].name + "'")
          .at(spec.draws->where)
          .help("what an arm, the study or the context sets is not drawn: leave it out there");
    }
  }
}

/// Every draw of [study.draws] makes a model: without intervention, in the first context of each fidelity. In others
/// one that does not becomes a failed member.
void check_draws(const StudyPlan& plan) {
  if (!plan.spec.draws) return;
  const std::uint64_t n = std::min(plan.spec.draws->n.value_or(plan.spec.n_seeds), plan.spec.n_seeds);
  for (std::size_t f = 0; f < plan.spec.fidelities.size(); ++f) {
    for (std::uint64_t s = 0; s < n; ++s) {
      try {
        static_cast<void>(load_study_model(plan, {f, 0, 0, plan.spec.first_seed + s}));
      } catch (Error& error) {
        throw error.help(
            fmt::format("this is draw {} of the study: choose priors whose every draw makes a model", s + 1));
      }
    }
  }
}

/// The model of a variant in the setting and with the draw of a member.
model::ResolvedModel load_variant(const StudyPlan& plan, const StudyMember& member, const StudyVariant& variant,
                                  std::map<std::string, std::string>* sources) {
  auto options = load_options(plan.spec, plan.spec.fidelities[member.fidelity], plan.spec.contexts[member.context]);
  if (variant.kind == "control") options.arm = plan.spec.control;
  for (const std::size_t a : variant.actors) {
    const auto& contexts = plan.spec.actors[a].contexts;
    options.contexts.insert(options.contexts.end(), contexts.begin(), contexts.end());
  }
  if (!plan.draw_layers.empty()) options.layers.push_back(plan.draw_layers[plan.setting(member)]);
  for (auto& layer : layers_of(plan.spec, variant)) options.layers.push_back(std::move(layer));
  if (!plan.base(member).resolved.cohort.variations.empty()) options.patient = draw_of(plan.spec, member.seed);
  return model::load(plan.spec.experiment, options, mechanisms::catalogue(), sources);
}

/// All drugs and scaled values at once, without a timing.
StudyVariant all_layers(const StudySpec& spec) {
  StudyVariant all{"all drugs and scaled values", "check", {}, {}, "", {}};
  for (std::size_t a = 0; a < spec.actors.size(); ++a) {
    const auto& actor = spec.actors[a];
    if (!actor.drug && actor.scale.empty()) continue;
    all.actors.push_back(a);
    all.levels.push_back(actor.drug ? nan : actor.levels.front());
  }
  return all;
}

/// Loads what is not a mere knock-down: drugs, scaled values and the control, in every context. In all contexts but the
/// first the drugs and scaled values are loaded together, which is one model instead of one per drug; one by one where
/// that fails, to see who is at fault or whether only together they exclude each other. Returns the hashes of those of
/// the first context of each fidelity.
std::vector<std::string> check_layers(const StudyPlan& plan, std::map<std::string, std::string>& texts) {
  const auto& spec = plan.spec;
  const StudyVariant together = all_layers(spec);
  std::vector<std::string> hashes;
  const auto fits_together = [&](const StudyMember& member) {
    try {
      static_cast<void>(load_variant(plan, member, together, &texts));
      return true;
    } catch (const Error&) {
      return false;
    }
  };
  for (std::size_t f = 0; f < spec.fidelities.size(); ++f) {
    for (std::size_t c = 0; c < spec.contexts.size(); ++c) {
      const bool fits = c > 0 && fits_together({f, c, 0, spec.first_seed});
      std::set<std::vector<std::size_t>> seen;  // one level and timing of an actor is like another
      for (std::size_t v = 0; v < plan.variants.size(); ++v) {
        const auto& variant = plan.variants[v];
        if (variant.actors.size() > 1 || (variant.kind != "control" && only_knock_downs(spec, variant))) continue;
        if (c > 0 && ((fits && variant.kind != "control") || !seen.insert(variant.actors).second)) continue;
        try {
          const auto model = load_variant(plan, {f, c, v, spec.first_seed}, variant, &texts);
          if (c == 0) hashes.push_back(model.hash);
        } catch (Error& error) {
          throw error.help(fmt::format("this is '{}' in the context '{}'{}", variant.name, spec.contexts[c].name,
                                       c == 0 ? "" : "; with only_contexts it can be left out there"));
        }
      }
    }
  }
  return hashes;
}

/// Over all that decides what a member is; seeds may be added.
std::string hash_of(const StudyPlan& plan, const std::vector<std::string>& layer_hashes) {
  Hasher h;
  h.add(std::string_view("study 1"));
  for (const auto& model : plan.models) {
    h.add(model.hash);
    h.add(model.resolved.cohort.hash());
  }
  for (const auto& hash : layer_hashes) h.add(hash);
  for (const auto* settings : {&plan.spec.fidelities, &plan.spec.contexts}) {
    for (const auto& setting : *settings) h.add(setting.name);
  }
  for (const auto& v : plan.variants) {
    h.add(v.name);
    h.add(v.kind);
    for (std::size_t k = 0; k < v.actors.size(); ++k) {
      for (const auto& target : plan.spec.actors[v.actors[k]].knock_down) h.add(target.text);
      for (const auto& key : plan.spec.actors[v.actors[k]].scale) h.add(key.text);
      if (!std::isnan(v.levels[k])) h.add(v.levels[k]);
    }
    for (const auto& w : v.windows) {
      h.add(w.from);
      h.add(w.until);
    }
  }
  h.add(plan.spec.fork_at.value_or(-1.0));
  if (plan.spec.draws) {  // the draws themselves are in the hashes of the cohorts
    h.add(std::string_view("draws"));
    h.add(plan.spec.draws->n.value_or(0));
  }
  for (const auto& [name, unit] : plan.outcomes.columns) {
    h.add(name);
    h.add(unit);
  }
  for (const auto& outcome : plan.spec.outcomes) {
    for (const auto& leaf : model::leaves(outcome.table)) {
      const bool ranking_only =
          leaf.path == "weight" || leaf.path == "better" || leaf.path == "scale" || leaf.path == "spare";
      if (!ranking_only) h.add(leaf.path + "=" + leaf.text);
    }
  }
  return h.hex();
}

}  // namespace

std::vector<results::CatalogueVariant> StudyPlan::catalogue_variants() const {
  std::vector<results::CatalogueVariant> rows;
  for (const auto& v : variants) {
    results::CatalogueVariant row{v.name, v.kind, "", "", v.timing, nan};
    for (const std::size_t a : v.actors) {
      row.actors += (row.actors.empty() ? "" : " + ") + spec.actors[a].name;
      if (row.group.find(spec.actors[a].group) == std::string::npos || row.group.empty())
        row.group += (row.group.empty() ? "" : " + ") + spec.actors[a].group;
    }
    for (const double level : v.levels) row.level = std::isnan(row.level) ? level : std::max(row.level, level);
    rows.push_back(std::move(row));
  }
  return rows;
}

model::ResolvedModel load_study_model(const StudyPlan& plan, const StudyMember& member,
                                      std::map<std::string, std::string>* sources) {
  return load_variant(plan, member, plan.variants[member.variant], sources);
}

StudyModel study_model(const StudyPlan& plan, const StudyMember& member) {
  const StudyVariant& variant = plan.variants[member.variant];
  const auto& base = plan.base(member);
  const bool simple = variant.kind != "control" && only_knock_downs(plan.spec, variant);
  if (!simple || !base.resolved.cohort.variations.empty()) {
    auto model = load_study_model(plan, member);
    return {std::make_shared<engine::Description>(std::move(model.description)), model.hash};
  }
  // What loading would give, without reading the files again.
  auto description = std::make_shared<engine::Description>(base.description);
  for (std::size_t k = 0; k < variant.actors.size(); ++k) {
    for (const auto& target : plan.spec.actors[variant.actors[k]].knock_down) {
      for (const auto& window : variant.windows)
        description->interventions.push_back(
            {target.text, 1.0 - variant.levels[k], window.from, window.until, target.where});
    }
  }
  std::string hash = model::description_hash(*description);
  return {std::move(description), std::move(hash)};
}

fs::path default_folder(const StudyOptions& options) {
  std::string name = slug(fs::path(options.file).stem().string());
  if (!options.profile.empty()) name += "-" + slug(options.profile);
  return fs::path("out") / name;
}

StudyPlan plan_study(const StudyOptions& options, std::map<std::string, std::string>* sources) {
  StudyPlan plan;
  plan.options = options;
  std::map<std::string, std::string> own;
  auto& texts = sources ? *sources : own;
  plan.spec = read_study(options.file, options.profile, options.overrides, &texts);
  if (options.stage) {
    plan.spec = stage_spec(plan.spec, *options.stage);
  } else if (!plan.spec.stages.empty()) {
    throw Error("E8201", "the study runs in stages, one after the other")
        .at(plan.spec.stages.front().where)
        .help("run it with `senoma screen`, or choose a stage");
  }
  const auto study_texts = texts;  // errors about targets point into the study
  const auto with_texts = [&](auto&& work) {
    try {
      work();
    } catch (...) {
      texts.insert(study_texts.begin(), study_texts.end());
      throw;
    }
  };
  const auto& spec = plan.spec;
  double end = 1e300;
  std::vector<std::string> layer_hashes;
  with_texts([&] {
    for (const auto& fidelity : spec.fidelities) {
      for (const auto& context : spec.contexts) {
        plan.models.push_back(load_base(spec, fidelity, context, nullptr, &texts));
        end = std::min(end, plan.models.back().description.duration);
      }
    }
    add_draws(plan, texts);
    texts.insert(study_texts.begin(), study_texts.end());
    refuse_donor(plan.models.front(), spec);
    plan.variants = study_variants(spec, end);
    check_models(plan);
    check_draws(plan);
    layer_hashes = check_layers(plan, texts);
    plan.outcomes = plan_outcomes(spec, plan.models);
  });
  plan.title = spec.title.empty() ? plan.models.front().experiment.title : spec.title;
  if (options.stage) plan.title += ": " + spec.stages.at(options.stage->stage).name;
  plan.question = spec.question.empty() ? plan.models.front().experiment.question : spec.question;
  plan.hash = hash_of(plan, layer_hashes);
  for (std::size_t f = 0; f < spec.fidelities.size(); ++f) {
    for (std::size_t c = 0; c < spec.contexts.size(); ++c) {
      for (std::uint64_t s = 0; s < spec.n_seeds; ++s) {
        for (std::size_t v = 0; v < plan.variants.size(); ++v) plan.members.push_back({f, c, v, spec.first_seed + s});
      }
    }
  }
  plan.out = options.out;
  if (plan.out.empty()) plan.out = default_folder(options);
  return plan;
}

}  // namespace senoma::study
