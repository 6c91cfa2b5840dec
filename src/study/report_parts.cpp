#include "study/report_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "results/palette.h"

namespace senoma::study {

using namespace results;

namespace {

constexpr double day = 1440.0;

/// Values of one column over time, each row over the seeds that finished.
struct Band {
  std::vector<double> t, mid, low, high;  ///< time in the unit of the plots
};

const TimeTable& table_of(const MemberResult& m, TimeTable MemberResult::*which) { return m.*which; }

Band band(const std::vector<MemberResult>& members, TimeTable MemberResult::*which, const std::string& name,
          double minutes, bool percent_of_start, bool mean) {
  Band result;
  std::vector<std::vector<double>> columns;
  for (const auto& m : members) {
    if (!m.good()) continue;
    auto column = table_of(m, which).column(name);
    if (column.empty()) continue;
    if (percent_of_start && column[0] > 0.0) {
      const double scale = 100.0 / column[0];
      for (double& v : column) v *= scale;
    }
    if (result.t.empty()) {
      for (const double t : table_of(m, which).times) result.t.push_back(t / minutes);
    }
    columns.push_back(std::move(column));
  }
  for (const auto& c : columns) result.t.resize(std::min(result.t.size(), c.size()));
  for (std::size_t k = 0; k < result.t.size(); ++k) {
    std::vector<double> row;
    for (const auto& c : columns) row.push_back(c[k]);
    result.low.push_back(*std::min_element(row.begin(), row.end()));
    result.high.push_back(*std::max_element(row.begin(), row.end()));
    double sum = 0.0;
    for (const double v : row) sum += v;
    result.mid.push_back(mean ? sum / static_cast<double>(row.size()) : median(row));
  }
  return result;
}

struct Clock {
  double minutes = day;
  std::string unit = "d";
};

Clock clock_of(const ExperimentResult& result) {
  const double duration = result.arms[0].model.description.duration;
  return time_unit(duration) == "d" ? Clock{} : Clock{60.0, "h"};
}

PlotAxis time_axis(const Clock& clock) { return {"time", clock.unit, false, 0.0, {}}; }

std::vector<PlotEvent> events_of(const model::ResolvedModel& model, const Clock& clock) {
  std::vector<PlotEvent> events;
  for (const auto& mark : dose_marks(model)) events.push_back({mark.day * day / clock.minutes, mark.label});
  return events;
}

/// The arms whose own plots are shown: the reference first, at most five.
std::vector<std::size_t> shown_arms(const ExperimentResult& result, const OutcomeTable& table) {
  std::vector<std::size_t> order;
  if (table.reference) order.push_back(*table.reference);
  for (std::size_t a = 0; a < result.arms.size() && order.size() < 5; ++a) {
    if (a != table.reference) order.push_back(a);
  }
  return order;
}

/// "1", "8.5", "21.25": no digits that say nothing.
std::string day_text(double days) { return fmt::format("{:g}", std::round(100.0 * days) / 100.0); }

std::string arm_label(const ExperimentResult& result, std::size_t a) {
  return result.arms[a].arm.label.empty() ? result.title : result.arms[a].arm.label;
}

const MemberResult* first_good(const std::vector<MemberResult>& members) {
  for (const auto& m : members) {
    if (m.good() && !m.summary.times.empty()) return &m;
  }
  return nullptr;
}

LineChart readout_chart(const ExperimentResult& result, const std::string& name, const std::string& unit,
                        bool percent_of_start, const Clock& clock) {
  LineChart chart;
  chart.title = name;
  chart.x = time_axis(clock);
  chart.y = {name, percent_of_start ? "% of start" : unit == "1" ? "" : unit, false, 0.0, {}};
  for (std::size_t a = 0; a < result.arms.size(); ++a) {
    const Band b = band(result.members[a], &MemberResult::summary, name, clock.minutes, percent_of_start, false);
    const bool known = std::any_of(b.mid.begin(), b.mid.end(), [](double v) { return std::isfinite(v); });
    if (!known) continue;  // no rows, or a readout that looks at places of a well-mixed domain
    for (const double v : b.low) {
      if (v < 0.0) chart.y.minimum.reset();
    }
    PlotSeries series{arm_label(result, a), arm_colour(result, a), b.t, b.mid, {}, {}};
    if (result.seeds.size() > 1) {
      series.low = b.low;
      series.high = b.high;
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace

std::string arm_colour(const ExperimentResult& result, std::size_t arm) {
  const auto& own = result.arms[arm].arm.colour;
  return own.empty() ? series_colour(arm) : own;
}

std::vector<DoseMark> dose_marks(const model::ResolvedModel& model) {
  std::vector<DoseMark> marks;
  for (const auto& drug : model.description.drugs) {
    std::vector<double> times, possible;  // those that react may be given or not, in each replicate
    for (const auto& dose : drug.regimen->doses()) {
      if (dose.at > model.description.duration || (dose.route == pharm::Dose::Route::bath_washout)) continue;
      if (dose.concentration > 0.0) (dose.rule < 0 ? times : possible).push_back(dose.at / day);
    }
    if (!possible.empty()) {
      marks.push_back({possible.front(), drug.name + " by its rule from here"});
      marks.push_back({possible.back(), drug.name + " by its rule until here"});
    }
    if (times.size() > 6) {  // daily dosing: its beginning and end say enough
      marks.push_back({times.front(), drug.name + " from here"});
      marks.push_back({times.back(), drug.name + " until here"});
    } else {
      for (const double t : times) marks.push_back({t, drug.name});
    }
  }
  return marks;
}

std::vector<std::string> treatment_sentences(const model::ResolvedModel& model) {
  std::vector<std::string> sentences;
  const auto list = [](const std::vector<double>& times) {
    std::string text;
    for (std::size_t k = 0; k < times.size(); ++k)
      text += (k == 0 ? "" : k + 1 == times.size() ? " and " : ", ") + day_text(times[k]);
    return text;
  };
  for (const auto& drug : model.description.drugs) {
    std::vector<double> times;
    std::size_t reacting = 0;
    bool bath = false;
    for (const auto& dose : drug.regimen->doses()) {
      if (dose.concentration <= 0.0 || dose.at > model.description.duration) continue;
      times.push_back(dose.at / day);
      reacting += dose.rule >= 0;
      bath |= dose.route == pharm::Dose::Route::bath_set;
    }
    if (times.empty()) continue;
    std::string amount;  // as the file writes it
    if (const auto* drugs = model.resolved.root.find("drug")) {
      const auto* entry = drugs->find(drug.name);
      const auto* schedule = entry ? entry->find("schedule") : nullptr;
      for (std::size_t k = 0; schedule && k < schedule->items.size(); ++k) {
        for (const char* key : {"dose", "concentration"}) {
          if (const auto* value = schedule->items[k].find(key)) {
            const std::string text = model::plain(*value).text;
            if (!text.empty() && amount.find(text) == std::string::npos)
              amount += (amount.empty() ? " " : " / ") + text;
          }
        }
      }
    }
    if (times.size() > 6)
      sentences.push_back(fmt::format("{}{}, {} doses from day {} to day {}", drug.name, amount, times.size(),
                                      day_text(times.front()), day_text(times.back())));
    else
      sentences.push_back(fmt::format("{}{} {} day{} {}", drug.name, amount, bath ? "in the medium from" : "on",
                                      times.size() > 1 ? "s" : "", list(times)));
    if (reacting > 0)
      sentences.back() += fmt::format(", {} of them only where the rule of the schedule gives them", reacting);
  }
  for (const auto& i : model.description.interventions) {
    std::string text = i.factor == 0.0 ? fmt::format("{} knocked out", i.target)
                                       : fmt::format("{} reduced to {:.0f} %", i.target, 100.0 * i.factor);
    if (i.from > 0.0) text += fmt::format(" from day {}", day_text(i.from / day));
    if (i.until < 1e299) text += fmt::format(" until day {}", day_text(i.until / day));
    sentences.push_back(text);
  }
  return sentences;
}

results::ReportSection readout_section(const ExperimentResult& result, const OutcomeTable& table) {
  ReportSection section{table.has_burden ? "The tumour over time" : "Readouts over time", {}};
  const Clock clock = clock_of(result);
  const std::string seeds =
      result.seeds.size() > 1
          ? fmt::format("Lines are medians over {} seeds, bands reach from the lowest to the highest.",
                        result.seeds.size())
          : "";
  std::vector<LineChart> main, others;
  const Roles& r = table.roles;
  const auto central = [&](const std::string& name) {
    for (const auto* role : {&r.viable, &r.senescent, &r.invaded, &r.peak, &r.escapee, &r.never_arrested}) {
      if (*role == name) return true;
    }
    return !table.has_burden && std::any_of(table.readouts.begin(), table.readouts.end(),
                                            [&](const auto& readout) { return readout.first == name; });
  };
  for (const auto& readout : result.arms[0].model.description.readouts) {
    const bool burden = readout.name == r.burden;
    auto chart = readout_chart(result, readout.name, readout.unit, burden, clock);
    if (chart.series.empty()) continue;
    if (burden) {
      chart.title = "Tumour burden by arm";
      chart.caption =
          seeds + " Vertical lines mark the doses of “" + arm_label(result, table.reference.value_or(0)) + "”.";
      chart.events = events_of(result.arms[table.reference.value_or(0)].model, clock);
      section.blocks.emplace_back(std::move(chart));
    } else {
      (central(readout.name) ? main : others).push_back(std::move(chart));
    }
  }
  if (main.empty()) std::swap(main, others);
  if (!main.empty()) section.blocks.emplace_back(SmallMultiples{"Readouts", seeds, std::move(main), false});
  if (!others.empty()) {
    const std::string title = fmt::format("The other readouts ({})", others.size());
    section.blocks.emplace_back(Details{title, {SmallMultiples{"Further readouts", seeds, std::move(others), false}}});
  }
  return section;
}

results::ReportSection population_section(const ExperimentResult& result, const OutcomeTable& table) {
  ReportSection section{"Cells by state over time", {}};
  const Clock clock = clock_of(result);
  for (const auto a : shown_arms(result, table)) {
    const MemberResult* member = first_good(result.members[a]);
    if (!member) continue;
    StackedArea area;
    area.title = arm_label(result, a);
    area.caption = result.seeds.size() > 1 ? fmt::format("Mean over {} seeds.", result.seeds.size()) : "";
    area.x = time_axis(clock);
    area.y = {"number of cells", "", false, 0.0, {}};
    area.events = events_of(result.arms[a].model, clock);
    for (const auto& label : member->labels) {
      const Band b = band(result.members[a], &MemberResult::populations, label.name, clock.minutes, false, true);
      if (std::all_of(b.mid.begin(), b.mid.end(), [](double v) { return v == 0.0; })) continue;
      area.series.push_back({label.name, label.colour, b.t, b.mid, {}, {}});
    }
    if (!area.series.empty()) section.blocks.emplace_back(std::move(area));
  }
  return section;
}

results::ReportSection secretome_section(const ExperimentResult& result, const OutcomeTable& table) {
  ReportSection section{"What the cells secrete", {}};
  const Clock clock = clock_of(result);
  std::vector<std::string> factors;  // the same colours in all arms
  for (const auto& arm : result.members) {
    for (const auto& m : arm) {
      for (std::size_t c = 0; c < m.secretome.names.size(); ++c) {
        const auto& v = m.secretome.values[c];
        if (std::any_of(v.begin(), v.end(), [](double x) { return x > 0.0; }) &&
            std::find(factors.begin(), factors.end(), m.secretome.names[c]) == factors.end()) {
          factors.push_back(m.secretome.names[c]);
        }
      }
    }
  }
  if (factors.empty()) return section;
  std::vector<LineChart> rates;
  for (const auto a : shown_arms(result, table)) {
    if (!first_good(result.members[a])) continue;
    LineChart chart;
    chart.title = arm_label(result, a);
    chart.x = time_axis(clock);
    chart.y = {"secretion by all cells", "molecules/min", false, 0.0, {}};
    StackedArea share;
    share.title = "Composition: " + arm_label(result, a);
    share.x = time_axis(clock);
    share.y = {"share of secreted molecules", "%", false, {}, {}};
    share.as_fractions = true;
    share.events = events_of(result.arms[a].model, clock);
    for (std::size_t k = 0; k < factors.size(); ++k) {
      const Band b = band(result.members[a], &MemberResult::secretome, factors[k], clock.minutes, false, true);
      if (b.t.empty()) continue;
      chart.series.push_back({factors[k], series_colour(k), b.t, b.mid, {}, {}});
      share.series.push_back({factors[k], series_colour(k), b.t, b.mid, {}, {}});
    }
    const bool any = std::any_of(chart.series.begin(), chart.series.end(), [](const PlotSeries& s) {
      return std::any_of(s.y.begin(), s.y.end(), [](double v) { return v > 0.0; });
    });
    if (any && factors.size() > 1 && section.blocks.size() < 2) section.blocks.emplace_back(std::move(share));
    if (any) rates.push_back(std::move(chart));
  }
  if (!rates.empty())
    section.blocks.emplace_back(
        SmallMultiples{"Rates of secretion",
                       result.seeds.size() > 1 ? "Means over seeds, summed over all cells." : "Summed over all cells.",
                       std::move(rates), true});
  return section;
}

namespace {

/// What a snapshot shows: start, nadir, relapse or end.
std::string snapshot_caption(const Snapshot& shot, const OutcomeTable& table, const MemberResult& member,
                             const Clock& clock) {
  const std::string at = clock.unit == "d" ? fmt::format("day {}", day_text(shot.time / day))
                                           : fmt::format("{} h", day_text(shot.time / 60.0));
  if (shot.time <= 0.0) return "start, " + at;
  const MemberOutcome o = member_outcome(member.summary, table.roles, member.seed);
  if (table.has_burden && o.regressed) {
    double nearest_nadir = 1e300, nearest_relapse = 1e300;
    for (const auto& s : member.snapshots) {
      nearest_nadir = std::min(nearest_nadir, std::abs(s.time / day - o.nadir_day));
      if (o.relapsed) nearest_relapse = std::min(nearest_relapse, std::abs(s.time / day - o.relapse_day));
    }
    if (std::abs(shot.time / day - o.nadir_day) <= nearest_nadir) return "nadir, " + at;
    if (o.relapsed && std::abs(shot.time / day - o.relapse_day) <= nearest_relapse) return "relapse, " + at;
  }
  return (shot.time >= member.time - 1e-6 ? "end, " : "") + at;
}

std::optional<TissueMap> tissue_map(const ExperimentResult& result, const OutcomeTable& table, std::size_t a) {
  for (const auto& member : result.members[a]) {
    if (!member.good() || member.snapshots.empty()) continue;
    const auto& model = result.arms[a].model;
    const auto& g = model.description.domain.geometry;
    if (model.description.domain.well_mixed) return std::nullopt;
    TissueMap map;
    map.title = arm_label(result, a) + fmt::format(", seed {}", member.seed);
    map.x_min = g.origin[0], map.x_max = g.origin[0] + g.extent(0);
    map.y_min = g.origin[1], map.y_max = g.origin[1] + g.extent(1);
    for (const auto& label : member.labels) map.states.emplace_back(label.name, label.colour);
    std::string field;
    double top = 0.0;
    for (const auto& shot : member.snapshots) {
      for (const auto& f : shot.fields) {
        const bool preferred = f.name == table.roles.peak;
        const double high = *std::max_element(f.values.begin(), f.values.end());
        if (high > 0.0 && (preferred || field.empty())) field = f.name, top = std::max(top, high);
      }
    }
    map.caption = g.two_dimensional ? "" : "Cells cut by the middle plane.";
    for (const auto& shot : member.snapshots) {
      TissuePanel panel;
      panel.caption = snapshot_caption(shot, table, member, clock_of(result));
      panel.x = shot.x, panel.y = shot.y, panel.radius = shot.radius;
      panel.state = shot.label;
      for (const auto& f : shot.fields) {
        if (f.name != field) continue;
        map.field_name = f.name, map.field_unit = f.unit == "1" ? "" : f.unit;
        panel.field_nx = f.nx, panel.field_ny = f.ny;
        panel.field = f.values;
      }
      for (const auto& v : model.description.domain.vessels) panel.vessels.push_back({v.x, v.y, v.radius});
      map.panels.push_back(std::move(panel));
    }
    return map;
  }
  return std::nullopt;
}

}  // namespace

results::ReportSection tissue_section(const ExperimentResult& result, const OutcomeTable& table) {
  ReportSection section{"The tissue", {}};
  std::size_t shown = 0;
  for (const auto a : shown_arms(result, table)) {
    if (shown == 2) break;
    if (auto map = tissue_map(result, table, a)) {
      section.blocks.emplace_back(std::move(*map));
      ++shown;
    }
  }
  return section;
}

}  // namespace senoma::study
