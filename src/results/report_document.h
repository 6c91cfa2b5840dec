// A report as plain data, and its rendering into one self-contained HTML file (inline style and script, no network),
// readable in light and dark, on paper and with colour-vision deficiencies. Whoever knows the results fills the
// structs; the look lives in results/report/*.css|js. Every axis and number carries its unit ("" = dimensionless, not
// shown). Colours: leave `colour` empty to get state_colour(name) when the series is named after a state, see
// palette.h; NaN values are gaps. Texts are plain; in prose `**bold**`, `code` in backquotes and
// `[links](folder/report.html)` to pages nearby are understood. The
// file holds no date and no machine name: equal documents give equal bytes. Thread statement: re-entrant.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace senoma::results {

struct Prose {
  std::vector<std::string> paragraphs;
  std::vector<std::string> bullets;
};

enum class Tone { neutral, good, warning, bad };

/// A framed statement: the verdict in words, a warning.
struct Callout {
  std::string title;
  std::vector<std::string> paragraphs;
  Tone tone = Tone::neutral;
};

struct KeyFigure {
  std::string label, value, unit;
  std::string note;  ///< e.g. the interval: "90 % interval 18–27"
  Tone tone = Tone::neutral;
};
struct KeyFigures {
  std::vector<KeyFigure> figures;
};

struct ReportTableColumn {
  std::string name, unit;
  bool numeric = true;  ///< right-aligned
};
struct ReportTable {
  std::string title, caption;
  std::vector<ReportTableColumn> columns;
  std::vector<std::vector<std::string>> rows;  ///< "12.4|10.1–14.9": the part after '|' is shown small, as the interval
  std::vector<std::string> notes;
  std::vector<std::string> row_colours;  ///< optional swatch per row
  bool searchable = false;
};

struct PlotAxis {
  std::string label, unit;
  bool logarithmic = false;  ///< a zero on a logarithmic x axis gets a place of its own at the left
  std::optional<double> minimum, maximum;
};
struct PlotSeries {
  std::string name, colour;
  std::vector<double> x, y;
  std::vector<double> low, high;  ///< optional band (lines) or error bars (points)
  bool line = true, points = false, dashed = false;
  std::vector<std::string> labels = {};  ///< optional, per point, for the tooltip
  bool stepped = false;                  ///< each value holds until the next x, as in a survival curve
};
struct PlotEvent {
  double x = 0;
  std::string label;  ///< "NAME 100 mg/m²"
};
struct LineChart {
  std::string title, caption;
  PlotAxis x, y;
  std::vector<PlotSeries> series;
  std::vector<PlotEvent> events;
};
struct SmallMultiples {
  std::string title, caption;
  std::vector<LineChart> charts;  ///< one legend for all, by series name
  bool shared_y = true;
};
struct StackedArea {
  std::string title, caption;
  PlotAxis x, y;
  std::vector<PlotSeries> series;  ///< the same x for all; drawn from the bottom up
  bool as_fractions = false;       ///< each x normalised to 100 %
  std::vector<PlotEvent> events;
};

struct TissueDisc {
  double x = 0, y = 0, radius = 0;  ///< µm
};
struct TissuePanel {
  std::string caption;               ///< "nadir, day 23"
  std::vector<float> x, y, radius;   ///< µm, one per cell
  std::vector<std::uint16_t> state;  ///< index into TissueMap::states
  int field_nx = 0, field_ny = 0;    ///< 0: no field
  std::vector<float> field;          ///< [ny][nx], row 0 at the lowest y
  std::vector<TissueDisc> vessels;
};
struct TissueMap {
  std::string title, caption;
  double x_min = 0, x_max = 0, y_min = 0, y_max = 0;        ///< µm, of the domain shown
  std::vector<std::pair<std::string, std::string>> states;  ///< name, colour (may be empty)
  std::string field_name, field_unit;
  std::vector<TissuePanel> panels;
};

