// A cheap look at the bytes before an XML library sees them.
#pragma once

#include <string>
#include <string_view>

namespace senoma::convert::sbml {

/// Throws E3002 when the text is empty, binary, not UTF-8, declares entities, is nested deeper than 400 elements (later
/// stages recurse) or is larger than 512 MiB.
void check_text(std::string_view text, const std::string& file);

}  // namespace senoma::convert::sbml
