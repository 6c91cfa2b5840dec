// The one place where a member's result, its manifest (run.json) and the table at the end of a run are converted into
// each other. Pure functions; thread statement: re-entrant.
#pragma once

#include "results/progress.h"
#include "results/run_folder.h"
#include "study/member.h"

namespace senoma::study {

/// Those that hold, in the order of merging.
[[nodiscard]] std::vector<std::string> context_names(const model::ResolvedModel& model);
/// What is known before the run: program, model, seed, end.
[[nodiscard]] results::Manifest first_manifest(const model::ResolvedModel& model, const MemberOptions& options);
/// Origin, contexts and patient of the run so far: its resolved model does not name them any more.
void keep_provenance(const results::Manifest& earlier, results::Manifest& manifest);
/// Adds what the run came to.
void record(const MemberResult& result, results::Manifest& manifest);
/// The same back, without tables and maps.
[[nodiscard]] MemberResult result_of(const results::Manifest& manifest);
[[nodiscard]] results::RunEnd run_end(const MemberResult& member, const std::string& title,
                                      const std::filesystem::path& folder);

}  // namespace senoma::study
