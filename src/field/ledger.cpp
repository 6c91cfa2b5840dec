#include "field/ledger.h"

#include <algorithm>
#include <cmath>

namespace senoma::field {

namespace {

template <class Body>
SignedSums sum_natural(const ImplicitSystem& system, const Body& body) {
  const Stencil& s = system.stencil();
  const auto n_x = static_cast<std::size_t>(s.layout.n[0]);
  return sum_rows_as<SignedSums>(
      s, system.executor(), [&](std::size_t first, std::size_t end) { return body(first * n_x, (end - first) * n_x); });
}

SignedSums rate_of(const Exchange& e, double mean) {
  const double rate = e.inflow - e.conductance * mean;
  return {rate, std::abs(rate)};
}

// What the fixed voxels gave: their change of content less what they exchanged other than with free neighbours, plus
// what flowed to those.
double from_fixed_voxels(const Coefficients& k, const ImplicitSystem& system, double dt, double before_in_fixed,
                         std::span<const double> mean, std::span<const double> saturated) {
  double given = 0.0;
  for (std::size_t f = 0; f < k.fixed_voxels.size(); ++f) {
    const std::uint32_t v = k.fixed_voxels[f];
    const double uptake = k.uptake.empty() ? 0.0 : k.uptake[v], source = k.source.empty() ? 0.0 : k.source[v];
    const double drawn = (k.decay + uptake) * mean[v] + (saturated.empty() ? 0.0 : saturated[v]);
    given += k.fixed_values[f] - dt * (source - drawn);
  }
  for (const Exchange& e : system.face_exchanges()) {
    if (std::binary_search(k.fixed_voxels.begin(), k.fixed_voxels.end(), e.voxel))
      given -= dt * rate_of(e, mean[e.voxel]).plain;
  }
  for (const Exchange& e : system.fixed_links()) given += dt * rate_of(e, mean[e.voxel]).plain;
  return given - before_in_fixed;
}

}  // namespace

double Ledger::closing_error() const {
  const double change = content_after - content_before;
  const double exchanged = released - taken_up - decayed + through_faces + from_fixed + steady_adjustment;
  return gross > 0.0 ? std::abs(change - exchanged) / gross : std::abs(change - exchanged);
}

double content(const grid::Geometry& geometry, std::span<const double> rho, const ImplicitSystem& system) {
  return geometry.voxel_volume() *
         sum_natural(system, [&](std::size_t at, std::size_t n) { return plain_sums(rho.data() + at, n); }).plain;
}

Ledger close_ledger(const grid::Geometry& geometry, const Coefficients& k, const ImplicitSystem& system, double dt,
                    bool quasi_steady, double content_before, double before_in_fixed, std::span<const double> mean,
                    std::span<const double> saturated, std::span<double> rho) {
  const double volume = geometry.voxel_volume(), per_step = volume * dt;
  SignedSums released, taken_up, mean_sum, faces;
  if (!k.source.empty()) {
    released = sum_natural(system, [&](std::size_t at, std::size_t n) { return plain_sums(k.source.data() + at, n); });
  }
  if (!k.uptake.empty()) {
    taken_up = sum_natural(system, [&](std::size_t at, std::size_t n) {
      const double taken = dot(k.uptake.data() + at, mean.data() + at, n);
      return SignedSums{taken, std::abs(taken)};
    });
  }
  if (!saturated.empty()) {
    taken_up +=
        sum_natural(system, [&](std::size_t at, std::size_t n) { return plain_sums(saturated.data() + at, n); });
  }
  if (k.decay > 0.0)
    mean_sum = sum_natural(system, [&](std::size_t at, std::size_t n) { return plain_sums(mean.data() + at, n); });
  for (const Exchange& e : system.face_exchanges()) faces += rate_of(e, mean[e.voxel]);

  Ledger ledger;
  ledger.content_before = content_before;
  ledger.released = per_step * released.plain;
  ledger.taken_up = per_step * taken_up.plain;
  ledger.decayed = per_step * k.decay * mean_sum.plain;
  ledger.through_faces = per_step * faces.plain;
  if (!k.fixed_voxels.empty())
    ledger.from_fixed = volume * from_fixed_voxels(k, system, dt, before_in_fixed, mean, saturated);
  const double exchanged =
      ledger.released - ledger.taken_up - ledger.decayed + ledger.through_faces + ledger.from_fixed;
  ledger.gross = std::abs(content_before) +
                 per_step * (released.absolute + taken_up.absolute + k.decay * mean_sum.absolute + faces.absolute) +
                 std::abs(ledger.from_fixed);

  const SignedSums after =
      sum_natural(system, [&](std::size_t at, std::size_t n) { return plain_sums(rho.data() + at, n); });
  ledger.content_after = volume * after.plain;
  if (quasi_steady) {
    ledger.steady_adjustment = ledger.content_after - content_before - exchanged;
    return ledger;
  }
  double free_magnitude = after.absolute;
  for (const double value : k.fixed_values) free_magnitude -= std::abs(value);
  if (free_magnitude > 0.0 && free_magnitude > 1e-12 * after.absolute) {
    const double weight = ((content_before + exchanged) / volume - after.plain) / free_magnitude;
    for_rows(system.stencil(), system.executor(), [&](std::size_t first, std::size_t end) {
      const auto n_x = static_cast<std::size_t>(geometry.n[0]);
      scale_by_magnitude(weight, rho.data() + first * n_x, (end - first) * n_x);
    });
    for (std::size_t f = 0; f < k.fixed_voxels.size(); ++f) rho[k.fixed_voxels[f]] = k.fixed_values[f];
    ledger.content_after = content(geometry, rho, system);
  }
  return ledger;
}

void tell_losses_apart(const grid::Geometry& geometry, const Coefficients& k, const ImplicitSystem& system, double dt,
                       std::span<const double> mean_free, Ledger& ledger) {
  SignedSums taken;
  if (!k.uptake.empty()) {
    taken = sum_natural(system, [&](std::size_t at, std::size_t n) {
      return SignedSums{dot(k.uptake.data() + at, mean_free.data() + at, n), 0.0};
    });
  }
  const double lost = ledger.taken_up + ledger.decayed;
  ledger.taken_up = geometry.voxel_volume() * dt * taken.plain;
  ledger.decayed = lost - ledger.taken_up;
}

}  // namespace senoma::field
