#include "network/trajectory_draws.h"

#include "base/math.h"

namespace senoma::network {

void TrajectoryDraws::fill() {
  uniform_pairs(stream_, next_ordinal_, batch, waiting_.data(), choice_.data());
  if (with_waiting_) {
    math::log(waiting_.data(), waiting_.data(), batch);
    for (double& w : waiting_) w = -w;
  }
  next_ordinal_ += batch;
  at_ = 0;
  filled_ = batch;
}

}  // namespace senoma::network
