// Attacks of cells on those they touch (engine/contacts.h), in two phases: each attacker draws from its own stream when
// it tries whom; the tries of all are then gone through in order of (time, attacker's id). A try on a cell that is gone
// by then (attacked, or with an event of its own before) fails, and the attacker stays free: the hazard over all
// targets, thinned by those that are gone, is exactly the hazard over those that are left. Contacts, rates and weights
// are frozen over the step; handling times that end inside it do so at their time. Results depend on no thread and no
// order of the cells. After an event of its own (division, death, transition) an attacker waits for the next step.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <queue>

#include "base/hash.h"
#include "base/philox.h"
#include "engine/encounters.h"
#include "engine/fate.h"

namespace senoma::engine {

namespace {

struct Try {
  double time;  ///< min since the step began
  std::uint64_t id;
  std::uint32_t attacker;
  double hazard;  ///< of the attacker, 1/min
  friend bool operator>(const Try& a, const Try& b) { return a.time != b.time ? a.time > b.time : a.id > b.id; }
};

class Attackers {
 public:
  explicit Attackers(Simulation& sim) : sim_(sim), cells_(sim.world.cells) {}

  std::vector<Strike> run() {
    weigh();
    list_targets();
    // From when on nothing more happens to a cell in this step: its own event, or a successful attack on it.
    gone_.assign(cells_.size(), std::numeric_limits<double>::infinity());
    for (const auto& request : sim_.requests) gone_[request.cell] = std::min(gone_[request.cell], request.time);
    first_tries();
    std::vector<Strike> strikes;
    while (!tries_.empty()) {
      const Try next = tries_.top();
      tries_.pop();
      if (gone_[next.attacker] > next.time) resolve(next, strikes);
    }
    return strikes;
  }

 private:
  /// How well each cell is recognised by the types that attack it: weight_[attacker type][cell].
  void weigh() {
    weight_.resize(sim_.types.size());
    for (std::size_t a = 0; a < sim_.types.size(); ++a) {
      for (const auto& attack : sim_.types[a].attacks) {
        if (weight_[a].empty()) weight_[a].assign(cells_.size(), 1.0);
        if (attack.weight < 0) continue;
        sim_.types[attack.target].recognition.run(sim_.world, sim_.values, sim_.lanes(attack.target), sim_.executor,
                                                  [&](std::size_t, auto block, auto outputs) {
                                                    const double* weight =
                                                        outputs[static_cast<std::size_t>(attack.weight)];
                                                    for (std::size_t i = 0; i < block.size(); ++i) {
                                                      if (!(weight[i] >= 0.0) || !std::isfinite(weight[i]))
                                                        refuse(a, attack, block[i], weight[i]);
                                                      weight_[a][block[i]] = weight[i];
                                                    }
                                                  });
      }
    }
  }

  [[noreturn]] void refuse(std::size_t attacker, const BoundAttack& attack, std::size_t cell, double weight) const {
    const auto& target = *sim_.types[attack.target].spec;
    throw Error("E5009",
                "the recognition of cell " + hex16(cells_.id[cell]) + " (" + target.name + ") by '" +
                    sim_.types[attacker].spec->name + "' is " + std::to_string(weight) + " at " +
                    std::to_string(sim_.world.time() / 1440.0) + " d",
                ErrorKind::numerical)
        .at(target.recognition.at(sim_.types[attacker].spec->name).where)
        .help("a weight must be finite and not negative");
  }

  /// Calls take(target, hazard, attack) for each cell that `attacker` may attack, in ascending id, until it says true.
  /// Without space it touches everyone by chance, which multiplies the hazard.
  template <class Take>
  void each_target(std::uint32_t attacker, const Take& take) const {
    const std::size_t type = cells_.type[attacker];
    const auto meets = [&](std::uint32_t j, double chance) {
      for (const auto& attack : sim_.types[type].attacks) {
        if (attack.target != cells_.type[j] || !attack.states[cells_.cell_state[j]]) continue;
        if (take(j, cells_.values[attack.rate][attacker] * weight_[type][j] * chance, attack)) return true;
      }
      return false;
    };
    if (encounters_) {
      for (const std::uint32_t j : by_id_) {
        if (j != attacker && meets(j, encounters_->chance(attacker, j))) return;
      }
      return;
    }
    for (const std::uint32_t j : sim_.contacts.of(attacker)) {
      if (meets(j, 1.0)) return;
    }
  }

