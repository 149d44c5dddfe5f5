//===- Error.h - the runtime's one user error -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Error is what a user can cause and mend (files, peers, options); its text is
// one line. A misuse of a role by a compiled program is a std::logic_error.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_ERROR_H
#define SECFORMER_RUNTIME_ERROR_H

#include <stdexcept>

namespace secformer::runtime {

class Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_ERROR_H
