// One case of the SBML Test Suite: a folder with the model in several levels, its settings and the expected table.
#pragma once

#include <filesystem>
#include <string>

namespace senoma::verify {

/// Simulates case `id` in `folder` (the model of the highest level and version) and compares it with its table. Empty
/// when it agrees everywhere, else the first disagreement. Throws what reading and integrating throw: E3001 names what
/// is not supported.
[[nodiscard]] std::string run_sbml_case(const std::filesystem::path& folder, const std::string& id);

}  // namespace senoma::verify
