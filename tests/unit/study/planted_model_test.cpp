// A planted truth in a model that is simulated: factor X keeps cells alive in one context and kills them in the other.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "engine/simulation.h"
#include "mechanisms/catalogue.h"
#include "model/load.h"
#include "study/sign_flips.h"

namespace senoma::study {
namespace {

constexpr std::size_t n_seeds = 8;

std::string tiny(const std::string& rules) {
  return R"TOML([model]
title = "Birth and death under a factor"
[domain]
size = ["600 um", "600 um"]
spacing = "200 um"
thickness = "20 um"
[time]
step = "2 h"
duration = "24 h"
[substrates.X]
diffusion = "1000 um^2/min"
initial = "1 nM"
[cell.cell]
volume = { target = "1000 um^3", rate = "1 1/h" }
mechanics = { repulsion = "0 um/min", adhesion = "0 um/min" }
cycle = { model = "live", duration = "40 h" }
hazard = { apoptosis = "0.02 1/h" }
[cell.cell.death.apoptosis]
duration = "1 h"
final_volume_fraction = 0.1
volume_rate = "1 1/h"
[[cell.cell.initial]]
pattern = "grid"
count = 80
spacing = "60 um"
[[cell.cell.rule]]
name = "X acts"
signal = "X concentration"
behaviour = "apoptosis"
half = "0.2 nM"
)TOML" + rules;
}

/// log2 of the final number of cells, from seeds first + 1 … first + n_seeds.
std::vector<double> growth(const std::string& text, const std::string& change, std::uint64_t first) {
  model::LoadOptions options;
  if (!change.empty()) options.overrides = {change};
  const auto d = std::make_shared<engine::Description>(
      model::load_text(text, "planted.toml", options, mechanisms::catalogue()).description);
  std::vector<double> values;
  for (std::uint64_t seed = first + 1; seed <= first + n_seeds; ++seed) {
    engine::Simulation simulation(d, seed, mechanisms::catalogue(), 1);
    for (int k = 0; k < 12; ++k) simulation.step();
    values.push_back(std::log2(static_cast<double>(simulation.world.cells.size())));
  }
  return values;
}

TEST(PlantedModel, Blocking_the_factor_helps_where_it_protects_the_cells_harms_where_it_kills_them_and_is_flagged) {
  const std::string protects = "direction = \"decreases\"\nsaturation = \"0 1/h\"\n",
                    kills = "direction = \"increases\"\nsaturation = \"0.06 1/h\"\n";
  const UnitResamples resamples(n_seeds, 1, 1000);
  std::vector<FlipCandidate> candidates{{"X", {}}, {"null 1", {}}, {"null 2", {}}, {"null 3", {}}};
  for (const auto& rules : {protects, kills}) {
    const std::string text = tiny(rules), context = rules == protects ? "protects" : "kills";
    const auto control = growth(text, "", 0);
    // Nulls perturb draws but no mean: other seeds of the same model.
    const std::vector<std::vector<double>> treated{growth(text, "substrates.X.initial=\"0 nM\"", 0),
                                                   growth(text, "", 100), growth(text, "", 200), growth(text, "", 300)};
    std::vector<Estimate> estimates;
    for (std::size_t t = 0; t < treated.size(); ++t) {
      candidates[t].situations.push_back(
          {context, "", paired_differences(control, treated[t])});  // fewer cells: better
      estimates.push_back(mean_estimate(candidates[t].situations.back().effect, resamples));
    }
    const auto ranked = rank_variants(estimates, 1, true);
    EXPECT_EQ((rules == protects ? ranked.front() : ranked.back()).variant, 0U) << context;
  }
  const auto flips = sign_flips(candidates, resamples);
  for (const auto& pair : flips.pairs) {
    EXPECT_EQ(pair.flagged, pair.candidate == 0) << candidates[pair.candidate].name << " q " << pair.q;
    if (pair.candidate == 0) {
      EXPECT_EQ(candidates[0].situations[pair.positive].context, "protects");
    }
  }
}

}  // namespace
}  // namespace senoma::study
