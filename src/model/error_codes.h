// The errors of reading a model file, for `senoma explain CODE`. E1203 (dimension) is listed in base/error_codes.h.
#pragma once

#include "base/error.h"

namespace senoma::model {

inline constexpr ErrorCode error_codes[] = {
    {"E1101", "A file does not exist",
     "The model file, a file it extends, a network or a table of cells is not where its path says. Paths "
     "inside a file are "
     "relative to that file; paths on the command line are relative to the working folder. `senoma examples` "
     "lists the "
     "models that come with Senoma."},
    {"E1102", "A file cannot be read", "The path names a folder, or the file's permissions forbid reading it."},
    {"E1103", "The file is not UTF-8 text",
     "Model files are TOML: plain UTF-8 text. The file has bytes that no text has (a spreadsheet, an image, "
     "an archive, or "
     "text saved as UTF-16 or Latin-1). Save it as UTF-8."},
    {"E1104", "The file is empty",
     "There is nothing in it to simulate. `senoma new DIR` writes a small model to start from."},
    {"E1105", "The file is not TOML",
     "The text breaks the rules of TOML 1.0 at the place shown. Frequent causes: a value with a unit without "
     "quotes (write "
     "step = \"30 min\"), a key written twice in one table, a missing bracket, an inline table spread over "
     "several lines."},
    {"E1106", "`extends` runs in a circle or is malformed",
     "`extends` names one file or a list of files, relative to the file it stands in. A file cannot extend "
     "itself, directly or "
     "through others. Example: extends = [\"../base.toml\", \"drugs.toml\"]; later ones override earlier ones."},
    {"E1107", "There is no such profile",
     "`--profile NAME` needs a table [profiles.NAME] in the file or in one it extends."},
    {"E1108", "There is no such arm", "`arm` needs an item [[arm]] with that name in the file or in one it extends."},
    {"E1109", "An override is malformed",
     "An override is key=value: -s time.duration=\"30 d\". The value is TOML; a text may leave its quotes "
     "out. In a shell, put "
     "values with blanks, brackets or quotes in single quotes: -s 'drug.NAME.schedule=[]'."},
    {"E1110", "An override leads nowhere",
     "The key runs through a value that is not a table, or names an item that a list does not have. Lists "
     "count from 0 "
     "(schedule[0]); items with a name may be addressed by it (readout[burden])."},
    {"E1111", "Nothing is known under that name",
     "`senoma explain` takes an error code (E1203), a key (substrates.oxygen.diffusion), a mechanism (motility) "
     "or a behaviour "
     "(\"migration speed\")."},
    {"E1112", "There is no context of that name",
     "A context is a file contexts/NAME.toml beside the model or in a folder above it. `senoma run FILE "
     "--list-contexts` shows those within reach."},
    {"E1113", "Two contexts exclude each other",
     "Contexts of one group describe the same thing in two ways (two genotypes, two immune states): at most one of each "
     "group may hold. The message names both."},
    {"E1114", "The context is malformed, or chosen in the wrong place",
     "A context file has a table [context] with title, group and optionally description, set and add, and below it keys of "
     "the model. Contexts are chosen with --context, in [experiment] or in an [[arm]], not by -s."},
    {"E1201", "The key is not known",
     "Every key of a model file has a meaning; an unknown one is most often a misspelling, and ignoring it "
     "would silently use "
     "a default. `senoma explain KEY` and the reference page list the keys. To keep a remark, write a comment."},
    {"E1202", "The value has the wrong kind",
     "A number stands where a text is expected, a single value where a list is expected, or a choice is not "
     "among those "
     "allowed. The line under the value says what it is and what is expected."},
    {"E1204", "The number is out of range",
     "The value is negative, zero, too large, not whole, or not finite where that has no meaning (a diffusion "
     "coefficient, a "
     "fraction above 1, a half-life of 0). The message shows the rule."},
    {"E1205", "Something required is missing",
     "A table lacks a key without which it has no meaning, because biology has no defaults here: every "
     "duration, rate and "
     "dose comes from the file."},
    {"E1206", "A name refers to nothing in the model",
     "The value names a substrate, network, cell type, state, behaviour, drug, arm, readout or target that "
     "the model does not "
     "define. Names are case-sensitive."},
    {"E1207", "The network has no such quantity",
     "[network.NAME.parameters], [network.NAME.initial], couplings and heterogeneity name quantities of the "
     "SBML file. "
     "`senoma network FILE --list` shows them."},
    {"E1208", "The prior is malformed",
     "A prior is loguniform(a, b), uniform(a, b), normal(mean, sd) or lognormal(median, sd of ln), with "
     "numbers in the unit of "
     "the value itself: { value = \"1500 um^2/min\", prior = \"loguniform(600, 3000)\" }."},
    {"E1217", "The cohort is malformed",
     "[cohort.vary.NAME] has key (or keys) and distribution: lognormal(median, sigma of ln), uniform(a, b), loguniform(a, "
     "b), normal(mean, sd) or choice(a, b; p, q). Numbers carry a unit (\"lognormal(0.3 1/h, 0.4)\") or take that of the "
     "key `unit`."},
    {"E1218", "The posterior is malformed",
     "A posterior is a CSV file as `senoma calibrate` writes it: a first line weight,KEY[unit],… and a line of finite numbers per draw, "
     "the weights zero or more and not all zero. The message names file and line."},
    {"E1210", "A dose lies before time zero",
     "Simulated time starts at 0, so a dose at a negative time would never be given; a washout must come "
     "after its dose. "
     "Shift the calendar."},
    {"E1211", "The model needs more memory than there is",
     "Fields and cells would need more memory than this machine has free. The message shows both. Make the "
     "domain smaller or "
     "the spacing coarser."},
    {"E1213", "Parts of the model contradict each other",
     "Each value is fine alone, but not with the others: a spacing that does not divide the size, a 2D domain "
     "with a sphere, "
     "a frame interval that is no whole number of steps, two conditions on one face, a key of another model kind."},
    {"E1214", "The table of cells is malformed",
     "A table of first cells is CSV: the first line names the columns (x[um],y[um], optionally z[um] and "
     "state), each further "
     "line is a cell inside the domain."},
    {"E1215", "The folder is not empty",
     "`senoma new DIR` writes only into a new or empty folder, so that nothing is overwritten."},
    {"E1216", "There is no such example", "`senoma examples` lists the models that come with Senoma by their ids."},
};

}  // namespace senoma::model
