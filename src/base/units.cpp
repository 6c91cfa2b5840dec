#include "base/units.h"

#include <charconv>
#include <cmath>
#include <numbers>
#include <vector>

namespace senoma {

Dimension Dimension::of(Base base, int n) {
  Dimension d;
  d.exponent[base] = static_cast<signed char>(n);
  return d;
}
Dimension Dimension::operator*(const Dimension& other) const {
  Dimension d;
  for (int i = 0; i < count; ++i) d.exponent[i] = static_cast<signed char>(exponent[i] + other.exponent[i]);
  return d;
}
Dimension Dimension::operator/(const Dimension& other) const { return *this * other.power(-1); }
Dimension Dimension::power(int n) const {
  Dimension d;
  for (int i = 0; i < count; ++i) d.exponent[i] = static_cast<signed char>(exponent[i] * n);
  return d;
}

namespace {

struct UnitRow {
  const char* name;
  double factor;
  Dimension::Base base;
  int power;
  bool prefixable;  // SI prefixes allowed
};

constexpr double avogadro = 6.02214076e23;

const std::vector<UnitRow>& unit_rows() {
  using D = Dimension;
  static const std::vector<UnitRow> rows = {
      {"m", 1e6, D::length, 1, true},
      {"s", 1.0 / 60.0, D::time, 1, true},
      {"sec", 1.0 / 60.0, D::time, 1, false},
      {"min", 1.0, D::time, 1, false},
      {"h", 60.0, D::time, 1, false},
      {"hour", 60.0, D::time, 1, false},
      {"d", 1440.0, D::time, 1, false},
      {"day", 1440.0, D::time, 1, false},
      {"days", 1440.0, D::time, 1, false},
      {"week", 10080.0, D::time, 1, false},
      {"molecules", 1.0, D::amount, 1, false},
      {"molecule", 1.0, D::amount, 1, false},
      {"mol", avogadro, D::amount, 1, true},
      {"M", 1e9, D::concentration, 1, true},
      {"g", 1e12, D::mass, 1, true},
      {"L", 1e15, D::length, 3, true},
      {"l", 1e15, D::length, 3, true},
      {"mmHg", 1.0, D::pressure, 1, false},
      {"Pa", 1.0 / 133.322387415, D::pressure, 1, true},
      {"N", 1e9, D::force, 1, true},
      {"Gy", 1.0, D::radiation, 1, true},
      {"K", 1.0, D::temperature, 1, false},
      {"Da", 1e12 / avogadro, D::mass, 1, true},
  };
  return rows;
}

struct Prefix {
  std::string_view text;
  double factor;
};
constexpr Prefix prefixes[] = {{"", 1.0},        {"f", 1e-15},     {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6},
                               {"\u00b5", 1e-6}, {"\u03bc", 1e-6}, {"m", 1e-3},  {"c", 1e-2}, {"d", 1e-1},
                               {"k", 1e3},       {"M", 1e6},       {"G", 1e9}};

bool find_unit(std::string_view name, Quantity& out) {
  if (name == "%") {
    out = {0.01, dim::none};
    return true;
  }
  if (name == "1" || name == "cell" || name == "cells" || name == "copies") {
    out = {1.0, dim::none};
    return true;
  }
  if (name == "rad") {
    out = {1.0, dim::none};
    return true;
  }
  for (const auto& row : unit_rows()) {  // exact names first, so that "min" is never milli-inch and "d" is a day
    if (name == row.name) {
      out = {row.factor, Dimension::of(row.base, row.power)};
      return true;
    }
  }
  for (const auto& prefix : prefixes) {
    if (prefix.text.empty() || !name.starts_with(prefix.text)) continue;
    const std::string_view rest = name.substr(prefix.text.size());
    for (const auto& row : unit_rows()) {
      if (row.prefixable && rest == row.name) {
        out = {prefix.factor * row.factor, Dimension::of(row.base, row.power)};
        return true;
      }
    }
  }
  return false;
}

[[noreturn]] void unknown_unit(std::string_view name, std::size_t at) {
  std::vector<std::string> names = {"um", "mm", "cm", "nM", "uM",  "mM",   "pM",   "mg",   "ug",
                                    "ng", "pg", "mL", "uL", "kDa", "mmol", "nmol", "pmol", "%"};
  for (const auto& row : unit_rows()) names.emplace_back(row.name);
  Error error("E1001", "unknown unit '" + std::string(name) + "'");
  error.at({"", 1, static_cast<int>(at) + 1, static_cast<int>(name.size())});
  if (const auto near = nearest_name(std::string(name), names); !near.empty())
    error.help("did you mean '" + near + "'?");
  error.help(
      "units are products and quotients of um, mm, m, s, min, h, d, nM, uM, molecules, mol, pg, mg, L, mmHg, Gy, %");
  throw error;
}

class UnitParser {
 public:
  explicit UnitParser(std::string_view text) : text_(text) {}

