// A small experiment that runs in a fraction of a second: two arms, two seeds, one substrate, one drug. And a folder of
// its own.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace senoma::study::test {

inline const char* tiny_model() {
  return R"TOML([model]
title = "Tiny tumour"

[domain]
size = ["200 um", "200 um"]
spacing = "20 um"
thickness = "20 um"

[time]
step = "1 h"
duration = "2 d"
frames = "2 d"
summary = "6 h"

[substrates.CCL2]
diffusion = "1500 um^2/min"
decay = "0.01 /min"
initial = "0 nM"

[cell.melanoma]
states = ["naive", "senescent"]
tumour = true
volume = { target = "2500 um^3", rate = "0.005 1/min" }
cycle = { model = "live", duration = "40 h" }
mechanics = { repulsion = "10 um/min", adhesion = "0.4 um/min" }
hazard = { apoptosis = "0.001 1/h" }
[cell.melanoma.death.apoptosis]
duration = "8.6 h"
final_volume_fraction = 0.1
volume_rate = "0.005 1/min"
[cell.melanoma.secretion]
CCL2 = "5 molecules/min"
[cell.melanoma.state.senescent]
"secretion.CCL2" = "300 molecules/min"
[[cell.melanoma.transition]]
name = "arrest"
from = "naive"
to = "senescent"
hazard = "0.1 [1/h]*drug.concentration/(drug.concentration+100 [nM])"
[[cell.melanoma.initial]]
pattern = "disc"
count = 30
radius = "60 um"

[drug.drug]
molar_mass = "300 g/mol"
pk = { model = "one-compartment", half_life = "12 h", volume = "30 L" }
schedule = [ { dose = "30 mg", at = ["6 h"] } ]

[[readout]]
name = "burden"
unit = "um^3"
over = "sum"
cell = "melanoma"
value = "volume*(1-dying)"
[[readout]]
name = "senescent"
over = "fraction"
cell = "melanoma"
where = "state.senescent > 0"
[[readout]]
name = "cells"
over = "count"
cell = "melanoma"
[[readout]]
name = "CCL2"
unit = "nM"
over = "world"
value = "CCL2.mean"

[experiment]
title = "Tiny experiment"
question = "Does it grow?"
seeds = 2
reference = "no drug"
burden_readout = "burden"
senescent_readout = "senescent"
peak_readout = "CCL2"

[[arm]]
name = "no drug"
set = { "drug.drug.schedule" = [] }
[[arm]]
name = "drug"
)TOML";
}

class Folder {
 public:
  explicit Folder(const std::string& name = "study") {
    static int counter = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("senoma-" + name + "-" + std::to_string(::getpid()) + "-" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace senoma::study::test
