#include "base/instruction_set.h"

#include "base/error.h"
#include "base/kernel.h"

namespace senoma {

namespace detail {

std::atomic<InstructionSet> chosen_instruction_set{InstructionSet::unknown};

InstructionSet choose_instruction_set() {
  auto expected = InstructionSet::unknown;
  chosen_instruction_set.compare_exchange_strong(expected, widest_instruction_set());
  return chosen_instruction_set.load();
}

}  // namespace detail

InstructionSet widest_instruction_set() {
#ifdef SENOMA_KERNEL_CLONES
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return InstructionSet::avx512;
  if (__builtin_cpu_supports("x86-64-v3")) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}

void set_instruction_set(InstructionSet set) {
  if (set == InstructionSet::unknown) set = widest_instruction_set();
  if (set > widest_instruction_set()) {
    throw Error("E1301", "this processor or build does not support the instruction set " + name(set))
        .help("the widest here is " + name(widest_instruction_set()) + "; results do not depend on the choice");
  }
  detail::chosen_instruction_set.store(set);
}

std::string name(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx512:
      return "x86-64-v4";
    case InstructionSet::avx2:
      return "x86-64-v3";
    default:
#ifdef __x86_64__
      return "x86-64";
#else
      return "generic";
#endif
  }
}

std::optional<InstructionSet> parse_instruction_set(std::string_view text) {
  if (text == "widest") return InstructionSet::unknown;
  for (const auto& [word, set] : {std::pair<std::string_view, InstructionSet>{"sse2", InstructionSet::baseline},
                                  {"avx2", InstructionSet::avx2},
                                  {"avx512", InstructionSet::avx512}}) {
    if (text == word || text == name(set)) return set;
  }
  return std::nullopt;
}

}  // namespace senoma
