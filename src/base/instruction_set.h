// Which instruction set the kernels (base/kernel.h) run on. The results have the same bits on all of them, because the
// build forbids contraction to FMA and sums keep their order; pinning one is for proving that and for measuring.
//
// Thread statement: one setting per process; set it before simulations start. Reading it is cheap and safe anywhere.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace senoma {

enum class InstructionSet : int { unknown = 0, baseline = 1, avx2 = 2, avx512 = 3 };

/// The widest that this processor and this build support.
[[nodiscard]] InstructionSet widest_instruction_set();
/// Throws E1301 when the processor or the build does not support it.
void set_instruction_set(InstructionSet set);
/// "x86-64" (SSE2), "x86-64-v3" (AVX2), "x86-64-v4" (AVX-512); "generic" elsewhere.
[[nodiscard]] std::string name(InstructionSet set);
/// From "sse2", "avx2", "avx512", "widest" or what name() gives; empty when it is none of them.
[[nodiscard]] std::optional<InstructionSet> parse_instruction_set(std::string_view text);

namespace detail {
extern std::atomic<InstructionSet> chosen_instruction_set;
InstructionSet choose_instruction_set();
}  // namespace detail

/// The one in use.
[[nodiscard]] inline InstructionSet instruction_set() {
  const InstructionSet set = detail::chosen_instruction_set.load(std::memory_order_relaxed);
  return set == InstructionSet::unknown ? detail::choose_instruction_set() : set;
}

}  // namespace senoma
