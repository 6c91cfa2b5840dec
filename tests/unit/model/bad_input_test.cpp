// What a user sees for each kind of bad input: the exact text.
#include <gtest/gtest.h>

#include <cstdio>

#include "catalogue.h"

namespace senoma::model::test {
namespace {

/// The shortest model that loads.
const std::string small = R"TOML([domain]
size = ["100 um", "100 um"]
spacing = "10 um"
thickness = "10 um"
[time]
duration = "1 d"
)TOML";

class BadInput : public ::testing::Test {
 protected:
  std::string error(const std::string& text, const LoadOptions& options = {}) {
    const std::string found = error_of(folder_, text, options);
    std::printf("%s\n\n", found.c_str());
    return found;
  }
  Folder folder_;
};

TEST_F(BadInput, Is_absent_in_the_small_model) { EXPECT_EQ(error(small), ""); }

TEST_F(BadInput, An_unknown_key_is_named_with_the_nearest) {
  EXPECT_EQ(error(small + "[substrates.CCL2]\ndifusion = \"1500 um^2/min\"\n"),
            R"(error[E1201]: unknown key 'difusion' in [substrates.CCL2]
  --> m.toml:8:1
8 | difusion = "1500 um^2/min"
  | ^^^^^^^^
   = help: did you mean 'diffusion'?
   = help: keys here: boundary, decay, degraded_by, diffusion, half_saturation, initial, initial_in, mode, molar_mass, receptor, time_tolerance, tolerance, undershoot_tolerance, unit, vessel
   = see: senoma explain E1201)");
}

TEST_F(BadInput, A_kind_of_space_that_is_none_is_named_with_the_choices) {
  std::string text = small;
  text.insert(text.find("thickness"), "space = \"mixed\"\n");
  const std::string found = error(text);
  EXPECT_TRUE(found.starts_with("error[E1202]: 'domain.space' has no choice \"mixed\"\n  --> m.toml:4:9")) << found;
  EXPECT_NE(found.find("well-mixed"), std::string::npos) << found;
}

TEST_F(BadInput, A_wrong_dimension_shows_both) {
  EXPECT_EQ(
      error(
          small +
          "[drug.fotemustine]\nmolar_mass = \"316 g/mol\"\npk = { model = \"one-compartment\", half_life = \"30 min\", volume = \"30 L\" }\n"
          "schedule = [ { dose = \"100 um\", at = [\"0 d\"] } ]\n"),
      R"(error[E1203]: value has the wrong dimension
  --> m.toml:10:23
10 | schedule = [ { dose = "100 um", at = ["0 d"] } ]
   |                       ^^^^^^^^ length; 'dose' is mass, mass per area, mass per body weight ("mg/kg"), amount, or a dose of radiation ("Gy")
   = help: give a value in a unit such as pg
   = see: senoma explain E1203)");
}

TEST_F(BadInput, A_bare_number_where_a_unit_is_needed_is_refused) {
  EXPECT_EQ(error(replaced(small, "\"1 d\"", "30")), R"(error[E1203]: value has the wrong dimension
  --> m.toml:6:12
6 | duration = 30
  |            ^^ dimensionless; 'duration' is time
   = help: give the value with its unit, like duration = "30 min"
   = see: senoma explain E1203)");
}

TEST_F(BadInput, An_unknown_unit_is_underlined_inside_the_value) {
  EXPECT_EQ(error(replaced(small, "\"1 d\"", "\"1 hous\"")), R"(error[E1001]: unknown unit 'hous'
  --> m.toml:6:15
6 | duration = "1 hous"
  |               ^^^^
   = help: did you mean 'hour'?
   = help: units are products and quotients of um, mm, m, s, min, h, d, nM, uM, molecules, mol, pg, mg, L, mmHg, Gy, %
   = see: senoma explain E1001)");
}

TEST_F(BadInput, A_negative_value_shows_its_rule) {
  EXPECT_EQ(error(small + "[substrates.CCL2]\ndiffusion = \"-5 um^2/min\"\n"),
            R"(error[E1204]: 'substrates.CCL2.diffusion' is out of range: it is -5 um^2/min and must be at least 0
  --> m.toml:8:13
8 | diffusion = "-5 um^2/min"
  |             ^^^^^^^^^^^^^ negative
   = help: 'diffusion': Diffusion coefficient in tissue.
   = see: senoma explain E1204)");
}

TEST_F(BadInput, Not_a_number_is_refused_as_number_and_as_text) {
  EXPECT_EQ(error(small + "[parameters]\nk = nan\n"), R"(error[E1204]: 'parameters.k' is not a finite number
  --> m.toml:8:5
8 | k = nan
  |     ^^^
   = help: give a finite value
   = see: senoma explain E1204)");
  EXPECT_TRUE(error(small + "[parameters]\nk = \"nan um\"\n")
                  .starts_with("error[E1003]: 'nan um' is not a finite number\n  --> m.toml:8:6"));
  EXPECT_TRUE(error(small + "[parameters]\nk = inf\n").starts_with("error[E1204]"));
}

TEST_F(BadInput, A_dose_before_time_zero_is_refused) {
  EXPECT_EQ(error(small + "[drug.x]\npk = { model = \"one-compartment\", half_life = \"30 min\", volume = \"30 L\" }\n"
                          "schedule = [ { dose = \"1 umol\", at = [\"0 d\", \"-7 d\"] } ]\n"),
            R"(error[E1210]: a dose before time zero
  --> m.toml:9:46
9 | schedule = [ { dose = "1 umol", at = ["0 d", "-7 d"] } ]
  |                                              ^^^^^^ negative
   = help: time starts at 0; shift the whole calendar
   = see: senoma explain E1210)");
}

TEST_F(BadInput, A_domain_of_zero_size_is_refused) {
  EXPECT_EQ(error(replaced(small, "[\"100 um\", \"100 um\"]", "[\"0 um\", \"100 um\"]")),
            R"(error[E1204]: 'domain.size[0]' is out of range: it is 0 um and must be above 0
  --> m.toml:2:9
2 | size = ["0 um", "100 um"]
  |         ^^^^^^ zero
   = help: 'size[0]': Two sizes (2D, needs thickness) or three. The domain is centred on 0.
   = see: senoma explain E1204)");
}

TEST_F(BadInput, A_spacing_that_does_not_divide_names_sizes_that_fit) {
  EXPECT_EQ(error(replaced(small, "spacing = \"10 um\"", "spacing = \"30 um\"")),
            R"(error[E1213]: the spacing 30 um does not divide the size 100 um along x
  --> m.toml:2:8
2 | size = ["100 um", "100 um"]
  |        ^^^^^^^^^^^^^^^^^^^^
   = help: the nearest sizes that fit are 90 um and 120 um
   = see: senoma explain E1213)");
}

TEST_F(BadInput, More_memory_than_the_machine_has_is_refused_with_both_numbers) {
  const std::string text = error(replaced(small, "[\"100 um\", \"100 um\"]", "[\"10 m\", \"10 m\"]"));
  EXPECT_TRUE(text.starts_with("error[E1211]: the domain needs at least ")) << text;
  EXPECT_NE(text.find("this machine has "), std::string::npos);
  EXPECT_NE(text.find("1000000 x 1000000 x 1 voxels"), std::string::npos);
}

TEST_F(BadInput, A_missing_network_file_is_an_input_error) {
  EXPECT_EQ(error(small + "[network.n]\nfile = \"networks/absent.xml\"\n"),
            R"(error[E1101]: there is no network file 'networks/absent.xml'
  --> m.toml:8:8
8 | file = "networks/absent.xml"
  |        ^^^^^^^^^^^^^^^^^^^^^
   = help: the path is relative to the file that names it
   = see: senoma explain E1101)");
  EXPECT_EQ(error(small + "[cell.a]\nnetwork = \"n\"\n"), R"(error[E1206]: there is no network 'n'
  --> m.toml:8:11
8 | network = "n"
  |           ^^^
   = help: the model has none
   = see: senoma explain E1206)");
}

TEST_F(BadInput, A_rule_on_an_unknown_behaviour_names_the_nearest) {
  EXPECT_EQ(
      error(
          small +
          "[[cell.a.rule]]\nsignal = \"age\"\ndirection = \"increases\"\nbehaviour = \"migation speed\"\nsaturation = \"1 um/min\"\nhalf = \"1 d\"\n"),
      R"(error[E1206]: there is no behaviour 'migation speed'
  --> m.toml:10:13
10 | behaviour = "migation speed"
   |             ^^^^^^^^^^^^^^^^
   = help: did you mean 'migration speed'?
   = help: the model has: migration speed, cycle entry, apoptosis, necrosis
   = see: senoma explain E1206)");
}

TEST_F(BadInput, A_missing_required_key_says_what_it_is_for) {
  EXPECT_EQ(error(replaced(small, "duration = \"1 d\"", "step = \"1 h\"")), R"(error[E1205]: [time] needs 'duration'
  --> m.toml:5:1
5 | [time]
  | ^^^^^^ 'duration' (time) is missing
   = help: Simulated time.
   = see: senoma explain E1205)");
  EXPECT_TRUE(error("[time]\nduration = \"1 d\"\n").starts_with("error[E1205]: the file needs [domain]"));
}

TEST_F(BadInput, A_flat_domain_needs_its_thickness) {
  EXPECT_TRUE(error(replaced(small, "thickness = \"10 um\"\n", ""))
                  .starts_with("error[E1205]: [domain] needs 'thickness'\n  --> m.toml:1:1"));
}

TEST_F(BadInput, A_choice_that_is_none_lists_the_choices) {
  EXPECT_EQ(error(replaced(small, "[time]", "edge = \"reflct\"\n[time]")),
            R"(error[E1202]: 'domain.edge' has no choice "reflct"
  --> m.toml:5:8
5 | edge = "reflct"
  |        ^^^^^^^^ one of "reflect", "periodic", "open", "absorb"
   = help: did you mean "reflect"?
   = see: senoma explain E1202)");
}

TEST_F(BadInput, A_table_where_a_list_is_expected_says_how_to_write_it) {
  EXPECT_TRUE(error(small + "[readout]\nname = \"n\"\n")
                  .starts_with("error[E1202]: 'readout' has the wrong kind of value\n  --> m.toml:7:1"));
}

TEST_F(BadInput, Text_that_is_not_TOML_points_at_the_place) {
  EXPECT_EQ(error("[time]\nstep = 30 min\n"),
            R"(error[E1105]: not TOML: while parsing key-value pair: expected a comment or whitespace, saw 'm'
  --> m.toml:2:11
2 | step = 30 min
  |           ^
   = help: texts and values with units need quotes: step = "30 min"; each key is written once per table
   = see: senoma explain E1105)");
  EXPECT_TRUE(error("[[[").starts_with("error[E1105]"));
  EXPECT_TRUE(error("a = 1\na = 2\n").starts_with("error[E1105]"));
  EXPECT_TRUE(error("time = 2020-01-01\n").starts_with("error[E1105]: dates and times have no meaning in a model"));
}

TEST_F(BadInput, Empty_binary_and_other_encodings_are_told_apart) {
  EXPECT_EQ(error(" \n\t\n"), R"(error[E1104]: the file is empty
  --> m.toml
   = help: 'senoma new DIR' writes a small model to start from
   = see: senoma explain E1104)");
  EXPECT_TRUE(error(std::string("PK\3\4\0\0x", 7)).starts_with("error[E1103]: the file is binary, not TOML text"));
  EXPECT_TRUE(error("\xFF\xFEt\0").starts_with("error[E1103]: the file is UTF-16"));
  EXPECT_TRUE(error("# caf\xE9\n").starts_with("error[E1103]: the file is not UTF-8 text: bad byte in line 1"));
  EXPECT_TRUE(error("\xEF\xBB\x8A").starts_with("error["));  // a trap of the header-only parser
}

TEST_F(BadInput, A_missing_file_and_a_folder_are_input_errors) {
  for (const auto& [path, code] : {std::pair{folder_.path("absent.toml"), "E1101"}, {folder_.path(""), "E1102"}}) {
    try {
      static_cast<void>(load(path, {}, mechanisms()));
      FAIL() << path;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), code);
      EXPECT_EQ(e.kind(), ErrorKind::input_output);
      EXPECT_FALSE(e.remedies().empty());
    }
  }
}

