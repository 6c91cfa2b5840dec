// Reaction–diffusion against closed forms.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/philox.h"
#include "field/reaction_diffusion.h"
#include "verify/catalogue.h"

namespace senoma::verify {

namespace {

using field::Coefficients;
using field::FaceCondition;
using grid::Geometry;
using std::numbers::pi;

field::SolverOptions tight(bool steady) {
  field::SolverOptions options;
  options.tolerance = 1e-11;
  options.quasi_steady = steady;
  options.undershoot_tolerance = 1e9;  // cosine modes have both signs
  return options;
}

/// Calls visit(voxel, x, y, z) with each voxel's centre.
template <class Visit>
void for_centres(const Geometry& g, const Visit& visit) {
  for (int k = 0; k < g.n[2]; ++k) {
    for (int j = 0; j < g.n[1]; ++j) {
      for (int i = 0; i < g.n[0]; ++i) visit(g.index(i, j, k), g.centre(0, i), g.centre(1, j), g.centre(2, k));
    }
  }
}

Geometry cube(int n, double h, double origin = 0.0) { return {{n, n, n}, {h, h, h}, {origin, origin, origin}, false}; }

Outcome order_in_space(const Context& context) {
  // −D Δρ + λρ = (6 D κ² + λ) ρ: cosines between closed faces along x and y, a sine between value faces along z.
  const double length = 320.0, diffusion = 1000.0, decay = 0.05;
  Convergence convergence{"spacing", "um", {}, {}};
  for (const int n : {12, 24, 48, 96}) {
    const double h = length / n;
    const Geometry g = cube(n, h);
    std::vector<double> exact(g.size()), source(g.size()), rho(g.size(), 0.0);
    for_centres(g, [&](std::size_t v, double x, double y, double z) {
      exact[v] = std::cos(pi * x / length) * std::cos(2 * pi * y / length) * std::sin(pi * z / length);
      source[v] = (diffusion * 6.0 * pi * pi / (length * length) + decay) * exact[v];
    });
    Coefficients c;
    c.diffusion = diffusion;
    c.decay = decay;
    c.source = source;
    c.faces[4] = c.faces[5] = {FaceCondition::Kind::value, 0.0, 0, 0};
    field::Solver(g).step(rho, 1.0, c, tight(true), Executor(context.threads));
    double error = 0.0;
    for (std::size_t v = 0; v < g.size(); ++v) error = std::max(error, std::abs(rho[v] - exact[v]));
    convergence.add(h, error);
  }
  Outcome outcome;
  outcome.order_at_least("order in space", convergence, 1.9);
  outcome.error_at_most("largest error at 3.3 um, relative to the amplitude", convergence.errors.back(), 1e-3);
  return outcome;
}

Outcome order_in_time(const Context&) {
  const int n = 64;
  const double h = 5.0, length = n * h, diffusion = 1000.0, decay = 0.05, end = 8.0;
  const Geometry g{{n, 1, 1}, {h, h, h}, {0, 0, 0}, true};
  // The decay rate of the discrete mode, so that only the error in time is left.
  const double rate = decay + diffusion * 2.0 * (1.0 - std::cos(2 * pi * h / length)) / (h * h);
  Convergence convergence{"time step", "min", {}, {}};
  for (const int steps : {4, 8, 16, 32, 64}) {
    std::vector<double> rho(g.size());
    for (int i = 0; i < n; ++i) rho[static_cast<std::size_t>(i)] = std::cos(2 * pi * g.centre(0, i) / length);
    const auto start = rho;
    Coefficients c;
    c.diffusion = diffusion;
    c.decay = decay;
    field::Solver solver(g);
    for (int s = 0; s < steps; ++s) solver.step(rho, end / steps, c, tight(false), Executor());
    double error = 0.0;
    for (std::size_t v = 0; v < g.size(); ++v)
      error = std::max(error, std::abs(rho[v] - start[v] * std::exp(-rate * end)));
    convergence.add(end / steps, error);
  }
  Outcome outcome;
  outcome.order_at_least("order in time", convergence, 1.9);
  outcome.error_at_most("largest error at 0.125 min, relative to the amplitude", convergence.errors.back(), 1e-4);
  return outcome;
}

constexpr double reach = 50.0, source_diffusion = 2000.0, source_rate = 3.0;  // reach = √(D/λ)

/// The largest relative error between `from` and `to` decay lengths of the corner.
double worst_relative_error(const Geometry& g, const std::vector<double>& rho, double from, double to,
                            const std::function<double(double)>& exact) {
  double worst = 0.0;
  for_centres(g, [&](std::size_t v, double x, double y, double z) {
    const double r = std::sqrt(x * x + y * y + (g.two_dimensional ? 0.0 : z * z));
    if (r >= from * reach && r <= to * reach) worst = std::max(worst, std::abs(rho[v] / exact(r) - 1.0));
  });
  return worst;
}

// The source sits in the corner between closed faces: by symmetry an eighth (a quarter) of a source in free space.
Outcome steady_point_source(const Context&) {
  Outcome outcome;
  for (const bool planar : {false, true}) {
    const double h = 5.0;
    const int n = planar ? 128 : 64;
    const Geometry g{{n, n, planar ? 1 : n}, {h, h, h}, {0, 0, 0}, planar};
    std::vector<double> rho(g.size(), 0.0), source(g.size(), 0.0);
    source[0] = source_rate;
    Coefficients c;
    c.diffusion = source_diffusion;
    c.decay = source_diffusion / (reach * reach);
    c.source = source;
    field::Solver(g).step(rho, 1.0, c, tight(true), Executor());
    const auto yukawa = [&](double r) {
      return 8 * source_rate * h * h * h / (4 * pi * source_diffusion * r) * std::exp(-r / reach);
    };
    const auto bessel = [&](double r) {
      return 4 * source_rate * h * h / (2 * pi * source_diffusion) * std::cyl_bessel_k(0.0, r / reach);
    };
    const double worst =
        planar ? worst_relative_error(g, rho, 0.8, 3.0, bessel) : worst_relative_error(g, rho, 0.8, 3.0, yukawa);
    outcome.error_at_most(std::string("largest relative error from 0.8 to 3 decay lengths, ") + (planar ? "2D" : "3D"),
                          worst, 0.01);
  }
  return outcome;
}

Outcome growing_point_source(const Context&) {
  // Carslaw & Jaeger 1959, 10.4, with decay: a source that begins at time 0.
  const double h = 5.0, decay = source_diffusion / (reach * reach), end = 1.0 / decay;
  const Geometry g = cube(56, h);
  std::vector<double> rho(g.size(), 0.0), source(g.size(), 0.0);
  source[0] = source_rate;
  Coefficients c;
  c.diffusion = source_diffusion;
  c.decay = decay;
  c.source = source;
  auto options = tight(false);
  options.tolerance = 1e-9;
  field::Solver solver(g);
  const int steps = 25;
  for (int s = 0; s < steps; ++s) solver.step(rho, end / steps, c, options, Executor());
  const auto exact = [&](double r) {
    const double a = r / (2 * std::sqrt(source_diffusion * end)), b = std::sqrt(decay * end);
    return 8 * source_rate * h * h * h / (8 * pi * source_diffusion * r) *
           (std::exp(-r / reach) * std::erfc(a - b) + std::exp(r / reach) * std::erfc(a + b));
  };
  Outcome outcome;
  outcome.error_at_most("largest relative error from 0.8 to 2.5 decay lengths after one decay time",
                        worst_relative_error(g, rho, 0.8, 2.5, exact), 0.015);
  return outcome;
}

Outcome sphere_first_order(const Context&) {
  const int n = 49;
  const double h = 5.0, radius = 100.0, diffusion = 1e5, thiele = 3.0, outside = 38.0;
  const Geometry g = cube(n, h, -0.5 * n * h);
  std::vector<double> rho(g.size(), outside), uptake(g.size(), 0.0), values;
  std::vector<std::uint32_t> fixed;
  const auto profile = [&](double r) {
    return outside * radius / r * std::sinh(thiele * r / radius) / std::sinh(thiele);
  };
  for_centres(g, [&](std::size_t v, double x, double y, double z) {
    const double r = std::sqrt(x * x + y * y + z * z);
    if (r > radius) {  // the profile continued outwards, so that the surface need not follow the voxels
      fixed.push_back(static_cast<std::uint32_t>(v));
      values.push_back(profile(r));
    } else {
      uptake[v] = thiele * thiele * diffusion / (radius * radius);
    }
  });
  Coefficients c;
  c.diffusion = diffusion;
  c.uptake = uptake;
  c.fixed_voxels = fixed;
  c.fixed_values = values;
  field::Solver(g).step(rho, 1.0, c, tight(true), Executor());
  double worst = 0.0;
  for_centres(g, [&](std::size_t v, double x, double y, double z) {
    const double r = std::max(1e-9, std::sqrt(x * x + y * y + z * z));
    if (r <= radius) worst = std::max(worst, std::abs(rho[v] / profile(r) - 1.0));
  });
  Outcome outcome;
  outcome.error_at_most("largest relative error inside, Thiele modulus 3", worst, 0.005);
  return outcome;
}

Outcome sphere_zero_order(const Context&) {
  // Uptake q wherever there is any: ρ = q/6D (r² + 2r_n³/r − 3r_n²) outside the necrotic radius r_n, 0 inside, and
  // ρ(R) = ρ_0 gives q. The solver's uptake saturates with a half-saturation far below ρ_0.
  const int n = 53;
  const double h = 8.0, radius = 200.0, necrotic = 80.0, diffusion = 2000.0, outside = 38.0, half = 0.005;
  const auto shape = [&](double r) { return r * r + 2 * necrotic * necrotic * necrotic / r - 3 * necrotic * necrotic; };
  const double q = 6 * diffusion * outside / shape(radius);
  const auto profile = [&](double r) { return r < necrotic ? 0.0 : q / (6 * diffusion) * shape(r); };
  const Geometry g = cube(n, h, -0.5 * n * h);
  std::vector<double> rho(g.size(), outside), saturable(g.size(), 0.0), values;
  std::vector<std::uint32_t> fixed;
  for_centres(g, [&](std::size_t v, double x, double y, double z) {
    const double r = std::sqrt(x * x + y * y + z * z);
    if (r > radius) {
      fixed.push_back(static_cast<std::uint32_t>(v));
      values.push_back(profile(r));
    } else {
      saturable[v] = q / half;
    }
  });
  Coefficients c;
  c.diffusion = diffusion;
  c.saturable = saturable;
  c.half_saturation = half;
  c.fixed_voxels = fixed;
  c.fixed_values = values;
  field::Solver(g).step(rho, 1.0, c, tight(true), Executor());
  double worst = 0.0, volume = 0.0;
  for_centres(g, [&](std::size_t v, double x, double y, double z) {
    const double r = std::sqrt(x * x + y * y + z * z);
    if (r > radius) return;
    worst = std::max(worst, std::abs(rho[v] - profile(r)));
    if (rho[v] < half) volume += h * h * h;
  });
  Outcome outcome;
  outcome.error_at_most("largest error inside, part of the concentration outside", worst / outside, 0.01);
  outcome.near("necrotic radius", std::cbrt(3 * volume / (4 * pi)), necrotic, 0.5 * h, "um");
  return outcome;
}

Outcome solver_iterations(const Context& context) {
  // Backward Euler's matrix is that of a steady state with the decay 1/Δt: from a short step to a long one.
  struct Box {
    const char* name;
    Geometry geometry;
  };
  const Box boxes[] = {{"54³", cube(54, 20)},
                       {"97³", cube(97, 20)},
                       {"1 × 257 × 131", {{1, 257, 131}, {20, 20, 20}, {0, 0, 0}, false}},
                       {"60 × 60 × 30, voxels 4:1", {{60, 60, 30}, {20, 20, 80}, {0, 0, 0}, false}}};
  Outcome outcome;
  results::ReportTable table;
  table.title = "Iterations of conjugate gradients to a residual of 1e-6, from zero";
  table.columns = {{"grid", "", false},
                   {"step", "min"},
                   {"uniform", ""},
                   {"uptake × 10⁴ in 30 %, vessels", ""},
                   {"D × 100 in blocks", ""}};
  int worst = 0;
  for (const Box& box : boxes) {
    const Geometry& g = box.geometry;
    std::vector<double> source(g.size()), uptake(g.size()), map(g.size()), values{38.0, 38.0};
    const std::vector<std::uint32_t> fixed{static_cast<std::uint32_t>(g.size() / 3),
                                           static_cast<std::uint32_t>(g.size() / 2)};
    for_centres(g, [&](std::size_t v, double x, double y, double z) {
      const RandomStream draw{1, v, Stream::test};
      source[v] = draw.uniform(0);
      uptake[v] = draw.uniform(1) < 0.3 ? 10.0 : 1e-3;
      map[v] = static_cast<int>(x / 100 + 0.5) % 2 + static_cast<int>(y / 100) % 2 + static_cast<int>(z / 400) % 2 == 1
                   ? 1e5
                   : 1e3;
    });
    for (const double step : {0.1, 6.0, 60.0}) {
      std::vector<std::string> row{box.name, std::to_string(step).substr(0, step < 1 ? 3 : step < 10 ? 1 : 2)};
      for (int kind = 0; kind < 3; ++kind) {
        Coefficients c;
        c.diffusion = 1e5;
        c.decay = 1.0 / step;
        c.source = source;
        if (kind == 1) c.uptake = uptake, c.fixed_voxels = fixed, c.fixed_values = values;
        if (kind == 2) c.diffusion_map = map;
        field::SolverOptions options;
        options.quasi_steady = true;
        std::vector<double> rho(g.size(), 0.0);
        const int iterations = field::Solver(g).step(rho, 1.0, c, options, Executor(context.threads)).iterations;
        worst = std::max(worst, iterations);
        row.push_back(std::to_string(iterations));
      }
      table.rows.push_back(row);
    }
  }
  outcome.at_most("iterations of one solve", worst, 8);
  outcome.blocks.emplace_back(table);
  return outcome;
}

Outcome ledger(const Context&) {
  // Random sources and uptake over 10^4, vessels, and each kind of face; also where the solver stops early.
  Outcome outcome;
  for (const double tolerance : {1e-3, 1e-6, 1e-10}) {
    const Geometry g{{23, 31, 17}, {20, 20, 20}, {0, 0, 0}, false};
    std::vector<double> rho(g.size(), 5.0), source(g.size()), uptake(g.size()), values(3, 38.0);
    const std::vector<std::uint32_t> fixed{100, 4000, 9000};
    for (std::size_t v = 0; v < g.size(); ++v) {
      const RandomStream draw{1, v, Stream::test};
      source[v] = draw.uniform(0) < 0.2 ? draw.uniform(1) : 0.0;
      uptake[v] = draw.uniform(2) < 0.3 ? std::exp(9.2 * (draw.uniform(3) - 0.5)) : 0.0;
    }
    Coefficients c;
    c.diffusion = 2000.0;
    c.decay = 0.1;
    c.source = source;
    c.uptake = uptake;
    c.fixed_voxels = fixed;
    c.fixed_values = values;
    c.faces[0] = {FaceCondition::Kind::value, 38.0, 0, 0};
    c.faces[1] = {FaceCondition::Kind::flux, 0, 5.0, 0};
    c.faces[2] = {FaceCondition::Kind::mixed, 10.0, 0, 3.0};
    field::SolverOptions options;
    options.tolerance = tolerance;
    field::Solver solver(g);
    double worst = 0.0;
    for (int s = 0; s < 8; ++s)
      worst = std::max(worst, std::abs(solver.step(rho, 6.0, c, options, Executor()).ledger.closing_error()));
    char label[80];
    std::snprintf(label, sizeof label, "closing error, relative, solver tolerance %.0e", tolerance);
    outcome.error_at_most(label, worst, 1e-12);
  }
  return outcome;
}

}  // namespace

std::vector<Check> field_checks() {
  const std::string group = "fields";
  return {
      {group, "fields/order-in-space", "Cosine mode in a box, spacing halved",
       "A steady mode, cosines between closed faces and a sine between faces of fixed value, on four spacings.",
       Depth::quick, true, order_in_space},
      {group, "fields/order-in-time", "Cosine mode in a box, time step halved",
       "Decay of one mode against exp(−(λ + Dκ²)t), κ that of the discrete mode, on five time steps.", Depth::quick,
       false, order_in_time},
      {group, "fields/point-source", "Steady point source with decay",
       "Yukawa's closed form q e^(−r/L)/(4πDr) in 3D, the Bessel function K0 in 2D; L = √(D/λ).", Depth::quick, false,
       steady_point_source},
      {group, "fields/growing-point-source", "Point source with decay that begins at time 0",
       "Carslaw & Jaeger 1959, section 10.4: the closed form with two complementary error functions.", Depth::quick,
       false, growing_point_source},
      {group, "fields/sphere-first-order", "Sphere with first-order uptake",
       "The Thiele profile R sinh(φr/R)/(r sinh φ).", Depth::quick, false, sphere_first_order},
      {group, "fields/sphere-zero-order", "Sphere with zero-order uptake",
       "The profile around a core without oxygen, and the radius of that core.", Depth::quick, false,
       sphere_zero_order},
      {group, "fields/iterations", "Iterations of the field solver",
       "Grids of odd, flat and anisotropic shape; steps of 0.1 to 60 min at D = 10⁵ µm²/min; contrasts of uptake and D.",
       Depth::standard, true, solver_iterations},
      {group, "fields/ledger", "Mass ledger",
       "Change of content against everything released, taken up, decayed and passed through faces and vessels.",
       Depth::quick, false, ledger},
  };
}

}  // namespace senoma::verify
