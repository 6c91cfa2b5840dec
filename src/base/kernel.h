// SENOMA_KERNEL(type, name, (parameters), (arguments)) { body }
//
// defines a function that is compiled for AVX-512, AVX2 and the baseline and picks one at each call by
// base/instruction_set.h. For innermost loop functions: the loop itself stands in the body, and what it calls must be
// inlined into it (SENOMA_INLINE, lambdas with always_inline). The bits do not depend on the choice, because the build
// forbids contraction to FMA (-ffp-contract=off). Inside a struct it defines a member function whose body sees no
// `this`. One version only under clang, which compiles the fuzzers but not the product.
#pragma once

#include "base/instruction_set.h"

/// For the small functions a kernel calls: without it they might stay out of line, at baseline speed.
#if defined(__GNUC__) || defined(__clang__)
#define SENOMA_INLINE inline __attribute__((always_inline))
#else
#define SENOMA_INLINE inline
#endif

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(SENOMA_ONE_ISA)
#define SENOMA_KERNEL_CLONES 1
#define SENOMA_KERNEL(type, name, parameters, arguments)                                             \
  static SENOMA_INLINE type name##_body parameters;                                                  \
  __attribute__((target("arch=x86-64-v4"), noinline)) static type name##_avx512 parameters {         \
    return name##_body arguments;                                                                    \
  }                                                                                                  \
  __attribute__((target("arch=x86-64-v3"), noinline)) static type name##_avx2 parameters {           \
    return name##_body arguments;                                                                    \
  }                                                                                                  \
  __attribute__((noinline)) static type name##_baseline parameters { return name##_body arguments; } \
  type name parameters {                                                                             \
    switch (::senoma::instruction_set()) {                                                           \
      case ::senoma::InstructionSet::avx512:                                                         \
        return name##_avx512 arguments;                                                              \
      case ::senoma::InstructionSet::avx2:                                                           \
        return name##_avx2 arguments;                                                                \
      default:                                                                                       \
        return name##_baseline arguments;                                                            \
    }                                                                                                \
  }                                                                                                  \
  static SENOMA_INLINE type name##_body parameters
#else
#define SENOMA_KERNEL(type, name, parameters, arguments) type name parameters
#endif
