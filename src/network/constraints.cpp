#include "network/constraints.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace senoma::network {

using expr::NodeId;
using expr::Op;

namespace {

constexpr int most_rounds = 400;
constexpr double round_off = 8.0 * std::numeric_limits<double>::epsilon();
constexpr double closeness = 1e-14;  // of the last of Newton's moves, relative to the state
constexpr double near_enough = 0.1;  // a first move that small needs no search for the way
constexpr double pace_gain = 10.0, pace_loss = 8.0;
constexpr double highest_pace = 1e25;   // relative to the fast reactions' own; beyond, the search is Newton's method
constexpr double smallest_part = 1e-6;  // of one of Newton's moves that is tried

void run(const expr::Program& program, std::span<const double> slots, std::vector<double>& results,
         expr::Program::Workspace& registers) {
  results.resize(program.n_outputs());
  std::vector<expr::Input> inputs;
  inputs.reserve(slots.size());
  for (const double& slot : slots) inputs.push_back({&slot, 0});
  std::vector<double*> outputs;
  for (double& result : results) outputs.push_back(&result);
  program.run(inputs, outputs, 1, registers);
}

bool all_finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// a x = b by Gaussian elimination with row pivots; the result is in b.
bool solve_dense(std::size_t n, std::vector<double>& a, std::vector<double>& b) {
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r) {
      if (std::fabs(a[r * n + c]) > std::fabs(a[pivot * n + c])) pivot = r;
    }
    if (a[pivot * n + c] == 0.0) return false;
    if (pivot != c) {
      for (std::size_t k = c; k < n; ++k) std::swap(a[c * n + k], a[pivot * n + k]);
      std::swap(b[c], b[pivot]);
    }
    for (std::size_t r = c + 1; r < n; ++r) {
      const double factor = a[r * n + c] / a[c * n + c];
      if (factor == 0.0) continue;
      for (std::size_t k = c; k < n; ++k) a[r * n + k] -= factor * a[c * n + k];
      b[r] -= factor * b[c];
    }
  }
  for (std::size_t r = n; r-- > 0;) {
    for (std::size_t k = r + 1; k < n; ++k) b[r] -= a[r * n + k] * b[k];
    b[r] /= a[r * n + r];
  }
  return all_finite(b);
}

}  // namespace

ConstraintProgram::ConstraintProgram(const OdeSystem& system) : system_(system), n_(system.constraints.size()) {
  if (n_ == 0) return;
  expr::Graph graph = system.graph;  // slopes are new nodes
  std::vector<NodeId> values, coefficients;
  for (const OdeConstraint& constraint : system.constraints) values.push_back(constraint.residual);
  for (const OdeConstraint& constraint : system.constraints) {
    for (const OdeConstraint& other : system.constraints) {
      NodeId slope = graph.constant(0.0);
      for (const auto& [state, coefficient] : other.direction) {
        const NodeId partial = graph.derivative(constraint.residual, static_cast<std::int32_t>(state));
        slope = graph.add(slope, graph.mul(partial, coefficient));
      }
      values.push_back(slope);
    }
  }
  for (const OdeConstraint& constraint : system.constraints) {
    NodeId scale = graph.constant(0.0);
    for (const std::int32_t slot : graph.variables(std::span(&constraint.residual, 1))) {
      const NodeId part = graph.mul(graph.derivative(constraint.residual, slot), graph.variable(slot));
      scale = graph.add(scale, graph.make(Op::abs, part));
    }
    values.push_back(scale);
    relaxes_ = relaxes_ || constraint.relaxes;
    for (const auto& [state, coefficient] : constraint.direction) {
      coefficients.push_back(coefficient);
      moved_.push_back(state);
    }
  }
  values_ = expr::Program(graph, values);
  directions_ = expr::Program(graph, coefficients);
}

/// Implicit Euler steps of growing length in the fast reactions' own time, which end as Newton's method; for algebraic
/// rules alone, Newton's method with parts of moves where whole ones lead away.
class ConstraintProgram::Search {
 public:
  Search(const ConstraintProgram& program, std::span<double> slots, Workspace& workspace)
      : program_(program), n_(program.n_), slots_(slots), w_(workspace) {
    w_.start.assign(slots.begin(), slots.end());
    run(program.directions_, slots, w_.coefficients, w_.registers);
  }

  void run_to_end() {
    evaluate(slots_, w_.values);
    if (!all_finite(w_.values)) fail();
    if (program_.relaxes_) choose_first_pace();
    for (int round = 0; round < most_rounds && !fulfilled(); ++round) {
      if (!solve()) {
        slow_down();
        continue;
      }
      const double change = move();
      evaluate(w_.trial, w_.there);
      if (!acceptable(change)) {
        slow_down();
        continue;
      }
      std::copy(w_.trial.begin(), w_.trial.end(), slots_.begin());
      std::swap(w_.values, w_.there);
      if (inverse_pace_ == 0.0 && part_ == 1.0 && change <= closeness) return;
      part_ = std::min(1.0, 2.0 * part_);
      inverse_pace_ = inverse_pace_ > own_rate_ / highest_pace ? inverse_pace_ / pace_gain : 0.0;
    }
    if (!fulfilled()) fail();
  }

