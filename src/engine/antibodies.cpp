// Antibodies that bind a substrate: what is free of it in each voxel, and losses that differ between free ligand and
// complex. The stored field is the total, free and bound; complexes spread as the ligand does. Where the antibody is a
// field of its own, that field holds free and taken antibody, and loses what goes with the complexes.
#include <algorithm>

#include "engine/binder.h"
#include "pharm/binding.h"

namespace senoma::engine {

namespace {

Error unfit(const Drug& drug, const std::string& why) {
  Error error("E5013", "drug '" + drug.name + "' binds '" + drug.binds + "', " + why);
  error.at(drug.where);
  return error;
}

void check_binding(const Description& model, const Drug& drug, const Substrate& ligand, const Substrate* own) {
  if (!(ligand.dimension == dim::concentration))
    throw unfit(drug, "which is no concentration but " + describe(ligand.dimension)).help("give it the unit \"nM\"");
  if (own && own->well_mixed != ligand.well_mixed)
    throw unfit(drug, "but one is in the medium and the other in the tissue").help("give both the same mode");
  if (drug.complex_loss_rate == 0.0) return;
  if (ligand.quasi_steady)
    throw unfit(drug, "which is quasi-steady: complexes that accumulate are not").help("use mode = \"field\" for it");
  if (ligand.half_saturation > 0.0 || (own && own->half_saturation > 0.0))
    throw unfit(drug, "but the uptake of one of the two saturates")
        .help("leave out its half_saturation, or the complex_half_life");
  for (const auto& other : model.drugs) {
    if (other.binds == drug.binds && other.complex_loss_rate == 0.0)
      throw unfit(other, "as '" + drug.name + "' does, but has no complex_half_life").help("give both one, or none");
    if (own && other.binds == own->name)
      throw unfit(drug, "but is itself bound by '" + other.name + "'").help("only one of two may have its own field");
  }
}

}  // namespace

void Binder::bindings() {
  for (std::size_t s = 0; s < model.substrates.size(); ++s) {
    BoundBinding binding;
    binding.ligand = s;
    for (std::size_t d = 0; d < model.drugs.size(); ++d) {
      const auto& drug = model.drugs[d];
      if (drug.binds != model.substrates[s].name) continue;
      const int field = drug.substrate.empty() ? -1 : sim.substrate_index(drug.substrate);
      check_binding(model, drug, model.substrates[s],
                    field < 0 ? nullptr : &model.substrates[static_cast<std::size_t>(field)]);
      binding.antibodies.push_back({d, field});
      binding.complexes_differ = binding.complexes_differ || drug.complex_loss_rate > 0.0;
    }
    if (binding.antibodies.empty()) continue;
    sim.exchange[s].free = sim.world.fields[s].rho;
    sim.bindings_.push_back(std::move(binding));
  }
}

void Simulation::antibodies_at(const BoundBinding& binding, std::size_t voxel,
                               std::vector<pharm::Antibody>& into) const {
  into.clear();
  for (const auto& [d, field] : binding.antibodies) {
    const auto& drug = description->drugs[d];
    const double sites = field < 0 ? world.drugs[d].mean : world.fields[static_cast<std::size_t>(field)].rho[voxel];
    into.push_back({std::max(0.0, sites) * drug.unbound_fraction, drug.binding_kd, drug.complex_loss_rate});
  }
}

void Simulation::refresh_free_ligands() {
  for (const auto& binding : bindings_) {
    const auto& total = world.fields[binding.ligand].rho;
    auto& free = exchange[binding.ligand].free;
    executor.for_blocks(total.size(), 1024, [&](Block b) {
      std::vector<pharm::Antibody> antibodies;
      for (std::size_t v = b.begin; v < b.end; ++v) {
        antibodies_at(binding, v, antibodies);
        free[v] = total[v] > 0.0 ? pharm::bind_ligand(total[v], antibodies).free : total[v];
      }
    });
  }
}

field::SplitFunction Simulation::split_of_ligand(const BoundBinding& binding) const {
  return [this, &binding](std::size_t voxel, double total) {
    thread_local std::vector<pharm::Antibody> antibodies;
    antibodies_at(binding, voxel, antibodies);
    const auto parts = pharm::bind_ligand(total, antibodies);
    return field::Split{parts.free, parts.free_slope, parts.loss, parts.loss_slope};
  };
}

field::SplitFunction Simulation::split_of_antibody(std::size_t s) const {
  for (const auto& binding : bindings_) {
    if (!binding.complexes_differ) continue;
    for (const auto& [d, field] : binding.antibodies) {
      if (field != static_cast<int>(s)) continue;
      const auto& drug = description->drugs[d];
      const auto& free = exchange[binding.ligand].free;
      return [&drug, &free](std::size_t voxel, double antibody) {
        const double ligand = std::max(0.0, free[voxel]);
        const double taken = drug.unbound_fraction * (ligand / (drug.binding_kd + ligand));
        return field::Split{(1.0 - taken) * antibody, 1.0 - taken, drug.complex_loss_rate * taken * antibody,
                            drug.complex_loss_rate * taken};
      };
    }
  }
  return {};
}

}  // namespace senoma::engine
