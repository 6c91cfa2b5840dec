// [substrates.NAME], and what the readers know about names and dimensions of signals and behaviours.
#include <algorithm>
#include <set>

#include "expr/parse.h"
#include "model/reading.h"

namespace senoma::model {

const engine::Substrate* Reading::substrate(const std::string& name) const {
  for (const auto& s : model.description.substrates) {
    if (s.name == name) return &s;
  }
  return nullptr;
}

std::vector<std::string> Reading::substrate_names() const {
  std::vector<std::string> names;
  for (const auto& s : model.description.substrates) names.push_back(s.name);
  return names;
}

std::vector<std::string> Reading::cell_type_names() const {
  std::vector<std::string> names;
  for (const auto& [name, cursor] : root()["cell"].members()) names.push_back(name);
  return names;
}

namespace {

/// "* secretion" for LIGAND → "LIGAND secretion".
std::string with_name(const std::string& pattern, const std::string& name) {
  const auto star = pattern.find('*');
  return star == std::string::npos ? pattern : pattern.substr(0, star) + name + pattern.substr(star + 1);
}

std::set<std::string> attacked_types(const Reading& reading, const std::string& mechanism) {
  std::set<std::string> names;
  for (const auto& [type, cell] : reading.root()["cell"].members()) {
    for (const auto& [target, table] : cell[mechanism].members()) names.insert(target);
  }
  return names;
}

template <class Each>
void for_each_behaviour(const Reading& reading, const Each& each) {
  for (const auto& mechanism : reading.mechanisms) {
    for (const auto& p : mechanism.declaration.parameters) {
      if (p.behaviour.empty()) continue;
      if (p.name != "*") {
        each(p.behaviour, p.dimension);
        continue;
      }
      if (p.each == engine::ParameterDeclaration::Each::target_type) {
        for (const auto& target : attacked_types(reading, mechanism.declaration.name))
          each(with_name(p.behaviour, target), p.dimension);
        continue;
      }
      for (const auto& s : reading.model.description.substrates)
        each(with_name(p.behaviour, s.name), for_substrate(p.dimension, s));
    }
  }
}

}  // namespace

std::vector<std::string> Reading::behaviour_phrases() const {
  std::vector<std::string> phrases;
  for_each_behaviour(*this, [&](const std::string& phrase, const Dimension&) { phrases.push_back(phrase); });
  return phrases;
}

bool Reading::is_behaviour(const std::string& phrase) const {
  const auto phrases = behaviour_phrases();
  return std::find(phrases.begin(), phrases.end(), phrase) != phrases.end();
}

Dimension Reading::behaviour_dimension(const std::string& phrase, const SourcePosition& where) const {
  std::optional<Dimension> found;
  for_each_behaviour(*this, [&](const std::string& known, const Dimension& dimension) {
    if (known == phrase && !found) found = dimension;
  });
  if (!found) throw unknown_name("behaviour", phrase, behaviour_phrases(), where);
  return *found;
}

std::optional<Dimension> Reading::signal_dimension(const std::string& phrase) const {
  const std::string name = expr::normalise_name(phrase);
  for (const auto& s : model.description.substrates) {
    if (name == s.name || name == s.name + ".concentration" || name == s.name + ".free" || name == s.name + ".total")
      return s.dimension;
    if (name == s.name + ".gradient") return s.dimension / dim::length;
    if (name == s.name + ".occupancy") return dim::none;
  }
  if (const auto p = model.description.parameter_dimensions.find(name);
      p != model.description.parameter_dimensions.end())
    return p->second;
  for (const auto& s : model.description.substrates) {
    if (name == s.name + ".mean" || name == s.name + ".maximum") return s.dimension;
    if (name == s.name + ".content") return s.dimension * dim::volume;
  }
  for (const auto& [drug, cursor] : root()["drug"].members()) {
    if (name == drug + ".concentration" || name == drug + ".mean") return dim::concentration;
    if (name == drug + ".dose_rate") return dim::dose_rate;
    if (name == drug + ".dose") return dim::radiation;
    if (name == drug + ".exposure") return dim::concentration * dim::time;
  }
  static const std::map<std::string, Dimension> known = {
      {"time", dim::time},     {"age", dim::time},          {"state.age", dim::time},  {"phase.elapsed", dim::time},
      {"volume", dim::volume}, {"radius", dim::length},     {"x", dim::length},        {"y", dim::length},
      {"z", dim::length},      {"pressure", dim::none},     {"generation", dim::none}, {"neighbours", dim::none},
      {"dying", dim::none},    {"cycle.s_phase", dim::none}};
  if (const auto k = known.find(name); k != known.end()) return k->second;
  if (name.starts_with("neighbours.") || name.starts_with("state.") || name.starts_with("origin.") ||
      name.starts_with("count."))
    return dim::none;
  return std::nullopt;
}

namespace {

engine::SystemicLevel read_level(const Cursor& from) {
  return {from["systemic"].text(), from["partition"].number(), from["systemic"].where()};
}

void read_face(const Cursor& face, const Dimension& unit, field::FaceCondition& into, engine::SystemicLevel& level) {
  using Kind = field::FaceCondition::Kind;
  into = {};
  level = {};
  if (!face.is_table()) {
    static_cast<void>(face.text());  // the only text is "no-flux"
    return;
  }
  const bool value = face["value"].given(), flux = face["flux"].given(), body = face["systemic"].given(),
             outside = face["outside"].given() || (!body && face["transfer"].given());
  if (value + flux + outside + body != 1) {
    throw Error("E1213", "a boundary face has one condition, not " + std::to_string(value + flux + outside + body))
        .at(face.where())
        .help(
            "write \"no-flux\", { value = … }, { flux = … }, { outside = …, transfer = … } or { systemic = \"NAME\", "
            "transfer = … }");
  }
  if (body) {
    level = read_level(face);
    into.kind = face["transfer"].given() ? Kind::mixed : Kind::value;
    into.transfer = face["transfer"].number_or(0);
  } else if (value) {
    into.kind = Kind::value;
    into.value = face["value"].number(unit);
  } else if (flux) {
    into.kind = Kind::flux;
    into.flux = face["flux"].number(unit * dim::speed);
  } else {
    for (const char* key : {"outside", "transfer"}) {
      if (!face[key].given()) throw face[key].missing("a face with resistance needs both `outside` and `transfer`");
    }
    into.kind = Kind::mixed;
    into.value = face["outside"].number(unit);
    into.transfer = face["transfer"].number();
  }
}

void read_boundary(Reading& reading, const Cursor& boundary, engine::Substrate& s) {
  static constexpr const char* names[] = {"x-", "x+", "y-", "y+", "z-", "z+"};
  const bool flat = reading.description().domain.geometry.two_dimensional;
  if (boundary["all"].given()) {
    for (std::size_t f = 0; f < (flat ? 4U : 6U); ++f)
      read_face(boundary["all"], s.dimension, s.faces[f], s.face_systemic[f]);
  }
  if (boundary["medium"].given()) s.medium_value = boundary["medium"].number(s.dimension);
  for (std::size_t f = 0; f < 6; ++f) {
    const Cursor face = boundary[names[f]];
    if (!face.given()) continue;
    if (flat && f >= 4)
      throw Error("E1213", "a 2D domain has no z faces")
          .at(face.key_where())
          .help("remove it; transport along z is the medium's");
    read_face(face, s.dimension, s.faces[f], s.face_systemic[f]);
  }
}

void read_vessel(Reading& reading, const Cursor& vessel, engine::Substrate& s) {
  if (!vessel.given()) return;
  if (vessel["value"].given() + vessel["drug"].given() + vessel["systemic"].given() != 1) {
    throw Error("E1213", "vessels hold either a value, a drug or a quantity of the systemic network")
        .at(vessel.where())
        .help("write { value = … }, { drug = \"NAME\", partition = 0.5 } or { systemic = \"NAME\" }");
  }
  if (vessel["systemic"].given()) {
    s.vessel_systemic = read_level(vessel);
    return;
  }
  if (vessel["value"].given()) {
    s.vessel_value = vessel["value"].number(s.dimension);
    return;
  }
  s.vessel_drug = vessel["drug"].text();
  std::vector<std::string> drugs;
  for (const auto& [name, cursor] : reading.root()["drug"].members()) drugs.push_back(name);
  if (std::find(drugs.begin(), drugs.end(), s.vessel_drug) == drugs.end())
    throw unknown_name("drug", s.vessel_drug, drugs, vessel["drug"].where());
  s.vessel_partition = vessel["partition"].number();
}

void read_substrate(Reading& reading, const Cursor& from, engine::Substrate& s) {
  s.diffusion = from["diffusion"].number();
  s.decay = from["decay"].number();
  s.initial = from["initial"].number_or(0, s.dimension);
  const std::string mode = from["mode"].text();
  s.well_mixed = mode == "medium";
  s.quasi_steady = mode == "quasi-steady";
  if (s.well_mixed && reading.description().domain.medium_height <= 0) {
    throw Error("E1213", "substrate '" + s.name + "' lives in the medium, but the domain has none")
        .at(from["mode"].where())
        .help("add medium_height = \"3 mm\" to [domain]");
  }
  s.tolerance = from["tolerance"].number();
  s.undershoot_tolerance = from["undershoot_tolerance"].number();
  s.time_tolerance = from["time_tolerance"].number();
  if (from["half_saturation"].given()) s.half_saturation = from["half_saturation"].number(s.dimension);
  read_boundary(reading, from["boundary"], s);
  read_vessel(reading, from["vessel"], s);
  if (from["receptor"].given()) {
    s.receptor = from["receptor"]["name"].text();
    s.receptor_kd = from["receptor"]["kd"].number(s.dimension);
  }
  if (from["molar_mass"].given()) s.molar_mass_kda = from["molar_mass"].quantity().value / parse_unit("kDa").value;
  for (const auto& [other, rate] : from["degraded_by"].members()) {
    const engine::Substrate* by = reading.substrate(other);
    if (!by) throw unknown_name("substrate", other, reading.substrate_names(), rate.key_where());
    s.degraded_by[other] = rate.number(dim::rate / by->dimension);
  }
  const auto types = reading.cell_type_names();
  for (const auto& [region, value] : from["initial_in"].members()) {
    std::vector<std::string> regions = types;
    regions.insert(regions.begin(), "tumour");
    if (std::find(regions.begin(), regions.end(), region) == regions.end())
      throw unknown_name("region", region, regions, value.key_where());
    s.initial_in[region] = value.number(s.dimension);
  }
}

}  // namespace

void read_substrates(Reading& reading) {
  const auto members = reading.root()["substrates"].members();
  for (const auto& [name, from] : members) {  // names and dimensions first: they refer to each other
    engine::Substrate s;
    s.name = name;
    s.unit = from["unit"].text();
    s.where = from.key_where();
    try {
      const Quantity one = parse_unit(s.unit);
      s.dimension = one.dimension;
    } catch (const Error& error) {
      throw from["unit"].given() ? relocate(error, plain(*from["unit"].value())) : error;
    }
    reading.description().substrates.push_back(std::move(s));
  }
  for (std::size_t i = 0; i < members.size(); ++i)
    read_substrate(reading, members[i].second, reading.description().substrates[i]);
  check_memory(reading, reading.root()["domain"]);
}

}  // namespace senoma::model
