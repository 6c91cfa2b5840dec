#include "study/answer.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "results/files.h"
#include "study/report.h"

namespace senoma::study {

using json = nlohmann::ordered_json;

Answer answer(const ExperimentResult& result) {
  Answer a;
  a.outcome = outcomes(result);
  a.table = outcome_table(a.outcome);
  a.words = outcome_words(a.outcome);
  return a;
}

namespace {

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json member_json(const OutcomeTable& table, const MemberOutcome& m) {
  json row = {{"seed", m.seed}, {"followed_d", m.followed}};
  if (table.has_burden) {
    row["nadir_percent"] = number(m.nadir);
    row["nadir_day"] = number(m.nadir_day);
    row["regressed"] = m.regressed;
    row["relapsed"] = m.relapsed;
    row["cleared"] = m.cleared;
    row["time_to_relapse_d"] = number(m.relapse_day);
    row["mean_burden_percent"] = number(m.mean_burden);
    row["end_burden_percent"] = number(m.end_burden);
    row["senescent_at_nadir_percent"] = number(m.senescent_at_nadir);
    row["senescent_peak_percent"] = number(m.senescent_peak);
    row["senescent_peak_day"] = number(m.senescent_peak_day);
    row["peak"] = number(m.peak_level);
    row["invaded_percent"] = number(m.invaded);
    row["escapees_percent"] = number(m.escapees);
    row["never_arrested_percent"] = number(m.never_arrested);
  }
  json finals = json::object();
  for (const auto& [name, value] : m.finals) finals[name] = number(value);
  row["end"] = finals;
  return row;
}

}  // namespace

std::string answer_json(const ExperimentResult& result, const Answer& a) {
  json root = {{"folder", result.out.string()},
               {"title", result.title},
               {"question", result.question},
               {"model_hash", result.hash},
               {"stopped", result.stopped},
               {"wall_seconds", result.wall_seconds},
               {"words", a.words}};
  json arms = json::array();
  for (std::size_t k = 0; k < a.outcome.arms.size(); ++k) {
    json members = json::array();
    for (const auto& m : a.outcome.arms[k].members) members.push_back(member_json(a.outcome, m));
    json hashes = json::array();
    for (const auto& m : result.members[k])
      hashes.push_back({{"seed", m.seed},
                        {"status", results::name(m.status)},
                        {"state", m.state_hash},
                        {"summary", m.summary_hash}});
    arms.push_back(
        {{"name", a.outcome.arms[k].name}, {"label", a.outcome.arms[k].label}, {"runs", members}, {"hashes", hashes}});
  }
  root["arms"] = arms;
  json list = json::array();
  for (const auto& d : differences(a.outcome)) {
    list.push_back({{"arm", a.outcome.arms[d.arm].name},
                    {"measure", d.measure},
                    {"unit", d.unit},
                    {"estimate", number(d.interval.centre)},
                    {"low", number(d.interval.low)},
                    {"high", number(d.interval.high)},
                    {"level", 0.9},
                    {"clear", d.clear()}});
  }
  root["differences"] = list;
  return root.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

void write_answer(const ExperimentResult& result) {
  const Answer a = answer(result);
  if (!result.single) results::replace_file(result.out / "arms.csv", arms_csv(a.outcome), false);
  write_reports(result, a);
}

}  // namespace senoma::study
