#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "study/outcome.h"
#include "study/screen_findings.h"

namespace senoma::study {
namespace {

using results::csv_cell;

std::string cells_of(const Interval& i) { return fmt::format("{},{},{}", i.centre, i.low, i.high); }

const std::string& fidelity_name(const ScreenFindings& findings, const StudyPlan& plan) {
  return plan.spec.fidelities[findings.fidelity].name;
}

std::string situation_words(const Situation& s) { return s.timing.empty() ? s.context : s.context + ", " + s.timing; }

}  // namespace

std::string flips_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan) {
  std::string csv =
      "fidelity,family,candidate,context_positive,timing_positive,gain_positive,gain_positive_low,gain_positive_high,"
      "context_negative,timing_negative,gain_negative,gain_negative_low,gain_negative_high,p,q,probability,flagged\n";
  for (const auto& of : findings) {
    for (const auto& family : of.families) {
      for (const auto& pair : family.flips.pairs) {
        const auto& candidate = family.candidates[pair.candidate];
        csv += csv_cell(fidelity_name(of, plan)) + "," + family.what + "," + csv_cell(candidate.name);
        for (const std::size_t s : {pair.positive, pair.negative})
          csv += "," + csv_cell(candidate.situations[s].context) + "," + csv_cell(candidate.situations[s].timing) +
                 "," + cells_of(family.flips.signs[pair.candidate][s].effect);
        csv += fmt::format(",{},{},{},{}\n", pair.p, pair.q, pair.probability, pair.flagged ? 1 : 0);
      }
    }
  }
  return csv;
}

std::string pairs_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan) {
  std::string csv = "fidelity,context,pair,reference,excess,excess_low,excess_high,share_defined,not_defined_because\n";
  for (const auto& of : findings) {
    for (const auto& pair : of.pairs) {
      const std::pair<const char*, const Excess*> references[] = {
          {"Bliss", &pair.synergy.bliss}, {"HSA", &pair.synergy.hsa}, {"Loewe", &pair.synergy.loewe}};
      for (const auto& [name, excess] : references)
        csv += csv_cell(fidelity_name(of, plan)) + "," + csv_cell(plan.spec.contexts[pair.context].name) + "," +
               csv_cell(plan.variants[pair.variant].name) + "," + name + "," + cells_of(excess->interval) +
               fmt::format(",{},{}\n", excess->share_defined, csv_cell(excess->reason));
    }
  }
  return csv;
}

std::string shapley_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan) {
  std::string csv =
      "fidelity,context,group,outcome,unit,actor,shapley,shapley_low,shapley_high,alone,alone_low,alone_high,last,last_low,last_high,"
      "replicates\n";
  for (const auto& of : findings) {
    for (const auto& group : of.groups) {
      for (std::size_t i = 0; i < group.actors.size(); ++i) {
        const ShapleyValue& value = group.values[i];
        csv += csv_cell(fidelity_name(of, plan)) + "," + csv_cell(plan.spec.contexts[group.context].name) + "," +
               csv_cell(group.group) + "," + csv_cell(group.outcome) + "," + group.unit + "," +
               csv_cell(plan.spec.actors[group.actors[i]].name) + "," + cells_of(value.value) + "," +
               cells_of(value.alone) + "," + cells_of(value.last) + fmt::format(",{}\n", value.value.n);
      }
    }
  }
  return csv;
}

std::string survival_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan) {
  std::string csv = "fidelity,context,variant,time[d],at_risk,events,censored,survival,survival_low,survival_high\n";
  for (const auto& of : findings) {
    for (std::size_t c = 0; c < of.contexts.size(); ++c) {
      for (std::size_t v = 0; v < of.contexts[c].survival.size(); ++v) {
        for (const auto& step : of.contexts[c].survival[v].steps)
          csv += csv_cell(fidelity_name(of, plan)) + "," + csv_cell(plan.spec.contexts[c].name) + "," +
                 csv_cell(plan.variants[v].name) +
                 fmt::format(",{},{},{},{},{},{},{}\n", step.time, step.at_risk, step.events, step.censored,
                             step.survival, step.low, step.high);
      }
    }
  }
  return csv;
}

std::string stability_csv(std::span<const ScreenFindings> findings, const StudyPlan& plan) {
  std::string csv = "fidelity,context,seeds,kendall,best_kept,top_kept\n";
  for (const auto& of : findings) {
    for (std::size_t c = 0; c < of.contexts.size(); ++c) {
      for (const auto& point : of.contexts[c].stability)
        csv += csv_cell(fidelity_name(of, plan)) + "," + csv_cell(plan.spec.contexts[c].name) +
               fmt::format(",{},{},{},{}\n", point.n_units, point.kendall, point.best_kept, point.top_kept);
    }
  }
  return csv;
}

std::string findings_words(std::span<const ScreenFindings> findings, const StudyPlan& plan) {
  constexpr std::size_t most = 5;
  std::string text;
  for (const auto& of : findings) {
    for (const auto& family : of.families) {
      const std::size_t flagged = family.flips.n_flagged();
      if (family.flips.pairs.empty()) continue;
      text += fmt::format("flips    {} of {} pairs of situations of the {} at a false-discovery rate of {:g}\n",
                          flagged, family.flips.pairs.size(), family.what, family.flips.rate);
      std::size_t shown = 0;
      for (const auto& pair : family.flips.pairs) {
        if (!pair.flagged || ++shown > most) continue;
        const auto& candidate = family.candidates[pair.candidate];
        const auto& signs = family.flips.signs[pair.candidate];
        text += fmt::format("         {}: {} in {}, {} in {} (q {:.2g})\n", candidate.name,
                            short_number(signs[pair.positive].effect.centre),
                            situation_words(candidate.situations[pair.positive]),
                            short_number(signs[pair.negative].effect.centre),
                            situation_words(candidate.situations[pair.negative]), pair.q);
      }
    }
    std::size_t clear = 0, defined = 0;
    for (const auto& pair : of.pairs) {
      defined += pair.synergy.bliss.defined ? 1U : 0U;
      clear += pair.synergy.bliss.defined && pair.synergy.bliss.interval.low > 0.0 ? 1U : 0U;
    }
    if (!of.pairs.empty())
      text += fmt::format(
          "pairs    {} of {} take away more of the burden than Bliss expects, interval above zero; of {} Bliss is not "
          "defined\n",
          clear, of.pairs.size(), of.pairs.size() - defined);
    for (std::size_t c = 0; c < of.contexts.size(); ++c) {
      for (const auto& point : of.contexts[c].stability) {
        if (point.n_units != of.n_units) continue;
        text += fmt::format("trust    {}: {:.0f} % of the best {} would stay with other seeds\n",
                            plan.spec.contexts[c].label, 100.0 * point.top_kept, plan.spec.best);
      }
    }
  }
  return text;
}

}  // namespace senoma::study
