// Every check, group by group. A group is one .cpp; its function is listed here and in catalogue.cpp, nowhere else.
#pragma once

#include <vector>

#include "verify/check.h"

namespace senoma::verify {

[[nodiscard]] std::vector<Check> catalogue();

[[nodiscard]] std::vector<Check> field_checks();
[[nodiscard]] std::vector<Check> mechanics_checks();
[[nodiscard]] std::vector<Check> population_checks();
[[nodiscard]] std::vector<Check> pharmacology_checks();
[[nodiscard]] std::vector<Check> network_checks();
[[nodiscard]] std::vector<Check> boolean_checks();
[[nodiscard]] std::vector<Check> stochastic_checks();
[[nodiscard]] std::vector<Check> conformance_checks();
[[nodiscard]] std::vector<Check> community_checks();  ///< unit tests of the PerMedCoE community
[[nodiscard]] std::vector<Check> use_case_checks();   ///< and its use cases
[[nodiscard]] std::vector<Check> reproducibility_checks();

}  // namespace senoma::verify