TEST_F(BadInput, An_override_is_checked_like_the_file) {
  EXPECT_EQ(error(small, {.profile = {}, .arm = {}, .overrides = {"time.duration=2 d", "time.setp=1 h"}}),
            R"(error[E1201]: unknown key 'setp' in [time]
  --> command line:2:6
2 | time.setp=1 h
  |      ^^^^
   = help: did you mean 'step'?
   = help: keys here: duration, frames, step, summary
   = see: senoma explain E1201)");
  EXPECT_EQ(error(small, {.profile = {}, .arm = {}, .overrides = {"time.duration=2 um"}}),
            R"(error[E1203]: value has the wrong dimension
  --> command line:1:15
1 | time.duration=2 um
  |               ^^^^ length; 'duration' is time
   = help: give a value in a unit such as min
   = see: senoma explain E1203)");
  EXPECT_TRUE(error(small, {.profile = {}, .arm = {}, .overrides = {"time.duration"}})
                  .starts_with("error[E1109]: an override is key=value, not 'time.duration'"));
  EXPECT_TRUE(error(small, {.profile = {}, .arm = {}, .overrides = {"time.duration.x=1"}})
                  .starts_with("error[E1110]: 'time.duration' is a text, not a table"));
  EXPECT_TRUE(error(small, {.profile = {}, .arm = {}, .overrides = {"domain.size[4]=1 um"}})
                  .starts_with("error[E1110]: 'domain.size' has 2 items; there is no item [4]"));
  EXPECT_TRUE(error(small, {.profile = {}, .arm = {}, .overrides = {"domain.size=[1"}})
                  .starts_with("error[E1109]: the value of the override is not TOML"));
}