  /// Every cell that some type attacks, in ascending id; nobody is left out who would matter.
  void list_targets() {
    if (!sim_.description->domain.well_mixed) return;
    encounters_.emplace(sim_);
    std::vector<bool> attacked(sim_.types.size(), false);
    for (const auto& type : sim_.types) {
      for (const auto& attack : type.attacks) attacked[attack.target] = true;
    }
    for (std::uint32_t i = 0; i < cells_.size(); ++i) {
      if (attacked[cells_.type[i]]) by_id_.push_back(i);
    }
    std::sort(by_id_.begin(), by_id_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return cells_.id[a] < cells_.id[b]; });
  }

  void first_tries() {
    constexpr std::size_t block_size = 256;
    for (std::size_t t = 0; t < sim_.types.size(); ++t) {
      if (sim_.types[t].attacks.empty()) continue;
      const auto& of_type = sim_.cells_of_type[t];
      std::vector<std::vector<Try>> per_block(block_count(of_type.size(), block_size));
      sim_.executor.for_blocks(of_type.size(), block_size, [&](Block b) {
        for (std::size_t k = b.begin; k < b.end; ++k) {
          const std::uint32_t i = of_type[k];
          double hazard = 0.0;
          if (!sim_.dying(i)) {
            each_target(i, [&](std::uint32_t, double h, const BoundAttack&) {
              hazard += h;
              return false;
            });
          }
          const double free_from = std::max(0.0, value(sim_.columns.attack_busy_until, i) - sim_.world.time());
          if (hazard > 0.0) wait(i, hazard, free_from, [&](const Try& next) { per_block[b.index].push_back(next); });
        }
      });
      for (const auto& block : per_block) {
        for (const auto& first : block) tries_.push(first);
      }
    }
  }

  /// The attacker's hazard runs from `from` to its next try, or to the end of the step (or to the attacker's own
  /// event).
  template <class Found>
  void wait(std::uint32_t i, double hazard, double from, const Found& found) {
    const double end = std::min(sim_.world.step, gone_[i]);
    double& accumulated = value(sim_.columns.attack_accumulated, i);
    const double threshold = stream(i).exponential(draw(i));
    const double time = from + std::max(0.0, threshold - accumulated) / hazard;
    if (time < end) {
      found(Try{time, cells_.id[i], i, hazard});
    } else if (from < end) {
      accumulated += hazard * (end - from);
    }
  }

  void resolve(const Try& now, std::vector<Strike>& strikes) {
    const std::uint32_t i = now.attacker;
    double pick = stream(i).uniform(draw(i), 1) * now.hazard;
    std::uint32_t target = i;
    const BoundAttack* chosen = nullptr;
    bool anyone_left = false;
    each_target(i, [&](std::uint32_t j, double h, const BoundAttack& attack) {
      if (h > 0.0 && pick >= 0.0) target = j, chosen = &attack;  // the last one when round-off leaves a rest
      pick -= h;
      anyone_left = anyone_left || (h > 0.0 && gone_[j] > now.time);
      return false;
    });
    value(sim_.columns.attack_draws, i) += 1.0;
    value(sim_.columns.attack_accumulated, i) = 0.0;
    double free_from = now.time;
    if (chosen && gone_[target] > now.time) {
      gone_[target] = now.time;
      strikes.push_back({now.time, i, target, chosen});
      free_from += chosen->spec->duration;
    }
    if (anyone_left) wait(i, now.hazard, free_from, [&](const Try& next) { tries_.push(next); });
  }

  [[nodiscard]] double& value(std::size_t column, std::size_t i) const { return cells_.values[column][i]; }
  [[nodiscard]] RandomStream stream(std::uint32_t i) const { return {sim_.world.seed, cells_.id[i], Stream::attack}; }
  [[nodiscard]] std::uint64_t draw(std::uint32_t i) const {
    return static_cast<std::uint64_t>(value(sim_.columns.attack_draws, i));
  }

  Simulation& sim_;
  state::CellTable& cells_;
  std::optional<Encounters> encounters_;  ///< in a well-mixed domain
  std::vector<std::uint32_t> by_id_;
  std::vector<Column<double>> weight_;
  std::vector<double> gone_;  ///< min since the step began
  std::priority_queue<Try, std::vector<Try>, std::greater<>> tries_;
};

}  // namespace

void Simulation::attack() {
  strikes.clear();
  if (!attacks_) return;
  strikes = Attackers(*this).run();
  std::vector<bool> struck(world.cells.size(), false);
  for (const auto& strike : strikes) struck[strike.target] = true;
  std::erase_if(requests, [&](const Request& request) { return struck[request.cell]; });  // later than the attack
}

}  // namespace senoma::engine
