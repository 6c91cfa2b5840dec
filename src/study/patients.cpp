#include "study/patients.h"

#include <fmt/format.h>

#include <algorithm>

#include "mechanisms/catalogue.h"
#include "results/summary_table.h"

namespace senoma::study {

namespace {

bool varies(const model::ResolvedModel& model) { return !model.resolved.cohort.variations.empty(); }

model::ResolvedModel load_patient(const std::string& file, model::LoadOptions options, std::uint64_t patient,
                                  std::map<std::string, std::string>* sources) {
  options.patient = patient;
  try {
    return model::load(file, options, mechanisms::catalogue(), sources);
  } catch (Error& error) {
    error.help("this is patient " + std::to_string(patient) +
               " of the cohort: choose distributions whose every draw makes a model");
    throw;
  }
}

}  // namespace

bool has_patients(const ArmRun& arm) { return varies(arm.model) || (arm.donor && varies(*arm.donor)); }

model::ResolvedModel patient_model(const ArmRun& arm, std::uint64_t patient) {
  return varies(arm.model) ? load_patient(arm.file, arm.load, patient, nullptr) : arm.model;
}

model::ResolvedModel patient_donor(const ArmRun& arm, std::uint64_t patient) {
  return varies(*arm.donor) ? load_patient(arm.donor_file, arm.donor_load, patient, nullptr) : *arm.donor;
}

void plan_patients(ExperimentPlan& plan, std::map<std::string, std::string>* sources) {
  for (auto& arm : plan.arms) {
    arm.member_hashes.clear();
    arm.donor_hashes.clear();
    if (!has_patients(arm)) continue;
    for (std::size_t s = 0; s < plan.seeds.size(); ++s) {
      const auto seed = plan.seeds[s];
      if (arm.donor)
        arm.donor_hashes.push_back(varies(*arm.donor) ? load_patient(arm.donor_file, arm.donor_load, seed, sources).hash
                                                      : arm.donor->hash);
      const std::string medium = hash_of_medium(arm, s);
      if (!varies(arm.model)) {
        arm.member_hashes.push_back(member_hash(arm.model, medium));
        continue;
      }
      auto patient = load_patient(arm.file, arm.load, seed, sources);
      arm.member_hashes.push_back(member_hash(patient, medium));
      if (plan.single) arm.model = std::move(patient);
    }
    if (plan.single) plan.hash = arm.hash = arm.member_hashes[0];
  }
}

const std::string& hash_of_member(const ArmRun& arm, std::size_t s) {
  return arm.member_hashes.empty() ? arm.hash : arm.member_hashes.at(s);
}

const std::string& hash_of_donor(const ArmRun& arm, std::size_t s) {
  return arm.donor_hashes.empty() ? arm.donor->hash : arm.donor_hashes.at(s);
}

std::string hash_of_medium(const ArmRun& arm, std::size_t s) {
  if (!arm.donor) return "";
  const std::string& donor = hash_of_donor(arm, s);
  return arm.arm.donor_share == 1.0 ? donor : fmt::format("{}x{}", donor, arm.arm.donor_share);
}

std::string patients_csv(const ExperimentPlan& plan) {
  // A single run holds its draws; an experiment's arms hold the cohort.
  std::vector<results::TableColumn> columns{{"patient", ""}};
  std::vector<std::string> rows;
  for (const auto seed : plan.seeds) rows.push_back(std::to_string(seed));
  const auto add = [&](const std::vector<model::Draw>& column) {
    const auto known = [&](const results::TableColumn& c) { return c.name == column[0].name; };
    if (std::any_of(columns.begin(), columns.end(), known)) return;
    columns.push_back({column[0].name, column[0].unit.empty() ? "1" : column[0].unit});
    for (std::size_t s = 0; s < rows.size(); ++s) rows[s] += "," + results::format_number(column[s].value);
  };
  for (const auto& arm : plan.arms) {
    for (const auto& drawn : arm.model.resolved.draws) add({drawn});
    for (const auto* model : {&arm.model, arm.donor ? &*arm.donor : nullptr}) {
      if (!model) continue;
      const auto& cohort = model->resolved.cohort;
      for (const auto& variation : cohort.variations) {
        std::vector<model::Draw> column;
        for (const auto seed : plan.seeds) column.push_back(model::draw(cohort, variation, seed));
        add(column);
      }
    }
  }
  if (columns.size() == 1) return {};
  std::string text = results::header_line(columns);
  if (text.empty() || text.back() != '\n') text += "\n";
  for (const auto& row : rows) text += row + "\n";
  return text;
}

}  // namespace senoma::study
