// Truncation happens inside the opening that follows.
// RUN: secformer-opt %s --secformer-merge-truncations | FileCheck %s
// RUN: secformer-opt %s --secformer-merge-truncations=mode=statistical | FileCheck %s --check-prefix=STATISTICAL
// RUN: secformer-opt %s --secformer-merge-truncations=bits=19 | FileCheck %s --check-prefix=MORE
// RUN: secformer-opt %s --secformer-merge-truncations=max-ring=50 | FileCheck %s --check-prefix=SMALL
// RUN: secformer-opt %s -o %t.before
// RUN: secformer-opt %s --secformer-merge-truncations=mode=exact | diff %t.before -
// RUN: not secformer-opt %s --secformer-merge-truncations=mode=fast 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: unknown truncation 'fast': expected exact, merged or statistical

// CHECK-LABEL: @opened
// CHECK-NEXT: %[[O:.*]] = mpc.truncate_open %arg0 bound 5.0{{.*}} : <2x2, scale 24, ring 64> -> <2x2, scale 12, ring 64>
// CHECK-NEXT: mpc.matmul %[[O]], %[[O]]
// CHECK-NEXT: return
// STATISTICAL-LABEL: @opened
// STATISTICAL-NEXT: mpc.truncate_open %arg0 bound 5.0{{.*}} statistical : <2x2, scale 24, ring 64> -> <2x2, scale 12, ring 64>
// STATISTICAL-NEXT: mpc.matmul
func.func @opened(%x: !mpc.shared<2x2, scale 24, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64> {
  %0 = mpc.truncate %x bound 5.0 : <2x2, scale 24, ring 64> -> <2x2, scale 12, ring 64>
  %1 = mpc.open %0 : <2x2, scale 12, ring 64> -> <2x2, scale 12, ring 64>
  %2 = mpc.matmul %1, %1 : (!mpc.masked<2x2, scale 12, ring 64>, !mpc.masked<2x2, scale 12, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64>
  return %2 : !mpc.shared<2x2, scale 24, ring 64>
}

// Readers of the shares get the shares of what is opened; two openings become
// one; what is watched is the opened wire.
// CHECK-LABEL: @readers
// CHECK-NEXT: %[[O:.*]] = mpc.truncate_open %arg0
// CHECK-NEXT: %[[S:.*]] = mpc.unmask %[[O]]
// CHECK-NEXT: mpc.probe 3 %[[O]]
// CHECK-NEXT: %[[T:.*]] = mpc.add %[[S]], %[[S]]
// CHECK-NEXT: return %[[O]], %[[O]], %[[T]]
func.func @readers(%x: !mpc.shared<2, scale 24, ring 64>)
    -> (!mpc.masked<2, scale 12, ring 64>, !mpc.masked<2, scale 12, ring 64>, !mpc.shared<2, scale 12, ring 64>) {
  %0 = mpc.truncate %x bound 5.0 : <2, scale 24, ring 64> -> <2, scale 12, ring 64>
  mpc.probe 3 %0 : !mpc.shared<2, scale 12, ring 64>
  %1 = mpc.add %0, %0 : (!mpc.shared<2, scale 12, ring 64>, !mpc.shared<2, scale 12, ring 64>) -> !mpc.shared<2, scale 12, ring 64>
  %2 = mpc.open %0 : <2, scale 12, ring 64> -> <2, scale 12, ring 64>
  %3 = mpc.open %0 : <2, scale 12, ring 64> -> <2, scale 12, ring 64>
  return %2, %3, %1 : !mpc.masked<2, scale 12, ring 64>, !mpc.masked<2, scale 12, ring 64>, !mpc.shared<2, scale 12, ring 64>
}

// What nobody opens, narrowings and weights stay as they are.
// CHECK-LABEL: @others
// CHECK-NEXT: mpc.param
// CHECK-NEXT: mpc.mask
// CHECK-NEXT: mpc.truncate %arg0 bound
// CHECK-NEXT: mpc.narrow %arg0
// CHECK-NEXT: mpc.open
// CHECK-NEXT: mpc.add
// CHECK-NEXT: mpc.open
// CHECK-NEXT: return
func.func @others(%x: !mpc.shared<2, scale 24, ring 64>)
    -> (!mpc.masked<2, scale 12, ring 64>, !mpc.masked<2, scale 12, ring 52>, !mpc.masked<2, scale 12, ring 64>) {
  %0 = mpc.param "w" at 0 : <2, scale 12, ring 64, by 0>
  %1 = mpc.mask %0 : <2, scale 12, ring 64, by 0> -> <2, scale 12, ring 64>
  %2 = mpc.truncate %x bound 5.0 : <2, scale 24, ring 64> -> <2, scale 12, ring 64>
  %3 = mpc.narrow %x : <2, scale 24, ring 64> -> <2, scale 12, ring 52>
  %4 = mpc.open %3 : <2, scale 12, ring 52> -> <2, scale 12, ring 52>
  %5 = mpc.add %2, %2 : (!mpc.shared<2, scale 12, ring 64>, !mpc.shared<2, scale 12, ring 64>) -> !mpc.shared<2, scale 12, ring 64>
  %6 = mpc.open %5 : <2, scale 12, ring 64> -> <2, scale 12, ring 64>
  return %1, %4, %6 : !mpc.masked<2, scale 12, ring 64>, !mpc.masked<2, scale 12, ring 52>, !mpc.masked<2, scale 12, ring 64>
}

// In a ring of 64, 2^10 values up to 2^28 risk 2^-26, and 2^10 values up to 2^34
// risk 2^-20: more than 2^-20 together. The second stays exact.
// CHECK-LABEL: @risk
// CHECK-NEXT: mpc.truncate %arg0 bound
// CHECK-NEXT: mpc.truncate_open %arg1
// CHECK-NEXT: mpc.open
// CHECK-NEXT: return
// STATISTICAL-LABEL: @risk
// STATISTICAL-NEXT: mpc.truncate %arg0 bound
// STATISTICAL-NEXT: mpc.truncate_open %arg1
// MORE-LABEL: @risk
// MORE-NEXT: mpc.truncate_open %arg0
// MORE-NEXT: mpc.truncate_open %arg1
// SMALL-LABEL: @risk
// SMALL-NOT: mpc.truncate_open
// SMALL: return
func.func @risk(%x: !mpc.shared<1024, scale 30, ring 64>, %y: !mpc.shared<1024, scale 24, ring 64>)
    -> (!mpc.masked<1024, scale 12, ring 64>, !mpc.masked<1024, scale 12, ring 64>) {
  %0 = mpc.truncate %x bound 16.0 : <1024, scale 30, ring 64> -> <1024, scale 12, ring 64>
  %1 = mpc.truncate %y bound 16.0 : <1024, scale 24, ring 64> -> <1024, scale 12, ring 64>
  %2 = mpc.open %0 : <1024, scale 12, ring 64> -> <1024, scale 12, ring 64>
  %3 = mpc.open %1 : <1024, scale 12, ring 64> -> <1024, scale 12, ring 64>
  return %2, %3 : !mpc.masked<1024, scale 12, ring 64>, !mpc.masked<1024, scale 12, ring 64>
}

// The first truncation becomes a narrowing when rings are planned: it stays, and
// so does the second, which could be merged only if the first were wider.
// CHECK-LABEL: @narrowings
// CHECK-NEXT: mpc.truncate %arg0
// CHECK-NEXT: mpc.open
// CHECK-NEXT: mpc.mul
// CHECK-NEXT: mpc.truncate %
// CHECK-NEXT: mpc.open
// CHECK-NEXT: return
func.func @narrowings(%x: !mpc.shared<2, scale 24, ring 64>) -> !mpc.masked<2, scale 12, ring 64> {
  %0 = mpc.truncate %x bound 5.0 : <2, scale 24, ring 64> -> <2, scale 12, ring 64>
  %1 = mpc.open %0 : <2, scale 12, ring 64> -> <2, scale 12, ring 64>
  %2 = mpc.mul %1, %1 : (!mpc.masked<2, scale 12, ring 64>, !mpc.masked<2, scale 12, ring 64>) -> !mpc.shared<2, scale 24, ring 64>
  %3 = mpc.truncate %2 bound 25.0 : <2, scale 24, ring 64> -> <2, scale 12, ring 64>
  %4 = mpc.open %3 : <2, scale 12, ring 64> -> <2, scale 12, ring 64>
  return %4 : !mpc.masked<2, scale 12, ring 64>
}
