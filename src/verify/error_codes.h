// The errors of the evidence pack, for `senoma explain`.
#pragma once

#include "base/error.h"

namespace senoma::verify {

inline constexpr ErrorCode error_codes[] = {
    {"E1501", "No check has that name",
     "`senoma verify --only` takes the name of a group (fields) or of one check (fields/point-source). `senoma verify --list` "
     "shows them all."},
    {"E1502", "A check found nothing to work on",
     "A file of the evidence pack (models/verify) is missing or has no run, or a run of a check did not end well. Install the "
     "models beside the program or name their folder in SENOMA_MODELS."},
    {"E1503", "The finding's role is not the one kept for it",
     "calibration/predicted-findings.toml names the findings that are kept for prediction: those have role = \"predicted\", all others "
     "role = \"fitted\" or \"shown\". Two files with one id are refused too. Correct the role, or the list if the finding was truly not fitted."},
    {"E1504", "There are no findings",
     "`senoma verify --findings` runs the experiment files with [finding] in models/*/experiments/findings, or in the folder (or model's "
     "folder) given with --folder."},
};

}  // namespace senoma::verify
