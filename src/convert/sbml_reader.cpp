// libSBML's document to convert::sbml::Document. See sbml_document.h for why libSBML stays in here.
#include <sbml/SBMLTypes.h>
#include <sbml/conversion/ConversionProperties.h>
#include <sbml/packages/comp/common/CompExtensionTypes.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <mutex>

#include "base/error.h"
#include "convert/sbml_document.h"
#include "convert/sbml_reader_math.h"
#include "convert/sbml_text_check.h"

namespace senoma::convert::sbml {
namespace {

int line_of(const SBase& element) { return static_cast<int>(element.getLine()); }

[[noreturn]] void throw_unreadable(const std::string& message, const std::string& file, int line) {
  throw Error("E3002", message)
      .at({file, line, 0, 0})
      .help(
          "repair the file in the program that wrote it; "
          "Senoma reads SBML Level 1 to 3");
}

std::string first_line(std::string text) {
  text.erase(0, text.find_first_not_of(" \n\t\r"));
  text = text.substr(0, text.find('\n'));
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

/// Packages we judge ourselves, by their effect on the model; XML without an encoding is UTF-8 by its own rules.
bool harmless(const SBMLError& error) {
  const unsigned int id = error.getErrorId();
  return id == RequiredPackagePresent || id == UnrequiredPackagePresent || id == MissingXMLEncoding;
}

/// The finding in words: its title, and the last sentence of its text, which names the elements.
std::string words_of(const SBMLError& error) {
  std::string text = error.getMessage();
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.pop_back();
  std::string detail = first_line(text.substr(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n')));
  if (detail.size() > 300) detail = detail.substr(0, 300) + "…";
  const std::string title = first_line(error.getShortMessage());
  return detail.empty() ? title : title.empty() ? detail : title + ": " + detail;
}

void throw_library_errors(const SBMLDocument& document, const std::string& file) {
  const SBMLError* first = nullptr;
  int count = 0;
  for (unsigned int i = 0; i < document.getNumErrors(); ++i) {
    const SBMLError* error = document.getError(i);
    if (!(error->isError() || error->isFatal()) || harmless(*error)) continue;
    ++count;
    if (first == nullptr) first = error;
  }
  if (first == nullptr) return;
  std::string message = "not valid SBML: " + words_of(*first);
  if (count > 1) message += " (and " + std::to_string(count - 1) + " more findings)";
  throw_unreadable(message, file, static_cast<int>(first->getLine()));
}

class Reader {
 public:
  explicit Reader(Document& out) : out_(out) {}

  void read(SBMLDocument& document) {
    const Model& model = *document.getModel();
    out_.id = model.getId();
    out_.name = model.getName();
    read_packages(document);
    read_model_units(model);
    for_each(model.getListOfFunctionDefinitions(), &Reader::read_function);
    for_each(model.getListOfCompartments(), &Reader::read_compartment);
    for_each(model.getListOfSpecies(), &Reader::read_species);
    for_each(model.getListOfParameters(), &Reader::read_parameter);
    for_each(model.getListOfInitialAssignments(), &Reader::read_initial_assignment);
    for_each(model.getListOfRules(), &Reader::read_rule);
    for_each(model.getListOfReactions(), &Reader::read_reaction);
    for_each(model.getListOfEvents(), &Reader::read_event);
    if (model.getNumConstraints() > 0) {
      note("constraints do not act on the simulation and are ignored", *model.getConstraint(0));
    }
  }

 private:
  template <class Element>
  void for_each(const ListOf* list, void (Reader::*read_one)(const Element&)) {
    for (unsigned int i = 0; i < list->size(); ++i) {
      if (const auto* element = dynamic_cast<const Element*>(list->get(i))) (this->*read_one)(*element);
    }
  }

  void note(const std::string& text, const SBase& element) {
    out_.notes.push_back(text + " (line " + std::to_string(line_of(element)) + ")");
  }
  void refuse(const std::string& what, const SBase& element) { out_.unsupported.push_back({what, line_of(element)}); }

  MaybeMath math_of(const ASTNode* node, const std::string& where, const SBase& element) {
    if (node == nullptr) return std::nullopt;
    return read_math(*node, where, line_of(element), out_.unsupported);
  }

  void read_packages(SBMLDocument& document) {
    const XMLNamespaces* spaces = document.getNamespaces();
    for (int i = 0; spaces != nullptr && i < spaces->getLength(); ++i) {
      const std::string uri = spaces->getURI(i);
      const std::string root = "http://www.sbml.org/sbml/level3/version";
      if (uri.rfind(root, 0) != 0) continue;
      const std::size_t begin = root.size() + 2;  // past "1/"
      const std::string package = begin < uri.size() ? uri.substr(begin, uri.find('/', begin) - begin) : "";
      if (package.empty() || package == "core" || package == "l3v2extendedmath") continue;
      judge_package(document, package, uri);
    }
  }

  void judge_package(SBMLDocument& document, const std::string& package, const std::string& uri) {
    const bool required = !document.isSetPackageRequired(uri) || document.getPackageRequired(uri);
    if (required) {
      refuse("package '" + package + "'", document);
    } else {
      note("package '" + package + "' does not change the dynamics and is ignored", document);
      if (package == "fbc") flux_balance_ = true;
    }
  }

  void read_model_units(const Model& model) {
    const bool level2 = out_.level <= 2;  // whose built-in units can be redefined under these names
    out_.substance_units = level2 ? "substance" : model.getSubstanceUnits();
    out_.time_units = level2 ? "time" : model.getTimeUnits();
    out_.volume_units = level2 ? "volume" : model.getVolumeUnits();
    out_.area_units = level2 ? "area" : model.getAreaUnits();
    out_.length_units = level2 ? "length" : model.getLengthUnits();
    out_.extent_units = level2 ? "substance" : model.getExtentUnits();
    out_.conversion_factor = model.getConversionFactor();
    for (unsigned int i = 0; i < model.getNumUnitDefinitions(); ++i) {
      const ::UnitDefinition& source = *model.getUnitDefinition(i);
      UnitDefinition unit;
      unit.id = source.getId();
      for (unsigned int k = 0; k < source.getNumUnits(); ++k) {
        const Unit& factor = *source.getUnit(k);
        unit.factors.push_back({UnitKind_toString(factor.getKind()), factor.getExponentAsDouble(),
                                factor.getMultiplier(), factor.getScale()});
      }
      out_.units.push_back(std::move(unit));
    }
  }

  void read_function(const ::FunctionDefinition& source) {
    FunctionDefinition function;
    function.id = source.getId();
    function.line = line_of(source);
    for (unsigned int i = 0; i < source.getNumArguments(); ++i) {
      const char* name = source.getArgument(i)->getName();
      function.arguments.emplace_back(name != nullptr ? name : "");
    }
    function.body = math_of(source.getBody(), "function definition '" + function.id + "'", source);
    out_.functions.push_back(std::move(function));
  }

  void read_compartment(const ::Compartment& source) {
    Compartment compartment;
    compartment.id = source.getId();
    if (source.isSetSize()) compartment.size = source.getSize();
    compartment.dimensions_known = out_.level < 3 || source.isSetSpatialDimensions();
    compartment.dimensions = compartment.dimensions_known ? source.getSpatialDimensionsAsDouble() : 3.0;
    compartment.units = source.getUnits();
    compartment.constant = source.getConstant();
    compartment.line = line_of(source);
    out_.compartments.push_back(std::move(compartment));
  }

  void read_species(const ::Species& source) {
    Species species;
    species.id = source.getId();
    species.compartment = source.getCompartment();
    species.substance_units = source.getSubstanceUnits();
    species.conversion_factor = source.getConversionFactor();
    if (source.isSetInitialAmount()) species.amount = source.getInitialAmount();
    if (source.isSetInitialConcentration()) species.concentration = source.getInitialConcentration();
    species.only_substance = source.getHasOnlySubstanceUnits();
    species.boundary = source.getBoundaryCondition();
    species.constant = source.getConstant();
    species.line = line_of(source);
    out_.species.push_back(std::move(species));
  }

  template <class Source>
  static Parameter parameter_of(const Source& source) {
    Parameter parameter;
    parameter.id = source.getId();
    parameter.units = source.getUnits();
    if (source.isSetValue()) parameter.value = source.getValue();
    parameter.constant = source.getConstant();
    parameter.line = line_of(source);
    return parameter;
  }

  void read_parameter(const ::Parameter& source) { out_.parameters.push_back(parameter_of(source)); }

  void read_initial_assignment(const ::InitialAssignment& source) {
    const std::string where = "initial assignment of '" + source.getSymbol() + "'";
    auto math = math_of(source.getMath(), where, source);
    if (!math) return note("the " + where + " has no math and no effect", source);
    out_.initial_assignments.push_back({source.getSymbol(), std::move(*math), line_of(source)});
  }

  void read_rule(const ::Rule& source) {
    Rule rule;
    rule.line = line_of(source);
    rule.kind = source.isAlgebraic() ? RuleKind::algebraic : source.isRate() ? RuleKind::rate : RuleKind::assignment;
    if (rule.kind != RuleKind::algebraic) rule.variable = source.getVariable();
    const std::string where = rule.kind == RuleKind::algebraic ? "algebraic rule"
                              : rule.kind == RuleKind::rate    ? "rate rule of '" + rule.variable + "'"
                                                               : "assignment rule of '" + rule.variable + "'";
    auto math = math_of(source.getMath(), where, source);
    if (!math) return note("the " + where + " has no math and no effect", source);
    rule.math = std::move(*math);
    out_.rules.push_back(std::move(rule));
  }

  void read_reaction(const ::Reaction& source) {
    Reaction reaction;
    reaction.id = source.getId();
    reaction.line = line_of(source);
    const std::string name = "reaction '" + reaction.id + "'";
    reaction.fast = source.getFast();
    for (unsigned int i = 0; i < source.getNumReactants(); ++i) add_participant(reaction, *source.getReactant(i), -1.0);
    for (unsigned int i = 0; i < source.getNumProducts(); ++i) add_participant(reaction, *source.getProduct(i), 1.0);
    if (source.isSetKineticLaw()) read_kinetic_law(reaction, *source.getKineticLaw(), name);
    if (!reaction.rate) refuse(name + " without kinetic law" + (flux_balance_ ? " (package 'fbc')" : ""), source);
    out_.reactions.push_back(std::move(reaction));
  }

  void read_kinetic_law(Reaction& reaction, const KineticLaw& law, const std::string& name) {
    if (out_.level < 3) {
      for (unsigned int i = 0; i < law.getNumParameters(); ++i) {
        reaction.locals.push_back(parameter_of(*law.getParameter(i)));
      }
    } else {
      for (unsigned int i = 0; i < law.getNumLocalParameters(); ++i) {
        reaction.locals.push_back(parameter_of(*law.getLocalParameter(i)));
      }
    }
    reaction.rate = math_of(law.getMath(), "kinetic law of " + name, law);
  }

  void add_participant(Reaction& reaction, const ::SpeciesReference& source, double sign) {
    SpeciesReference reference;
    reference.id = source.getId();
    reference.species = source.getSpecies();
    reference.sign = sign;
    reference.line = line_of(source);
    reference.constant = out_.level < 3 || source.getConstant();
    if (source.isSetStoichiometryMath()) {
      const StoichiometryMath& math = *source.getStoichiometryMath();
      reference.stoichiometry_math = math_of(math.getMath(), "stoichiometry of '" + reference.species + "'", math);
    } else if (out_.level < 3 || source.isSetStoichiometry()) {
      reference.stoichiometry = source.getStoichiometry() / std::max(1, source.getDenominator());
    }
    reaction.participants.push_back(std::move(reference));
  }

  void read_event(const ::Event& source) {
    Event event;
    event.id = source.getId();
    event.line = line_of(source);
    const std::string name = event.id.empty() ? "event" : "event '" + event.id + "'";
    for (unsigned int i = 0; i < source.getNumEventAssignments(); ++i) {
      const ::EventAssignment& assignment = *source.getEventAssignment(i);
      auto math = math_of(assignment.getMath(), "assignment to '" + assignment.getVariable() + "' by " + name, source);
      if (math) event.assignments.push_back({assignment.getVariable(), std::move(*math), line_of(assignment)});
    }
    const Trigger* trigger = source.getTrigger();
    auto condition = trigger == nullptr ? MaybeMath{} : math_of(trigger->getMath(), "trigger of " + name, *trigger);
    if (!condition || event.assignments.empty()) return note(name + " changes nothing and is ignored", source);
    event.trigger = std::move(*condition);
    if (out_.level >= 3) {
      event.initial_trigger = trigger->getInitialValue();
      event.persistent = trigger->getPersistent();
    }
    event.values_at_trigger = source.getUseValuesFromTriggerTime();
    if (source.isSetDelay()) event.delay = math_of(source.getDelay()->getMath(), "delay of " + name, source);
    if (source.isSetPriority())
      event.priority = math_of(source.getPriority()->getMath(), "priority of " + name, source);
    out_.events.push_back(std::move(event));
  }

  Document& out_;
  bool flux_balance_ = false;
};

/// Models in other files: they must be files beside this one.
void require_external_models(const SBMLDocument& document, const std::string& file) {
  const auto* plugin = static_cast<const CompSBMLDocumentPlugin*>(document.getPlugin("comp"));
  for (unsigned int i = 0; plugin != nullptr && i < plugin->getNumExternalModelDefinitions(); ++i) {
    const ExternalModelDefinition& external = *plugin->getExternalModelDefinition(i);
    const std::filesystem::path source = external.getSource();
    std::error_code ignored;
    if (std::filesystem::is_regular_file(std::filesystem::path(file).parent_path() / source, ignored)) continue;
    throw Error("E3003", "the model refers to '" + source.string() + "', which is not a file beside it",
                ErrorKind::input_output)
        .at({file, static_cast<int>(external.getLine()), 0, 0})
        .help("put the file there; models at network addresses are not fetched");
  }
}

/// The model with its submodels written out in place (package comp). Throws E3002 where that is not possible.
void flatten(SBMLDocument& document, const std::string& file) {
  if (!document.isPackageEnabled("comp")) return;
  require_external_models(document, file);
  document.setLocationURI("file:" + file);  // other files are named relative to it
  ConversionProperties properties;
  properties.addOption("flatten comp", true);
  properties.addOption("performValidation", false);
  properties.addOption("leavePorts", false);
  if (document.convert(properties) == LIBSBML_OPERATION_SUCCESS && !document.isPackageEnabled("comp")) return;
  throw_library_errors(document, file);
  throw_unreadable("the submodels cannot be written out in place", file, 0);
}

/// One call into libSBML at a time, because it fills static tables on first use; what it throws means a broken file.
template <class Body>
void with_library(const std::string& file, const Body& body) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  try {
    body();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw_unreadable(std::string("not valid SBML: ") + error.what(), file, 0);
  }
}

}  // namespace

Document read_document(std::string_view text, const std::string& file) {
  check_text(text, file);
  Document out;
  out.file = file;
  with_library(file, [&] {
    const std::shared_ptr<SBMLDocument> document(readSBMLFromString(std::string(text).c_str()));
    if (document == nullptr) throw_unreadable("not readable as SBML", file, 0);
    throw_library_errors(*document, file);
    if (document->getModel() == nullptr) throw_unreadable("not SBML, or SBML without a model", file, 0);
    out.level = static_cast<int>(document->getLevel());
    out.version = static_cast<int>(document->getVersion());
    // Level 1 says nothing that Level 2 does not say too; libSBML writes its formulas as MathML and its names as ids.
    if (out.level == 1 && !document->setLevelAndVersion(2, 4, false)) throw_library_errors(*document, file);
    flatten(*document, file);
    out.library_document = document;
    Reader(out).read(*document);
  });
  return out;
}

void check_consistency(const Document& document) {
  with_library(document.file, [&] {
    auto& source = *static_cast<SBMLDocument*>(document.library_document.get());
    source.setConsistencyChecks(LIBSBML_CAT_GENERAL_CONSISTENCY, false);  // its search for cycles takes n⁴ time
    source.setConsistencyChecks(LIBSBML_CAT_UNITS_CONSISTENCY, false);
    source.setConsistencyChecks(LIBSBML_CAT_SBO_CONSISTENCY, false);
    source.setConsistencyChecks(LIBSBML_CAT_MODELING_PRACTICE, false);
    source.setConsistencyChecks(LIBSBML_CAT_OVERDETERMINED_MODEL, false);
    source.checkConsistency();
    throw_library_errors(source, document.file);
  });
}

void refuse_unsupported(const Document& document) {
  if (document.unsupported.empty()) return;
  auto items = document.unsupported;
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  std::string message = items.size() == 1 ? "SBML feature not supported: " : "SBML features not supported: ";
  for (std::size_t i = 0; i < items.size(); ++i) {
    message += (i > 0 ? "; " : "") + items[i].what + " (line " + std::to_string(items[i].line) + ")";
  }
  throw Error("E3001", message)
      .at({document.file, items.front().line, 0, 0})
      .help("remove or rewrite these parts; leaving them out silently would give wrong curves");
}

}  // namespace senoma::convert::sbml
