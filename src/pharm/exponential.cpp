#include "pharm/exponential.h"

#include <algorithm>

#include "base/math.h"

namespace senoma::pharm {

namespace {

using Square = Matrix<n_compartments>;

Square product(const Square& a, const Square& b) {
  Square result{};
  for (std::size_t i = 0; i < n_compartments; ++i) {
    for (std::size_t k = 0; k < n_compartments; ++k) {
      for (std::size_t j = 0; j < n_compartments; ++j) result[i][j] += a[i][k] * b[k][j];
    }
  }
  return result;
}

}  // namespace

Square exponential(const Square& a, double t) {
  double shift = 0.0, norm = 0.0;
  for (std::size_t i = 0; i < n_compartments; ++i) shift = std::max(shift, -a[i][i]);
  for (const auto& row : a) {
    double sum = shift;
    for (const double entry : row) sum += entry;
    norm = std::max(norm, sum);
  }
  int squarings = 0;
  double h = t;
  while (h * norm > 0.5 && squarings < 60) h *= 0.5, ++squarings;
  Square scaled = a, result{}, term{};
  for (std::size_t i = 0; i < n_compartments; ++i) {
    scaled[i][i] += shift;
    result[i][i] = term[i][i] = 1.0;
    for (double& entry : scaled[i]) entry *= h;
  }
  for (int n = 1; n <= 16; ++n) {  // 0.5^16/16! < 1e-18
    term = product(term, scaled);
    for (std::size_t i = 0; i < n_compartments; ++i) {
      for (std::size_t j = 0; j < n_compartments; ++j) result[i][j] += term[i][j] /= n;
    }
  }
  const double decay = math::exp(-shift * h);
  for (auto& row : result) {
    for (double& entry : row) entry *= decay;
  }
  for (; squarings > 0; --squarings) result = product(result, result);
  return result;
}

}  // namespace senoma::pharm
