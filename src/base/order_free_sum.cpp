#include "base/order_free_sum.h"

#include <algorithm>
#include <cmath>

namespace senoma {

double order_free_sum(std::span<const double> terms) {
  double largest = 0.0, spoiled = 0.0;
  for (const double v : terms) {
    largest = std::max(largest, std::abs(v));
    spoiled += 0.0 * v;  // NaN when a term is not finite
  }
  if (spoiled != 0.0 || largest == 0.0) return spoiled;
  constexpr int bits = 94;
  int exponent = 0;
  (void)std::frexp(largest, &exponent);
  __extension__ using Wide = __int128;
  Wide sum = 0;
  for (const double v : terms) sum += static_cast<Wide>(std::ldexp(v, bits - exponent));
  return std::ldexp(static_cast<double>(sum), exponent - bits);
}

}  // namespace senoma
