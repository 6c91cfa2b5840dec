#include "field/compartment.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/math.h"

namespace senoma::field {

namespace {

double in_series(double a, double b) { return a > 0.0 && b > 0.0 ? a * b / (a + b) : 0.0; }

/// first! Σ_n (−x)^n / (n + first)! for x < 1/2, where the closed forms lose digits.
double series(double x, int first) {
  double sum = 1.0;
  for (int n = 15; n >= 1; --n) sum = 1.0 - x / (n + first) * sum;
  return sum;
}

/// Mean deficit of a load of 1 C/min in the cylinder or sphere of radius R that a vessel of radius a supplies, for D
/// = 1.
double mean_deficit(double a, double r, bool two_dimensional) {
  const double a2 = a * a, r2 = r * r;
  if (two_dimensional) return r2 * r2 * math::log(r / a) / (2.0 * (r2 - a2)) - 0.25 * r2 - 0.125 * (r2 - a2);
  const double a3 = a2 * a, r3 = r2 * r, shell = r3 - a3;
  const double near = r3 * (shell / (3.0 * a) - 0.5 * (r2 - a2)) / 3.0;     // r³/3 ∫ (1/a − 1/ρ) ρ² dρ
  const double far = ((r3 * r2 - a3 * a2) / 5.0 - a2 * shell / 3.0) / 6.0;  // 1/6 ∫ (ρ² − a²) ρ² dρ
  return 3.0 * (near - far) / shell;
}

double value_of(std::span<const double> per_voxel) { return per_voxel.empty() ? 0.0 : per_voxel[0]; }

void check(double value, bool signed_value, const char* name) {
  if (std::isfinite(value) && (signed_value || value >= 0.0)) return;
  throw Error("E4002",
              fmt::format("{} is {}; it must be {}", name, value, signed_value ? "finite" : "finite and not negative"),
              ErrorKind::numerical)
      .help("correct the substrate's coefficients");
}

struct Flows {
  double end = 0.0, mean = 0.0;
};

/// The linear equation, exactly.
Flows solve_linear(double rho, double dt, double loss, double source) {
  const double x = loss * dt;
  const double phi1 = x < 0.5 ? series(x, 1) : (1.0 - math::exp(-x)) / x;
  const double phi2 = x < 0.5 ? 0.5 * series(x, 2) : (1.0 - phi1) / x;
  return {rho * math::exp(-x) + source * dt * phi1, rho * phi1 + source * dt * phi2};
}

/// Everything that enters from outside as one face of the voxel: transfer and half a voxel in series give g.
StepReport solve_nonlinear(Solver& solver, double& rho, double dt, const Coefficients& c, const Inflow& outside,
                           const SolverOptions& options, const Executor& executor, double& mean) {
  Coefficients k = c;
  const double h = solver.geometry().spacing[0], g = outside.conductance;
  k.faces = {};
  k.fixed_voxels = {};
  k.fixed_values = {};
  k.diffusion_map = {};
  k.diffusion = g * h * h;
  if (g > 0.0) {
    k.faces[0].kind = FaceCondition::Kind::mixed;
    k.faces[0].transfer = 2.0 * g * h;
    k.faces[0].value = outside.inflow / g;
  } else if (outside.inflow != 0.0) {
    k.faces[0].kind = FaceCondition::Kind::flux;
    k.faces[0].flux = outside.inflow * h;
  }
  return solver.step({&rho, 1}, dt, k, options, executor, {&mean, 1});
}

}  // namespace

Inflow edge_inflow(const std::array<FaceCondition, 6>& faces, const std::array<double, 3>& extent, bool two_dimensional,
                   double diffusion) {
  Inflow total;
  for (std::size_t axis = 0; axis < (two_dimensional ? 2U : 3U); ++axis) {
    const double to_face = 6.0 * diffusion / extent[axis];  // µm/min
    for (std::size_t side = 0; side < 2; ++side) {
      const FaceCondition& face = faces[2 * axis + side];
      double speed = 0.0;
      if (face.kind == FaceCondition::Kind::value) speed = to_face;
      if (face.kind == FaceCondition::Kind::mixed) speed = in_series(face.transfer, to_face);
      const double conductance = speed / extent[axis];
      total.conductance += conductance;
      total.inflow += face.kind == FaceCondition::Kind::flux ? face.flux / extent[axis] : conductance * face.value;
    }
  }
  return total;
}

double vessel_conductance(std::span<const double> radii, double measure, bool two_dimensional, double diffusion) {
  if (radii.empty() || !(diffusion > 0.0)) return 0.0;
  const auto n = static_cast<double>(radii.size());
  const double share = measure / n;
  const double reach = two_dimensional ? math::sqrt(share / math::pi) : math::pow(0.75 * share / math::pi, 1.0 / 3.0);
  double sum = 0.0;
  for (const double a : radii) {
    if (!(a > 0.0) || !(a < 0.99 * reach))
      throw Error("E4002", fmt::format("a vessel of radius {} um supplies only {} um around its centre", a, reach))
          .help(
              "a vessel must be smaller than the part of the domain that it supplies: fewer or thinner vessels, or a "
              "larger domain");
    sum += diffusion / mean_deficit(a, reach, two_dimensional);
  }
  return sum / n;
}

StepReport step_compartment(Solver& one_voxel, double volume, double& rho, double dt, const Coefficients& c,
                            const Inflow& edge, const Inflow& vessels, const SolverOptions& options,
                            const Executor& executor, double& mean_rho) {
  const Inflow outside{edge.conductance + vessels.conductance, edge.inflow + vessels.inflow};
  if (c.split || !c.saturable.empty()) {
    StepReport report = solve_nonlinear(one_voxel, rho, dt, c, outside, options, executor, mean_rho);
    Ledger& ledger = report.ledger;
    ledger.from_fixed = volume * dt * (vessels.inflow - vessels.conductance * mean_rho);
    ledger.through_faces -= ledger.from_fixed;
    return report;
  }
  const double uptake = value_of(c.uptake), source = value_of(c.source);
  check(rho, true, "the concentration");
  check(source, true, "the source");
  check(uptake, false, "the uptake rate");
  check(c.decay, false, "the decay rate");
  check(outside.conductance, false, "the exchange with what lies outside");
  check(outside.inflow, true, "the inflow");
  const double loss = c.decay + uptake + outside.conductance, gain = source + outside.inflow;
  StepReport report;
  Ledger& ledger = report.ledger;
  ledger.content_before = volume * rho;
  if (std::abs(rho) < 1e-60 && gain == 0.0) {  // gone: further products of it would underflow
    ledger.decayed = ledger.content_before;
    ledger.gross = std::abs(ledger.content_before);
    rho = mean_rho = 0.0;
    return report;
  }
  if (options.quasi_steady && !(loss > 0.0))
    throw Error("E4004", "nothing takes the substance away", ErrorKind::numerical)
        .help("give it a decay, or switch quasi-steady off");
  const Flows flows = options.quasi_steady ? Flows{gain / loss, gain / loss} : solve_linear(rho, dt, loss, gain);
  rho = flows.end;
  mean_rho = flows.mean;
  const double amount = volume * dt;
  ledger.content_after = volume * rho;
  ledger.released = amount * source;
  ledger.taken_up = amount * uptake * mean_rho;
  ledger.decayed = amount * c.decay * mean_rho;
  ledger.through_faces = amount * (edge.inflow - edge.conductance * mean_rho);
  ledger.from_fixed = amount * (vessels.inflow - vessels.conductance * mean_rho);
  ledger.gross = std::abs(ledger.content_before) + std::abs(ledger.released) +
                 amount * (std::abs(edge.inflow) + std::abs(vessels.inflow) + loss * std::abs(mean_rho));
  if (options.quasi_steady)
    ledger.steady_adjustment = ledger.content_after - ledger.content_before - ledger.released + ledger.taken_up +
                               ledger.decayed - ledger.through_faces - ledger.from_fixed;
  return report;
}

}  // namespace senoma::field
