#include "field/coefficient_checks.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "field/row_kernels.h"

namespace senoma::field {

namespace {

constexpr double lowest_finite = std::numeric_limits<double>::lowest();

void check_size(std::size_t found, std::size_t expected, const char* name) {
  if (found == expected) return;
  throw Error("E4003", fmt::format("{} holds {} values, the grid has {} voxels", name, found, expected))
      .help("give one value per voxel");
}

void check_number(double value, double lowest, const std::string& name) {
  if (value >= lowest && std::isfinite(value)) return;
  throw Error("E4002",
              fmt::format("{} is {}; it must be {}", name, value, lowest == 0.0 ? "finite and not negative" : "finite"),
              ErrorKind::numerical)
      .help("correct the substrate's coefficients");
}

void check_voxels(const grid::Geometry& geometry, std::span<const double> values, double lowest, const char* name) {
  if (all_at_least(lowest, values.data(), values.size())) return;
  const auto n_x = static_cast<std::size_t>(geometry.n[0]), n_y = static_cast<std::size_t>(geometry.n[1]);
  for (std::size_t v = 0; v < values.size(); ++v) {
    check_number(values[v], lowest,
                 fmt::format("{} in voxel ({}, {}, {})", name, v % n_x, v / n_x % n_y, v / (n_x * n_y)));
  }
}

void check_fixed(const grid::Geometry& geometry, const Coefficients& k) {
  if (k.fixed_values.size() != k.fixed_voxels.size()) {
    throw Error("E4003", fmt::format("{} fixed voxels have {} values", k.fixed_voxels.size(), k.fixed_values.size()))
        .help("give each fixed voxel one value");
  }
  for (std::size_t f = 0; f < k.fixed_voxels.size(); ++f) {
    const bool ascends = f == 0 || k.fixed_voxels[f - 1] < k.fixed_voxels[f];
    if (!ascends || k.fixed_voxels[f] >= geometry.size()) {
      throw Error("E4003",
                  fmt::format("fixed voxel {} is outside the grid or not in ascending order", k.fixed_voxels[f]))
          .help("sort the fixed voxels and give each once");
    }
    check_number(k.fixed_values[f], lowest_finite, fmt::format("the value of fixed voxel {}", k.fixed_voxels[f]));
  }
}

}  // namespace

void check_geometry(const grid::Geometry& geometry) {
  for (std::size_t a = 0; a < 3; ++a) {
    if (geometry.n[a] >= 1 && geometry.spacing[a] > 0.0 && std::isfinite(geometry.spacing[a])) continue;
    throw Error("E4003", fmt::format("the grid has {} voxels of {} um along axis {}", geometry.n[a],
                                     geometry.spacing[a], "xyz"[a]))
        .help("give at least one voxel of positive size along each axis");
  }
  if (geometry.size() > std::numeric_limits<std::uint32_t>::max() / 2) {
    throw Error("E4003", fmt::format("the grid has {} voxels; at most 2^31 are possible", geometry.size()))
        .help("use larger voxels");
  }
}

void check_coefficients(const grid::Geometry& geometry, std::span<const double> rho, double dt, const Coefficients& k,
                        std::span<const double> mean_rho, std::span<const double> mean_free) {
  const std::size_t n = geometry.size();
  check_size(rho.size(), n, "the field");
  if (!k.diffusion_map.empty()) check_size(k.diffusion_map.size(), n, "the diffusion map");
  if (!k.uptake.empty()) check_size(k.uptake.size(), n, "the uptake");
  if (!k.saturable.empty()) {
    check_size(k.saturable.size(), n, "the saturable uptake");
    check_number(k.half_saturation, std::numeric_limits<double>::min(), "the half-saturation of uptake");
  }
  if (!k.source.empty()) check_size(k.source.size(), n, "the source");
  if (!mean_rho.empty()) check_size(mean_rho.size(), n, "the mean field");
  if (!mean_free.empty()) check_size(mean_free.size(), n, "the mean free part");
  if (k.split && (k.decay != 0.0 || !k.saturable.empty()))
    throw Error("E4003", "a field with a bound part has a decay or a saturable uptake of the whole")
        .help("give free_decay, and uptake of first order");
  check_number(dt, std::numeric_limits<double>::min(), "the time step");
  check_number(k.diffusion, 0.0, "the diffusion coefficient");
  check_number(k.decay, 0.0, "the decay rate");
  check_number(k.free_decay, 0.0, "the decay rate of the free part");
  check_voxels(geometry, rho, lowest_finite, "the field");
  check_voxels(geometry, k.diffusion_map, 0.0, "the diffusion coefficient");
  check_voxels(geometry, k.uptake, 0.0, "the uptake rate");
  check_voxels(geometry, k.saturable, 0.0, "the saturable uptake rate");
  check_voxels(geometry, k.source, lowest_finite, "the source");
  check_fixed(geometry, k);
  for (const FaceCondition& face : k.faces) {
    check_number(face.value, lowest_finite, "the value of a face");
    check_number(face.flux, lowest_finite, "the flux through a face");
    check_number(face.transfer, 0.0, "the exchange coefficient of a face");
  }
}

}  // namespace senoma::field
