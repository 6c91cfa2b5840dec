#include <algorithm>
#include <cmath>

#include "field/coefficient_checks.h"
#include "field/exponential_step.h"
#include "field/implicit_system.h"
#include "field/ledger.h"
#include "field/reaction_diffusion.h"

namespace senoma::field {

namespace {

const double gamma_sdirk = 1.0 - 1.0 / std::sqrt(2.0);

}  // namespace

struct Solver::Impl {
  explicit Impl(const grid::Geometry& g) : geometry(g), system(g) {
    const std::size_t n = SplitLayout(g.n).size();
    for (Column<double>* column : {&b, &x}) column->assign(n, 0.0);
  }

  // One substep of length h from `rho`: the result in x (split order), its time average in `mean` (natural order).
  void solve_stage(double mass, double c, double tolerance, double weight, bool along = false);
  void begin_substep() {
    for (auto* sums : {&system.taken_up(), &system.free_part()}) std::fill(sums->begin(), sums->end(), 0.0);
  }
  void steady(std::span<const double> rho, double tolerance, std::span<double> mean);
  void backward_euler(std::span<const double> rho, double h, double tolerance, std::span<double> mean);
  void sdirk2(std::span<const double> rho, double h, double tolerance, std::span<double> mean);
  [[nodiscard]] double tight_tolerance() const { return std::max(1e-14, 1e-4 * options.undershoot_tolerance); }
  void positive_substep(std::span<const double> rho, double h, std::span<double> mean);
  double measure_error(std::span<const double> rho, std::span<const double> mean);
  [[nodiscard]] double undershoot() const;
  bool accept(double h, double dt, double& next) const;
  enum class Exponential { done, shorten, refuse };
  Exponential exponential(std::span<const double> rho, double h, double dt, std::span<double> mean);
  void add_share(double share, std::span<const double> mean, std::span<double> mean_rho) const;
  void bound_data(std::span<const double> rho, const Coefficients& coefficients);
  [[nodiscard]] bool all_gone(const Coefficients& coefficients) const;

