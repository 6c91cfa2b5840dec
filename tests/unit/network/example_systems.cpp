#include "example_systems.h"

#include <algorithm>
#include <cmath>

#include "expr/program.h"

#ifdef SENOMA_HAVE_CVODE
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#endif

namespace senoma::network::examples {

std::shared_ptr<OdeSystem> robertson() {
  Builder b("robertson");
  b.state("A", 1.0);
  b.state("B", 0.0);
  b.state("C", 0.0);
  const Term slow = 0.04 * b.y(0), back = 1e4 * b.y(1) * b.y(2), fast = 3e7 * b.y(1) * b.y(1);
  b.rate(back - slow);
  b.rate(slow - back - fast);
  b.rate(fast);
  return b.done();
}

std::shared_ptr<OdeSystem> van_der_pol(double mu) {
  Builder b("van_der_pol");
  b.state("x", 2.0);
  b.state("v", 0.0);
  b.parameter("mu", mu);
  b.rate(b.y(1));
  b.rate(b.p(0) * (1.0 - b.y(0) * b.y(0)) * b.y(1) - b.y(0));
  return b.done();
}

std::shared_ptr<OdeSystem> hires() {
  Builder b("hires");
  for (int i = 1; i <= 8; ++i) b.state("y" + std::to_string(i), i == 1 ? 1.0 : i == 8 ? 0.0057 : 0.0);
  const auto y = [&](std::size_t i) { return b.y(i - 1); };
  const Term exchange = 280.0 * y(6) * y(8), gain = 1.81 * y(7);
  b.rate(-1.71 * y(1) + 0.43 * y(2) + 8.32 * y(3) + b.value(0.0007));
  b.rate(1.71 * y(1) - 8.75 * y(2));
  b.rate(-10.03 * y(3) + 0.43 * y(4) + 0.035 * y(5));
  b.rate(8.32 * y(2) + 1.71 * y(3) - 1.12 * y(4));
  b.rate(-1.745 * y(5) + 0.43 * y(6) + 0.43 * y(7));
  b.rate(0.69 * y(4) + 1.71 * y(5) - 0.43 * y(6) + 0.69 * y(7) - exchange);
  b.rate(exchange - gain);
  b.rate(gain - exchange);
  return b.done();
}

std::shared_ptr<OdeSystem> oregonator() {
  Builder b("oregonator");
  b.state("x", 1.0);
  b.state("y", 2.0);
  b.state("z", 3.0);
  b.rate(77.27 * (b.y(1) + b.y(0) * (1.0 - 8.375e-6 * b.y(0) - b.y(1))));
  b.rate((b.y(2) - (1.0 + b.y(0)) * b.y(1)) / b.value(77.27));
  b.rate(0.161 * (b.y(0) - b.y(2)));
  return b.done();
}

std::shared_ptr<OdeSystem> cascade() {
  constexpr std::size_t n = 25;
  Builder b("cascade");
  for (std::size_t i = 0; i < n; ++i) b.state("s" + std::to_string(i), i % 5 == 0 ? 0.2 : 0.05);
  b.input("dose", 1.0);
  for (std::size_t i = 0; i < n; ++i) {
    b.parameter("make" + std::to_string(i), i % 3 == 0 ? 2.0 + 0.1 * static_cast<double>(i) : 0.03);
    const double slow = 0.01 + 0.005 * static_cast<double>(i % 4);
    b.parameter("lose" + std::to_string(i), i % 3 == 0 ? 20.0 / (1.0 + static_cast<double>(i)) : slow);
    b.parameter("half" + std::to_string(i), 0.3 + 0.02 * static_cast<double>(i));
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Term make = b.p(3 * i), lose = b.p(3 * i + 1), half = b.p(3 * i + 2);
    const Term drive = i == 0 ? b.u(0) : b.y(i - 1);
    const double hill = i % 2 == 0 ? 2.0 : 4.0;
    Term activation = power(drive, hill) / (power(half, hill) + power(drive, hill));
    if (i % 6 == 1) activation = activation / (1.0 + power(b.y((i + 11) % n) / half, 2.0));  // feedback
    if (i % 8 == 3) activation = activation + 0.3 * b.y((i + 17) % n) / (half + b.y((i + 17) % n));
    b.rate(make * activation * (i % 3 == 0 ? 2.0 - b.y(i) : b.value(1.0)) - lose * b.y(i));
  }
  b.output("total", b.y(0) + b.y(12) + b.y(24));
  return b.done();
}

std::shared_ptr<OdeSystem> linear(const std::vector<std::vector<double>>& a, const std::vector<double>& initial) {
  Builder b("linear");
  for (std::size_t i = 0; i < a.size(); ++i) b.state("y" + std::to_string(i), initial[i]);
  for (const auto& row : a) {
    Term sum = b.value(0.0);
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (row[j] != 0.0) sum = sum + row[j] * b.y(j);
    }
    b.rate(sum);
  }
  return b.done();
}

