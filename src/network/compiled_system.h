// An OdeSystem made ready for the batch integrator: programs for the rates and their exact slopes, split by how often
// their parts change, and the symbolic factorisation. Immutable and thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "expr/program.h"
#include "network/ode_system.h"
#include "network/sparse_lu.h"

namespace senoma::network {

/// Parameters that occur as an exponent and have a small whole value, e.g. a Hill coefficient of 4.
[[nodiscard]] std::vector<std::size_t> whole_exponents(const OdeSystem& system);

/// The system with these parameters' declared values written into its rates: x^n by multiplications costs a tenth of a
/// power with a variable exponent.
[[nodiscard]] OdeSystem with_constants(const OdeSystem& system, std::span<const std::size_t> parameters);

struct CompiledSystem {
  explicit CompiledSystem(const OdeSystem& system);

  /// The values that depend on `parameters` only (in the order of OdeSystem::parameters).
  [[nodiscard]] Column<double> shared_values(std::span<const double> parameters) const;
  /// The values that depend on inputs too, for lanes [begin, end): out[v * (end − begin) + i].
  [[nodiscard]] Column<double> lane_values(std::span<const expr::Input> inputs, const Column<double>& shared,
                                           std::size_t begin, std::size_t end) const;

  std::size_t n_states = 0, n_lane_values = 0, n_shared_values = 0;
  std::vector<SparseLu::Entry> entries;   ///< structural non-zeros of the Jacobian
  std::vector<std::int32_t> time_states;  ///< states whose rate depends on time explicitly
  std::vector<char> non_negative;         ///< per state
  SparseLu lu;

  /// Slots of both: states, time, lane values, shared values.
  expr::Program rates;   ///< f
  expr::Program slopes;  ///< f, then the Jacobian's entries, then ∂f/∂t of time_states

 private:
  expr::Program shared_program_, lane_program_;
  std::size_t n_slots_ = 0, first_input_slot_ = 0, n_inputs_ = 0, first_parameter_slot_ = 0;
};

}  // namespace senoma::network
