// Verbs that are programs of their own: `senoma VERB` finds `senoma-VERB` on the PATH, as git does. The Python package
// brings sensitivity, calibrate and optimise this way.
#pragma once

#include <span>
#include <string>

namespace senoma::cli {

/// Replaces the process by `senoma-VERB`; `arguments` are those from the verb on (arguments[0], which is replaced, to
/// the closing null). Throws E9001 when the PATH has no such program, with the nearest of the program's own verbs. Does
/// nothing for an option ("--help").
void run_external_verb(const std::string& verb, char** arguments, std::span<const std::string> own_verbs);

}  // namespace senoma::cli
