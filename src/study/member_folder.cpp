// A member read back from its folder.
#include <algorithm>

#include "results/summary_table.h"
#include "study/member_record.h"
#include "study/observer.h"

namespace senoma::study {
namespace fs = std::filesystem;

std::optional<std::size_t> TimeTable::find(const std::string& name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<double> TimeTable::column(const std::string& name) const {
  const auto found = find(name);
  return found ? values[*found] : std::vector<double>{};
}

namespace {

TimeTable read_time_table(const fs::path& file) {
  const auto table = results::read_table(file, {.drop_partial_line = true});
  TimeTable result;
  const double minutes = parse_unit(table.columns.at(0).unit).value;
  for (const double t : table.values[0]) result.times.push_back(t * minutes);
  for (std::size_t c = 1; c < table.columns.size(); ++c) {
    result.names.push_back(table.columns[c].name);
    result.units.push_back(table.columns[c].unit);
    result.values.push_back(table.values[c]);
  }
  return result;
}

}  // namespace

MemberResult read_member(const fs::path& folder) {
  const results::Manifest manifest = results::read_manifest(folder);
  MemberResult result = result_of(manifest);
  result.folder = folder;
  // A run that was killed may lack what is written last, and hold the beginning of a line or of a table.
  const bool whole = result.good();
  for (const auto& [name, table] :
       {std::pair{"summary.csv", &result.summary}, std::pair{"populations.csv", &result.populations},
        std::pair{"secretome.csv", &result.secretome}}) {
    try {
      *table = read_time_table(folder / name);
    } catch (const Error&) {
      if (whole) throw;
    }
  }
  std::error_code ignored;
  if (whole || fs::exists(folder / "maps.json", ignored)) read_maps(folder / "maps.json", result);
  return result;
}

bool is_finished_member(const fs::path& folder, const std::string& model_hash, std::uint64_t seed) {
  std::error_code ignored;
  if (!fs::exists(folder / "run.json", ignored)) return false;
  const results::Manifest m = results::read_manifest(folder);
  if (m.model_hash != model_hash || m.seed != seed) {
    throw Error("E6001", "'" + folder.string() + "' holds a run of another model or seed", ErrorKind::input_output)
        .help("choose another folder with --out, or move this one away")
        .help(
            "to continue a run to a later end: senoma resume DIR --until '40 d'; with changed parameters: senoma branch");
  }
  return m.status == results::RunStatus::finished;
}

}  // namespace senoma::study
