// Arrivals: their sites, and their rates as expressions over what is the same everywhere and over fields at the site.
#include <algorithm>
#include <cmath>

#include "engine/binder.h"

namespace senoma::engine {

namespace {

/// The voxels inside a vessel, or the one at its centre when it is thinner than a voxel.
std::vector<std::uint32_t> voxels_of(const Vessel& vessel, const grid::Geometry& box) {
  std::vector<std::uint32_t> voxels;
  for (int k = 0; k < box.n[2]; ++k) {
    for (int j = 0; j < box.n[1]; ++j) {
      for (int i = 0; i < box.n[0]; ++i) {
        const double x = box.centre(0, i) - vessel.x, y = box.centre(1, j) - vessel.y,
                     z = box.two_dimensional ? 0.0 : box.centre(2, k) - vessel.z;
        if (x * x + y * y + z * z <= vessel.radius * vessel.radius)
          voxels.push_back(static_cast<std::uint32_t>(box.index(i, j, k)));
      }
    }
  }
  if (voxels.empty()) voxels.push_back(static_cast<std::uint32_t>(box.voxel_of(vessel.x, vessel.y, vessel.z)));
  return voxels;
}

}  // namespace

void Binder::arrival_rate(BoundArrival& bound) const {
  const auto add = [&](ArrivalVariable::Kind kind, std::size_t index, Dimension dimension) {
    bound.variables.push_back({kind, index});
    return expr::Symbol{bound.graph.variable(static_cast<std::int32_t>(bound.variables.size() - 1)), dimension};
  };
  expr::Scope scope;
  scope.find = [&](const std::string& name) -> std::optional<expr::Symbol> {
    for (std::size_t s = 0; s < model.substrates.size(); ++s) {
      const auto& substrate = model.substrates[s];
      if (name == substrate.name + ".concentration")
        return add(ArrivalVariable::Kind::concentration, s, substrate.dimension);
      if (name == substrate.name + ".occupancy" && substrate.receptor_kd > 0.0)
        return add(ArrivalVariable::Kind::occupancy, s, dim::none);
    }
    for (std::size_t d = 0; d < model.drugs.size(); ++d) {
      if (!model.drugs[d].substrate.empty() && name == model.drugs[d].name + ".concentration")
        return add(ArrivalVariable::Kind::local_drug, d, dim::concentration);
    }
    const Signal* signal = sim.signals.find(name);
    if (!signal || signal->kind != Signal::Kind::uniform) return std::nullopt;
    return add(ArrivalVariable::Kind::uniform, signal->index, signal->dimension);
  };
  scope.names = [&] {
    std::vector<std::string> names;
    for (const auto& name : sim.signals.names()) {
      const bool uniform = sim.signals.find(name)->kind == Signal::Kind::uniform;
      if (uniform || name.ends_with(".concentration") || name.ends_with(".occupancy")) names.push_back(name);
    }
    return names;
  };
  const auto& rate = bound.spec->rate;
  try {
    const std::string phrase = expr::normalise_name(rate.text);
    const auto named = scope.find(phrase);
    const auto symbol = named ? *named : expr::parse(rate.text, bound.graph, scope);
    const bool zero = bound.graph.is_constant(symbol.node) && bound.graph.node(symbol.node).value == 0.0;
    if (!zero && !(symbol.dimension == dim::rate))
      throw Error("E1203", "the rate of arrival '" + bound.spec->name + "' is " + describe(symbol.dimension) +
                               ", expected " + describe(dim::rate))
          .at({"", 1, 1, static_cast<int>(rate.text.size())})
          .help("cells per time: give a number its unit in brackets, like 0.5 [1/h]");
    bound.root = symbol.node;
  } catch (const Error& error) {
    throw relocate(error, rate.where);
  }
}

void Binder::arrivals() {
  std::set<std::string> names;
  for (std::size_t t = 0; t < sim.types.size(); ++t) {
    for (const auto& spec : sim.types[t].spec->arrivals) {
      BoundArrival bound;
      bound.spec = &spec;
      bound.type = t;
      bound.state = spec.state.empty() ? 0 : state_index(sim.types[t], spec.state, spec.where);
      bound.name = "arrival." + sim.types[t].spec->name + "." + spec.name;
      if (!names.insert(bound.name).second)
        throw Error("E5019", "cell type '" + sim.types[t].spec->name + "' has two arrivals '" + spec.name + "'")
            .at(spec.where)
            .help("name each: the name is part of what the cells' ids are made of");
      if (spec.at == Arrival::At::vessels) {
        if (model.domain.vessels.empty())
          throw Error("E5019", "cells arrive from vessels, but the domain has none")
              .at(spec.where)
              .help("add [[domain.vessel]], or write at = \"edge\" or \"anywhere\"");
        for (const auto& vessel : model.domain.vessels)
          bound.sites.push_back({&vessel, voxels_of(vessel, model.domain.geometry)});
      } else {
        bound.sites.push_back({nullptr, {}});
      }
      for (std::size_t s = 0; s < bound.sites.size(); ++s) {
        auto& site = bound.sites[s];
        site.name = bound.name + (site.vessel ? "." + std::to_string(s) : "");
        sim.world.scalars[site.name + ".hazard"] = 0.0;
        sim.world.scalars[site.name + ".count"] = 0.0;
      }
      arrival_rate(bound);
      sim.arrivals.push_back(std::move(bound));
    }
  }
}

}  // namespace senoma::engine
