#include "model/scaffold.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "model/document.h"

namespace senoma::model {

namespace fs = std::filesystem;

namespace {

bool is_folder(const fs::path& path) {
  std::error_code status;
  return fs::is_directory(path, status);
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code status;
  for (const auto& entry : fs::directory_iterator(folder, status)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::string text_at(const Value& root, const char* table, const char* key) {
  const Value* t = root.find(table);
  const Value* v = t && t->is_table() ? t->find(key) : nullptr;
  return v && v->is_text() ? v->text : "";
}

Example read_example(const std::string& id, const fs::path& path) {
  Example example{id, "", "", path.string()};
  try {
    std::map<std::string, std::string> sources;
    const Value own = parse_toml(read_text(path.string()), path.string());  // its own words before those it extends
    const Value root = compose(path.string(), {}, sources).root;
    for (const auto& [table, key] : {std::pair{"experiment", "title"}, {"model", "title"}}) {
      if (example.title.empty()) example.title = text_at(own, table, key);
    }
    for (const auto& [table, key] : {std::pair{"experiment", "title"}, {"model", "title"}}) {
      if (example.title.empty()) example.title = text_at(root, table, key);
    }
    example.description = text_at(root, "experiment", "question");
    if (example.description.empty()) example.description = text_at(root, "model", "description");
  } catch (const Error& error) {
    example.title = "(unreadable: " + error.message() + ")";
  }
  return example;
}

}  // namespace

std::string find_models_folder() {
  if (const char* chosen = std::getenv("SENOMA_MODELS"); chosen && *chosen) return is_folder(chosen) ? chosen : "";
  std::error_code status;
  const fs::path program = fs::read_symlink("/proc/self/exe", status);
  if (!status) {
    for (const char* relative : {"../models", "../share/senoma/models", "../../models"}) {
      const fs::path candidate = (program.parent_path() / relative).lexically_normal();
      if (is_folder(candidate)) return candidate.string();
    }
  }
#ifdef SENOMA_MODELS_SOURCE_DIR
  if (is_folder(SENOMA_MODELS_SOURCE_DIR)) return SENOMA_MODELS_SOURCE_DIR;
#endif
  return {};
}

std::vector<Example> list_examples(const std::string& folder) {
  std::vector<Example> examples;
  for (const auto& entry : sorted_entries(folder)) {
    const std::string name = entry.filename().string();
    if (!is_folder(entry) || name == "templates") continue;
    std::error_code status;
    if (fs::exists(entry / "model.toml", status)) examples.push_back(read_example(name, entry / "model.toml"));
    for (const auto& experiment : sorted_entries(entry / "experiments")) {
      if (experiment.extension() == ".toml")
        examples.push_back(read_example(name + "/" + experiment.stem().string(), experiment));
    }
  }
  return examples;
}

Example find_example(const std::string& folder, const std::string& id) {
  std::vector<std::string> ids;
  for (auto& example : list_examples(folder)) {
    if (example.id == id || example.id.ends_with("/" + id)) return example;
    ids.push_back(example.id);
  }
  Error error("E1216", "there is no example '" + id + "'");
  if (const auto near = nearest_name(id, ids); !near.empty()) error.help("did you mean '" + near + "'?");
  error.help("'senoma examples' lists them");
  throw error;
}

std::vector<std::string> scaffold(const std::string& directory, const std::string& models_folder,
                                  const std::string& template_name) {
  const fs::path from = fs::path(models_folder) / "templates" / template_name;
  if (models_folder.empty() || !is_folder(from)) {
    throw Error("E1101", "the template '" + template_name + "' is not installed", ErrorKind::input_output)
        .help("set SENOMA_MODELS to the folder of Senoma's models");
  }
  std::error_code status;
  if (fs::exists(directory, status) && !(is_folder(directory) && fs::is_empty(directory, status))) {
    throw Error("E1215", "'" + directory + "' exists and is not an empty folder")
        .help("choose a new name; nothing was written");
  }
  fs::create_directories(directory, status);
  if (status)
    throw Error("E1102", "cannot make the folder '" + directory + "': " + status.message(), ErrorKind::input_output)
        .help("check the path and its permissions");
  std::vector<std::string> written;
  for (const auto& file : sorted_entries(from)) {
    const fs::path to = fs::path(directory) / file.filename();
    fs::copy(file, to, fs::copy_options::recursive, status);
    if (status)
      throw Error("E1102", "cannot write '" + to.string() + "': " + status.message(), ErrorKind::input_output)
          .help("check the space left and the permissions");
    written.push_back(file.filename().string());
  }
  return written;
}

}  // namespace senoma::model
