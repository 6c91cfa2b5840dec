// Expressions of one cell type, compiled over signals and the quantities of the type's network, and run over the cells
// of that type. One graph per type, so that sub-expressions shared between rules, hazards and couplings cost once.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/parallel.h"
#include "engine/description.h"
#include "engine/signals.h"
#include "expr/parse.h"
#include "expr/program.h"
#include "state/world.h"

namespace senoma::engine {

/// Where a variable slot of the graph gets its values.
struct SlotSource {
  enum class Kind { column, scratch, uniform, constant };
  Kind kind = Kind::uniform;
  std::size_t index = 0;
  double value = 0.0;  ///< for constant
};

/// The input that stands for a node's activity, 1 in the wild type.
[[nodiscard]] inline std::string activity_name(const std::string& node) { return "activity(" + node + ")"; }

class ExpressionSet {
 public:
  /// `system` may be null. `state_columns`, `input_scratch`, `time_uniform` say where the network's variables live.
  ExpressionSet(const SignalTable& signals, const network::OdeSystem* system,
                std::span<const std::size_t> state_columns, std::span<const std::size_t> input_scratch,
                std::size_t time_uniform);

  /// What the name of a network node means: its level, or its level × activity, which is how it acts on behaviours and
  /// fates when a drug or intervention targets it. Readouts see levels.
  enum class Nodes { levels, acting };
  void nodes_are(Nodes meaning) { meaning_ = meaning; }
  /// Cells have no places: from now on `compile` refuses expressions that read x, y or z (E5020).
  void refuse_places(bool refused) { places_refused_ = refused; }
  [[nodiscard]] bool reads_places(expr::NodeId node) const;
  /// A signal that only this cell type has.
  void add_own(const std::string& name, const Signal& signal);

  /// Compiles a text; errors E2001–E2005, E5007 point into the model file. With `expected`, E1203 on another dimension
  /// (0 has every dimension).
  expr::Symbol compile(const Expression& expression, const Dimension* expected = nullptr);
  /// The node of a signal or network quantity by name; throws E2002.
  expr::Symbol symbol(const std::string& name, const SourcePosition& where);
  [[nodiscard]] std::optional<expr::Symbol> find(const std::string& name);
  expr::NodeId source(const SlotSource& source);

  [[nodiscard]] expr::Graph& graph() { return graph_; }
  [[nodiscard]] const std::vector<SlotSource>& slots() const { return slots_; }

 private:
  struct NetworkName {
    expr::NodeId level, acting;
    Dimension dimension;
  };
  [[nodiscard]] expr::Symbol network_symbol(const NetworkName& name) const {
    return {meaning_ == Nodes::acting ? name.acting : name.level, name.dimension};
  }
  Nodes meaning_ = Nodes::acting;
  bool places_refused_ = false;
  [[nodiscard]] const Signal* signal_named(const std::string& name) const;
  const SignalTable* signals_;
  std::map<std::string, Signal> own_;
  expr::Graph graph_;
  std::vector<SlotSource> slots_;
  std::map<std::string, NetworkName> network_names_;
};

/// The cells of one type: ascending indices.
struct LaneSet {
  std::span<const std::uint32_t> cells;
  bool all = false;  ///< every cell of the world, so that columns need no packing
};

/// A compiled set of outputs of an ExpressionSet.
class LaneProgram {
 public:
  LaneProgram() = default;
  LaneProgram(ExpressionSet& expressions, const std::vector<expr::NodeId>& outputs);

  [[nodiscard]] bool empty() const { return n_outputs_ == 0; }
  [[nodiscard]] std::size_t n_outputs() const { return n_outputs_; }

  /// Runs over the lanes in blocks; `take(first, cells, outputs)` gets the number of the block's first lane, its cell
  /// indices and, per output, a packed array. Blocks may run concurrently; a block owns its cells.
  using Take = std::function<void(std::size_t first, std::span<const std::uint32_t> cells,
                                  std::span<const double* const> outputs)>;
  void run(const state::World& world, const SignalValues& values, const LaneSet& lanes, const Executor& executor,
           const Take& take) const;

  static constexpr std::size_t block_lanes = 512;

 private:
  std::vector<SlotSource> slots_;
  std::vector<std::int32_t> used_;
  expr::Program program_;
  std::size_t n_outputs_ = 0;
};

/// E1203 when the result of `text` has not the dimension that is expected; a constant 0 has every one.
void check_dimension(const expr::Graph& graph, const expr::Symbol& result, const std::string& text,
                     const Dimension* expected);

/// Shifts a position inside an expression's text to its place in the model file.
[[nodiscard]] Error relocate(Error error, const SourcePosition& where);

}  // namespace senoma::engine
