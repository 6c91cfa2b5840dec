#include "model/cohort.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/hash.h"
#include "base/math.h"
#include "base/philox.h"
#include "base/units.h"
#include "model/document.h"
#include "model/posterior.h"

namespace senoma::model {

namespace {

constexpr const char* forms =
    "write lognormal(median, sigma), uniform(a, b), loguniform(a, b), normal(mean, sd) or choice(a, b; p, q)";

Error malformed(const SourcePosition& where, const std::string& what, const std::string& help) {
  return Error("E1217", what).at(where).help(help);
}

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(" \t"));
  text.erase(text.find_last_not_of(" \t") + 1);
  return text;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t to = text.find(at); to != std::string::npos; to = text.find(at, from)) {
    parts.push_back(trimmed(text.substr(from, to - from)));
    from = to + 1;
  }
  parts.push_back(trimmed(text.substr(from)));
  return parts;
}

struct Argument {
  double number = 0;
  std::string unit;
};

/// Reads the arguments of one distribution; complaints point at its text.
class Arguments {
 public:
  Arguments(const Value& text, std::string unit) : text_(text), unit_(std::move(unit)) {}

  [[nodiscard]] Error refuse(const std::string& what, const std::string& help = forms) const {
    return malformed(text_.where, "the distribution \"" + text_.text + "\" " + what, help);
  }

  [[nodiscard]] Argument parse(const std::string& part) const {
    Argument argument;
    const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), argument.number);
    if (status != std::errc{} || !std::isfinite(argument.number))
      throw refuse("has the argument '" + part + "', which is no number");
    argument.unit = trimmed(std::string(end, part.data() + part.size()));
    return argument;
  }

  /// The number in the distribution's unit, which the first argument with a unit decides.
  double with_unit(const std::string& part) {
    const Argument argument = parse(part);
    if (argument.unit.empty() || argument.unit == unit_) return argument.number;
    try {
      const Quantity own = parse_unit(argument.unit);
      if (unit_.empty() && !decided_) {
        unit_ = argument.unit;
        decided_ = true;
        return argument.number;
      }
      const Quantity common = parse_unit(unit_.empty() ? "1" : unit_);
      return argument.number * convert_to(own, common.dimension) / common.value;
    } catch (const Error& error) {
      throw refuse("mixes units: " + error.message(), "give all values of the distribution in one unit");
    }
  }

  double bare(const std::string& part) const {
    const Argument argument = parse(part);
    if (!argument.unit.empty())
      throw refuse("has a unit where there is none: '" + part + "'",
                   "sigma is the standard deviation of ln, a bare number");
    return argument.number;
  }

  [[nodiscard]] const std::string& unit() const { return unit_; }

 private:
  const Value& text_;
  std::string unit_;
  bool decided_ = false;
};

void read_choice(Arguments& arguments, const std::string& inside, Distribution& d) {
  const auto halves = split(inside, ';');
  if (halves.size() > 2) throw arguments.refuse("has more than one ';'");
  for (const auto& part : split(halves[0], ',')) d.values.push_back(arguments.with_unit(part));
  if (halves.size() == 1) {
    d.probabilities.assign(d.values.size(), 1.0 / static_cast<double>(d.values.size()));
    return;
  }
  double sum = 0.0;
  for (const auto& part : split(halves[1], ',')) {
    d.probabilities.push_back(arguments.bare(part));
    if (d.probabilities.back() < 0)
      throw arguments.refuse("has a negative probability", "give probabilities from 0 to 1");
    sum += d.probabilities.back();
  }
  if (d.probabilities.size() != d.values.size())
    throw arguments.refuse("has " + std::to_string(d.values.size()) + " values and " +
                               std::to_string(d.probabilities.size()) + " probabilities",
                           "give one probability per value: choice(a, b; p, q)");
  if (std::abs(sum - 1.0) > 1e-6)
    throw arguments.refuse("has probabilities that do not sum to 1",
                           "make them sum to 1, or leave them out: all alike");
}

std::optional<Distribution::Kind> kind_of(const std::string& name) {
  using Kind = Distribution::Kind;
  for (const auto& [text, kind] : {std::pair{"lognormal", Kind::lognormal}, std::pair{"uniform", Kind::uniform},
                                   std::pair{"loguniform", Kind::loguniform}, std::pair{"normal", Kind::normal},
                                   std::pair{"choice", Kind::choice}}) {
    if (name == text) return kind;
  }
  return std::nullopt;
}

}  // namespace

Distribution parse_distribution(const Value& value, const std::string& unit) {
  using Kind = Distribution::Kind;
  if (!value.is_text())
    throw malformed(value.where, std::string("a distribution is a text, not ") + describe(value.kind), forms);
  Arguments arguments(value, unit);
  const std::string text = trimmed(value.text);
  const auto open = text.find('(');
  if (open == std::string::npos || text.back() != ')') throw arguments.refuse("is malformed");
  const std::string name = trimmed(text.substr(0, open)), inside = text.substr(open + 1, text.size() - open - 2);
  const auto kind = kind_of(name);
  if (!kind) throw arguments.refuse("has no known name");
  Distribution d;
  d.kind = *kind;
  if (d.kind == Kind::choice) {
    read_choice(arguments, inside, d);
  } else {
    const auto parts = split(inside, ',');
    if (parts.size() != 2) throw arguments.refuse("needs two arguments");
    d.a = arguments.with_unit(parts[0]);
    d.b = d.kind == Kind::lognormal ? arguments.bare(parts[1]) : arguments.with_unit(parts[1]);
    const bool interval = d.kind == Kind::uniform || d.kind == Kind::loguniform;
    if (interval && d.b <= d.a) throw arguments.refuse("has an empty interval", "give the lower end first");
    if (!interval && d.b <= 0)
      throw arguments.refuse("has a width that is not positive", "for no variation leave the key out of [cohort.vary]");
    if ((d.kind == Kind::lognormal || d.kind == Kind::loguniform) && d.a <= 0)
      throw arguments.refuse("needs positive numbers", "use uniform or normal for values that may be 0 or less");
  }
  d.unit = arguments.unit();
  return d;
}

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
      throw malformed(member.value.where, "[cohort.vary." + member.key + "] needs 'distribution'", forms);
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
