// Sums, products and rearrangements become one mpc operation each.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

nn.weight @w offset 64 : tensor<4x4xf32>
nn.weight @b offset 128 : tensor<4xf32>

// The input is the client's (party 1), weights are the owner's (party 0). A
// product keeps its scale: the bias is encoded at 24, and the product is
// truncated only where it is opened and at the end. An input nobody reads is
// not asked for.
// CHECK: func.func @infer()
// CHECK-NOT: "ids"
// CHECK: %[[X:.*]] = mpc.input "x" dtype "float32" range[-2.{{.*}}, 1.{{.*}}] : !mpc.owned<3x4, scale 12, ring 64, by 1>
// CHECK: %[[MX:.*]] = mpc.mask %[[X]]
// CHECK: %[[W:.*]] = mpc.param "w" at 64 : <4x4, scale 12, ring 64, by 0>
// CHECK: %[[MW:.*]] = mpc.mask %[[W]]
// CHECK: %[[B:.*]] = mpc.param "b" at 128 : <4, scale 24, ring 64, by 0>
// CHECK-NEXT: %[[SB:.*]] = mpc.share %[[B]]
// CHECK-NEXT: %[[P:.*]] = mpc.matmul %[[MX]], %[[MW]] : {{.*}} -> !mpc.shared<3x4, scale 24, ring 64>
// CHECK-NEXT: %[[T:.*]] = mpc.truncate %[[P]] bound 7.11328125 : {{.*}} -> <3x4, scale 12, ring 64>
// CHECK-NEXT: %[[O:.*]] = mpc.open %[[T]]
// CHECK-NEXT: %[[S:.*]] = mpc.add %[[P]], %[[SB]]
// CHECK-NEXT: %[[Y:.*]] = mpc.truncate %[[S]] bound 8.12890625
// CHECK-NEXT: %[[Q:.*]] = mpc.mul %[[O]], %[[MX]] : {{.*}} -> !mpc.shared<3x4, scale 24, ring 64>
// CHECK-NEXT: %[[Z:.*]] = mpc.truncate %[[Q]] bound 9.14453125
// CHECK-NEXT: %[[RY:.*]] = mpc.reveal %[[Y]] bound 8.12890625 : {{.*}} -> <3x4, scale 12, ring 64, by 1>
// CHECK-NEXT: mpc.output "y" %[[RY]]
// CHECK-NEXT: %[[RZ:.*]] = mpc.reveal %[[Z]]
// CHECK-NEXT: mpc.output "z" %[[RZ]]
// CHECK-NEXT: return
// CHECK-NOT: nn.
func.func @main(%x: tensor<3x4xf32> {nn.name = "x", nn.range = array<f64: -2.0, 1.0>},
                %unread: tensor<2xi64> {nn.name = "ids"})
    -> (tensor<3x4xf32> {nn.name = "y"}, tensor<3x4xf32> {nn.name = "z"}) {
  %w = nn.param @w {nn.range = array<f64: -1.0, 1.0>} : tensor<4x4xf32>
  %b = nn.param @b {nn.range = array<f64: -1.0, 1.0>} : tensor<4xf32>
  %0 = nn.matmul %x, %w {nn.range = array<f64: -6.0, 7.0>} : tensor<3x4xf32>, tensor<4x4xf32>
  %1 = nn.add %0, %b {nn.range = array<f64: -8.0, 7.0>} : tensor<3x4xf32>, tensor<4xf32>
  %2 = nn.mul %0, %x {nn.range = array<f64: -7.0, 9.0>} : tensor<3x4xf32>, tensor<3x4xf32>
  return %1, %2 : tensor<3x4xf32>, tensor<3x4xf32>
}
