#include "field/implicit_system.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace senoma::field {

ImplicitSystem::ImplicitSystem(const grid::Geometry& geometry) : geometry_(geometry) {
  vectors_.resize(SplitLayout(geometry.n).size());
}

void ImplicitSystem::begin(const Coefficients& coefficients, const Executor& executor) {
  coefficients_ = &coefficients;
  executor_ = &executor;
  const bool mapped = !coefficients.diffusion_map.empty();
  std::unique_ptr<Multigrid>& grids = mapped ? mapped_ : uniform_;
  if (!grids) grids = std::make_unique<Multigrid>(geometry_);
  grids_ = grids.get();
  if (mapped) {
    grids_->use_diffusion_map(coefficients.diffusion_map, executor);
  } else {
    grids_->use_uniform_diffusion();
  }
  collect_face_exchanges(geometry_, coefficients, face_exchanges_);
  collect_fixed_links(geometry_, coefficients, fixed_links_);
  Stencil& fine = grids_->fine();
  for (auto& list : fine.fixed) list.clear();
  const auto n_x = static_cast<std::size_t>(geometry_.n[0]), n_y = static_cast<std::size_t>(geometry_.n[1]);
  for (const std::uint32_t v : coefficients.fixed_voxels) {
    const std::size_t colour = (v % n_x + v / n_x % n_y + v / (n_x * n_y)) & 1;
    fine.fixed[colour].push_back(static_cast<std::uint32_t>(fine.layout.index_of_voxel(v)));
  }
  mass_ = c_ = -1.0;
}

void ImplicitSystem::check_steady_state(double mass) const {
  if (mass > 0.0) return;
  const Column<double>& d = stencil().diagonal;
  const bool has_sink = coefficients_->decay > 0.0 || !fixed_links_.empty() ||
                        std::any_of(face_exchanges_.begin(), face_exchanges_.end(),
                                    [](const Exchange& e) { return e.conductance > 0.0; }) ||
                        std::any_of(uptake_.begin(), uptake_.end(), [](double u) { return u > 0.0; });
  if (has_sink && std::all_of(d.begin(), d.end(), [](double value) { return value > 0.0; })) return;
  throw Error("E4004", "the steady state of this substrate is not defined: nothing removes it", ErrorKind::numerical)
      .help("give it a decay, an uptake, a face with a value or exchange, or switch quasi-steady off");
}

void ImplicitSystem::assemble(double mass, double c) {
  if (mass == mass_ && c == c_) return;
  assemble_with(mass, c, coefficients_->uptake);
}

void ImplicitSystem::assemble_with(double mass, double c, std::span<const double> uptake) {
  uptake_ = uptake;
  const Coefficients& k = *coefficients_;
  Stencil& fine = grids_->fine();
  const SplitLayout& layout = fine.layout;
  const auto n_x = static_cast<std::size_t>(layout.n[0]);
  const double base = mass + c * k.decay;
  for_rows(fine, *executor_, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      double *even = fine.diagonal.data() + layout.half(r, 0), *odd = fine.diagonal.data() + layout.half(r, 1);
      if (uptake.empty()) {
        std::fill(even, even + layout.even, base);
        std::fill(odd, odd + layout.odd, base);
      } else {
        split_row(base, c, uptake.data() + r * n_x, even, odd, n_x);
      }
    }
  });
  for (const Exchange& e : face_exchanges_) fine.diagonal[layout.index_of_voxel(e.voxel)] += c * e.conductance;
  // A fixed voxel pins the coarse voxel around it as strongly as it is coupled to its free neighbours.
  for (const Exchange& e : fixed_links_) fine.diagonal[layout.index_of_voxel(e.partner)] += c * e.conductance;
  grids_->assemble(k.diffusion_map.empty() ? c * k.diffusion : c, base, *executor_);
  check_steady_state(mass);
  mass_ = mass;
  c_ = c;
}

