// libSBML's syntax trees to convert::sbml::Math. Private to sbml_reader*.cpp, the only files that see libSBML.
#pragma once

#include <string>
#include <vector>

#include "convert/sbml_document.h"

class ASTNode;  // libSBML, global namespace

namespace senoma::convert::sbml {

/// `where` ("kinetic law of reaction J") and `line` go into the findings appended to `unsupported`.
[[nodiscard]] Math read_math(const ASTNode& node, const std::string& where, int line,
                             std::vector<Unsupported>& unsupported);

}  // namespace senoma::convert::sbml
