// Any bytes as a model file: either an error with a code, a place inside the text and a remedy, or a model whose
// resolved text loads again to the same hash. The second half of the input, after a 0x1E byte, is an override.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "../unit/model/catalogue.h"
#include "model/check.h"

namespace {

using namespace senoma;

void check_place(const Error& error, const std::map<std::string, std::string>& sources) {
  if (error.code().empty() || model::render(error, sources).empty()) std::abort();
  if (!error.position()) return;
  const auto text = sources.find(error.position()->file);
  if (text == sources.end()) return;
  const auto lines = std::count(text->second.begin(), text->second.end(), '\n') + 1;
  if (error.position()->line < 0 || error.position()->line > lines || error.position()->column < 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  model::LoadOptions options;
  if (const auto cut = text.find('\x1e'); cut != std::string::npos) {
    options.overrides.push_back(text.substr(cut + 1));
    text.resize(cut);
  }
  const auto& mechanisms = model::test::mechanisms();
  std::map<std::string, std::string> sources;
  try {
    const auto loaded = model::load_text(text, "fuzz/model.toml", options, mechanisms, &sources);
    if (model::summary_text(loaded).empty()) std::abort();
    const std::string resolved = model::resolved_toml(loaded, mechanisms);
    try {
      if (model::load_text(resolved, "fuzz/model.toml", {}, mechanisms).hash != loaded.hash) std::abort();
    } catch (const Error& error) {
      std::fprintf(stderr, "%s\n%s\n", resolved.c_str(), error.what());
      std::abort();
    }
  } catch (const Error& error) {
    check_place(error, sources);
  }
  return 0;
}
