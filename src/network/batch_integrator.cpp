#include "network/batch_integrator.h"

#include <fmt/format.h>

#include <cmath>
#include <mutex>
#include <optional>

#include "base/error.h"
#include "network/pack_stepper.h"

namespace senoma::network {

namespace {

/// Lanes per unit of parallel work: a dozen packs hide the tail in which a block's last lanes run alone.
constexpr std::size_t block_lanes = 1024;

std::vector<double> tolerances_of(const OdeSystem& system, const IntegratorOptions& options) {
  std::vector<double> tolerances = options.absolute_tolerances;
  if (tolerances.empty()) tolerances.assign(system.states.size(), options.absolute_tolerance);
  bool good = tolerances.size() == system.states.size() && options.relative_tolerance > 0.0;
  for (const double t : tolerances) good = good && t > 0.0;
  if (!good) {
    throw Error("E3011", fmt::format("network '{}': tolerances must be positive, one for each of the {} states",
                                     system.name, system.states.size()))
        .help("set a relative tolerance such as 1e-4 and an absolute one well below the smallest amount of interest");
  }
  return tolerances;
}

void check_columns(const OdeSystem& system, const BatchIntegrator::Lanes& lanes, double t0, double t1) {
  const auto refuse = [&](const std::string& what) {
    throw Error("E3011", fmt::format("network '{}': {}", system.name, what));
  };
  const auto check = [&](const char* what, std::size_t given, std::size_t wanted) {
    if (given != wanted) refuse(fmt::format("{} {} given, {} expected", given, what, wanted));
  };
  check("state columns", lanes.states.size(), system.states.size());
  check("input columns", lanes.inputs.size(), system.inputs.size());
  check("parameter values", lanes.parameters.size(), system.parameters.size());
  if (!lanes.label.empty()) check("labels", lanes.label.size(), lanes.n);
  if (!std::isfinite(t0) || !std::isfinite(t1) || t1 < t0)
    refuse(fmt::format("cannot integrate from {} to {}", t0, t1));
}

[[noreturn]] void throw_failure(const OdeSystem& system, const IntegratorOptions& options,
                                const BatchIntegrator::Lanes& lanes, const LaneFailure& failure) {
  const std::string cell = lanes.label.empty()
                               ? fmt::format("lane {}", failure.lane)
                               : fmt::format("cell {:016x}", static_cast<std::uint64_t>(lanes.label[failure.lane]));
  const std::string& state = system.states[failure.state].name;
  const std::string where = fmt::format("network '{}', {}, time {:.6g}: ", system.name, cell, failure.time);
  switch (failure.cause) {
    case LaneFailure::Cause::too_many_steps:
      throw Error("E3101",
                  where + fmt::format("more than {} steps; '{}' limits the step ({:.3g})", options.max_steps, state,
                                      failure.step),
                  ErrorKind::numerical)
          .help("look for a rate in the wrong unit near '" + state + "', or loosen the tolerance");
    case LaneFailure::Cause::step_too_small:
      throw Error("E3102",
                  where + fmt::format("the step shrank to {:.3g}; '{}' has the largest error", failure.step, state),
                  ErrorKind::numerical)
          .help("does '" + state + "' grow without bound, or jump at a threshold?");
    case LaneFailure::Cause::not_finite:
      break;
  }
  throw Error("E3103", where + "'" + state + "' or its rate is not a finite number", ErrorKind::numerical)
      .help("look for a division, logarithm or fractional power at zero in the rate of '" + state + "'");
}

}  // namespace

struct BatchIntegrator::Impl {
  std::shared_ptr<const OdeSystem> system;
  IntegratorOptions options;
  std::vector<double> tolerances;
  std::vector<std::size_t> exponents;  // parameters written into `folded` as constants
  CompiledSystem folded;
  mutable std::once_flag general_once;
  mutable std::optional<CompiledSystem> general_;  // for calls with other exponents; made when first needed

  Impl(std::shared_ptr<const OdeSystem> s, IntegratorOptions o)
      : system(std::move(s)),
        options(std::move(o)),
        tolerances(tolerances_of(*system, options)),
        exponents(whole_exponents(*system)),
        folded(with_constants(*system, exponents)) {}

  const CompiledSystem& compiled(std::span<const double> parameters) const {
    for (const std::size_t p : exponents) {
      if (parameters[p] == system->parameters[p].value) continue;
      std::call_once(general_once, [&] { general_.emplace(*system); });
      return *general_;
    }
    return folded;
  }
};

BatchIntegrator::BatchIntegrator(std::shared_ptr<const OdeSystem> system, IntegratorOptions options)
    : impl_(std::make_unique<Impl>(std::move(system), std::move(options))) {}
BatchIntegrator::~BatchIntegrator() = default;
BatchIntegrator::BatchIntegrator(BatchIntegrator&&) noexcept = default;

const OdeSystem& BatchIntegrator::system() const { return *impl_->system; }
const IntegratorOptions& BatchIntegrator::options() const { return impl_->options; }

struct BatchIntegrator::Session::State {
  State(const Impl& impl, const Lanes& lanes)
      : compiled(impl.compiled(lanes.parameters)),
        shared(compiled.shared_values(lanes.parameters)),
        stepper(compiled, impl.options, impl.tolerances, shared) {}
  const CompiledSystem& compiled;
  Column<double> shared;
  PackStepper stepper;
};

BatchIntegrator::Session::Session() = default;
BatchIntegrator::Session::~Session() = default;

IntegratorStats BatchIntegrator::integrate(const Lanes& lanes, double t0, double t1, Session& session) const {
  check_columns(*impl_->system, lanes, t0, t1);
  IntegratorStats stats;
  if (lanes.n == 0 || t1 == t0 || lanes.states.empty()) return stats;
  if (!session.state_) session.state_ = std::make_unique<Session::State>(*impl_, lanes);
  const auto failure = session.state_->stepper.run(lanes, {0, lanes.n, 0}, t0, t1, stats);
  if (failure) throw_failure(*impl_->system, impl_->options, lanes, *failure);
  return stats;
}

IntegratorStats BatchIntegrator::integrate(const Lanes& lanes, double t0, double t1, const Executor& executor) const {
  const Impl& impl = *impl_;
  check_columns(*impl.system, lanes, t0, t1);
  IntegratorStats total;
  if (lanes.n == 0 || t1 == t0 || lanes.states.empty()) return total;

  const CompiledSystem& compiled = impl.compiled(lanes.parameters);
  const Column<double> shared = compiled.shared_values(lanes.parameters);
  const std::size_t n_blocks = block_count(lanes.n, block_lanes);
  std::vector<IntegratorStats> stats(n_blocks);
  std::vector<std::optional<LaneFailure>> failures(n_blocks);
  executor.for_blocks(lanes.n, block_lanes, [&](Block block) {
    PackStepper stepper(compiled, impl.options, impl.tolerances, shared);
    failures[block.index] = stepper.run(lanes, block, t0, t1, stats[block.index]);
  });
  for (const auto& failure : failures) {
    if (failure) throw_failure(*impl.system, impl.options, lanes, *failure);
  }
  for (const IntegratorStats& s : stats) total += s;
  return total;
}

}  // namespace senoma::network
