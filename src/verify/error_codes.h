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
};

}  // namespace senoma::verify
