//===- Bystander.h - a role that knows no value ---------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
// Follows a program by its types alone: the base of the roles that are not
// computing parties. Each overrides what gives it something.
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_RUNTIME_BYSTANDER_H
#define SECFORMER_RUNTIME_BYSTANDER_H

#include "runtime/Role.h"

namespace secformer::runtime {

class Bystander : public Role {
public:
#define SECFORMER_OPERATION(declaration) declaration override;
#include "runtime/Operations.inc"

protected:
  Bystander() : Role(0, false) {}
  ~Bystander() = default;

  Wire product(const Slot &x, const Slot &y, const WireType &result,
               const Bilinear &accumulate) override;
  Wire extendedProduct(const Slot &x, const Slot &y,
                       const WireType &result) override;
};

} // namespace secformer::runtime

#endif // SECFORMER_RUNTIME_BYSTANDER_H
