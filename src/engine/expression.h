// An expression of a description: a text in the language of expr/parse.h and the place it stands in, for errors.
#pragma once

#include <string>

#include "base/error.h"

namespace senoma::engine {

struct Expression {
  std::string text;
  SourcePosition where;
};

}  // namespace senoma::engine
