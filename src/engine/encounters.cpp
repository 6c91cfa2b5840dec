#include "engine/encounters.h"

#include <algorithm>
#include <cmath>

#include "base/math.h"
#include "base/order_free_sum.h"
#include "mechanics/mean_field.h"

namespace senoma::engine {

Encounters::Encounters(const Simulation& sim)
    : reach_(sim.world.cells.size()),
      measure_(mechanics::measure_of(sim.description->domain.geometry)),
      two_dimensional_(sim.description->domain.geometry.two_dimensional) {
  const auto& radius = sim.world.cells.values[state::col_radius];
  for (std::size_t i = 0; i < reach_.size(); ++i) reach_[i] = sim.description->motion.adhesion_range * radius[i];
}

Encounters::Moments Encounters::moments(const std::function<double(std::size_t)>& weight) const {
  std::array<std::vector<double>, 4> terms;
  for (std::size_t i = 0; i < reach_.size(); ++i) {
    double term = weight(i);
    if (term == 0.0) continue;
    for (std::size_t k = 0; k < (two_dimensional_ ? 3U : 4U); ++k, term *= reach_[i]) terms[k].push_back(term);
  }
  Moments result{};
  for (std::size_t k = 0; k < 4; ++k) result[k] = order_free_sum(terms[k]);
  return result;
}

double Encounters::expected(const Moments& m, std::size_t i, double own) const {
  const double r = reach_[i];
  const double all = two_dimensional_ ? math::pi * ((m[0] * r + 2.0 * m[1]) * r + m[2])
                                      : 4.0 / 3.0 * math::pi * (((m[0] * r + 3.0 * m[1]) * r + 3.0 * m[2]) * r + m[3]);
  const double others = all / measure_ - own * chance(i, i);
  // A cell alone: what is left of its own term is round-off.
  return std::abs(others) < 1e-12 * std::abs(all / measure_) ? 0.0 : others;
}

double Encounters::chance(std::size_t i, std::size_t j) const {
  return mechanics::touching_chance(reach_[i], reach_[j], measure_, two_dimensional_);
}

void Simulation::sense_encounters() {
  const auto& cells = world.cells;
  const Encounters encounters(*this);
  const auto fill = [&](int index, const auto& counts) {
    if (index < 0) return;
    auto& column = values.scratch[static_cast<std::size_t>(index)];
    const auto moments = encounters.moments([&](std::size_t i) { return counts(i) ? 1.0 : 0.0; });
    for (std::size_t i = 0; i < cells.size(); ++i) column[i] = encounters.expected(moments, i, counts(i) ? 1.0 : 0.0);
  };
  const auto& p = perceived_cells;
  fill(p.neighbours, [](std::size_t) { return true; });
  for (std::size_t t = 0; t < types.size(); ++t)
    fill(p.neighbours_of_type[t], [&](std::size_t i) { return cells.type[i] == t; });
  for (std::uint32_t k = 0; k < p.states.size(); ++k)
    fill(p.states[k].neighbours, [&](std::size_t i) { return p.label[cells.type[i]][cells.cell_state[i]] == k; });
}

/// A sum is its expectation. A mean over those touched is the mean over all, each by its chance, times the chance that
/// anyone is touched (Poisson), as it is 0 without.
void Simulation::mix_contact_signals(const std::vector<Column<double>>& seen) {
  const auto& cells = world.cells;
  const Encounters encounters(*this);
  for (std::size_t k = 0; k < contact_signals.size(); ++k) {
    const auto& signal = contact_signals[k];
    const auto counts = [&](std::size_t j) { return signal.counts[cells.type[j]][cells.cell_state[j]]; };
    const auto value = [&](std::size_t j) { return counts(j) ? seen[k][j] : 0.0; };
    const auto weight = [&](std::size_t j) { return counts(j) ? 1.0 : 0.0; };
    const auto values_seen = encounters.moments(value);
    const auto numbers = signal.spec->mean ? encounters.moments(weight) : Encounters::Moments{};
    auto& column = values.scratch[signal.scratch];
    for (const std::uint32_t i : cells_of_type[signal.type]) {
      column[i] = encounters.expected(values_seen, i, value(i));
      if (!signal.spec->mean) continue;
      const double number = encounters.expected(numbers, i, weight(i));
      column[i] = number > 0.0 ? column[i] / number * (1.0 - math::exp(-number)) : 0.0;
    }
  }
}

void Simulation::crowd() {
  auto& cells = world.cells;
  const bool flat = description->domain.geometry.two_dimensional;
  std::vector<double> covered(cells.size());
  for (std::size_t i = 0; i < covered.size(); ++i)
    covered[i] = mechanics::measure_of_cell(cells.values[state::col_radius][i], flat);
  const double fraction = order_free_sum(covered) / mechanics::measure_of(description->domain.geometry);
  auto& pressure = cells.values[state::col_pressure];
  std::fill(pressure.begin(), pressure.end(), mechanics::packed_pressure(fraction, flat));
}

}  // namespace senoma::engine
