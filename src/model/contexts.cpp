#include "model/contexts.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "model/layers.h"

namespace senoma::model {

namespace fs = std::filesystem;

namespace {

/// Folders `contexts` beside each file and above it, nearest first.
std::vector<fs::path> context_folders(const std::vector<std::string>& files) {
  std::vector<fs::path> folders;
  std::error_code status;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {  // the file asked for is the last
    fs::path at = fs::absolute(*file, status).lexically_normal().parent_path();
    while (true) {
      const fs::path candidate = at / "contexts";
      if (fs::is_directory(candidate, status) && std::find(folders.begin(), folders.end(), candidate) == folders.end())
        folders.push_back(candidate);
      if (at == at.parent_path()) break;
      at = at.parent_path();
    }
  }
  return folders;
}

std::string text_in(const Value& table, const char* key) {
  const Value* value = table.find(key);
  return value && value->is_text() ? value->text : "";
}

std::optional<ContextInfo> read_info(const std::string& name, const std::string& path) {
  ContextInfo info{name, path, "", "", ""};
  try {
    const Value root = parse_toml(read_text(path), path);
    const Value* head = root.find("context");
    if (!head || !head->is_table()) return std::nullopt;
    info.title = text_in(*head, "title");
    info.description = text_in(*head, "description");
    info.group = text_in(*head, "group");
  } catch (const Error& error) {
    info.description = "(unreadable: " + error.message() + ")";
  }
  return info;
}

struct Wanted {
  std::string name;
  SourcePosition where;
};

void collect(const Value* list, const std::string& key, std::vector<Wanted>& into) {
  if (!list) return;
  const Value& names = plain(*list);
  const auto refuse = [&](const Value& at) {
    return Error("E1202", "'" + key + "' is a list of names of contexts")
        .at(at.where)
        .label(describe(at.kind))
        .help("write contexts = [\"NAME\"]");
  };
  if (!names.is_array()) throw refuse(names);
  for (const auto& item : names.items) {
    if (!item.is_text()) throw refuse(item);
    into.push_back({item.text, item.where});
  }
}

std::vector<Wanted> wanted_contexts(const Document& document, const LoadOptions& options) {
  std::vector<Wanted> all, once;
  if (const Value* experiment = document.root.find("experiment"); experiment && experiment->is_table())
    collect(experiment->find("contexts"), "experiment.contexts", all);
  if (!options.arm.empty())
    collect(find_arm(document.root, options.arm, document.path).find("contexts"), "arm.contexts", all);
  for (const auto& name : options.contexts) all.push_back({name, {}});
  for (auto& context : all) {
    if (std::none_of(once.begin(), once.end(), [&](const Wanted& w) { return w.name == context.name; }))
      once.push_back(std::move(context));
  }
  return once;
}

Error malformed(const Value& at, const std::string& what, const std::string& help) {
  return Error("E1114", what).at(at.where).help(help);
}

/// Throws unless the overlay is a context as it should be.
void check_overlay(const Value& overlay, const std::string& name) {
  static const std::vector<std::string> keys = {"title", "description", "group", "set", "add", "source", "grade"};
  const Value* head = overlay.find("context");
  if (!head || !head->is_table())
    throw malformed(overlay, "the file of the context '" + name + "' has no table [context]",
                    "begin it with [context], title = \"…\" and group = \"…\"");
  for (const auto& m : head->members) {
    if (std::find(keys.begin(), keys.end(), m.key) == keys.end()) {
      Error error("E1114", "[context] has no key '" + m.key + "'");
      error.at(m.key_where);
      if (const auto near = nearest_name(m.key, keys); !near.empty()) error.help("did you mean '" + near + "'?");
      throw error.help("keys here: title, description, group, set, add; keys of the model stand below it");
    }
    const bool table = m.key == "set" || m.key == "add";
    if (!table && !m.value.is_text())
      throw malformed(m.value, "'context." + m.key + "' is a text", "write it in quotes");
  }
  if (text_in(*head, "title").empty())
    throw malformed(*head, "the context '" + name + "' has no title", "write title = \"…\" in [context]");
  for (const char* key : {"arm", "profiles", "cohort", "finding"}) {
    if (const Member* m = overlay.member(key)) {
      throw Error("E1114", "a context has no '" + std::string(key) + "'")
          .at(m->key_where)
          .help("it belongs into the experiment's file");
    }
  }
}

std::string labelled(const ContextInfo& context) {
  return "'" + context.name + "'" + (context.title.empty() ? "" : " (" + context.title + ")");
}

}  // namespace

std::vector<ContextInfo> find_contexts(const std::vector<std::string>& files) {
  std::vector<ContextInfo> found;
  std::set<std::string> names;
  std::error_code status;
  const fs::path here = fs::current_path(status);
  const bool relative = !files.empty() && fs::path(files.back()).is_relative();
  for (const auto& folder : context_folders(files)) {
    for (const auto& entry : fs::directory_iterator(folder, status)) {
      const std::string name = entry.path().stem().string();
      if (entry.path().extension() != ".toml" || names.contains(name)) continue;
      const fs::path path = relative ? entry.path().lexically_proximate(here) : entry.path();
      if (auto info = read_info(name, path.string())) {
        names.insert(name);
        found.push_back(std::move(*info));
      }
    }
  }
  std::sort(found.begin(), found.end(), [](const ContextInfo& a, const ContextInfo& b) { return a.name < b.name; });
  return found;
}

std::vector<ContextInfo> list_contexts(const std::string& path) {
  std::map<std::string, std::string> sources;
  return find_contexts(compose(path, {}, sources).files);
}

void apply_contexts(Document& document, const LoadOptions& options, const ReadFile& read) {
  const auto wanted = wanted_contexts(document, options);
  if (wanted.empty()) return;
  const auto known = find_contexts(document.files);
  std::vector<std::string> names;
  for (const auto& context : known) names.push_back(context.name);
  for (const auto& [name, where] : wanted) {
    const auto found =
        std::find_if(known.begin(), known.end(), [&, &name = name](const ContextInfo& c) { return c.name == name; });
    if (found == known.end()) {
      no_such("E1112", "context", name, names, where.file.empty() ? SourcePosition{document.path, 0, 0, 0} : where);
    }
    for (const auto& earlier : document.contexts) {
      if (found->group.empty() || earlier.group != found->group) continue;
      Error error("E1113", "the contexts " + labelled(earlier) + " and " + labelled(*found) + " exclude each other");
      error.at(where.file.empty() ? SourcePosition{document.path, 0, 0, 0} : where);
      throw error.help("both belong to the group '" + found->group + "': choose one of them");
    }
    Value overlay = read(found->path, where);
    overlay.where = {found->path, 1, 1, 1};
    check_overlay(overlay, name);
    const Value head = *overlay.find("context");
    overlay.erase("context");
    set_layer(overlay, "context " + name);
    merge(document.root, overlay);
    apply_changes(document.root, head, "context " + name);
    document.contexts.push_back(*found);
  }
}

void check_contexts_kept(const Document& document) {
  if (const Member* own = document.root.member("context")) {
    throw Error("E1114", "this file is a context, not a model")
        .at(own->key_where)
        .help("run an experiment in it: senoma run EXPERIMENT --context " + fs::path(document.path).stem().string());
  }
  const Value* experiment = document.root.find("experiment");
  const Value* chosen = experiment && experiment->is_table() ? experiment->find("contexts") : nullptr;
  if (!chosen || chosen->layer.empty() || chosen->layer.starts_with("profile ")) return;
  throw Error("E1114", "contexts are chosen before " + chosen->layer + " is applied")
      .at(chosen->where)
      .help("write --context NAME, or contexts = [\"NAME\"] in the [[arm]] or in [experiment] of the file");
}

}  // namespace senoma::model
