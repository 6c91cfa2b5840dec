// What `senoma screen --plan`, `check` and `info` say of a study: its file, its plan, its folder. Library code: prints
// nothing. Thread statement: re-entrant.
#pragma once

#include <filesystem>
#include <string>

#include "study/study_stages.h"

namespace senoma::study {

/// Whether the file is TOML with a table [study]; false too where it cannot be read.
[[nodiscard]] bool is_study_file(const std::string& path);
/// Whether the folder is that of a study or of a study's stages.
[[nodiscard]] bool is_study_folder(const std::filesystem::path& folder);

/// "TITLE: 8 variants x 2 contexts x 2 seeds x 1 fidelities = 32 members", and what is drawn.
[[nodiscard]] std::string plan_words(const StudyPlan& plan);
/// The plan on one screen: variants by kind, contexts, outcomes, draws.
[[nodiscard]] std::string plan_text(const StudyPlan& plan);

/// The stages with their numbers of members, one a line.
[[nodiscard]] std::string stages_words(const StagesPlan& plan);

/// Status, variants, and members done, failed and missing by fidelity and context, also while the study runs; for the
/// folder of a study with stages, each stage. Throws E6004, E6006.
[[nodiscard]] std::string study_folder_text(const std::filesystem::path& folder);

}  // namespace senoma::study
