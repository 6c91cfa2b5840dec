// Models: loading, and what a model says about itself.
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/units.h"
#include "core.h"
#include "mechanisms/catalogue.h"

namespace nb = nanobind;

namespace senoma::python {

namespace {

std::shared_ptr<LoadedModel> load(const std::string& path, const std::string& profile, const std::string& arm,
                                  const std::vector<std::string>& contexts, const std::vector<std::string>& overrides,
                                  std::optional<std::uint64_t> patient) {
  auto loaded = std::make_shared<LoadedModel>();
  loaded->path = path;
  loaded->options = {profile, arm, overrides, contexts, patient};
  std::map<std::string, std::string> sources;
  std::optional<Error> error;
  {
    const nb::gil_scoped_release free_threads;
    try {
      loaded->model = model::load(path, loaded->options, mechanisms::catalogue(), &sources);
    } catch (const Error& e) {
      error = e;
    }
  }
  if (error) raise(*error, sources);
  return loaded;
}

nb::list parameters(const LoadedModel& loaded) {
  nb::list rows;
  for (const auto& p : loaded.model.parameters)
    rows.append(nb::make_tuple(p.key, p.value, p.unit, p.source, p.grade, p.prior, p.note, p.origin));
  return rows;
}

/// The value at a key path as TOML; empty where there is none.
std::string value_at(const LoadedModel& loaded, const std::string& key) {
  try {
    const auto found = model::find_path(loaded.model.resolved.root, key);
    return found.whole ? model::to_toml(model::plain(*found.value)) : std::string();
  } catch (const Error& error) {
    raise(error, {});
  }
}

std::vector<std::string> arms(const LoadedModel& loaded) {
  std::vector<std::string> names;
  for (const auto& arm : loaded.model.experiment.arms) names.push_back(arm.name);
  return names;
}

std::vector<std::pair<std::string, std::string>> readouts(const LoadedModel& loaded) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& readout : loaded.model.description.readouts) result.emplace_back(readout.name, readout.unit);
  return result;
}

Quantity unit_named(const std::string& text) {
  return text.empty() || text == "1" ? Quantity{1.0, {}} : parse_unit(text);
}

}  // namespace

void bind_model(nb::module_& m) {
  nb::class_<LoadedModel>(m, "LoadedModel")
      .def_static("load", &load, nb::arg("path"), nb::arg("profile"), nb::arg("arm"), nb::arg("contexts"),
                  nb::arg("overrides"), nb::arg("patient").none())
      .def_prop_ro("title", [](const LoadedModel& l) { return l.model.title; })
      .def_prop_ro("hash", [](const LoadedModel& l) { return l.model.hash; })
      .def_prop_ro("warnings", [](const LoadedModel& l) { return l.model.warnings; })
      .def_prop_ro("duration_min", [](const LoadedModel& l) { return l.model.description.duration; })
      .def_prop_ro("roles", [](const LoadedModel& l) { return l.model.experiment.readouts; })
      .def("arms", &arms)
      .def("readouts", &readouts)
      .def("parameters", &parameters)
      .def("value_at", &value_at, nb::arg("key"))
      .def("resolved_toml",
           [](const LoadedModel& l) { return model::resolved_toml(l.model, mechanisms::catalogue()); });
  m.def(
      "convert",
      [](double value, const std::string& from, const std::string& to) {
        try {
          const Quantity given = unit_named(from), wanted = unit_named(to);
          return convert_to({value * given.value, given.dimension}, wanted.dimension) / wanted.value;
        } catch (const Error& error) {
          raise(error, {});
        }
      },
      nb::arg("value"), nb::arg("from_unit"), nb::arg("to_unit"), "A number in another unit of the same dimension.");
}

}  // namespace senoma::python
