#include "study/card.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "model/provenance.h"
#include "model/roles.h"
#include "model/wiring.h"
#include "results/palette.h"

namespace senoma::study {

using model::Parameter;
using model::ResolvedModel;

namespace {

/// From the surest to the least sure, with the words of the legend and a colour (Okabe and Ito).
struct Grade {
  const char *name, *words, *colour;
};
constexpr std::array<Grade, 6> grades = {{
    {"found", "read in the named source", "#009E73"},
    {"computed", "follows from named figures", "#56B4E9"},
    {"calibrated", "fitted to named data", "#0072B2"},
    {"recalled", "general knowledge, not looked up", "#E69F00"},
    {"assumption", "a plausible range, not a measurement", "#D55E00"},
    {"convention", "a definition", "#999999"},
}};

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : ", ") + item;
  return text;
}

std::vector<Parameter> biology(const ResolvedModel& model) {
  std::vector<Parameter> rows;
  for (const auto& p : model.parameters) {
    if (model::needs_source(p.key)) rows.push_back(p);
  }
  return rows;
}

/// The part of the model a key belongs to: "substrates", "network melanoma", "cell melanoma" …
std::string part_of(const std::string& key) {
  const auto dot = key.find('.');
  const std::string first = key.substr(0, dot);
  if (first != "network" && first != "cell") return first;
  return first + " " + key.substr(dot + 1, key.find('.', dot + 1) - dot - 1);
}

results::ReportTable grade_table(const std::vector<Parameter>& rows) {
  results::ReportTable table;
  table.title = "How well the numbers are known";
  table.columns = {{"part of the model", "", false}, {"numbers", ""}};
  for (const auto& g : grades) table.columns.push_back({g.name, ""});
  table.columns.push_back({"no grade", ""});
  std::map<std::string, std::map<std::string, int>> counts;
  for (const auto& p : rows) ++counts[part_of(p.key)][p.grade];
  std::map<std::string, int> total;
  const auto row = [&](const std::string& name, const std::map<std::string, int>& of) {
    int all = 0;
    for (const auto& [grade, n] : of) all += n;
    std::vector<std::string> cells{name, std::to_string(all)};
    for (const auto& g : grades) cells.push_back(of.contains(g.name) ? std::to_string(of.at(g.name)) : "");
    cells.push_back(of.contains("") ? std::to_string(of.at("")) : "");
    table.rows.push_back(std::move(cells));
  };
  for (const auto& [part, of] : counts) {
    row(part, of);
    for (const auto& [grade, n] : of) total[grade] += n;
  }
  row("all", total);
  for (const auto& g : grades) table.notes.push_back(fmt::format("{}: {}", g.name, g.words));
  return table;
}

results::ReportSection overview(const ResolvedModel& model, const std::vector<Parameter>& rows) {
  results::ReportSection section{"What the model claims to know", {}};
  const auto count = [&](const std::string& grade) {
    return std::count_if(rows.begin(), rows.end(), [&](const Parameter& p) { return p.grade == grade; });
  };
  const auto share = [&](long n) {
    return rows.empty() ? "0"
                        : fmt::format("{:.0f}", 100.0 * static_cast<double>(n) / static_cast<double>(rows.size()));
  };
  const long assumed = count("assumption"), fitted = count("calibrated"), open = count("");
  const long with_prior = std::count_if(rows.begin(), rows.end(), [](const Parameter& p) { return !p.prior.empty(); });
  results::KeyFigures figures;
  figures.figures.push_back(
      {"numbers of the biology", std::to_string(rows.size()), "", fmt::format("{} with a prior", with_prior)});
  figures.figures.push_back(
      {"assumptions", share(assumed), "%", fmt::format("{} numbers", assumed), results::Tone::warning});
  figures.figures.push_back({"fitted to data", share(fitted), "%", fmt::format("{} numbers", fitted)});
  figures.figures.push_back(
      {"found or computed", share(count("found") + count("computed")), "%", "", results::Tone::good});
  if (open > 0) figures.figures.push_back({"without a grade", std::to_string(open), "", "", results::Tone::bad});
  section.blocks.emplace_back(std::move(figures));
  section.blocks.emplace_back(grade_table(rows));
  if (!model.citations.empty()) {
    results::Prose prose;
    prose.paragraphs = {"The model follows:"};
    prose.bullets = model.citations;
    section.blocks.emplace_back(std::move(prose));
  }
  return section;
}

results::ReportTable edge_table(const model::Wiring& wiring) {
  results::ReportTable table;
  table.title = "Edges and their evidence";
  table.searchable = true;
  table.columns = {
      {"", "", false}, {"edge", "", false}, {"how", "", false}, {"grade", "", false}, {"source", "", false}};
  for (const auto& e : wiring.edges)
    table.rows.push_back({e.id, e.from + (e.inhibits ? " ⊣ " : " → ") + e.to, e.mechanism,
                          e.grade + (e.supported ? "" : "|not in the equations"), e.source});
  return table;
}

