// The readers of the parts of a model file, each filling its part of the description. Order matters where a part
// refers to another: substrates before cells (dimensions), networks after cells (coupled inputs), drugs last.
#pragma once

#include <string>
#include <vector>

#include "engine/behaviours.h"
#include "model/cursor.h"
#include "model/load.h"

namespace senoma::model {

using engine::for_substrate;  // the dimension of a key that belongs to a substrate

/// What readers share.
struct Reading {
  const Registry& registry;
  ResolvedModel& model;
  std::span<const engine::Mechanism> mechanisms;
  bool check_machine = true;  ///< compare the need of memory with this machine

  [[nodiscard]] engine::Description& description() { return model.description; }
  [[nodiscard]] Cursor root() const { return {&model.resolved.root, &registry.root(), "", model.resolved.root.where}; }
  void warn(std::string sentence) { model.warnings.push_back(std::move(sentence)); }

  [[nodiscard]] const engine::Substrate* substrate(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> substrate_names() const;
  [[nodiscard]] std::vector<std::string> cell_type_names() const;  ///< as in the file, also before they are read

  /// A behaviour's dimension by its phrase ("LIGAND secretion"); E1206 with the nearest.
  [[nodiscard]] Dimension behaviour_dimension(const std::string& phrase, const SourcePosition& where) const;
  [[nodiscard]] std::vector<std::string> behaviour_phrases() const;
  [[nodiscard]] bool is_behaviour(const std::string& phrase) const;
  /// A signal's dimension where the name alone tells it (substrates, drugs, parameters, cell columns).
  [[nodiscard]] std::optional<Dimension> signal_dimension(const std::string& phrase) const;
};

void read_world(Reading& reading);  ///< model, parameters, domain, time
void read_substrates(Reading& reading);
void read_cells(Reading& reading);
void read_contact_signals(Reading& reading);  ///< of all cell types, once their states are known
void read_attacks(Reading& reading);          ///< likewise
void read_arrivals(const Cursor& arrivals, engine::CellType& into);
void read_initial_cells(Reading& reading, const Cursor& type, engine::CellType& into);
void read_systemic(Reading& reading);
void read_networks(Reading& reading);
void read_drugs(Reading& reading);
/// only_if, readout and its thresholds of one row of a schedule; none where the row has no such key.
[[nodiscard]] std::optional<engine::DoseRule> read_dose_rule(const Reading& reading, const Cursor& row,
                                                             const std::string& number);
void read_interventions(Reading& reading);
void read_experiment(Reading& reading);  ///< readouts, experiment, arms, compare
/// References that need everything read: targets of drugs and interventions, names in couplings.
void check_references(Reading& reading);
/// Levels that substrates take from the body exist: E1205, E1206.
void check_systemic_levels(const Reading& reading);
/// E1211, E1212: size and memory.
void check_memory(const Reading& reading, const Cursor& domain);

/// States that texts may name: the listed ones, and the dying ones that are defined.
[[nodiscard]] std::vector<std::string> nameable_states(const engine::CellType& type);

/// Rows of a CSV of first cells. Throws E1214 with file and line.
struct CellRow {
  std::array<double, 3> position{};
  std::string state;
  int line = 0;
};
[[nodiscard]] std::vector<CellRow> read_cell_table(const std::string& text, const std::string& file);

}  // namespace senoma::model
