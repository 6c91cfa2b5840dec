// Sentences and tables from outcomes. Every branch says only what its numbers show; tests/unit/study/outcome_test.cpp
// holds each branch to synthetic outcomes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "study/outcome.h"

namespace senoma::study {

std::string short_number(double value) {
  if (std::isnan(value)) return "–";
  if (value == 0.0) return "0";
  const double size = std::abs(value);
  if (size >= 1e5 || size < 1e-3) return fmt::format("{:.2e}", value);
  const int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
  return fmt::format("{:.{}f}", value, decimals);
}

namespace {

/// Whole percent from 10 on, one decimal below.
std::string percent(double value) {
  if (std::isnan(value)) return "–";
  return value == 0.0 ? "0 %" : fmt::format("{:.{}f} %", value, value < 9.95 ? 1 : 0);
}

std::string days(double value) { return fmt::format("{:.{}f}", value, std::abs(value) < 9.95 ? 1 : 0); }

std::vector<double> known(std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  return values;
}

double known_median(const ArmOutcome& arm, double MemberOutcome::*value) {
  const auto list = known(arm.values(value));
  return list.empty() ? std::nan("") : median(list);
}

std::string runs(std::size_t k, std::size_t n) {
  if (n == 1) return k == 1 ? "in the one run" : "in no run";
  if (k == n) return n == 2 ? "in both runs" : fmt::format("in all {} runs", n);
  if (k == 0) return fmt::format("in none of {} runs", n);
  return fmt::format("in {} of {} runs", k, n);
}

/// "day 41 (median; 90 % interval 38–45)", or without the interval for one run.
std::string when(const Interval& i, double followed) {
  const auto text = [&](double d) {
    return d >= followed - 1e-9 ? fmt::format("after day {}", days(followed)) : days(d);
  };
  if (i.n < 2 || i.high - i.low < 0.05) return "day " + days(i.centre);
  return fmt::format("day {} (median; 90 % interval {} to {})", days(i.centre), days(i.low), text(i.high));
}

std::string relapse_sentence(const ArmOutcome& arm, double followed) {
  const std::size_t n = arm.members.size(), k = arm.n_relapsed();
  if (k == n)
    return fmt::format("It came back to its starting size {}, on {}.", runs(k, n),
                       when(bootstrap_median(arm.restricted_relapses()), followed));
  if (k == 0) {
    if (arm.n_cleared() == n)
      return fmt::format("No tumour was left at the end {}: within the {} days followed, the tumour was cured.",
                         runs(n, n), days(followed));
    std::string text =
        fmt::format("It did not come back to its starting size within the {} days followed.", days(followed));
    if (arm.n_cleared() > 0)
      text += fmt::format(" No tumour was left {}.", runs(arm.n_cleared(), n));
    else
      text += fmt::format(" At the end it had {} of its starting size (median), so a later relapse is not excluded.",
                          percent(known_median(arm, &MemberOutcome::end_burden)));
    return text;
  }
  std::string text =
      fmt::format("It came back to its starting size {} within the {} days followed", runs(k, n), days(followed));
  std::vector<double> times = known(arm.values(&MemberOutcome::relapse_day));
  text += fmt::format(", in those on day {} (median).", days(median(times)));
  if (arm.n_cleared() > 0) text += fmt::format(" No tumour was left at the end {}.", runs(arm.n_cleared(), n));
  return text;
}

std::string regression_sentence(const ArmOutcome& arm) {
  const std::size_t n = arm.members.size(), k = arm.n_regressed();
  if (!arm.regresses()) {
    std::string text = fmt::format("In arm “{}” there was no regression", arm.label);
    if (k > 0) text += fmt::format(" in most runs (the tumour shrank below 90 % of its start only {})", runs(k, n));
    text += fmt::format("; the burden was {} of its start at the end (median)",
                        percent(known_median(arm, &MemberOutcome::end_burden)));
    const auto doubled = known(arm.values(&MemberOutcome::doubling_day));
    if (doubled.size() == n) text += fmt::format(", doubled by day {}", days(median(doubled)));
    return text + ".";
  }
  std::string text = fmt::format("In arm “{}” the tumour shrank to {} of its starting size (median nadir, day {})",
                                 arm.label, percent(known_median(arm, &MemberOutcome::nadir)),
                                 days(known_median(arm, &MemberOutcome::nadir_day)));
  if (k < n) text += fmt::format("; it shrank below 90 % of its start {}", runs(k, n));
  return text + ".";
}

std::string senescence_sentence(const ArmOutcome& arm) {
  const double at_nadir = known_median(arm, &MemberOutcome::senescent_at_nadir),
               peak = known_median(arm, &MemberOutcome::senescent_peak);
  if (std::isnan(at_nadir)) return {};
  return fmt::format("The senescent share of the tumour was {} at the nadir and peaked at {} on day {}.",
                     percent(at_nadir), percent(peak), days(known_median(arm, &MemberOutcome::senescent_peak_day)));
}

/// Which cells the relapsed tumour descends from, as far as the readouts tell.
std::string descent_sentence(const ArmOutcome& arm) {
  if (arm.n_relapsed() == 0) return {};
  std::vector<double> escaped, never;
  for (const auto& m : arm.members) {
    if (!m.relapsed) continue;
    if (!std::isnan(m.escapees)) escaped.push_back(m.escapees);
    if (!std::isnan(m.never_arrested)) never.push_back(m.never_arrested);
  }
  if (escaped.empty() && never.empty())
    return "The readouts do not tell which cells the relapsed tumour descends from.";
  const auto mean = [](const std::vector<double>& v) { return bootstrap_mean(v).centre; };
  if (never.empty() || escaped.empty()) {
    const bool escapees_known = !escaped.empty();
    return fmt::format(
        "Of the relapsed tumour's cells, {} {}.", percent(mean(escapees_known ? escaped : never)),
        escapees_known ? "descend from cells that escaped senescence" : "descend from survivors that never arrested");
  }
  const double e = mean(escaped), s = mean(never);
  std::string text = fmt::format(
      "Of the relapsed tumour's cells, {} descend from survivors that never arrested and {} from cells that escaped senescence (means)",
      percent(s), percent(e));
  if (s >= 2.0 * e && s >= 50.0) return text + ": treatment failed mainly because some cells never arrested.";
  if (e >= 2.0 * s && e >= 50.0) return text + ": treatment failed mainly because senescent cells escaped.";
  if (e + s < 50.0) return text + "; most of it is neither, such as cells still arrested or senescent.";
  return text + ": both made treatment fail.";
}

std::string signed_number(double value) {
  return (value > 0 ? "+" : value < 0 ? "−" : "") + short_number(std::abs(value));
}

std::string interval_text(const Interval& i) {
  return fmt::format("90 % interval {} to {}", signed_number(i.low), signed_number(i.high));
}

const Difference* find(const std::vector<Difference>& list, std::size_t arm, const std::string& measure) {
  for (const auto& d : list) {
    if (d.arm == arm && d.measure == measure) return &d;
  }
  return nullptr;
}

/// One arm against the reference, judged by the time to relapse, or by the mean burden where one of them never
/// regressed.
std::string comparison(const OutcomeTable& table, const std::vector<Difference>& all, std::size_t a) {
  const ArmOutcome& arm = table.arms[a];
  const ArmOutcome& reference = table.arms[*table.reference];
  std::string text = regression_sentence(arm);
  if (arm.regresses()) text += " " + relapse_sentence(arm, table.followed);
  const Difference* time = find(all, a, "time to relapse");
  const Difference* burden = find(all, a, "mean burden");
  const Difference* nadir = find(all, a, "nadir");
  const std::string than = fmt::format("“{}”", reference.label);
  if (!time && !burden)
    return text + fmt::format(" With fewer than two seeds in common, no difference to {} can be given.", than);
  if (time && arm.n_relapsed() == 0 && reference.n_relapsed() == 0) {
    text += fmt::format(" Neither it nor {} relapsed, so their times to relapse cannot be compared", than);
    if (burden) {
      text += burden->clear() ? fmt::format("; its mean burden was {} ({} points of % of start, {})",
                                            burden->better() ? "lower" : "higher",
                                            signed_number(burden->interval.centre), interval_text(burden->interval))
                              : fmt::format("; there is no clear difference in mean burden ({} points, {})",
                                            signed_number(burden->interval.centre), interval_text(burden->interval));
    }
    return text + ".";
  }
  const Difference& judged = time ? *time : *burden;
  if (!judged.enough()) {
    return text + fmt::format(" Against {}: {} {} {} on average; {} seeds are too few for a verdict.", than,
                              judged.measure, signed_number(judged.interval.centre),
                              time ? "d" : "points of % of start", judged.interval.n);
  }
  if (time) {
    const double centre = time->interval.centre;
    if (time->clear() && std::abs(centre) < 1.0) {
      text += fmt::format(" It hardly differs from {} in time to relapse: less than a day ({} d, {}).", than,
                          signed_number(centre), interval_text(time->interval));
    } else if (time->better()) {
      text += fmt::format(
          " It did better than {}: relapse came {} d later on average ({}{}).", than, short_number(centre),
          interval_text(time->interval),
          arm.n_relapsed() < arm.members.size() ? "; a lower bound, as runs without relapse count until the end" : "");
    } else if (time->clear()) {
      text += fmt::format(" It did worse than {}: relapse came {} d earlier on average ({}).", than,
                          short_number(-centre), interval_text(time->interval));
    } else {
      text += fmt::format(" There is no clear difference to {} in time to relapse ({} d, {}).", than,
                          signed_number(centre), interval_text(time->interval));
    }
    if (nadir && nadir->clear() && std::abs(nadir->interval.centre) >= 1.0) {
      text += fmt::format(" Its nadir was {} ({} points of % of start, {}).", nadir->better() ? "deeper" : "less deep",
                          signed_number(nadir->interval.centre), interval_text(nadir->interval));
    }
    return text;
  }
  if (burden->clear()) {
    return text + fmt::format(" It did {} than {}: mean burden over the time followed {} points of % of start ({}).",
                              burden->better() ? "better" : "worse", than, signed_number(burden->interval.centre),
                              interval_text(burden->interval));
  }
  return text + fmt::format(" There is no clear difference to {} in mean burden ({} points of % of start, {}).", than,
                            signed_number(burden->interval.centre), interval_text(burden->interval));
}

std::vector<std::string> burden_words(const OutcomeTable& table) {
  std::vector<std::string> words;
  const std::size_t first = table.reference.value_or(0);
  const auto add_account = [&](const ArmOutcome& arm) {
    if (arm.members.empty()) {
      words.push_back(fmt::format("No run of arm “{}” finished.", arm.label));
      return;
    }
    std::string text = regression_sentence(arm);
    if (arm.regresses()) text += " " + relapse_sentence(arm, table.followed);
    for (const auto& more : {senescence_sentence(arm), arm.regresses() ? descent_sentence(arm) : std::string()}) {
      if (!more.empty()) text += " " + more;
    }
    words.push_back(std::move(text));
  };
  add_account(table.arms[first]);
  const auto all = differences(table);
  for (std::size_t a = 0; a < table.arms.size(); ++a) {
    if (a == first) continue;
    if (!table.reference || table.arms[a].members.empty() || table.arms[first].members.empty())
      add_account(table.arms[a]);
    else
      words.push_back(comparison(table, all, a));
  }
  return words;
}

/// Ratios to the reference for experiments without a burden.
std::vector<std::string> ratio_words(const OutcomeTable& table) {
  std::vector<std::string> words;
  if (!table.reference) return words;
  const ArmOutcome& reference = table.arms[*table.reference];
  const auto all = differences(table);
  for (const auto& [readout, unit] : table.readouts) {
    std::string text;
    std::size_t few = 0;               // seeds, when they are too few
    const Difference* gain = nullptr;  // the first arm that clearly exceeds the reference
    const double base = bootstrap_mean(known(reference.finals(readout))).centre;
    for (std::size_t a = 0; a < table.arms.size(); ++a) {
      const Difference* d = find(all, a, readout);
      if (!d) continue;
      const std::string head = text.empty() ? fmt::format("{}, against “{}”: ", readout, reference.label) : "; ";
      text += fmt::format("{}“{}” {} × (90 % interval {}–{}){}", head, table.arms[a].label,
                          short_number(d->interval.centre), short_number(d->interval.low),
                          short_number(d->interval.high), d->clear() || !d->enough() ? "" : ", no clear difference");
      few = !d->enough() ? d->interval.n : few;
      if (!gain && d->clear() && d->interval.centre > 1.0) {
        gain = d;
      } else if (gain) {
        const double top = bootstrap_mean(known(table.arms[gain->arm].finals(readout))).centre,
                     mine = bootstrap_mean(known(table.arms[a].finals(readout))).centre;
        text += fmt::format("; that is {} of the gain of “{}”",
                            percent(std::max(0.0, 100.0 * (mine - base) / (top - base))), table.arms[gain->arm].label);
      }
    }
    if (!text.empty())
      words.push_back(text + (few ? fmt::format(". With {} seeds, too few for a verdict.", few) : "."));
  }
  if (words.empty())
    words.emplace_back("With fewer than two seeds in common, no difference between arms can be given.");
  return words;
}

std::string cell(const Interval& i, double scale = 1.0) {
  if (i.n == 0) return "–";
  if (i.n < 2 || i.high <= i.low) return short_number(i.centre * scale);
  return short_number(i.centre * scale) + "|" + short_number(i.low * scale) + "–" + short_number(i.high * scale);
}

std::string relapse_cell(const ArmOutcome& arm, double followed) {
  if (!arm.regresses()) return "no regression";
  if (arm.n_relapsed() == 0) return arm.n_cleared() == arm.members.size() ? "none, cleared" : "> " + days(followed);
  const Interval i = bootstrap_median(arm.restricted_relapses());
  const auto text = [&](double d) { return d >= followed - 1e-9 ? "> " + days(followed) : short_number(d); };
  return i.n < 2 ? text(i.centre) : text(i.centre) + "|" + short_number(i.low) + "–" + text(i.high);
}

}  // namespace

std::vector<std::string> outcome_words(const OutcomeTable& table) {
  if (table.arms.empty()) return {};
  return table.has_burden ? burden_words(table) : ratio_words(table);
}

TextTable outcome_table(const OutcomeTable& table) {
  TextTable t;
  t.columns = {{"arm", ""}};
  if (!table.has_burden) t.columns.push_back({"runs", ""});  // else "relapsed k of n" says it
  using Column = std::pair<std::pair<std::string, std::string>, double MemberOutcome::*>;
  std::vector<Column> before, after;
  if (table.has_burden) {
    before = {{{"nadir", "% of start"}, &MemberOutcome::nadir}, {{"nadir on day", "d"}, &MemberOutcome::nadir_day}};
    after = {{{"burden at end", "% of start"}, &MemberOutcome::end_burden}};
    if (!table.roles.senescent.empty())
      before.push_back({{"senescent at nadir", "%"}, &MemberOutcome::senescent_at_nadir});
    if (!table.roles.peak.empty())
      before.push_back({{"peak " + table.roles.peak, table.peak_unit}, &MemberOutcome::peak_level});
    if (!table.roles.invaded.empty()) before.push_back({{"invaded at end", "%"}, &MemberOutcome::invaded});
    if (!table.roles.never_arrested.empty())
      after.push_back({{"from never arrested", "%"}, &MemberOutcome::never_arrested});
    if (!table.roles.escapee.empty()) after.push_back({{"from escapees", "%"}, &MemberOutcome::escapees});
  }
  for (const auto& [name, value] : before) t.columns.push_back(name);
  if (table.has_burden) t.columns.insert(t.columns.end(), {{"relapsed", ""}, {"time to relapse", "d"}});
  for (const auto& [name, value] : after) t.columns.push_back(name);
  if (!table.has_burden) {
    for (const auto& readout : table.readouts)
      t.columns.push_back({readout.first, readout.second == "1" ? "" : readout.second});
  }
  for (const auto& arm : table.arms) {
    std::vector<std::string> row{arm.label};
    if (!table.has_burden) row.push_back(std::to_string(arm.members.size()));
    for (const auto& [name, value] : before) row.push_back(cell(bootstrap_mean(known(arm.values(value)))));
    if (table.has_burden) {
      row.push_back(arm.members.empty() ? "–" : fmt::format("{} of {}", arm.n_relapsed(), arm.members.size()));
      row.push_back(arm.members.empty() ? "–" : relapse_cell(arm, table.followed));
    }
    for (const auto& [name, value] : after) row.push_back(cell(bootstrap_mean(known(arm.values(value)))));
    if (!table.has_burden) {
      for (const auto& readout : table.readouts) row.push_back(cell(bootstrap_mean(known(arm.finals(readout.first)))));
    }
    t.rows.push_back(std::move(row));
  }
  const bool several =
      std::any_of(table.arms.begin(), table.arms.end(), [](const ArmOutcome& a) { return a.members.size() > 1; });
  if (several)
    t.notes.push_back(
        std::string("Means over seeds with 90 % bootstrap intervals") +
        (table.has_burden ? "; time to relapse: median, runs without relapse counted until the end." : "."));
  return t;
}

}  // namespace senoma::study
