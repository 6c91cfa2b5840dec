// Verbs that are programs of their own: `senoma VERB` finds `senoma-VERB` on the PATH, as git does. The Python package
// brings sensitivity, calibrate and optimise this way, and `senoma screen --dask`, which it runs.
#pragma once

#include <span>
#include <string>

namespace senoma::cli {

/// Replaces the process by `senoma-VERB`; `arguments` are those from the verb on (arguments[0], which is replaced, to
/// the closing null). Throws E9001 when the PATH has no such program, with the nearest of the program's own verbs. Does
/// nothing for an option ("--help").
void run_external_verb(const std::string& verb, char** arguments, std::span<const std::string> own_verbs);

/// Replaces the process by `senoma-VERB` of the Python package, for what this program cannot do itself. `arguments` as
/// main got them: the verb is taken out. Throws E9001 when the PATH has no such program.
[[noreturn]] void hand_over(const std::string& verb, char** arguments, const std::string& extra);

}  // namespace senoma::cli
