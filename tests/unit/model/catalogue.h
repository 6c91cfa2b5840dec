// A small hand-made catalogue of mechanisms and a model text, for the tests of this room.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "model/load.h"

namespace senoma::model::test {

inline const std::vector<engine::Mechanism>& mechanisms() {
  using engine::Mechanism;
  static const std::vector<Mechanism> list = [] {
    std::vector<Mechanism> m(5);
    m[0].declaration.name = "motility";
    m[0].declaration.doc = "Cells crawl.";
    m[0].declaration.parameters = {{"speed", dim::speed, 0, 0, 1e300, "migration speed", "Speed of migration."},
                                   {"persistence", dim::time, 10, 0, 1e300, "", "Mean time between turns."},
                                   {"enabled", dim::none, 0, 0, 1, "", "Whether cells crawl."}};
    m[1].declaration.name = "secretion";
    m[1].declaration.doc = "Cells release substances.";
    m[1].declaration.parameters = {{"*", dim::amount_rate, 0, 0, 1e300, "* secretion", "Molecules released per time."}};
    m[2].declaration.name = "uptake";
    m[2].declaration.doc = "Cells take substances up.";
    m[2].declaration.parameters = {{"*", dim::volume / dim::time, 0, 0, 1e300, "* uptake", "Volume cleared per time."}};
    m[3].declaration.name = "cycle";
    m[3].declaration.doc = "Cells divide.";
    m[3].declaration.parameters = {
        {"entry", dim::none, 1, 0, 1e300, "cycle entry", "Factor on leaving the entry phase."}};
    m[4].declaration.name = "death";
    m[4].declaration.doc = "Cells die.";
    m[4].declaration.parameters = {{"apoptosis", dim::rate, 0, 0, 1e300, "apoptosis", "Hazard of apoptosis."},
                                   {"necrosis", dim::rate, 0, 0, 1e300, "necrosis", "Hazard of necrosis."}};
    return m;
  }();
  return list;
}

/// A model that uses most parts of the language.
inline const char* full_model() {
  return R"TOML([model]
title = "test"
citation = "none"

[parameters]
dose_limit = { value = "40 nM", source = "invented", grade = "assumption", prior = "loguniform(10, 100)" }
power = 2

[domain]
size = ["600 um", "400 um"]
spacing = "20 um"
thickness = "20 um"
medium_height = "3 mm"
vessel = [ { centre = ["0 um", "100 um"], radius = "20 um" } ]

[time]
step = "30 min"
duration = "10 d"
frames = "1 d"
summary = "6 h"

[substrates.oxygen]
unit = "mmHg"
diffusion = "100000 um^2/min"
decay = "0.1 /min"
initial = "38 mmHg"
mode = "quasi-steady"
boundary = { all = { value = "38 mmHg" }, "y-" = "no-flux" }
vessel = { value = "60 mmHg" }

[substrates.CCL2]
diffusion = { value = "1500 um^2/min", source = "assumption: tissue, 8-25 kDa", grade = "assumption", prior = "loguniform(600, 3000)" }
decay = "0.1 /min"
receptor = { name = "CCR2", kd = "0.7 nM" }
molar_mass = "8.7 kDa"
boundary = { "x-" = { outside = "0 nM", transfer = "2 um/min" } }

[substrates.ECM]
unit = "1"
initial = 1
degraded_by = { CCL2 = "0.01 1/nM/min" }
initial_in = { tumour = 0.2 }

[cell.melanoma]
states = ["naive", "senescent"]
tumour = true

[cell.melanoma.motility]
speed = "0.5 um/min"
enabled = true

[cell.melanoma.secretion]
CCL2 = { value = "10 molecules/min", source = "invented", grade = "assumption" }
ECM = "2 um^3/min"

[cell.melanoma.uptake]
oxygen = "200 um^3/min"

[cell.melanoma.state.senescent]
colour = "#aa3377"
"motility.speed" = "0.1 um/min"
"secretion.CCL2" = "100 molecules/min"
"cycle.entry" = 0

[cell.melanoma.cycle]
model = "ki67"
negative = "10 h"
positive = "14 h"

[cell.melanoma.death.apoptosis]
hazard = "0.001 1/h"
duration = "8.6 h"
final_volume_fraction = 0.1
volume_rate = "0.5 1/h"

[[cell.melanoma.rule]]
name = "invasion"
signal = "CCL2 occupancy"
direction = "increases"
behaviour = "migration speed"
saturation = "1.3 um/min"
half = 0.4
hill = 2
source = "invented"
grade = "assumption"

[[cell.melanoma.transition]]
name = "escape"
from = "senescent"
to = "naive"
hazard = "0.001 [1/d]"
mark = "escapee"

[[cell.melanoma.initial]]
pattern = "disc"
count = 50
radius = "150 um"
states = { naive = 0.9, senescent = 0.1 }

[patient]
height = "175 cm"
weight = "70 kg"

[drug.fotemustine]
molar_mass = "316 g/mol"
pk = { model = "one-compartment", half_life = "30 min", volume = "30 L" }
schedule = [ { dose = "100 mg/m^2", infusion = "1 h", at = ["0 d", "7 d"] } ]
effects = [ { inhibits = "melanoma migration speed", ec50 = "1 uM", hill = 2 } ]

[[intervention]]
knock_down = "CCL2"
by = 0.9
from = "2 d"

[[readout]]
name = "burden"
unit = "um^3"
over = "sum"
cell = "melanoma"
value = "volume"

[experiment]
question = "does it come back?"
seeds = 4
reference = "control"
tumour_readout = "burden"

[[arm]]
name = "control"
set = { "drug.fotemustine.schedule" = [] }
[[arm]]
name = "slow"
label = "slow cells"
set = { "cell.melanoma.motility.speed" = "0.1 um/min", "time.duration" = "5 d" }
add = { intervention = [ { knock_out = "CCL2" } ] }

[profiles.quick]
time.duration = "2 d"
[profiles.quick.domain]
spacing = "40 um"
)TOML";
}

/// A folder of its own for one test, removed at the end.
class Folder {
 public:
  Folder() {
    static int counter = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("senoma-model-" +
             std::to_string(static_cast<unsigned long>(
                 std::hash<std::string>{}(std::filesystem::current_path().string() + std::to_string(::getpid())))) +
             "-" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos) throw std::logic_error("the test text lacks: " + what);
  return text.replace(at, what.size(), by);
}

/// The line (from 1) on which `what` first stands.
inline int line_of(const std::string& text, const std::string& what) {
  const auto at = text.find(what);
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

/// The rendered error of loading `text`, with the folder's path cut away; "" when it loads.
inline std::string error_of(const Folder& folder, const std::string& text, const LoadOptions& options = {}) {
  const std::string path = folder.write("m.toml", text);
  std::map<std::string, std::string> sources;
  try {
    static_cast<void>(load(path, options, mechanisms(), &sources));
  } catch (const Error& error) {
    std::string rendered = render(error, sources);
    const std::string base = folder.path("");
    for (auto at = rendered.find(base); at != std::string::npos; at = rendered.find(base))
      rendered.erase(at, base.size());
    return rendered;
  }
  return {};
}

}  // namespace senoma::model::test
