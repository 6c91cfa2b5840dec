// Transient probabilities of a finite continuous-time Markov chain: p(t) = p(0) e^(Qt), by uniformisation (Jensen
// 1953): with Λ ≥ every exit rate, e^(Qt) = Σ_k Poisson(k; Λt) (1 + Q/Λ)^k, a sum of positive terms. Made for checks:
// it shares nothing with the simulators. No global state.
#pragma once

#include <cstddef>
#include <vector>

namespace senoma::verify {

class MarkovChain {
 public:
  explicit MarkovChain(std::size_t states) : exit_(states, 0.0) {}

  void add(std::size_t from, std::size_t to, double rate);
  [[nodiscard]] std::size_t size() const { return exit_.size(); }

  struct Interval {
    std::vector<double> end, mean;  ///< p(t), and the mean of p over [0, t]
  };
  /// Error below 1e-12 per call.
  [[nodiscard]] Interval advance(const std::vector<double>& p, double t) const;
  /// One jump: each state moves on in proportion to its rates; states without rates stay.
  [[nodiscard]] std::vector<double> jump(const std::vector<double>& p) const;

 private:
  struct Transition {
    std::size_t from, to;
    double rate;
  };
  std::vector<Transition> transitions_;
  std::vector<double> exit_;
};

}  // namespace senoma::verify
