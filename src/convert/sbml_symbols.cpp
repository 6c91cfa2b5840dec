#include "convert/sbml_symbols.h"

#include "base/error.h"

namespace senoma::convert::sbml {
namespace {

class Collector {
 public:
  Collector(const Document& document, const std::vector<std::string>& implicit)
      : document_(document), implicit_(implicit) {}

  Symbols collect() {
    declare_all();
    attach_rules();
    attach_initial_assignments();
    attach_reactions();
    attach_events();
    mark_algebraic_unknowns();
    for (auto& symbol : out_.all) {
      if (symbol.role == Role::species) choose_what_slot_holds(symbol);
    }
    assign_slots();
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(const std::string& message, int line) const {
    throw Error("E3004", message).at({document_.file, line, 0, 0});
  }

  int add(Symbol symbol, bool global = true) {
    const int index = static_cast<int>(out_.all.size());
    if (global && !out_.by_name.emplace(symbol.name, index).second) {
      fail("the name '" + symbol.name + "' is declared twice", symbol.line);
    }
    out_.all.push_back(std::move(symbol));
    return index;
  }

  static Symbol make(const std::string& name, Role role, std::size_t index, int line, bool constant) {
    Symbol symbol;
    symbol.name = name;
    symbol.role = role;
    symbol.index = index;
    symbol.line = line;
    symbol.constant = constant;
    return symbol;
  }

  void declare_all() {
    for (std::size_t i = 0; i < document_.compartments.size(); ++i) {
      const auto& c = document_.compartments[i];
      Symbol symbol = make(c.id, Role::compartment, i, c.line, c.constant);
      symbol.declared = c.size;
      add(std::move(symbol));
    }
    for (std::size_t i = 0; i < document_.species.size(); ++i) declare_species(i);
    for (std::size_t i = 0; i < document_.parameters.size(); ++i) {
      const auto& p = document_.parameters[i];
      Symbol symbol = make(p.id, Role::parameter, i, p.line, p.constant);
      symbol.declared = p.value;
      add(std::move(symbol));
    }
    for (std::size_t i = 0; i < document_.reactions.size(); ++i) declare_reaction(i);
  }

  void declare_species(std::size_t i) {
    const auto& s = document_.species[i];
    const int compartment = out_.find(s.compartment);
    if (compartment < 0 || out_.all[static_cast<std::size_t>(compartment)].role != Role::compartment) {
      fail("species '" + s.id + "' is in the unknown compartment '" + s.compartment + "'", s.line);
    }
    Symbol symbol = make(s.id, Role::species, i, s.line, s.constant);
    symbol.compartment = compartment;
    const auto& c = document_.compartments[out_.all[static_cast<std::size_t>(compartment)].index];
    const bool sizeless = c.dimensions == 0.0 && (document_.level == 2 || !c.size);
    symbol.means_amount = s.only_substance || sizeless;
    add(std::move(symbol));
  }

  void declare_reaction(std::size_t i) {
    const auto& r = document_.reactions[i];
    Symbol symbol = make(r.id, Role::reaction, i, r.line, true);
    symbol.math = r.rate ? &*r.rate : nullptr;
    symbol.math_name = "kinetic law of reaction '" + r.id + "'";
    symbol.math_line = r.line;
    add(std::move(symbol));
    auto& locals = out_.locals.emplace_back();
    for (std::size_t k = 0; k < r.locals.size(); ++k) {
      const auto& p = r.locals[k];
      Symbol local = make(r.id + "." + p.id, Role::parameter, k, p.line, true);
      local.declared = p.value;
      const int index = add(std::move(local), false);
      if (!locals.emplace(p.id, index).second) fail("the local parameter '" + p.id + "' is declared twice", p.line);
    }
    for (std::size_t k = 0; k < r.participants.size(); ++k) declare_stoichiometry(i, k);
  }

  void declare_stoichiometry(std::size_t reaction, std::size_t k) {
    const auto& reference = document_.reactions[reaction].participants[k];
    if (reference.id.empty()) return;
    Symbol symbol = make(reference.id, Role::stoichiometry, reaction, reference.line, reference.constant);
    symbol.declared = reference.stoichiometry;
    if (reference.stoichiometry_math) {
      symbol.change = Change::assigned;
      symbol.math = &*reference.stoichiometry_math;
      symbol.math_name = "stoichiometry '" + reference.id + "'";
      symbol.math_line = reference.line;
    }
    add(std::move(symbol));
  }

  Symbol& target(const std::string& name, int line, const std::string& what) {
    const int index = out_.find(name);
    if (index < 0) fail("the " + what + " names '" + name + "', which is not declared", line);
    Symbol& symbol = out_.all[static_cast<std::size_t>(index)];
    if (symbol.role == Role::reaction) fail("the " + what + " sets a reaction", line);
    return symbol;
  }

  void attach_rules() {
    for (const auto& rule : document_.rules) {
      if (rule.kind == RuleKind::algebraic) continue;
      const bool rate = rule.kind == RuleKind::rate;
      const std::string what = std::string(rate ? "rate" : "assignment") + " rule of '" + rule.variable + "'";
      Symbol& symbol = target(rule.variable, rule.line, what);
      if (symbol.math != nullptr) fail("'" + rule.variable + "' is set by two rules", rule.line);
      if (symbol.constant) fail("the " + what + " sets a constant", rule.line);
      symbol.change = rate ? Change::rate_rule : Change::assigned;
      symbol.math = &rule.math;
      symbol.math_name = what;
      symbol.math_line = rule.line;
    }
  }

  void attach_initial_assignments() {
    for (const auto& assignment : document_.initial_assignments) {
      const std::string what = "initial assignment of '" + assignment.symbol + "'";
      Symbol& symbol = target(assignment.symbol, assignment.line, what);
      if (symbol.initial != nullptr) fail("'" + assignment.symbol + "' has two initial assignments", assignment.line);
      if (symbol.change == Change::assigned)
        fail("'" + assignment.symbol + "' has a rule and an initial assignment", assignment.line);
      symbol.initial = &assignment;
    }
  }

  void attach_reactions() {
    for (const auto& reaction : document_.reactions) {
      for (const auto& reference : reaction.participants) {
        const int index = out_.find(reference.species);
        if (index < 0 || out_.all[static_cast<std::size_t>(index)].role != Role::species) {
          fail("reaction '" + reaction.id + "' names '" + reference.species + "', which is not a species",
               reference.line);
        }
        Symbol& symbol = out_.all[static_cast<std::size_t>(index)];
        if (document_.species[symbol.index].boundary) continue;
        if (symbol.constant) {
          fail("species '" + symbol.name + "' is constant but reaction '" + reaction.id + "' changes it",
               reference.line);
        }
        if (symbol.math != nullptr) {
          fail("species '" + symbol.name + "' is changed by reaction '" + reaction.id + "' and by a rule", symbol.line);
        }
        symbol.change = Change::reactions;
      }
    }
  }

  void attach_events() {
    for (const auto& event : document_.events) {
      for (const auto& assignment : event.assignments) {
        const std::string what = "event" + (event.id.empty() ? "" : " '" + event.id + "'");
        Symbol& symbol = target(assignment.variable, assignment.line, what);
        if (symbol.constant) fail("the " + what + " sets '" + symbol.name + "', a constant", assignment.line);
        if (symbol.change == Change::assigned)
          fail("the " + what + " sets '" + symbol.name + "', which has an assignment rule", assignment.line);
        symbol.set_by_events = true;
        if (symbol.change == Change::none) symbol.change = Change::events;
      }
    }
  }

  /// The free quantities that the algebraic rules mention, directly or through rules and kinetic laws.
  void mark_algebraic_unknowns() {
    std::vector<bool> seen(out_.all.size(), false);
    for (const auto& rule : document_.rules) {
      if (rule.kind == RuleKind::algebraic) visit_names(rule.math, -1, seen);
    }
    for (const auto& name : implicit_) out_.all[static_cast<std::size_t>(out_.find(name))].change = Change::implicit;
  }

  void visit_names(const Math& math, int reaction, std::vector<bool>& seen) {
    if (math.op == MathOp::name) visit_name(math.name, reaction, seen);
    for (const auto& child : math.children) visit_names(child, reaction, seen);
  }

  void visit_name(const std::string& name, int reaction, std::vector<bool>& seen) {
    if (reaction >= 0 && out_.locals[static_cast<std::size_t>(reaction)].count(name) > 0) return;
    const int index = out_.find(name);
    if (index < 0) return;  // the translation of the rule reports it
    visit(index, seen);
  }

  void visit(int index, std::vector<bool>& seen) {
    if (seen[static_cast<std::size_t>(index)]) return;
    seen[static_cast<std::size_t>(index)] = true;
    Symbol& symbol = out_.all[static_cast<std::size_t>(index)];
    if (++depth_ > max_depth) fail("rules depend on each other in a chain too long to follow", symbol.line);
    if (symbol.role == Role::species && !symbol.means_amount) visit(symbol.compartment, seen);
    if (symbol.change == Change::assigned) {
      visit_names(*symbol.math, -1, seen);
    } else if (symbol.role == Role::reaction) {
      if (symbol.math != nullptr) visit_names(*symbol.math, static_cast<int>(symbol.index), seen);
    } else if (symbol.change == Change::none && !symbol.constant) {
      symbol.change = Change::solved;
    }
    --depth_;
  }

  /// A concentration where the compartment keeps its size, so that the state has the meaning users expect of its name;
  /// the amount where the size changes, because that is what reactions conserve. Without a size: what the file gives.
  void choose_what_slot_holds(Symbol& symbol) const {
    const Symbol& compartment = out_.all[static_cast<std::size_t>(symbol.compartment)];
    const bool changing = compartment.change != Change::none;
    const bool sized = compartment.initial != nullptr || (compartment.declared && *compartment.declared != 0.0);
    const bool given_as_amount = !document_.species[symbol.index].concentration;
    const bool amount_is_natural = changing || (!sized && given_as_amount);
    // An event that resizes the compartment keeps the amount, also where a rate rule speaks of the concentration.
    symbol.holds_amount = symbol.means_amount || (changing && compartment.set_by_events) ||
                          (symbol.change != Change::rate_rule && amount_is_natural);
  }

  void assign_slots() {
    for (std::size_t i = 0; i < out_.all.size(); ++i) {
      const Symbol& symbol = out_.all[i];
      const int index = static_cast<int>(i);
      if (symbol.is_state()) out_.states.push_back(index);
      if (symbol.is_constant()) out_.parameters.push_back(index);
      if (symbol.change == Change::solved) out_.unknowns.push_back(index);
    }
    const auto give = [&](int index) {
      out_.all[static_cast<std::size_t>(index)].slot = static_cast<std::int32_t>(out_.slot_owner.size());
      out_.slot_owner.push_back(index);
    };
    for (const int index : out_.states) give(index);
    out_.time_slot = static_cast<std::int32_t>(out_.slot_owner.size());
    out_.slot_owner.push_back(-1);
    for (const int index : out_.parameters) give(index);
    for (const int index : out_.unknowns) give(index);
  }

  static constexpr int max_depth = 1000;
  const Document& document_;
  const std::vector<std::string>& implicit_;
  Symbols out_;
  int depth_ = 0;
};

}  // namespace

int Symbols::find(const std::string& name) const {
  const auto found = by_name.find(name);
  return found == by_name.end() ? -1 : found->second;
}

Symbols collect_symbols(const Document& document, const std::vector<std::string>& implicit) {
  return Collector(document, implicit).collect();
}

}  // namespace senoma::convert::sbml
