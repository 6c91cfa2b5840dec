// Geometric multigrid cycle as a symmetric positive definite preconditioner, for any box of voxels.
//
// Coarsening: pairs of voxels along every axis whose coupling is strong (within a factor 4 of the strongest), so voxels
// with unequal edges are semi-coarsened; the last of an odd number are merged by three. Coarse faces: resistances in
// series along the axis, conductances in parallel across it (re-discretisation, also for a D per voxel); coarse mass:
// sum, where a voxel with far more uptake than its siblings counts only as far as its faces can feed it. Prolongation
// P: along each axis linear between voxel centres, or with a D per voxel as the flux through the faces between the two
// coarse centres says (the weights of resistances in series); restriction Pᵀ. Smoother: Gauss–Seidel red, black, red
// before and after, so that the cycle is symmetric, the residual to restrict is zero on red and only black need be
// prolonged. One D: V-cycle, three half sweeps. D per voxel: five half sweeps, and each coarser level is solved by two
// steps of flexible conjugate gradients (K-cycle), since coarse voxels that straddle a jump of D are poor copies of the
// finer ones. Levels end where the diagonal dominates or one voxel is left. All in single precision (see smoother.h).
// References: Trottenberg, Oosterlee, Schüller, Multigrid (2001), ch. 2 and 7; Notay, Vassilevski, Numer. Linear
// Algebra Appl. 15, 473 (2008), on K-cycles. Thread statement: one cycle at a time per object.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "field/smoother.h"
#include "field/stencil.h"
#include "grid/geometry.h"

namespace senoma::field {

/// How the voxels of one grid map to those of the next coarser.
struct Transfer {
  std::array<bool, 3> halved{};                 ///< axis is coarsened
  std::array<std::vector<double>, 3> own;       ///< weight of coarse voxel i / 2, per index i along the axis
  std::array<std::vector<double>, 3> other;     ///< of the one below (even i) or above (odd i)
  std::array<Column<float>, 2> own_x, other_x;  ///< own[0], other[0] by parity of i, for the row loops
  bool by_faces = false;                        ///< use `toward` instead, where `other` is not zero
  std::array<Column<float>, 3> toward;          ///< weight of that neighbour, per voxel in split order
};

struct Level {
  explicit Level(std::array<int, 3> n) : stencil(n) {}
  Stencil stencil;
  Smoother smoother;
  Transfer to_coarser;          ///< empty on the last level
  Column<float> x, b;           ///< unused on the finest level
  Column<float> residual;       ///< of one colour; of both on the coarser levels of a K-cycle
  Column<float> search, image;  ///< of the K-cycle
  Column<float> row_buffers;    ///< scratch of the row blocks
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

  /// z ≈ A⁻¹ r; returns r · z and, unless `image` is null, image · z. Values of r should be near one.
  Products precondition(const float* r, float* z, const double* image, const Executor& executor);
  /// Whether z depends on r a little more than linearly (K-cycle), which the search for directions must allow for.
  [[nodiscard]] bool is_flexible() const { return !map_.empty(); }
  /// Largest value of the assembled diagonal.
  [[nodiscard]] double largest_diagonal() const { return largest_diagonal_; }

  [[nodiscard]] std::size_t n_levels() const { return levels_.size(); }
  [[nodiscard]] std::size_t n_active() const { return n_active_; }

 private:
  Products cycle(std::size_t depth, const float* b, float* x, const double* image, const Executor& executor);
  void solve_coarse(std::size_t depth, const Executor& executor);
  void build_coarse_faces(const Executor& executor);

  grid::Geometry geometry_;
  std::vector<Level> levels_;
  std::vector<double> strength_;  ///< per level: largest Σ g per voxel volume
  std::vector<double> map_;
  std::size_t n_active_ = 1;
  double largest_diagonal_ = 0.0;
};

// ---- pieces, each tested alone ----

/// The chain of grids below `geometry`, with transfers; faces and diagonals are not yet filled.
[[nodiscard]] std::vector<Level> make_levels(const grid::Geometry& geometry);
/// Conductances of `coarse` from those of `fine`.
void coarsen_faces(const Stencil& fine, const Transfer& transfer, Stencil& coarse, const Executor& executor);
/// Merges the mass in fine.diagonal into coarse.diagonal; `coupling` > 0 is the typical scale · Σ g of a fine voxel.
void coarsen_mass(const Stencil& fine, const Transfer& transfer, double coupling, Stencil& coarse,
                  const Executor& executor);
/// Fills transfer.toward from the faces of `fine`.
void weigh_by_faces(const Stencil& fine, Transfer& transfer, const Executor& executor);
/// b_coarse = Pᵀ r with r on one colour and zero on the other; `r` has that colour's values only.
void restrict_colour(Level& fine, int colour, const float* r, Level& coarse, const Executor& executor);
/// x += P x_coarse on one colour only.
void prolong_colour(Level& fine, int colour, const Level& coarse, float* x, const Executor& executor);

}  // namespace senoma::field
