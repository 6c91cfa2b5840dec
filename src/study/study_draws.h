// Parameter draws of a study: values that differ between replicates and are the same in every variant of a replicate,
// so that effects are paired by draw. They are a virtual cohort (model/cohort.h) laid over every setting of the study:
//   of = [patterns]      one variation per value that matches, from its prior in the model files
//   cohort = FILE        its [cohort]
//   posterior = FILE     lines of the file by weight
// Replicate s = 1, 2, … (seed first_seed + s − 1) has draw ((s − 1) mod n) + 1; n is the number of seeds by default.
// A study whose experiment has a cohort of its own has one draw per seed: the patient. Draws are the units of all
// statistics (unit_resamples.h). Pure functions; thread statement: re-entrant.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "study/study_plan.h"
#include "study/unit_resamples.h"

namespace senoma::study {

/// One layer per setting (fidelity × contexts + context) that adds the study's draws; empty without [study.draws].
/// `models`: those settings without draws. `fixed` receives the values without a prior that stay. Throws E8202 (no such
/// value), E8206 (no prior), E8201, E1218.
[[nodiscard]] std::vector<model::StudyLayer> draw_layers(const StudySpec& spec,
                                                         const std::vector<model::ResolvedModel>& models,
                                                         std::map<std::string, std::string>& sources,
                                                         std::vector<std::string>& fixed);

/// Whether replicates differ in parameters.
[[nodiscard]] bool has_draws(const StudyPlan& plan);
/// The patient that a seed of the study is: its draw.
[[nodiscard]] std::uint64_t draw_of(const StudySpec& spec, std::uint64_t seed);
/// Of all replicates, in their order.
[[nodiscard]] std::vector<std::uint32_t> draws_of_replicates(const StudySpec& spec);
/// The resamples of the study's replicates: units are draws, or seeds without draws.
[[nodiscard]] UnitResamples study_resamples(const StudyPlan& plan);

/// A drawn value of one setting in every unit of the resamples.
struct DrawnValue {
  std::string name, unit;  ///< key path, or the variation's name in a cohort file
  std::vector<double> values;
};
[[nodiscard]] std::vector<DrawnValue> drawn_values(const StudyPlan& plan, std::size_t fidelity, std::size_t context);

/// What is drawn, in words: "priors", "posterior", "cohort".
[[nodiscard]] std::string draw_source(const StudySpec& spec);

/// draw,key,value,unit,fidelity,context: the last two are empty where all settings have the same value. "" without
/// draws.
[[nodiscard]] std::string draws_csv(const StudyPlan& plan);

}  // namespace senoma::study
