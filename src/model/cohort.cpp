#include "model/cohort.h"

#include <algorithm>

#include "base/hash.h"
#include "base/math.h"
#include "base/philox.h"
#include "model/document.h"
#include "model/posterior.h"

namespace senoma::model {

std::string Cohort::hash() const {
  if (variations.empty()) return {};
  Hasher h;
  h.add(seed);
  for (const auto& v : variations) {
    h.add(std::string_view(v.name));
    for (const auto& key : v.keys) h.add(std::string_view(key));
    h.add(static_cast<std::uint64_t>(v.distribution.kind));
    h.add(v.distribution.a);
    h.add(v.distribution.b);
    h.add(std::span<const double>(v.distribution.values));
    h.add(std::span<const double>(v.distribution.probabilities));
    h.add(std::string_view(v.distribution.unit));
    if (!v.common.empty()) h.add(std::string_view(v.common));
  }
  return h.hex();
}

namespace {

Error malformed(const SourcePosition& where, const std::string& what, const std::string& help) {
  return Error("E1217", what).at(where).help(help);
}

std::string number_text(double value) {
  Value number;
  number.kind = Value::Kind::real;
  number.real = value;
  return to_toml(number);
}

}  // namespace

std::string Draw::text() const { return number_text(value) + (unit.empty() ? "" : " " + unit); }

Draw draw(const Cohort& cohort, const Variation& variation, std::uint64_t patient) {
  using Kind = Distribution::Kind;
  const Distribution& d = variation.distribution;
  Hasher name;
  name.add(std::string_view(variation.common.empty() ? variation.name : variation.common));
  const std::uint64_t ordinal = name.value();
  const RandomStream stream{cohort.seed, patient, Stream::cohort};
  Draw result{variation.name, d.unit, 0.0};
  switch (d.kind) {
    case Kind::lognormal:
      result.value = d.a * math::exp(d.b * stream.normal(ordinal));
      break;
    case Kind::uniform:
      result.value = d.a + (d.b - d.a) * stream.uniform(ordinal);
      break;
    case Kind::loguniform:
      result.value = d.a * math::exp(math::log(d.b / d.a) * stream.uniform(ordinal));
      break;
    case Kind::normal:
      result.value = d.a + d.b * stream.normal(ordinal);
      break;
    case Kind::choice: {
      double left = stream.uniform(ordinal);
      std::size_t k = 0;
      while (k + 1 < d.values.size() && left >= d.probabilities[k]) left -= d.probabilities[k++];
      result.value = d.values[k];
      break;
    }
    case Kind::weighted: {
      double total = 0.0, below = 0.0;
      for (const double weight : d.probabilities) total += weight;
      const double u = stream.uniform(ordinal) * total;
      for (std::size_t k = 0; k < d.values.size(); ++k) {
        if (d.probabilities[k] == 0.0) continue;
        result.value = d.values[k];
        below += d.probabilities[k];
        if (u < below) break;
      }
      break;
    }
  }
  return result;
}

namespace {

std::string text_of(const Value& table, const char* key) {
  const Value* value = table.find(key);
  if (!value) return {};
  if (!value->is_text())
    throw malformed(value->where, std::string("'") + key + "' of a variation is a text", "write it in quotes");
  return value->text;
}

std::vector<std::string> keys_of(const Member& variation) {
  const Value* one = variation.value.find("key");
  const Value* many = variation.value.find("keys");
  if ((one == nullptr) == (many == nullptr))
    throw malformed(variation.value.where, "[cohort.vary." + variation.key + "] needs either 'key' or 'keys'",
                    "write key = \"network.NAME.parameters.PARAMETER\"");
  if (one) return {text_of(variation.value, "key")};
  std::vector<std::string> keys;
  for (const auto& item : many->items) {
    if (item.is_text()) keys.push_back(item.text);
  }
  if (!many->is_array() || keys.empty() || keys.size() != many->items.size())
    throw malformed(many->where, "'keys' of a variation is a list of key paths", "write keys = [\"…\", \"…\"]");
  return keys;
}

bool is_chosen(const std::string& layer) {
  return layer == command_line || layer.starts_with("arm ") || layer.starts_with("study ");
}

/// Whether an arm or the command line put something at the path, or on the way to it.
bool is_set_by_user(const Value& root, const std::string& path) {
  const Value* at = find_path(root, path).value;
  return at != &root && is_chosen(plain(*at).layer);
}

/// A variation per column that the user has not set; the tree keeps the lines of those.
void add_posterior(const Value& root, Value& lines, Cohort& cohort) {
  Posterior posterior = read_posterior(lines);
  std::erase_if(posterior.columns, [&](const Posterior::Column& c) {
    try {
      return is_set_by_user(root, c.key);
    } catch (Error& error) {  // the key path is malformed
      throw error.at(c.where);
    }
  });
  for (const auto& column : posterior.columns) {
    for (const auto& v : cohort.variations) {
      if (std::find(v.keys.begin(), v.keys.end(), column.key) != v.keys.end())
        throw malformed(column.where,
                        "'" + column.key + "' is drawn twice: from the posterior and by cohort.vary." + v.name,
                        "leave one of the two out");
    }
  }
  for (const auto& column : posterior.columns) {
    Variation v;
    v.name = column.key;
    v.keys = {column.key};
    v.distribution.kind = Distribution::Kind::weighted;
    v.distribution.values = column.values;
    v.distribution.probabilities = posterior.weights;
    v.distribution.unit = column.unit;
    v.text = std::to_string(column.values.size()) + " draws of a posterior";
    v.source = "calibration";
    v.grade = "calibrated";
    v.where = column.where;
    v.common = "posterior";
    cohort.variations.push_back(std::move(v));
  }
  lines = posterior_lines(posterior, lines.where);
}

/// [cohort.vary] without the keys that the user sets.
void settle_variations(const Value& root, Value& vary, Cohort& cohort) {
  for (auto& member : vary.members) {
    if (!member.value.is_table())
      throw malformed(member.value.where, "'cohort.vary." + member.key + "' is a table",
                      "write [cohort.vary." + member.key + "], key and distribution");
    Variation v;
    v.name = member.key;
    const Value* distribution = member.value.find("distribution");
    if (!distribution)
      throw malformed(
          member.value.where, "[cohort.vary." + member.key + "] needs 'distribution'",
          "write distribution = \"uniform(1 h, 2 h)\"; senoma explain cohort.vary.NAME.distribution lists the forms");
    v.distribution = parse_distribution(*distribution, text_of(member.value, "unit"));
    v.text = distribution->text;
    v.where = distribution->where;
    v.source = text_of(member.value, "source");
    v.grade = text_of(member.value, "grade");
    for (auto& key : keys_of(member)) {
      if (!is_set_by_user(root, key)) v.keys.push_back(std::move(key));
    }
    Value kept;
    kept.kind = Value::Kind::array;
    kept.where = member.value.where;
    for (const auto& key : v.keys) {
      Value item;
      item.kind = Value::Kind::text;
      item.text = key;
      item.where = member.value.where;
      kept.items.push_back(std::move(item));
    }
    member.value.erase("key");
    member.value.add("keys").value = std::move(kept);
    if (!v.keys.empty()) cohort.variations.push_back(std::move(v));
  }
  std::erase_if(vary.members, [](const Member& m) { return m.value.find("keys")->items.empty(); });
}

}  // namespace

Cohort settle_cohort(Value& root) {
  Cohort cohort;
  Value* table = root.find("cohort");
  if (!table || !table->is_table()) return cohort;  // of the wrong kind: validate() says so
  if (const Value* seed = table->find("seed")) {
    const Value& number = plain(*seed);
    if (number.kind != Value::Kind::integer || number.integer < 0)
      throw malformed(number.where, "the seed of a cohort is a whole number from 0", "write seed = 1");
    cohort.seed = static_cast<std::uint64_t>(number.integer);
  }
  Value* vary = table->find("vary");
  if (vary && !vary->is_table()) return cohort;
  if (vary) settle_variations(root, *vary, cohort);
  Value* posterior = table->find("posterior");
  if (posterior) add_posterior(root, *posterior, cohort);
  if (!vary && !posterior) return cohort;
  if (cohort.variations.empty()) {
    root.erase("cohort");
    return cohort;
  }
  // What is left without a key to draw.
  const bool all_set = posterior && cohort.variations.back().common.empty();
  if (vary && vary->members.empty()) table->erase("vary");
  if (all_set) table->erase("posterior");
  return cohort;
}

std::vector<Draw> apply_patient(Value& root, const Cohort& cohort, std::uint64_t patient) {
  std::vector<Draw> draws;
  for (const auto& v : cohort.variations) {
    draws.push_back(draw(cohort, v, patient));
    Value value;
    value.kind = Value::Kind::real;
    value.real = draws.back().value;
    if (!v.distribution.unit.empty()) {
      value.kind = Value::Kind::text;
      value.text = draws.back().text();
    }
    value.where = v.where;
    if (!v.source.empty() || !v.grade.empty()) {
      Value annotated;
      annotated.kind = Value::Kind::table;
      annotated.where = v.where;
      annotated.add("value").value = value;
      for (const auto& [key, text] :
           {std::pair{"source", v.source + " (patient drawn from " + v.text + ")"}, std::pair{"grade", v.grade}}) {
        if (text.empty()) continue;
        Value note;
        note.kind = Value::Kind::text;
        note.text = text;
        note.where = v.where;
        annotated.add(key).value = note;
      }
      value = annotated;
    }
    set_layer(value, "cohort");
    for (const auto& key : v.keys) assign(root, key, v.where, value);
  }
  root.erase("cohort");
  return draws;
}

}  // namespace senoma::model
