// The field's custom as a baseline: first-order splitting, one implicit solve per axis and step with Thomas's
// algorithm, as in BioFVM (Ghaffarizadeh, Friedman, Macklin, Bioinformatics 32, 1256 (2016)), decay spread over the
// axes:
//
//   (1 + dt λ/3 − dt D ∂²/∂x²) ρ' = ρ, then along y, then along z; no flux through the faces
//
// Its coefficients are made once. Thread statement: rows and planes in parallel, same bits for any count.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "grid/geometry.h"

namespace senoma::bench {

class LocallyOneDimensional {
 public:
  LocallyOneDimensional(const grid::Geometry& geometry, double diffusion, double decay, double dt);
  void step(std::span<double> rho, const Executor& executor) const;

 private:
  struct Axis {
    double off = 0.0;                    ///< −dt D/h²
    std::vector<double> inverse, upper;  ///< of the elimination
  };
  grid::Geometry geometry_;
  std::array<Axis, 3> axes_;
};

}  // namespace senoma::bench
