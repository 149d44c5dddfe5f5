// Independent messages share a round; as many rounds as the longest chain.
// RUN: secformer-opt %s --secformer-schedule-rounds -split-input-file -verify-diagnostics | FileCheck %s

// Two openings at once, though the program says them far apart; then a third
// that waits for both.
// CHECK-LABEL: @chains
// CHECK-NOT: mpc.setup
// CHECK: %[[R:.*]]:2 = mpc.round -> (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 10, ring 40>) {
// CHECK-NEXT: %[[A:.*]] = mpc.open %arg0
// CHECK-NEXT: %[[B:.*]] = mpc.open %arg1
// CHECK-NEXT: mpc.yield %[[A]], %[[B]]
// CHECK-NEXT: }
// CHECK-NEXT: mpc.mul %[[R]]#0, %[[R]]#0
// CHECK-NEXT: %[[P:.*]] = mpc.mul %[[R]]#0, %[[R]]#1
// CHECK-NEXT: %[[S:.*]] = mpc.round
// CHECK-NEXT: mpc.truncate %[[P]]
// CHECK-NEXT: mpc.yield
// CHECK-NEXT: }
// CHECK-NEXT: %[[T:.*]] = mpc.round
// CHECK-NEXT: mpc.open %[[S]]
// CHECK-NEXT: mpc.yield
// CHECK-NEXT: }
// CHECK-NEXT: mpc.mul %[[T]], %[[R]]#0
// CHECK-NEXT: return
func.func @chains(%x: !mpc.shared<2, scale 12, ring 40>, %y: !mpc.shared<2, scale 10, ring 40>) {
  %0 = mpc.open %x : <2, scale 12, ring 40> -> <2, scale 12, ring 40>
  %1 = mpc.mul %0, %0 : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 40>) -> !mpc.shared<2, scale 24, ring 40>
  %2 = mpc.open %y : <2, scale 10, ring 40> -> <2, scale 10, ring 40>
  %3 = mpc.mul %0, %2 : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 10, ring 40>) -> !mpc.shared<2, scale 22, ring 40>
  %4 = mpc.truncate %3 bound 3.0 : <2, scale 22, ring 40> -> <2, scale 12, ring 40>
  %5 = mpc.open %4 : <2, scale 12, ring 40> -> <2, scale 12, ring 40>
  %6 = mpc.mul %5, %0 : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 40>) -> !mpc.shared<2, scale 24, ring 40>
  return
}

// -----

