// Verbs that are programs of their own: `senoma VERB` finds `senoma-VERB` on the PATH, as git does. The Python package
// brings sensitivity, calibrate and optimise this way.
#pragma once

#include <string>

namespace senoma::cli {

/// Replaces the process by `senoma-VERB`; `arguments` are those from the verb on (arguments[0], which is replaced, to the
/// closing null). Without such a program on the PATH it throws E9001 for a verb of the Python package, else it returns.
void run_external_verb(const std::string& verb, char** arguments);

}  // namespace senoma::cli
