#include "pharm/compartments.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/error.h"
#include "base/math.h"
#include "pharm/convolutions.h"
#include "pharm/exponential.h"

namespace senoma::pharm {

namespace {

using Route = Dose::Route;

/// Given evenly over its duration.
bool lasts(const Dose& dose) { return dose.route == Route::infusion || dose.route == Route::fraction; }

void require_amount(double value, const std::string& quantity) {
  if (std::isfinite(value) && value >= 0.0) return;
  throw Error("E7002", quantity + " is " + std::to_string(value))
      .help("it must be a finite number that is not negative");
}

void check(const Kinetics& k) {
  require_amount(k.elimination_rate, "the elimination rate");
  require_amount(k.k12, "the rate k12");
  require_amount(k.k21, "the rate k21");
  require_amount(k.k13, "the rate k13");
  require_amount(k.k31, "the rate k31");
  require_amount(k.effect_rate, "the rate of the effect site");
  require_amount(k.absorption_rate, "the absorption rate");
  require_amount(k.bioavailability, "the bioavailability");
  if (k.bioavailability > 1.0)
    throw Error("E7002", "the bioavailability is " + std::to_string(k.bioavailability))
        .help("it is a fraction, at most 1");
}

void check(const Dose& dose, const Kinetics& kinetics, std::size_t ordinal) {
  const std::string name = "dose " + std::to_string(ordinal + 1);
  if (dose.at < 0.0)
    throw Error("E7001", name + " is given at " + std::to_string(dose.at) + " min")
        .help("shift the calendar so that it starts at 0");
  require_amount(dose.at, "the time of " + name);
  require_amount(dose.concentration, "the amount of " + name);
  require_amount(dose.duration, "the duration of " + name);
  const bool beam = dose.route == Dose::Route::fraction;
  if (beam != (kinetics.model == Kinetics::Model::radiation)) {
    throw Error("E7003", name + (beam ? " is radiation, but the model is that of a drug"
                                      : " is a drug's, but the model is radiation"))
        .help("radiation takes fractions in Gy");
  }
  const bool bath_route = dose.route == Route::bath_set || dose.route == Route::bath_washout;
  if (!beam && bath_route != (kinetics.model == Kinetics::Model::bath)) {
    throw Error("E7003", name + (bath_route ? " sets or washes a bath, but the model is a blood compartment"
                                            : " goes into the blood, but the model is a bath"))
        .help("a bath takes bath_set and bath_washout; compartments take bolus, infusion and oral");
  }
  if (dose.route == Route::oral && !(kinetics.absorption_rate > 0.0)) {
    throw Error("E7003", name + " is oral, but the drug has no absorption")
        .help("give the absorption rate ka, e.g. absorption_rate = \"1.5 /h\"");
  }
  if (lasts(dose) && !(dose.duration > 0.0)) {
    throw Error("E7004", name + " is an infusion or a fraction without duration")
        .help("give a duration, e.g. \"1 h\"; a drug at once has the route bolus");
  }
}

// The central compartment's response to a unit impulse is w_fast e^(−αt) + w_slow e^(−βt) with α ≥ k21 ≥ β and positive
// weights.
struct Modes {
  double fast, slow, weight_fast, weight_slow;
};

Modes modes(const Kinetics& k) {
  if (k.model != Kinetics::Model::two_compartment || k.k12 == 0.0) {
    return k.elimination_rate >= k.k21 ? Modes{k.elimination_rate, k.k21, 1.0, 0.0}
                                       : Modes{k.k21, k.elimination_rate, 0.0, 1.0};
  }
  const double loss = k.elimination_rate + k.k12, b = loss - k.k21;
  const double root = math::sqrt(b * b + 4.0 * k.k12 * k.k21);  // α − β
  const double sum = loss + k.k21 + root;                       // 2α
  const double fast = 0.5 * sum, slow = k.elimination_rate * k.k21 / fast;
  // α − k21 = (root + b)/2 and k21 − β = (root − b)/2; their product is k12 k21.
  const double large = 0.5 * (root + std::abs(b)), small = k.k12 * k.k21 / large;
  return {fast, slow, (b >= 0.0 ? large : small) / root, (b >= 0.0 ? small : large) / root};
}

}  // namespace

Regimen::Regimen(Kinetics kinetics, std::vector<Dose> doses) : kinetics_(kinetics), doses_(std::move(doses)) {
  check(kinetics_);
  for (std::size_t i = 0; i < doses_.size(); ++i) check(doses_[i], kinetics_, i);
  std::stable_sort(doses_.begin(), doses_.end(),
                   [](const Dose& a, const Dose& b) { return a.at != b.at ? a.at < b.at : a.rule < 0 && b.rule >= 0; });
  check_rules();
  for (const Dose& dose : doses_) {
    changes_.push_back(dose.at);
    if (lasts(dose)) changes_.push_back(dose.at + dose.duration);
  }
  std::sort(changes_.begin(), changes_.end());
  changes_.erase(std::unique(changes_.begin(), changes_.end()), changes_.end());
}

void Regimen::check_rules() const {
  std::map<int, double> ends;  // of the rule's dose before
  for (const Dose& dose : doses_) {
    if (dose.rule < 0) continue;
    const auto [end, first] = ends.try_emplace(dose.rule, 0.0);
    if (!first && end->second > dose.at + 1e-9 * dose.duration) {
      throw Error("E7006", "a dose that reacts still runs at " + std::to_string(dose.at) +
                               " min, when the next one of its row is due")
          .help("shorten the infusion, or lengthen the interval between the doses");
    }
    end->second = dose.at + (lasts(dose) ? dose.duration : 0.0);
  }
}

double Regimen::next_change(double t) const {
  const auto next = std::upper_bound(changes_.begin(), changes_.end(), t);
  return next == changes_.end() ? std::numeric_limits<double>::infinity() : *next;
}

void Regimen::apply(State& state, const Dose& dose) const {
  switch (dose.route) {
    case Route::bolus:
      state.central += dose.concentration;
      break;
    case Route::oral:
      state.gut += kinetics_.bioavailability * dose.concentration;
      break;
    case Route::bath_set:
      state.central = dose.concentration;
      break;
    case Route::bath_washout:
      state.central = 0.0;
      break;
    case Route::infusion:
    case Route::fraction:
      break;  // runs from its time on: see drift
  }
}

// To time t, with no change of the input in between. Each response is a chain of first-order steps, all terms ≥ 0.
void Regimen::drift(State& state, double t, const Gives& gives) const {
  const double dt = t - state.time;
  double infusion = 0.0;
  for (const Dose& dose : doses_) {
    if (dose.at > state.time) break;
    const bool runs = lasts(dose) && state.time < dose.at + dose.duration;
    if (runs && (dose.rule < 0 || !gives || gives(dose, false))) infusion += dose.concentration / dose.duration;
  }
  if (kinetics_.model == Kinetics::Model::radiation) {
    state.central = infusion;
    state.exposure += infusion * dt;
    state.time = t;
    return;
  }
  if (kinetics_.model == Kinetics::Model::three_compartment || kinetics_.effect_rate > 0.0) {
    drift_by_exponential(state, dt, infusion);
    state.time = t;
    return;
  }
  const auto disposition = modes(kinetics_);
  // Named copies, because clang 14 cannot capture structured bindings.
  const double fast = disposition.fast, slow = disposition.slow;
  const double weight_fast = disposition.weight_fast, weight_slow = disposition.weight_slow;
  const double k12 = kinetics_.model == Kinetics::Model::two_compartment ? kinetics_.k12 : 0.0;
  const double k21 = kinetics_.model == Kinetics::Model::two_compartment ? kinetics_.k21 : 0.0;
  const double ka = kinetics_.absorption_rate;
  const double central = state.central, peripheral = state.peripheral, absorbed = ka * state.gut;
  const auto weighted = [&](double of_fast, double of_slow) { return weight_fast * of_fast + weight_slow * of_slow; };

  double next = central * weighted(chain1(fast, dt), chain1(slow, dt));
  double exposure = central * weighted(chain2(fast, 0.0, dt), chain2(slow, 0.0, dt));
  double next_peripheral = 0.0;
  if (absorbed > 0.0) {
    next += absorbed * weighted(chain2(fast, ka, dt), chain2(slow, ka, dt));
    exposure += absorbed * weighted(chain3(fast, ka, 0.0, dt), chain3(slow, ka, 0.0, dt));
    next_peripheral += absorbed * k12 * chain3(fast, slow, ka, dt);
  }
  if (infusion > 0.0) {
    next += infusion * weighted(chain2(fast, 0.0, dt), chain2(slow, 0.0, dt));
    exposure += infusion * weighted(chain3(fast, 0.0, 0.0, dt), chain3(slow, 0.0, 0.0, dt));
    next_peripheral += infusion * k12 * chain3(fast, slow, 0.0, dt);
  }
  if (kinetics_.model == Kinetics::Model::two_compartment) {
    next += peripheral * k21 * chain2(fast, slow, dt);
    exposure += peripheral * k21 * chain3(fast, slow, 0.0, dt);
    next_peripheral += central * k12 * chain2(fast, slow, dt) +
                       peripheral * (weight_slow * chain1(fast, dt) + weight_fast * chain1(slow, dt));
  }
  state.gut *= chain1(ka, dt);
  state.central = next;
  state.peripheral = next_peripheral;
  state.exposure += exposure;
  state.time = t;
}

// One matrix for all: gut, central, peripheral, deep, effect, the two exposures, and 1 for what flows in.
void Regimen::drift_by_exponential(State& state, double dt, double infusion) const {
  enum : std::size_t { gut, central, peripheral, deep, effect, exposure, effect_exposure, one };
  const Kinetics& k = kinetics_;
  const bool two = k.model == Kinetics::Model::two_compartment, three = k.model == Kinetics::Model::three_compartment;
  const double k12 = two || three ? k.k12 : 0.0, k21 = two || three ? k.k21 : 0.0;
  const double k13 = three ? k.k13 : 0.0, k31 = three ? k.k31 : 0.0;
  Matrix<n_compartments> a{};
  a[gut][gut] = -k.absorption_rate;
  a[central][gut] = k.absorption_rate;
  a[central][central] = -(k.elimination_rate + k12 + k13);
  a[central][peripheral] = k21;
  a[central][deep] = k31;
  a[central][one] = infusion;
  a[peripheral][central] = k12;
  a[peripheral][peripheral] = -k21;
  a[deep][central] = k13;
  a[deep][deep] = -k31;
  a[effect][central] = k.effect_rate;
  a[effect][effect] = -k.effect_rate;
  a[exposure][central] = 1.0;
  a[effect_exposure][effect] = 1.0;
  const auto moved = exponential(a, dt);
  const std::array<double, n_compartments> before{
      state.gut, state.central, state.peripheral, state.deep, state.effect, 0.0, 0.0, 1.0};
  const auto after = [&](std::size_t row) {
    double sum = 0.0;
    for (std::size_t j = 0; j < n_compartments; ++j) sum += moved[row][j] * before[j];
    return sum;
  };
  state.gut = after(gut);
  state.central = after(central);
  state.peripheral = after(peripheral);
  state.deep = after(deep);
  state.effect = after(effect);
  state.exposure += after(exposure);
  state.effect_exposure += after(effect_exposure);
}

void Regimen::advance(State& state, double t, const Gives& gives) const {
  if (!std::isfinite(t) || !(t >= state.time)) {
    throw Error("E7005",
                "a drug at " + std::to_string(state.time) + " min cannot be advanced to " + std::to_string(t) + " min",
                ErrorKind::numerical);
  }
  while (true) {
    while (state.next_dose < doses_.size() && doses_[state.next_dose].at <= state.time) {
      const Dose& dose = doses_[state.next_dose];
      const bool decided = dose.rule >= 0 && gives;
      if (decided && state.time == t) return;
      ++state.next_dose;
      if (!decided || gives(dose, true)) {
        apply(state, dose);
      } else if (dose.route == Route::bath_set) {
        state.central = 0.0;
      }
    }
    if (state.time == t) return;
    drift(state, std::min(t, next_change(state.time)), gives);
  }
}

double body_surface_area_m2(double height_cm, double weight_kg) {
  require_amount(height_cm, "the height");
  require_amount(weight_kg, "the weight");
  return math::sqrt(height_cm * weight_kg / 3600.0);
}

}  // namespace senoma::pharm
