// `senoma new DIR` and `senoma examples`: the models that come with Senoma, found as files.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace senoma::model {

/// The folder with the models: $SENOMA_MODELS; else ../models or ../share/senoma/models beside the program; else the
/// source tree it was built from; empty when there is none.
[[nodiscard]] std::string find_models_folder();

struct Example {
  std::string id;     ///< "spheroid", or "melanoma-tis/relapse" for an experiment of a model
  std::string title;  ///< [model].title, or [experiment].title
  std::string description;
  std::string path;  ///< of the file to run
};

/// The models in `folder` (each */model.toml, then each */experiments/*.toml), by id; templates are left out. A file
/// that cannot be read is listed with the reason as title.
[[nodiscard]] std::vector<Example> list_examples(const std::string& folder);
/// Throws E1216 with the nearest id.
[[nodiscard]] Example find_example(const std::string& folder, const std::string& id);

/// Copies the template into `directory`, which must be new or empty (E1215). Returns the files written, relative to it.
/// Throws E1101 when the template is not installed, E1102 (input_output) when writing fails.
std::vector<std::string> scaffold(const std::string& directory, const std::string& models_folder,
                                  const std::string& template_name = "teaching");

}  // namespace senoma::model
