#include <algorithm>
#include <cmath>

#include "field/multigrid.h"

namespace senoma::field {

namespace {

struct Axis {
  std::vector<double> edge;  ///< n + 1 voxel edges
  double width;              ///< of the full voxels
};

double centre(const Axis& axis, int i) {
  const auto at = static_cast<std::size_t>(i);
  return 0.5 * (axis.edge[at] + axis.edge[at + 1]);
}

Axis halve(const Axis& fine) {
  Axis coarse{{}, 2.0 * fine.width};
  for (std::size_t i = 0; i + 2 < fine.edge.size(); i += 2) coarse.edge.push_back(fine.edge[i]);
  coarse.edge.push_back(fine.edge.back());
  return coarse;
}

void set_weights(const Axis& fine, const Axis& coarse, bool halved, std::vector<double>& own,
                 std::vector<double>& other) {
  const int n = static_cast<int>(fine.edge.size()) - 1, n_coarse = static_cast<int>(coarse.edge.size()) - 1;
  own.assign(static_cast<std::size_t>(n), 1.0);
  other.assign(static_cast<std::size_t>(n), 0.0);
  if (!halved) return;
  for (int i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (i / 2 == n_coarse) {  // the third of the last three: its own coarse voxel is the one below slot i / 2
      own[at] = 0.0;
      other[at] = 1.0;
      continue;
    }
    const int home = i / 2, neighbour = i % 2 == 0 ? home - 1 : home + 1;
    if (neighbour < 0 || neighbour >= n_coarse) continue;
    other[at] = (centre(fine, i) - centre(coarse, home)) / (centre(coarse, neighbour) - centre(coarse, home));
    own[at] = 1.0 - other[at];
  }
}

void split_by_parity(Transfer& transfer) {
  for (std::size_t parity = 0; parity < 2; ++parity) {
    transfer.own_x[parity].clear();
    transfer.other_x[parity].clear();
    for (std::size_t i = parity; i < transfer.own[0].size(); i += 2) {
      transfer.own_x[parity].push_back(static_cast<float>(transfer.own[0][i]));
      transfer.other_x[parity].push_back(static_cast<float>(transfer.other[0][i]));
    }
  }
}

// Which axes to halve: those whose coupling 1/width² is within a factor 4 of the strongest.
std::array<bool, 3> choose_axes(const std::array<Axis, 3>& axes, const std::array<bool, 3>& coupled) {
  double strongest = 0.0;
  std::array<double, 3> strength{};
  for (std::size_t a = 0; a < 3; ++a) {
    if (axes[a].edge.size() > 2 && coupled[a]) strength[a] = 1.0 / (axes[a].width * axes[a].width);
    strongest = std::max(strongest, strength[a]);
  }
  std::array<bool, 3> halved{};
  for (std::size_t a = 0; a < 3; ++a) halved[a] = strength[a] > 0.2501 * strongest;
  return halved;
}

double series(double a, double share_a, double face, double b, double share_b) {
  if (!(face > 0.0) || (share_a > 0.0 && !(a > 0.0)) || (share_b > 0.0 && !(b > 0.0))) return 0.0;
  double resistance = 1.0 / face;
  if (share_a > 0.0) resistance += share_a / a;
  if (share_b > 0.0) resistance += share_b / b;
  return 1.0 / resistance;
}

// How much of the face above fine voxel i, the first of its coarse voxel, lies before that one's centre: the last of an
// odd number has three voxels.
double to_centre(int i, int n) { return i + 3 == n ? 1.0 : 0.5; }

// The conductance between fine voxel columns that two coarse voxels share, at fine transverse position `at`.
double along_axis(const Stencil& fine, std::size_t axis, std::array<int, 3> at, bool halved) {
  if (!halved) return fine.face(axis, at[0], at[1], at[2]);
  const auto face = [&](int i) {
    std::array<int, 3> p = at;
    p[axis] = i;
    return fine.face(axis, p[0], p[1], p[2]);
  };
  const int last = at[axis];  // the last fine voxel of the lower coarse voxel
  return series(face(last - 1), 0.5, face(last), face(last + 1), to_centre(last + 1, fine.layout.n[axis]));
}

struct Box {
  std::array<int, 3> begin, end;
};

// The fine voxels of one coarse voxel.
Box children_box(const std::array<int, 3>& n_fine, const Transfer& transfer, const std::array<int, 3>& coarse) {
  Box box{coarse, coarse};
  for (std::size_t a = 0; a < 3; ++a) {
    if (transfer.halved[a]) box.begin[a] *= 2;
    box.end[a] = box.begin[a] + (transfer.halved[a] ? 2 : 1);
    if (transfer.halved[a] && box.end[a] + 1 == n_fine[a]) box.end[a] = n_fine[a];
  }
  return box;
}

// The weight of the neighbouring coarse voxel for fine voxel `at`: the share of the resistance between the two coarse
// centres that lies between the own centre and this voxel.
double weight_toward(const Stencil& fine, std::size_t axis, std::array<int, 3> at) {
  const int i = at[axis];
  const auto resistance = [&](int lower, double share) {
    std::array<int, 3> p = at;
    p[axis] = lower;
    const double g = lower < 0 ? 0.0 : fine.face(axis, p[0], p[1], p[2]);
    return g > 0.0 ? share / g : 0.0;
  };
  const bool down = i % 2 == 0;
  const int n = fine.layout.n[axis];
  if (n % 2 == 1 && i >= n - 2) return i == n - 1 ? 1.0 : 0.0;  // the third and the middle of the last three
  const double outer = resistance(down ? i - 1 : i, 1.0);
  if (!(outer > 0.0)) return 0.0;  // closed, or the box ends here
  const double own = down ? resistance(i, to_centre(i, n)) : resistance(i - 1, 0.5);
  const double far = down ? resistance(i - 2, 0.5) : resistance(i + 1, to_centre(i + 1, n));
  return own / ((own + outer) + far);
}

double coarse_face(const Stencil& fine, const Transfer& transfer, std::size_t axis, std::array<int, 3> coarse) {
  auto [begin, end] = children_box(fine.layout.n, transfer, coarse);
  begin[axis] = end[axis] - 1;
  double conductance = 0.0;
  for (int k = begin[2]; k < end[2]; ++k) {
    for (int j = begin[1]; j < end[1]; ++j) {
      for (int i = begin[0]; i < end[0]; ++i) conductance += along_axis(fine, axis, {i, j, k}, transfer.halved[axis]);
    }
  }
  return conductance;
}

struct Children {
  std::array<std::size_t, 27> at;  ///< split indices
  std::size_t count = 0;
};

Children children_of(const SplitLayout& fine, const Transfer& transfer, std::array<int, 3> coarse) {
  const auto [begin, end] = children_box(fine.n, transfer, coarse);
  Children children;
  for (int k = begin[2]; k < end[2]; ++k) {
    for (int j = begin[1]; j < end[1]; ++j) {
      for (int i = begin[0]; i < end[0]; ++i) children.at[children.count++] = fine.index(i, j, k);
    }
  }
  return children;
}

// A voxel that takes up far more than its siblings is fed through its faces: what it draws beyond them is limited by
// its coupling, as of two conductances in series. Without this a lone strong sink would pin the whole coarse voxel.
double merged_mass(const double* mass, const Children& children, double coupling) {
  double least = mass[children.at[0]], sum = 0.0;
  for (std::size_t c = 1; c < children.count; ++c) least = std::min(least, mass[children.at[c]]);
  for (std::size_t c = 0; c < children.count; ++c) {
    const double excess = mass[children.at[c]] - least;
    sum += least + (excess > 0.0 ? excess * coupling / (excess + coupling) : 0.0);
  }
  return sum;
}

}  // namespace

std::vector<Level> make_levels(const grid::Geometry& geometry) {
  std::array<Axis, 3> axes;
  for (std::size_t a = 0; a < 3; ++a) {
    axes[a].width = geometry.spacing[a];
    for (int i = 0; i <= geometry.n[a]; ++i) axes[a].edge.push_back(i * geometry.spacing[a]);
  }
  const std::array<bool, 3> coupled{true, true, !geometry.two_dimensional};
  std::vector<Level> levels;
  levels.emplace_back(geometry.n);
  while (true) {
    Transfer transfer;
    transfer.halved = choose_axes(axes, coupled);
    if (!transfer.halved[0] && !transfer.halved[1] && !transfer.halved[2]) return levels;
    std::array<int, 3> n{};
    for (std::size_t a = 0; a < 3; ++a) {
      const Axis coarse = transfer.halved[a] ? halve(axes[a]) : axes[a];
      set_weights(axes[a], coarse, transfer.halved[a], transfer.own[a], transfer.other[a]);
      axes[a] = coarse;
      n[a] = static_cast<int>(coarse.edge.size()) - 1;
    }
    split_by_parity(transfer);
    levels.back().to_coarser = std::move(transfer);
    levels.emplace_back(n);
  }
}

void coarsen_faces(const Stencil& fine, const Transfer& transfer, Stencil& coarse, const Executor& executor) {
  const SplitLayout& layout = coarse.layout;
  coarse.per_face = true;
  for (auto& column : coarse.upper_face) column.assign(layout.size(), 0.0);
  for_rows(coarse, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      const int j = static_cast<int>(r) % layout.n[1], k = static_cast<int>(r) / layout.n[1];
      for (int i = 0; i < layout.n[0]; ++i) {
        const std::array<int, 3> at{i, j, k};
        for (std::size_t axis = 0; axis < 3; ++axis) {
          if (at[axis] + 1 < layout.n[axis]) {
            coarse.upper_face[axis][layout.index(i, j, k)] = coarse_face(fine, transfer, axis, at);
          }
        }
      }
    }
  });
}

