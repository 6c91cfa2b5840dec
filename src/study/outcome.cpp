#include "study/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/summary_table.h"

namespace senoma::study {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double day = 1440.0;
constexpr double regression_bound = 90.0;  // % of start

}  // namespace

Roles roles_of(const model::ExperimentSpec& spec) {
  Roles roles;
  for (const auto& [role, name] : spec.readouts) {
    if (role == "tumour_readout" || role == "burden_readout")
      roles.burden = name;
    else if (role == "viable_readout")
      roles.viable = name;
    else if (role == "senescent_readout")
      roles.senescent = name;
    else if (role == "invaded_readout")
      roles.invaded = name;
    else if (role == "peak_readout")
      roles.peak = name;
    else if (role == "escapee_readout" || role == "escapees_readout")
      roles.escapee = name;
    else if (role == "never_arrested_readout")
      roles.never_arrested = name;
    else
      roles.others.push_back(name);
  }
  return roles;
}

double MemberOutcome::restricted_relapse() const { return relapsed ? relapse_day : followed; }

std::size_t ArmOutcome::n_regressed() const {
  return static_cast<std::size_t>(
      std::count_if(members.begin(), members.end(), [](const MemberOutcome& m) { return m.regressed; }));
}
std::size_t ArmOutcome::n_relapsed() const {
  return static_cast<std::size_t>(
      std::count_if(members.begin(), members.end(), [](const MemberOutcome& m) { return m.relapsed; }));
}
std::size_t ArmOutcome::n_cleared() const {
  return static_cast<std::size_t>(
      std::count_if(members.begin(), members.end(), [](const MemberOutcome& m) { return m.cleared; }));
}
std::vector<double> ArmOutcome::values(double MemberOutcome::*value) const {
  std::vector<double> list;
  for (const auto& m : members) list.push_back(m.*value);
  return list;
}
std::vector<double> ArmOutcome::finals(const std::string& readout) const {
  std::vector<double> list;
  for (const auto& m : members) {
    const auto found = m.finals.find(readout);
    list.push_back(found == m.finals.end() ? nan : found->second);
  }
  return list;
}
std::vector<double> ArmOutcome::restricted_relapses() const {
  std::vector<double> list;
  for (const auto& m : members) list.push_back(m.restricted_relapse());
  return list;
}

namespace {

/// The first time from row `from` on at which y reaches `level` from below, linear between rows; NaN if never.
double crossing(const std::vector<double>& t, const std::vector<double>& y, double level, std::size_t from) {
  for (std::size_t k = from + 1; k < y.size(); ++k) {
    if (y[k] >= level && y[k - 1] < level) return t[k - 1] + (t[k] - t[k - 1]) * (level - y[k - 1]) / (y[k] - y[k - 1]);
  }
  return nan;
}

double mean_over_time(const std::vector<double>& t, const std::vector<double>& y) {
  if (t.size() < 2) return y.empty() ? nan : y[0];
  double area = 0.0;
  for (std::size_t k = 1; k < t.size(); ++k) area += 0.5 * (y[k] + y[k - 1]) * (t[k] - t[k - 1]);
  return area / (t.back() - t.front());
}

/// A share in percent: of a fraction, of a percentage, or of a count among viable cells. NaN when it cannot be told.
std::vector<double> shares(const TimeTable& table, const std::string& name, const Roles& roles) {
  const auto found = table.find(name);
  if (!found) return {};
  std::vector<double> result = table.values[*found];
  const std::string& unit = table.units[*found];
  const bool counts = unit != "%" && (unit != "1" || std::any_of(result.begin(), result.end(),
                                                                 [](double v) { return v > 1.0 + 1e-9; }));
  const auto viable = table.column(roles.viable);
  for (std::size_t k = 0; k < result.size(); ++k) {
    if (unit == "%" || std::isnan(result[k])) continue;
    if (!counts)
      result[k] *= 100.0;
    else
      result[k] = k < viable.size() && viable[k] > 0.0 ? 100.0 * result[k] / viable[k] : viable.empty() ? nan : 0.0;
  }
  return result;
}

double at(const std::vector<double>& values, std::size_t row) { return row < values.size() ? values[row] : nan; }

std::size_t row_at(const std::vector<double>& times, double time) {
  std::size_t best = 0;
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (std::abs(times[k] - time) < std::abs(times[best] - time)) best = k;
  }
  return best;
}

