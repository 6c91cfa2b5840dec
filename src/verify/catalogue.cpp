#include "verify/catalogue.h"

#include <iterator>

namespace senoma::verify {

std::vector<Check> catalogue() {
  std::vector<Check> all;
  for (const auto& group :
       {field_checks, mechanics_checks, population_checks, pharmacology_checks, network_checks, boolean_checks,
        stochastic_checks, conformance_checks, community_checks, use_case_checks, reproducibility_checks}) {
    auto checks = group();
    all.insert(all.end(), std::make_move_iterator(checks.begin()), std::make_move_iterator(checks.end()));
  }
  return all;
}

}  // namespace senoma::verify
