#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "network/event_integrator.h"

namespace senoma::network {

namespace {

constexpr double nothing_waits = -1.0;

}  // namespace

EventColumns::EventColumns(const OdeSystem& system) : network_(system.name), n_events_(system.events.size()) {
  if (n_events_ == 0) return;
  for (std::size_t e = 0; e < n_events_; ++e) {
    const OdeEvent& event = system.events[e];
    columns_.push_back({fmt::format("{} {} trigger", e + 1, event.name), event.initial_trigger ? 1.0 : 0.0});
  }
  columns_.push_back({"draws", 0.0});
  for (std::size_t e = 0; e < n_events_; ++e) {
    const OdeEvent& event = system.events[e];
    if (event.delay < 0) continue;
    delayed_.push_back({e, columns_.size(), event.values_at_trigger ? event.assignments.size() : 0, event.name});
    for (std::size_t k = 0; k < waiting_at_most; ++k) {
      const std::string place = fmt::format("{} {} waiting {} ", e + 1, event.name, k + 1);
      columns_.push_back({place + "due", nothing_waits});
      columns_.push_back({place + "order", 0.0});
      for (std::size_t v = 0; v < delayed_.back().n_values; ++v) {
        columns_.push_back({place + system.states[event.assignments[v].state].name, 0.0});
      }
    }
  }
}

void EventColumns::load(std::span<double* const> columns, std::size_t lane, EventState& state) const {
  state.triggers.resize(n_events_);
  for (std::size_t e = 0; e < n_events_; ++e) state.triggers[e] = columns[e][lane] != 0.0 ? 1 : 0;
  state.draws = static_cast<std::uint64_t>(columns[n_events_][lane]);
  state.waiting.clear();
  std::vector<std::pair<double, PendingChange>> found;
  for (const Delayed& d : delayed_) {
    for (std::size_t k = 0; k < waiting_at_most; ++k) {
      const std::size_t c = d.first + k * d.stride();
      if (columns[c][lane] < 0.0) continue;
      PendingChange change{d.event, columns[c][lane], {}};
      for (std::size_t v = 0; v < d.n_values; ++v) change.values.push_back(columns[c + 2 + v][lane]);
      found.emplace_back(columns[c + 1][lane], std::move(change));
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [order, change] : found) state.waiting.push_back(std::move(change));
}

void EventColumns::store(std::span<double* const> columns, std::size_t lane, const EventState& state) const {
  for (std::size_t e = 0; e < n_events_; ++e) columns[e][lane] = state.triggers[e];
  columns[n_events_][lane] = static_cast<double>(state.draws);
  for (const Delayed& d : delayed_) {
    std::size_t k = 0;
    for (std::size_t w = 0; w < state.waiting.size(); ++w) {
      const PendingChange& change = state.waiting[w];
      if (change.event != d.event) continue;
      if (k == waiting_at_most) {
        throw Error("E3104",
                    fmt::format("network '{}': more than {} changes of event '{}' wait for their delay", network_,
                                waiting_at_most, d.name),
                    ErrorKind::numerical)
            .help("in cells, a delayed event may be triggered again only a few times before its change happens");
      }
      const std::size_t c = d.first + k++ * d.stride();
      columns[c][lane] = change.due;
      columns[c + 1][lane] = static_cast<double>(w);
      for (std::size_t v = 0; v < d.n_values; ++v) columns[c + 2 + v][lane] = change.values[v];
    }
    for (; k < waiting_at_most; ++k) {
      const std::size_t c = d.first + k * d.stride();
      for (std::size_t v = 0; v < d.stride(); ++v) columns[c + v][lane] = columns_[c + v].initial;
    }
  }
}

}  // namespace senoma::network