void burden_outcome(const TimeTable& summary, const std::vector<double>& b, MemberOutcome& m) {
  const auto& t = summary.times;
  m.start = b[0];
  const double percent = b[0] > 0.0 ? 100.0 / b[0] : nan;
  std::size_t nadir = b.size() > 1 ? 1 : 0;
  for (std::size_t k = nadir; k < b.size(); ++k) {
    if (b[k] < b[nadir]) nadir = k;
  }
  m.nadir = b[nadir] * percent;
  m.nadir_day = t[nadir] / day;
  m.regressed = m.nadir < regression_bound;
  m.cleared = b.back() <= 0.0;
  m.end_burden = b.back() * percent;
  m.mean_burden = mean_over_time(t, b) * percent;
  const double back = crossing(t, b, b[0], nadir);
  m.relapsed = m.regressed && std::isfinite(back);
  m.relapse_day = m.relapsed ? back / day : nan;
  m.doubling_day = crossing(t, b, 2.0 * b[0], 0) / day;
}

}  // namespace

MemberOutcome member_outcome(const TimeTable& summary, const Roles& roles, std::uint64_t seed) {
  MemberOutcome m;
  m.seed = seed;
  for (double MemberOutcome::*value :
       {&MemberOutcome::relapse_day, &MemberOutcome::doubling_day, &MemberOutcome::senescent_at_nadir,
        &MemberOutcome::senescent_start, &MemberOutcome::senescent_peak, &MemberOutcome::senescent_peak_day,
        &MemberOutcome::peak_level, &MemberOutcome::invaded, &MemberOutcome::escapees,
        &MemberOutcome::never_arrested}) {
    m.*value = nan;
  }
  if (summary.times.empty()) return m;
  m.followed = summary.times.back() / day;
  for (std::size_t c = 0; c < summary.names.size(); ++c) m.finals[summary.names[c]] = summary.values[c].back();
  const auto burden = summary.column(roles.burden);
  if (!burden.empty()) burden_outcome(summary, burden, m);
  const std::size_t last = summary.times.size() - 1;
  const auto senescent = shares(summary, roles.senescent, roles);
  m.senescent_at_nadir = at(senescent, row_at(summary.times, m.nadir_day * day));
  m.senescent_start = at(senescent, 0);
  for (std::size_t k = 0; k < senescent.size(); ++k) {
    if (std::isnan(m.senescent_peak) || senescent[k] > m.senescent_peak)
      m.senescent_peak = senescent[k], m.senescent_peak_day = summary.times[k] / day;
  }
  const auto peak = summary.column(roles.peak);
  if (!peak.empty()) m.peak_level = *std::max_element(peak.begin(), peak.end());
  m.invaded = at(shares(summary, roles.invaded, roles), last);
  const std::size_t relapse = m.relapsed ? row_at(summary.times, m.relapse_day * day) : last;
  m.escapees = at(shares(summary, roles.escapee, roles), relapse);
  m.never_arrested = at(shares(summary, roles.never_arrested, roles), relapse);
  return m;
}

OutcomeTable outcomes(const ExperimentResult& result) {
  OutcomeTable table;
  if (result.arms.empty()) return table;
  const auto& first = result.arms[0].model;
  table.roles = roles_of(first.experiment);
  table.reference = result.reference();
  table.has_burden = !table.roles.burden.empty();
  for (const auto& readout : first.description.readouts) {
    if (readout.name == table.roles.peak) table.peak_unit = readout.unit;
    const auto& o = table.roles;
    const bool asked = first.experiment.readouts.empty() || readout.name == o.senescent || readout.name == o.invaded ||
                       readout.name == o.peak ||
                       std::find(o.others.begin(), o.others.end(), readout.name) != o.others.end();
    if (asked) table.readouts.emplace_back(readout.name, readout.unit);
  }
  for (std::size_t a = 0; a < result.arms.size(); ++a) {
    ArmOutcome arm;
    arm.name = result.arms[a].arm.name.empty() ? "the model" : result.arms[a].arm.name;
    arm.label = result.arms[a].arm.label.empty() ? arm.name : result.arms[a].arm.label;
    arm.colour = result.arms[a].arm.colour;
    for (const auto& member : result.members[a]) {
      if (!member.good() || member.summary.times.empty()) continue;
      arm.members.push_back(member_outcome(member.summary, table.roles, member.seed));
      table.followed = std::max(table.followed, arm.members.back().followed);
    }
    table.arms.push_back(std::move(arm));
  }
  return table;
}

bool Difference::clear() const {
  const double none = is_ratio ? 1.0 : 0.0;
  return enough() && (interval.low > none || interval.high < none);
}

