#include "network/occupancy.h"

#include <algorithm>
#include <cmath>

namespace senoma::network {

std::size_t Occupancy::add_item() {
  cells_.resize(cells_.size() + stride_);
  pending_.emplace_back();
  return pending_.size() - 1;
}

void Occupancy::end_trajectory() {
  for (const std::size_t item : touched_) {
    flush(item, pending_[item]);
    pending_[item] = {};
  }
  touched_.clear();
}

void Occupancy::merge(std::size_t to, const Occupancy& other, std::size_t from) {
  for (std::size_t k = 0; k < stride_; ++k) {
    const Cell& source = other.cells_[from * stride_ + k];
    Cell& target = cell(to, k);
    target.change += source.change;
    target.sum += source.sum;
    target.square += source.square;
  }
}

std::vector<Occupancy::Estimate> Occupancy::estimates(std::size_t item, std::uint64_t n, double last_width) const {
  std::vector<Estimate> all;
  std::int64_t whole = 0;
  const auto count = static_cast<double>(n);
  for (std::size_t k = 0; k + 1 < stride_; ++k) {
    const Cell& c = cells_[item * stride_ + k];
    whole += c.change;
    const double width = k + 2 == stride_ ? last_width : 1.0;
    const double mean = (static_cast<double>(whole) + static_cast<double>(c.sum) / unit / width) / count;
    const double square = (static_cast<double>(whole) + static_cast<double>(c.square) / unit / (width * width)) / count;
    const double variance = std::max(0.0, square - mean * mean) * count / std::max(1.0, count - 1.0);
    all.push_back({mean, std::sqrt(variance / count)});
  }
  return all;
}

}  // namespace senoma::network
