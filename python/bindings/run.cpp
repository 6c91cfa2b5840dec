// Runs in memory. The GIL is released while the simulation steps; every 50 ms Python may deliver signals (Ctrl-C), and
// another thread may have asked for the end.
#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <chrono>

#include "core.h"
#include "study/light_run.h"
#include "study/outcome.h"

namespace nb = nanobind;

namespace senoma::python {

namespace {

using Array = nb::ndarray<nb::numpy, double, nb::ndim<1>>;

Array array_of(const std::vector<double>& values) {
  auto data = std::make_unique<double[]>(values.size());
  std::copy(values.begin(), values.end(), data.get());
  double* raw = data.release();
  const nb::capsule owner(raw, [](void* p) noexcept { delete[] static_cast<double*>(p); });
  return Array(raw, {values.size()}, owner);
}

/// (times in min, [(name, unit, values)])
nb::tuple table_of(const study::TimeTable& table) {
  nb::list columns;
  for (std::size_t c = 0; c < table.names.size(); ++c)
    columns.append(nb::make_tuple(table.names[c], table.units[c], array_of(table.values[c])));
  return nb::make_tuple(array_of(table.times), columns);
}

nb::dict outcome_of(const model::ResolvedModel& model, const study::LightRun& run, std::uint64_t seed) {
  const study::Roles roles = study::roles_of(model.experiment);
  nb::dict result;
  if (roles.burden.empty() || run.summary.times.empty()) return result;
  const study::MemberOutcome o = study::member_outcome(run.summary, roles, seed);
  const std::pair<const char*, double> values[] = {{"nadir", o.nadir},
                                                   {"nadir_day", o.nadir_day},
                                                   {"regressed", o.regressed},
                                                   {"relapsed", o.relapsed},
                                                   {"cleared", o.cleared},
                                                   {"relapse_day", o.relapse_day},
                                                   {"restricted_relapse", o.restricted_relapse()},
                                                   {"doubling_day", o.doubling_day},
                                                   {"mean_burden", o.mean_burden},
                                                   {"end_burden", o.end_burden},
                                                   {"senescent_at_nadir", o.senescent_at_nadir},
                                                   {"senescent_peak", o.senescent_peak},
                                                   {"senescent_peak_day", o.senescent_peak_day},
                                                   {"peak_level", o.peak_level},
                                                   {"invaded", o.invaded},
                                                   {"escapees", o.escapees},
                                                   {"never_arrested", o.never_arrested}};
  for (const auto& [name, value] : values) result[name] = value;
  return result;
}

void refuse_donor(const LoadedModel& loaded) {
  for (const auto& arm : loaded.model.experiment.arms) {
    if (arm.name != loaded.options.arm || arm.donor.empty()) continue;
    raise(Error("E9002",
                "the arm '" + arm.name + "' starts in the medium of a donor, which a run in memory does not have")
              .at(arm.where)
              .help("run it with `senoma run`, which runs the donor first"),
          loaded.model.sources());
  }
}

nb::dict run(const std::shared_ptr<LoadedModel>& loaded, std::uint64_t seed, int threads,
             const std::shared_ptr<StopFlag>& stop) {
  refuse_donor(*loaded);
  bool signalled = false;
  auto asked = std::chrono::steady_clock::now();
  study::LightOptions options;
  options.seed = seed;
  options.threads = threads;
  options.keep_going = [&] {
    if (stop && stop->set) return false;
    const auto now = std::chrono::steady_clock::now();
    if (now - asked < std::chrono::milliseconds(50)) return true;
    asked = now;
    const nb::gil_scoped_acquire hold;
    signalled = PyErr_CheckSignals() != 0;
    return !signalled;
  };
  study::LightRun result;
  std::optional<Error> error;
  {
    const nb::gil_scoped_release free_threads;
    try {
      result = study::run_light(loaded->model, options);
    } catch (const Error& e) {
      error = e;
    }
  }
  if (error) raise(*error, loaded->model.sources());
  if (signalled) throw nb::python_error();
  nb::dict out;
  out["finished"] = result.finished;
  out["summary"] = table_of(result.summary);
  out["populations"] = table_of(result.populations);
  nb::dict counts;
  for (const auto& [name, n] : result.counts) counts[name.c_str()] = n;
  out["counts"] = counts;
  nb::list warnings;
  for (const auto& warning : result.warnings) warnings.append(nb::cast(warning));
  out["warnings"] = warnings;
  out["state_hash"] = result.state_hash;
  out["time_unit"] = study::time_unit(loaded->model.description.duration);
  out["outcome"] = outcome_of(loaded->model, result, seed);
  return out;
}

}  // namespace

void bind_run(nb::module_& m) {
  nb::class_<StopFlag>(m, "StopFlag")
      .def("__init__", [](StopFlag* at) { new (at) StopFlag(); })
      .def("set", [](StopFlag& flag) { flag.set = true; });
  m.def("run", &run, nb::arg("model"), nb::arg("seed"), nb::arg("threads"), nb::arg("stop").none());
}

}  // namespace senoma::python
