// The variants of a study: no intervention, the control, every target at every level and timing, the drugs, the pairs;
// and what each lays over the arm. Used by study_plan.cpp only. Pure functions; thread statement: re-entrant.
#pragma once

#include <vector>

#include "study/study_plan.h"

namespace senoma::study {

/// `end`: of the shortest run, min. Throws E8201 (timings, names), E8202.
[[nodiscard]] std::vector<StudyVariant> study_variants(const StudySpec& spec, double end);

/// The one with the actors, levels and timing of another, whatever their order and its name.
[[nodiscard]] std::optional<std::size_t> find_variant(const std::vector<StudyVariant>& variants,
                                                      const StudyVariant& like);

/// Files, scaled values and interventions, in the order of the actors.
[[nodiscard]] std::vector<model::StudyLayer> layers_of(const StudySpec& spec, const StudyVariant& variant);

/// Every knock-down of the study at once, one intervention each: to see whether all targets are there.
[[nodiscard]] model::StudyLayer layer_of_all(const StudySpec& spec);

/// Whether the variant only adds interventions to the model.
[[nodiscard]] bool only_knock_downs(const StudySpec& spec, const StudyVariant& variant);

}  // namespace senoma::study
