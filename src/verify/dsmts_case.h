// One case of the discrete stochastic models test suite (Evans et al. 2008, Bioinformatics 24:285): a folder with the
// model, its settings and a table of exact means and standard deviations. With n runs, sample mean m and deviation s,
// √n (m − μ)/σ must lie in meanRange and √(n/2) (s²/σ² − 1) in sdRange; where σ = 0, m = μ and s = 0.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "verify/check.h"

namespace senoma::verify {

struct DsmtsResult {
  std::uint64_t runs = 0;
  double jumps = 0.0;  ///< per run
  double worst_mean = 0.0, worst_deviation = 0.0;
  int points = 0, outside = 0;
  std::string problem;  ///< why it could not be compared
};

/// Throws what reading and simulating throw.
[[nodiscard]] DsmtsResult run_dsmts_case(const std::filesystem::path& folder, const std::string& id, std::uint64_t runs,
                                         std::uint64_t seed, const Context& context);

}  // namespace senoma::verify
