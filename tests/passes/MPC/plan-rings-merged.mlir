// A truncation inside an opening reads the widest ring, unless a narrowing
// before the opening does the same.
// RUN: secformer-opt %s -split-input-file --secformer-plan-rings | FileCheck %s
// RUN: not secformer-opt %s -split-input-file --secformer-plan-rings=max-ring=50 2>/dev/null | FileCheck %s --check-prefix=FIFTY
// RUN: secformer-opt %s -split-input-file --secformer-plan-rings=save-rounds=true | FileCheck %s --check-prefix=SAVE
// RUN: not secformer-opt %s -split-input-file --secformer-plan-rings=max-ring=28 2>&1 | FileCheck %s --check-prefix=NARROW

// The product below 2^30 at scale 24 needs 55 bits to be revealed: 55 + 12 are
// too many for a narrowing. So the wire before the opening is as wide as it may
// be.
// CHECK-LABEL: @wide
// CHECK-NEXT: mpc.input {{.*}} ring 64
// CHECK-NEXT: mpc.share {{.*}} -> <4, scale 24, ring 64>
// CHECK-NEXT: mpc.truncate_open {{.*}} : <4, scale 24, ring 64> -> <4, scale 12, ring 55>
// CHECK-NEXT: mpc.mul {{.*}} -> !mpc.shared<4, scale 24, ring 55>
// CHECK-NEXT: mpc.reveal
// NARROW: error: ring too narrow for the range: 'mpc.truncate_open' needs a ring of 29 bits, at most 28 are allowed; values up to 7.000000e+00 at scale 24
func.func @wide() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 24, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 24, ring 64, by 1> -> <4, scale 24, ring 64>
  %2 = mpc.truncate_open %1 bound 7.0 : <4, scale 24, ring 64> -> <4, scale 12, ring 64>
  %3 = mpc.mul %2, %2 : (!mpc.masked<4, scale 12, ring 64>, !mpc.masked<4, scale 12, ring 64>) -> !mpc.shared<4, scale 24, ring 64>
  %4 = mpc.reveal %3 bound 1073741823.0 : <4, scale 24, ring 64> -> <4, scale 24, ring 64, by 1>
  mpc.output "y" %4 : <4, scale 24, ring 64, by 1>
  return
}

// -----

// 40 bits are revealed: a narrowing by 12 needs 52, and 40 are opened, not 64.
// Where only 50 are allowed, it cannot be.
// CHECK-LABEL: @narrowed
// CHECK-NEXT: mpc.input {{.*}} ring 52
// CHECK-NEXT: mpc.share
// CHECK-NEXT: mpc.narrow {{.*}} : <4, scale 24, ring 52> -> <4, scale 12, ring 40>
// CHECK-NEXT: %[[O:.*]] = mpc.open {{.*}} : <4, scale 12, ring 40> -> <4, scale 12, ring 40>
// CHECK-NEXT: %[[R:.*]] = mpc.reduce %[[O]] {{.*}} -> !mpc.masked<4, scale 12, ring 16>
// CHECK-NEXT: mpc.unmask %[[R]]
// CHECK-NEXT: mpc.reveal
// CHECK: mpc.mul %[[O]], %[[O]] : {{.*}} -> !mpc.shared<4, scale 24, ring 40>
// FIFTY-LABEL: @narrowed
// FIFTY: mpc.truncate_open {{.*}} statistical : <4, scale 24, ring 50> -> <4, scale 12, ring 40>
func.func @narrowed() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 24, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 24, ring 64, by 1> -> <4, scale 24, ring 64>
  %2 = mpc.truncate_open %1 bound 7.0 statistical : <4, scale 24, ring 64> -> <4, scale 12, ring 64>
  %3 = mpc.unmask %2 : <4, scale 12, ring 64> -> <4, scale 12, ring 64>
  %4 = mpc.reveal %3 bound 7.0 : <4, scale 12, ring 64> -> <4, scale 12, ring 64, by 1>
  mpc.output "x" %4 : <4, scale 12, ring 64, by 1>
  %5 = mpc.mul %2, %2 : (!mpc.masked<4, scale 12, ring 64>, !mpc.masked<4, scale 12, ring 64>) -> !mpc.shared<4, scale 24, ring 64>
  %6 = mpc.reveal %5 bound 32767.0 : <4, scale 24, ring 64> -> <4, scale 24, ring 64, by 1>
  mpc.output "y" %6 : <4, scale 24, ring 64, by 1>
  return
}

// -----

// Values up to 1 at scale 24 fit 27 bits, the result needs 16: one too many for
// a narrowing by 12, unless a bit more before it is worth a round.
// CHECK-LABEL: @not_opened
// CHECK: mpc.truncate {{.*}} : <4, scale 24, ring 27> -> <4, scale 12, ring 16>
// SAVE-LABEL: @not_opened
// SAVE: mpc.narrow {{.*}} : <4, scale 24, ring 28> -> <4, scale 12, ring 16>
func.func @not_opened() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 24, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 24, ring 64, by 1> -> <4, scale 24, ring 64>
  %2 = mpc.truncate %1 bound 1.0 : <4, scale 24, ring 64> -> <4, scale 12, ring 64>
  %3 = mpc.reveal %2 bound 7.0 : <4, scale 12, ring 64> -> <4, scale 12, ring 64, by 1>
  mpc.output "y" %3 : <4, scale 12, ring 64, by 1>
  return
}
