// A made-up screen with a planted truth: blocking IL-6 delays relapse in one context and hastens it in another, CCL2
// helps everywhere, all others do nothing on average.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "made_up_effects.h"
#include "study/screen_figures.h"

namespace senoma::study::sample {

inline constexpr double horizon = 60;  // d
inline const std::vector<std::string> contexts{"T cells present", "T cells absent", "wild-type PTEN", "PTEN lost"};
inline const std::vector<std::string> targets{"IL-6",  "CCL2", "IL-8",  "CXCL1", "GM-CSF", "VEGF-A",
                                              "MMP-1", "TNF",  "TGF-β", "IGF-1", "HGF",    "IL-1α"};

/// Days that blocking a target delays relapse, in truth.
inline double truth(std::size_t target, std::size_t context) {
  if (target == 0) return context == 0 ? 10 : context == 1 ? -10 : 0;
  return target == 1 ? 4 : 0;
}

/// Days to relapse of every seed without intervention, and with each target blocked. Seeds are common: what differs
/// between them is shared by all variants.
struct Screen {
  std::vector<std::vector<double>> control;               ///< [context][seed]
  std::vector<std::vector<std::vector<double>>> treated;  ///< [target][context][seed]
};
inline Screen screen(std::uint64_t study, std::size_t n_seeds) {
  Screen all;
  for (std::size_t c = 0; c < contexts.size(); ++c) {
    const auto tumour = made_up::normals(500 + study, c, n_seeds, 38 - 3 * static_cast<double>(c), 6);
    const auto noisy = [&](std::uint64_t member, double delay) {
      auto days = made_up::normals(700 + study, 100 * c + member, n_seeds, delay, 3);
      for (std::size_t s = 0; s < n_seeds; ++s) days[s] = std::clamp(days[s] + tumour[s], 0.0, horizon);
      return days;
    };
    all.control.push_back(noisy(99, 0));
    all.treated.resize(targets.size());
    for (std::size_t t = 0; t < targets.size(); ++t) all.treated[t].push_back(noisy(t, truth(t, c)));
  }
  return all;
}

inline std::vector<FlipCandidate> candidates(const Screen& all) {
  std::vector<FlipCandidate> list;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    FlipCandidate candidate{targets[t], {}};
    for (std::size_t c = 0; c < contexts.size(); ++c)
      candidate.situations.push_back({contexts[c], "", paired_differences(all.treated[t][c], all.control[c])});
    list.push_back(std::move(candidate));
  }
  return list;
}

/// Targets of one context from the best to the worst.
inline std::vector<Ranked> ranking(const Screen& all, std::size_t context, const UnitResamples& resamples,
                                   std::size_t k) {
  std::vector<Estimate> estimates;
  for (const auto& treated : all.treated)
    estimates.push_back(mean_estimate(paired_differences(treated[context], all.control[context]), resamples));
  return rank_variants(estimates, k, true);
}

inline std::vector<FollowUp> follow_up(const std::vector<double>& days) {
  std::vector<FollowUp> list;
  for (const double d : days) list.push_back({d, d < horizon});
  return list;
}

}  // namespace senoma::study::sample
