// A study of the tiny experiment: three targets, a drug, two contexts, small enough for many runs in a test.
#pragma once

#include "study/study_run.h"
#include "tiny_model.h"

namespace senoma::study::test {

inline const char* tiny_study() {
  return R"TOML([study]
experiment = "tiny.toml"
arm = "drug"
control = "no drug"
seeds = 2
levels = [0.5, 0.95]
set = { "time.duration" = "12 h" }

[[study.context]]
name = "plain"
[[study.context]]
name = "fragile"
set = { "cell.melanoma.hazard.apoptosis" = "0.02 1/h" }

[[study.target]]
name = "CCL2"
group = "ligand"
knock_down = "CCL2"
[[study.target]]
name = "death"
group = "fate"
knock_down = "melanoma apoptosis"
levels = [1.0]
[[study.target]]
name = "growth"
scale = "cell.melanoma.volume.target"
levels = [0.25]
[[study.drug]]
name = "second dose"
set = { "drug.drug.schedule" = [ { dose = "30 mg", at = ["6 h", "8 h"] } ] }
[[study.pair]]
of = ["CCL2", "death"]

[[study.outcome]]
name = "chemokine"
readout = "CCL2"
statistic = "maximum"
better = "lower"
weight = 1
scale = 0.001
)TOML";
}

/// The tiny experiment and a study of it in a folder of their own.
struct TinyStudy {
  explicit TinyStudy(const std::string& text = tiny_study()) {
    folder.write("tiny.toml", tiny_model());
    file = folder.write("study.toml", text);
  }
  [[nodiscard]] StudyPlan plan(const std::string& out, const std::vector<std::string>& overrides = {}) const {
    StudyOptions options;
    options.file = file;
    options.overrides = overrides;
    options.out = folder.path(out);
    return plan_study(options);
  }

  Folder folder;
  std::string file;
};

inline StudyResult run(const StudyPlan& plan, int jobs = 1) {
  RunStudyOptions options;
  options.jobs = jobs;
  return run_study(plan, options);
}

/// The tables that equal studies have equal, one after the other.
inline std::string tables_of(const StudyPlan& plan) {
  return file_text(plan.out / "members.csv") + file_text(plan.out / "variants.csv") +
         file_text(plan.out / "ranking.csv") + file_text(plan.out / "flips.csv") + file_text(plan.out / "pairs.csv") +
         file_text(plan.out / "shapley.csv") + file_text(plan.out / "survival.csv") +
         file_text(plan.out / "stability.csv");
}

}  // namespace senoma::study::test
