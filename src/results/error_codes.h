// The error codes of this room, for `senoma explain CODE`.
#pragma once

#include "base/error.h"

namespace senoma::results {

inline constexpr ErrorCode error_codes[] = {
    {"E6001", "The folder holds something else already",
     "A run never overwrites another. The output folder must be new, empty, or an unfinished run of the same model (which is "
     "then resumed). Choose another folder with --out, or move the old one away. Example: `senoma run relapse --out out/2`."},
    {"E6002", "Another process is writing this run",
     "A run folder has one writer at a time, held by a lock on the file `.lock`, whose text is the writer's process id. The "
     "lock goes with its process: after a crash nothing must be removed by hand. Wait for the other run or stop it."},
    {"E6003", "A result could not be written",
     "The disk is full, a quota or file size limit was reached, or the folder is not writable. Frames, manifests and "
     "checkpoints are written beside and renamed, and tables are cut back to their last whole row, so everything written "
     "before stays valid. Make room, then type the same command again: it resumes from the last checkpoint."},
    {"E6004", "This is not a run folder",
     "A run folder holds `run.json`. The path may be mistyped, or it may name the folder above the runs of a study."},
    {"E6005", "Fields of one run have different grids",
     "All spatial fields of a run are stored as channels of one image, so they need the same voxels. Well-mixed media (one "
     "voxel) are reported in summary.csv only."},
    {"E6006", "A results file is damaged",
     "The file is not what Senoma writes: not JSON, or a key is missing or of the wrong type. Restore it from a copy, or "
     "repeat the run; the other files of the folder stay readable."},
    {"E6010", "A table row has the wrong number of columns",
     "Each row of a table must have as many values as its header `name[unit],name[unit],…`. The file was edited or cut."},
    {"E6011", "A table holds something that is not a number",
     "A readout column holds numbers (`nan`, `inf` and `-inf` included). The message names the line and the column."},
    {"E6012", "A table ends in the middle of a line",
     "The last line has no end: the writer was stopped in the middle of a write, or a copy was cut short. Resuming the run "
     "repairs the file; reading a stopped run for a report drops the partial line and says so."},
    {"E6013", "A table lacks a column",
     "The readout asked for is not among the columns; the message lists the nearest name. Readouts are declared in the model "
     "under [[readout]]."},
    {"E6014", "The columns of a resumed table differ",
     "The table on disk was begun with other columns than the ones about to be written; the model or the version differs "
     "from the one that began the run. Start a new run in another folder."},
    {"E6020", "A checkpoint is damaged",
     "A saved state carries checksums over each section and over the whole file; one of them does not fit, or the file is cut short. "
     "It is never used. `senoma run` takes the one before it; `senoma resume DIR --from FILE` takes the one you name."},
    {"E6021", "This is not a checkpoint",
     "A checkpoint begins with eight bytes that no other file has. Checkpoints lie in the folder checkpoints/ of a run."},
    {"E6022", "A checkpoint of a newer version",
     "The state was saved by a newer Senoma with another file format. Use that version, or start a new run."},
    {"E6023", "A checkpoint of another model",
     "A run continues only with the model and the seed it began with, else its results would be of neither. To go on with changed "
     "parameters, fork it: `senoma branch DIR --at '20 d' -s key=value -o OUT`."},
    {"E6024", "There is nothing to resume",
     "The folder holds no unfinished run, or no saved state. A finished run is extended with `senoma resume DIR --until '40 d'`; "
     "a new one is started with `senoma run`."},
    {"E6025", "No such cell in a saved state",
     "`senoma info FILE.checkpoint --cell ID` shows one cell. Ids are the 16 digits in events.csv, in the index of cells.zarr and in error "
     "messages; the cell must live at the time of the state."},
};

}  // namespace senoma::results
