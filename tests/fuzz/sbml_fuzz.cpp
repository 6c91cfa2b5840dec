// Any bytes: the SBML reader answers with a network or with one of its errors; a network is whole (every node exists,
// every slot is inside) and its derivatives and outputs evaluate. Bytes that do not begin an XML document are taken as
// the content of a <model>, so that mutations reach beyond the envelope.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "convert/sbml.h"

namespace {

using namespace senoma;

constexpr std::string_view head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" "
    "level=\"3\" version=\"2\"><model id=\"m\">\n";
constexpr std::string_view tail = "</model></sbml>\n";

void require(bool condition) {
  if (!condition) std::abort();
}

void examine(const network::OdeSystem& system) {
  require(system.derivatives.size() == system.states.size());
  std::vector<double> values(system.n_slots(), 0.5);
  for (std::size_t i = 0; i < system.states.size(); ++i) values[i] = system.states[i].initial;
  for (std::size_t i = 0; i < system.parameters.size(); ++i) {
    values[static_cast<std::size_t>(system.parameter_slot(i))] = system.parameters[i].value;
  }
  std::vector<expr::NodeId> roots = system.derivatives;
  for (const auto& output : system.outputs) roots.push_back(output.node);
  for (const auto root : roots) {
    require(root >= 0 && static_cast<std::size_t>(root) < system.graph.size());
  }
  for (const auto slot : system.graph.variables(roots)) require(static_cast<std::size_t>(slot) < system.n_slots());
  for (std::size_t i = 0; i < roots.size() && i < 200; ++i) (void)expr::evaluate(system.graph, roots[i], values);
}

}  // namespace

/// libSBML loses its half-built document when one of its constructors throws; our own leaks are the unit tests' matter.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 65536) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string text(bytes);
  if (!bytes.starts_with("<?xml")) text = std::string(head) + text + std::string(tail);
  try {
    examine(convert::read_sbml_text(text).system);
  } catch (const Error& error) {
    const std::string& code = error.code();
    require(code == "E3001" || code == "E3002" || code == "E3004");
    require(!error.render(text).empty());
  }
  return 0;
}
