#include "verify/markov_chain.h"

#include <algorithm>
#include <cmath>

namespace senoma::verify {

void MarkovChain::add(std::size_t from, std::size_t to, double rate) {
  if (rate == 0.0 || from == to) return;
  transitions_.push_back({from, to, rate});
  exit_[from] += rate;
}

MarkovChain::Interval MarkovChain::advance(const std::vector<double>& p, double t) const {
  const double largest = *std::max_element(exit_.begin(), exit_.end());
  if (largest == 0.0) return {p, p};
  const int parts = static_cast<int>(std::ceil(largest * t / 50.0));  // keeps e^(−Λt) far from underflow
  const double part = t / parts, mu = largest * part;
  Interval all{p, std::vector<double>(p.size(), 0.0)};
  for (int i = 0; i < parts; ++i) {
    std::vector<double> v = all.end, next(p.size()), end(p.size(), 0.0);
    double weight = std::exp(-mu), below = weight;  // Poisson(k), and the sum up to k
    for (int k = 0;; ++k) {
      const double tail = std::max(0.0, 1.0 - below);  // ∫ of Poisson(k; Λs) over s in [0, part] is tail/Λ
      for (std::size_t s = 0; s < v.size(); ++s) {
        end[s] += weight * v[s];
        all.mean[s] += tail / mu * v[s] / parts;
      }
      if (k > mu && tail < 1e-15) break;
      for (std::size_t s = 0; s < v.size(); ++s) next[s] = v[s] * (1.0 - exit_[s] / largest);
      for (const auto& tr : transitions_) next[tr.to] += v[tr.from] * (tr.rate / largest);
      v.swap(next);
      weight *= mu / (k + 1);
      below += weight;
    }
    all.end = std::move(end);
  }
  return all;
}

std::vector<double> MarkovChain::jump(const std::vector<double>& p) const {
  std::vector<double> next(p.size(), 0.0);
  for (std::size_t s = 0; s < p.size(); ++s) {
    if (exit_[s] == 0.0) next[s] = p[s];
  }
  for (const auto& tr : transitions_) next[tr.to] += p[tr.from] * (tr.rate / exit_[tr.from]);
  return next;
}

}  // namespace senoma::verify
