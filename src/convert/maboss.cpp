#include "convert/maboss.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "convert/maboss_document.h"

namespace senoma::convert {

namespace {

using expr::NodeId;
using maboss::did_you_mean;
using maboss::Expression;
using maboss::NodeText;
using maboss::refuse;
using maboss::Start;

const std::array<const char*, 4> known_settings{"max_time", "time_tick", "sample_count", "discrete_time"};

class Model {
 public:
  Model(maboss::Document document, const std::map<std::string, double>& set) : document_(std::move(document)) {
    for (const auto& [name, value] : set) set_[name.substr(0, 1) == "$" ? name.substr(1) : name] = value;
  }

  MabossModel build(const std::string& name) {
    out_.network.name = name;
    check_set();
    for (const auto& node : document_.nodes) slot_of_.emplace(node.name, static_cast<std::int32_t>(slot_of_.size()));
    for (const auto& node : document_.nodes) {
      network::BooleanNode made;
      made.name = node.name;
      made.rate_up = rate(node, "rate_up", true);
      made.rate_down = rate(node, "rate_down", false);
      if (const auto found = document_.internal.find(node.name); found != document_.internal.end())
        made.internal = constant(found->second, "is_internal") != 0.0;
      out_.network.nodes.push_back(std::move(made));
    }
    for (const auto& [parameter, text] : document_.parameters)
      out_.parameters.emplace_back(parameter, parameter_value(parameter, text.place));
    build_starts();
    build_run();
    return std::move(out_);
  }

 private:
  // ---- meaning

  void check_set() const {
    const auto names = document_.node_names();
    std::vector<std::string> known = names;
    for (const auto& [name, text] : document_.parameters) known.push_back(name);
    for (const auto& [name, value] : set_) {
      if (std::find(known.begin(), known.end(), name) == known.end())
        refuse("there is no parameter or node '" + name + "' to set", {},
               did_you_mean(name, known, "`senoma network FILE.bnd --config FILE.cfg --list` shows them"));
      const bool node = document_.parameters.count(name) == 0;
      if (node && value != 0.0 && value != 1.0)
        refuse(fmt::format("node '{}' cannot start at {}", name, value), {}, "write 0 or 1");
    }
  }

  double parameter_value(const std::string& name, const SourcePosition& place) {
    if (const auto given = set_.find(name); given != set_.end()) return given->second;
    if (const auto known = values_.find(name); known != values_.end()) {
      if (!known->second) refuse("the parameter '$" + name + "' is computed from itself", place, "give it a number");
      return *known->second;
    }
    const auto found = document_.parameters.find(name);
    if (found == document_.parameters.end()) {
      std::vector<std::string> names;
      for (const auto& [other, text] : document_.parameters) names.push_back("$" + other);
      refuse("the parameter '$" + name + "' has no value", place,
             did_you_mean("$" + name, names, "write $" + name + " = …; in the configuration"));
    }
    values_[name] = std::nullopt;
    const double value = constant(found->second, "$" + name);
    if (!std::isfinite(value))
      refuse("'$" + name + "' is not a finite number", found->second.place, "check its expression");
    values_[name] = value;
    return value;
  }

  double constant(const Expression& expression, const std::string& what) {
    const NodeId node = translate(expression, nullptr);
    if (!out_.network.graph.is_constant(node))
      refuse("'" + what + "' depends on the state of nodes", expression.place, "use numbers and $parameters only");
    return out_.network.graph.node(node).value;
  }

  NodeId rate(const NodeText& node, const char* name, bool up) {
    auto& graph = out_.network.graph;
    if (node.attributes.count(name) > 0) return attribute(node, name, node.place);
    if (node.attributes.count("logic") == 0) return graph.constant(0.0);
    const NodeId logic = attribute(node, "logic", node.place);
    return graph.make(expr::Op::select, logic, graph.constant(up ? 1.0 : 0.0), graph.constant(up ? 0.0 : 1.0));
  }

  NodeId attribute(const NodeText& node, const std::string& name, const SourcePosition& place) {
    const auto found = node.attributes.find(name);
    if (found == node.attributes.end()) {
      std::vector<std::string> names;
      for (const auto& [other, text] : node.attributes) names.push_back(other);
      refuse("node '" + node.name + "' has no attribute '" + name + "'", place,
             did_you_mean(name, names, "@" + name + " means the value of " + name + " = …; of the same node"));
    }
    const auto [memo, fresh] = attributes_.emplace(&found->second, -1);
    if (!fresh && memo->second < 0)
      refuse("the attribute '" + name + "' of node '" + node.name + "' is computed from itself", place,
             "remove the circle");
    if (fresh) {
      const NodeId made = translate(found->second, &node);
      attributes_[&found->second] = made;
    }
    return attributes_[&found->second];
  }

