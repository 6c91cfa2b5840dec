// The bindings' own pieces: what crosses between C++ and Python. The package around them is python/senoma.
#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "base/error.h"
#include "model/load.h"

namespace senoma::python {

/// A loaded model with what it was asked for. Immutable, so threads may share it.
struct LoadedModel {
  model::ResolvedModel model;
  model::LoadOptions options;
  std::string path;
};

/// Asks runs in other threads to end.
struct StopFlag {
  std::atomic<bool> set{false};
};

/// Raises senoma.Error in Python with all that the error knows; its text is the rendered one, with the excerpt.
[[noreturn]] void raise(const Error& error, const std::map<std::string, std::string>& sources);

void bind_model(nanobind::module_& m);
void bind_run(nanobind::module_& m);
void bind_study(nanobind::module_& m);

}  // namespace senoma::python
