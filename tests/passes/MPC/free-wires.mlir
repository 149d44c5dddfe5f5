// Each value is freed after its last reader, and only once.
// RUN: secformer-opt %s --secformer-free-wires | FileCheck %s
// RUN: secformer-opt %s --secformer-free-wires --secformer-free-wires | FileCheck %s

// The setup's values live on; what a round reads dies after the round; two
// values with one last reader die together; what nobody reads dies at once.
// CHECK-LABEL: @infer
// CHECK: %[[W:.*]] = mpc.setup
// CHECK: %[[X:.*]] = mpc.input
// CHECK-NEXT: %[[S:.*]] = mpc.share %[[X]]
// CHECK-NEXT: mpc.free %[[X]] : !mpc.owned<2, scale 12, ring 40, by 1>
// CHECK-NEXT: %[[U:.*]] = mpc.scale_by %[[S]], 3
// CHECK-NEXT: mpc.free %[[U]] : !mpc.shared<2, scale 12, ring 40>
// CHECK-NEXT: %[[R:.*]] = mpc.round
// CHECK-NEXT: mpc.open %[[S]]
// CHECK-NEXT: mpc.yield
// CHECK-NEXT: }
// CHECK-NEXT: mpc.free %[[S]] : !mpc.shared<2, scale 12, ring 40>
// CHECK-NEXT: %[[P:.*]] = mpc.mul %[[R]], %[[W]]
// CHECK-NEXT: %[[Q:.*]] = mpc.mul %[[R]], %[[R]]
// CHECK-NEXT: mpc.free %[[R]] : !mpc.masked<2, scale 12, ring 40>
// CHECK-NEXT: mpc.add %[[P]], %[[Q]]
// CHECK-NEXT: mpc.free %[[P]], %[[Q]] : !mpc.shared<2, scale 24, ring 40>, !mpc.shared<2, scale 24, ring 40>
// CHECK-NEXT: %[[Y:.*]] = mpc.round
// CHECK: }
// CHECK-NEXT: mpc.free
// CHECK-NEXT: mpc.output "y" %[[Y]]
// CHECK-NEXT: mpc.free %[[Y]] : !mpc.owned<2, scale 24, ring 40, by 1>
// CHECK-NEXT: return
func.func @infer() {
  %w = mpc.setup -> (!mpc.masked<2, scale 12, ring 40>) {
    %0 = mpc.param "w" at 0 : <2, scale 12, ring 40, by 0>
    %1 = mpc.round -> (!mpc.masked<2, scale 12, ring 40>) {
      %2 = mpc.mask %0 : <2, scale 12, ring 40, by 0> -> <2, scale 12, ring 40>
      mpc.yield %2 : !mpc.masked<2, scale 12, ring 40>
    }
    mpc.yield %1 : !mpc.masked<2, scale 12, ring 40>
  }
  %x = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2, scale 12, ring 40, by 1>
  %s = mpc.share %x : <2, scale 12, ring 40, by 1> -> <2, scale 12, ring 40>
  %unread = mpc.scale_by %s, 3 : !mpc.shared<2, scale 12, ring 40> -> !mpc.shared<2, scale 12, ring 40>
  %r = mpc.round -> (!mpc.masked<2, scale 12, ring 40>) {
    %0 = mpc.open %s : <2, scale 12, ring 40> -> <2, scale 12, ring 40>
    mpc.yield %0 : !mpc.masked<2, scale 12, ring 40>
  }
  %p = mpc.mul %r, %w : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 40>) -> !mpc.shared<2, scale 24, ring 40>
  %q = mpc.mul %r, %r : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 40>) -> !mpc.shared<2, scale 24, ring 40>
  %a = mpc.add %p, %q : (!mpc.shared<2, scale 24, ring 40>, !mpc.shared<2, scale 24, ring 40>) -> !mpc.shared<2, scale 24, ring 40>
  %y = mpc.round -> (!mpc.owned<2, scale 24, ring 40, by 1>) {
    %0 = mpc.reveal %a bound 3.0 : <2, scale 24, ring 40> -> <2, scale 24, ring 40, by 1>
    mpc.yield %0 : !mpc.owned<2, scale 24, ring 40, by 1>
  }
  mpc.output "y" %y : <2, scale 24, ring 40, by 1>
  return
}
