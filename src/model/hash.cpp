// The hash of a description: all that decides a simulation, in a fixed order, without names of files and positions.
#include "base/hash.h"

#include "model/load.h"

namespace senoma::model {

namespace {

class DescriptionHash {
 public:
  void add(const std::string& text) { h_.add(std::string_view(text)); }
  void add(double number) { h_.add(number + 0.0); }
  void count(std::size_t n) { h_.add(static_cast<std::uint64_t>(n)); }
  void add(const std::optional<double>& number) {
    count(number ? 1 : 0);
    if (number) add(*number);
  }
  void add(const engine::Expression& e) { add(e.text); }
  void add(const std::optional<engine::Expression>& e) {
    count(e ? 1 : 0);
    if (e) add(*e);
  }
  void add(const Dimension& d) {
    for (const auto e : d.exponent) h_.add(static_cast<std::uint64_t>(static_cast<std::int64_t>(e)));
  }
  void add(const std::map<std::string, double>& m) {
    count(m.size());
    for (const auto& [name, number] : m) {
      add(name);
      add(number);
    }
  }
  void add(const std::vector<std::string>& names) {
    count(names.size());
    for (const auto& name : names) add(name);
  }
  template <class T, std::size_t N>
  void add(const std::array<T, N>& numbers) {
    for (const auto& n : numbers) add(static_cast<double>(n));
  }

  void domain(const engine::Domain& d) {
    add(d.geometry.n);
    add(d.geometry.spacing);
    add(d.geometry.origin);
    count(d.geometry.two_dimensional);
    if (d.well_mixed) add("well-mixed");
    count(static_cast<std::size_t>(d.edge));
    add(d.medium_height);
    count(d.vessels.size());
    for (const auto& v : d.vessels) add(std::array<double, 4>{v.x, v.y, v.z, v.radius});
  }

  void substrate(const engine::Substrate& s) {
    add(s.name);
    add(s.unit);
    add(s.dimension);
    count(s.well_mixed + 2U * s.quasi_steady);
    add(std::array<double, 3>{s.diffusion, s.decay, s.initial});
    for (const auto& f : s.faces) {
      count(static_cast<std::size_t>(f.kind));
      add(std::array<double, 3>{f.value, f.flux, f.transfer});
    }
    add(s.vessel_value);
    add(s.medium_value);
    add(s.vessel_drug);
    for (std::size_t f = 0; f <= 6; ++f) {
      const auto& level = f < 6 ? s.face_systemic[f] : s.vessel_systemic;
      if (level.name.empty()) continue;
      count(f);
      add(level.name);
      add(level.partition);
    }
    add(std::array<double, 7>{s.vessel_partition, s.molar_mass_kda, s.receptor_kd, s.tolerance, s.undershoot_tolerance,
                              s.time_tolerance, s.half_saturation});
    add(s.receptor);
    add(s.degraded_by);
    add(s.initial_in);
  }

  void cell_type(const engine::CellType& c) {
    add(c.name);
    add(c.states);
    add(c.parameters);
    count(c.state_parameters.size());
    for (const auto& s : c.state_parameters) add(s);
    count(c.cycle.size());
    for (const auto& p : c.cycle) {
      add(p.name);
      add(std::array<double, 2>{p.duration, p.cv});
      count(static_cast<std::size_t>(p.exit));
      count(p.divides + 2U * p.grows + 4U * p.s_phase + 8U * p.entry);
    }
    count(c.deaths.size());
    for (const auto& d : c.deaths) {
      add(d.name);
      add(std::array<double, 3>{d.duration, d.final_volume_fraction, d.volume_rate});
    }
    add(c.network);
    count(c.coupling.inputs.size());
    for (const auto& [name, e] : c.coupling.inputs) {
      add(name);
      add(e);
    }
    count(c.coupling.outputs.size());
    for (const auto& [e, name] : c.coupling.outputs) {
      add(e);
      add(name);
    }
    count(c.heterogeneity.size());
    for (const auto& h : c.heterogeneity) {
      add(h.parameter);
      add(h.cv);
    }
    rules(c);
    initial(c);
    count(c.tumour);
    contacts(c);
  }

  void rules(const engine::CellType& c) {
    count(c.rules.size());
    for (const auto& r : c.rules) {
      add(r.signal);
      add(r.behaviour);
      count(r.increases);
      add(r.base);
      add(std::array<double, 4>{r.saturation, r.half, r.hill, r.threshold});
      add(r.states);
      add(r.when);
    }
    count(c.transitions.size());
    for (const auto& t : c.transitions) {
      add(t.name);
      add(t.from);
      add(t.to);
      add(t.to_type);
      add(t.hazard);
      add(t.when);
      add(t.mark);
      add(t.reset);
    }
  }

  /// Parts that a model need not have add nothing to the hash of one without them.
  void contacts(const engine::CellType& c) {
    for (const auto& s : c.contacts) {
      add("contact." + s.name);
      add(s.value);
      add(s.from);
      add(s.states);
      count(s.mean);
    }
    for (const auto& a : c.attacks) {
      add("attack." + a.target);
      add(a.states);
      add(a.death);
      add(a.duration);
    }
    for (const auto& [attacker, weight] : c.recognition) {
      add("recognition." + attacker);
      add(weight);
    }
    for (const auto& a : c.arrivals) {
      add("arrival." + a.name);
      add(a.rate);
      count(static_cast<std::size_t>(a.at));
      add(a.state);
      count(a.maximum ? *a.maximum + 1 : 0);
      add(std::array<double, 2>{a.from, a.until});
    }
    for (const auto& t : c.transitions) {
      if (t.leaves) add("leaves." + t.name);
    }
  }

