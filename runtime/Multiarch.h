//===- Multiarch.h - one loop, several instruction sets -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// SECFORMER_MULTIARCH on a function with a hot loop compiles it for AVX-512,
// AVX2 and the baseline; the loader picks. Off under sanitizers, whose
// run time is not ready when the loader picks.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_MULTIARCH_H
#define SECFORMER_RUNTIME_MULTIARCH_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SECFORMER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||     \
    __has_feature(memory_sanitizer)
#define SECFORMER_SANITIZED 1
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(SECFORMER_SANITIZED)
#define SECFORMER_MULTIARCH                                                    \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SECFORMER_MULTIARCH
#endif

/// For the helpers of such functions, so that they get the same treatment.
#define SECFORMER_INLINE inline __attribute__((always_inline))
#define SECFORMER_LAMBDA __attribute__((always_inline))

#endif // SECFORMER_RUNTIME_MULTIARCH_H
