#include "pharm/binding.h"

#include <algorithm>

#include "pharm/effects.h"

namespace senoma::pharm {

namespace {

/// The total that belongs to a free concentration, and its slope.
struct Total {
  double value, slope;
};

Total total_of(double free, std::span<const Antibody> antibodies) {
  Total total{free, 1.0};
  for (const auto& a : antibodies) {
    const double sum = a.dissociation_constant + free;
    total.value += a.sites * (free / sum);
    total.slope += a.sites / sum * (a.dissociation_constant / sum);
  }
  return total;
}

double free_of_several(double total, std::span<const Antibody> antibodies) {
  double sites = 0.0, tightest = 1e300;
  for (const auto& a : antibodies) {
    if (a.sites > 0.0) tightest = std::min(tightest, a.dissociation_constant);
    sites += a.sites;
  }
  double free = free_ligand(total, sites, tightest);  // all bind like the tightest: less is free than in truth
  for (int k = 0; k < 100; ++k) {
    const Total at = total_of(free, antibodies);
    const double next = std::min(total, free + (total - at.value) / at.slope);
    if (!(next > free * (1.0 + 1e-15))) break;
    free = next;
  }
  return free;
}

}  // namespace

BoundLigand bind_ligand(double total, std::span<const Antibody> antibodies) {
  std::size_t n_present = 0;
  const Antibody* present = nullptr;
  for (const auto& a : antibodies) {
    if (!(a.sites > 0.0)) continue;
    ++n_present;
    present = &a;
  }
  if (n_present == 0) return {total, 1.0, 0.0, 0.0};
  BoundLigand result;
  result.free = n_present == 1 ? free_ligand(total, present->sites, present->dissociation_constant)
                               : free_of_several(total, antibodies);
  result.free_slope = 1.0 / total_of(result.free, antibodies).slope;
  for (const auto& a : antibodies) {
    const double sum = a.dissociation_constant + result.free;
    result.loss += a.complex_loss_rate * (a.sites * (result.free / sum));
    result.loss_slope += a.complex_loss_rate * (a.sites / sum * (a.dissociation_constant / sum)) * result.free_slope;
  }
  return result;
}

}  // namespace senoma::pharm
