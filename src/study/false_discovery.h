// False-discovery rate of many tests at once: q-values, the least rate at which each is a discovery.
//
//   q of the k-th smallest of m p-values = min over j ≥ k of m p₍ⱼ₎ / j          Benjamini & Hochberg 1995, JRSS B
//   57:289 times Σ 1/j for any dependence between the tests                            Benjamini & Yekutieli 2001, Ann
//   Stat 29:1165
//
// Benjamini–Hochberg holds the rate for independent and positively dependent tests. Thread statement: re-entrant.
#pragma once

#include <span>
#include <vector>

namespace senoma::study {

enum class FalseDiscovery { benjamini_hochberg, benjamini_yekutieli };

/// q-values in the order of `p`, each at most 1. NaN p-values were not tested: their q is NaN and they do not count.
[[nodiscard]] std::vector<double> q_values(std::span<const double> p,
                                           FalseDiscovery method = FalseDiscovery::benjamini_hochberg);

}  // namespace senoma::study
