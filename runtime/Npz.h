//===- Npz.h - numpy archives ---------------------------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Reads and writes .npz files: zip archives of .npy arrays (format versions 1
// to 3, little endian; float32, float64, int32, int64, bool).
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_NPZ_H
#define SECFORMER_RUNTIME_NPZ_H

#include "runtime/Tensor.h"

namespace secformer::runtime {

/// All arrays of the archive by name (without ".npy"). Arrays in Fortran order
/// are brought to C order. Throws Error naming the file and the entry.
TensorMap readNpz(const std::string &path);

/// Writes the arrays uncompressed, in order of their names and without dates:
/// the same arrays give the same bytes. The file appears complete or not at
/// all.
void writeNpz(const std::string &path, const TensorMap &tensors);

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_NPZ_H
