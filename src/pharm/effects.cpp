#include "pharm/effects.h"

#include <algorithm>

#include "base/math.h"

namespace senoma::pharm {

namespace {

// C^h/(EC50^h + C^h), from the ratio that cannot overflow.
double hill_fraction(double concentration, double ec50, double hill) {
  if (!(concentration > 0.0)) return 0.0;
  if (concentration <= ec50) {
    const double r = math::pow(concentration / ec50, hill);
    return r / (1.0 + r);
  }
  return 1.0 / (1.0 + math::pow(ec50 / concentration, hill));
}

}  // namespace

double hill_effect(double concentration, double ec50, double hill, double maximal_effect) {
  return maximal_effect * hill_fraction(concentration, ec50, hill);
}

double inhibition_factor(double concentration, double ic50, double hill, double maximal_inhibition) {
  return 1.0 - maximal_inhibition * hill_fraction(concentration, ic50, hill);
}

double stimulation_factor(double concentration, double ec50, double hill, double maximal_effect) {
  return 1.0 + maximal_effect * hill_fraction(concentration, ec50, hill);
}

double concentration_for_fraction(double fraction, double ec50, double hill) {
  return ec50 * math::pow(fraction / (1.0 - fraction), 1.0 / hill);
}

double free_ligand(double total_ligand, double total_sites, double dissociation_constant) {
  const double b = total_ligand - total_sites - dissociation_constant;
  const double root = math::sqrt(b * b + 4.0 * dissociation_constant * total_ligand);
  if (b >= 0.0) return std::min(total_ligand, 0.5 * (b + root));
  return 2.0 * dissociation_constant * total_ligand / (root - b);  // the same root without the difference
}

double bound_ligand(double total_ligand, double total_sites, double dissociation_constant) {
  const double sum = total_ligand + total_sites + dissociation_constant;
  if (!(sum > 0.0)) return 0.0;
  // The smaller root of c² − sum c + L A = 0; its discriminant as a sum of squares: (L − A − K)² + 4 K L.
  const double b = total_ligand - total_sites - dissociation_constant;
  const double root = math::sqrt(b * b + 4.0 * dissociation_constant * total_ligand);
  return 2.0 * total_ligand * total_sites / (sum + root);
}

}  // namespace senoma::pharm
