// One substrate on a voxel grid, advanced implicitly by cell-centred finite volumes:
//
//   ∂ρ/∂t = ∇·(D ∇ρ) − (λ + u(x)) ρ − v(x) ρ / (1 + ρ/K) + s(x)
//
// with D constant or per voxel (harmonic mean on faces), decay λ, first-order uptake u ≥ 0, saturable
// (Michaelis–Menten) uptake of rate v ≥ 0 at low ρ and half-saturation K, so of at most v K, and source s per voxel.
// Saturable uptake is solved by Newton's method inside each implicit stage (monotone: the loss is concave in ρ), and so
// are losses that differ between a free part of ρ and one that is bound at equilibrium (Split). Time
// stepping: SDIRK2 (γ = 1 − 1/√2, L-stable, order 2, with an embedded error estimate), or, to a tolerance, the matrix
// exponential (exponential_step.h); a step that would undershoot below −undershoot_tolerance is redone with SDIRK2,
// then with backward Euler, and counted, never clipped; quasi-steady mode solves the steady equation. Linear systems:
// matrix-free conjugate gradients preconditioned with a geometric multigrid V-cycle, warm-started, to a relative
// residual; one-voxel grids (well-mixed medium) are solved directly. Units: µm, min, ρ in the substrate's own unit [C]
// (nM, mmHg, …); u, λ in 1/min; s in C/min. Memory: 54 bytes per voxel in the workspace, shared by substrates of one
// grid; up to 12 doubles more with an error tolerance, 7 with saturable uptake, 9 with a D per voxel.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/aligned.h"
#include "base/parallel.h"
#include "grid/geometry.h"

namespace senoma::field {

/// a·ρ + b·D ∂ρ/∂n = c on a face of the box.
struct FaceCondition {
  enum class Kind { no_flux, value, flux, mixed };
  Kind kind = Kind::no_flux;
  double value = 0.0;     ///< `value`: ρ on the face [C]; `mixed`: the outside ρ [C]
  double flux = 0.0;      ///< `flux`: inward flux [C·µm/min]
  double transfer = 0.0;  ///< `mixed`: exchange coefficient h [µm/min]; flux in = h (value − ρ_face)
};

/// What is free and what is bound of ρ in one voxel, and what is lost of the bound part; slopes are derivatives by ρ.
struct Split {
  double free = 0.0, free_slope = 1.0;  ///< C, within [0, ρ]; within [0, 1]
  double loss = 0.0, loss_slope = 0.0;  ///< C/min, 1/min; not negative
};

using SplitFunction = std::function<Split(std::size_t voxel, double rho)>;

struct Coefficients {
  double diffusion = 0.0;                 ///< µm²/min
  std::span<const double> diffusion_map;  ///< optional, per voxel, replaces `diffusion`
  double decay = 0.0;                     ///< 1/min
  std::span<const double> uptake;         ///< 1/min per voxel; may be empty (0)
  std::span<const double> saturable;      ///< v, 1/min per voxel; may be empty (0)
  double half_saturation = 0.0;           ///< K [C], > 0 where `saturable` is given
  std::span<const double> source;         ///< C/min per voxel; may be empty (0)
  /// Optional: the parts of ρ ≥ 0 in a voxel. `uptake` and `free_decay` then act on the free part, `decay` must be 0
  /// and `saturable` empty. Called by several threads at once.
  SplitFunction split;
  double free_decay = 0.0;                      ///< 1/min, with `split`
  std::array<FaceCondition, 6> faces{};         ///< −x, +x, −y, +y, −z, +z (z faces ignored in 2D)
  std::span<const std::uint32_t> fixed_voxels;  ///< interior fixed values (vessels), ascending
  std::span<const double> fixed_values;         ///< C, one per fixed voxel
};

struct SolverOptions {
  double tolerance = 1e-6;  ///< relative residual of each linear solve
  int max_iterations = 200;
  double undershoot_tolerance = 1e-9;  ///< relative to the largest |ρ| after the step
  bool quasi_steady = false;
  /// > 0: the error in time stays below this (relative, root mean square, as estimated): by the matrix exponential, in
  /// one or few sub-steps; by SDIRK2 with adapted sub-steps where uptake saturates or the exponential would undershoot.
  /// Nothing is remembered from one call to the next.
  double error_tolerance = 0.0;
};

/// Amounts exchanged in one step, in C·µm³ (multiply by 0.602214 for molecules when C is nM). Closed:
/// content_after − content_before = released − taken_up − decayed + through_faces + from_fixed (+ steady_adjustment),
/// to round-off.
struct Ledger {
  double content_before = 0, content_after = 0, released = 0, taken_up = 0, decayed = 0, through_faces = 0,
         from_fixed = 0;
  double steady_adjustment = 0;  ///< quasi-steady mode only: the change of content, which the steady equation neglects
  double gross = 0;              ///< content before plus the absolute amounts exchanged, the scale of the closing error
  /// |content_after − content_before − exchanged| / gross.
  [[nodiscard]] double closing_error() const;
};

struct StepReport {
  int iterations = 0;  ///< CG iterations of all solves
  int newton = 0;      ///< Newton iterations for saturable uptake, of all stages
  int substeps = 1;
  int backward_euler = 0;     ///< substeps redone with backward Euler because of undershoot
  double error_estimate = 0;  ///< relative, of the worst substep; measured with an error_tolerance only
  Ledger ledger;
};

/// What the steps of one substrate cost: sums, and the most of one step.
struct StepTotals {
  std::uint64_t iterations = 0, most_iterations = 0, newton = 0, substeps = 0, most_substeps = 0, backward_euler = 0;
  void add(const StepReport& report);
  friend bool operator==(const StepTotals&, const StepTotals&) = default;
};

class Solver {
 public:
  explicit Solver(const grid::Geometry& geometry);
  ~Solver();
  Solver(Solver&&) noexcept;

  /// Advances rho over dt (> 0). Writes per voxel, when not empty, the time-averaged ρ over the step as seen by uptake
  /// (`mean_rho`), so that what a cell takes up is exactly u·mean_rho·dt·V and the ledger closes cell by cell.
  /// Saturable uptake enters the ledger as the stages used it; with a `split`, `mean_free` is the time average of the
  /// free part, taken up is uptake·mean_free, and the other losses count as decayed. Throws E4001 (no convergence, with
  /// residual and iteration count), E4002 (a coefficient negative or not finite, with voxel), E4003 (sizes), E4004
  /// (quasi-steady without any sink), E4005 (Newton's method did not converge).
  StepReport step(std::span<double> rho, double dt, const Coefficients& coefficients, const SolverOptions& options,
                  const Executor& executor, std::span<double> mean_rho = {}, std::span<double> mean_free = {});

  [[nodiscard]] const grid::Geometry& geometry() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace senoma::field
