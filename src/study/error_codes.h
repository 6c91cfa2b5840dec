// Codes of the errors of studies: comparing runs with measured data, and published findings.
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
    {"E8101", "The finding is not described completely",
     "[finding] needs id, claim, citation and role, [[finding.measure]] and [[finding.assert]]. A measure has an arm, a readout and `at` or "
     "`statistic`; an assertion has `value` with a bound, or `holds` with fraction_of_seeds."},
    {"E8102", "The finding names something that is not there",
     "An arm, readout, statistic or fitted parameter has another name in the experiment. The message lists the nearest."},
    {"E8103", "A bound of the finding has the wrong dimension",
     "at_least, at_most, between and level must have the dimension of what they bound: a time \"2 d\", a rate \"0.05 1/h\", a ratio 1.5."},
    {"E8104", "The assertion cannot fail",
     "An assertion needs a bound, and its expression must depend on at least one measure."},
    {"E8105", "The finding runs too few seeds",
     "Below 8 seeds a bootstrap interval is hardly more than their range. Write seeds = 8 in [experiment], or say in `seeds_reason` why fewer "
     "are enough, as for a model without chance."},
    {"E8201", "The study is not described completely, or contradicts itself",
     "[study] needs `experiment`, and [[study.target]] or [[study.drug]]. The message says what is missing or excludes what; "
     "docs/user-guide/studies.md shows an example."},
    {"E8202", "The study names something that is not there",
     "A target, drug, context, timing, time or outcome of the study has another name. The message lists the nearest."},
    {"E8203", "The folder holds another study",
     "A study goes on only in a folder of the same plan (models, variants, contexts, outcomes) and version of Senoma; seeds may be added. Choose "
     "another folder with --out, or move this one away."},
    {"E8204", "A stage of the study leaves nothing to go on",
     "All members of the stage failed, or none has a value of the objective. members.csv of the stage says why; `always` lets targets go on in any "
     "case."},
    {"E8205", "What came from a worker does not belong to the study",
     "The members of a study that run elsewhere come back as records with a hash. One did not fit: it was damaged on the way, or caller and "
     "worker have different versions or files. What came before is kept, and the same command goes on."},
    {"E8206", "A value that a study draws has no prior",
     "[study.draws] draws each value from the prior beside it in the model file: { value = \"1500 um^2/min\", prior = \"loguniform(600, 3000)\" }. "
     "The message names value and file. without_prior = \"fixed\" leaves values as they are that a pattern names and that have none."},
    {"E8401", "A time to an event is negative",
     "Times to relapse count from the start of follow-up, so they are zero or above. Check the reference time of the outcome."},
    {"E8402", "Replicates of variants do not match",
     "Effects are paired by seed and parameter draw: every variant needs one value per replicate, NaN where it is unknown."},
    {"E8403", "The objective cannot be scored",
     "An objective needs at least one outcome, each with a weight and a scale above zero; its direction is given by more_is_better."},
    {"E8404", "The levels of a pair do not fit those of its single agents",
     "Loewe additivity reads the single agents at ascending levels above zero, and the pair must lie within them."},
    {"E8405", "Shapley values cannot be computed",
     "Give 1 to 32 targets, and the outcome of every subset that the plan names, in its order."},
};

}  // namespace senoma::study
