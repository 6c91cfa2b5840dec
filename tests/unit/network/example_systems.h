// Systems of ordinary differential equations that the tests of this room share, written with a few operators.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "network/batch_integrator.h"
#include "network/ode_system.h"

namespace senoma::network::examples {

/// A node with its graph, so that tests can write rates as formulas.
struct Term {
  expr::Graph* graph = nullptr;
  expr::NodeId id = -1;
};
inline Term number(const Term& like, double v) { return {like.graph, like.graph->constant(v)}; }
inline Term operator+(Term a, Term b) { return {a.graph, a.graph->add(a.id, b.id)}; }
inline Term operator-(Term a, Term b) { return {a.graph, a.graph->sub(a.id, b.id)}; }
inline Term operator*(Term a, Term b) { return {a.graph, a.graph->mul(a.id, b.id)}; }
inline Term operator/(Term a, Term b) { return {a.graph, a.graph->div(a.id, b.id)}; }
inline Term operator-(Term a) { return {a.graph, a.graph->make(expr::Op::negate, a.id)}; }
inline Term operator+(double a, Term b) { return number(b, a) + b; }
inline Term operator-(double a, Term b) { return number(b, a) - b; }
inline Term operator*(double a, Term b) { return number(b, a) * b; }
inline Term operator/(double a, Term b) { return number(b, a) / b; }
inline Term operator-(Term a, double b) { return a - number(a, b); }
inline Term power(Term a, double n) { return {a.graph, a.graph->pow(a.id, a.graph->constant(n))}; }
inline Term apply(expr::Op op, Term a) { return {a.graph, a.graph->make(op, a.id)}; }

/// Builds a system: declare states, inputs and parameters first, then rates.
class Builder {
 public:
  explicit Builder(std::string name) : system_(std::make_shared<OdeSystem>()) { system_->name = std::move(name); }
  void state(const std::string& name, double initial) {
    OdeState s;
    s.name = name, s.initial = initial;
    system_->states.push_back(s);
  }
  void input(const std::string& name, double value) { system_->inputs.push_back(named(name, value)); }
  void parameter(const std::string& name, double value) { system_->parameters.push_back(named(name, value)); }

  Term y(std::size_t i) { return slot(static_cast<std::int32_t>(i)); }
  Term t() { return slot(system_->time_slot()); }
  Term u(std::size_t i) { return slot(system_->input_slot(i)); }
  Term p(std::size_t i) { return slot(system_->parameter_slot(i)); }
  Term value(double v) { return {&system_->graph, system_->graph.constant(v)}; }

  void rate(Term r) { system_->derivatives.push_back(r.id); }
  void output(const std::string& name, Term r) {
    OdeOutput o;
    o.name = name, o.node = r.id;
    system_->outputs.push_back(o);
  }
  std::shared_ptr<OdeSystem> done() { return system_; }

 private:
  static OdeParameter named(const std::string& name, double value) {
    OdeParameter p;
    p.name = name, p.value = value;
    return p;
  }
  Term slot(std::int32_t s) { return {&system_->graph, system_->graph.variable(s)}; }
  std::shared_ptr<OdeSystem> system_;
};

std::shared_ptr<OdeSystem> robertson();
std::shared_ptr<OdeSystem> van_der_pol(double mu);
/// High irradiance responses of photomorphogenesis (Schäfer 1975; Hairer & Wanner, Solving ODEs II, IV.10), 8 states.
std::shared_ptr<OdeSystem> hires();
/// The Belousov–Zhabotinskii reaction's oscillator (Field & Noyes 1974; the same), 3 states.
std::shared_ptr<OdeSystem> oregonator();
/// 25 species: a phosphorylation cascade of Hill steps, slow transcription, and negative feedback onto the top.
/// Input "dose" differs per cell; rates span 0.005…20 per unit of time.
std::shared_ptr<OdeSystem> cascade();
/// y' = A y with the given rows.
std::shared_ptr<OdeSystem> linear(const std::vector<std::vector<double>>& a, const std::vector<double>& initial);

/// The columns of n lanes that all start at the initial values, with everything the integrator needs.
struct Population {
  Population(std::shared_ptr<const OdeSystem> system, std::size_t n);
  BatchIntegrator::Lanes lanes();
  std::shared_ptr<const OdeSystem> system;
  std::size_t n;
  std::vector<std::vector<double>> states, inputs;
  std::vector<double> parameters, step;
  std::vector<std::int64_t> labels;
};

/// y(t1) by SUNDIALS CVODE (BDF, dense difference Jacobian) at the given tolerances; empty when built without it.
std::vector<double> cvode(const OdeSystem& system, std::vector<double> y, const std::vector<double>& inputs, double t0,
                          double t1, double relative, double absolute);

/// sqrt of the mean over states of ((a − b)/(atol + rtol |b|))².
double scaled_distance(const std::vector<double>& a, const std::vector<double>& b, double relative, double absolute);

}  // namespace senoma::network::examples
