// Codes of the errors of the program's verbs, and of the Python package `senoma`, which the program explains too.
#pragma once

#include "base/error.h"

namespace senoma::cli {

inline constexpr ErrorCode error_codes[] = {
    {"E9001", "The verb is not installed",
     "The verb is neither one of the program's own nor a program `senoma-VERB` on the PATH. sensitivity, calibrate and optimise belong to the "
     "Python package, and so does --dask of screen: `pip install ./python`, then put its scripts on the PATH."},
    {"E9002", "The arm starts in the medium of a donor",
     "A run in memory (Python) knows no donors, so such an arm would start in the wrong medium. Run it with `senoma run`."},
    {"E9101", "The parameter is not in the model",
     "The key or pattern matches no value of the model. `Model.parameters()` lists all."},
    {"E9102", "The parameter has no prior",
     "A search needs to know over which range a value is uncertain. Write `prior = \"loguniform(a, b)\"` beside the value in the model file, or "
     "give the prior with the parameter. Bounds are in the unit of the value."},
    {"E9103", "The outcome is not known",
     "An outcome is a name such as `nadir` or `relapse`, or `final READOUT`, `max READOUT`, `min READOUT`, `mean READOUT`, `auc READOUT`, "
     "`READOUT at 20 d`, `days READOUT below 0.1`."},
    {"E9104", "An outcome has no value in some members",
     "Indices and distances need a finite number from every member. Choose an outcome that always exists: `restricted_relapse` instead of `relapse_day`."},
    {"E9105", "Members of the ensemble failed",
     "The catalogue holds the reason of each. Narrow the range of the parameters, or repair the model."},
    {"E9106", "The folder belongs to another study",
     "A folder goes on only with the same model, members, outcomes and version of Senoma. Choose another folder."},
    {"E9107", "The scheduler cannot be reached",
     "No Dask scheduler answered at the address. Start `dask scheduler`, or check address and firewall."},
    {"E9108", "A worker has another Senoma",
     "All workers must run the version of the caller, as results are compared bit for bit. Install the same package on them. No member ran there."},
    {"E9109", "A Python package is missing",
     "Searches need more packages than runs. The message names the extra: pip install './python[search]'."},
    {"E9110", "The plan is not described completely",
     "The message names the table and key of the plan file. `senoma sensitivity --help` shows a plan."},
    {"E9111", "The model file differs on a worker",
     "The worker found another model under the same path: results would not be comparable. Share the folder with the model between all hosts."},
    {"E9112", "The pool of workers broke",
     "An executor that the caller gave lost a worker and takes no more work. What ran is in the catalogue; the same call with a new executor goes on."},
    {"E9201", "The data file is malformed",
     "It must be CSV with a header line, and hold the columns named for time and value."},
    {"E9202", "A value in the data is not a number",
     "Times and values must be finite numbers. The message names file, line and column."},
    {"E9203", "A unit in the data does not fit",
     "Times need a unit of time; values need a unit that converts to that of the readout."},
    {"E9204", "A time occurs twice in the data",
     "Within one data set a time has one value. Name the column that tells replicates apart (`replicate`), or remove the repeat."},
    {"E9205", "A count in the data is negative",
     "Counts and concentrations are zero or more; on a log scale above zero. Correct or remove the row."},
    {"E9206", "A time in the data is not simulated",
     "The run ends before it. Lengthen `time.duration`, or cut the data with `until`."},
    {"E9301", "The objective or constraint is malformed",
     "An objective is an outcome with `minimise` or `maximise`; a constraint is `OUTCOME <= NUMBER` or `OUTCOME >= NUMBER`."},
};

}  // namespace senoma::cli
