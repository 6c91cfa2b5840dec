// Draws that the fate and commit passes share.
#pragma once

#include "engine/description.h"
#include "state/world.h"

namespace senoma::engine {

/// The duration of the phase that cell i enters, min: exact, or normal with the phase's cv, keyed by lineage and phase.
[[nodiscard]] double draw_phase_duration(const state::World& world, std::size_t i, const CyclePhase& phase, std::size_t phase_index);

/// A new hazard threshold −ln U for cell i; takes the cell's next event ordinal.
[[nodiscard]] double draw_threshold(state::World& world, std::size_t i);

/// µm, of a sphere of that volume in µm³.
[[nodiscard]] double radius_of_volume(double volume);

}  // namespace senoma::engine
