// What a drug does once it is there: concentration → effect, as plain functions of numbers.
//
//   Hill (Emax) model            E(C) = E_max C^h / (EC50^h + C^h)                       (Hill 1910; Wagner 1968)
//   antibody–ligand equilibrium  L_free = ½ (b + √(b² + 4 K_d L)), b = L − A − K_d,      (Morrison 1969 doi
//       10.1016/0005-2744(69)90420-3; quasi-equilibrium of target-mediated disposition: Mager & Krzyzanski 2005
//       doi 10.1007/s11095-005-6650-0)
//
// Concentrations in one unit (nM); effects dimensionless. Thread-safe, no state, bits independent of the C library.
#pragma once

namespace senoma::pharm {

/// E_max C^h/(EC50^h + C^h): 0 at C ≤ 0, E_max/2 at C = EC50, never above E_max. Needs EC50 > 0, h > 0. Stays finite
/// where C^h overflows.
[[nodiscard]] double hill_effect(double concentration, double ec50, double hill, double maximal_effect);

/// The factor that an inhibitor puts on a rate: 1 − I_max C^h/(IC50^h + C^h), with 0 ≤ I_max ≤ 1.
[[nodiscard]] double inhibition_factor(double concentration, double ic50, double hill, double maximal_inhibition);

/// The factor that a stimulator puts on a rate: 1 + E_max C^h/(EC50^h + C^h).
[[nodiscard]] double stimulation_factor(double concentration, double ec50, double hill, double maximal_effect);

/// The concentration at which an inhibitor reaches the effect `fraction` of its maximum (0 < fraction < 1): EC50 (f/(1
/// − f))^(1/h).
[[nodiscard]] double concentration_for_fraction(double fraction, double ec50, double hill);

/// Free ligand at equilibrium given total ligand and total binding sites (a bivalent antibody has two per molecule),
/// all ≥ 0, in [0, total_ligand]. No cancellation when the sites are in excess; K_d = 0 is tight binding: max(0, L −
/// A).
[[nodiscard]] double free_ligand(double total_ligand, double total_sites, double dissociation_constant);

/// Ligand bound to the sites at the same equilibrium: total_ligand − free, without cancellation when little is bound.
[[nodiscard]] double bound_ligand(double total_ligand, double total_sites, double dissociation_constant);

}  // namespace senoma::pharm
