#include "results/report_document.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "results/palette.h"
#include "results/report_assets.h"

namespace senoma::results {
namespace {

using json = nlohmann::ordered_json;

/// Six significant digits, enough for any screen and a third of the bytes; gaps become null.
json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  if (value == 0.0) return 0;
  const double scale = std::pow(10.0, 5 - std::floor(std::log10(std::abs(value))));
  if (!std::isfinite(scale) || scale == 0.0) return value;
  const double rounded = scale >= 1 ? std::round(value * scale) / scale : std::round(value * scale) * (1 / scale);
  if (rounded == std::floor(rounded) && std::abs(rounded) < 1e15) return static_cast<std::int64_t>(rounded);
  return rounded;
}

template <class Values>
json numbers(const Values& values) {
  json list = json::array();
  for (const auto value : values) list.push_back(number(static_cast<double>(value)));
  return list;
}

/// Tenths of a µm as whole numbers.
json tenths(const std::vector<float>& values) {
  json list = json::array();
  for (const float value : values) list.push_back(std::isfinite(value) ? std::lround(value * 10.0F) : 0);
  return list;
}

const char* tone_name(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "good";
    case Tone::warning:
      return "warning";
    case Tone::bad:
      return "bad";
    case Tone::neutral:
      break;
  }
  return "neutral";
}

json axis_json(const PlotAxis& axis) {
  json node = {{"label", axis.label}, {"unit", axis.unit == "1" ? "" : axis.unit}, {"log", axis.logarithmic}};
  if (axis.minimum) node["min"] = number(*axis.minimum);
  if (axis.maximum) node["max"] = number(*axis.maximum);
  return node;
}

json series_json(const std::vector<PlotSeries>& series) {
  json list = json::array();
  for (const PlotSeries& s : series) {
    json node = {{"name", s.name},    {"colour", s.colour.empty() ? state_colour(s.name) : s.colour},
                 {"x", numbers(s.x)}, {"y", numbers(s.y)},
                 {"line", s.line},    {"points", s.points},
                 {"dashed", s.dashed}};
    if (s.stepped) node["stepped"] = true;
    if (!s.low.empty()) node["low"] = numbers(s.low);
    if (!s.high.empty()) node["high"] = numbers(s.high);
    if (!s.labels.empty()) node["labels"] = s.labels;
    list.push_back(std::move(node));
  }
  return list;
}

json events_json(const std::vector<PlotEvent>& events) {
  json list = json::array();
  for (const PlotEvent& event : events) list.push_back({{"x", number(event.x)}, {"label", event.label}});
  return list;
}

json block_json(const Prose& b) { return {{"kind", "prose"}, {"paragraphs", b.paragraphs}, {"bullets", b.bullets}}; }

json block_json(const Callout& b) {
  return {{"kind", "callout"}, {"title", b.title}, {"paragraphs", b.paragraphs}, {"tone", tone_name(b.tone)}};
}

json block_json(const KeyFigures& b) {
  json figures = json::array();
  for (const KeyFigure& f : b.figures) {
    figures.push_back(
        {{"label", f.label}, {"value", f.value}, {"unit", f.unit}, {"note", f.note}, {"tone", tone_name(f.tone)}});
  }
  return {{"kind", "figures"}, {"figures", figures}};
}

json block_json(const ReportTable& b) {
  json columns = json::array();
  for (const ReportTableColumn& c : b.columns)
    columns.push_back({{"name", c.name}, {"unit", c.unit == "1" ? "" : c.unit}, {"numeric", c.numeric}});
  return {{"kind", "table"}, {"title", b.title}, {"caption", b.caption},     {"columns", columns},
          {"rows", b.rows},  {"notes", b.notes}, {"colours", b.row_colours}, {"searchable", b.searchable}};
}

json block_json(const LineChart& b) {
  return {{"kind", "line"},
          {"title", b.title},
          {"caption", b.caption},
          {"x", axis_json(b.x)},
          {"y", axis_json(b.y)},
          {"series", series_json(b.series)},
          {"events", events_json(b.events)}};
}

