#include "model/document.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "model/contexts.h"
#include "model/layers.h"
#include "model/posterior.h"

namespace senoma::model {

namespace fs = std::filesystem;

std::string read_text(const std::string& path, const SourcePosition& asked_from) {
  const auto place = [&](Error error) {
    if (!asked_from.file.empty()) error.at(asked_from);
    return error;
  };
  std::error_code status;
  if (!fs::exists(path, status)) {
    throw place(Error("E1101", "there is no file '" + path + "'", ErrorKind::input_output)
                    .help("check the path; 'senoma examples' lists the models that come with Senoma"));
  }
  if (fs::is_directory(path, status)) {
    throw place(Error("E1102", "'" + path + "' is a folder, not a file", ErrorKind::input_output)
                    .help("name the .toml file inside it"));
  }
  if (!fs::is_regular_file(path, status) && !fs::is_fifo(path, status)) {
    throw place(
        Error("E1102", "'" + path + "' is a device, not a file", ErrorKind::input_output).help("name a .toml file"));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in)
    throw place(Error("E1102", "cannot read '" + path + "'", ErrorKind::input_output).help("check its permissions"));
  return text;
}

std::string resolve_path(const std::string& path, const SourcePosition& written) {
  const fs::path given(path);
  if (given.is_absolute() || written.file.empty() || written.file == command_line) return path;
  return (fs::path(written.file).parent_path() / given).lexically_normal().string();
}

namespace {

using Drops = std::vector<Value>;  // texts, with their places

/// A file and all it extends; `drops`: what it takes away from files that another one extends before it.
struct Read {
  Value tree;
  Drops drops;
};

struct Composer {
  Document& document;
  std::map<std::string, std::string>& sources;
  std::vector<std::string> open;  // files being read, for the circle check

  Read read(const std::string& path, const SourcePosition& asked_from) {
    std::error_code status;
    const std::string identity = fs::weakly_canonical(path, status).string();
    if (std::find(open.begin(), open.end(), identity) != open.end()) {
      std::string chain;
      for (const auto& file : open) chain += fs::path(file).filename().string() + " -> ";
      throw Error("E1106", "the file extends itself: " + chain + fs::path(path).filename().string())
          .at(asked_from)
          .help("remove one link of the circle");
    }
    if (!sources.contains(path)) sources[path] = read_text(path, asked_from);
    Value own = parse_toml(sources[path], path);
    open.push_back(identity);
    Drops drops;
    Value merged = bases(own, drops);
    open.pop_back();
    own.erase("extends");
    const Drops own_drops = dropped_by(own);
    drop(merged, own_drops);
    drops.insert(drops.end(), own_drops.begin(), own_drops.end());
    own.erase("drop");
    const Value additions = additions_of(own);
    merge(merged, own);
    merge(merged, additions);
    document.files.push_back(path);
    return {std::move(merged), std::move(drops)};
  }

  static void drop(Value& tree, const Drops& paths) {
    for (const auto& path : paths) {
      try {
        erase_path(tree, path.text);
      } catch (Error& error) {
        throw error.at(path.where);
      }
    }
  }

  /// The key paths that `drop` of a file lists.
  static Drops dropped_by(const Value& own) {
    const Value* drop = own.find("drop");
    if (!drop) return {};
    const Drops list = drop->is_array() ? drop->items : Drops{*drop};
    for (const auto& item : list) {
      if (item.is_text()) continue;
      throw Error("E1110", "'drop' is a key path or a list of key paths")
          .at(item.where)
          .label(describe(item.kind))
          .help("write drop = [\"network.NAME.parameters.OLD\"]");
    }
    return list;
  }

  /// Takes [add] out of a file: the same tables, their lists marked as additions.
  static Value additions_of(Value& own) {
    Value additions;
    additions.kind = Value::Kind::table;
    additions.header = true;
    const Value* add = own.find("add");
    if (!add) return additions;
    if (!add->is_table()) {
      throw Error("E1110", "'add' is a table of lists")
          .at(add->where)
          .label(describe(add->kind))
          .help("write [[add.readout]], or [add] readout = [ … ]");
    }
    additions = *add;
    own.erase("add");
    mark_lists(additions, "add");
    return additions;
  }

