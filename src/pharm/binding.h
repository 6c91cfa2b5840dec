// Antibodies and one ligand at binding equilibrium in one place: what is free of it, and what is lost of the complexes.
//
//   total = L + Σ_i C_i,   C_i = A_i L/(K_i + L),   loss = Σ_i k_i C_i
//
// with A_i the concentration of binding sites, whether taken or not, K_i their dissociation constants and k_i the rates
// at which complexes are removed: quasi-equilibrium of target-mediated disposition (Mager & Krzyzanski 2005 doi
// 10.1007/s11095-005-6650-0; Gibiansky et al. 2008 doi 10.1007/s10928-008-9102-8). One antibody: the closed form of
// effects.h. Several compete; L is then found by Newton's method from below, which it approaches without overshoot, as
// the right side is concave. Concentrations in one unit, rates in 1/min. Thread-safe, no state.
#pragma once

#include <span>

namespace senoma::pharm {

struct Antibody {
  double sites = 0.0;                  ///< ≥ 0, free and taken
  double dissociation_constant = 1.0;  ///< > 0
  double complex_loss_rate = 0.0;      ///< 1/min
};

/// Of a ligand; slopes are derivatives by the total.
struct BoundLigand {
  double free = 0.0, free_slope = 1.0;
  double loss = 0.0, loss_slope = 0.0;
};

/// Total ≥ 0. Without sites all is free, to the last bit.
[[nodiscard]] BoundLigand bind_ligand(double total, std::span<const Antibody> antibodies);

}  // namespace senoma::pharm
