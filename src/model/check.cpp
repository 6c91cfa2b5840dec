#include "model/check.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "model/provenance.h"
#include "model/roles.h"
#include "model/wiring.h"

namespace senoma::model {

namespace {

std::string number_text(double x) {
  Value v;
  v.kind = Value::Kind::real;
  v.real = std::abs(x) < 1e15 && x != 0 ? std::stod(std::to_string(x)) : x;
  if (v.real == 0) v.real = x;
  std::string text = to_toml(v);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string time_text(double minutes) {
  if (minutes >= 1440) return number_text(minutes / 1440) + " d";
  if (minutes >= 60) return number_text(minutes / 60) + " h";
  return number_text(minutes) + " min";
}

template <class List, class Name>
std::string joined(const List& list, const Name& name) {
  std::string out;
  for (const auto& item : list) out += (out.empty() ? "" : ", ") + name(item);
  return out.empty() ? "none" : out;
}

std::string row(const std::string& label, const std::string& text) {
  return "  " + label + std::string(label.size() < 12 ? 12 - label.size() : 1, ' ') + text + "\n";
}

std::string cell_row(const engine::CellType& c) {
  std::size_t n = 0;
  bool filled = false;
  for (const auto& i : c.initial) {
    n += std::max(i.count, i.positions.size());
    filled = filled || (i.count == 0 && i.positions.empty());
  }
  std::string text = c.name + " (states " + joined(c.states, [](const auto& s) { return s; }) + "; ";
  text += filled ? "filled at the start" : std::to_string(n) + " at the start";
  if (!c.network.empty()) text += "; network " + c.network;
  return text + "; " + std::to_string(c.rules.size()) + " rules, " + std::to_string(c.transitions.size()) +
         " transitions)";
}

std::string grade_text(const std::vector<Parameter>& parameters) {
  std::map<std::string, int> counts;
  for (const auto& p : parameters) ++counts[p.grade.empty() ? "no grade" : p.grade];
  return std::to_string(parameters.size()) + " (" +
         joined(counts, [](const auto& c) { return std::to_string(c.second) + " " + c.first; }) + ")";
}

/// Numbers of the biology that say nothing of where they come from, in one sentence with the first places.
std::vector<std::string> unsourced(const ResolvedModel& model) {
  std::vector<std::string> places;
  for (const auto& p : model.parameters) {
    if (needs_source(p.key) && (p.source.empty() || p.grade.empty())) places.push_back(p.key + " (" + p.origin + ")");
  }
  if (places.empty()) return {};
  std::string words = std::to_string(places.size()) + " values have no source or no grade: ";
  for (std::size_t i = 0; i < std::min<std::size_t>(places.size(), 4); ++i) words += (i ? ", " : "") + places[i];
  if (places.size() > 4) words += " …";
  return {words + "; add source = \"…\", grade = \"…\""};
}

std::vector<std::string> open_edges(const ResolvedModel& model) {
  std::vector<std::string> words;
  for (const auto& wiring : read_wirings(model)) {
    for (const auto& edge : wiring.edges) {
      if (!edge.supported)
        words.push_back("edge " + edge.id + " of network '" + wiring.network + "' (" + edge.from + " to " + edge.to +
                        ", " + origin_of(edge.where) + ") is drawn, but no equation has it");
    }
  }
  return words;
}

bool same(const Error& a, const Error& b) {
  const auto place = [](const Error& e) {
    return e.position() ? e.position()->file + ":" + std::to_string(e.position()->line) + ":" +
                              std::to_string(e.position()->column)
                        : "";
  };
  return a.code() == b.code() && a.message() == b.message() && place(a) == place(b);
}

std::vector<std::string> profile_names(const ResolvedModel& model) {
  std::vector<std::string> names;
  if (const Value* profiles = model.resolved.root.find("profiles")) {
    for (const auto& m : profiles->members) names.push_back(m.key);
  }
  return names;
}

}  // namespace

std::string summary_text(const ResolvedModel& model) {
  const auto& d = model.description;
  const auto& g = d.domain.geometry;
  std::string out = model.title + "\n";
  std::string size;
  for (int axis = 0; axis < (g.two_dimensional ? 2 : 3); ++axis)
    size += (axis ? " x " : "") + number_text(g.extent(axis));
  std::string domain = size + " um, " + (d.domain.well_mixed ? "well mixed" : std::to_string(g.size()) + " voxels");
  if (g.two_dimensional) domain += ", 2D of thickness " + number_text(g.spacing[2]) + " um";
  if (d.domain.medium_height > 0) domain += ", medium " + number_text(d.domain.medium_height / 1000) + " mm high";
  if (!d.domain.vessels.empty()) domain += ", " + std::to_string(d.domain.vessels.size()) + " vessels";
  out += row("domain", domain);
  out += row("time", time_text(d.duration) + " in steps of " + time_text(d.step) + ", frames every " +
                         time_text(d.output_every) + ", summary every " + time_text(d.summary_every));
  out +=
      row("substrates", joined(d.substrates, [](const auto& s) {
            return s.name + " (" + s.unit + (s.well_mixed ? ", medium" : s.quasi_steady ? ", quasi-steady" : "") + ")";
          }));
  for (const auto& c : d.cell_types) out += row(&c == &d.cell_types[0] ? "cells" : "", cell_row(c));
  for (const auto& n : d.networks) {
    out += row("network", n.name + ": " + std::to_string(n.system->states.size()) + " states, " +
                              std::to_string(n.system->parameters.size()) + " parameters, " +
                              std::to_string(n.system->inputs.size()) + " inputs");
  }
  out += row("drugs", joined(d.drugs, [](const auto& x) {
               return x.name + " (" + std::to_string(x.regimen->doses().size()) + " doses)";
             }));
  if (!d.interventions.empty())
    out += row("knocked out", joined(d.interventions, [](const auto& i) { return i.target; }));
  out += row("readouts", joined(d.readouts, [](const auto& r) { return r.name + "[" + r.unit + "]"; }));
  if (!model.experiment.arms.empty()) {
    out += row("arms", joined(model.experiment.arms, [](const auto& a) { return a.name; }) + "; " +
                           std::to_string(model.experiment.seeds) + " seeds each");
  }
  if (!model.resolved.contexts.empty())
    out += row("contexts", joined(model.resolved.contexts, [](const auto& c) { return c.name; }));
  if (!model.resolved.cohort.variations.empty())
    out +=
        row("cohort", joined(model.resolved.cohort.variations, [](const auto& v) { return v.name + " ~ " + v.text; }));
  if (const auto profiles = profile_names(model); !profiles.empty())
    out += row("profiles", joined(profiles, [](const auto& p) { return p; }));
  out += row("values", grade_text(model.parameters));
  out += row("memory", "at least " + number_text(std::max(1.0, std::round(estimated_memory(d) / 1048576.0))) + " MiB");
  out += row("hash", model.hash);
  return out;
}

CheckResult check(const std::string& path, const LoadOptions& options, std::span<const engine::Mechanism> mechanisms,
                  const std::function<void(const ResolvedModel&)>& bind) {
  CheckResult result;
  std::vector<std::string> arms, profiles;
  std::set<std::string> seen;
  bool varied = false;
  const auto one = [&](const LoadOptions& variant, const std::string& name) {
    result.variants.push_back(name);
    try {
      const auto model = load(path, variant, mechanisms, &result.sources);
      if (bind) bind(model);
      for (const auto& words : {model.warnings, loose_ends(model.description), unsourced(model), open_edges(model)}) {
        for (const auto& warning : words) {
          if (seen.insert(warning).second) result.warnings.push_back(warning);
        }
      }
      if (result.variants.size() == 1) {
        result.text = summary_text(model);
        for (const auto& arm : model.experiment.arms) arms.push_back(arm.name);
        profiles = profile_names(model);
        varied = !model.resolved.cohort.variations.empty();
      }
    } catch (const Error& error) {
      if (std::none_of(result.errors.begin(), result.errors.end(), [&](const Error& e) { return same(e, error); }))
        result.errors.push_back(error);
    }
  };
  one(options, "the model");
  if (!result.good()) return result;  // the same mistake would show in every variant
  if (options.arm.empty()) {
    for (const auto& arm : arms)
      one({options.profile, arm, options.overrides, options.contexts, options.patient}, "arm " + arm);
  }
  if (!options.patient && varied) {
    LoadOptions patient = options;
    patient.patient = 1;
    one(patient, "patient 1");
  }
  if (options.profile.empty()) {
    for (const auto& profile : profiles)
      one({profile, options.arm, options.overrides, options.contexts, options.patient}, "profile " + profile);
  }
  return result;
}

}  // namespace senoma::model
