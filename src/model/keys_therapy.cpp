// The keys of [drug.NAME], [patient], [[intervention]], [[readout]], [experiment], [[arm]] and [cohort].
#include "model/registry.h"

namespace senoma::model {

void add_therapy_keys(Registry& r) {
  const std::string d = "drug.*.";
  r.add("drug.*", Kind::table, "A drug: kinetics, doses and effects.");
  r.quantity(d + "molar_mass", dim::mass, "Molar mass, which turns mg into moles.")
      .also({dim::mass / dim::amount}, "a molar mass (\"316 g/mol\" or \"0.316 kDa\")")
      .positive();
  r.number(d + "unbound", "Fraction not bound to protein: what effects and signals see.").range(0, 1).defaults("1");
  r.text(d + "substrate", "The field that carries it into the tissue; without it, cells see the plasma concentration.");
  const std::string k = d + "pk.";
  r.choice(k + "model", {"one-compartment", "two-compartment", "three-compartment", "bath", "radiation"},
           "Kinetics; bath: the culture medium; radiation: fractions in Gy, seen as NAME.dose_rate and NAME.dose.")
      .required();
  r.quantity(k + "half_life", dim::time, "Elimination half-life from the central compartment.").positive();
  r.quantity(k + "volume", dim::volume, "Volume of distribution.")
      .also({dim::volume / dim::mass}, "a volume or a volume per body weight (\"0.4 L/kg\")")
      .positive();
  r.quantity(k + "absorption_half_life", dim::time, "Half-life of absorption, for oral doses.").positive();
  r.number(k + "bioavailability", "Fraction of an oral dose that is absorbed.").range(0, 1).defaults("1");
  r.quantity(k + "k12", dim::rate, "Rate from the central to the peripheral compartment.").non_negative();
  r.quantity(k + "k21", dim::rate, "Rate from the peripheral to the central compartment.").non_negative();
  r.quantity(k + "k13", dim::rate, "Rate from the central to the deep compartment.").non_negative();
  r.quantity(k + "k31", dim::rate, "Rate from the deep to the central compartment.").non_negative();
  r.quantity(k + "effect_site_half_life", dim::time,
             "Half-life with which an effect site follows the central compartment; effects see its concentration.")
      .positive();
  r.quantity(k + "decay_half_life", dim::time, "Half-life in the medium (bath); without it, the drug is stable.")
      .positive();
  const std::string s = d + "schedule[].";
  r.text(s + "name", "A name, for overrides.");
  r.quantity(s + "dose", dim::mass,
             "Amount given: \"300 mg\", \"100 mg/m^2\", \"15 mg/kg\" or \"1 umol\"; radiation: \"2 Gy\".")
      .also({dim::mass / dim::area, dim::amount, dim::amount / dim::area, dim::amount / dim::mass, dim::radiation},
            "mass, mass per area, mass per body weight (\"mg/kg\"), amount, or a dose of radiation (\"Gy\")")
      .non_negative();
  r.quantity(s + "duration", dim::time, "radiation: how long the beam gives the dose.")
      .positive()
      .defaults("\"2 min\"");
  r.quantity(s + "concentration", dim::concentration, "bath: the concentration set at each time.")
      .also({dim::mass / dim::volume}, "a concentration")
      .non_negative();
  r.choice(s + "route", {"bolus", "infusion", "oral"},
           "How it is given; infusion when `infusion` is given, else bolus.");
  r.quantity(s + "infusion", dim::time, "Duration of the infusion.").positive();
  r.quantity(s + "at", dim::time, "Times of the doses, or the first one with `every`.").list_or_single();
  r.quantity(s + "every", dim::time, "Interval between repeated doses.").positive();
  r.add(s + "times", Kind::count, "Number of repeated doses.").non_negative();
  r.quantity(s + "washout", dim::time, "bath: time at which the drug is removed.").non_negative();
  r.add(s + "only_if", Kind::expression,
        "Each dose is given only where this holds when it is due: an expression over time, counts, drugs, the body and "
        "readout.NAME.");
  r.text(s + "readout", "Readout that the doses react to, with stop_below and resume_above.");
  const auto threshold = [&](const char* name, const char* doc) {
    r.quantity(s + name, dim::none, doc).from(DimensionRule::any).kind = Kind::quantity;
  };
  threshold(
      "stop_below",
      "Doses pause while the readout is below: \"50 %\" of what it is at the row's first dose, or a value of it.");
  threshold("resume_above", "Doses go on when the readout is above; default: stop_below.");
  r.quantity(s + "checked_every", dim::time,
             "How often it is decided: the first dose of each interval decides for the others. Default: every dose.")
      .positive();
  const std::string e = d + "effects[].";
  r.text(e + "name", "A name, for overrides.");
  r.text(e + "inhibits",
         "Target that is inhibited: network parameter or node, \"systemic NAME\", or \"CELLTYPE behaviour\".");
  r.text(e + "stimulates", "Target that is stimulated.");
  r.quantity(e + "ec50", dim::concentration, "Unbound concentration of half effect.").positive().required();
  r.number(e + "hill", "Hill power.").positive().defaults("1");
  r.text(e + "moves", "Target that the drug moves toward the value `to`.");
  r.quantity(e + "to", dim::none, "Value of the moved target at saturating drug.").from(DimensionRule::any).kind =
      Kind::quantity;
  r.number(e + "emax", "Largest effect: target × (1 ± emax).").non_negative().defaults("1");
  r.text(d + "binds.substrate", "Substrate that the antibody neutralises.").required();
  r.quantity(d + "binds.kd", dim::concentration, "Dissociation constant of the binding.").positive().required();
  r.quantity(
       d + "binds.complex_half_life", dim::time,
       "Half-life of the ligand in the complex; the ligand's own decay and its uptake then act on the free part only. "
       "Without it the complex is lost as the free ligand is.")
      .positive();

  r.quantity("patient.height", dim::length, "Height; with weight gives the body surface (Mosteller).").positive();
  r.quantity("patient.weight", dim::mass, "Body weight.").positive();
  r.quantity("patient.body_surface", dim::area, "Body surface area.").positive();
  r.text("patient.species", "Species, for the report.");

  const std::string i = "intervention[].";
  r.text(i + "name", "A name, for overrides.");
  r.text(i + "knock_out",
         "Target removed: network node or parameter, substrate (its secretion), or \"CELLTYPE behaviour\".");
  r.text(i + "knock_down", "Target weakened.");
  r.number(i + "by", "knock_down: fraction removed.").range(0, 1);
  r.quantity(i + "from", dim::time, "Start.").non_negative().defaults("\"0 d\"");
  r.quantity(i + "until", dim::time, "End; default: never.").non_negative();
}

void add_experiment_keys(Registry& r) {
  const std::string o = "readout[].";
  r.text(o + "name", "Column of summary.csv.").required();
  r.text(o + "unit", "Unit of the column.").defaults("\"1\"");
  r.choice(
       o + "over", {"count", "sum", "mean", "fraction", "diameter", "radius", "world"},
       "How cells are aggregated; diameter, radius: of the cells' outline (mean caliper); world: one expression without "
       "cells.")
      .defaults("\"count\"");
  r.text(o + "cell", "Cell type considered; default all.");
  r.add(o + "where", Kind::expression, "Which cells count (fraction: the numerator).");
  r.add(o + "value", Kind::expression, "What is summed, averaged or shown.");
  r.choice(o + "accumulate", {"integral", "maximum", "minimum", "time above", "time below"},
           "What is made of it over the run so far; `unit` is that of the result: an integral has unit x time.");
  r.quantity(o + "threshold", dim::none, "For time above and time below.").from(DimensionRule::any).kind =
      Kind::quantity;

  r.text("experiment.title", "Title of the experiment.");
  r.text("experiment.question", "The question it answers.");
  r.add("experiment.seeds", Kind::count, "Runs per arm.").range(1, 1e6).defaults("1");
  r.text("experiment.reference", "The arm others are compared with.");
  r.text("experiment.*_readout",
         "The readout that plays this part in the analysis (tumour_readout, senescent_readout …).");
  r.text("experiment.contexts", "Contexts (contexts/NAME.toml) that hold in every arm.").list();
  r.text("arm[].name", "Name of the arm.").required();
  r.text("arm[].contexts", "Contexts that hold in this arm, beside the experiment's.").list();
  r.text("arm[].label", "Label in tables and plots.");
  r.text("arm[].colour", "Colour, \"#rrggbb\".");
  r.add("arm[].set", Kind::any, "Overrides by key: { \"time.duration\" = \"30 d\" }.");
  r.add("arm[].add", Kind::any, "Additions to lists: add.intervention = [ … ].");
  r.add("arm[].donor", Kind::file, "Model whose medium at the end becomes this arm's medium at the start.");
  r.add("arm[].donor_set", Kind::any, "Overrides of the donor's model, by key.");
  r.text("arm[].donor_contexts", "Contexts of the donor; those of the arm do not reach it.").list();
  r.text("arm[].donor_arm", "Arm of the donor's file.");
  r.text("arm[].donor_profile", "Profile of the donor's file.");
  r.number("arm[].donor_share", "Share of the donor's medium in the arm's; the rest is fresh.")
      .range(0, 1)
      .defaults("1");
  r.add("cohort.seed", Kind::count, "Another seed: other patients.").non_negative().defaults("1");
  r.text("cohort.posterior", "File of weighted draws, the posterior.csv of a calibration; or its lines.")
      .list_or_single();
  const std::string v = "cohort.vary.*.";
  r.text(v + "key", "Key path of the value that differs between patients.");
  r.text(v + "keys", "Key paths that all get the one draw.").list();
  r.text(v + "distribution",
         "lognormal(median, sigma of ln), uniform(a, b), loguniform(a, b), normal(mean, sd) or choice(a, b; p, q).")
      .required();
  r.text(v + "unit", "Unit of bare numbers in the distribution.");
  add_finding_keys(r);
  add_study_keys(r);
  r.add("compare", Kind::any, "How measured data are compared; see `senoma compare --help`.");
}

}  // namespace senoma::model
