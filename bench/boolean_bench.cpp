// Boolean networks: whole trajectories with the probabilities of states per window, per second. MaBoSS's models are
// read where SENOMA_SHARED says they lie, and left out when they are not there.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/philox.h"
#include "convert/maboss.h"
#include "network/boolean_simulation.h"

namespace {

using namespace senoma;

void run(benchmark::State& state, const convert::MabossModel& model, std::uint64_t trajectories) {
  network::BooleanRun run = model.run;
  run.trajectories = trajectories;
  const Executor executor(static_cast<int>(state.range(0)));
  std::uint64_t flips = 0, done = 0;
  for (auto _ : state) {
    const auto results = network::simulate(model.network, run, executor);
    flips += results.flips;
    done += results.trajectories;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(done));  // items_per_second: trajectories
  state.counters["flips_per_trajectory"] = static_cast<double>(flips) / static_cast<double>(done);
}

/// 90 nodes, three regulators each; as nobody's model, but of the size of the largest in use.
convert::MabossModel random_network() {
  std::string bnd;
  for (std::uint64_t i = 0; i < 90; ++i) {
    const RandomStream draw{90, i, Stream::test};
    const auto pick = [&](std::uint64_t k) { return std::to_string(static_cast<int>(90.0 * draw.uniform(k))); };
    bnd += "node n" + std::to_string(i) + " { logic = (n" + pick(0) + " & !n" + pick(1) + ") | n" + pick(2) +
           "; rate_up = @logic ? 1 : 0.05; rate_down = @logic ? 0.05 : 1; }\n";
  }
  std::string cfg = "max_time = 20; time_tick = 1;";
  for (int i = 3; i < 90; ++i) cfg += "n" + std::to_string(i) + ".is_internal = 1;";
  return convert::read_maboss_text({"random.bnd", bnd}, {{"random.cfg", cfg}});
}

void register_all() {
  const auto add = [](const std::string& name, convert::MabossModel model, std::uint64_t trajectories) {
    benchmark::RegisterBenchmark(name.c_str(), [model = std::move(model), trajectories](
                                                   benchmark::State& state) { run(state, model, trajectories); })
        ->Arg(1)
        ->Arg(2)
        ->UseRealTime()
        ->MeasureProcessCPUTime()
        ->Unit(benchmark::kMillisecond);
  };
  const std::string known = SENOMA_SOURCE_DIR "/models/verify/known/";
  add("p53_mdm2_loop", convert::read_maboss(known + "p53-mdm2.bnd", {known + "p53-mdm2.cfg"}), 100000);
  add("random_90_nodes", random_network(), 4000);
  const char* shared = std::getenv("SENOMA_SHARED");
  if (!shared) return;
  const std::string suite = std::string(shared) + "/suites/maboss/";
  if (!std::filesystem::is_directory(suite)) return;
  add("maboss_p53_Mdm2", convert::read_maboss(suite + "p53_Mdm2.bnd", {suite + "p53_Mdm2_runcfg.cfg"}), 200000);
  add("maboss_cellcycle", convert::read_maboss(suite + "cellcycle.bnd", {suite + "cellcycle_runcfg.cfg"}), 500000);
  add("maboss_sizek", convert::read_maboss(suite + "sizek.bnd", {suite + "sizek.cfg"}), 10000);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  register_all();
  benchmark::RunSpecifiedBenchmarks();
}
