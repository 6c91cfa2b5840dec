// Pharmacokinetics as linear compartments, solved exactly between events.
//
// Models: one compartment (optionally with first-order absorption), two or three compartments; a bath (medium) with
// decay and washout; radiation, where `central` is the dose rate [Gy/min] of the last interval and `exposure` the dose
// so far [Gy]. Amounts in molecules or pg are converted by the model layer: here doses are amounts per
// volume-of-distribution, so that states are concentrations [nM] (gut and peripheral: nM-equivalents in the central
// volume). Time in minutes.
//
//   gut'        = −ka gut
//   central'    = ka gut − (k10 + k12) central + k21 peripheral + r(t)
//   peripheral' = k12 central − k21 peripheral
//   deep'       = k13 central − k31 deep           (three compartments; central loses k13, gains k31 deep)
//   exposure'   = central
//   effect'     = k_e0 (central − effect)          (effect site, takes no drug: Sheiner et al. 1979 doi
//   effect_exposure' = effect                       10.1002/cpt1979253358)
//   with r the sum over the running infusions of concentration/duration.
//
// The matrix exponential is written in closed form as a sum of positive terms (convolutions.h), so there is no
// cancellation (three compartments and effect sites: exponential.h), equal rates are no special case, and each state
// has a relative error near round-off over any interval. Doses at a time apply when the state reaches that time
// (advance(state, at) includes them); several at one time in the order given; an infusion runs over [at, at +
// duration). Reference: Gabrielsson & Weiner, Pharmacokinetic and Pharmacodynamic Data Analysis, 5th ed. Thread-safe: a
// Regimen does not change after construction. Cost: about 1 µs per interval between events.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace senoma::pharm {

struct Kinetics {
  enum class Model { one_compartment, two_compartment, bath, radiation, three_compartment };
  Model model = Model::one_compartment;
  double elimination_rate = 0.0;  ///< k10, 1/min (bath: decay of the drug in medium)
  double k12 = 0.0, k21 = 0.0;    ///< 1/min, two_compartment and three_compartment
  double absorption_rate = 0.0;   ///< ka, 1/min; oral doses only
  double bioavailability = 1.0;   ///< fraction, oral doses
  double k13 = 0.0, k31 = 0.0;    ///< 1/min, three_compartment
  double effect_rate = 0.0;       ///< k_e0, 1/min; > 0: an effect site that follows the central compartment
};

struct Dose {
  enum class Route { bolus, infusion, oral, bath_set, bath_washout, fraction };
  Route route = Route::bolus;
  double at = 0.0;             ///< min
  double concentration = 0.0;  ///< nM: dose amount / volume of distribution; bath_set: the concentration set;
                               ///< fraction: Gy
  double duration = 0.0;       ///< min, infusion and fraction only
  int rule = -1;               ///< ≥ 0: whether it is given is decided when it is due
};

/// Says of a dose with a rule whether it is given. `due`: it is decided now, once; else it was decided before and may
/// still run, and the answer is the one given when the rule's last dose was due.
using Gives = std::function<bool(const Dose& dose, bool due)>;

/// Validated calendar and kinetics of one drug. Throws E7001 (negative time), E7002 (negative or non-finite number),
/// E7003 (route and model do not fit), E7004 (infusion without duration).
/// A bath_set replaces the concentration; a bath_washout sets it to zero. A dose that is not given leaves everything as
/// it is; in a bath it is a change of medium without the drug. Also throws E7006 when a dose of a rule still runs when
/// the rule's next one is due.
class Regimen {
 public:
  Regimen(Kinetics kinetics, std::vector<Dose> doses);

  struct State {           ///< plain value, part of World
    double time = 0.0;     ///< min
    double central = 0.0;  ///< nM
    double peripheral = 0.0;
    double gut = 0.0;
    double exposure = 0.0;  ///< ∫ central dt since time 0, nM·min
    double deep = 0.0, effect = 0.0, effect_exposure = 0.0;
    std::size_t next_dose = 0;
  };

  /// Exact state at time t ≥ state.time (events inside the interval are applied at their own times). Splitting the
  /// interval gives the same state to round-off. Throws E7005 when t is before state.time or not finite.
  void advance(State& state, double t) const { advance(state, t, nullptr); }
  /// The same with doses that may be left out; one that is due at t itself waits for the next call.
  void advance(State& state, double t, const Gives& gives) const;

  /// The next time after t at which the input changes (a dose, an infusion's end, a washout); +inf if none.
  [[nodiscard]] double next_change(double t) const;

  [[nodiscard]] const std::vector<Dose>& doses() const { return doses_; }
  [[nodiscard]] const Kinetics& kinetics() const { return kinetics_; }

 private:
  void check_rules() const;
  void drift(State& state, double t, const Gives& gives) const;
  void drift_by_exponential(State& state, double dt, double infusion) const;
  void apply(State& state, const Dose& dose) const;

  Kinetics kinetics_;
  std::vector<Dose> doses_;      // by time, those with a rule last
  std::vector<double> changes_;  // times at which the input changes, ascending, without repeats
};

/// Body-surface area (Mosteller 1987 doi 10.1056/NEJM198710223171717): √(height_cm·weight_kg/3600) m². Throws E7002.
[[nodiscard]] double body_surface_area_m2(double height_cm, double weight_kg);

}  // namespace senoma::pharm
