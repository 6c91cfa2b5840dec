#include "network/boolean_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"

namespace senoma::network {

BooleanWalker::BooleanWalker(const BooleanPlan& plan)
    : index((plan.visible.size() + 63) / 64),
      states(plan.windows),
      nodes(plan.windows),
      node_ends(plan.network.nodes.size()),
      plan_(plan),
      draws_(!plan.run.discrete_time),
      last_window_(static_cast<std::uint32_t>(plan.end)),
      on_(plan.network.nodes.size()),
      since_(plan.network.nodes.size()),
      listed_number_(plan.list.total.size(), -1),
      table_index_(plan.network.nodes.size()),
      rates_(plan.network.nodes.size()),
      values_(plan.network.nodes.size()),
      words_((plan.visible.size() + 63) / 64) {
  for (std::size_t i = 0; plan.run.nodes && i < plan.network.nodes.size(); ++i) nodes.add_item();
}

void BooleanWalker::start(std::uint64_t trajectory) {
  draws_.start(plan_.run.seed, trajectory);
  const auto& groups = plan_.network.initial;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& running = plan_.weights[g];
    std::size_t choice = 0;
    if (running.size() > 1) {
      const double u = draws_.initial(g);
      while (choice + 1 < running.size() && u >= running[choice]) ++choice;
    }
    for (std::size_t j = 0; j < groups[g].nodes.size(); ++j)
      on_[groups[g].nodes[j]] = groups[g].choices[choice].values[j];
  }
  for (std::size_t j = 0; j < plan_.free_nodes.size(); ++j)
    on_[plan_.free_nodes[j]] = draws_.initial(groups.size() + j) < 0.5 ? 1 : 0;
  if (plan_.run.nodes) std::fill(since_.begin(), since_.end(), 0.0);
  ++trajectories;
}

std::size_t BooleanWalker::number_of(const std::uint64_t* words, std::uint64_t hash) {
  const std::size_t number = index.number_of(words, hash);
  if (number == ends.size()) {
    if (number >= plan_.most_states) {
      throw Error("E3113", fmt::format("the network visits more than {} different states", plan_.most_states))
          .help("ask for the probabilities of single nodes, or mark nodes as internal")
          .help("wider windows or a shorter run need less memory for each state");
    }
    states.add_item();
    ends.push_back(0);
  }
  return number;
}

std::size_t BooleanWalker::number_of_listed(std::uint32_t state) {
  if (listed_number_[state] < 0) {
    std::uint64_t word = 0, hash = 0;
    for (std::size_t v = 0; v < plan_.visible.size(); ++v) {
      if ((state >> plan_.visible[v] & 1U) != 0) {
        word |= std::uint64_t{1} << v;
        hash ^= plan_.hash[plan_.visible[v]];
      }
    }
    listed_number_[state] = static_cast<std::int32_t>(number_of(&word, hash));
  }
  return static_cast<std::size_t>(listed_number_[state]);
}

void BooleanWalker::node_flips(std::size_t node, bool was_on, double time) {
  if (was_on) {
    nodes.stay(node, since_[node], static_cast<std::uint32_t>(since_[node]), time, static_cast<std::uint32_t>(time));
  } else {
    since_[node] = time;
  }
}

void BooleanWalker::end_nodes() {
  for (std::size_t i = 0; i < on_.size(); ++i) {
    if (on_[i] == 0) continue;
    ++node_ends[i];
    if (plan_.run.nodes) nodes.stay(i, since_[i], static_cast<std::uint32_t>(since_[i]), plan_.end, last_window_);
  }
  if (plan_.run.nodes) nodes.end_trajectory();
}

void BooleanWalker::count_fixed_point() {
  BooleanResults::State all((on_.size() + 63) / 64);
  for (std::size_t i = 0; i < on_.size(); ++i) all[i / 64] |= static_cast<std::uint64_t>(on_[i] != 0) << (i % 64);
  ++fixed_points[all];
}

void BooleanWalker::refuse_rates() const {
  std::vector<double> values(on_.begin(), on_.end());
  for (std::size_t i = 0; i < on_.size(); ++i) {
    const BooleanNode& node = plan_.network.nodes[i];
    const expr::NodeId root = on_[i] != 0 ? node.rate_down : node.rate_up;
    const double rate = expr::evaluate(plan_.network.graph, root, values);
    if (rate >= 0.0 && std::isfinite(rate)) continue;
    BooleanResults::State bits((on_.size() + 63) / 64);
    std::vector<std::size_t> all;
    for (std::size_t j = 0; j < on_.size(); ++j) {
      bits[j / 64] |= static_cast<std::uint64_t>(on_[j] != 0) << (j % 64);
      all.push_back(j);
    }
    throw Error("E3112",
                fmt::format("{} of node '{}' is {} in the state {}", on_[i] != 0 ? "rate_down" : "rate_up", node.name,
                            rate, plan_.network.state_name(bits, all)),
                ErrorKind::numerical)
        .help("a rate is a finite number, zero or above");
  }
  throw Error("E3112", "the sum of all rates is not finite", ErrorKind::numerical).help("use smaller rates");
}