void ImplicitSystem::set_right_side(double weight, std::span<const double> rho, double c, Column<double>& b) {
  const Coefficients& k = *coefficients_;
  const SplitLayout& layout = stencil().layout;
  const auto n_x = static_cast<std::size_t>(layout.n[0]);
  for_rows(stencil(), *executor_, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      double *even = b.data() + layout.half(r, 0), *odd = b.data() + layout.half(r, 1);
      split_row(0.0, weight, rho.data() + r * n_x, even, odd, n_x);
      if (!k.source.empty()) add_to_split_row(c, k.source.data() + r * n_x, even, odd, n_x);
    }
  });
  for (const Exchange& e : face_exchanges_) b[layout.index_of_voxel(e.voxel)] += c * e.inflow;
  for (const Exchange& e : fixed_links_) b[layout.index_of_voxel(e.voxel)] += c * e.inflow;
  zero_fixed(stencil(), b.data());
}

int ImplicitSystem::solve(Column<double>& b, Column<double>& x, double tolerance, double required, int max_iterations,
                          bool along) {
  const CgResult result = field::solve(*grids_, b, x, tolerance, max_iterations, vectors_, *executor_, along);
  if (!result.converged && !(result.relative_residual <= required)) {
    throw Error(
        "E4001",
        fmt::format("the field solver did not converge: relative residual {:.2g} after {} iterations, {:.2g} wanted",
                    result.relative_residual, result.iterations, tolerance),
        ErrorKind::numerical)
        .help("allow more iterations, loosen the tolerance, or look for nearly closed regions in the diffusion map");
  }
  restore_sum(result.right_side_sum, x);
  return result.iterations;
}

int ImplicitSystem::filter(Column<double>& b, Column<double>& x) {
  return field::solve(*grids_, b, x, 0.1, 20, vectors_, *executor_).iterations;
}

void ImplicitSystem::restore_sum(double wanted, Column<double>& x) {
  const Coefficients& k = *coefficients_;
  const SplitLayout& layout = stencil().layout;
  const auto n_x = static_cast<std::size_t>(layout.n[0]);
  const double base = mass_ + c_ * k.decay;
  SignedSums held = sum_rows_as<SignedSums>(stencil(), *executor_, [&](std::size_t first, std::size_t end) {
    SignedSums part;
    for (std::size_t r = first; r < end; ++r) {
      const double* u = uptake_.empty() ? nullptr : uptake_.data() + r * n_x;
      part += mass_sums(base, c_, u, x.data() + layout.half(r, 0), layout.even);
      part += mass_sums(base, c_, u == nullptr ? u : u + 1, x.data() + layout.half(r, 1), layout.odd);
    }
    return part;
  });
  for (const auto* list : {&face_exchanges_, &fixed_links_}) {
    for (const Exchange& e : *list) {
      const double outflow = c_ * e.conductance * x[layout.index_of_voxel(e.voxel)];
      held += {outflow, std::abs(outflow)};
    }
  }
  if (!(held.absolute > 0.0)) return;
  const double weight = (wanted - held.plain) / held.absolute;
  for_values(stencil(), *executor_,
             [&](std::size_t at, std::size_t n) { scale_by_magnitude(weight, x.data() + at, n); });
}

void ImplicitSystem::split(std::span<const double> natural, Column<double>& out) const {
  const SplitLayout& layout = stencil().layout;
  const auto n_x = static_cast<std::size_t>(layout.n[0]);
  for_rows(stencil(), *executor_, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      split_row(0.0, 1.0, natural.data() + r * n_x, out.data() + layout.half(r, 0), out.data() + layout.half(r, 1),
                n_x);
    }
  });
  zero_fixed(stencil(), out.data());
}

void ImplicitSystem::merge(double keep, double weight, const Column<double>& from, std::span<double> natural) const {
  const SplitLayout& layout = stencil().layout;
  const auto n_x = static_cast<std::size_t>(layout.n[0]);
  for_rows(stencil(), *executor_, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      merge_row(keep, weight, from.data() + layout.half(r, 0), from.data() + layout.half(r, 1),
                natural.data() + r * n_x, n_x);
    }
  });
  const auto& fixed = coefficients_->fixed_voxels;
  for (std::size_t f = 0; f < fixed.size(); ++f) natural[fixed[f]] += weight * coefficients_->fixed_values[f];
}

}  // namespace senoma::field