  NodeId translate(const Expression& e, const NodeText* node) {
    if (++depth_ > 1000) refuse("expressions refer to each other too deeply", e.place, "use fewer steps");
    const NodeId made = translated(e, node);
    --depth_;
    return made;
  }

  NodeId translated(const Expression& e, const NodeText* node) {
    auto& graph = out_.network.graph;
    switch (e.kind) {
      case Expression::Kind::number:
        return graph.constant(e.value);
      case Expression::Kind::parameter:
        return graph.constant(parameter_value(e.name, e.place));
      case Expression::Kind::alias:
        if (!node) refuse("'@" + e.name + "' has no meaning in a configuration", e.place, "use it inside of a node");
        return attribute(*node, e.name, e.place);
      case Expression::Kind::node:
        need_node_slot(e);
        return graph.variable(slot_of_.at(e.name));
      case Expression::Kind::unary:
        return graph.make(e.operations[0], translate(e.parts[0], node));
      case Expression::Kind::choice: {
        const NodeId condition = translate(e.parts[0], node), then = translate(e.parts[1], node);
        return graph.make(expr::Op::select, condition, then, translate(e.parts[2], node));
      }
      case Expression::Kind::call:
        return called(e, node);
      case Expression::Kind::chain:
        break;
    }
    NodeId sum = translate(e.parts[0], node);
    for (std::size_t i = 0; i < e.operations.size(); ++i)
      sum = graph.make(e.operations[i], sum, translate(e.parts[i + 1], node));
    return sum;
  }

  /// log(x) = ln x, log(x, b) = ln x / ln b, exp(x) = e^x, exp(x, b) = e^(x ln b).
  NodeId called(const Expression& e, const NodeText* node) {
    auto& graph = out_.network.graph;
    if (e.name != "log" && e.name != "exp")
      refuse("the function '" + e.name + "' is not known", e.place,
             "known are log(x), log(x, base), exp(x), exp(x, base)");
    if (e.parts.size() > 2)
      refuse(fmt::format("'{}' has {} arguments", e.name, e.parts.size()), e.place, "write one, or two with the base");
    const NodeId x = translate(e.parts[0], node);
    if (e.parts.size() == 1) return graph.make(e.name == "log" ? expr::Op::ln : expr::Op::exp, x);
    const NodeId base = graph.make(expr::Op::ln, translate(e.parts[1], node));
    if (e.name == "log") return graph.div(graph.make(expr::Op::ln, x), base);
    return graph.make(expr::Op::exp, graph.mul(x, base));
  }

  void need_node_slot(const Expression& e) const {
    if (slot_of_.count(e.name) == 0)
      refuse("there is no node '" + e.name + "'", e.place,
             did_you_mean(e.name, document_.node_names(), "a parameter is written with $: $" + e.name));
  }

  void build_starts() {
    std::map<std::string, const Start*> last;  // a later statement replaces an earlier one
    for (const auto& start : document_.starts) {
      for (const auto& name : start.nodes) last[name] = &start;
    }
    for (const auto& start : document_.starts) {
      std::vector<std::string> kept;
      for (const auto& name : start.nodes) {
        if (last[name] == &start) kept.push_back(name);
      }
      if (kept.empty()) continue;
      if (kept.size() != start.nodes.size())
        refuse("the start of a node in this list is given again later", start.place,
               "give the start of each node once");
      add_start(start);
    }
    for (const auto& [name, value] : set_) {
      if (document_.parameters.count(name) > 0) continue;
      const auto slot = static_cast<std::size_t>(slot_of_.at(name));
      auto& groups = out_.network.initial;
      for (auto& group : groups) {
        const auto found = std::find(group.nodes.begin(), group.nodes.end(), slot);
        if (found == group.nodes.end()) continue;
        const auto column = found - group.nodes.begin();
        group.nodes.erase(found);
        for (auto& choice : group.choices) choice.values.erase(choice.values.begin() + column);
      }
      std::erase_if(groups, [](const auto& group) { return group.nodes.empty(); });
      groups.push_back({{slot}, {{1.0, {static_cast<char>(value != 0.0)}}}});
    }
  }

