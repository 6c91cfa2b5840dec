#include "model/wiring.h"

#include <algorithm>
#include <map>
#include <set>

#include "network/influences.h"

namespace senoma::model {

namespace {

const Value* member(const Value& table, std::string_view key) {
  const Value* found = table.is_table() ? table.find(key) : nullptr;
  return found ? &plain(*found) : nullptr;
}

std::string text_of(const Value& table, std::string_view key, const std::string& fallback = "") {
  const Value* value = member(table, key);
  return value && value->is_text() ? value->text : fallback;
}

std::vector<std::string> texts_of(const Value& table, std::string_view key) {
  const Value* value = member(table, key);
  if (!value) return {};
  if (value->is_text()) return {value->text};
  std::vector<std::string> texts;
  for (const auto& item : value->items) texts.push_back(plain(item).text);
  return texts;
}

WiringNode read_node(const Member& from, const network::OdeSystem& system, const std::string& network) {
  WiringNode node{
      from.key, text_of(from.value, "label", from.key), text_of(from.value, "group"), texts_of(from.value, "of"), 0, 0};
  const auto names = system.names();
  for (const auto& quantity : node.quantities) {
    if (std::find(names.begin(), names.end(), quantity) != names.end()) continue;
    Error error("E1207", "network '" + network + "' has no quantity '" + quantity + "'");
    error.at(member(from.value, "of")->where).label("named by the drawn node '" + from.key + "'");
    if (const auto near = nearest_name(quantity, names); !near.empty()) error.help("did you mean '" + near + "'?");
    throw error;
  }
  const Value* at = member(from.value, "at");
  if (!at) {
    throw Error("E1205", "the drawn node '" + from.key + "' needs 'at'")
        .at(from.key_where)
        .help("its place in the drawing: at = [column, row]");
  }
  if (!at->is_array() || at->items.size() != 2 || !plain(at->items[0]).is_number() ||
      !plain(at->items[1]).is_number()) {
    throw Error("E1202", "'at' is a place in the drawing").at(at->where).help("write at = [column, row], two numbers");
  }
  node.column = plain(at->items[0]).real;
  node.row = plain(at->items[1]).real;
  return node;
}

WiringEdge read_edge(const Value& from, const std::vector<WiringNode>& nodes) {
  WiringEdge edge{
      text_of(from, "id"),        text_of(from, "from"),   text_of(from, "to"),    text_of(from, "sign") == "-",
      text_of(from, "mechanism"), text_of(from, "source"), text_of(from, "grade"), from.where};
  std::vector<std::string> names;
  for (const auto& node : nodes) names.push_back(node.name);
  for (const char* end : {"from", "to"}) {
    const std::string name = text_of(from, end);
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    Error error("E1206", "there is no drawn node '" + name + "'");
    error.at(member(from, end)->where).label("an edge runs between two nodes of its network");
    if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
    throw error;
  }
  return edge;
}

/// Whether the equations of `to` use a quantity of `from`, directly or through variables that are not drawn.
bool reaches(const network::Influences& influences, const WiringNode& from, const WiringNode& to,
             const std::set<std::string>& drawn) {
  const std::set<std::string> wanted(from.quantities.begin(), from.quantities.end());
  std::set<std::string> seen;
  std::vector<std::string> open = to.quantities;
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    const auto entry = influences.find(name);
    if (entry == influences.end()) continue;
    for (const auto& used : entry->second) {
      if (wanted.contains(used)) return true;
      if (!drawn.contains(used) && seen.insert(used).second) open.push_back(used);
    }
  }
  return false;
}

void judge(Wiring& wiring, const network::OdeSystem& system) {
  const auto influences = network::direct_influences(system);
  std::set<std::string> drawn;
  std::map<std::string, const WiringNode*> by_name;
  for (const auto& node : wiring.nodes) {
    drawn.insert(node.quantities.begin(), node.quantities.end());
    by_name[node.name] = &node;
  }
  for (auto& edge : wiring.edges) {
    const WiringNode &from = *by_name.at(edge.from), &to = *by_name.at(edge.to);
    if (!from.quantities.empty() && !to.quantities.empty()) edge.supported = reaches(influences, from, to, drawn);
  }
}

}  // namespace

std::vector<Wiring> read_wirings(const ResolvedModel& model) {
  std::vector<Wiring> wirings;
  const Value* networks = model.resolved.root.find("network");
  for (const auto& network : model.description.networks) {
    const Value* table = networks ? networks->find(network.name) : nullptr;
    const Value* nodes = table ? table->find("node") : nullptr;
    if (!nodes) continue;
    Wiring wiring{network.name, {}, {}};
    for (const auto& node : nodes->members) wiring.nodes.push_back(read_node(node, *network.system, network.name));
    if (const Value* edges = table->find("edge")) {
      for (const auto& edge : edges->items) wiring.edges.push_back(read_edge(edge, wiring.nodes));
    }
    judge(wiring, *network.system);
    wirings.push_back(std::move(wiring));
  }
  return wirings;
}

std::map<std::string, std::string> equations_with(const network::OdeSystem& system) {
  std::map<std::string, std::string> uses;
  for (const auto& [quantity, names] : network::direct_influences(system)) {
    for (const auto& name : names) uses[name] += (uses[name].empty() ? "" : ", ") + quantity;
  }
  return uses;
}

}  // namespace senoma::model
