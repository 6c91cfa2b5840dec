// One network integrated alone, as a table over time: what `senoma network` prints and what the SBML test suite
// compares. Runs on one thread; the columns are those of OdeSystem::states and then OdeSystem::outputs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "network/batch_integrator.h"
#include "network/ode_system.h"

namespace senoma::network {

struct Trajectory {
  std::vector<std::string> names;            ///< "time", the states, the outputs
  std::vector<std::vector<double>> columns;  ///< columns[i][k] is names[i] at time columns[0][k]
  IntegratorStats stats;

  /// The column of that name; null if there is none.
  [[nodiscard]] const std::vector<double>* find(const std::string& name) const;
};

/// Integrates from time 0 to t_end (system time) and reports n_steps + 1 equally spaced times, 0 and t_end included.
/// `overrides` replaces initial states, inputs and parameters by name. Throws E3010 for an unknown name, E3011 for
/// n_steps < 1, and what BatchIntegrator::integrate throws.
[[nodiscard]] Trajectory integrate_one(const OdeSystem& system, const IntegratorOptions& options, double t_end,
                                       int n_steps, const std::map<std::string, double>& overrides = {});

}  // namespace senoma::network