  void add_start(const Start& start) {
    network::BooleanInitial group;
    for (const auto& name : start.nodes) group.nodes.push_back(static_cast<std::size_t>(slot_of_.at(name)));
    for (const auto& [weight, values] : start.choices) {
      network::BooleanInitial::Choice choice;
      choice.weight = start.single ? 1.0 : constant(weight, "the weight of a start");
      if (!(choice.weight >= 0.0 && std::isfinite(choice.weight)))
        refuse(fmt::format("the weight of a start is {}", choice.weight), weight.place, "weights are zero or above");
      for (const auto& text : values) {
        const double value = constant(text, "istate");
        if (start.single && value == -1.0) return;  // at random
        if (value != 0.0 && value != 1.0)
          refuse(fmt::format("a node cannot start at {}", value), text.place, "write 0 or 1 (−1: at random)");
        choice.values.push_back(value != 0.0 ? 1 : 0);
      }
      if (choice.weight > 0.0) group.choices.push_back(std::move(choice));
    }
    if (group.choices.empty())
      refuse("the weights of these starts are all zero", start.place, "give one of them a weight");
    out_.network.initial.push_back(std::move(group));
  }

  std::optional<double> setting(const std::string& name) {
    const auto found = document_.settings.find(name);
    if (found == document_.settings.end()) return std::nullopt;
    return constant(found->second, name);
  }
  std::optional<double> whole(const std::string& name, double least) {
    const auto value = setting(name);
    if (value && (*value != std::floor(*value) || *value < least || *value > 1e15))
      refuse(fmt::format("{} = {} is not a whole number of at least {}", name, *value, least),
             document_.settings.at(name).place, "write a whole number");
    return value;
  }

  void build_run() {
    auto& run = out_.run;
    for (const auto& [name, target] : {std::pair{"max_time", &run.end}, {"time_tick", &run.window}}) {
      const auto value = setting(name);
      if (value && !(*value > 0.0 && std::isfinite(*value)))
        refuse(fmt::format("{} = {} is not above zero", name, *value), document_.settings.at(name).place,
               "give it a time");
      if (value) *target = *value;
    }
    if (const auto n = whole("sample_count", 1)) {
      run.trajectories = static_cast<std::uint64_t>(*n);
      out_.has_trajectories = true;
    }
    if (const auto seed = whole("seed_pseudorandom", 0)) {
      run.seed = static_cast<std::uint64_t>(*seed);
      out_.has_seed = true;
    }
    run.discrete_time = setting("discrete_time").value_or(0.0) != 0.0;
    for (const auto& [name, text] : document_.settings) {
      if (name == "seed_pseudorandom" ||
          std::any_of(known_settings.begin(), known_settings.end(), [&, n = name](const char* k) { return n == k; }))
        continue;
      static const std::array<std::string, 9> others{
          "use_", "thread_count", "statdist_", "display_traj", "init_pop", "refstate", "max_pop", "pop_", "ensemble"};
      if (std::none_of(others.begin(), others.end(), [&, n = name](const auto& o) { return n.rfind(o, 0) == 0; })) {
        std::vector<std::string> known(known_settings.begin(), known_settings.end());
        known.emplace_back("seed_pseudorandom");
        refuse("the setting '" + name + "' is not known", text.place,
               did_you_mean(name, known, "see docs/user-guide/networks.md"));
      }
      document_.ignored.insert_or_assign(name, text.place.line);
    }
    for (const auto& [name, line] : document_.ignored)
      out_.notes.push_back(fmt::format("'{}' (line {}) has no effect here", name, line));
  }

  std::map<std::string, double> set_;
  maboss::Document document_;
  std::map<std::string, std::int32_t> slot_of_;
  std::map<std::string, std::optional<double>> values_;
  std::map<const Expression*, NodeId> attributes_;
  int depth_ = 0;
  MabossModel out_;
};

MabossFile load(const std::string& path) {
  std::error_code status;
  const bool folder = std::filesystem::is_directory(path, status);
  std::ifstream in(path, std::ios::binary);
  if (!in || folder)
    throw Error("E3023", "cannot open the file '" + path + "'" + (folder ? ": it is a folder" : ""),
                ErrorKind::input_output)
        .help("check the path; relative paths start at the working folder");
  MabossFile file{path, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}};
  if (in.bad()) throw Error("E3023", "cannot read the file '" + path + "'", ErrorKind::input_output);
  return file;
}

}  // namespace

MabossModel read_maboss_text(const MabossFile& bnd, const std::vector<MabossFile>& cfg,
                             const std::map<std::string, double>& set) {
  maboss::Document document;
  maboss::read_nodes(maboss::tokenize(bnd.text, bnd.name), document);
  for (const auto& file : cfg) maboss::read_settings(maboss::tokenize(file.text, file.name), document);
  Model model(std::move(document), set);
  return model.build(std::filesystem::path(bnd.name).stem().string());
}

MabossModel read_maboss(const std::string& bnd, const std::vector<std::string>& cfg,
                        const std::map<std::string, double>& set) {
  std::vector<MabossFile> files;
  for (const auto& path : cfg) files.push_back(load(path));
  return read_maboss_text(load(bnd), files, set);
}

}  // namespace senoma::convert
