// Cells that arrive from outside the model, from vessels, over the edge or anywhere: a Poisson process per site, whose
// hazard (the rate, frozen over the step) is accumulated against −ln U until an arrival, so that times are exact inside
// the step and do not depend on it. What is left of the hazard and the number of arrivals are scalars of the World. The
// id of a new cell is a hash of the rule, the site and its number there. It waits for the next step.
#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "base/math.h"
#include "base/philox.h"
#include "engine/fate.h"
#include "pharm/effects.h"

namespace senoma::engine {

namespace {

/// The mean over the site's voxels, in their order; over all when it names none.
double mean_at(const ArrivalSite& site, const Column<double>& values) {
  if (values.size() == 1) return values[0];
  double sum = 0.0;
  if (site.voxels.empty()) {
    for (const double v : values) sum += v;
    return sum / static_cast<double>(values.size());
  }
  for (const auto voxel : site.voxels) sum += values[voxel];
  return sum / static_cast<double>(site.voxels.size());
}

double drug_at(const Simulation& sim, const ArrivalSite& site, std::size_t d) {
  const auto& drug = sim.description->drugs[d];
  if (drug.substrate.empty()) return sim.values.uniform[sim.signals.find(drug.name + ".concentration")->index];
  const auto& mean = sim.exchange[static_cast<std::size_t>(sim.substrate_index(drug.substrate))].mean_rho;
  return std::max(0.0, mean_at(site, mean)) * drug.unbound_fraction;
}

double occupancy_at(const Simulation& sim, const ArrivalSite& site, std::size_t s) {
  const auto& substrate = sim.description->substrates[s];
  double free = std::max(0.0, mean_at(site, sim.world.fields[s].rho));
  for (std::size_t d = 0; d < sim.description->drugs.size(); ++d) {
    const auto& drug = sim.description->drugs[d];
    if (drug.binds == substrate.name) free = pharm::free_ligand(free, drug_at(sim, site, d), drug.binding_kd);
  }
  return free / (free + substrate.receptor_kd);
}

double rate_at(const Simulation& sim, const BoundArrival& arrival, const ArrivalSite& site) {
  std::vector<double> variables;
  for (const auto& v : arrival.variables) {
    using Kind = ArrivalVariable::Kind;
    variables.push_back(v.kind == Kind::uniform         ? sim.values.uniform[v.index]
                        : v.kind == Kind::concentration ? mean_at(site, sim.world.fields[v.index].rho)
                        : v.kind == Kind::occupancy     ? occupancy_at(sim, site, v.index)
                                                        : drug_at(sim, site, v.index));
  }
  const double rate = expr::evaluate(arrival.graph, arrival.root, variables);
  if (rate >= 0.0 && std::isfinite(rate)) return rate;
  throw Error("E5009",
              "the rate of arrival '" + arrival.spec->name + "' is " + std::to_string(rate) + " at " +
                  std::to_string(sim.world.time() / 1440.0) + " d",
              ErrorKind::numerical)
      .at(arrival.spec->rate.where)
      .help("cells per time: it must be finite and not negative");
}

/// A point that keeps a radius away from the edge; periodic domains have none.
double inside(double p, double low, double extent, double radius, bool periodic) {
  if (periodic) return p < low ? p + extent : p >= low + extent ? p - extent : p;
  const double margin = std::min(radius, 0.5 * extent);
  return std::clamp(p, low + margin, low + extent - margin);
}

std::array<double, 3> position_of(const Simulation& sim, const ArrivalSite& site, Arrival::At at, std::uint64_t id,
                                  double radius) {
  const auto& domain = sim.description->domain;
  const auto& g = domain.geometry;
  const std::size_t dimensions = g.two_dimensional ? 2 : 3;
  if (domain.well_mixed) return {g.centre(0, 0), g.centre(1, 0), g.centre(2, 0)};
  const RandomStream stream{sim.world.seed, id, Stream::initial_position};
  std::array<double, 3> p{0.0, 0.0, 0.0};
  if (site.vessel) {
    auto direction = stream.direction(0);
    if (g.two_dimensional) {
      const double angle = 2.0 * math::pi * stream.uniform(0);
      direction = {math::cos(angle), math::sin(angle), 0.0};
    }
    const std::array<double, 3> centre{site.vessel->x, site.vessel->y, site.vessel->z};
    for (std::size_t a = 0; a < dimensions; ++a) p[a] = centre[a] + (site.vessel->radius + radius) * direction[a];
  } else {
    for (std::size_t a = 0; a < dimensions; ++a)
      p[a] = g.origin[a] + g.extent(static_cast<int>(a)) * stream.uniform(a / 2, static_cast<int>(a % 2));
  }
  if (at == Arrival::At::edge) {  // a face, each as likely as it is large
    std::array<double, 3> area{};
    double total = 0.0;
    for (std::size_t a = 0; a < dimensions; ++a) {
      area[a] = 1.0;
      for (std::size_t b = 0; b < dimensions; ++b) area[a] *= b == a ? 1.0 : g.extent(static_cast<int>(b));
      total += area[a];
    }
    double pick = stream.uniform(2) * total;
    std::size_t axis = 0;
    while (axis + 1 < dimensions && pick >= area[axis]) pick -= area[axis++];
    p[axis] = g.origin[axis] + (stream.uniform(2, 1) < 0.5 ? 0.0 : g.extent(static_cast<int>(axis)));
  }
  for (std::size_t a = 0; a < dimensions; ++a)
    p[a] =
        inside(p[a], g.origin[a], g.extent(static_cast<int>(a)), radius, domain.edge == mechanics::EdgeRule::periodic);
  return p;
}

std::uint64_t hash_of(const std::string& site, std::uint64_t ordinal) {
  Hasher hasher;
  hasher.add(std::string_view(site));
  hasher.add(ordinal);
  return mix64(hasher.value());
}

}  // namespace

void Simulation::draw_arrivals() {
  newcomers_.clear();
  for (std::size_t rule = 0; rule < arrivals.size(); ++rule) {
    const auto& arrival = arrivals[rule];
    const double begin = std::clamp(arrival.spec->from - world.time(), 0.0, world.step),
                 end = std::clamp(arrival.spec->until - world.time(), 0.0, world.step);
    if (begin >= end) continue;
    for (const auto& site : arrival.sites) {
      const double rate = rate_at(*this, arrival, site);
      if (rate <= 0.0) continue;
      double& hazard = world.scalars.at(site.name + ".hazard");
      double& count = world.scalars.at(site.name + ".count");
      const RandomStream stream{world.seed, hash_of(site.name, 0), Stream::arrival};
      for (double t = begin;;) {
        const auto ordinal = static_cast<std::uint64_t>(count);
        const double next = t + std::max(0.0, stream.exponential(ordinal) - hazard) / rate;
        if (next >= end) {
          hazard += rate * (end - t);
          break;
        }
        count += 1.0;
        hazard = 0.0;
        newcomers_.push_back({next, rule, &site, hash_of(site.name, ordinal + 1)});
        t = next;
      }
    }
  }
  std::sort(newcomers_.begin(), newcomers_.end(),
            [](const Newcomer& a, const Newcomer& b) { return a.time != b.time ? a.time < b.time : a.id < b.id; });
}

void Simulation::admit_newcomers() {
  if (newcomers_.empty()) return;
  std::vector<std::size_t> living(types.size(), 0);
  for (std::size_t i = 0; i < world.cells.size(); ++i) living[world.cells.type[i]] += dying(i) ? 0U : 1U;
  for (const auto& newcomer : newcomers_) {
    const auto& arrival = arrivals[newcomer.rule];
    if (arrival.spec->maximum && living[arrival.type] >= *arrival.spec->maximum) continue;
    ++living[arrival.type];
    auto& cells = world.cells;
    const std::size_t i = cells.append(newcomer.id, static_cast<std::uint16_t>(arrival.type));
    cells.cell_state[i] = arrival.state;
    start_cell(*this, i, false);
    const auto position =
        position_of(*this, *newcomer.site, arrival.spec->at, newcomer.id, cells.values[state::col_radius][i]);
    for (std::size_t a = 0; a < 3; ++a) cells.values[state::col_x + a][i] = position[a];
    for (const auto column : {state::col_age, state::col_state_age})
      cells.values[column][i] = world.step - newcomer.time;
    events.push_back({world.time() + newcomer.time, "arrival", newcomer.id, 0, types[arrival.type].spec->name,
                      arrival.spec->name, types[arrival.type].states[arrival.state]});
  }
}

}  // namespace senoma::engine
