#include "study/build_info.h"

#include <fmt/core.h>

#include "base/instruction_set.h"

namespace senoma::study {

std::string program_version() { return SENOMA_VERSION; }

std::string instruction_set() { return name(senoma::instruction_set()); }

std::map<std::string, std::string> library_versions() {
#if defined(__clang__)
  const std::string compiler = fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  const std::string compiler = fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
  return {{"compiler", compiler},
          {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)}};
}

}  // namespace senoma::study
