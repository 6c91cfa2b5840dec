// The keys of [study]. What they mean together is checked in study/study_spec.cpp and study/study_plan.cpp.
#include "model/registry.h"

namespace senoma::model {

namespace {

/// What a part of a study changes in the model, as an arm would.
void add_changes(Registry& r, const std::string& at) {
  r.add(at + "set", Kind::any, "Overrides by key: { \"time.duration\" = \"30 d\" }.");
  r.add(at + "add", Kind::any, "Additions to lists: add.intervention = [ … ].");
}

void add_actor(Registry& r, const std::string& at, const std::string& what) {
  r.text(at + "name", "Name of the " + what + " in tables.").required();
  r.text(at + "group", "Group in tables and plots: ligand, receptor, node …");
}

}  // namespace

void add_study_keys(Registry& r) {
  const std::string s = "study.";
  r.text(s + "title", "Title of the study; default: that of its experiment.");
  r.text(s + "question", "The question it answers.");
  r.add(s + "experiment", Kind::file, "The experiment whose arm is varied, relative to this file.").required();
  r.text(s + "profile", "Profile of the experiment.");
  r.text(s + "arm", "The arm that is varied, the treated one; without it the model as it is.");
  r.text(s + "control", "A further arm that runs unvaried, for comparison.");
  r.text(s + "contexts", "Contexts that hold in every member.").list();
  r.add(s + "seeds", Kind::count, "Replicates of every variant, with the same seeds.").range(1, 1e6).defaults("8");
  r.add(s + "first_seed", Kind::count, "The first seed.").range(1, 1e15).defaults("1");
  r.number(s + "levels", "Fractions removed from a target that does not give its own.")
      .list()
      .range(0, 1)
      .defaults("[0.25, 0.5, 0.75, 0.95]");
  r.quantity(s + "fork_at", dim::time, "Members of one context and seed share the run up to this time.").positive();
  r.choice(s + "keep", {"records", "folders"}, "records: outcomes only; folders: also the run folder of every member.")
      .defaults("\"records\"");
  r.add(s + "best", Kind::count, "Size k of the group of best variants in the ranking.").range(1, 1000).defaults("5");
  r.text(s + "only_targets", "Names of the targets and drugs that take part; default: all. For profiles.").list();
  r.text(s + "only_contexts", "Names of the study's contexts that take part; default: all. For profiles.").list();
  r.quantity(s + "time.*", dim::time, "A named time that timings refer to.").non_negative();
  add_changes(r, s);

  const std::string dr = s + "draws.";
  r.text(dr + "of",
         "Values that are drawn from their priors in the model files: key paths, * and ? stand for anything.")
      .list_or_single();
  r.add(dr + "cohort", Kind::file, "A file with a table [cohort] instead, relative to this file.");
  r.add(dr + "posterior", Kind::file, "The posterior.csv of a calibration instead: draws by weight.");
  r.add(dr + "n", Kind::count,
        "Number of draws; seed s of the study has draw (s - 1) mod n + 1. Default: one per seed.")
      .range(1, 1e6);
  r.add(dr + "seed", Kind::count, "Another seed: other draws.").non_negative().defaults("1");
  r.choice(dr + "without_prior", {"refuse", "fixed"},
           "What a value that a pattern names without a prior means: an error, or it stays.")
      .defaults("\"refuse\"");

  const std::string f = s + "fidelity[].";
  r.text(f + "name", "Name of the fidelity in tables.").required();
  r.text(f + "profile", "Profile of the experiment; default: the study's.");
  r.text(f + "contexts", "Contexts that make the fidelity.").list();
  add_changes(r, f);

  const std::string c = s + "context[].";
  r.text(c + "name", "Name of the context in tables.").required();
  r.text(c + "label", "Label in tables and plots.");
  r.text(c + "contexts", "Contexts of the model (contexts/NAME.toml) that hold; none: the model as it is.").list();
  add_changes(r, c);

  const std::string t = s + "target[].";
  add_actor(r, t, "target");
  r.text(
       t + "knock_down",
       "What is weakened, as in [[intervention]]: network nodes or parameters, substrates (their secretion), \"systemic "
       "NAME\", \"CELLTYPE behaviour\".")
      .list_or_single();
  r.text(t + "scale", "Key paths of numbers that are multiplied by 1 − level, over the whole run.").list_or_single();
  r.number(t + "levels", "Fractions removed; default: the study's.").list().range(0, 1);

  const std::string d = s + "drug[].";
  add_actor(r, d, "drug");
  r.text(d + "files", "Files that add the drug and its schedule, relative to this file.").list_or_single();
  r.text(d + "contexts", "Contexts that come with the drug.").list();
  add_changes(r, d);

  const std::string g = s + "timing[].";
  r.text(g + "name", "Name of the timing in tables.").required();
  r.text(g + "reference", "A name in [study.time]; default: the start of the run.");
  r.quantity(g + "start", dim::time, "Begin, from the reference; negative: before it.").defaults("\"0 d\"");
  r.quantity(g + "stop", dim::time, "End, from the reference; default: never.");
  r.quantity(g + "pulse", dim::time, "Pulsed: how long each pulse lasts.").positive();
  r.quantity(g + "every", dim::time, "Pulsed: from one pulse's begin to the next.").positive();

  const std::string p = s + "pair[].";
  r.text(p + "of", "Names of targets and drugs: all pairs of them.").list().required();
  r.number(p + "level", "Fraction removed from each target; default: its largest level.").range(0, 1);
  r.text(p + "timing", "Name of the timing of both; default: the first.");

  const std::string j = s + "group[].";
  r.text(j + "name", "Name of the group in tables.").required();
  r.text(j + "of", "Names of 3 to 10 targets and drugs that can stand in for one another: all subsets run.")
      .list()
      .required();
  r.number(j + "level", "Fraction removed from each target; default: its largest level.").range(0, 1);
  r.text(j + "timing", "Name of the timing of all; default: the first.");

  const std::string w = s + "path[].";
  r.text(w + "name", "Name of the path in the report.").required();
  r.text(w + "of", "A target or drug, then what its effect may pass through, in order: the pairs that tell it are run.")
      .list()
      .required();
  r.number(w + "level", "Fraction removed from each target; default: its largest level.").range(0, 1);
  r.text(w + "timing", "Name of the timing; default: the first.");

  const std::string e = s + "stage[].";
  r.text(e + "name", "Name of the stage in folders and tables. Stages run in their order, with fresh seeds.")
      .required();
  r.text(e + "fidelity", "The fidelity of its members; needed when the study has several.");
  r.add(e + "seeds", Kind::count, "Replicates of every variant in this stage; default: the study's.").range(1, 1e6);
  r.number(e + "levels", "Fractions removed from targets that do not give their own; default: the study's.")
      .list()
      .range(0, 1);
  r.text(e + "only_contexts", "Names of the contexts of this stage; default: all.").list();
  r.text(e + "only_timings", "Names of the timings of this stage; default: all.").list();
  r.add(
       e + "keep", Kind::count,
       "How many targets and drugs go on to the next stage, taken in turns from the rankings of its contexts; needed in "
       "every stage but the last.")
      .range(1, 1e6);
  r.text(e + "always", "Names of targets and drugs that go on in any case, beside those that `keep` counts.").list();
  r.add(e + "pairs", Kind::boolean,
        "true: all pairs of what came in, at their largest level; false: none; default: those of [[study.pair]].");
  r.text(e + "pair_timing", "Name of the timing of these pairs; default: the first of the stage.");
  r.add(e + "groups", Kind::boolean, "Whether the groups ([[study.group]]) run, with those of each that came in.")
      .defaults("true");
  r.add(
      e + "mechanism", Kind::any,
      "true: the paths ([[study.path]]) of all targets that came in; or names of targets, which then take part in any "
      "case. What lies on their paths takes part too. Default: none.");

  const std::string o = s + "outcome[].";
  r.text(o + "name", "Name of the outcome in the catalogue.").required();
  r.text(o + "readout", "Readout that is measured.");
  r.quantity(o + "at", dim::time, "The value at this time, linear between rows.").non_negative();
  r.choice(o + "statistic",
           {"initial", "final", "maximum", "minimum", "mean", "time of maximum", "time of minimum", "area", "time to",
            "slope", "rate of log2", "number of peaks", "time between peaks", "height of peaks"},
           "What is taken of the readout over the window.");
  r.quantity(o + "window", dim::time, "Two times between which rows count; default: the run.").list().non_negative();
  r.number(o + "factor", "time to: this many times the value at the start.").positive();
  Key& level = r.quantity(o + "level", dim::none, "time to: this value.").from(DimensionRule::any);
  level.kind = Kind::quantity;
  r.choice(o + "after", {"minimum", "maximum"}, "time to: not before the extremum.");
  r.number(o + "prominence", "Peaks rise and fall by this fraction of the range.").range(0, 1).defaults("0.2");
  r.choice(o + "better", {"higher", "lower"}, "Which direction helps; needed with a weight.");
  r.number(o + "weight", "Weight in the objective; default: not part of it.").non_negative();
  r.add(o + "spare", Kind::boolean, "Objective: only a loss counts, for what is to be kept or spared.")
      .defaults("false");
  r.number(o + "scale", "Objective: the difference, in the outcome's unit, that counts 1.").positive().defaults("1");
}

}  // namespace senoma::model