TEST_F(BadInput, A_profile_or_arm_that_does_not_exist_is_named) {
  EXPECT_EQ(
      error(small + "[profiles.quick]\ntime.duration = \"1 h\"\n", {.profile = "quik", .arm = {}, .overrides = {}}),
      R"(error[E1107]: there is no profile 'quik'
  --> m.toml
   = help: did you mean 'quick'?
   = help: it has: quick
   = see: senoma explain E1107)");
  EXPECT_TRUE(error(small, {.profile = {}, .arm = "drug", .overrides = {}})
                  .starts_with("error[E1108]: there is no arm 'drug'"));
}

TEST_F(BadInput, Mistakes_inside_profiles_show_without_choosing_them) {
  EXPECT_TRUE(error(small + "[profiles.quick.time]\nduratoin = \"1 h\"\n")
                  .starts_with("error[E1201]: unknown key 'duratoin' in [time]\n  --> m.toml:8:1"));
}

TEST_F(BadInput, Priors_and_grades_are_checked) {
  EXPECT_TRUE(error(small + "[parameters]\nk = { value = 1, prior = \"loguniform(3, 1)\" }\n")
                  .starts_with("error[E1208]: the prior \"loguniform(3, 1)\" has an empty interval"));
  EXPECT_TRUE(error(small + "[parameters]\nk = { value = 1, prior = \"gamma(3, 1)\" }\n").starts_with("error[E1208]"));
  EXPECT_TRUE(error(small + "[parameters]\nk = { value = 1, grade = \"guess\" }\n")
                  .starts_with("error[E1202]: there is no grade \"guess\""));
  EXPECT_TRUE(error(small + "[time2]\n").starts_with("error[E1201]: unknown key 'time2' at the top of the file"));
}

