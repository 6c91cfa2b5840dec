#include "model/load.h"

#include "model/reading.h"

namespace senoma::model {

namespace {

ResolvedModel load_from(const std::string& path, const LoadOptions& options,
                        std::span<const engine::Mechanism> mechanisms, std::map<std::string, std::string>& texts) {
  ResolvedModel model;
  model.resolved = compose(path, options, texts);
  const Registry registry(mechanisms);
  model.parameters = validate(model.resolved.root, registry);
  if (const Member* study = model.resolved.root.member("study"))
    throw Error("E1213", "this file is a study of an experiment, not a model")
        .at(study->key_where)
        .help("run it with: senoma screen " + path + "; check it with: senoma check " + path);
  Reading reading{registry, model, mechanisms};
  try {
    read_world(reading);
    read_substrates(reading);
    read_cells(reading);
    read_systemic(reading);
    read_networks(reading);
    read_drugs(reading);
    read_interventions(reading);
    read_experiment(reading);
    check_references(reading);
    check_systemic_levels(reading);
    check_memory(reading, reading.root()["domain"]);
  } catch (...) {
    texts = model.resolved.sources;  // tables of cells are read on the way
    throw;
  }
  texts = model.resolved.sources;
  model.hash = description_hash(model.description);
  return model;
}

}  // namespace

ResolvedModel load(const std::string& path, const LoadOptions& options, std::span<const engine::Mechanism> mechanisms,
                   std::map<std::string, std::string>* sources) {
  std::map<std::string, std::string> own;
  auto& texts = sources ? *sources : own;
  texts.clear();
  return load_from(path, options, mechanisms, texts);
}

ResolvedModel load_text(const std::string& text, const std::string& name, const LoadOptions& options,
                        std::span<const engine::Mechanism> mechanisms, std::map<std::string, std::string>* sources) {
  std::map<std::string, std::string> own;
  auto& texts = sources ? *sources : own;
  texts = {{name, text}};
  return load_from(name, options, mechanisms, texts);
}

std::string render(const Error& error, const std::map<std::string, std::string>& sources, bool colour) {
  if (error.position()) {
    if (const auto text = sources.find(error.position()->file); text != sources.end())
      return error.render(text->second, colour);
  }
  return error.render({}, colour);
}

}  // namespace senoma::model