  Quantity parse() {
    Quantity result{1.0, dim::none};
    skip_space();
    bool divide = false;
    if (peek() == '/') {
      divide = true;
      ++at_;
    }
    while (true) {
      Quantity factor = parse_factor();
      result.value = divide ? result.value / factor.value : result.value * factor.value;
      result.dimension = divide ? result.dimension / factor.dimension : result.dimension * factor.dimension;
      skip_space();
      if (at_ >= text_.size()) return result;
      if (peek() == '/') {
        divide = true;
        ++at_;
      } else if (peek() == '*' || text_.substr(at_).starts_with("\u00b7")) {
        divide = false;
        at_ += peek() == '*' ? 1 : 2;
      } else {
        divide = false;  // juxtaposition: "mg m^-2"
      }
    }
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  [[noreturn]] void malformed(const std::string& what) const {
    throw Error("E1002", "malformed unit '" + std::string(text_) + "': " + what)
        .at({"", 1, static_cast<int>(at_) + 1, 1})
        .help("write units like \"um^2/min\", \"mg/m^2\" or \"1/h\"");
  }
  static bool name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%' || static_cast<unsigned char>(c) >= 0x80;
  }
  Quantity parse_factor() {
    skip_space();
    const std::size_t start = at_;
    if (peek() == '1' && !(at_ + 1 < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_ + 1])))) {
      ++at_;
    } else {
      while (at_ < text_.size() && name_char(text_[at_]) && !text_.substr(at_).starts_with("\u00b7") &&
             !text_.substr(at_).starts_with("\u00b2") && !text_.substr(at_).starts_with("\u00b3")) {
        ++at_;
      }
    }
    if (at_ == start) malformed(at_ < text_.size() ? "a unit name was expected here" : "it ends too early");
    Quantity unit;
    const auto name = text_.substr(start, at_ - start);
    if (!find_unit(name, unit)) unknown_unit(name, start);
    int power = 1;
    if (peek() == '^') {
      ++at_;
      const bool negative = peek() == '-';
      if (negative) ++at_;
      if (peek() < '0' || peek() > '9') malformed("a whole exponent was expected after '^'");
      power = peek() - '0';
      ++at_;
      if (peek() >= '0' && peek() <= '9') malformed("exponents have one digit");
      if (negative) power = -power;
    } else if (text_.substr(at_).starts_with("\u00b2") || text_.substr(at_).starts_with("\u00b3")) {
      power = text_.substr(at_).starts_with("\u00b2") ? 2 : 3;
      at_ += 2;
    }
    return {std::pow(unit.value, power), unit.dimension.power(power)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Quantity parse_unit(std::string_view text) { return UnitParser(text).parse(); }

Quantity parse_quantity(std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size() && (text[begin] == ' ' || text[begin] == '\t')) ++begin;
  std::size_t number_begin = begin;
  if (number_begin < text.size() && text[number_begin] == '+') ++number_begin;
  double number = 0.0;
  const auto [end, status] = std::from_chars(text.data() + number_begin, text.data() + text.size(), number);
  if (status != std::errc{}) {
    throw Error("E1003", "'" + std::string(text) + "' does not start with a number")
        .at({"", 1, static_cast<int>(begin) + 1, static_cast<int>(text.size() - begin)})
        .help("write a number and a unit, like \"1500 um^2/min\"");
  }
  if (!std::isfinite(number)) {
    throw Error("E1003", "'" + std::string(text) + "' is not a finite number")
        .at({"", 1, static_cast<int>(begin) + 1, static_cast<int>(text.size() - begin)})
        .help("give a finite value");
  }
  std::size_t unit_begin = static_cast<std::size_t>(end - text.data());
  while (unit_begin < text.size() && (text[unit_begin] == ' ' || text[unit_begin] == '\t')) ++unit_begin;
  if (unit_begin == text.size()) return {number, dim::none};
  try {
    Quantity unit = parse_unit(text.substr(unit_begin));
    return {number * unit.value, unit.dimension};
  } catch (Error& error) {
    if (error.position()) {
      auto position = *error.position();
      position.column += static_cast<int>(unit_begin);
      error.at(position);
    }
    throw;
  }
}

double convert_to(const Quantity& q, const Dimension& expected) {
  if (q.dimension == expected) return q.value;
  // amount/length³ (mol/L) stands for a concentration wherever one is expected, also inside a product such as 1/(nM
  // min)
  const int n = expected.exponent[Dimension::concentration] - q.dimension.exponent[Dimension::concentration];
  const Dimension amount_per_volume = dim::amount / dim::volume;
  if (n != 0 && q.dimension * amount_per_volume.power(-n) * dim::concentration.power(n) == expected) {
    return q.value * std::pow(molecules_per_um3_per_nM, -n);
  }
  throw Error("E1203",
              "value has the wrong dimension: it is " + describe(q.dimension) + ", expected " + describe(expected))
      .label(describe(q.dimension) + "; expected " + describe(expected))
      .help(expected.dimensionless() ? "give a bare number"
                                     : "give a value in a unit such as " + internal_unit(expected));
}

namespace {

std::string words(const Dimension& dimension, const std::array<const char*, Dimension::count>& names,
                  bool superscript) {
  std::string up, down;
  for (int i = 0; i < Dimension::count; ++i) {
    const int n = dimension.exponent[i];
    if (n == 0) continue;
    std::string& part = n > 0 ? up : down;
    const int m = n > 0 ? n : -n;
    if (n < 0) {
      part += "/";
    } else if (!part.empty()) {
      part += superscript ? "\u00b7" : "*";
    }
    part += names[static_cast<std::size_t>(i)];
    if (m > 1 && m < 4 && superscript) {
      part += m == 2 ? "\u00b2" : "\u00b3";
    } else if (m > 1) {
      part += '^';
      part += std::to_string(m);
    }
  }
  if (up.empty() && !down.empty()) up = '1';
  return up + down;
}

}  // namespace

std::string describe(const Dimension& dimension) {
  if (dimension.dimensionless()) return "dimensionless";
  return words(
      dimension,
      {"length", "time", "amount", "concentration", "mass", "pressure", "force", "radiation dose", "temperature"},
      true);
}

std::string internal_unit(const Dimension& dimension) {
  if (dimension.dimensionless()) return "1";
  return words(dimension, {"um", "min", "molecules", "nM", "pg", "mmHg", "nN", "Gy", "K"}, false);
}

double in_unit(double value, std::string_view unit) { return value / parse_unit(unit).value; }

}  // namespace senoma
