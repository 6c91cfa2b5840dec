#include "study/finding_table.h"

#include "model/scalar.h"

namespace senoma::study {

using model::Value;

Error malformed(const SourcePosition& where, const std::string& what, const std::string& help) {
  return Error("E8101", what).at(where).help(help);
}

Error unknown_in_finding(const std::string& what, const std::string& name, const std::vector<std::string>& names,
                         const SourcePosition& where) {
  Error error("E8102", "there is no " + what + " '" + name + "'");
  error.at(where);
  if (const auto near = nearest_name(name, names); !near.empty()) error.help("did you mean '" + near + "'?");
  std::string list;
  for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
  return error.help(list.empty() ? "the experiment has none" : "the experiment has: " + list);
}

Quantity quantity_of(const Value& value, const std::string& what) {
  if (value.is_number()) return {value.real, {}};
  if (!value.is_text())
    throw malformed(value.where, what + " is a number or a text with a unit", "write \"2 d\" or 1.5");
  try {
    return parse_quantity(value.text);
  } catch (const Error& error) {
    throw model::relocate(error, value);
  }
}

double time_of(const Value& value, const std::string& what) {
  const Quantity q = quantity_of(value, what);
  if (q.dimension != dim::time)
    throw Error("E8103", what + " is a time, not " + describe(q.dimension)).at(value.where).help("write \"96 h\"");
  return q.value;
}

double in_dimension(const Value& value, const Dimension& expected, const std::string& what) {
  const Quantity q = quantity_of(value, what);
  if (q.dimension == expected || (value.is_number() && value.real == 0.0)) return q.value;
  throw Error("E8103", fmt::format("{} has the wrong dimension", what))
      .at(value.where)
      .label(fmt::format("{}; the value is {}", describe(q.dimension), describe(expected)))
      .help(expected.dimensionless() ? "write a bare number or a percentage"
                                     : "write it with a unit: \"1 " + internal_unit(expected) + "\"");
}

}  // namespace senoma::study
