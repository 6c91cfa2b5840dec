// The extension module senoma._core.
#include "core.h"

#include <nanobind/stl/string.h>

#include "base/processors.h"
#include "study/build_info.h"

namespace nb = nanobind;

namespace senoma::python {

void raise(const Error& error, const std::map<std::string, std::string>& sources) {
  const nb::object type = nb::module_::import_("senoma.errors").attr("Error");
  nb::list remedies;
  for (const auto& remedy : error.remedies()) remedies.append(nb::cast(remedy));
  nb::object place = nb::none();
  if (const auto& at = error.position()) place = nb::make_tuple(at->file, at->line, at->column);
  const char* kind = error.kind() == ErrorKind::configuration ? "configuration"
                     : error.kind() == ErrorKind::numerical   ? "numerical"
                                                              : "input_output";
  const nb::object raised = type(error.code(), error.message(), place, remedies, model::render(error, sources), kind);
  PyErr_SetObject(type.ptr(), raised.ptr());
  throw nb::python_error();
}

}  // namespace senoma::python

NB_MODULE(_core, m) {
  m.doc() = "Senoma's core: loads models and runs them in memory, and runs studies. Use it through the package senoma.";
  m.def("version", &senoma::study::program_version, "Version of the program this module was built with.");
  m.def(
      "processors", [] { return senoma::usable_processors().usable; }, "Processors this process may use.");
  senoma::python::bind_model(m);
  senoma::python::bind_run(m);
  senoma::python::bind_study(m);
}
