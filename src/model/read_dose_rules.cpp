// Doses that react: only_if, readout, stop_below, resume_above and checked_every of a row of a schedule.
#include <algorithm>

#include "model/reading.h"

namespace senoma::model {

namespace {

using Threshold = engine::DoseRule::Threshold;

/// "50 %" is a share of what the readout is at the first dose.
bool in_percent(const Cursor& from) {
  const Value& value = plain(*from.value());
  const auto end = value.is_text() ? value.text.find_last_not_of(" \t") : std::string::npos;
  return end != std::string::npos && value.text[end] == '%';
}

Threshold read_threshold(const Cursor& from) {
  const Threshold threshold{from.quantity(), in_percent(from), from.where()};
  if (threshold.relative && threshold.value.value < 0.0) {
    throw Error("E1204", "'" + from.path() + "' is a negative share")
        .at(from.where())
        .help("write a share of what the readout is at the first dose, like \"50 %\"");
  }
  return threshold;
}

void read_thresholds(const Cursor& row, engine::DoseRule& rule) {
  const Cursor stop = row["stop_below"], resume = row["resume_above"];
  if (!row["readout"].given()) {
    for (const Cursor& threshold : {stop, resume}) {
      if (threshold.given()) throw row["readout"].missing("a threshold needs the readout it is compared with");
    }
    return;
  }
  if (!stop.given())
    throw stop.missing("below which value of the readout doses pause: \"50 %\" of the first, or a value");
  rule.readout = row["readout"].text();
  rule.readout_where = row["readout"].where();
  rule.stop_below = read_threshold(stop);
  rule.resume_above = resume.given() ? read_threshold(resume) : rule.stop_below;
  if (rule.stop_below.relative != rule.resume_above.relative) {
    throw Error("E1213", "'" + stop.path() + "' and '" + resume.path() + "' are not of one kind")
        .at(resume.where())
        .help("write both in % of what the readout is at the first dose, or both as values of the readout");
  }
  if (!(rule.stop_below.value.dimension == rule.resume_above.value.dimension)) {
    throw Error("E1203", "'" + resume.path() + "' is " + describe(rule.resume_above.value.dimension) + ", '" +
                             stop.path() + "' is " + describe(rule.stop_below.value.dimension))
        .at(resume.where())
        .help("give both in the unit of the readout");
  }
  if (rule.resume_above.value.value < rule.stop_below.value.value) {
    throw Error("E1213", "doses go on above a value at which they still pause: resume_above is less than stop_below")
        .at(resume.where())
        .help("give resume_above the larger value, or leave it out: then it is stop_below");
  }
}

}  // namespace

std::optional<engine::DoseRule> read_dose_rule(const Reading& reading, const Cursor& row, const std::string& number) {
  engine::DoseRule rule;
  rule.row = row["name"].text_or(number);
  rule.where = row.where();
  rule.only_if = row["only_if"].maybe_expression();
  read_thresholds(row, rule);
  const bool reacts = rule.only_if || !rule.readout.empty();
  if (row["checked_every"].given() && !reacts)
    throw row["only_if"].missing("'checked_every' says how often a rule is looked at, and there is none");
  if (!reacts) return std::nullopt;
  if (!rule.readout.empty()) {
    std::vector<std::string> names;
    for (const auto& readout : reading.root()["readout"].items()) names.push_back(readout["name"].text());
    if (std::find(names.begin(), names.end(), rule.readout) == names.end())
      throw unknown_name("readout", rule.readout, names, rule.readout_where);
  }
  rule.checked_every = row["checked_every"].number_or(0.0);
  return rule;
}

}  // namespace senoma::model
