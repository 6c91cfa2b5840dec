// SBML mathematics to nodes of an expression graph; function definitions are expanded in place.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "convert/sbml_document.h"
#include "expr/graph.h"

namespace senoma::convert::sbml {

using LocalNames = std::map<std::string, expr::NodeId>;

/// The place a piece of mathematics stands, for messages.
struct MathPlace {
  std::string file, where;
  int line = 0;
};

class MathTranslator {
 public:
  struct Meaning {
    expr::NodeId time = -1;
    std::function<expr::NodeId(const std::string& name, const MathPlace&)> value_of;  ///< throws E3004 if unknown
    std::function<expr::NodeId(expr::NodeId)> rate_of;                                ///< d(node)/d(time)
  };
  MathTranslator(expr::Graph& graph, const Document& document, Meaning meaning);

  /// `locals` (a reaction's own parameters) hide the model's names. Throws E3004.
  expr::NodeId translate(const Math& math, const MathPlace& place, const LocalNames* locals = nullptr);

  /// One sum or product of many terms as a balanced tree, so that later stages recurse only log n deep.
  expr::NodeId fold(expr::Op op, std::vector<expr::NodeId> terms, double empty);

 private:
  struct Scope {
    const LocalNames* locals = nullptr;
    bool sees_model = true;  // the body of a function definition sees its arguments only
  };
  expr::NodeId build(const Math& math, const MathPlace& place, const Scope& scope);
  expr::NodeId apply(const Math& math, const MathPlace& place, const Scope& scope);
  expr::NodeId call(const Math& math, const MathPlace& place, const Scope& scope);
  expr::NodeId piecewise(const Math& math, const MathPlace& place, const Scope& scope);
  expr::NodeId root(const Math& math, const MathPlace& place, const Scope& scope);
  expr::NodeId logarithm(const Math& math, const MathPlace& place, const Scope& scope);
  expr::NodeId named(const Math& math, const MathPlace& place, const Scope& scope);
  expr::NodeId relation(expr::Op op, const std::vector<expr::NodeId>& sides);
  std::vector<expr::NodeId> children(const Math& math, const MathPlace& place, const Scope& scope);

  expr::Graph& graph_;
  Meaning meaning_;
  std::map<std::string, const FunctionDefinition*> functions_;
  std::map<std::pair<std::string, std::vector<expr::NodeId>>, expr::NodeId> calls_;  // expanded once per argument list
  int depth_ = 0;
};

}  // namespace senoma::convert::sbml