results::ReportSection network_section(const model::Wiring& wiring) {
  results::GraphDrawing drawing;
  drawing.title = "Network " + wiring.network + ", coloured by evidence";
  drawing.caption =
      "Each edge is a published or assumed influence that the equations hold; the colour says how well it is known. An arrow raises, a bar "
      "lowers. A dashed edge is drawn but stands in no equation. Point at a node for its edges, at an edge for its source.";
  std::map<std::string, std::size_t> index;
  std::vector<std::string> groups;
  for (const auto& n : wiring.nodes) {
    index[n.name] = drawing.nodes.size();
    drawing.nodes.push_back(
        {n.name, n.label, n.group, n.column, n.row,
         (n.group.empty() ? "" : n.group + "; ") +
             (n.quantities.empty() ? "outside of the network" : "quantities: " + joined(n.quantities))});
    if (!n.group.empty() && std::find(groups.begin(), groups.end(), n.group) == groups.end()) groups.push_back(n.group);
  }
  // Colour is for the evidence; groups get one only while there are few.
  for (std::size_t k = 0; k < groups.size() && groups.size() <= 4; ++k)
    drawing.groups.emplace_back(groups[k], results::series_colour(k));
  long open = 0;
  for (const auto& e : wiring.edges) {
    open += !e.supported;
    const std::string note = fmt::format("{}{}{} ({})", e.id.empty() ? "" : e.id + ": ", e.mechanism,
                                         e.source.empty() ? "" : "; " + e.source, e.grade);
    drawing.edges.push_back({index.at(e.from), index.at(e.to), e.inhibits, !e.supported, e.grade, note});
  }
  for (const auto& g : grades) {
    if (std::any_of(wiring.edges.begin(), wiring.edges.end(), [&](const auto& e) { return e.grade == g.name; }))
      drawing.kinds.emplace_back(g.name, g.colour);
  }
  results::ReportSection section{"Network " + wiring.network, {}};
  section.blocks.emplace_back(std::move(drawing));
  if (open > 0) {
    section.blocks.emplace_back(
        results::Callout{fmt::format("{} of {} edges stand in no equation", open, wiring.edges.size()),
                         {"They are drawn dashed and marked in the table."},
                         results::Tone::warning});
  }
  section.blocks.emplace_back(edge_table(wiring));
  return section;
}

results::ReportSection substances(const ResolvedModel& model) {
  results::ReportTable table;
  table.title = "Substances";
  table.columns = {{"substance", "", false}, {"molar mass", "kDa"},     {"diffusion", "um^2/min"},
                   {"loss", "1/min"},        {"receptor", "", false},   {"made by", "", false},
                   {"sensed by", "", false}, {"taken up by", "", false}};
  const auto number = [](double x) {
    return x == 0 ? std::string() : std::abs(x) >= 1000 ? fmt::format("{:.0f}", x) : fmt::format("{:.3g}", x);
  };
  const auto roles = model::substrate_roles(model.description);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto& s = model.description.substrates[i];
    table.rows.push_back({s.name, number(s.molar_mass_kda), number(s.diffusion), number(s.decay),
                          s.receptor.empty() ? "" : fmt::format("{}, Kd {:.3g} {}", s.receptor, s.receptor_kd, s.unit),
                          joined(roles[i].makers), joined(roles[i].sensers), joined(roles[i].takers)});
  }
  results::ReportSection section{"Substances", {}};
  section.blocks.emplace_back(std::move(table));
  if (const auto open = model::loose_ends(model.description); !open.empty())
    section.blocks.emplace_back(results::Callout{"Loose ends", open, results::Tone::warning});
  return section;
}

/// Where a number acts: for network parameters the equations, else the part of the model it stands in.
std::string use_of(const std::string& key,
                   const std::map<std::string, std::map<std::string, std::string>>& in_networks) {
  for (const auto& [network, uses] : in_networks) {
    for (const std::string table : {"parameters", "initial"}) {
      const std::string prefix = "network." + network + "." + table + ".";
      if (!key.starts_with(prefix)) continue;
      if (table == "initial") return "start value";
      const auto found = uses.find(key.substr(prefix.size()));
      return found == uses.end() ? "nothing" : found->second;
    }
  }
  return part_of(key);
}

results::ReportSection parameters(const ResolvedModel& model, const std::vector<Parameter>& rows) {
  std::map<std::string, std::map<std::string, std::string>> in_networks;
  for (const auto& network : model.description.networks)
    in_networks[network.name] = model::equations_with(*network.system);
  std::vector<std::string> parts;
  for (const auto& p : rows) {
    if (const auto part = part_of(p.key); std::find(parts.begin(), parts.end(), part) == parts.end())
      parts.push_back(part);
  }
  results::ReportSection section{"Every number", {}};
  for (const auto& part : parts) {
    results::ReportTable table;
    table.title = part;
    table.searchable = true;
    table.columns = {{"number", "", false}, {"value", ""},          {"grade", "", false},
                     {"prior", "", false},  {"used in", "", false}, {"source", "", false}};
    for (const auto& p : rows) {
      if (part_of(p.key) != part) continue;
      const auto cut = p.key.find('.', part.find(' ') == std::string::npos ? 0 : part.size());
      table.rows.push_back({p.key.substr(cut == std::string::npos ? 0 : cut + 1), p.value,
                            p.grade.empty() ? "none" : p.grade, p.prior, use_of(p.key, in_networks),
                            p.source + "|" + p.origin});
    }
    section.blocks.emplace_back(
        results::Details{fmt::format("{}: {} numbers", part, table.rows.size()), {std::move(table)}});
  }
  return section;
}

}  // namespace

results::ReportDocument model_card(const ResolvedModel& model) {
  results::ReportDocument document;
  document.title = "Model card: " + model.title;
  document.subtitle = model.text;
  document.metadata = {{"model", model.id}, {"description hash", model.hash}};
  std::size_t states = 0;
  for (const auto& n : model.description.networks) states += n.system->states.size();
  document.metadata.emplace_back("network states", std::to_string(states));
  document.metadata.emplace_back("substances", std::to_string(model.description.substrates.size()));
  document.metadata.emplace_back("cell types", std::to_string(model.description.cell_types.size()));
  const auto rows = biology(model);
  document.sections.push_back(overview(model, rows));
  for (const auto& wiring : model::read_wirings(model)) document.sections.push_back(network_section(wiring));
  document.sections.push_back(substances(model));
  document.sections.push_back(parameters(model, rows));
  return document;
}

}  // namespace senoma::study