TEST_F(BadInput, A_table_of_cells_names_file_and_line) {
  const std::string text = small + "[[cell.a.initial]]\npattern = \"table\"\nfile = \"cells.csv\"\n";
  folder_.write("cells.csv", "x[um],y[um]\n0,0\n1,zwei\n");
  EXPECT_EQ(error(text), R"(error[E1214]: line 3 of the table of cells has 'zwei' for y, not a number
  --> cells.csv:3
3 | 1,zwei
   = help: each line gives numbers in the order of the first line
   = see: senoma explain E1214)");
  folder_.write("cells.csv", "x[um],y[um]\n0,0\n1000,0\n");
  EXPECT_TRUE(error(text).starts_with("error[E1214]: the cell in line 3 lies outside the domain\n  --> cells.csv:3"));
  folder_.write("cells.csv", "a,b\n0,0\n");
  EXPECT_TRUE(error(text).starts_with("error[E1214]: the table of cells has no column 'x'"));
  folder_.write("cells.csv", "x[s],y[um]\n0,0\n");
  EXPECT_TRUE(error(text).starts_with("error[E1214]: column 'x[s]'"));
}

TEST_F(BadInput, Contradictions_between_keys_are_refused) {
  const auto starts = [&](const std::string& more, const std::string& with) {
    const std::string found = error(small + more);
    EXPECT_TRUE(found.starts_with(with)) << found;
  };
  starts("[substrates.a]\nmode = \"medium\"\n", "error[E1213]: substrate 'a' lives in the medium");
  starts("[substrates.a]\nboundary = { \"z-\" = \"no-flux\" }\n", "error[E1213]: a 2D domain has no z faces");
  starts("[substrates.a]\nboundary = { all = { value = \"1 nM\", flux = \"1 nM*um/min\" } }\n",
         "error[E1213]: a boundary face has one condition, not 2");
  starts("[substrates.a]\ninitial = \"1 mmHg\"\n", "error[E1203]: value has the wrong dimension");
  starts("[cell.a.cycle]\nmodel = \"live\"\nduration = \"1 d\"\ng2 = \"1 h\"\n",
         "error[E1213]: cycle model 'live' has no 'g2'");
  starts("[cell.a.cycle]\nmodel = \"ki67\"\nnegative = \"1 d\"\n", "error[E1205]: [cell.a.cycle] needs 'positive'");
  starts("[cell.a.death]\napoptosis = \"1 1/d\"\n", "error[E1205]: cell type 'a' can die by apoptosis");
  starts("[cell.a.secretion]\nCLC2 = \"1 molecules/min\"\n", "error[E1206]: there is no substrate 'CLC2'");
  starts("[cell.a.motility]\nsped = \"1 um/min\"\n", "error[E1201]: unknown key 'sped' in [cell.a.motility]");
  starts("[cell.a]\nstates = [\"x\", \"x\"]\n", "error[E1213]: state 'x' is listed twice");
  starts("[[cell.a.transition]]\nname = \"t\"\nto = \"b\"\nwhen = \"1\"\n",
         "error[E1206]: there is no state of 'a' 'b'");
  starts("[[cell.a.initial]]\npattern = \"sphere\"\nradius = \"10 um\"\ncount = 1\n",
         "error[E1213]: a 2D domain holds discs, not spheres");
  starts("[cell.a]\ncoupling = { inputs = { x = \"1\" } }\n",
         "error[E1205]: cell type 'a' couples to a network but has none");
  starts("[[readout]]\nname = \"n\"\nover = \"diameter\"\nunit = \"um^2\"\n", "error[E1203]: readout 'n' is a length");
  starts("[[readout]]\nname = \"n\"\nover = \"mean\"\n", "error[E1205]: [readout[0]] needs 'value'");
  starts("[[readout]]\nname = \"n\"\n[[readout]]\nname = \"n\"\n", "error[E1213]: two readouts are named 'n'");
  starts("[[intervention]]\nknock_out = \"nothing\"\n", "error[E1206]: there is no target 'nothing'");
  starts("[[intervention]]\nknock_down = \"x\"\n", "error[E1205]: [intervention[0]] needs 'by'");
  starts("[experiment]\ntumour_readout = \"burden\"\n", "error[E1206]: there is no readout 'burden'");
  starts("[time2]\n", "error[E1201]");
  starts(
      "[drug.x]\npk = { model = \"one-compartment\", half_life = \"1 h\", volume = \"1 L\" }\nschedule = [ { dose = \"1 mg\", at = \"0 d\" } ]\n",
      "error[E1205]: 'drug.x.schedule[0].dose' is a mass, but the drug has no molar mass");
  starts(
      "[drug.x]\nmolar_mass = \"1 kDa\"\npk = { model = \"one-compartment\", half_life = \"1 h\", volume = \"1 L\" }\nschedule = [ { dose = \"1 mg/m^2\", at = \"0 d\" } ]\n",
      "error[E1205]: 'drug.x.schedule[0].dose' is per body surface, but [patient] gives none");
}

}  // namespace
}  // namespace senoma::model::test
