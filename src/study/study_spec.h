// What a study file says: an arm of an experiment, varied by targets, drugs and pairs of them, in contexts, at
// fidelities, over seeds. Every text keeps its place in the file, for errors once the experiment is loaded.
//   [study]               experiment, profile, arm, control, contexts, seeds, levels, fork_at, keep, best, set, add
//   [study.draws]         of, cohort or posterior; n, seed, without_prior
//   [study.time]          named times that timings refer to
//   [[study.fidelity]]    name, profile, contexts, set, add
//   [[study.context]]     name, label, contexts, set, add
//   [[study.target]]      name, group, knock_down, scale, levels
//   [[study.drug]]        name, group, files, contexts, set, add
//   [[study.timing]]      name, reference, start, stop, pulse, every
//   [[study.pair]]        of, level, timing
//   [[study.group]]       name, of, level, timing
//   [[study.path]]        name, of, level, timing
//   [[study.stage]]       name, fidelity, seeds, levels, only_contexts, only_timings, keep, always, pairs, pair_timing,
//                         groups, mechanism; see study_stage.h
//   [[study.outcome]]     name, readout, at or statistic …, better, weight, scale; or the name of an outcome that every
//                         study has, with better and weight
// Pure functions; thread statement: re-entrant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/document.h"

namespace senoma::study {

/// A text and its place in the study file.
struct Named {
  std::string text;
  SourcePosition where;
};

/// A fidelity or a context: how the experiment is loaded for it.
struct StudySetting {
  std::string name, label, profile;
  std::vector<std::string> contexts;
  model::StudyLayer layer;
  SourcePosition where;
};

/// A target or a drug.
struct StudyActor {
  bool drug = false;
  std::string name, group;
  std::vector<Named> knock_down;
  std::vector<Named> scale;           ///< key paths
  std::vector<double> levels;         ///< of a target: fractions removed, in the order of the file
  bool own_levels = false;            ///< not the study's
  std::vector<std::string> contexts;  ///< of a drug
  model::StudyLayer layer;            ///< of a drug
  SourcePosition where;
};

struct StudyTiming {
  std::string name;
  double start = 0;  ///< min since the start of the run, the reference included
  std::optional<double> stop, pulse, every;
  SourcePosition where;

  struct Window {
    double from = 0, until = 1e300;  ///< min
  };
  /// When the target is weakened: one window, or one per pulse up to `end` (the run's).
  [[nodiscard]] std::vector<Window> windows(double end) const;
};

/// All pairs of some actors, or, as a group (with a name), all subsets of them.
struct StudyPair {
  std::string name;
  std::vector<Named> of;
  std::optional<double> level;
  std::optional<Named> timing;
  SourcePosition where;
  bool derived = false;  ///< of a path or a stage: left out where another pair is the same
};

/// A target and what its effect may pass through, in the order of the path.
struct StudyPath {
  std::string name;
  std::vector<Named> of;
  std::optional<double> level;
  std::optional<Named> timing;
  SourcePosition where;
};

/// A study of its own with those actors that the stage before kept.
struct StudyStage {
  std::string name;
  std::optional<Named> fidelity;
  std::optional<std::uint64_t> n_seeds;
  std::vector<double> levels;                      ///< empty: the study's
  std::vector<Named> only_contexts, only_timings;  ///< empty: all
  std::optional<std::size_t> keep;                 ///< of every stage but the last
  std::vector<Named> always;                       ///< go on in any case
  std::optional<bool> pairs;                       ///< all or none; not given: the study's
  bool groups = true;                              ///< those of the study, as far as they came in
  std::optional<Named> pair_timing;
  bool all_paths = false;
  std::vector<Named> paths_of;  ///< targets whose paths are run
  SourcePosition where;
};

struct StudyOutcome {
  Named name;
  model::Value table;  ///< as written, for the measure
  bool measured = false;
  bool higher_is_better = false;
  bool spare = false;  ///< only a loss counts in the score
  double weight = 0, scale = 1;
};

/// Which values differ between replicates, and from where they are drawn (study_draws.h).
struct StudyDraws {
  std::vector<Named> of;              ///< patterns of key paths; or
  std::optional<Named> cohort;        ///< a file, resolved; or
  std::optional<Named> posterior;     ///< a file, resolved
  std::optional<std::uint64_t> n;     ///< none: one draw per seed
  std::optional<std::uint64_t> seed;  ///< of the cohort
  bool fixed_without_prior = false;   ///< a matching value without prior stays as it is
  SourcePosition where;
};

struct StudySpec {
  std::string file, title, question, experiment, arm, control;
  std::uint64_t first_seed = 1, n_seeds = 8;
  std::optional<double> fork_at;  ///< min
  bool keep_folders = false;
  std::size_t best = 5;
  std::optional<StudyDraws> draws;
  StudySetting base;                               ///< of every member
  std::vector<StudySetting> fidelities, contexts;  ///< at least one each
  std::vector<StudyActor> actors;
  std::vector<StudyTiming> timings;  ///< at least one
  std::vector<StudyPair> pairs, groups;
  std::vector<StudyPath> paths;
  std::vector<StudyStage> stages;  ///< none: all at once
  std::vector<StudyOutcome> outcomes;
};

/// Throws the errors of model::compose and model::validate for the file, E8201 and E8202. `sources` as in model::load.
[[nodiscard]] StudySpec read_study(const std::string& file, const std::string& profile,
                                   const std::vector<std::string>& overrides,
                                   std::map<std::string, std::string>* sources = nullptr);

/// E8202: the study has no such thing; the nearest and all.
[[nodiscard]] Error unknown_in_study(const std::string& what, const Named& name, const std::vector<std::string>& names);

}  // namespace senoma::study
