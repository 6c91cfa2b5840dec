// model.resolved.toml of a folder that already has one. Each of its lines says where the value came from; a model read
// back from it only knows that file. So the text is kept when it is the same model, and only its end is replaced when
// the run goes further. Thread statement: re-entrant.
#pragma once

#include <filesystem>
#include <string>

#include "model/load.h"

namespace senoma::study {

[[nodiscard]] std::string resolved_text(const std::filesystem::path& existing, const model::ResolvedModel& model);

}  // namespace senoma::study
