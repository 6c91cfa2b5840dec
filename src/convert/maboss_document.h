// What MaBoSS's .bnd and .cfg files say, as read, before names and values are looked into. Private to
// convert/maboss*.cpp.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "convert/maboss_text.h"

namespace senoma::convert::maboss {

struct NodeText {
  std::string name;
  std::map<std::string, Expression> attributes;
  SourcePosition place;
};

struct Start {
  std::vector<std::string> nodes;
  std::vector<std::pair<Expression, std::vector<Expression>>> choices;  ///< weight, one value per node
  bool single = false;                                                  ///< NODE.istate = value: no weight
  SourcePosition place;
};

struct Document {
  std::vector<NodeText> nodes;
  std::vector<Start> starts;
  std::map<std::string, Expression> parameters, settings;
  std::map<std::string, Expression> internal;  ///< by node
  std::map<std::string, int> ignored;          ///< properties without effect, with a line

  [[nodiscard]] std::vector<std::string> node_names() const;
  /// Throws E3022 when there is no node of that name.
  void need_node(const std::string& name, const SourcePosition& place) const;
};

/// Both throw E3021 and, for a name that is declared twice or not at all, E3022.
void read_nodes(const Source& source, Document& into);
void read_settings(const Source& source, Document& into);  ///< after the nodes; what comes later counts

[[noreturn]] void refuse(const std::string& message, const SourcePosition& place, const std::string& remedy);
[[nodiscard]] std::string did_you_mean(const std::string& name, const std::vector<std::string>& known,
                                       const std::string& otherwise);

}  // namespace senoma::convert::maboss