 private:
  void evaluate(std::span<const double> slots, std::vector<double>& values) {
    run(program_.values_, slots, values, w_.registers);
  }
  bool relaxes(std::size_t k) const { return program_.system_.constraints[k].relaxes; }
  double slope(std::size_t k, std::size_t l) const { return w_.values[n_ + k * n_ + l]; }

  /// Whether every g is round-off of its terms.
  bool fulfilled() const {
    for (std::size_t k = 0; k < n_; ++k) {
      if (!(std::fabs(w_.values[k]) <= round_off * w_.values[n_ + n_ * n_ + k])) return false;
    }
    return true;
  }

  void choose_first_pace() {
    for (std::size_t k = 0; k < n_; ++k) {
      double sum = 0.0;
      for (std::size_t l = 0; l < n_; ++l) sum += std::fabs(slope(k, l));
      if (relaxes(k)) own_rate_ = std::max(own_rate_, sum);
    }
    if (own_rate_ == 0.0) own_rate_ = 1.0;
    if (!solve() || !(move() < near_enough) || leaves_domain()) inverse_pace_ = own_rate_;
  }

  void slow_down() {
    if (program_.relaxes_) {
      inverse_pace_ = inverse_pace_ > 0.0 ? inverse_pace_ * pace_loss : own_rate_;
    } else if ((part_ *= 0.5) < smallest_part) {
      fail();
    }
  }

  /// (P − ∂g/∂y · D) m = g, P the inverse pace for fast reactions; one without rate and slope stands still.
  bool solve() {
    w_.moves.assign(w_.values.begin(), w_.values.begin() + static_cast<std::ptrdiff_t>(n_));
    w_.matrix.resize(n_ * n_);
    for (std::size_t k = 0; k < n_; ++k) {
      bool still = w_.moves[k] == 0.0;
      for (std::size_t l = 0; l < n_; ++l) {
        w_.matrix[k * n_ + l] = -slope(k, l);
        still = still && slope(k, l) == 0.0;
      }
      if (relaxes(k)) w_.matrix[k * n_ + k] += still ? 1.0 : inverse_pace_;
    }
    return solve_dense(n_, w_.matrix, w_.moves);
  }

  /// The trial state; returns the largest move beside the state itself.
  double move() {
    w_.trial.assign(slots_.begin(), slots_.end());
    std::size_t at = 0;
    for (std::size_t k = 0; k < n_; ++k) {
      for (std::size_t i = 0; i < program_.system_.constraints[k].direction.size(); ++i, ++at) {
        w_.trial[program_.moved_[at]] += part_ * w_.moves[k] * w_.coefficients[at];
      }
    }
    double largest = 0.0;
    for (const std::size_t state : program_.moved_) {
      const double change = std::fabs(w_.trial[state] - slots_[state]);
      const double reference = std::max(std::fabs(slots_[state]), std::fabs(w_.start[state]));
      if (change != 0.0) largest = std::max(largest, reference > 0.0 ? change / reference : 1.0);
    }
    return largest;
  }

  /// Whether an amount turned negative beyond round-off.
  bool leaves_domain() const {
    double largest = 0.0;
    for (const std::size_t state : program_.moved_) largest = std::max(largest, std::fabs(slots_[state]));
    for (const std::size_t state : program_.moved_) {
      if (!program_.system_.states[state].non_negative || slots_[state] < 0.0) continue;
      if (w_.trial[state] < -closeness * largest) return true;
    }
    return false;
  }

  bool acceptable(double change) const {
    if (!all_finite(w_.there)) return false;
    double before = 0.0, after = 0.0;
    for (std::size_t k = 0; k < n_; ++k) {
      const double scale = std::max(w_.values[n_ + n_ * n_ + k], std::numeric_limits<double>::min());
      before += w_.values[k] / scale * (w_.values[k] / scale);
      after += w_.there[k] / scale * (w_.there[k] / scale);
    }
    if (program_.relaxes_ && leaves_domain()) return false;
    if (program_.relaxes_ && inverse_pace_ > 0.0) return true;  // on the way, a rate may grow for a while
    return after < before || change <= 1e-9;
  }

  [[noreturn]] void fail() const {
    throw Error("E3105",
                fmt::format("network '{}', time {:.6g}: no state within reach fulfils {}", program_.system_.name,
                            slots_[static_cast<std::size_t>(program_.system_.time_slot())],
                            program_.system_.constraints.front().name),
                ErrorKind::numerical)
        .help("give its unknown a start value near the solution; is there a solution at this time?");
  }

  const ConstraintProgram& program_;
  std::size_t n_;
  std::span<double> slots_;
  Workspace& w_;
  double own_rate_ = 0.0, inverse_pace_ = 0.0, part_ = 1.0;
};

void ConstraintProgram::project(std::span<double> slots, Workspace& workspace) const {
  if (n_ > 0) Search(*this, slots, workspace).run_to_end();
}

}  // namespace senoma::network
