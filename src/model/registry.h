// The one register of every key a model file may have: what kind of value it takes, its dimension, range, default and
// meaning. Checking, the JSON Schema, the reference page and `senoma explain KEY` all come from it. Keys of mechanisms
// are added from their declarations, so a new mechanism needs nothing here.
//
// A pattern is a key path with * for a name the model chooses and [] for the items of a list of tables:
// "substrates.*.diffusion", "cell.*.rule[].half". "*_readout" stands for any name with that ending.
//
// Threads: immutable after construction.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/units.h"
#include "engine/mechanism.h"

namespace senoma::model {

enum class Kind { table, quantity, number, count, boolean, text, choice, expression, file, list_of_tables, any };

/// Where a quantity's dimension comes from when it is not fixed.
enum class DimensionRule {
  fixed,
  substrate,  ///< that of the substrate the table is about, times `dimension`
  behaviour,  ///< that of the behaviour the rule acts on
  signal,     ///< that of the signal the rule reads, where it is known at reading
  network,    ///< that which the SBML file declares for the name
  any
};

struct Key {
  std::string pattern;
  Kind kind = Kind::table;
  DimensionRule rule = DimensionRule::fixed;
  Dimension dimension{};
  std::vector<Dimension> alternatives;       ///< further dimensions understood (a dose: mass, mass per area …)
  std::string words;                         ///< those in words, for messages; empty: describe(dimension)
  double minimum = -1e300, maximum = 1e300;  ///< internal units
  bool exclusive_minimum = false;
  std::vector<std::string> choices;
  std::string default_text;  ///< as it would be written; empty = none
  bool is_required = false;
  bool is_list = false;  ///< a list of such values; `or_single`: one value is understood too
  bool or_single = false;
  bool or_boolean = false;  ///< true and false stand for 1 and 0
  std::string doc;
  std::string since = "0.1";
  std::string mechanism;  ///< the mechanism that declares it; empty: the core

  Key& positive() {
    minimum = 0, exclusive_minimum = true;
    return *this;
  }
  Key& non_negative() {
    minimum = 0;
    return *this;
  }
  Key& range(double low, double high) {
    minimum = low, maximum = high;
    return *this;
  }
  Key& defaults(std::string text) {
    default_text = std::move(text);
    return *this;
  }
  Key& required() {
    is_required = true;
    return *this;
  }
  Key& list() {
    is_list = true;
    return *this;
  }
  Key& list_or_single() {
    is_list = or_single = true;
    return *this;
  }
  Key& from(DimensionRule r) {
    rule = r;
    return *this;
  }
  Key& also(std::vector<Dimension> more, std::string in_words) {
    alternatives = std::move(more), words = std::move(in_words);
    return *this;
  }
};

/// One place in the tree of patterns.
struct Node {
  Key key;  ///< kind table when only a step on the way
  std::map<std::string, std::unique_ptr<Node>> children;
  std::unique_ptr<Node> any;                             ///< "*"
  std::map<std::string, std::unique_ptr<Node>> endings;  ///< "*_readout" by "_readout"
  std::unique_ptr<Node> item;                            ///< "[]"
  bool dotted_keys = false;                              ///< "motility.speed" in quotes is understood as motility.speed

  /// The node below for a key of a file; null when there is none.
  [[nodiscard]] const Node* child(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> names() const;
  /// Whether names below are chosen by the model, so that "source" could be one of them.
  [[nodiscard]] bool names_are_free() const { return any != nullptr; }
};

class Registry {
 public:
  explicit Registry(std::span<const engine::Mechanism> mechanisms);

  [[nodiscard]] const Node& root() const { return root_; }
  /// The key of a pattern or of a path of a file ("substrates.oxygen.diffusion"); null if unknown.
  [[nodiscard]] const Node* find(const std::string& path) const;
  /// Every key with a kind other than table, sorted by pattern, parts of [profiles] left out.
  [[nodiscard]] std::vector<const Key*> keys() const;
  [[nodiscard]] std::span<const engine::Mechanism> mechanisms() const { return mechanisms_; }
  [[nodiscard]] const engine::MechanismDeclaration* mechanism(const std::string& name) const;

  // For the declarations in keys_*.cpp.
  Key& add(const std::string& pattern, Kind kind, std::string doc);
  Key& quantity(const std::string& pattern, Dimension dimension, std::string doc);
  Key& number(const std::string& pattern, std::string doc) { return add(pattern, Kind::number, std::move(doc)); }
  Key& text(const std::string& pattern, std::string doc) { return add(pattern, Kind::text, std::move(doc)); }
  Key& choice(const std::string& pattern, std::vector<std::string> choices, std::string doc);

 private:
  Node& node(const std::string& pattern);
  void add_mechanisms();

  Node root_;
  std::span<const engine::Mechanism> mechanisms_;
};

// Declarations, by part of the file.
void add_world_keys(Registry& registry);  ///< model, parameters, domain, time, substrates
void add_cell_keys(Registry& registry);   ///< cell.*
void add_network_keys(Registry& registry);
void add_therapy_keys(Registry& registry);     ///< drug, patient, intervention
void add_experiment_keys(Registry& registry);  ///< readout, experiment, arm, cohort, compare
void add_finding_keys(Registry& registry);     ///< finding
void add_study_keys(Registry& registry);       ///< study

/// The machine-readable schema of a model file (JSON Schema 2020-12), as text.
[[nodiscard]] std::string schema_json(const Registry& registry);
/// The reference page of all keys, in Markdown.
[[nodiscard]] std::string reference_markdown(const Registry& registry);
/// What `senoma explain KEY` prints; a key path of a file or a pattern, the name of a mechanism, or a behaviour phrase.
/// Throws E1111 with the nearest key.
[[nodiscard]] std::string explain(const Registry& registry, const std::string& key);

/// "length²/time" or the key's own words; for kinds without dimension "a text", "true or false", ….
[[nodiscard]] std::string describe(const Key& key);

}  // namespace senoma::model
