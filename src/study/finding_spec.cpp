// [finding] of an experiment file → Finding, checked against the arms and readouts it names.
#include <algorithm>

#include "expr/parse.h"
#include "model/scalar.h"
#include "study/finding_table.h"

namespace senoma::study {

namespace {

using model::plain;
using model::Value;

/// The expression's node and dimension in the finding's graph.
expr::Symbol parse_expression(Finding& finding, const Value& text) {
  expr::Scope scope;
  scope.find = [&](const std::string& name) -> std::optional<expr::Symbol> {
    for (std::size_t k = 0; k < finding.measures.size(); ++k) {
      if (expr::normalise_name(finding.measures[k].name) == name)
        return expr::Symbol{finding.graph.variable(static_cast<std::int32_t>(k)), finding.measures[k].dimension};
    }
    return std::nullopt;
  };
  scope.names = [&] {
    std::vector<std::string> names;
    for (const auto& m : finding.measures) names.push_back(m.name);
    return names;
  };
  try {
    return expr::parse(text.text, finding.graph, scope);
  } catch (const Error& error) {
    throw model::relocate(error, text);
  }
}

void read_bounds(const FindingTable& table, const Dimension& dimension, Assertion& a) {
  const Value* least = table.find("at_least");
  const Value* most = table.find("at_most");
  const Value* between = table.find("between");
  if ((least != nullptr) + (most != nullptr) + (between != nullptr) != 1)
    throw Error("E8104", table.name() + " needs one of 'at_least', 'at_most' and 'between'")
        .at(table.where())
        .help("an assertion without a bound cannot be false");
  if (between && (!between->is_array() || between->items.size() != 2))
    throw malformed(between->where, "'between' is a list of two bounds", "write between = [0.8, 1.3]");
  const Value* low = between ? &plain(between->items[0]) : least;
  const Value* high = between ? &plain(between->items[1]) : most;
  if (low) a.low = in_dimension(*low, dimension, "the bound");
  if (high) a.high = in_dimension(*high, dimension, "the bound");
  if (a.low && a.high && *a.low >= *a.high)
    throw malformed(between->where, "'between' is empty", "give the lower bound first");
  for (const Value* bound : {low, high}) {  // a bound of 0 may have no unit
    if (bound && a.unit == "1") a.unit = model::unit_of(*bound);
  }
}

Assertion read_assertion(const FindingTable& table, Finding& finding) {
  Assertion a;
  a.name = table.need("name", "a short sentence that can be false").text;
  const Value* value = table.find("value");
  const Value* holds = table.find("holds");
  if ((value == nullptr) == (holds == nullptr))
    throw malformed(table.where(), table.name() + " needs either 'value' or 'holds'",
                    "write value = \"a / b\" with a bound, or holds = \"a > b\" with fraction_of_seeds");
  const Value& text = value ? *value : *holds;
  a.text = text.text;
  const expr::Symbol parsed = parse_expression(finding, text);
  a.root = parsed.node;
  const expr::NodeId roots[] = {a.root};
  for (const auto slot : finding.graph.variables(roots)) a.measures.push_back(static_cast<std::size_t>(slot));
  if (a.measures.empty())
    throw Error("E8104", table.name() + " is constant: it depends on no measure")
        .at(text.where)
        .help("an assertion must be able to fail; name measures of [[finding.measure]]");
  if (holds) {
    const Value& fraction = table.need("fraction_of_seeds", "write fraction_of_seeds = 0.8");
    a.is_fraction = true;
    a.low = in_dimension(fraction, dim::none, "'fraction_of_seeds'");
    if (!(*a.low > 0.0) || *a.low > 1.0)
      throw malformed(fraction.where, "a fraction of seeds lies above 0 and is at most 1", "write 0.8 or \"80 %\"");
    for (const char* key : {"at_least", "at_most", "between", "summary"}) {
      if (const Value* given = table.find(key))
        throw malformed(given->where, fmt::format("'{}' belongs to 'value', not to 'holds'", key), "leave it out");
    }
  } else {
    if (const Value* given = table.find("fraction_of_seeds"))
      throw malformed(given->where, "'fraction_of_seeds' belongs to 'holds', not to 'value'", "leave it out");
    read_bounds(table, parsed.dimension, a);
  }
  if (a.unit == "1" && !parsed.dimension.dimensionless() && !a.is_fraction) {
    a.unit = internal_unit(parsed.dimension);
    if (a.measures.size() >= 1 && finding.measures[a.measures[0]].dimension == parsed.dimension)
      a.unit = finding.measures[a.measures[0]].unit;
  }
  a.median = table.text("summary", "median") != "mean";
  a.level = table.number("level", 0.9);
  a.published = table.text("published", finding.published);
  return a;
}

template <class List>
void check_new(const List& list, const std::string& name, const char* what, const SourcePosition& where) {
  for (const auto& one : list) {
    if (one.name == name)
      throw malformed(where, fmt::format("two {}s are named '{}'", what, name), "give each its own name");
  }
}

void check_fitted(const Finding& finding, const Value& list, const Value& root) {
  for (const auto& item : list.items) {
    if (model::find_path(root, item.text).whole) continue;
    std::vector<std::string> names;
    for (const auto& leaf : model::leaves(root)) names.push_back(leaf.path);
    Error error("E8102", "the model has no parameter '" + item.text + "'");
    error.at(item.where);
    if (const auto near = nearest_name(item.text, names); !near.empty()) error.help("did you mean '" + near + "'?");
    throw error.help("'fitted' lists the parameters that were fitted to " + finding.id + ", by their key paths");
  }
}

}  // namespace

bool states_finding(const model::ResolvedModel& model) { return model.resolved.root.find("finding") != nullptr; }

Finding read_finding(const ExperimentPlan& plan) {
  const Value& root = plan.arms.at(0).model.resolved.root;
  const Value* value = root.find("finding");
  if (!value)
    throw Error("E8101", "the file states no finding")
        .at({plan.arms[0].model.resolved.path, 0, 0, 0})
        .help("add [finding] with id, claim, measures and assertions");
  const FindingTable table(*value, "[finding]");
  Finding finding;
  finding.id = table.need("id", "write id = \"V02\"").text;
  finding.claim = table.need("claim", "say in one sentence what was found").text;
  finding.citation = table.need("citation", "say where it was published").text;
  finding.published = table.text("published");
  const std::string role = table.need("role", "write role = \"fitted\", \"predicted\" or \"shown\"").text;
  finding.predicted = role == "predicted";
  finding.seeds_reason = table.text("seeds_reason");
  finding.seeds = plan.seeds.size();
  if (const Value* fitted = table.find("fitted")) {
    if (role != "fitted" && !fitted->items.empty())
      throw malformed(fitted->where, "a finding that is " + role + " has no fitted parameters",
                      "write role = \"fitted\", or leave 'fitted' out");
    check_fitted(finding, *fitted, root);
    for (const auto& item : fitted->items) finding.fitted.push_back(item.text);
  }
  if (finding.seeds < least_seeds && finding.seeds_reason.empty())
    throw Error("E8105", fmt::format("{} runs {} seed{}, fewer than {}", finding.id, finding.seeds,
                                     finding.seeds == 1 ? "" : "s", least_seeds))
        .at(table.where())
        .help(fmt::format("write seeds = {} in [experiment], or say in 'seeds_reason' why fewer are enough",
                          least_seeds));
  for (const auto& item : table.need("measure", "add [[finding.measure]]").items) {
    const FindingTable row(item, "the measure '" + FindingTable(item, "").text("name") + "'");
    Measure m = read_measure(row, plan);
    check_new(finding.measures, m.name, "measure", item.where);
    finding.measures.push_back(std::move(m));
  }
  for (const auto& item : table.need("assert", "add [[finding.assert]]").items) {
    const FindingTable row(item, "the assertion '" + FindingTable(item, "").text("name") + "'");
    Assertion a = read_assertion(row, finding);
    check_new(finding.assertions, a.name, "assertion", item.where);
    finding.assertions.push_back(std::move(a));
  }
  if (finding.assertions.empty())
    throw malformed(table.where(), "the finding asserts nothing", "add [[finding.assert]]");
  return finding;
}

}  // namespace senoma::study
