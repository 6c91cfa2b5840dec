// senoma info FILE.checkpoint: what a saved state holds, and one cell's row.
#pragma once

#include <string>

namespace senoma::cli {

/// By its name.
[[nodiscard]] bool looks_like_checkpoint(const std::string& path);
/// `cell`: a lineage id (16 hexadecimal digits), or empty for the summary.
int show_checkpoint(const std::string& path, const std::string& cell);

}  // namespace senoma::cli
