// Codes of the errors of studies: comparing runs with measured data.
#pragma once

#include "base/error.h"

namespace senoma::study {

inline constexpr ErrorCode error_codes[] = {
    {"E8001", "The comparison is not described completely",
     "`senoma compare` needs a table [compare] in the experiment file: readout, window, columns (time, count, well), match, and one table "
     "[compare.condition.ARM] per arm to compare. `senoma compare --help` shows an example."},
    {"E8002", "The data file lacks a column",
     "A column named in [compare] is not in the header of the data file. The message lists the nearest name."},
    {"E8003", "A value in the data is not a number",
     "Times, counts and conditions with a unit must be numbers. The message names file, line and column."},
    {"E8004", "A count is zero or negative",
     "Growth rates are slopes of log2(count), so each count must be above zero. Remove the row or correct it."},
    {"E8005", "A well has two counts at one time",
     "The columns named as `well` must tell time courses apart. Name all columns that distinguish them, or remove the repeat."},
    {"E8006", "Too few counts lie in the window",
     "A slope needs two different times in the window. Widen `window`, or check the unit of the time column."},
    {"E8007", "No data belong to an arm",
     "No row of the data has the conditions of the arm. Check [compare.condition.ARM], `match` and `units`: a dose in M is not a dose in uM."},
    {"E8008", "The data file is malformed",
     "The file is empty, or a line has another number of columns than the header. It must be CSV with a header line."},
    {"E8009", "The simulation cannot be compared",
     "The run has no finished member of the arm, its readout is not above zero in the window, or fewer than two summary rows lie in the window (time.summary)."},
};

}  // namespace senoma::study
