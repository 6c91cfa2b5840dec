// The keys of [finding]. What they mean is checked in study/finding_spec.cpp, which knows arms and readouts.
#include "model/registry.h"

namespace senoma::model {

namespace {

/// A number or a text with a unit of any dimension.
Key& any_quantity(Registry& r, const std::string& pattern, const std::string& doc) {
  Key& key = r.quantity(pattern, dim::none, doc).from(DimensionRule::any);
  key.kind = Kind::quantity;
  return key;
}

}  // namespace

void add_finding_keys(Registry& r) {
  const std::string f = "finding.";
  r.text(f + "id", "Short name of the published finding.").required();
  r.text(f + "claim", "What was found, in one sentence.").required();
  r.text(f + "citation", "Where it was published.").required();
  r.text(f + "published", "The published numbers, in words.");
  r.choice(f + "role", {"fitted", "predicted", "shown"},
           "Whether parameters were fitted to it; shown: the experiment was chosen to show what the model can do.")
      .required();
  r.text(f + "fitted", "Parameters that were fitted to it, by key path.").list();
  r.text(f + "seeds_reason", "Why fewer than 8 seeds are enough (a deterministic model).");
  const std::string m = f + "measure[].";
  r.text(m + "name", "Name in assertions.").required();
  r.text(m + "arm", "Arm that is measured; needed with more than one.");
  r.text(m + "readout", "Readout that is measured.").required();
  r.quantity(m + "at", dim::time, "The value at this time, linear between rows.").non_negative();
  r.choice(m + "statistic",
           {"initial", "final", "maximum", "minimum", "mean", "time of maximum", "time of minimum", "area", "time to",
            "slope", "rate of log2", "number of peaks", "time between peaks", "height of peaks"},
           "What is taken of the readout over the window.");
  r.quantity(m + "window", dim::time, "Two times between which rows count; default: the run.").list().non_negative();
  r.number(m + "factor", "time to: this many times the value at the start.").positive();
  any_quantity(r, m + "level", "time to: this value.");
  r.choice(m + "after", {"minimum", "maximum"}, "time to: not before the extremum.");
  r.number(m + "prominence", "Peaks rise and fall by this fraction of the range.").range(0, 1).defaults("0.2");
  r.text(m + "arms", "With doses: one arm per dose, the control first.").list();
  any_quantity(r, m + "doses",
               "Doses of the arms; the measure is the dose that leaves `fraction` of the control's value.")
      .list();
  r.number(m + "fraction", "doses: fraction of the control's value that is left.").positive().defaults("0.5");
  const std::string a = f + "assert[].";
  r.text(a + "name", "A short sentence that can be false.").required();
  r.add(a + "value", Kind::expression, "Expression of measures, seed by seed.");
  any_quantity(r, a + "at_least", "Lower bound of value.");
  any_quantity(r, a + "at_most", "Upper bound of value.");
  any_quantity(r, a + "between", "Both bounds of value.").list();
  r.add(a + "holds", Kind::expression, "Condition on measures, seed by seed.");
  any_quantity(r, a + "fraction_of_seeds", "holds: in at least this fraction of the seeds.");
  r.choice(a + "summary", {"median", "mean"}, "Over seeds.").defaults("\"median\"");
  r.number(a + "level", "Level of the bootstrap interval.").range(0.5, 0.999).defaults("0.9");
  r.text(a + "published", "The published number; default: the finding's.");
}

}  // namespace senoma::model
