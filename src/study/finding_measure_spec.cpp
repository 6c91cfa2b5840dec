// [[finding.measure]] → Measure.
#include <algorithm>
#include <limits>

#include "model/scalar.h"
#include "study/finding_table.h"

namespace senoma::study {

namespace {

using model::plain;
using model::Value;

constexpr double forever = std::numeric_limits<double>::infinity();

constexpr std::pair<const char*, Statistic> statistics[] = {{"initial", Statistic::initial},
                                                            {"final", Statistic::final},
                                                            {"maximum", Statistic::maximum},
                                                            {"minimum", Statistic::minimum},
                                                            {"mean", Statistic::mean},
                                                            {"time of maximum", Statistic::time_of_maximum},
                                                            {"time of minimum", Statistic::time_of_minimum},
                                                            {"area", Statistic::area},
                                                            {"time to", Statistic::time_to},
                                                            {"slope", Statistic::slope},
                                                            {"rate of log2", Statistic::rate_of_log2},
                                                            {"number of peaks", Statistic::number_of_peaks},
                                                            {"time between peaks", Statistic::time_between_peaks},
                                                            {"height of peaks", Statistic::height_of_peaks}};

class MeasureReader {
 public:
  MeasureReader(const FindingTable& table, const ExperimentPlan& plan) : table_(table), plan_(plan) {}

  Measure read() {
    m_.name = table_.need("name", "measures are called by name in assertions").text;
    read_arms();
    read_readout();
    read_statistic();
    read_window();
    read_details();
    decide_dimension();
    return std::move(m_);
  }

 private:
  [[nodiscard]] std::size_t arm(const Value& name) const {
    std::vector<std::string> names;
    for (std::size_t a = 0; a < plan_.arms.size(); ++a) {
      if (plan_.arms[a].arm.name == name.text) return a;
      names.push_back(plan_.arms[a].arm.name);
    }
    throw unknown_in_finding("arm", name.text, names, name.where);
  }

  void read_arms() {
    const Value* doses = table_.find("doses");
    if (doses) {
      const Value& arms = table_.need("arms", "give one arm per dose");
      for (const auto& item : arms.items) m_.arms.push_back(arm(plain(item)));
      if (arms.items.size() != doses->items.size() || m_.arms.size() < 2)
        throw malformed(doses->where,
                        fmt::format("{} has {} arms and {} doses", table_.name(), m_.arms.size(), doses->items.size()),
                        "give one dose per arm, two at least");
      for (const auto& item : doses->items) {
        const Quantity q = quantity_of(plain(item), "a dose");
        if (m_.doses.empty() || m_.doses.back() == 0.0) dose_dimension_ = q.dimension;
        if (q.dimension != dose_dimension_ || (!m_.doses.empty() && q.value <= m_.doses.back()))
          throw malformed(plain(item).where, "doses ascend and have one unit", "the first is the control, \"0 uM\"");
        m_.doses.push_back(q.value);
        dose_unit_ = model::unit_of(plain(item));
      }
    } else if (const Value* name = table_.find("arm")) {
      m_.arms = {arm(*name)};
    } else if (plan_.arms.size() == 1) {
      m_.arms = {0};
    } else {
      static_cast<void>(table_.need("arm", "name the arm that is measured"));
    }
  }

  void read_readout() {
    const Value& name = table_.need("readout", "name a [[readout]] of the model");
    m_.readout = name.text;
    for (const std::size_t a : m_.arms) {
      const auto& readouts = plan_.arms[a].model.description.readouts;
      std::vector<std::string> names;
      for (const auto& r : readouts) names.push_back(r.name);
      const auto found = std::find(names.begin(), names.end(), m_.readout);
      if (found == names.end()) throw unknown_in_finding("readout", m_.readout, names, name.where);
      m_.unit = readouts[static_cast<std::size_t>(found - names.begin())].unit;
    }
    const Quantity unit = parse_unit(m_.unit);
    m_.scale = unit.value;
    m_.dimension = unit.dimension;
  }