json block_json(const SmallMultiples& b) {
  json charts = json::array();
  for (const LineChart& chart : b.charts) charts.push_back(block_json(chart));
  return {
      {"kind", "multiples"}, {"title", b.title}, {"caption", b.caption}, {"charts", charts}, {"shared_y", b.shared_y}};
}

json block_json(const StackedArea& b) {
  return {{"kind", "area"},
          {"title", b.title},
          {"caption", b.caption},
          {"x", axis_json(b.x)},
          {"y", axis_json(b.y)},
          {"series", series_json(b.series)},
          {"fractions", b.as_fractions},
          {"events", events_json(b.events)}};
}

json block_json(const TissueMap& b) {
  json states = json::array(), panels = json::array();
  for (const auto& [name, colour] : b.states)
    states.push_back({{"name", name}, {"colour", colour.empty() ? state_colour(name) : colour}});
  for (const TissuePanel& p : b.panels) {
    json vessels = json::array();
    for (const TissueDisc& v : p.vessels) vessels.push_back({number(v.x), number(v.y), number(v.radius)});
    json node = {{"caption", p.caption},  {"x", tenths(p.x)}, {"y", tenths(p.y)},
                 {"r", tenths(p.radius)}, {"s", p.state},     {"vessels", vessels}};
    if (p.field_nx > 0 && p.field_ny > 0)
      node["field"] = {{"nx", p.field_nx}, {"ny", p.field_ny}, {"values", numbers(p.field)}};
    panels.push_back(std::move(node));
  }
  return {{"kind", "map"},
          {"title", b.title},
          {"caption", b.caption},
          {"extent", {number(b.x_min), number(b.x_max), number(b.y_min), number(b.y_max)}},
          {"states", states},
          {"field_name", b.field_name},
          {"field_unit", b.field_unit == "1" ? "" : b.field_unit},
          {"panels", panels}};
}

json block_json(const ForestPlot& b) {
  json rows = json::array();
  for (const ForestRow& r : b.rows) {
    rows.push_back({{"label", r.label},
                    {"group", r.group},
                    {"estimate", number(r.estimate)},
                    {"low", number(r.low)},
                    {"high", number(r.high)},
                    {"note", r.note}});
  }
  json node = {{"kind", "forest"}, {"title", b.title},     {"caption", b.caption},  {"x", axis_json(b.x)},
               {"rows", rows},     {"reference", nullptr}, {"interval", b.interval}};
  if (b.reference) node["reference"] = number(*b.reference);
  return node;
}

json block_json(const ScatterPlot& b) {
  return {{"kind", "scatter"},      {"title", b.title},
          {"caption", b.caption},   {"x", axis_json(b.x)},
          {"y", axis_json(b.y)},    {"series", series_json(b.groups)},
          {"identity", b.identity}, {"identity_words", b.identity_words}};
}

json pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  json list = json::array();
  for (const auto& [name, colour] : pairs) list.push_back({{"name", name}, {"colour", colour}});
  return list;
}

json block_json(const GraphDrawing& b) {
  json nodes = json::array(), edges = json::array();
  for (const GraphNode& n : b.nodes) {
    nodes.push_back({{"label", n.label},
                     {"group", n.group},
                     {"column", number(n.column)},
                     {"row", number(n.row)},
                     {"note", n.note}});
  }
  for (const GraphEdge& e : b.edges) {
    edges.push_back({{"from", e.from},
                     {"to", e.to},
                     {"inhibits", e.inhibits},
                     {"dashed", e.dashed},
                     {"kind", e.kind},
                     {"note", e.note}});
  }
  return {{"kind", "graph"},
          {"title", b.title},
          {"caption", b.caption},
          {"nodes", nodes},
          {"edges", edges},
          {"kinds", pairs_json(b.kinds)},
          {"groups", pairs_json(b.groups)}};
}

/// Infinite values stand as texts, so that they can be drawn at the edge.
json value_or_edge(double value) {
  if (std::isinf(value)) return value > 0 ? "above" : "below";
  return number(value);
}

