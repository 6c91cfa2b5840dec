#include "study/failures_section.h"

#include <fmt/format.h>

#include "study/build_info.h"

namespace senoma::study {
using namespace results;

ReportSection failures_section(const StudyPlan& plan, std::span<const CatalogueMember> members) {
  ReportSection section{"Members that failed, and versions", {}};
  ReportTable table;
  table.columns = {{"context", "", false}, {"variant", "", false}, {"seed", ""}, {"reason", "", false}};
  for (const auto& m : members) {
    if (m.status == "failed") table.rows.push_back({m.context, m.variant, fmt::format("{}", m.seed), m.error});
  }
  table.searchable = table.rows.size() > 12;
  if (table.rows.empty())
    section.blocks.emplace_back(Prose{{"No member failed."}, {}});
  else
    section.blocks.emplace_back(std::move(table));
  ReportTable versions;
  versions.title = "Versions";
  versions.columns = {{"what", "", false}, {"version", "", false}};
  versions.rows = {{"program", program_version()}, {"plan", plan.hash}};
  for (const auto& [name, version] : library_versions()) versions.rows.push_back({name, version});
  section.blocks.emplace_back(std::move(versions));
  return section;
}

}  // namespace senoma::study