// Weights are opened in one round of the setup; the client's input, its public
// mask and an opening of a share travel in the first round of an inference. A
// weight that is only shared stays outside.
// CHECK-LABEL: @weights
// CHECK-NEXT: %[[W:.*]]:3 = mpc.setup -> (!mpc.masked<2x2, scale 12, ring 40>, !mpc.masked<2x2, scale 12, ring 30>, !mpc.owned<2x2, scale 24, ring 40, by 0>)
// CHECK-DAG: %[[P:.*]] = mpc.param "w"
// CHECK-DAG: %[[Q:.*]] = mpc.param "v"
// CHECK-DAG: %[[B:.*]] = mpc.param "b"
// CHECK: %[[M:.*]]:2 = mpc.round
// CHECK-NEXT: mpc.mask %[[P]]
// CHECK-NEXT: mpc.mask %[[Q]]
// CHECK-NEXT: mpc.yield
// CHECK-NEXT: }
// CHECK-NEXT: mpc.yield %[[M]]#0, %[[M]]#1, %[[B]]
// CHECK-NEXT: }
// CHECK: %[[S:.*]] = mpc.share %[[W]]#2
// CHECK: %[[I:.*]]:3 = mpc.round
// CHECK-NEXT: mpc.public_input
// CHECK-NEXT: mpc.mask
// CHECK-NEXT: mpc.open %[[S]]
// CHECK-NEXT: mpc.yield
// CHECK-NEXT: }
// CHECK-NOT: mpc.round
// CHECK: return
func.func @weights() -> (!mpc.shared<2x2, scale 24, ring 40>, !mpc.shared<2x2, scale 24, ring 30>, !mpc.masked<2x2, scale 24, ring 40>, tensor<2xf32>) {
  %0 = mpc.public_input "m" dtype "int64" by 1 : tensor<2xf32>
  %1 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2x2, scale 12, ring 40, by 1>
  %2 = mpc.mask %1 : <2x2, scale 12, ring 40, by 1> -> <2x2, scale 12, ring 40>
  %3 = mpc.param "w" at 0 : <2x2, scale 12, ring 40, by 0>
  %4 = mpc.mask %3 : <2x2, scale 12, ring 40, by 0> -> <2x2, scale 12, ring 40>
  %5 = mpc.matmul %2, %4 : (!mpc.masked<2x2, scale 12, ring 40>, !mpc.masked<2x2, scale 12, ring 40>) -> !mpc.shared<2x2, scale 24, ring 40>
  %6 = mpc.param "v" at 16 : <2x2, scale 12, ring 30, by 0>
  %7 = mpc.mask %6 : <2x2, scale 12, ring 30, by 0> -> <2x2, scale 12, ring 30>
  %8 = mpc.mul %7, %7 : (!mpc.masked<2x2, scale 12, ring 30>, !mpc.masked<2x2, scale 12, ring 30>) -> !mpc.shared<2x2, scale 24, ring 30>
  %9 = mpc.param "b" at 32 : <2x2, scale 24, ring 40, by 0>
  %10 = mpc.share %9 : <2x2, scale 24, ring 40, by 0> -> <2x2, scale 24, ring 40>
  %11 = mpc.open %10 : <2x2, scale 24, ring 40> -> <2x2, scale 24, ring 40>
  return %5, %8, %11, %0 : !mpc.shared<2x2, scale 24, ring 40>, !mpc.shared<2x2, scale 24, ring 30>, !mpc.masked<2x2, scale 24, ring 40>, tensor<2xf32>
}

// -----

// A truncation into a ring without a carry sends nothing and needs no round.
// CHECK-LABEL: @silent
// CHECK-NEXT: mpc.truncate
// CHECK-NEXT: return
func.func @silent(%x: !mpc.shared<2, scale 22, ring 40>) {
  %0 = mpc.truncate %x bound 3.0 : <2, scale 22, ring 40> -> <2, scale 12, ring 30>
  return
}

// -----

func.func @twice(%x: !mpc.shared<2, scale 22, ring 40>) {
  // expected-error @below {{the program is scheduled already}}
  %0 = mpc.round -> (!mpc.masked<2, scale 22, ring 40>) {
    %1 = mpc.open %x : <2, scale 22, ring 40> -> <2, scale 22, ring 40>
    mpc.yield %1 : !mpc.masked<2, scale 22, ring 40>
  }
  return
}

// -----

func.func @setup_twice() {
  // expected-error @below {{the program is scheduled already}}
  mpc.setup {
  }
  return
}

// -----

// A public weight is read once, in the setup, whoever looks it up.
// CHECK-LABEL: @public_weights
// CHECK-NEXT: %[[W:.*]] = mpc.setup -> (tensor<3x2xf32>) {
// CHECK-NEXT: %[[T:.*]] = mpc.public_param "table"
// CHECK-NEXT: mpc.yield %[[T]]
// CHECK-NEXT: }
// CHECK: mpc.plain gather %[[W]]
func.func @public_weights(%ids: !mpc.local<1, by 1>) {
  %0 = mpc.public_param "table" at 0 : tensor<3x2xf32>
  %1 = mpc.plain gather %0, %ids : (tensor<3x2xf32>, !mpc.local<1, by 1>) -> !mpc.local<1x2, by 1>
  return
}