json block_json(const VerdictPlot& b) {
  json rows = json::array();
  for (const VerdictRow& r : b.rows) {
    json values = json::array();
    for (const double v : r.values) values.push_back(value_or_edge(v));
    json row = {{"label", r.label},
                {"unit", r.unit == "1" ? "" : r.unit},
                {"values", values},
                {"labels", r.labels},
                {"centre", value_or_edge(r.centre)},
                {"low", value_or_edge(r.low)},
                {"high", value_or_edge(r.high)},
                {"bound_low", nullptr},
                {"bound_high", nullptr},
                {"passed", r.passed},
                {"note", r.note}};
    if (r.bound_low) row["bound_low"] = number(*r.bound_low);
    if (r.bound_high) row["bound_high"] = number(*r.bound_high);
    rows.push_back(std::move(row));
  }
  return {{"kind", "verdicts"}, {"title", b.title}, {"caption", b.caption}, {"interval", b.interval}, {"rows", rows}};
}

json block_json(const HeatMap& b) {
  json rows = json::array();
  for (const auto& line : b.cells) {
    json cells = json::array();
    for (const HeatCell& c : line)
      cells.push_back({number(c.value), number(c.low), number(c.high), c.marked ? 1 : 0, c.note});
    rows.push_back(std::move(cells));
  }
  return {{"kind", "heat"},
          {"title", b.title},
          {"caption", b.caption},
          {"label", b.label},
          {"unit", b.unit == "1" ? "" : b.unit},
          {"columns", b.columns},
          {"rows", b.rows},
          {"cells", rows},
          {"reference", number(b.reference)},
          {"below", b.below},
          {"above", b.above},
          {"mark", b.mark},
          {"interval", b.interval}};
}

json block_json(const ProvenanceTable& b) {
  json rows = json::array();
  for (const ProvenanceRow& r : b.rows)
    rows.push_back({r.name, r.value, r.unit == "1" ? "" : r.unit, r.grade, r.source, r.origin});
  return {{"kind", "provenance"}, {"title", b.title}, {"caption", b.caption}, {"rows", rows}};
}

json blocks_json(const std::vector<ReportBlock>& blocks);

json block_json(const Details& b) {
  return {{"kind", "details"}, {"title", b.title}, {"blocks", blocks_json(b.blocks)}};
}

json blocks_json(const std::vector<ReportBlock>& blocks) {
  json list = json::array();
  for (const ReportBlock& block : blocks)
    list.push_back(std::visit([](const auto& b) { return block_json(b); }, block));
  return list;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string escape_html(std::string text) {
  replace_all(text, "&", "&amp;");
  replace_all(text, "<", "&lt;");
  replace_all(text, ">", "&gt;");
  replace_all(text, "\"", "&quot;");
  return text;
}

/// Fills `{{name}}` once; what is filled in is not searched again by later fills of earlier names.
void fill(std::string& shell, const std::string& slot, std::string_view content) {
  const std::size_t at = shell.find("{{" + slot + "}}");
  if (at != std::string::npos) shell.replace(at, slot.size() + 4, content);
}

}  // namespace

std::string report_json(const ReportDocument& document) {
  json metadata = json::array(), sections = json::array();
  for (const auto& [name, value] : document.metadata) metadata.push_back({name, value});
  for (const ReportSection& section : document.sections)
    sections.push_back({{"title", section.title}, {"blocks", blocks_json(section.blocks)}});
  const json node = {
      {"title", document.title}, {"subtitle", document.subtitle}, {"metadata", metadata}, {"sections", sections}};
  return node.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string render_html(const ReportDocument& document) {
  std::string data = report_json(document);
  replace_all(data, "<", "\\u003c");  // no text can end the script element
  std::string script;
  for (const std::string_view part :
       {assets::base_js, assets::axes_js, assets::charts_js, assets::intervals_js, assets::verdicts_js, assets::heat_js,
        assets::map_js, assets::graph_js, assets::tables_js, assets::page_js}) {
    script += part;
  }
  std::string html(assets::shell_html);
  // From the end of the shell to its start, so that no filled text is searched for slots.
  fill(html, "script", script);
  fill(html, "data", data);
  fill(html, "style", assets::report_css);
  fill(html, "title", escape_html(document.title));
  return html;
}

}  // namespace senoma::results
