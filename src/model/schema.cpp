// The JSON Schema of model files, for editors and other programs.
#include <nlohmann/json.hpp>

#include "model/document.h"
#include "model/registry.h"

namespace senoma::model {

namespace {

using Json = nlohmann::ordered_json;

Json default_of(const Key& key) {
  const Value v = *parse_toml("v = " + key.default_text, "default").find("v");
  if (v.is_text()) return v.text;
  if (v.kind == Value::Kind::integer) return v.integer;
  if (v.is_number()) return v.real;
  if (v.kind == Value::Kind::boolean) return v.boolean;
  Json list = Json::array();
  for (const auto& item : v.items) list.push_back(item.text);
  return list;
}

Json scalar(const Key& key) {
  switch (key.kind) {
    case Kind::quantity:
      return {{"$ref", "#/$defs/quantity"}};
    case Kind::number:
      return {{"$ref", "#/$defs/number"}};
    case Kind::count:
      return {{"$ref", "#/$defs/count"}};
    case Kind::boolean:
      return {{"type", "boolean"}};
    case Kind::choice:
      return {{"enum", key.choices}};
    case Kind::expression:
      return {{"type", Json::array({"string", "number", "boolean"})}};
    case Kind::text:
    case Kind::file:
      return {{"type", "string"}};
    default:
      return Json::object();
  }
}

Json of(const Node& node);

Json object(const Node& node, bool with_required) {
  Json schema = {{"type", "object"}};
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& [name, child] : node.children) {
    properties[name] = of(*child);
    if (child->key.is_required) required.push_back(name);
  }
  if (!node.names_are_free() || !node.key.mechanism.empty()) {
    for (const char* annotation : {"source", "grade", "prior", "note"}) {
      if (!properties.contains(annotation))
        properties[annotation] = {
            {"$ref", std::string("#/$defs/") + (annotation == std::string("grade") ? "grade" : "remark")}};
    }
  }
  if (!properties.empty()) schema["properties"] = properties;
  for (const auto& [ending, child] : node.endings) schema["patternProperties"]["^.+" + ending + "$"] = of(*child);
  schema["additionalProperties"] = node.any ? of(*node.any) : Json(false);
  if (with_required && !required.empty()) schema["required"] = required;
  return schema;
}

Json of(const Node& node) {
  const Key& key = node.key;
  const bool has_children = !node.children.empty() || node.any || !node.endings.empty();
  Json schema;
  if (key.kind == Kind::list_of_tables) {
    schema = {{"type", "array"}, {"items", object(*node.item, true)}};
  } else if (key.kind == Kind::table) {
    schema = object(node, false);  // a table may be completed by another file
    if (key.or_single) schema = {{"anyOf", Json::array({Json{{"$ref", "#/$defs/quantity"}}, schema})}};
  } else {
    schema = scalar(key);
    if (has_children) schema = {{"anyOf", Json::array({schema, object(node, false)})}};
    if (key.is_list) {
      Json list = {{"type", "array"}, {"items", schema}};
      schema = key.or_single ? Json{{"anyOf", Json::array({schema, list})}} : list;
    }
    if (key.or_boolean) schema = {{"anyOf", Json::array({schema, Json{{"type", "boolean"}}})}};
    const std::string kind = describe(key);
    schema["description"] = key.doc + (kind.empty() ? "" : " (" + kind + ")");
    if (!key.default_text.empty()) schema["default"] = default_of(key);
    return schema;
  }
  if (!key.doc.empty()) schema["description"] = key.doc;
  return schema;
}

Json annotated(const Json& plain) {
  Json object = {{"type", "object"},
                 {"properties",
                  {{"value", plain},
                   {"source", {{"$ref", "#/$defs/remark"}}},
                   {"grade", {{"$ref", "#/$defs/grade"}}},
                   {"prior", {{"$ref", "#/$defs/remark"}}},
                   {"note", {{"$ref", "#/$defs/remark"}}}}},
                 {"required", Json::array({"value"})},
                 {"additionalProperties", false}};
  return {{"anyOf", Json::array({plain, object})}};
}

}  // namespace

std::string schema_json(const Registry& registry) {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Senoma model file"}};
  schema.update(object(registry.root(), false));
  schema["properties"]["profiles"] = {{"type", "object"},
                                      {"additionalProperties", {{"type", "object"}}},
                                      {"description", "Tables of the same keys, chosen with --profile NAME."}};
  const Json text_or_number = {{"type", Json::array({"string", "number"})}};
  schema["$defs"] = {
      {"quantity", annotated(text_or_number)},
      {"number", annotated(text_or_number)},
      {"count", annotated(Json{{"type", "integer"}})},
      {"remark", {{"type", "string"}}},
      {"grade", {{"enum", Json::array({"found", "recalled", "computed", "assumption", "calibrated", "convention"})}}}};
  return schema.dump(2) + "\n";
}

}  // namespace senoma::model