namespace {

/// Values of both arms for the seeds both finished, NaN left out.
template <class Get>
std::pair<std::vector<double>, std::vector<double>> paired(const ArmOutcome& a, const ArmOutcome& b, Get&& get) {
  std::pair<std::vector<double>, std::vector<double>> lists;
  for (const auto& x : a.members) {
    for (const auto& y : b.members) {
      if (x.seed != y.seed) continue;
      const double u = get(x), v = get(y);
      if (std::isnan(u) || std::isnan(v)) continue;
      lists.first.push_back(u);
      lists.second.push_back(v);
    }
  }
  return lists;
}

}  // namespace

std::vector<Difference> differences(const OutcomeTable& table) {
  std::vector<Difference> list;
  if (!table.reference) return list;
  const ArmOutcome& reference = table.arms[*table.reference];
  for (std::size_t a = 0; a < table.arms.size(); ++a) {
    if (a == *table.reference) continue;
    const ArmOutcome& arm = table.arms[a];
    const auto add = [&](const std::string& measure, const std::string& unit, bool more_is_better, auto&& get) {
      const auto [x, y] = paired(arm, reference, get);
      if (x.size() >= 2) list.push_back({a, measure, unit, paired_difference(x, y), more_is_better, false});
    };
    if (table.has_burden) {
      if (arm.regresses() && reference.regresses())
        add("time to relapse", "d", true, [](const MemberOutcome& m) { return m.restricted_relapse(); });
      add("nadir", "% of start", false, [](const MemberOutcome& m) { return m.nadir; });
      add("mean burden", "% of start", false, [](const MemberOutcome& m) { return m.mean_burden; });
      add("senescent at nadir", "%", false, [](const MemberOutcome& m) { return m.senescent_at_nadir; });
      if (!table.roles.peak.empty())
        add("peak " + table.roles.peak, table.peak_unit, false, [](const MemberOutcome& m) { return m.peak_level; });
      add("invaded at the end", "%", false, [](const MemberOutcome& m) { return m.invaded; });
    } else {
      for (const auto& row : table.readouts) {
        const std::string& readout = row.first;
        const auto [x, y] = paired(arm, reference, [&](const MemberOutcome& m) {
          const auto found = m.finals.find(readout);
          return found == m.finals.end() ? nan : found->second;
        });
        const Interval ratio = paired_ratio(x, y);
        if (ratio.n >= 2) list.push_back({a, readout, "×", ratio, false, true});
      }
    }
  }
  return list;
}

std::string arms_csv(const OutcomeTable& table) {
  std::string out = "arm,seed";
  std::vector<std::pair<std::string, double MemberOutcome::*>> columns;
  if (table.has_burden) {
    columns = {{"nadir[%]", &MemberOutcome::nadir},
               {"nadir_day[d]", &MemberOutcome::nadir_day},
               {"time_to_relapse[d]", &MemberOutcome::relapse_day},
               {"doubling_day[d]", &MemberOutcome::doubling_day},
               {"mean_burden[%]", &MemberOutcome::mean_burden},
               {"end_burden[%]", &MemberOutcome::end_burden},
               {"senescent_at_nadir[%]", &MemberOutcome::senescent_at_nadir},
               {"senescent_peak[%]", &MemberOutcome::senescent_peak},
               {"senescent_peak_day[d]", &MemberOutcome::senescent_peak_day},
               {"invaded[%]", &MemberOutcome::invaded},
               {"escapees[%]", &MemberOutcome::escapees},
               {"never_arrested[%]", &MemberOutcome::never_arrested}};
    if (!table.roles.peak.empty())
      columns.push_back({"peak_" + table.roles.peak + "[" + table.peak_unit + "]", &MemberOutcome::peak_level});
  }
  columns.emplace_back("followed[d]", &MemberOutcome::followed);
  for (const auto& [name, value] : columns) out += "," + name;
  std::vector<std::string> finals;
  for (const auto& arm : table.arms) {
    for (const auto& m : arm.members) {
      if (finals.empty()) {
        for (const auto& [name, value] : m.finals) finals.push_back(name);
      }
    }
  }
  const auto quoted = [](const std::string& text) {
    std::string q = "\"";
    for (const char c : text) q += c == '"' ? std::string("\"\"") : std::string(1, c);
    return q + "\"";
  };
  for (const auto& name : finals) out += "," + quoted("end " + name);
  out += "\n";
  for (const auto& arm : table.arms) {
    for (const auto& m : arm.members) {
      out += quoted(arm.name) + fmt::format(",{}", m.seed);
      for (const auto& [name, value] : columns) out += "," + results::format_number(m.*value);
      for (const auto& name : finals)
        out += "," + results::format_number(m.finals.contains(name) ? m.finals.at(name) : nan);
      out += "\n";
    }
  }
  return out;
}

}  // namespace senoma::study