template <bool discrete, bool with_nodes>
void BooleanWalker::walk_listed() {
  const BooleanStateList& list = plan_.list;
  std::uint32_t state = 0;
  for (std::size_t i = 0; i < on_.size(); ++i) state |= static_cast<std::uint32_t>(on_[i] != 0) << i;
  double time = 0.0, entered = 0.0;
  std::uint32_t entered_window = 0;
  const bool with_states = plan_.run.states;
  std::size_t number = with_states ? number_of_listed(state) : 0;
  bool fixed = false;
  for (;;) {
    const double total = list.total[state];
    if (!(total > 0.0)) {
      if (total == 0.0) {
        fixed = true;
        break;
      }
      for (std::size_t i = 0; i < on_.size(); ++i) on_[i] = static_cast<char>(state >> i & 1U);
      refuse_rates();
    }
    draws_.next();
    const double next = discrete ? time + 1.0 : time + draws_.waiting() * list.inverse[state];
    if (!(next < plan_.end)) break;
    time = next;
    const double target = draws_.choice() * total;
    const BooleanStateList::Flip* chosen = list.flips.data() + list.begin[state];
    const BooleanStateList::Flip* last = list.flips.data() + list.begin[state + 1] - 1;
    while (chosen < last && target >= chosen->up_to) ++chosen;
    ++flips;
    if (with_nodes) node_flips(chosen->node, (state >> chosen->node & 1U) != 0, time);
    state = chosen->next;
    if (!with_states) continue;
    const std::size_t next_number =
        listed_number_[state] >= 0 ? static_cast<std::size_t>(listed_number_[state]) : number_of_listed(state);
    if (next_number != number) {
      const auto window = static_cast<std::uint32_t>(time);
      states.stay(number, entered, entered_window, time, window);
      entered = time;
      entered_window = window;
      number = next_number;
    }
  }
  if (with_states) {
    states.stay(number, entered, entered_window, plan_.end, last_window_);
    states.end_trajectory();
    ++ends[number];
  }
  for (std::size_t i = 0; i < on_.size(); ++i) on_[i] = static_cast<char>(state >> i & 1U);
  if (fixed) count_fixed_point();
}

void BooleanWalker::set_rate(std::size_t node) {
  const auto& table = plan_.rates.table(node);
  rates_.set(node, table.rates.empty() ? evaluate_(table.program, values_.data(), values_.size(), on_[node] != 0)
                                       : table.rates[table_index_[node]]);
}

void BooleanWalker::flip(std::size_t node) {
  on_[node] = static_cast<char>(on_[node] == 0);
  if (plan_.rates.needs_values()) values_[node] = on_[node];
  if (const std::int32_t bit = plan_.visible_bit[node]; bit >= 0) {
    words_[static_cast<std::size_t>(bit) / 64] ^= std::uint64_t{1} << (bit % 64);
    hash_ ^= plan_.hash[node];
  }
  constexpr auto none = static_cast<std::size_t>(-1);
  std::size_t block = none;
  for (const auto& dependent : plan_.rates.dependents(node)) {
    table_index_[dependent.node] ^= dependent.mask;
    set_rate(dependent.node);
    const std::size_t own = dependent.node / RateBlocks::block;  // rises along the list
    if (own != block && block != none) rates_.update_block(block);
    block = own;
  }
  rates_.update_block(block);
}

template <bool discrete, bool with_nodes>
void BooleanWalker::walk_incrementally() {
  std::fill(table_index_.begin(), table_index_.end(), 0U);
  std::fill(words_.begin(), words_.end(), 0U);
  hash_ = 0;
  for (std::size_t i = 0; i < on_.size(); ++i) {
    values_[i] = on_[i];
    if (on_[i] == 0) continue;
    for (const auto& dependent : plan_.rates.dependents(i)) table_index_[dependent.node] ^= dependent.mask;
    if (const std::int32_t bit = plan_.visible_bit[i]; bit >= 0) {
      words_[static_cast<std::size_t>(bit) / 64] ^= std::uint64_t{1} << (bit % 64);
      hash_ ^= plan_.hash[i];
    }
  }
  for (std::size_t i = 0; i < on_.size(); ++i) set_rate(i);
  rates_.update();

  double time = 0.0, entered = 0.0;
  std::uint32_t entered_window = 0;
  const bool with_states = plan_.run.states;
  std::size_t number = with_states ? number_of(words_.data(), hash_) : 0;
  bool fixed = false;
  for (;;) {
    const double total = rates_.total();
    if (!(total > 0.0 && std::isfinite(total))) {
      fixed = total == 0.0;
      if (!fixed) refuse_rates();
      break;
    }
    draws_.next();
    const double next = discrete ? time + 1.0 : time + draws_.waiting() * (1.0 / (total * plan_.run.window));
    if (!(next < plan_.end)) break;
    time = next;
    const std::size_t node = rates_.choose(draws_.choice() * total);
    ++flips;
    if (with_nodes) node_flips(node, on_[node] != 0, time);
    const std::uint64_t before = hash_;
    flip(node);
    if (with_states && hash_ != before) {
      const auto window = static_cast<std::uint32_t>(time);
      states.stay(number, entered, entered_window, time, window);
      entered = time;
      entered_window = window;
      number = number_of(words_.data(), hash_);
    }
  }
  if (with_states) {
    states.stay(number, entered, entered_window, plan_.end, last_window_);
    states.end_trajectory();
    ++ends[number];
  }
  if (fixed) count_fixed_point();
}

void BooleanWalker::walk(std::uint64_t trajectory) {
  start(trajectory);
  const bool listed = !plan_.list.total.empty(), discrete = plan_.run.discrete_time, with_nodes = plan_.run.nodes;
  if (listed) {
    if (discrete) {
      with_nodes ? walk_listed<true, true>() : walk_listed<true, false>();
    } else {
      with_nodes ? walk_listed<false, true>() : walk_listed<false, false>();
    }
  } else if (discrete) {
    with_nodes ? walk_incrementally<true, true>() : walk_incrementally<true, false>();
  } else {
    with_nodes ? walk_incrementally<false, true>() : walk_incrementally<false, false>();
  }
  end_nodes();
}

}  // namespace senoma::network
