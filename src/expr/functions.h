// Functions that are made of several nodes, for the parser and for whoever builds graphs directly.
#pragma once

#include "expr/graph.h"

namespace senoma::expr {

/// x^n/(k^n + x^n) for x > 0, 0 for x ≤ 0. Written with u = min(x/k, k/x), so that no power overflows and neither value
/// nor derivative loses digits anywhere; at x = 0 the derivative is the right one (1/k for n = 1, 0 for n > 1), or 0
/// for n < 1 where it would be infinite.
[[nodiscard]] NodeId hill(Graph& graph, NodeId x, NodeId k, NodeId n);

/// max(lo, min(x, hi)).
[[nodiscard]] NodeId clamp(Graph& graph, NodeId x, NodeId lo, NodeId hi);

/// ln x / ln base; log10 for base 10.
[[nodiscard]] NodeId logarithm(Graph& graph, NodeId base, NodeId x);

/// x^(1/n); sqrt for n = 2.
[[nodiscard]] NodeId root(Graph& graph, NodeId n, NodeId x);

}  // namespace senoma::expr
