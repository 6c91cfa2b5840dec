// The record of one member of a study: members/f0-c1-v12-s3.json, a line of JSON and a line with its hash. Records are
// what a study keeps: catalogue and tables are made from them. A record that is cut short or changed counts as absent,
// and its member runs again.
// Thread statement: re-entrant for different members.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "results/catalogue.h"
#include "study/study_plan.h"

namespace senoma::study {

/// "f0-c1-v12-s3": fidelity, context and variant by their places in the plan, and the seed.
[[nodiscard]] std::string record_name(const StudyMember& member);
/// Inside the study's folder.
[[nodiscard]] std::filesystem::path record_file(const StudyMember& member);

/// Both lines.
[[nodiscard]] std::string record_text(const results::CatalogueMember& row);
/// Nothing when the text is not whole, or not of this member.
[[nodiscard]] std::optional<results::CatalogueMember> parse_record(const std::string& text, const StudyPlan& plan,
                                                                   const StudyMember& member);

/// Written beside and renamed: a killed process leaves whole records only. E6003.
void write_record(const std::filesystem::path& folder, const StudyMember& member, const results::CatalogueMember& row);

/// Nothing when there is none, or none that is whole and of this member.
[[nodiscard]] std::optional<results::CatalogueMember> read_record(const std::filesystem::path& folder,
                                                                  const StudyPlan& plan, const StudyMember& member);

}  // namespace senoma::study
