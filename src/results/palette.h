// The one place that gives cell states and series their colours: the Okabe–Ito palette, distinguishable with every
// common colour-vision deficiency (Okabe & Ito 2008, https://jfly.uni-koeln.de/color/). The same state has the same
// colour in every figure of a report and in the viewer. Models may override a state's colour.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace senoma::results {

/// "#rrggbb" for a state or cell type by name (whole words, case ignored; "melanoma: senescent" finds senescent);
/// an unknown name gets a palette colour chosen by its hash, so that it is stable too.
[[nodiscard]] std::string state_colour(std::string_view name);

/// The k-th colour for series without a meaning of their own (cyclic, 7 colours).
[[nodiscard]] std::string series_colour(std::size_t k);

}  // namespace senoma::results
