// A virtual cohort: parameters that differ from patient to patient.
//   [cohort]
//   seed = 1                                            # another seed: other patients
//   [cohort.vary.NAME]
//   key = "network.melanoma.parameters.k_x"             # or keys = [ … ]: all get the one draw
//   distribution = "lognormal(0.3 1/h, 0.4)"            # a bare number is in `unit`
//   source = "…"   grade = "…"
//   posterior = "posterior.csv"                         # of [cohort]: draws of a calibration, by weight (posterior.h)
// Distributions: lognormal(median, sigma of ln), uniform(a, b), loguniform(a, b), normal(mean, sd),
// choice(a, b, …; p, q, …) with probabilities that sum to 1 (without: all alike).
// One draw per patient and NAME, a function of (cohort seed, patient, hash of NAME) alone; the patient is the seed of
// the run, so that all arms of an experiment have the same patients. A key that the arm or the command line sets is not
// drawn. A posterior is one variation per column, all with one random number, so that the values of a line stay
// together. Threads: free of global state.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/value.h"

namespace senoma::model {

struct Distribution {
  enum class Kind { lognormal, uniform, loguniform, normal, choice, weighted };
  Kind kind = Kind::uniform;
  double a = 0, b = 0;  ///< the two arguments; in `unit`, sigma of ln without one
  /// Of a choice and of weighted draws; values in `unit`. Weights (≥ 0) need not sum to 1.
  std::vector<double> values, probabilities;
  std::string unit;  ///< empty: dimensionless
};

/// Throws E1217 with the place in the file. `unit` is that of bare numbers.
[[nodiscard]] Distribution parse_distribution(const Value& text, const std::string& unit);

struct Variation {
  std::string name;
  std::vector<std::string> keys;
  Distribution distribution;
  std::string text, source, grade;  ///< text: the distribution as written
  SourcePosition where;             ///< of the distribution
  std::string common = {};          ///< variations that name the same one share their random number; empty: own
};

struct Cohort {
  std::uint64_t seed = 1;
  std::vector<Variation> variations;

  /// Over all that decides the draws; "" for no cohort.
  [[nodiscard]] std::string hash() const;
};

struct Draw {
  std::string name, unit;
  double value = 0;  ///< in `unit`

  [[nodiscard]] std::string text() const;  ///< "0.31 1/h"
};

/// The value of one variation for one patient.
[[nodiscard]] Draw draw(const Cohort& cohort, const Variation& variation, std::uint64_t patient);

/// [cohort] of the tree without the keys that an arm or the command line sets, which are taken out of the tree too.
/// `cohort.posterior` must be a list of lines. Throws E1217, E1218.
[[nodiscard]] Cohort settle_cohort(Value& root);

/// Puts the patient's values into the tree, layer "cohort", and takes [cohort] out. Throws E1110 for keys that run
/// through no table.
[[nodiscard]] std::vector<Draw> apply_patient(Value& root, const Cohort& cohort, std::uint64_t patient);

}  // namespace senoma::model
