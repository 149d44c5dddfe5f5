// RUN: not secformer-opt %s --secformer-plan-rings=max-ring=48 -split-input-file -o /dev/null 2>&1 | FileCheck %s

// Values below 2^23 at scale 24: 47 bits and a sign are allowed, but not the
// one more that a truncation needs. (Revealed at once, its result would be a
// narrowing; the product needs all the bits.)
// CHECK-NOT: error:
// CHECK: [[#@LINE+11]]:8: error: ring too narrow for the range: 'mpc.truncate' needs a ring of 49 bits, at most 48 are allowed; values up to 8.388607e+06 at scale 24. Use fewer --fraction-bits, or calibrate with samples (--calibrate)
func.func @fits() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 24, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 24, ring 64, by 1> -> <4, scale 24, ring 64>
  %2 = mpc.reveal %1 bound 8388607.0 : <4, scale 24, ring 64> -> <4, scale 24, ring 64, by 1>
  mpc.output "y" %2 : <4, scale 24, ring 64, by 1>
  return
}
func.func @too_wide() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 24, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 24, ring 64, by 1> -> <4, scale 24, ring 64>
  %2 = mpc.truncate %1 bound 8388607.0 : <4, scale 24, ring 64> -> <4, scale 12, ring 64>
  %3 = mpc.open %2 : <4, scale 12, ring 64> -> <4, scale 12, ring 64>
  %4 = mpc.mul %3, %3 : (!mpc.masked<4, scale 12, ring 64>, !mpc.masked<4, scale 12, ring 64>) -> !mpc.shared<4, scale 24, ring 64>
  %5 = mpc.reveal %4 bound 8388607.0 : <4, scale 24, ring 64> -> <4, scale 24, ring 64, by 1>
  mpc.output "y" %5 : <4, scale 24, ring 64, by 1>
  return
}

// -----

// 14 bits to reveal, of 46 - 10 = 36 fewer.
// CHECK: error: ring too narrow for the range: 'mpc.narrow' needs a ring of 50 bits, at most 48 are allowed. Use fewer
func.func @narrowing() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<4, scale 46, ring 64, by 1>
  %1 = mpc.share %0 : <4, scale 46, ring 64, by 1> -> <4, scale 46, ring 64>
  %2 = mpc.narrow %1 : <4, scale 46, ring 64> -> <4, scale 10, ring 28>
  %3 = mpc.reveal %2 bound 5.0 : <4, scale 10, ring 28> -> <4, scale 10, ring 28, by 1>
  mpc.output "y" %3 : <4, scale 10, ring 28, by 1>
  return
}

// -----

// CHECK: error: expected straight-line code
func.func @two_blocks() {
  return
^next:
  return
}
