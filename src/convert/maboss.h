// MaBoSS import: a .bnd file (nodes, their logic and rates) with its .cfg files (parameters, initial states, settings)
// becomes a network::BooleanNetwork and the run that the settings ask for. Stoll et al. 2012 (BMC Syst Biol 6:116),
// 2017 (Bioinformatics 33:2226). Read as MaBoSS reads them:
//   Node A { logic = B AND NOT C; rate_up = @logic ? $k : 0; rate_down = @logic ? 0 : $k; }     $k = 2*$base;
//   A.istate = 1;   [B,C].istate = 0.3 [0,1], 0.7 [1,0];   A.is_internal = TRUE;   max_time = 50;   time_tick = 0.5;
// A node without rate_up goes to its logic at rate 1 (or, without logic, never); likewise rate_down. A node without
// istate, or with istate −1, starts on or off with probability ½. XOR is weaker than OR. `NAME : expression` declares
// a node by its logic alone. Functions: log(x), log(x, base), exp(x), exp(x, base).
//
// Settings that choose MaBoSS's generator, threads or statistics of its own (use_physrandgen, thread_count, statdist_…,
// refstate, …) have no effect and are named in `notes`. Values stay in the file's own units. Threads: no global state.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "network/boolean_network.h"
#include "network/boolean_simulation.h"

namespace senoma::convert {

struct MabossFile {
  std::string name;  ///< shown in errors
  std::string text;
};

struct MabossModel {
  network::BooleanNetwork network;
  network::BooleanRun run;                                 ///< end and window are 0 where the settings do not say
  std::vector<std::pair<std::string, double>> parameters;  ///< without the $
  std::vector<std::string> notes;
  bool has_trajectories = false, has_seed = false;
};

/// `set` gives parameters ("k" or "$k") or starts of nodes (0 or 1) other values than the files do. Throws E3021 (not
/// readable), E3022 (a name that is not declared, a contradiction, a value that makes no sense), E3023 (no such file).
[[nodiscard]] MabossModel read_maboss(const std::string& bnd, const std::vector<std::string>& cfg,
                                      const std::map<std::string, double>& set = {});
[[nodiscard]] MabossModel read_maboss_text(const MabossFile& bnd, const std::vector<MabossFile>& cfg,
                                           const std::map<std::string, double>& set = {});

}  // namespace senoma::convert