  void initial(const engine::CellType& c) {
    count(c.initial.size());
    for (const auto& i : c.initial) {
      count(static_cast<std::size_t>(i.pattern));
      count(i.count);
      add(std::array<double, 6>{i.x, i.y, i.z, i.radius, i.spacing, i.minimum_distance_to_domain_centre});
      add(i.size);
      count(i.positions.size());
      for (const auto& p : i.positions) add(p);
      add(i.state_fractions);
      count(i.asynchronous);
    }
  }

  void network(const engine::Network& n) {
    add(n.name);
    add(std::array<double, 2>{n.relative_tolerance, n.absolute_tolerance});
    const auto& s = *n.system;
    add(s.time_unit);
    for (const auto& state : s.states) {
      add(state.name);
      add(state.initial);
      count(static_cast<std::size_t>(state.on_division));
    }
    for (const auto* list : {&s.inputs, &s.parameters}) {
      count(list->size());
      for (const auto& p : *list) {
        add(p.name);
        add(p.value);
      }
    }
    const auto slot = [](std::int32_t i) { return "v" + std::to_string(i); };
    for (const auto node : s.derivatives) add(s.graph.to_string(node, slot));
    for (const auto& o : s.outputs) {
      add(o.name);
      add(s.graph.to_string(o.node, slot));
    }
  }

  void dose_rule(const engine::DoseRule& rule) {
    add(rule.row);
    add(rule.only_if);
    add(rule.readout);
    for (const auto* threshold : {&rule.stop_below, &rule.resume_above}) {
      add(threshold->value.value);
      add(threshold->value.dimension);
      count(threshold->relative);
    }
    add(std::array<double, 2>{rule.first, rule.checked_every});
  }

  void drug(const engine::Drug& d) {
    add(d.name);
    const auto& k = d.regimen->kinetics();
    count(static_cast<std::size_t>(k.model));
    add(std::array<double, 5>{k.elimination_rate, k.k12, k.k21, k.absorption_rate, k.bioavailability});
    for (const double rate : {k.k13, k.k31, k.effect_rate}) {
      if (rate != 0.0) add(rate);
    }
    count(d.regimen->doses().size());
    for (const auto& dose : d.regimen->doses()) {
      count(static_cast<std::size_t>(dose.route));
      add(std::array<double, 3>{dose.at, dose.concentration, dose.duration});
      if (dose.rule >= 0) count(static_cast<std::size_t>(dose.rule));
    }
    for (const auto& rule : d.rules) dose_rule(rule);
    add(d.unbound_fraction);
    add(d.substrate);
    count(d.effects.size());
    for (const auto& e : d.effects) {
      add(e.target);
      count(e.inhibits);
      add(std::array<double, 5>{e.ec50, e.hill, e.emax, e.full ? 1.0 : 0.0, e.full ? e.full->value : 0.0});
    }
    add(d.binds);
    add(d.binding_kd);
    if (d.complex_loss_rate > 0.0) add(d.complex_loss_rate);
  }

  void all(const engine::Description& d) {
    domain(d.domain);
    add(d.parameters);
    for (const auto& [name, dimension] : d.parameter_dimensions) add(dimension);
    count(d.substrates.size());
    for (const auto& s : d.substrates) substrate(s);
    count(d.cell_types.size());
    for (const auto& c : d.cell_types) cell_type(c);
    count(d.networks.size());
    for (const auto& n : d.networks) network(n);
    if (!d.systemic.network.empty()) {
      add(d.systemic.network);
      count(d.systemic.inputs.size());
      for (const auto& [name, e] : d.systemic.inputs) {
        add(name);
        add(e);
      }
    }
    count(d.drugs.size());
    for (const auto& x : d.drugs) drug(x);
    count(d.interventions.size());
    for (const auto& i : d.interventions) {
      add(i.target);
      add(std::array<double, 3>{i.factor, i.from, i.until});
    }
    count(d.readouts.size());
    for (const auto& r : d.readouts) {
      add(r.name);
      add(r.unit);
      count(static_cast<std::size_t>(r.over));
      add(r.cell_type);
      add(r.where_);
      add(r.value);
      add(r.scale);
      if (r.accumulate == engine::Readout::Accumulate::none) continue;
      count(static_cast<std::size_t>(r.accumulate));
      add(r.threshold ? r.threshold->value : 0.0);
    }
    add(std::array<double, 4>{d.step, d.duration, d.output_every, d.summary_every});
    add(std::array<double, 4>{d.motion.adhesion_range, d.motion.max_displacement, d.motion.max_substep,
                              d.motion.tolerance});
  }

  [[nodiscard]] std::string hex() const { return h_.hex(); }

 private:
  Hasher h_;
};

}  // namespace

std::string description_hash(const engine::Description& description) {
  DescriptionHash hash;
  hash.all(description);
  return hash.hex();
}

}  // namespace senoma::model
