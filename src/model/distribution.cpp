// Distributions written as text, "lognormal(0.3 1/h, 0.4)" (cohort.h).
#include <charconv>
#include <cmath>
#include <optional>

#include "base/units.h"
#include "model/cohort.h"

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

}  // namespace senoma::model
