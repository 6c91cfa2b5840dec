// Stages of a study: screen wide in the first, confirm the best in the next. Each is a study of its own, with those
// actors that the stage before kept, its own fidelity, levels, contexts and timings, and fresh seeds: a winner owes
// part of its place to luck with the seeds it won with, and must show its effect with others.
//   [[study.stage]]   name, fidelity, seeds, levels, only_contexts, only_timings, keep, always, pairs, pair_timing,
//                     groups, mechanism
//   [[study.path]]    name, of, level, timing: a target and what its effect may pass through (mechanism.h)
// What runs the stages is study_stages.h. Pure functions; thread statement: re-entrant.
#pragma once

#include <string>
#include <vector>

#include "study/study_spec.h"

namespace senoma::model {
class Cursor;
}

namespace senoma::study {

/// One stage of a study, once it is known what came in.
struct StageChoice {
  std::size_t stage = 0;
  std::vector<std::string> actors;  ///< names of targets and drugs
  bool check_only = false;          ///< without pairs but those of paths, to look for errors
};

/// Reads [[study.path]] and [[study.stage]] of the table `study`. Throws E8201, E8202; names are looked up among all of
/// the file, before a profile takes some away.
void read_stages(const model::Cursor& study, StudySpec& spec);

/// Whether every stage has what it needs, in the study as its profile leaves it. Throws E8201, E8202.
void check_stages(const StudySpec& spec);

/// The study of one stage: its actors in the order of the file, with those that the paths it runs need; its seeds after
/// those of all earlier stages. Throws E8201, E8202 (add_path_pairs).
[[nodiscard]] StudySpec stage_spec(const StudySpec& spec, const StageChoice& choice);

/// The pairs that tell what a path carries: its target with each of the others. Throws E8201 for a level that one of
/// them does not have alone.
void add_path_pairs(StudySpec& spec, const std::vector<StudyPath>& paths);

/// Seeds of a stage.
[[nodiscard]] std::uint64_t seeds_of(const StudySpec& spec, const StudyStage& stage);

}  // namespace senoma::study