struct ForestRow {
  std::string label, group;  ///< rows of one group get one heading
  double estimate = 0, low = 0, high = 0;
  std::string note;
};
struct ForestPlot {
  std::string title, caption;
  PlotAxis x;
  std::vector<ForestRow> rows;
  std::optional<double> reference = 0.0;  ///< line of no effect
  std::string interval = "90 % interval";
};

/// Measured against simulated, one point per condition, with the line of identity.
struct ScatterPlot {
  std::string title, caption;
  PlotAxis x, y;
  std::vector<PlotSeries> groups;  ///< drawn as points; low/high are errors in y
  bool identity = true;
  std::string identity_words = "measured = simulated";  ///< in the legend
};

/// A graph of named nodes on a raster (column, row from the upper left) with signed edges, coloured by class.
struct GraphNode {
  std::string name, label, group;
  double column = 0, row = 0;
  std::string note;  ///< tooltip
};
struct GraphEdge {
  std::size_t from = 0, to = 0;  ///< indices into `nodes`
  bool inhibits = false, dashed = false;
  std::string kind;  ///< one of `kinds`
  std::string note;  ///< tooltip
};
struct GraphDrawing {
  std::string title, caption;
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
  std::vector<std::pair<std::string, std::string>> kinds;   ///< class of edges → colour, in the legend's order
  std::vector<std::pair<std::string, std::string>> groups;  ///< group of nodes → colour
};

/// One statement held against its bound: the values it rests on, and the interval of what is claimed of them.
struct VerdictRow {
  std::string label, unit;
  std::vector<double> values;       ///< one dot each; infinite ones stand at the edge, NaN as "no value"
  std::vector<std::string> labels;  ///< per value, for the tooltip
  double centre = 0, low = 0, high = 0;
  std::optional<double> bound_low, bound_high;  ///< where the interval must lie
  bool passed = false;
  std::string note;
};
/// Rows with an axis each.
struct VerdictPlot {
  std::string title, caption;
  std::string interval = "90 % interval";
  std::vector<VerdictRow> rows;
};

/// A matrix of values on a diverging colour scale around `reference`, each written in its cell, so that colour is not
/// the only carrier.
struct HeatCell {
  double value = std::numeric_limits<double>::quiet_NaN();  ///< NaN: not defined, hatched
  double low = std::numeric_limits<double>::quiet_NaN(), high = std::numeric_limits<double>::quiet_NaN();  ///< interval
  bool marked = false;  ///< framed, e.g. part of a sign flip
  std::string note;     ///< tooltip
};
struct HeatMap {
  std::string title, caption;
  std::string label, unit;  ///< of the values
  std::vector<std::string> columns, rows;
  std::vector<std::vector<HeatCell>> cells;  ///< [row][column]
  double reference = 0;
  std::string below = "worse", above = "better";  ///< words at the ends of the scale
  std::string mark;                               ///< what a frame means; empty: no marks
  std::string interval = "90 % interval";
};

struct ProvenanceRow {
  std::string name, value, unit, grade, source, origin;  ///< origin: file or override that set it
};
struct ProvenanceTable {
  std::string title, caption;
  std::vector<ProvenanceRow> rows;
};

struct Details;
using ReportBlock =
    std::variant<Prose, Callout, KeyFigures, ReportTable, LineChart, SmallMultiples, StackedArea, TissueMap, ForestPlot,
                 ScatterPlot, VerdictPlot, GraphDrawing, HeatMap, ProvenanceTable, Details>;
/// A part that is closed until asked for; printed open.
struct Details {
  std::string title;
  std::vector<ReportBlock> blocks;
};

struct ReportSection {
  std::string title;
  std::vector<ReportBlock> blocks;
};

struct ReportDocument {
  std::string title, subtitle;
  std::vector<std::pair<std::string, std::string>> metadata;  ///< "seed" → "1…8", no dates
  std::vector<ReportSection> sections;
};

[[nodiscard]] std::string render_html(const ReportDocument& document);

/// The data of the document as render_html embeds it (JSON).
[[nodiscard]] std::string report_json(const ReportDocument& document);

}  // namespace senoma::results
