// Which numbers of a model belong to the biology, so that they should say where they come from; the others describe the
// run (clock, grid, outputs, comparisons). Thread-safe.
#pragma once

#include <string>

namespace senoma::model {

/// Whether the value at this key ("substrates.oxygen.diffusion") needs a source and a grade.
[[nodiscard]] bool needs_source(const std::string& key);

}  // namespace senoma::model
