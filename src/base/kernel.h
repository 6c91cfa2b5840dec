// SENOMA_KERNEL: compiles an innermost loop function for AVX-512, AVX2 and the baseline, and picks one at start-up.
// Put it on the definition only, of a free function that holds the loop itself; what it calls must be inlined into it.
// The bits do not depend on the choice, because the build forbids contraction to FMA (-ffp-contract=off).
// Empty where it would not work: clang rejects it on some functions, and under TSan the resolver runs too early.
#pragma once

#if defined(__SANITIZE_THREAD__)
#define SENOMA_KERNEL
#elif defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(SENOMA_ONE_ISA)
#define SENOMA_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SENOMA_KERNEL
#endif

/// For the small functions a kernel calls: without it they might stay out of line, at baseline speed.
#if defined(__GNUC__) || defined(__clang__)
#define SENOMA_INLINE inline __attribute__((always_inline))
#else
#define SENOMA_INLINE inline
#endif