void weigh_by_faces(const Stencil& fine, Transfer& transfer, const Executor& executor) {
  const SplitLayout& layout = fine.layout;
  transfer.by_faces = true;
  for (auto& column : transfer.toward) column.assign(layout.size(), 0.0f);
  for_rows(fine, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      const int j = static_cast<int>(r) % layout.n[1], k = static_cast<int>(r) / layout.n[1];
      for (int i = 0; i < layout.n[0]; ++i) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
          if (!transfer.halved[axis]) continue;
          transfer.toward[axis][layout.index(i, j, k)] = static_cast<float>(weight_toward(fine, axis, {i, j, k}));
        }
      }
    }
  });
}

void coarsen_mass(const Stencil& fine, const Transfer& transfer, double coupling, Stencil& coarse,
                  const Executor& executor) {
  const SplitLayout &from = fine.layout, &to = coarse.layout;
  for_rows(coarse, executor, [&](std::size_t first, std::size_t end) {
    for (std::size_t r = first; r < end; ++r) {
      const int j = static_cast<int>(r) % to.n[1], k = static_cast<int>(r) / to.n[1];
      for (int i = 0; i < to.n[0]; ++i) {
        const Children child = children_of(from, transfer, {i, j, k});
        coarse.diagonal[to.index(i, j, k)] = merged_mass(fine.diagonal.data(), child, coupling);
      }
    }
  });
}

}  // namespace senoma::field
