// Populations against theory: birth–death mean and variance, and phase fractions of cycles at steady exponential
// growth.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "../../unit/mechanisms/models.h"

namespace senoma {
namespace {

using engine::CyclePhase;
using test::hour;
using test::simulate;

/// Cells that neither push nor are removed early, so that only fates count.
engine::Description dividing(std::vector<CyclePhase> cycle, double death, double dt, std::size_t count) {
  auto d = test::world(4, dt);
  auto type = test::cell_type("cell");
  type.cycle = std::move(cycle);
  type.parameters["hazard.apoptosis"] = death;
  type.deaths = {{"apoptosis", 60, 0.1, 0.01}};
  type.initial = {test::at({count, {0.0, 0.0, 0.0}})};
  d.cell_types = {type};
  d.domain.edge = mechanics::EdgeRule::open;
  d.motion.max_substep = 1e3;
  return d;
}

/// Steps with the cells set apart anew each time: without forces colonies would pile up on one spot.
void step_apart(engine::Simulation& s) {
  auto& x = s.world.cells.values[state::col_x];
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 30.0 * static_cast<double>(i);
  s.step();
}

TEST(Populations, Birth_and_death_have_the_mean_and_variance_of_the_linear_process) {
  // N(t) from one cell: mean e^((b−d)t), variance (b+d)/(b−d)·m·(m−1) (Bailey 1964). 2000 founders are 2000 runs.
  const double b = 0.00072 * 4, death = 0.0008, t = 600.0;
  const double m = std::exp((b - death) * t), variance = (b + death) / (b - death) * m * (m - 1);
  std::printf("  dt/min      mean  (theory)  variance  (theory)\n");
  for (const double dt : {6.0, 30.0, 60.0}) {
    auto live = test::phase("live", 1 / b);
    live.divides = true;
    auto s = simulate(dividing({live}, death, dt, 2000), 5);
    std::map<std::uint64_t, double> founders;
    for (const auto id : s->world.cells.id) founders[id] = 0;
    while (s->world.time() < t - 1e-9) step_apart(*s);
    for (std::size_t i = 0; i < s->world.cells.size(); ++i) {
      if (!s->dying(i)) founders[s->world.cells.founder[i]] += 1;
    }
    double mean = 0, square = 0;
    for (const auto& [id, n] : founders) mean += n / 2000, square += n * n / 2000;
    std::printf("  %6.0f  %8.4f  %8.4f  %8.4f  %8.4f\n", dt, mean, m, square - mean * mean, variance);
    EXPECT_NEAR(mean, m, 3.5 * std::sqrt(variance / 2000));
    EXPECT_NEAR(square - mean * mean, variance, 0.2 * variance);
  }
}

/// Shares of the phases at steady exponential growth when each lasts an exponential time of rate r_k: with growth rate
/// g (the root of Π r_k/(r_k + g) = 1/2), n_0 ∝ 2 r_last n_last/(r_0 + g) and n_k = r_(k−1) n_(k−1)/(r_k + g).
std::vector<double> exponential_shares(const std::vector<CyclePhase>& cycle) {
  double low = 0, high = 1;
  for (int i = 0; i < 200; ++i) {
    const double g = 0.5 * (low + high);
    double product = 2;
    for (const auto& p : cycle) product *= 1 / (1 + g * p.duration);
    (product > 1 ? low : high) = g;
  }
  std::vector<double> n{1.0};
  for (std::size_t k = 1; k < cycle.size(); ++k)
    n.push_back(n.back() / cycle[k - 1].duration / (1 / cycle[k].duration + low));
  double sum = 0;
  for (const double x : n) sum += x;
  for (double& x : n) x /= sum;
  return n;
}

/// With exact durations the age density is 2 ln2/T · 2^(−a/T): a share between ages a and b is 2(2^(−a/T) − 2^(−b/T)).
std::vector<double> fixed_shares(const std::vector<CyclePhase>& cycle) {
  double total = 0, age = 0;
  for (const auto& p : cycle) total += p.duration;
  std::vector<double> n;
  for (const auto& p : cycle) {
    n.push_back(2 * (std::exp2(-age / total) - std::exp2(-(age + p.duration) / total)));
    age += p.duration;
  }
  return n;
}

/// Shares averaged over one cycle at the end of a run of several cycles, so that the start's synchrony is forgotten.
std::vector<double> measured_shares(const std::vector<CyclePhase>& cycle, double until, std::size_t founders) {
  auto s = simulate(dividing(cycle, 0.0, 30.0, founders), 11);
  while (s->world.time() < until) step_apart(*s);
  std::vector<double> n(cycle.size());
  for (const auto p : s->world.cells.phase) n[p] += 1 / static_cast<double>(s->world.cells.size());
  return n;
}

TEST(Populations, Exponential_phases_have_their_steady_fractions) {
  using Cycle = std::vector<CyclePhase>;
  Cycle basic = {test::phase("Ki67-", 4.59 * hour), test::phase("Ki67+", 15.5 * hour)};
  basic[1].divides = true;
  Cycle flow = {test::phase("G0/G1", 5 * hour), test::phase("S", 8 * hour), test::phase("G2", 4 * hour),
                test::phase("M", 1 * hour)};
  flow[3].divides = true;
  for (const auto& cycle : {basic, flow}) {
    const auto theory = exponential_shares(cycle), n = measured_shares(cycle, 60 * hour, 600);
    for (std::size_t k = 0; k < cycle.size(); ++k) {
      std::printf("  %-8s %.4f (theory %.4f)\n", cycle[k].name.c_str(), n[k], theory[k]);
      EXPECT_NEAR(n[k], theory[k], 0.03);
    }
  }
}

TEST(Populations, Fixed_phases_have_the_shares_of_the_exponential_age_distribution) {
  std::vector<CyclePhase> cycle = {
      test::phase("G0/G1", 7 * hour, CyclePhase::Exit::normal), test::phase("S", 6 * hour, CyclePhase::Exit::normal),
      test::phase("G2", 3 * hour, CyclePhase::Exit::normal), test::phase("M", 2 * hour, CyclePhase::Exit::normal)};
  for (auto& p : cycle) p.cv = 0.25;  // a spread lets the start be forgotten; it moves the shares by less than 0.01
  cycle[3].divides = true;
  const auto theory = fixed_shares(cycle), n = measured_shares(cycle, 90 * hour, 300);
  for (std::size_t k = 0; k < cycle.size(); ++k) {
    std::printf("  %-8s %.4f (theory %.4f)\n", cycle[k].name.c_str(), n[k], theory[k]);
    EXPECT_NEAR(n[k], theory[k], 0.04);
  }
}

}  // namespace
}  // namespace senoma
