// The error of batched integration is at most the requested tolerance: at every output point and in every state
// |y − reference| ≤ atol + rtol·|reference|. The reference is CVODE at 1e-12 (at 1e-10 its own error reaches 1e-7 of
// the states where a problem amplifies errors), besides published values of classical stiff problems (Mazzia &
// Magherini, Test Set for Initial Value Problem Solvers, release 2.4).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../unit/network/example_systems.cpp"  // the systems, and CVODE as reference
#include "convert/sbml.h"

namespace senoma::network {
namespace {

using namespace examples;

struct Problem {
  std::shared_ptr<OdeSystem> system;
  std::vector<double> times;  ///< of the output points
  double absolute_ratio;      ///< atol / rtol
};

using Course = std::vector<std::vector<double>>;  ///< [output point][state]

std::vector<double> initial_state(const OdeSystem& system) {
  std::vector<double> y;
  for (const OdeState& s : system.states) y.push_back(s.initial);
  return y;
}

Course reference(const Problem& problem) {
  std::vector<double> inputs, y = initial_state(*problem.system);
  for (const OdeParameter& u : problem.system->inputs) inputs.push_back(u.value);
  Course course;
  double now = 0.0;
  for (const double t : problem.times) {
    y = cvode(*problem.system, y, inputs, now, t, 1e-12, 1e-12 * problem.absolute_ratio);
    if (y.empty()) return {};
    course.push_back(y);
    now = t;
  }
  return course;
}

Course integrated(const Problem& problem, double rtol, IntegratorStats& stats) {
  IntegratorOptions options;
  options.relative_tolerance = rtol;
  options.absolute_tolerance = rtol * problem.absolute_ratio;
  const BatchIntegrator integrator(problem.system, options);
  Population cell(problem.system, 1);
  Course course;
  double now = 0.0;
  for (const double t : problem.times) {
    stats += integrator.integrate(cell.lanes(), now, t, Executor(1));
    auto& y = course.emplace_back();
    for (const auto& column : cell.states) y.push_back(column[0]);
    now = t;
  }
  return course;
}

/// The largest error in units of the tolerance.
double worst(const Course& course, const Course& reference, double rtol, double absolute_ratio) {
  double largest = 0.0;
  for (std::size_t k = 0; k < course.size(); ++k) {
    for (std::size_t i = 0; i < course[k].size(); ++i) {
      const double error =
          std::fabs(course[k][i] - reference[k][i]) / (rtol * (absolute_ratio + std::fabs(reference[k][i])));
      largest = std::max(largest, std::isfinite(error) ? error : 1e300);
    }
  }
  return largest;
}

void expect_within_tolerance(const Problem& problem) {
  const Course exact = reference(problem);
  if (exact.empty()) GTEST_SKIP() << "built without SUNDIALS CVODE (tools/setup.sh unpacks it)";
  for (const double rtol : {1e-3, 1e-4, 1e-6, 1e-8}) {
    IntegratorStats stats;
    const double error = worst(integrated(problem, rtol, stats), exact, rtol, problem.absolute_ratio);
    std::printf("%-12s rtol %.0e: largest error / tolerance %.3f, %llu steps, %llu rejected\n",
                problem.system->name.c_str(), rtol, error, static_cast<unsigned long long>(stats.steps),
                static_cast<unsigned long long>(stats.rejected));
    EXPECT_LE(error, 1.0) << problem.system->name << " at " << rtol;
  }
}

std::vector<double> equally_spaced(double end, int n) {
  std::vector<double> times;
  for (int k = 1; k <= n; ++k) times.push_back(end * k / n);
  return times;
}

TEST(Accuracy, Robertson) { expect_within_tolerance({robertson(), {0.4, 4.0, 40.0, 400.0, 4e3, 4e4, 4e5, 4e6}, 1e-6}); }

TEST(Accuracy, Hires) { expect_within_tolerance({hires(), equally_spaced(321.8122, 10), 1e-4}); }

TEST(Accuracy, Oregonator) { expect_within_tolerance({oregonator(), equally_spaced(360.0, 12), 1.0}); }

TEST(Accuracy, Van_der_Pol) { expect_within_tolerance({van_der_pol(1000.0), equally_spaced(2000.0, 10), 1e-2}); }

TEST(Accuracy, A_cascade_of_25_states) { expect_within_tolerance({cascade(), equally_spaced(600.0, 20), 1e-3}); }

std::shared_ptr<OdeSystem> melanoma(double dose) {
  auto model = convert::read_sbml(std::string(SENOMA_SOURCE_DIR) + "/models/melanoma-tis/networks/melanoma.xml",
                                  {{"FTM_C"}, "melanoma"});
  auto system = std::make_shared<OdeSystem>(std::move(model.system));
  system->inputs[0].value = dose;
  return system;
}

TEST(Accuracy, The_melanoma_network_in_its_coupling_steps) {
  for (const double dose : {0.0, 300.0, 14000.0})
    expect_within_tolerance({melanoma(dose), equally_spaced(24.0, 48), 1e-3});
}

TEST(Accuracy, The_melanoma_network_over_days) {
  expect_within_tolerance({melanoma(2000.0), equally_spaced(240.0, 10), 1e-3});
}

/// Published to 14 digits or more; integrated at a tolerance of 1e-10.
TEST(Accuracy, Published_values_of_classical_problems) {
  struct Published {
    Problem problem;
    std::vector<double> end;
  };
  const Published all[] = {
      {{hires(), {321.8122}, 1e-4},
       {0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
        0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2}},
      {{oregonator(), {360.0}, 1.0}, {0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3}},
      {{van_der_pol(1000.0), {2000.0}, 1e-2}, {0.1706167732170483e1, -0.8928097010247975e-3}}};
  for (const auto& [problem, end] : all) {
    IntegratorStats stats;
    const double error = worst(integrated(problem, 1e-10, stats), {end}, 1e-9, problem.absolute_ratio);
    std::printf("%-12s error / 1e-9: %.3f\n", problem.system->name.c_str(), error);
    EXPECT_LE(error, 1.0) << problem.system->name;
  }
}

}  // namespace
}  // namespace senoma::network
