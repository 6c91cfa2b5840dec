// What enters and leaves the box through its faces and through fixed voxels, as plain lists: for a voxel with value ρ
// the rate per volume is inflow − conductance · ρ [C/min]. Half a voxel lies between a voxel's centre and the face:
//
//   value  g = 2D/h²                  inflow = g · value
//   mixed  g = 1/(1/H + h/(2D)) / h   inflow = g · value       (H = exchange coefficient, in series with the half
//   voxel) flux   g = 0                      inflow = flux / h
//
// Second order in space. Thread statement: pure functions of their arguments.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "field/reaction_diffusion.h"

namespace senoma::field {

struct Exchange {
  std::uint32_t voxel = 0;    ///< natural index of the voxel inside
  std::uint32_t partner = 0;  ///< fixed voxel on the other side (fixed links only)
  double conductance = 0.0;   ///< 1/min
  double inflow = 0.0;        ///< C/min
};

/// One entry per voxel face on the box's faces that is not no-flux.
void collect_face_exchanges(const grid::Geometry& geometry, const Coefficients& coefficients,
                            std::vector<Exchange>& out);
/// One entry per face between a free and a fixed voxel.
void collect_fixed_links(const grid::Geometry& geometry, const Coefficients& coefficients, std::vector<Exchange>& out);

}  // namespace senoma::field
