// [[cell.TYPE.arrival]]: cells that come from outside the model.
#include <algorithm>

#include "model/reading.h"

namespace senoma::model {

void read_arrivals(const Cursor& arrivals, engine::CellType& type) {
  using At = engine::Arrival::At;
  for (const auto& from : arrivals.items()) {
    engine::Arrival arrival;
    arrival.where = from.where();
    arrival.name = from["name"].text();
    if (std::any_of(type.arrivals.begin(), type.arrivals.end(),
                    [&](const auto& a) { return a.name == arrival.name; })) {
      throw Error("E1213", "cell type '" + type.name + "' has two arrivals '" + arrival.name + "'")
          .at(from["name"].where())
          .help("give each a name of its own");
    }
    arrival.rate = from["rate"].expression();
    const std::string at = from["at"].text();
    arrival.at = at == "vessels" ? At::vessels : at == "edge" ? At::edge : At::anywhere;
    arrival.state = from["state"].text_or("");
    if (!arrival.state.empty() && std::find(type.states.begin(), type.states.end(), arrival.state) == type.states.end())
      throw unknown_name("state of '" + type.name + "'", arrival.state, type.states, from["state"].where());
    if (from["maximum"].given()) arrival.maximum = static_cast<std::size_t>(from["maximum"].number());
    arrival.from = from["from"].number();
    arrival.until = from["until"].number_or(1e300);
    if (arrival.until <= arrival.from) {
      throw Error("E1213", "arrival '" + arrival.name + "' ends before it starts")
          .at(from["until"].where())
          .help("`from` and `until` are times since the start of the run");
    }
    type.arrivals.push_back(std::move(arrival));
  }
}

}  // namespace senoma::model
