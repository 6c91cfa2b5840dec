#include "convert/maboss_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace senoma::convert::maboss {

void refuse(const std::string& message, const SourcePosition& place, const std::string& remedy) {
  throw Error("E3022", message).at(place).help(remedy);
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& known, const std::string& otherwise) {
  const std::string near = nearest_name(name, known);
  return near.empty() ? otherwise : "did you mean '" + near + "'? " + otherwise;
}

std::vector<std::string> Document::node_names() const {
  std::vector<std::string> names;
  for (const auto& node : nodes) names.push_back(node.name);
  return names;
}

void Document::need_node(const std::string& name, const SourcePosition& place) const {
  if (std::any_of(nodes.begin(), nodes.end(), [&](const NodeText& n) { return n.name == name; })) return;
  refuse("there is no node '" + name + "'", place,
         did_you_mean(name, node_names(), "nodes are declared in the .bnd file"));
}

namespace {

bool is_node_keyword(const std::string& word) {
  static constexpr std::string_view keyword = "node";
  return std::equal(word.begin(), word.end(), keyword.begin(), keyword.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

class Statements {
 public:
  explicit Statements(Document& document) : document_(document) {}

  void read_node(Reader& in) {
    const Token first = in.peek();
    const bool keyword = first.kind == Kind::name && is_node_keyword(first.text);
    NodeText node;
    if (!keyword || in.peek(1).kind != Kind::name) {
      if (first.kind != Kind::name || in.peek(1).text != ":")
        in.fail("a declaration expected, found " + maboss::shown(first), first, "write Node A { … } or A : B AND C");
      node.name = in.take().text;
      in.take();
      node.attributes.emplace("logic", in.expression());
      in.take_sign(";");
    } else {
      in.take();
      node.name = in.expect_name("the name of a node");
      in.expect_sign("{", "the name of node '" + node.name + "'");
      while (!in.take_sign("}")) read_attribute(in, node);
    }
    node.place = in.place(first);
    if (std::any_of(document_.nodes.begin(), document_.nodes.end(),
                    [&](const NodeText& n) { return n.name == node.name; }))
      refuse("the node '" + node.name + "' is declared twice", node.place, "remove one of the declarations");
    document_.nodes.push_back(std::move(node));
  }

  static void read_attribute(Reader& in, NodeText& node) {
    const Token at = in.peek();
    if (at.kind == Kind::end) in.fail("node '" + node.name + "' does not end", at, "close it with }");
    const std::string name = in.expect_name("an attribute of node '" + node.name + "'");
    if (!in.at_sign("="))
      in.fail("the attribute '" + name + "' of node '" + node.name + "' has no value: '=' expected, found " +
                  maboss::shown(in.peek()),
              in.peek(), "write " + name + " = …; or leave the attribute out");
    in.take();
    if (in.peek().kind == Kind::text) {
      in.take();  // a description
    } else if (!node.attributes.emplace(name, in.expression()).second) {
      refuse("node '" + node.name + "' has the attribute '" + name + "' twice", in.place(at), "remove one of them");
    }
    in.expect_sign(";", "the value of '" + name + "'");
  }

  void read_statement(Reader& in) {
    const Token first = in.peek();
    if (first.kind == Kind::parameter) {
      in.take();
      in.expect_sign("=", "'$" + first.text + "'");
      auto value = in.expression();
      document_.parameters.insert_or_assign(first.text, std::move(value));
    } else if (in.at_sign("[")) {
      read_start(in);
    } else {
      const std::string name = in.expect_name("a $parameter, a setting or NODE.attribute");
      if (in.take_sign(".")) {
        read_property(in, name, first);
      } else {
        in.expect_sign("=", "'" + name + "'");
        document_.settings.insert_or_assign(name, in.expression());
      }
    }
    in.expect_sign(";", "the statement");
  }

  void read_property(Reader& in, const std::string& node, const Token& first) {
    const Token at = in.peek();
    const std::string property = in.expect_name("istate, is_internal or refstate");
    in.expect_sign("=", "'" + node + "." + property + "'");
    document_.need_node(node, in.place(first));
    auto value = in.expression();
    if (property == "istate") {
      Start start;
      start.nodes = {node};
      start.single = true;
      start.place = in.place(first);
      start.choices.emplace_back(Expression{}, std::vector<Expression>{});
      start.choices[0].second.push_back(std::move(value));
      document_.starts.push_back(std::move(start));
    } else if (property == "is_internal") {
      document_.internal.insert_or_assign(node, std::move(value));
    } else if (property == "refstate") {
      document_.ignored.insert_or_assign("refstate", at.line);
    } else {
      refuse(
          "nodes have no property '" + property + "'", in.place(at),
          did_you_mean(property, {"istate", "is_internal", "refstate"}, "known are istate, is_internal and refstate"));
    }
  }

  void read_start(Reader& in) {
    Start start;
    start.place = in.place(in.peek());
    in.take();
    do {
      const Token at = in.peek();
      start.nodes.push_back(in.expect_name("the name of a node"));
      document_.need_node(start.nodes.back(), in.place(at));
    } while (in.take_sign(","));
    in.expect_sign("]", "the names of nodes");
    in.expect_sign(".", "the list of nodes");
    const Token at = in.peek();
    const std::string property = in.expect_name("istate");
    if (property != "istate")
      refuse("a list of nodes has no property '" + property + "'", in.place(at), "write .istate");
    in.expect_sign("=", "'istate'");
    do {
      auto weight = in.expression();
      std::vector<Expression> values;
      const Token open = in.peek();
      in.expect_sign("[", "the weight of a start");
      do values.push_back(in.expression());
      while (in.take_sign(","));
      in.expect_sign("]", "the values of a start");
      if (values.size() != start.nodes.size())
        refuse(fmt::format("{} values for {} nodes", values.size(), start.nodes.size()), in.place(open),
               "give one value, 0 or 1, for each node of the list");
      start.choices.emplace_back(std::move(weight), std::move(values));
    } while (in.take_sign(","));
    document_.starts.push_back(std::move(start));
  }

 private:
  Document& document_;
};

}  // namespace

void read_nodes(const Source& source, Document& into) {
  Reader in(source);
  Statements statements(into);
  while (in.peek().kind != Kind::end) statements.read_node(in);
  if (into.nodes.empty()) refuse("the file declares no node", {source.file, 1, 1, 1}, "write Node A { logic = B; }");
}

void read_settings(const Source& source, Document& into) {
  Reader in(source);
  Statements statements(into);
  while (in.peek().kind != Kind::end) statements.read_statement(in);
}

}  // namespace senoma::convert::maboss
