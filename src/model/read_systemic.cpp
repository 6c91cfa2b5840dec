// [systemic]: which network is the body's, and what sets its inputs. Its names are checked where the network is read.
#include <algorithm>

#include "model/reading.h"

namespace senoma::model {

void read_systemic(Reading& reading) {
  const Cursor from = reading.root()["systemic"];
  if (!from.given()) return;
  auto& systemic = reading.description().systemic;
  systemic.where = from.key_where();
  if (!from["network"].given()) throw from["network"].missing("which [network.NAME] is that of the body");
  systemic.network = from["network"].text();
  std::vector<std::string> networks;
  for (const auto& [name, cursor] : reading.root()["network"].members()) networks.push_back(name);
  if (std::find(networks.begin(), networks.end(), systemic.network) == networks.end())
    throw unknown_name("network", systemic.network, networks, from["network"].where());
  for (const auto& [input, expression] : from["inputs"].members())
    systemic.inputs.emplace_back(input, expression.expression());
}

void check_systemic_levels(const Reading& reading) {
  const auto& model = reading.model.description;
  const auto network = std::find_if(model.networks.begin(), model.networks.end(),
                                    [&](const engine::Network& n) { return n.name == model.systemic.network; });
  const auto check = [&](const engine::SystemicLevel& level) {
    if (level.name.empty()) return;
    if (network == model.networks.end()) {
      throw Error("E1205", "the body's '" + level.name + "' is asked for, but the model has no systemic network")
          .at(level.where)
          .help("add [systemic] network = \"NAME\" and its [network.NAME]");
    }
    const auto names = network->system->names();
    if (std::find(names.begin(), names.end(), level.name) == names.end())
      throw unknown_name("quantity of the systemic network", level.name, names, level.where);
  };
  for (const auto& substrate : model.substrates) {
    check(substrate.vessel_systemic);
    for (const auto& level : substrate.face_systemic) check(level);
  }
}

}  // namespace senoma::model