  void read_statistic() {
    const Value* at = table_.find("at");
    const Value* statistic = table_.find("statistic");
    if ((at == nullptr) == (statistic == nullptr))
      throw malformed(table_.where(), table_.name() + " needs either 'at' or 'statistic'",
                      "write at = \"96 h\" or statistic = \"maximum\"");
    if (at) {
      m_.statistic = Statistic::at;
      m_.at = time_of(*at, "'at'");
      check_in_run(m_.at, *at);
      return;
    }
    std::vector<std::string> names;
    for (const auto& [text, value] : statistics) {
      if (statistic->text == text) {
        m_.statistic = value;
        return;
      }
      names.emplace_back(text);
    }
    throw unknown_in_finding("statistic", statistic->text, names, statistic->where);
  }

  void check_in_run(double time, const Value& where) const {
    for (const std::size_t a : m_.arms) {
      const double end = plan_.arms[a].model.description.duration;
      if (time < 0.0 || time > end + 1e-9)
        throw malformed(where.where,
                        fmt::format("{} looks beyond the run, which ends at {:g} h", table_.name(), end / 60.0),
                        "make the run longer ([time] duration) or look earlier");
    }
  }

  void read_window() {
    m_.to = forever;
    const Value* window = table_.find("window");
    if (!window) return;
    if (m_.statistic == Statistic::at)
      throw malformed(window->where, "'at' is one time and takes no window", "leave one of the two out");
    if (!window->is_array() || window->items.size() != 2)
      throw malformed(window->where, "a window is a list of two times", "write window = [\"0 d\", \"4 d\"]");
    m_.from = time_of(plain(window->items[0]), "a window's begin");
    m_.to = time_of(plain(window->items[1]), "a window's end");
    if (m_.to <= m_.from)
      throw malformed(window->where, "the window ends before it begins", "give the earlier time first");
    check_in_run(m_.to, *window);
  }

  void read_details() {
    const bool to = m_.statistic == Statistic::time_to;
    for (const char* key : {"factor", "level", "after"}) {
      if (const Value* given = table_.find(key); given && !to)
        throw malformed(given->where, fmt::format("'{}' belongs to statistic = \"time to\"", key), "leave it out");
    }
    if (to) {
      const Value* factor = table_.find("factor");
      const Value* level = table_.find("level");
      if ((factor == nullptr) == (level == nullptr))
        throw malformed(table_.where(), table_.name() + " needs either 'factor' or 'level'",
                        "write factor = 10 (times the start) or level = \"…\"");
      if (factor) m_.factor = table_.number("factor", 1.0);
      if (level) m_.level = in_dimension(*level, m_.dimension, "'level'");
      if (const Value* after = table_.find("after")) {
        m_.after_minimum = after->text == "minimum";
        m_.after_maximum = after->text == "maximum";
      }
    }
    m_.prominence = table_.number("prominence", 0.2);
    m_.fraction = table_.number("fraction", 0.5);
  }

  void decide_dimension() {
    const auto show = [&](const Dimension& dimension, const std::string& unit) {
      m_.dimension = dimension;
      m_.unit = unit.empty() ? internal_unit(dimension) : unit;
    };
    if (!m_.doses.empty()) return show(dose_dimension_, dose_unit_);
    switch (m_.statistic) {
      case Statistic::time_of_maximum:
      case Statistic::time_of_minimum:
      case Statistic::time_to:
      case Statistic::time_between_peaks:
        return show(dim::time, "h");
      case Statistic::area:
        return show(m_.dimension * dim::time, "");
      case Statistic::slope:
        return show(m_.dimension / dim::time, "");
      case Statistic::rate_of_log2:
        return show(dim::rate, "1/h");
      case Statistic::number_of_peaks:
        return show(dim::none, "1");
      default:
        return;
    }
  }

  const FindingTable& table_;
  const ExperimentPlan& plan_;
  Measure m_;
  Dimension dose_dimension_;
  std::string dose_unit_;
};

}  // namespace

Measure read_measure(const FindingTable& table, const ExperimentPlan& plan) {
  return MeasureReader(table, plan).read();
}

}  // namespace senoma::study
