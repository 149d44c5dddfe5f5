//===- CppLiterals.h - values of the IR as text of C++ --------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_BACKEND_CPPLITERALS_H
#define SECFORMER_BACKEND_CPPLITERALS_H

#include "dialect/MPC/MPCOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <string>

namespace secformer {

/// A string literal that gives these bytes.
std::string quoted(llvm::StringRef text);
/// "{1, 2, 3}".
template <typename Range> std::string braced(const Range &values) {
  std::string result;
  llvm::raw_string_ostream out(result);
  out << '{';
  llvm::interleaveComma(values, out);
  out << '}';
  return result;
}
/// A tensor's shape.
std::string literal(mlir::RankedTensorType type);
/// A number that reads back as itself.
std::string decimal(double value);
/// A constant of the runtime's Univariate, named like the fit.
std::string fitDefinition(mpc::FitOp fit);

/// The types of wires, each a constant of the program: a temporary for every
/// use would make the C++ compiler several times slower.
class WireTypes {
public:
  /// The constant of a wire's shape, scale and ring.
  std::string operator[](mlir::Value wire);
  /// Their definitions.
  std::string definitions() const;

private:
  std::map<std::string, std::string> values; ///< by name
};

} // namespace secformer

#endif // SECFORMER_BACKEND_CPPLITERALS_H
