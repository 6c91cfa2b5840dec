// model.resolved.toml: the merged tree written out, one value per line with its provenance, so that the text alone is
// the whole model and a reader sees where each number comes from.
#include <algorithm>
#include <filesystem>

#include "model/load.h"
#include "model/registry.h"

namespace senoma::model {

namespace {

/// Fit for a comment.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

class Writer {
 public:
  explicit Writer(const Registry& registry) : registry_(registry) {}

  void table(const Value& value, const Node* node, const std::string& path) {
    for (const auto& m : value.members) {
      if (below(m.value)) continue;
      line(m, node ? node->child(m.key) : nullptr);
    }
    for (const auto& m : value.members) {
      if (!below(m.value)) continue;
      const std::string name = join_path(path, m.key);
      const Node* next = node ? node->child(m.key) : nullptr;
      if (m.value.is_table()) {
        // A table with nothing but tables in it needs no header of its own.
        const bool bare = std::any_of(m.value.members.begin(), m.value.members.end(),
                                      [](const Member& x) { return !below(x.value); });
        if (bare || m.value.members.empty()) out_ += "\n[" + name + "]\n";
        table(m.value, next, name);
        continue;
      }
      for (const auto& item : m.value.items) {
        out_ += "\n[[" + name + "]]\n";
        table(item, next ? next->item.get() : nullptr, name);
      }
    }
  }

  std::string out_;

 private:
  /// Written as [table] or [[tables]] of its own. What was inline in the file stays inline.
  static bool below(const Value& value) {
    if (value.is_table()) return !is_annotated(value) && value.header;
    return value.is_array() && !value.items.empty() &&
           std::all_of(value.items.begin(), value.items.end(), [](const Value& v) { return v.is_table() && v.header; });
  }

  void line(const Member& m, const Node* node) {
    Value value = m.value;
    absolute_paths(value, node);
    const Value& where = plain(m.value);
    std::string origin = origin_of(where.where);
    if (!where.layer.empty() && where.layer != command_line) origin += " (" + where.layer + ")";
    out_ += quote_key(m.key) + " = " + to_toml(value) + "  # " + one_line(origin) + "\n";
  }

  /// File names are relative to the file they stand in; here they must not depend on it.
  static void absolute_paths(Value& value, const Node* node) {
    if (!node) return;
    if (value.is_text() && node->key.kind == Kind::file) {
      std::error_code status;
      value.text = std::filesystem::absolute(resolve_path(value.text, value.where), status).lexically_normal().string();
    }
    for (auto& item : value.items) absolute_paths(item, node->item ? node->item.get() : node);
    for (auto& m : value.members)
      absolute_paths(m.value, is_annotation_key(m.key)                    ? nullptr
                              : m.key == "value" && !node->child("value") ? node
                                                                          : node->child(m.key));
  }

  const Registry& registry_;
};

/// The defaults that hold in tables the file has, as comments.
std::string defaults_text(const Value& value, const Node& node, const std::string& path) {
  std::string out;
  for (const auto& [name, child] : node.children) {
    if (!value.find(name) && !child->key.default_text.empty())
      out += "# " + join_path(path, name) + " = " + child->key.default_text + "\n";
  }
  for (const auto& m : value.members) {
    const Node* next = node.child(m.key);
    if (!next || is_annotated(m.value)) continue;
    const std::string below = join_path(path, m.key);
    if (m.value.is_table()) out += defaults_text(m.value, *next, below);
    for (std::size_t i = 0; m.value.is_array() && next->item && i < m.value.items.size(); ++i) {
      out += defaults_text(m.value.items[i], *next->item, below + "[" + std::to_string(i) + "]");
    }
  }
  return out;
}

}  // namespace

std::string resolved_toml(const ResolvedModel& model, std::span<const engine::Mechanism> mechanisms) {
  const Registry registry(mechanisms);
  Value root = model.resolved.root;
  for (const char* gone : {"profiles", "arm", "extends", "finding"}) root.erase(gone);
  if (Value* experiment = root.find("experiment")) {
    experiment->erase("reference");  // it names an arm
    experiment->erase("contexts");   // they are merged
  }
  Writer writer(registry);
  writer.out_ =
      "# The model as it ran, all layers merged; each value with the place it comes from.\n# Description hash: " +
      model.hash + "\n";
  for (const auto& context : model.resolved.contexts)
    writer.out_ += "# Context: " + context.name + " (" + one_line(context.title) + ")\n";
  for (const auto& drawn : model.resolved.draws)
    writer.out_ += "# Of this patient: " + one_line(drawn.name) + " = " + drawn.text() + "\n";
  if (!model.differences().empty()) {
    writer.out_ += "#\n# Changed by profile, context, patient, arm or command line:\n";
    for (const auto& d : model.differences()) {
      writer.out_ += "#   " + d.key + ": " + (d.before.empty() ? "(absent)" : d.before) + " -> " +
                     (d.after.empty() ? "(removed)" : d.after) + "  [" + d.layer + "]\n";
    }
  }
  writer.table(root, &registry.root(), "");
  const std::string defaults = defaults_text(root, registry.root(), "");
  if (!defaults.empty()) writer.out_ += "\n# Defaults that hold where the files say nothing:\n" + defaults;
  return writer.out_;
}

}  // namespace senoma::model