  static void mark_lists(Value& table, const std::string& path) {
    for (auto& member : table.members) {
      const std::string key = join_path(path, member.key);
      if (member.value.is_table()) {
        mark_lists(member.value, key);
      } else if (member.value.is_array()) {
        member.value.added = true;
      } else {
        throw Error("E1110", "'add' takes lists: " + key + " = [ … ]")
            .at(member.value.where)
            .label(describe(member.value.kind))
            .help("wrap the value in [ ]");
      }
    }
  }

  Value bases(const Value& own, Drops& drops) {
    Value merged;
    merged.kind = Value::Kind::table;
    merged.header = true;
    const Value* extends = own.find("extends");
    if (!extends) return merged;
    std::vector<Value> list = extends->is_array() ? extends->items : std::vector<Value>{*extends};
    for (const auto& item : list) {
      if (!item.is_text()) {
        throw Error("E1106", "'extends' is a file name or a list of file names")
            .at(item.where)
            .label(describe(item.kind))
            .help("write extends = \"base.toml\"");
      }
      const Read base = read(resolve_path(item.text, item.where), item.where);
      drop(merged, base.drops);
      merge(merged, base.tree);
      drops.insert(drops.end(), base.drops.begin(), base.drops.end());
    }
    return merged;
  }
};

void note_differences(const Value& before, const Value& after, std::vector<Difference>& out) {
  const auto keep = [](const Leaf& leaf) {
    return !leaf.path.starts_with("profiles.") && !leaf.path.starts_with("arm[") && !leaf.path.starts_with("cohort.");
  };
  std::map<std::string, std::string> old;
  for (const auto& leaf : leaves(before)) {
    if (keep(leaf)) old[leaf.path] = leaf.text;
  }
  for (const auto& leaf : leaves(after)) {
    if (!keep(leaf)) continue;
    const auto was = old.find(leaf.path);
    if (was == old.end() || was->second != leaf.text) {
      out.push_back({leaf.path, was == old.end() ? "" : was->second, leaf.text, leaf.layer});
    }
    if (was != old.end()) old.erase(was);
  }
  for (const auto& [path, text] : old) out.push_back({path, text, "", "removed"});
}

/// The file that `cohort.posterior` names becomes the list of its lines, so that the tree needs it no more.
void read_posterior_file(Value& root, std::map<std::string, std::string>& sources) {
  Value* cohort = root.find("cohort");
  Value* posterior = cohort && cohort->is_table() ? cohort->find("posterior") : nullptr;
  if (!posterior || !posterior->is_text()) return;
  const std::string path = resolve_path(posterior->text, posterior->where);
  if (!sources.contains(path)) sources[path] = read_text(path, posterior->where);
  Value lines = posterior_lines(sources[path], path);
  lines.layer = posterior->layer;
  *posterior = std::move(lines);
}

}  // namespace

Document compose(const std::string& path, const LoadOptions& options, std::map<std::string, std::string>& sources) {
  Document document;
  document.path = path;
  Composer composer{document, sources, {}};
  document.root = composer.read(path, {}).tree;
  document.root.where = {path, 0, 0, 0};
  const Value before = document.root;
  if (!options.profile.empty()) apply_profile(document.root, options.profile, path);
  apply_contexts(document, options, [&](const std::string& file, const SourcePosition& asked_from) {
    Read context = composer.read(file, asked_from);
    if (context.drops.empty()) return std::move(context.tree);
    throw Error("E1114", "a context cannot drop keys")
        .at(context.drops.front().where)
        .help("a context changes values; let the experiment extend a file that drops them");
  });
  if (!options.arm.empty()) apply_arm(document.root, options.arm, path);
  for (const auto& layer : options.layers) {
    for (const auto& file : layer.files) {
      Read part = composer.read(file, layer.where);
      Composer::drop(document.root, part.drops);
      set_layer(part.tree, layer.name);
      merge(document.root, part.tree);
    }
    if (layer.changes.is_table()) apply_changes(document.root, layer.changes, layer.name);
  }
  std::string typed;
  for (const auto& text : options.overrides) typed += text + "\n";
  if (!typed.empty()) sources[command_line] = typed;
  int line = 0;
  for (const auto& text : options.overrides) apply_override(document.root, text, ++line);
  check_contexts_kept(document);
  read_posterior_file(document.root, sources);
  document.cohort = settle_cohort(document.root);
  if (options.patient)
    document.draws = apply_patient(document.root, std::exchange(document.cohort, {}), *options.patient);
  for (const auto& layer : options.layers) scale_values(document.root, layer);
  note_differences(before, document.root, document.differences);
  document.sources = sources;
  return document;
}

}  // namespace senoma::model
