// What `senoma network` was asked for, and the runs that are not differential equations. Used by network*.cpp only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace senoma::cli {

struct NetworkArguments {
  std::string file, out;
  double end = 0;
  std::optional<int> steps;
  std::vector<std::string> variables, set, config;
  double relative_tolerance = 1e-6, absolute_tolerance = 1e-9;
  bool list = false, stochastic = false, nodes = false, states = false;
  std::optional<std::uint64_t> trajectories, seed;
  std::optional<int> threads;
};

/// "NAME=number" items. Throws E1109.
[[nodiscard]] std::map<std::string, double> parse_values(const std::vector<std::string>& list);
/// To the file that was asked for, or to standard output.
void give_table(const NetworkArguments& arguments, const std::string& text);

/// Throws E3111 for an option that means nothing for this kind of network.
void check_options(const NetworkArguments& arguments);
[[nodiscard]] bool is_boolean(const NetworkArguments& arguments);  ///< a .bnd file
int run_boolean(const NetworkArguments& arguments);
int run_stochastic(const NetworkArguments& arguments);

}  // namespace senoma::cli
