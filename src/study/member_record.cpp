#include "study/member_record.h"

#include "study/build_info.h"

namespace senoma::study {

namespace {

// Keys of Manifest::accuracy, which holds all numbers of a run that have no field of their own.
constexpr const char* ledger_key = "ledger_relative_error[1]";
constexpr const char* updates_key = "count.cell updates";
const std::string mean_prefix = "final_mean.", count_prefix = "count.", field_prefix = "field.";

// A number under SUBSTRATE.NAME; a substrate's numbers follow each other.
void read_field_number(const std::string& key, double value, FieldWork& work) {
  const std::size_t dot = key.rfind('.');
  if (dot == std::string::npos) return;
  if (work.empty() || work.back().first != key.substr(0, dot)) work.push_back({key.substr(0, dot), {}});
  each_total(work.back().second, [&](const std::string& name, std::uint64_t& total) {
    if (name == key.substr(dot + 1)) total = static_cast<std::uint64_t>(value);
  });
}

}  // namespace

std::vector<std::string> context_names(const model::ResolvedModel& model) {
  std::vector<std::string> names;
  for (const auto& context : model.resolved.contexts) names.push_back(context.name);
  return names;
}

results::Manifest first_manifest(const model::ResolvedModel& model, const MemberOptions& options) {
  results::Manifest m;
  m.senoma_version = program_version();
  m.versions = library_versions();
  m.instruction_set = instruction_set();
  m.title = model.title;
  m.model_file = std::filesystem::path(options.model_file).filename().string();
  m.arm = options.arm;
  m.profile = options.profile;
  m.overrides = options.overrides;
  m.contexts = context_names(model);
  for (const auto& drawn : model.resolved.draws) m.patient[drawn.name] = drawn.text();
  m.origin = options.origin;
  m.model_hash = member_hash(model, options.medium_hash);
  m.seed = options.seed;
  m.threads = options.threads;
  m.end_time = model.description.duration;
  m.warnings = model.warnings;
  return m;
}

void keep_provenance(const results::Manifest& earlier, results::Manifest& m) {
  if (m.origin.empty()) m.origin = earlier.origin;
  if (m.contexts.empty()) m.contexts = earlier.contexts;
  if (m.patient.empty()) m.patient = earlier.patient;
}

void record(const MemberResult& result, results::Manifest& m) {
  m.status = result.status;
  m.time = result.time;
  m.tick = result.tick;
  m.cells = result.cells;
  m.state_hash = result.state_hash;
  m.summary_hash = result.summary_hash;
  m.warnings = result.warnings;
  m.accuracy[ledger_key] = result.ledger_error;
  for (const auto& [name, value] : result.final_medium) m.accuracy[mean_prefix + name] = value;
  for (const auto& [name, value] : result.counts) m.accuracy[count_prefix + name] = static_cast<double>(value);
  for (const auto& work : result.field_work) {
    each_total(work.second, [&](const std::string& name, std::uint64_t value) {
      m.accuracy[field_prefix + work.first + "." + name] = static_cast<double>(value);
    });
  }
  m.accuracy[updates_key] = result.cell_updates;
  m.wall_seconds = result.wall_seconds;
  m.peak_memory_bytes = result.peak_memory_bytes;
  m.pass_seconds = result.pass_seconds;
  m.error = result.error ? result.error->render() : std::string();
}

MemberResult result_of(const results::Manifest& m) {
  MemberResult result;
  result.status = m.status;
  result.arm = m.arm;
  result.seed = m.seed;
  result.warnings = m.warnings;
  result.model_hash = m.model_hash;
  result.state_hash = m.state_hash;
  result.summary_hash = m.summary_hash;
  result.time = m.time;
  result.tick = m.tick;
  result.end_time = m.end_time;
  result.wall_seconds = m.wall_seconds;
  result.peak_memory_bytes = m.peak_memory_bytes;
  result.cells = m.cells;
  result.pass_seconds = m.pass_seconds;
  for (const auto& [key, value] : m.accuracy) {
    if (key == ledger_key)
      result.ledger_error = value;
    else if (key == updates_key)
      result.cell_updates = value;
    else if (key.starts_with(mean_prefix))
      result.final_medium[key.substr(mean_prefix.size())] = value;
    else if (key.starts_with(count_prefix))
      result.counts.emplace_back(key.substr(count_prefix.size()), static_cast<std::uint64_t>(value));
    else if (key.starts_with(field_prefix))
      read_field_number(key.substr(field_prefix.size()), value, result.field_work);
  }
  return result;
}

results::RunEnd run_end(const MemberResult& member, const std::string& title, const std::filesystem::path& folder) {
  results::RunEnd end;
  end.title = title;
  end.status = results::name(member.status);
  end.time = member.time;
  end.wall_seconds = member.wall_seconds;
  end.cell_updates = member.cell_updates;
  end.peak_memory_bytes = member.peak_memory_bytes;
  end.pass_seconds = member.pass_seconds;
  end.counts = member.counts;
  end.warnings = member.warnings;
  end.folder = folder.string();
  end.next_command = "senoma report " + folder.string();
  return end;
}

}  // namespace senoma::study
