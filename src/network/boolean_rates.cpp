#include "network/boolean_rates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "network/rate_blocks.h"

namespace senoma::network {

std::vector<std::string> BooleanNetwork::names() const {
  std::vector<std::string> all;
  for (const auto& node : nodes) all.push_back(node.name);
  return all;
}

std::string BooleanNetwork::state_name(const std::vector<std::uint64_t>& words,
                                       const std::vector<std::size_t>& which) const {
  std::string text;
  for (std::size_t i = 0; i < which.size(); ++i) {
    if ((words[i / 64] >> (i % 64) & 1U) != 0) text += (text.empty() ? "" : " -- ") + nodes[which[i]].name;
  }
  return text.empty() ? "<nil>" : text;
}

namespace {

constexpr double not_a_rate = std::numeric_limits<double>::quiet_NaN();

double checked(double rate) { return rate >= 0.0 && std::isfinite(rate) ? rate : not_a_rate; }

}  // namespace

double RateEvaluator::operator()(const expr::Program& program, const double* values, std::size_t n, bool on) {
  inputs_.resize(n);
  for (std::size_t i = 0; i < n; ++i) inputs_[i] = {values + i, 0};
  double up = 0.0, down = 0.0;
  const std::array<double*, 2> outputs{&up, &down};
  program.run(inputs_, outputs, 1, workspace_);
  return checked(on ? down : up);
}

BooleanRates::BooleanRates(const BooleanNetwork& network) {
  const std::size_t n = network.nodes.size();
  tables_.resize(n);
  dependents_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const BooleanNode& node = network.nodes[i];
    NodeTable& table = tables_[i];
    const std::array<expr::NodeId, 2> roots{node.rate_up, node.rate_down};
    for (const std::int32_t slot : network.graph.variables(roots))
      table.regulators.push_back(static_cast<std::uint32_t>(slot));
    const auto self = static_cast<std::uint32_t>(i);
    auto place = std::lower_bound(table.regulators.begin(), table.regulators.end(), self);
    if (place == table.regulators.end() || *place != self) place = table.regulators.insert(place, self);
    const auto self_bit = static_cast<std::size_t>(place - table.regulators.begin());
    const std::size_t k = table.regulators.size();
    expr::Program program(network.graph, {node.rate_up, node.rate_down});
    for (std::size_t j = 0; j < k; ++j) {
      dependents_[table.regulators[j]].push_back({self, k <= most_tabled ? std::uint32_t{1} << j : 0});
    }
    if (k > most_tabled) {
      table.program = std::move(program);
      needs_values_ = true;
      continue;
    }
    const std::size_t size = std::size_t{1} << k;
    std::vector<std::vector<double>> columns(k, std::vector<double>(size));
    std::vector<expr::Input> inputs(n);
    for (std::size_t j = 0; j < k; ++j) {
      for (std::size_t s = 0; s < size; ++s) columns[j][s] = static_cast<double>(s >> j & 1U);
      inputs[table.regulators[j]] = {columns[j].data(), 1};
    }
    std::vector<double> up(size), down(size);
    const std::array<double*, 2> outputs{up.data(), down.data()};
    expr::Program::Workspace workspace;
    program.run(inputs, outputs, size, workspace);
    table.rates.resize(size);
    for (std::size_t s = 0; s < size; ++s) table.rates[s] = checked((s >> self_bit & 1U) != 0 ? down[s] : up[s]);
  }
}

BooleanStateList::BooleanStateList(const BooleanRates& rates, double window) {
  const std::size_t n = rates.size();
  for (std::size_t s = 0; s < std::size_t{1} << n; ++s) {
    std::array<double, RateBlocks::block> of{};
    double up_to = 0.0;
    begin.push_back(static_cast<std::uint32_t>(flips.size()));
    for (std::size_t i = 0; i < n; ++i) {
      const auto& table = rates.table(i);
      std::size_t index = 0;
      for (std::size_t j = 0; j < table.regulators.size(); ++j) index |= (s >> table.regulators[j] & 1U) << j;
      of[i] = table.rates[index];
      if (of[i] == 0.0) continue;
      up_to += of[i];
      flips.push_back({up_to, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(s ^ (std::size_t{1} << i))});
    }
    total.push_back(0.0 + RateBlocks::sum(of.data()));
    inverse.push_back(1.0 / (total.back() * window));
  }
  begin.push_back(static_cast<std::uint32_t>(flips.size()));
}

}  // namespace senoma::network
