// Looks at the triggers of a pack of lanes after a step and at points within it, on the cubic Hermite interpolant. A
// slot's answer reads that slot only. One PackWatch per thread.
#pragma once

#include <array>
#include <vector>

#include "base/aligned.h"
#include "network/batch_integrator.h"
#include "network/sparse_lu.h"

namespace senoma::network {

/// Points of the interpolant that are looked at in each step, its end included.
inline constexpr int looks_per_step = 16;

/// The cubic Hermite weights of y0, y1, h·y0', h·y1' at the share s of the step.
[[nodiscard]] std::array<double, 4> hermite_weights(double s);

class PackWatch {
 public:
  PackWatch(std::size_t n_states, const BatchIntegrator::Lanes& lanes);

  void load(std::size_t slot, std::size_t lane);

  /// All [row][pack_lanes]: states, their rates, the time.
  struct Moment {
    const double *states, *rates, *time;
  };
  /// Per slot: whether a trigger, or the order of two compared values, changes between the moments.
  [[nodiscard]] std::array<bool, pack_lanes> examine(const Moment& begin, const Moment& end);

 private:
  void look(std::vector<double>& into);

  const BatchIntegrator::Lanes& lanes_;
  const BatchIntegrator::Watch& watch_;
  std::size_t n_states_, n_looks_;
  Column<double> states_, time_, inputs_;
  std::vector<char> triggers_;  // [trigger][slot]
  std::vector<expr::Input> slots_;
  std::vector<double> looks_, before_;  // [look][slot]
  std::vector<double*> rows_;
  expr::Program::Workspace workspace_;
};

}  // namespace senoma::network
