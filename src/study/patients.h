// Patients of a virtual cohort (model/cohort.h): each seed of an experiment is one patient, the same in every arm. The
// members of an arm then have a model each. Thread statement: re-entrant.
#pragma once

#include <string>

#include "study/experiment.h"

namespace senoma::study {

/// Whether members of the arm (or its donors) differ by their patient.
[[nodiscard]] bool has_patients(const ArmRun& arm);

/// The model of one member; the arm's own without a cohort. Throws as model::load, with the patient named.
[[nodiscard]] model::ResolvedModel patient_model(const ArmRun& arm, std::uint64_t patient);
[[nodiscard]] model::ResolvedModel patient_donor(const ArmRun& arm, std::uint64_t patient);

/// Loads every patient of every arm once, so that what cannot run is known before anything is written, and keeps the
/// hashes of their models. A single run becomes that of its patient.
void plan_patients(ExperimentPlan& plan, std::map<std::string, std::string>* sources = nullptr);

/// The hash in the run.json of a member and of its donor; `s` is an index into the seeds.
[[nodiscard]] const std::string& hash_of_member(const ArmRun& arm, std::size_t s);
[[nodiscard]] const std::string& hash_of_donor(const ArmRun& arm, std::size_t s);
/// Of the medium that the member starts in: the donor's, with its share when that is not 1; "" without a donor.
[[nodiscard]] std::string hash_of_medium(const ArmRun& arm, std::size_t s);

/// patients.csv: one row per patient, one column per variation; "" without a cohort.
[[nodiscard]] std::string patients_csv(const ExperimentPlan& plan);

}  // namespace senoma::study
