// Geometric multigrid V(1,1)-cycle as a symmetric positive definite preconditioner, for any box of voxels.
//
// Coarsening: pairs of voxels along every axis whose coupling is strong (within a factor 4 of the strongest), so voxels
// with unequal edges are semi-coarsened; an odd last voxel stays alone. Coarse faces: resistances in series along the
// axis, conductances in parallel across it (re-discretisation, also for a D per voxel); coarse mass: sum, where a voxel
// with far more uptake than its siblings counts only as far as its faces can feed it. Prolongation P: linear between
// voxel centres; restriction Pᵀ. Smoother: Gauss–Seidel red–black before, black–red after, so that the cycle is
// symmetric and the residual to restrict is zero on black. Levels end where the diagonal dominates or one voxel is
// left. Cost: about four matrix applications. Reference: Trottenberg, Oosterlee, Schüller, Multigrid (2001), ch. 2.
// Thread statement: one cycle at a time per object.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "field/stencil.h"
#include "grid/geometry.h"

namespace senoma::field {

/// How the voxels of one grid map to those of the next coarser.
struct Transfer {
  std::array<bool, 3> halved{};                  ///< axis is coarsened
  std::array<std::vector<double>, 3> own;        ///< weight of the voxel's own coarse voxel, per index along the axis
  std::array<std::vector<double>, 3> other;      ///< weight of the nearer neighbour of that coarse voxel
  std::array<Column<double>, 2> own_x, other_x;  ///< own[0], other[0] by parity of i, for the row loops
};

struct Level {
  explicit Level(std::array<int, 3> n) : stencil(n) {}
  Stencil stencil;
  Transfer to_coarser;            ///< empty on the last level
  Column<double> x, b, residual;  ///< x, b unused on the finest level
  Column<double> row_buffers;     ///< scratch of the row blocks
};

class Multigrid {
 public:
  explicit Multigrid(const grid::Geometry& geometry);

  /// One D everywhere: conductances hold the geometry only and are made once.
  void use_uniform_diffusion();
  /// D per voxel [µm²/min], natural order; harmonic mean on faces. Rebuilds only if the map changed.
  void use_diffusion_map(std::span<const double> map, const Executor& executor);

  /// The finest grid's stencil. Fill its `diagonal` with the mass and its `fixed` lists, then call assemble.
  [[nodiscard]] Stencil& fine() { return levels_.front().stencil; }
  [[nodiscard]] const Stencil& fine() const { return levels_.front().stencil; }
  /// `scale` multiplies the conductances; `least_mass` bounds the mass per voxel from below (decides how deep to go).
  void assemble(double scale, double least_mass, const Executor& executor);

  /// z ≈ A⁻¹ r. `scratch` has the size of the finest vectors.
  void precondition(const double* r, double* z, double* scratch, const Executor& executor);

  [[nodiscard]] std::size_t n_levels() const { return levels_.size(); }
  [[nodiscard]] std::size_t n_active() const { return n_active_; }

 private:
  void cycle(std::size_t depth, const double* b, double* x, double* residual, const Executor& executor);
  void build_coarse_faces(const Executor& executor);

  grid::Geometry geometry_;
  std::vector<Level> levels_;
  std::vector<double> strength_;  ///< per level: largest Σ g per voxel volume
  std::vector<double> map_;
  std::size_t n_active_ = 1;
};

// ---- pieces, each tested alone ----

/// The chain of grids below `geometry`, with transfers; faces and diagonals are not yet filled.
[[nodiscard]] std::vector<Level> make_levels(const grid::Geometry& geometry);
/// Conductances of `coarse` from those of `fine`.
void coarsen_faces(const Stencil& fine, const Transfer& transfer, Stencil& coarse, const Executor& executor);
/// Merges the mass in fine.diagonal into coarse.diagonal; `coupling` > 0 is the typical scale · Σ g of a fine voxel.
void coarsen_mass(const Stencil& fine, const Transfer& transfer, double coupling, Stencil& coarse,
                  const Executor& executor);
/// b_coarse = Pᵀ r where r is read on red voxels only.
void restrict_red(Level& fine, const double* r, Level& coarse, const Executor& executor);
/// x_red += P x_coarse on red voxels only.
void prolong_red(Level& fine, const Level& coarse, double* x, const Executor& executor);

}  // namespace senoma::field