  grid::Geometry geometry;
  ImplicitSystem system;
  Column<double> b, x, error;
  ExponentialStep exponential_step;
  std::vector<double> own_mean;    ///< of the step, where the caller wants none
  std::vector<double> later_mean;  ///< of a substep after the first
  std::vector<double> saturated;   ///< mean saturable uptake or split losses of the step, natural order; empty without
  std::vector<double> free;        ///< mean free part of the step; empty without a split
  SolverOptions options;
  StepReport report;
  double lowest_allowed = 0.0;  ///< the least value of the data, at most 0
  double largest_data = 0.0;    ///< of the field before the step and the fixed values
  double substep_error = 0.0;
};

// Solves for x with right side b; `weight` is the stage's share of the substep's time average.
void Solver::Impl::solve_stage(double mass, double c, double tolerance, double weight, bool along) {
  const Tolerances tolerances{tolerance, options.tolerance, options.max_iterations};
  if (system.is_nonlinear()) {
    report.iterations += system.solve_nonlinear(mass, c, b, x, tolerances, along, weight, report.newton);
    return;
  }
  system.assemble(mass, c);
  report.iterations += system.solve(b, x, tolerances.wanted, tolerances.required, tolerances.max_iterations, along);
}

void Solver::Impl::steady(std::span<const double> rho, double tolerance, std::span<double> mean) {
  begin_substep();
  system.set_right_side(0.0, rho, 1.0, b);
  system.split(rho, x);
  solve_stage(0.0, 1.0, tolerance, 1.0);
  system.merge(0.0, 1.0, x, mean);
}

void Solver::Impl::backward_euler(std::span<const double> rho, double h, double tolerance, std::span<double> mean) {
  begin_substep();
  system.set_right_side(1.0, rho, h, b);
  system.split(rho, x);
  solve_stage(1.0, h, tolerance, 1.0);
  system.merge(0.0, 1.0, x, mean);
  substep_error = 0.0;
}

// Stages (I + γh M) y_1 = ρ + γh f and (I + γh M) y_2 = ρ + (1−γ)/γ (y_1 − ρ) + γh f, where (y_1 − ρ)/(γh) stands for
// f − M y_1; the result is y_2, the time average (1−γ) y_1 + γ y_2.
void Solver::Impl::sdirk2(std::span<const double> rho, double h, double tolerance, std::span<double> mean) {
  const double c = gamma_sdirk * h, share = 1.0 - gamma_sdirk;
  begin_substep();
  system.set_right_side(1.0, rho, c, b);
  system.split(rho, x);
  solve_stage(1.0, c, tolerance, share);
  system.merge(0.0, share, x, mean);
  system.set_right_side(1.0, rho, c, b);
  Column<double>& start = system.scratch();
  system.split(rho, start);
  for_values(system.stencil(), system.executor(),
             [&](std::size_t at, std::size_t n) { second_stage(share / gamma_sdirk, &x[at], &start[at], &b[at], n); });
  solve_stage(1.0, c, tolerance, gamma_sdirk, true);
  system.merge(1.0, gamma_sdirk, x, mean);
  substep_error = options.error_tolerance > 0.0 ? measure_error(rho, mean) : 0.0;
}

// The embedded estimate compares with an explicit first-order result, which is far off in the modes that the step
// damps. Passing it through (I + γh M)⁻¹ leaves the slow modes alone and keeps it bounded there (Hosea & Shampine,
// Appl. Numer. Math. 20, 21 (1996)); a rough solve is enough.
double Solver::Impl::measure_error(std::span<const double> rho, std::span<const double> mean) {
  error.resize(b.size(), 0.0);
  system.split(rho, b);
  Column<double>& average = system.scratch();
  system.split(mean, average);
  for_values(system.stencil(), system.executor(),
             [&](std::size_t at, std::size_t n) { embedded_error(gamma_sdirk, &x[at], &average[at], &b[at], n); });
  std::fill(error.begin(), error.end(), 0.0);
  report.iterations += system.filter(b, error);
  const SignedSums sums =
      sum_values_as<SignedSums>(system.stencil(), system.executor(), [&](std::size_t at, std::size_t n) {
        return SignedSums{dot(&error[at], &error[at], n), dot(&x[at], &x[at], n)};
      });
  return sums.absolute > 0.0 ? std::sqrt(sums.plain / sums.absolute) : 0.0;
}

// How far x lies below what the data allow, relative to its largest magnitude; 0 if it does not.
double Solver::Impl::undershoot() const {
  const Range range = range_of(x.data(), x.size());
  const double scale = range.magnitude;
  const double below = lowest_allowed - range.lowest;
  return below > options.undershoot_tolerance * scale ? below / std::max(scale, largest_data) : 0.0;
}

// An undershoot of the solver's own error goes away with a tighter solve; one of the scheme needs backward Euler, whose
// matrix has a non-negative inverse.
void Solver::Impl::positive_substep(std::span<const double> rho, double h, std::span<double> mean) {
  const double below = undershoot();
  if (below == 0.0) return;
  const double tight = tight_tolerance();
  if (below < 10.0 * options.tolerance) {
    sdirk2(rho, h, tight, mean);
    if (undershoot() == 0.0) return;
  }
  ++report.backward_euler;
  backward_euler(rho, h, options.tolerance, mean);
  if (undershoot() > 0.0) backward_euler(rho, h, tight, mean);
}

// Whether the embedded error allows substep h; proposes the next length.
bool Solver::Impl::accept(double h, double dt, double& next) const {
  next = dt;
  if (options.error_tolerance <= 0.0) return true;
  const double factor = substep_error > 0.0 ? 0.9 * std::sqrt(options.error_tolerance / substep_error) : 5.0;
  next = h * std::clamp(factor, 0.2, 5.0);
  return substep_error <= options.error_tolerance || h <= 1e-6 * dt;
}

// A substep by the matrix exponential. Where it would undershoot (a sharp front in an empty field) SDIRK2 takes over
// for the rest of the step; where it is not accurate enough with all its vectors, a shorter one is.
Solver::Impl::Exponential Solver::Impl::exponential(std::span<const double> rho, double h, double dt,
                                                    std::span<double> mean) {
  const ExponentialReport result =
      exponential_step.run(system, rho, h, options.error_tolerance, options.max_iterations, x, mean);
  report.iterations += result.iterations;
  substep_error = result.error;
  if (!result.converged) return h > dt / 64 ? Exponential::shorten : Exponential::refuse;
  return undershoot() == 0.0 ? Exponential::done : Exponential::refuse;
}

// A substep's share of the step's time average; the first one was already written there.
void Solver::Impl::add_share(double share, std::span<const double> mean, std::span<double> mean_rho) const {
  const bool first = mean.data() == mean_rho.data();
  if (first && share == 1.0) return;
  const auto n_x = static_cast<std::size_t>(geometry.n[0]);
  for_rows(system.stencil(), system.executor(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin * n_x; v < end * n_x; ++v) mean_rho[v] = share * mean[v] + (first ? 0.0 : mean_rho[v]);
  });
}

void Solver::Impl::bound_data(std::span<const double> rho, const Coefficients& k) {
  const Range field = range_of(rho.data(), rho.size()), fixed = range_of(k.fixed_values.data(), k.fixed_values.size());
  largest_data = std::max(field.magnitude, fixed.magnitude);
  // Earlier undershoots within tolerance do not count as negative data, else they would add up.
  lowest_allowed = field.lowest < -1e3 * options.undershoot_tolerance * largest_data ? field.lowest : 0.0;
  lowest_allowed = std::min(lowest_allowed, fixed.lowest);
  for (const FaceCondition& face : k.faces) {
    if (face.kind == FaceCondition::Kind::value || face.kind == FaceCondition::Kind::mixed) {
      lowest_allowed = std::min(lowest_allowed, face.value);
    }
  }
}

