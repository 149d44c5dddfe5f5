// Each tensor is opened once, before it is rearranged.
// RUN: secformer-opt %s --secformer-share-openings | FileCheck %s

// Two readers of one wire: one mask.
// CHECK-LABEL: @equal
// CHECK-NEXT: %[[O:.*]] = mpc.open %arg0
// CHECK-NEXT: %[[M:.*]] = mpc.mask %arg1
// CHECK-NEXT: mpc.matmul %[[O]], %[[O]]
// CHECK-NEXT: mpc.mul %[[M]], %[[M]]
// CHECK-NEXT: return
func.func @equal(%x: !mpc.shared<2x2, scale 12, ring 64>, %y: !mpc.owned<2x2, scale 12, ring 64, by 1>)
    -> (!mpc.shared<2x2, scale 24, ring 64>, !mpc.shared<2x2, scale 24, ring 64>) {
  %0 = mpc.open %x : <2x2, scale 12, ring 64> -> <2x2, scale 12, ring 64>
  %1 = mpc.open %x : <2x2, scale 12, ring 64> -> <2x2, scale 12, ring 64>
  %2 = mpc.mask %y : <2x2, scale 12, ring 64, by 1> -> <2x2, scale 12, ring 64>
  %3 = mpc.mask %y : <2x2, scale 12, ring 64, by 1> -> <2x2, scale 12, ring 64>
  %4 = mpc.matmul %0, %1 : (!mpc.masked<2x2, scale 12, ring 64>, !mpc.masked<2x2, scale 12, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64>
  %5 = mpc.mul %2, %3 : (!mpc.masked<2x2, scale 12, ring 64>, !mpc.masked<2x2, scale 12, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64>
  return %4, %5 : !mpc.shared<2x2, scale 24, ring 64>, !mpc.shared<2x2, scale 24, ring 64>
}

// K and V of attention: one truncation and one opening, then both views, in
// their order.
// CHECK-LABEL: @views
// CHECK-NEXT: %[[T:.*]] = mpc.truncate %arg0 bound 5.{{.*}} : <6, scale 24, ring 64> -> <6, scale 12, ring 64>
// CHECK-NEXT: %[[O:.*]] = mpc.open %[[T]] : <6, scale 12, ring 64> -> <6, scale 12, ring 64>
// CHECK-NEXT: %[[A:.*]] = mpc.reshape %[[O]] : !mpc.masked<6, {{.*}}> -> !mpc.masked<3x2, scale 12, ring 64>
// CHECK-NEXT: %[[B:.*]] = mpc.transpose %[[A]] [1, 0] : {{.*}} -> !mpc.masked<2x3, scale 12, ring 64>
// CHECK-NEXT: %[[C:.*]] = mpc.reshape %[[O]] : !mpc.masked<6, {{.*}}> -> !mpc.masked<3x2, scale 12, ring 64>
// CHECK-NEXT: %[[P:.*]] = mpc.matmul %[[B]], %[[C]]
// CHECK-NEXT: return %[[P]]
func.func @views(%x: !mpc.shared<6, scale 24, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64> {
  %0 = mpc.reshape %x : !mpc.shared<6, scale 24, ring 64> -> !mpc.shared<3x2, scale 24, ring 64>
  %1 = mpc.transpose %0 [1, 0] : !mpc.shared<3x2, scale 24, ring 64> -> !mpc.shared<2x3, scale 24, ring 64>
  %2 = mpc.truncate %1 bound 5.0 : <2x3, scale 24, ring 64> -> <2x3, scale 12, ring 64>
  %3 = mpc.open %2 : <2x3, scale 12, ring 64> -> <2x3, scale 12, ring 64>
  %4 = mpc.truncate %0 bound 5.0 : <3x2, scale 24, ring 64> -> <3x2, scale 12, ring 64>
  %5 = mpc.open %4 : <3x2, scale 12, ring 64> -> <3x2, scale 12, ring 64>
  %6 = mpc.matmul %3, %5 : (!mpc.masked<2x3, scale 12, ring 64>, !mpc.masked<3x2, scale 12, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64>
  return %6 : !mpc.shared<2x2, scale 24, ring 64>
}

// Another scale is another opening.
// CHECK-LABEL: @scales
// CHECK-COUNT-2: mpc.truncate %arg0
// CHECK-COUNT-2: mpc.open
// CHECK: return
func.func @scales(%x: !mpc.shared<2x3, scale 24, ring 64>) -> (!mpc.masked<2x3, scale 12, ring 64>, !mpc.masked<2x3, scale 13, ring 64>) {
  %0 = mpc.truncate %x bound 5.0 : <2x3, scale 24, ring 64> -> <2x3, scale 12, ring 64>
  %1 = mpc.truncate %x bound 5.0 : <2x3, scale 24, ring 64> -> <2x3, scale 13, ring 64>
  %2 = mpc.open %0 : <2x3, scale 12, ring 64> -> <2x3, scale 12, ring 64>
  %3 = mpc.open %1 : <2x3, scale 13, ring 64> -> <2x3, scale 13, ring 64>
  return %2, %3 : !mpc.masked<2x3, scale 12, ring 64>, !mpc.masked<2x3, scale 13, ring 64>
}

// A part is opened alone, not the whole it comes from.
// CHECK-LABEL: @parts
// CHECK-NEXT: %[[S:.*]] = mpc.slice %arg0
// CHECK-NEXT: %[[O:.*]] = mpc.open %[[S]] : <1x3,
// CHECK-NEXT: return %[[O]]
func.func @parts(%x: !mpc.shared<2x3, scale 12, ring 64>) -> !mpc.masked<1x3, scale 12, ring 64> {
  %0 = mpc.slice %x from [1, 0] by [1, 1] : !mpc.shared<2x3, scale 12, ring 64> -> !mpc.shared<1x3, scale 12, ring 64>
  %1 = mpc.open %0 : <1x3, scale 12, ring 64> -> <1x3, scale 12, ring 64>
  return %1 : !mpc.masked<1x3, scale 12, ring 64>
}

// What nobody reads is not sent, nor what only that reads.
// CHECK-LABEL: @unread
// CHECK-NEXT: mpc.output "y" %arg1
// CHECK-NEXT: return
func.func @unread(%x: !mpc.shared<2x3, scale 24, ring 64>, %y: !mpc.owned<2, scale 12, ring 20, by 1>) {
  %0 = mpc.truncate %x bound 5.0 : <2x3, scale 24, ring 64> -> <2x3, scale 12, ring 64>
  %1 = mpc.open %0 : <2x3, scale 12, ring 64> -> <2x3, scale 12, ring 64>
  mpc.output "y" %y : <2, scale 12, ring 20, by 1>
  return
}