Population::Population(std::shared_ptr<const OdeSystem> s, std::size_t lanes_wanted)
    : system(std::move(s)), n(lanes_wanted), step(n, 0.0) {
  for (const OdeState& state : system->states) states.emplace_back(n, state.initial);
  for (const OdeParameter& input : system->inputs) inputs.emplace_back(n, input.value);
  for (const OdeParameter& parameter : system->parameters) parameters.push_back(parameter.value);
  for (std::size_t i = 0; i < n; ++i) labels.push_back(static_cast<std::int64_t>(1000 + i));
}

BatchIntegrator::Lanes Population::lanes() {
  BatchIntegrator::Lanes result;
  result.n = n;
  for (auto& column : states) result.states.push_back(column.data());
  for (auto& column : inputs) result.inputs.push_back({column.data(), 1});
  result.parameters = parameters;
  result.step = step.data();
  result.label = labels;
  return result;
}

double scaled_distance(const std::vector<double>& a, const std::vector<double>& b, double relative, double absolute) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double e = (a[i] - b[i]) / (absolute + relative * std::fabs(b[i]));
    sum += e * e;
  }
  return std::sqrt(sum / static_cast<double>(a.size()));
}

#ifdef SENOMA_HAVE_CVODE

namespace {

struct Rates {
  const OdeSystem* system;
  std::vector<double> slots;
  expr::Program program;
  expr::Program::Workspace workspace = {};
};

int rates(realtype t, N_Vector y, N_Vector out, void* data) {
  auto& r = *static_cast<Rates*>(data);
  const std::size_t n = r.system->states.size();
  std::copy_n(NV_DATA_S(y), n, r.slots.begin());
  r.slots[n] = t;
  std::vector<expr::Input> inputs;
  for (const double& slot : r.slots) inputs.push_back({&slot, 0});
  std::vector<double*> outputs;
  for (std::size_t i = 0; i < n; ++i) outputs.push_back(NV_DATA_S(out) + i);
  r.program.run(inputs, outputs, 1, r.workspace);
  return 0;
}

}  // namespace

std::vector<double> cvode(const OdeSystem& system, std::vector<double> y, const std::vector<double>& inputs, double t0,
                          double t1, double relative, double absolute) {
  const auto n = static_cast<sunindextype>(y.size());
  Rates data{&system, y, expr::Program(system.graph, system.derivatives)};
  data.slots.push_back(t0);
  data.slots.insert(data.slots.end(), inputs.begin(), inputs.end());
  for (const OdeParameter& p : system.parameters) data.slots.push_back(p.value);
  SUNContext context = nullptr;
  SUNContext_Create(nullptr, &context);
  N_Vector state = N_VMake_Serial(n, y.data(), context);
  SUNMatrix matrix = SUNDenseMatrix(n, n, context);
  SUNLinearSolver solver = SUNLinSol_Dense(state, matrix, context);
  void* memory = CVodeCreate(CV_BDF, context);
  CVodeInit(memory, rates, t0, state);
  CVodeSStolerances(memory, relative, absolute);
  CVodeSetUserData(memory, &data);
  CVodeSetLinearSolver(memory, solver, matrix);
  CVodeSetMaxNumSteps(memory, 10000000);
  CVodeSetStopTime(memory, t1);
  double reached = t0;
  const int status = CVode(memory, t1, state, &reached, CV_NORMAL);
  CVodeFree(&memory);
  SUNLinSolFree(solver);
  SUNMatDestroy(matrix);
  N_VDestroy(state);
  SUNContext_Free(&context);
  if (status < 0) y.assign(y.size(), std::nan(""));
  return y;
}

#else

std::vector<double> cvode(const OdeSystem&, std::vector<double>, const std::vector<double>&, double, double, double,
                          double) {
  return {};
}

#endif

}  // namespace senoma::network::examples
