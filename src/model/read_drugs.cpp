// [drug.NAME], [patient], [[intervention]]: doses become concentrations in the volume of distribution.
//
//   C [nM] = dose [molecules] / (V [um^3] * 0.602214),  dose = mass / molar mass, times surface or weight where given
//   per surface or weight;  k = ln 2 / half-life.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "model/reading.h"

namespace senoma::model {

namespace {

using pharm::Dose;
using pharm::Kinetics;

double rate_of(double half_life) { return std::numbers::ln2 / half_life; }

/// Body surface (um²) or weight (pg) when a dose or volume asks for it.
struct Patient {
  const Reading& reading;

  [[nodiscard]] double surface(const Cursor& asked) const {
    const Cursor p = reading.root()["patient"];
    if (p["body_surface"].given()) return p["body_surface"].number();
    if (p["height"].given() && p["weight"].given()) {
      const double cm = p["height"].number() / 1e4, kg = p["weight"].number() / 1e15;
      return pharm::body_surface_area_m2(cm, kg) * 1e12;
    }
    throw Error("E1205", "'" + asked.path() + "' is per body surface, but [patient] gives none")
        .at(asked.where())
        .help("add [patient] body_surface = \"1.8 m^2\", or height and weight");
  }
  [[nodiscard]] double weight(const Cursor& asked) const {
    const Cursor p = reading.root()["patient"];
    if (p["weight"].given()) return p["weight"].number();
    throw Error("E1205", "'" + asked.path() + "' is per body weight, but [patient] gives none")
        .at(asked.where())
        .help("add [patient] weight = \"70 kg\"");
  }
};

double molar_mass(const Cursor& drug, const Cursor& asked) {  // pg per molecule
  if (drug["molar_mass"].given()) return drug["molar_mass"].quantity().value;
  throw Error("E1205", "'" + asked.path() + "' is a mass, but the drug has no molar mass")
      .at(asked.where())
      .help("add molar_mass = \"316 g/mol\" to [" + drug.path() + "]");
}

double volume_of(const Cursor& drug, const Patient& patient) {  // um³
  const Cursor volume = drug["pk"]["volume"];
  if (!volume.given()) throw volume.missing("the volume of distribution turns a dose into a concentration");
  const Quantity q = volume.quantity();
  return q.dimension == dim::volume ? q.value : q.value * patient.weight(volume);
}

double dose_molecules(const Cursor& drug, const Cursor& dose, const Patient& patient) {
  Quantity q = dose.quantity();
  if (q.dimension == dim::radiation) {
    throw Error("E1203", "'" + dose.path() + "' is a dose of radiation, but the drug is a substance")
        .at(dose.where())
        .help("write a mass or an amount, or pk.model = \"radiation\"");
  }
  if (q.dimension.dimensionless()) q = {q.value * patient.weight(dose), dim::mass};  // "15 mg/kg"
  if (q.dimension == dim::mass / dim::area || q.dimension == dim::amount / dim::area)
    q = {q.value * patient.surface(dose), q.dimension * dim::area};
  if (q.dimension == dim::amount / dim::mass) q = {q.value * patient.weight(dose), dim::amount};
  return q.dimension == dim::mass ? q.value / molar_mass(drug, dose) : q.value;
}

void check_time(double at, const Cursor& cursor) {
  if (at >= 0) return;
  throw Error("E1210", "a dose before time zero")
      .at(cursor.where())
      .label("negative")
      .help("time starts at 0; shift the whole calendar");
}

std::vector<double> dose_times(Reading& reading, const Cursor& row) {
  std::vector<double> times;
  for (const auto& item : row["at"].items()) {
    times.push_back(read_number(*item.value(), row["at"].key(), item.path()));
    check_time(times.back(), item);
  }
  if (row["every"].given() != row["times"].given()) {
    const Cursor absent = row["every"].given() ? row["times"] : row["every"];
    throw absent.missing("repeated doses need both `every` and `times`");
  }
  if (row["every"].given()) {
    if (times.size() > 1)
      throw Error("E1213", "'every' repeats one first time, not " + std::to_string(times.size()))
          .at(row["at"].where())
          .help("give one time in `at`");
    const double first = times.empty() ? 0.0 : times[0];
    const double n = row["times"].number();
    if (n > 10000)
      throw Error("E1204", "more than 10000 doses in one row").at(row["times"].where()).help("lower `times`");
    times.clear();
    for (int i = 0; i < static_cast<int>(n); ++i) times.push_back(first + i * row["every"].number());
  } else if (!row["at"].given()) {
    throw row["at"].missing("when it is given: at = [\"0 d\", \"7 d\"], or every and times");
  }
  for (const double t : times) {
    if (t > reading.description().duration) {
      reading.warn(row.path() + ": a dose lies after the end of the simulation and has no effect");
      break;
    }
  }
  return times;
}

void refuse(const Cursor& row, const char* key, const std::string& why) {
  if (row[key].given())
    throw Error("E1213", "'" + row[key].path() + "': " + why).at(row[key].key_where()).help("remove it");
}

void read_bath_row(Reading& reading, const Cursor& drug, const Cursor& row, std::vector<Dose>& doses) {
  for (const char* key : {"dose", "route", "infusion", "duration"}) {
    if (row[key].given()) {
      throw Error("E1213", "a bath is set to a concentration; '" + std::string(key) + "' has no meaning")
          .at(row[key].key_where())
          .help("write concentration = \"50 uM\"");
    }
  }
  if (!row["concentration"].given()) throw row["concentration"].missing("a bath is set to a concentration");
  Quantity q = row["concentration"].quantity();
  if (q.dimension != dim::concentration)
    q.value = q.value / molar_mass(drug, row["concentration"]) / molecules_per_um3_per_nM;
  double first = 1e300;
  for (const double t : dose_times(reading, row)) {
    doses.push_back({Dose::Route::bath_set, t, q.value, 0});
    first = std::min(first, t);
  }
  if (!row["washout"].given()) return;
  const double washout = row["washout"].number();
  if (washout <= first)
    throw Error("E1210", "the washout comes before the drug")
        .at(row["washout"].where())
        .help("washout is an absolute time");
  doses.push_back({Dose::Route::bath_washout, washout, 0, 0});
}

void read_dose_row(Reading& reading, const Cursor& drug, const Cursor& row, double volume, const Patient& patient,
                   std::vector<Dose>& doses) {
  refuse(row, "concentration", "a concentration is set in a bath; this drug has a body (pk.model)");
  refuse(row, "duration", "an infusion has `infusion`");
  refuse(row, "washout", "only a bath is washed out");
  if (!row["dose"].given()) throw row["dose"].missing("how much is given");
  const std::string route = row["route"].text_or(row["infusion"].given() ? "infusion" : "bolus");
  Dose dose;
  dose.route = route == "infusion" ? Dose::Route::infusion : route == "oral" ? Dose::Route::oral : Dose::Route::bolus;
  if (dose.route == Dose::Route::infusion && !row["infusion"].given())
    throw row["infusion"].missing("how long the infusion lasts");
  if (dose.route != Dose::Route::infusion) refuse(row, "infusion", "the route is " + route);
  if (dose.route == Dose::Route::oral && !drug["pk"]["absorption_half_life"].given()) {
    throw drug["pk"]["absorption_half_life"].missing("oral doses need the half-life of absorption");
  }
  dose.duration = row["infusion"].number_or(0);
  dose.concentration = dose_molecules(drug, row["dose"], patient) / volume / molecules_per_um3_per_nM;
  for (const double t : dose_times(reading, row)) {
    dose.at = t;
    doses.push_back(dose);
  }
}

void read_fraction_row(Reading& reading, const Cursor& row, std::vector<Dose>& doses) {
  for (const char* key : {"concentration", "washout", "route", "infusion"})
    refuse(row, key, "radiation has only dose, duration and times");
  if (!row["dose"].given()) throw row["dose"].missing("the dose of a fraction, e.g. \"2 Gy\"");
  const Quantity dose = row["dose"].quantity();
  if (dose.dimension != dim::radiation) {
    throw Error("E1203", "'" + row["dose"].path() + "' is " + describe(dose.dimension) + ", not a dose of radiation")
        .at(row["dose"].where())
        .help("write dose = \"2 Gy\"");
  }
  for (const double t : dose_times(reading, row))
    doses.push_back({Dose::Route::fraction, t, dose.value, row["duration"].number()});
}

Kinetics read_kinetics(const Cursor& pk) {
  if (!pk.given())
    throw pk.missing("how the drug behaves: pk = { model = \"one-compartment\", half_life = …, volume = … }");
  Kinetics kinetics;
  const std::string model = pk["model"].text();
  if (model != "radiation" && pk["effect_site_half_life"].given())
    kinetics.effect_rate = rate_of(pk["effect_site_half_life"].number());
  if (model == "bath") {
    kinetics.model = Kinetics::Model::bath;
    for (const char* key :
         {"half_life", "volume", "absorption_half_life", "bioavailability", "k12", "k21", "k13", "k31"})
      refuse(pk, key, "a bath has only decay_half_life and effect_site_half_life");
    if (pk["decay_half_life"].given()) kinetics.elimination_rate = rate_of(pk["decay_half_life"].number());
    return kinetics;
  }
  if (model == "radiation") {
    kinetics.model = Kinetics::Model::radiation;
    for (const char* key : {"half_life", "volume", "absorption_half_life", "bioavailability", "k12", "k21", "k13",
                            "k31", "effect_site_half_life", "decay_half_life"})
      refuse(pk, key, "radiation leaves nothing behind; what it does to cells is data of their networks");
    return kinetics;
  }
  refuse(pk, "decay_half_life", "only a bath has it; a body has half_life");
  if (!pk["half_life"].given()) throw pk["half_life"].missing("elimination from the body");
  kinetics.elimination_rate = rate_of(pk["half_life"].number());
  if (pk["absorption_half_life"].given()) kinetics.absorption_rate = rate_of(pk["absorption_half_life"].number());
  kinetics.bioavailability = pk["bioavailability"].number();
  if (model == "one-compartment") {
    for (const char* key : {"k12", "k21", "k13", "k31"})
      refuse(pk, key, "one compartment has no exchange; write model = \"two-compartment\" or \"three-compartment\"");
    return kinetics;
  }
  const bool three = model == "three-compartment";
  kinetics.model = three ? Kinetics::Model::three_compartment : Kinetics::Model::two_compartment;
  const auto exchange = [&](const char* key, double& rate) {
    if (!pk[key].given())
      throw pk[key].missing(three ? "three compartments exchange with rates k12, k21, k13 and k31"
                                  : "two compartments exchange with rates k12 and k21");
    rate = pk[key].number();
  };
  exchange("k12", kinetics.k12), exchange("k21", kinetics.k21);
  if (three) {
    exchange("k13", kinetics.k13), exchange("k31", kinetics.k31);
  } else {
    for (const char* key : {"k13", "k31"}) refuse(pk, key, "two compartments; write model = \"three-compartment\"");
  }
  return kinetics;
}

void read_effects(const Cursor& effects, engine::Drug& drug) {
  for (const auto& row : effects.items()) {
    engine::DrugEffect effect;
    const char* verb = row["inhibits"].given() ? "inhibits" : row["stimulates"].given() ? "stimulates" : "moves";
    if (row["inhibits"].given() + row["stimulates"].given() + row["moves"].given() != 1) {
      throw Error("E1213", "an effect inhibits, stimulates or moves one target")
          .at(row.where())
          .help("write inhibits = \"TARGET\", or moves = \"TARGET\", to = …");
    }
    effect.inhibits = row["inhibits"].given();
    effect.target = row[verb].text();
    effect.ec50 = row["ec50"].number();
    effect.hill = row["hill"].number();
    effect.emax = row["emax"].number();
    if (row["moves"].given()) {
      if (!row["to"].given()) throw row["to"].missing("the value that the target moves to");
      refuse(row, "emax", "an effect that moves its target has `to`");
      effect.full = row["to"].quantity();
    } else {
      refuse(row, "to", "only an effect that moves its target has it");
    }
    if (effect.inhibits && effect.emax > 1) {
      throw Error("E1204", "an inhibition of more than everything: emax is above 1")
          .at(row["emax"].where())
          .help("target × (1 − emax) would be negative");
    }
    effect.where = row[verb].where();
    drug.effects.push_back(std::move(effect));
  }
}

void read_drug(Reading& reading, const std::string& name, const Cursor& from) {
  engine::Drug drug;
  drug.name = name;
  drug.where = from.key_where();
  drug.unbound_fraction = from["unbound"].number();
  drug.substrate = from["substrate"].text_or("");
  if (!drug.substrate.empty() && !reading.substrate(drug.substrate))
    throw unknown_name("substrate", drug.substrate, reading.substrate_names(), from["substrate"].where());
  const Patient patient{reading};
  const Kinetics kinetics = read_kinetics(from["pk"]);
  if (kinetics.model == Kinetics::Model::radiation) {
    for (const char* key : {"molar_mass", "unbound", "substrate", "effects", "binds"})
      refuse(from, key, "radiation has no concentration; use " + name + ".dose_rate in couplings and rules");
  }
  if (kinetics.effect_rate > 0 && !drug.substrate.empty())
    refuse(from["pk"], "effect_site_half_life", "the drug's effects are where its field is");
  std::vector<Dose> doses;
  const auto rows = from["schedule"].items();
  for (const auto& row : rows) {
    const std::size_t before = doses.size();
    if (kinetics.model == Kinetics::Model::radiation) {
      read_fraction_row(reading, row, doses);
    } else if (kinetics.model == Kinetics::Model::bath) {
      read_bath_row(reading, from, row, doses);
    } else {
      read_dose_row(reading, from, row, volume_of(from, patient), patient, doses);
    }
    auto rule = read_dose_rule(reading, row, std::to_string(&row - rows.data()));
    if (!rule) continue;
    rule->first = 1e300;
    for (std::size_t k = before; k < doses.size(); ++k) {
      if (doses[k].route == Dose::Route::bath_washout) continue;
      doses[k].rule = static_cast<int>(drug.rules.size());
      rule->first = std::min(rule->first, doses[k].at);
    }
    drug.rules.push_back(std::move(*rule));
  }
  std::stable_sort(doses.begin(), doses.end(), [](const Dose& a, const Dose& b) { return a.at < b.at; });
  try {
    drug.regimen = std::make_shared<const pharm::Regimen>(kinetics, std::move(doses));
  } catch (Error& error) {
    throw error.at(from["schedule"].where());
  }
  read_effects(from["effects"], drug);
  if (from["binds"].given()) {
    drug.binds = from["binds"]["substrate"].text();
    if (!reading.substrate(drug.binds))
      throw unknown_name("substrate", drug.binds, reading.substrate_names(), from["binds"]["substrate"].where());
    drug.binding_kd = from["binds"]["kd"].number();
    if (from["binds"]["complex_half_life"].given())
      drug.complex_loss_rate = rate_of(from["binds"]["complex_half_life"].number());
  }
  reading.description().drugs.push_back(std::move(drug));
}

}  // namespace

void read_drugs(Reading& reading) {
  for (const auto& [name, from] : reading.root()["drug"].members()) read_drug(reading, name, from);
}

void read_interventions(Reading& reading) {
  for (const auto& row : reading.root()["intervention"].items()) {
    if (row["knock_out"].given() == row["knock_down"].given()) {
      throw Error("E1213", "an intervention knocks one target out or down")
          .at(row.where())
          .help("write knock_out = \"TARGET\", or knock_down = \"TARGET\", by = 0.9");
    }
    engine::Intervention intervention;
    const bool out = row["knock_out"].given();
    const Cursor target = row[out ? "knock_out" : "knock_down"];
    intervention.target = target.text();
    intervention.where = target.where();
    if (out) {
      refuse(row, "by", "a knock-out removes everything");
    } else {
      if (!row["by"].given()) throw row["by"].missing("the fraction removed, between 0 and 1");
      intervention.factor = 1.0 - row["by"].number();
    }
    intervention.from = row["from"].number();
    intervention.until = row["until"].number_or(1e300);
    if (intervention.until <= intervention.from) {
      throw Error("E1213", "the intervention ends before it starts")
          .at(row["until"].where())
          .help("`from` and `until` are times since the start of the run");
    }
    reading.description().interventions.push_back(std::move(intervention));
  }
}

}  // namespace senoma::model
