//===- Intrinsics.h - functions for one instruction set -------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// For loops that compilers do not vectorise well; Multiarch.h for the others.
// Processor.h says at run time which sets are there.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_INTRINSICS_H
#define SECFORMER_RUNTIME_INTRINSICS_H

#ifdef __x86_64__
#include <immintrin.h>

#define SECFORMER_AVX2 __attribute__((target("arch=x86-64-v3")))
#define SECFORMER_AVX512 __attribute__((target("arch=x86-64-v4")))
#define SECFORMER_IFMA __attribute__((target("arch=x86-64-v4,avx512ifma")))
#define SECFORMER_VBMI __attribute__((target("arch=x86-64-v4,avx512vbmi")))

#ifndef __clang__ // GCC bug 105593: its own intrinsics
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#endif // __x86_64__

#endif // SECFORMER_RUNTIME_INTRINSICS_H