// A substrate that is nowhere and comes from nowhere: a drug before its dose, or so long after it that products of its
// values would underflow (1e-60 of any unit is far below one molecule in any tissue).
bool Solver::Impl::all_gone(const Coefficients& k) const {
  const auto brings = [](const Exchange& e) { return e.inflow != 0.0; };
  return largest_data < 1e-60 && range_of(k.source.data(), k.source.size()).magnitude == 0.0 &&
         std::none_of(system.face_exchanges().begin(), system.face_exchanges().end(), brings);
}

void StepTotals::add(const StepReport& report) {
  const auto iterations_here = static_cast<std::uint64_t>(report.iterations);
  const auto substeps_here = static_cast<std::uint64_t>(report.substeps);
  iterations += iterations_here;
  most_iterations = std::max(most_iterations, iterations_here);
  newton += static_cast<std::uint64_t>(report.newton);
  substeps += substeps_here;
  most_substeps = std::max(most_substeps, substeps_here);
  backward_euler += static_cast<std::uint64_t>(report.backward_euler);
}

Solver::Solver(const grid::Geometry& geometry) {
  check_geometry(geometry);
  impl_ = std::make_unique<Impl>(geometry);
}
Solver::~Solver() = default;
Solver::Solver(Solver&&) noexcept = default;

const grid::Geometry& Solver::geometry() const { return impl_->geometry; }

StepReport Solver::step(std::span<double> rho, double dt, const Coefficients& coefficients,
                        const SolverOptions& options, const Executor& executor, std::span<double> mean_rho,
                        std::span<double> mean_free) {
  Impl& my = *impl_;
  check_coefficients(my.geometry, rho, dt, coefficients, mean_rho, mean_free);
  my.options = options;
  my.report = {};
  my.report.substeps = 0;
  my.system.begin(coefficients, executor);
  my.bound_data(rho, coefficients);
  if (mean_rho.empty()) {
    my.own_mean.resize(rho.size());
    mean_rho = my.own_mean;
  }
  if (my.all_gone(coefficients)) {
    Ledger& ledger = my.report.ledger;
    ledger.content_before = content(my.geometry, rho, my.system);
    ledger.decayed = ledger.content_before;
    ledger.gross = std::abs(ledger.content_before);
    std::fill(mean_rho.begin(), mean_rho.end(), 0.0);
    std::fill(mean_free.begin(), mean_free.end(), 0.0);
    std::fill(rho.begin(), rho.end(), 0.0);
    my.report.substeps = 1;
    return my.report;
  }
  const double content_before = content(my.geometry, rho, my.system);
  double before_in_fixed = 0.0;
  for (const std::uint32_t v : coefficients.fixed_voxels) before_in_fixed += rho[v];

  my.saturated.assign(my.system.is_nonlinear() ? rho.size() : 0, 0.0);
  my.free.assign(my.system.is_split() ? rho.size() : 0, 0.0);
  my.system.taken_up().resize(my.saturated.size());
  my.system.free_part().resize(my.free.size());
  double done = 0.0, h = dt;
  bool by_exponential =
      options.error_tolerance > 0.0 && !my.system.is_nonlinear() && my.system.stencil().layout.n_voxels() > 1;
  while (done < dt) {
    h = dt - done < 1.0000001 * h ? dt - done : h;
    double next = dt;
    if (done > 0.0) my.later_mean.resize(rho.size());
    const std::span<double> mean = done == 0.0 ? mean_rho : std::span<double>(my.later_mean);
    if (options.quasi_steady) {
      my.steady(rho, options.tolerance, mean);
      if (my.undershoot() > 0.0) my.steady(rho, my.tight_tolerance(), mean);
    } else if (by_exponential) {
      const auto outcome = my.exponential(rho, h, dt, mean);
      if (outcome != Impl::Exponential::done) {
        by_exponential = outcome == Impl::Exponential::shorten;
        h = by_exponential ? 0.5 * h : h;
        continue;
      }
      my.report.error_estimate = std::max(my.report.error_estimate, my.substep_error);
      next = h;
    } else {
      my.sdirk2(rho, h, options.tolerance, mean);
      if (!my.accept(h, dt, next)) {
        h = next;
        continue;
      }
      my.report.error_estimate = std::max(my.report.error_estimate, my.substep_error);
      my.positive_substep(rho, h, mean);
    }
    my.add_share(h / dt, mean, mean_rho);
    my.system.merge(0.0, 1.0, my.x, rho);
    add_scaled(h / dt, my.system.taken_up().data(), my.saturated.data(), my.saturated.size());
    add_scaled(h / dt, my.system.free_part().data(), my.free.data(), my.free.size());
    ++my.report.substeps;
    done = h == dt - done ? dt : done + h;
    h = next;
  }
  Coefficients counted = coefficients;
  if (my.system.is_split()) counted.uptake = {};  // all losses are in `saturated`
  my.report.ledger = close_ledger(my.geometry, counted, my.system, dt, options.quasi_steady, content_before,
                                  before_in_fixed, mean_rho, my.saturated, rho);
  if (my.system.is_split()) {
    tell_losses_apart(my.geometry, coefficients, my.system, dt, my.free, my.report.ledger);
    std::copy_n(my.free.begin(), mean_free.size(), mean_free.begin());
  }
  return my.report;
}

}  // namespace senoma::field
