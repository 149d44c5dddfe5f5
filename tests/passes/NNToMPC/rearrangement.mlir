// Padding, indices, steps backwards, triangles and running sums are local.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

// CHECK: %[[X:.*]] = mpc.share
// A value around: x - v, zeros, plus v.
// CHECK: %[[V:.*]] = mpc.constant dense<-5.000000e-01>
// CHECK-NEXT: %[[A:.*]] = mpc.add_public %[[X]], %[[V]]
// CHECK-NEXT: %[[B:.*]] = mpc.pad %[[A]] low [0, 1] high [1, 0] : {{.*}} -> !mpc.shared<4x5, scale 12, ring 64>
// CHECK-NEXT: %[[W:.*]] = mpc.constant dense<5.000000e-01>
// CHECK-NEXT: mpc.add_public %[[B]], %[[W]]
// CHECK: mpc.take %[[X]] [0, 2, 1, 0] axis 0 : {{.*}} -> !mpc.shared<4x4, scale 12, ring 64>
// CHECK-NEXT: mpc.reshape {{.*}} -> !mpc.shared<2x2x4,
// Evenly spaced indices, one of them counted from the end.
// CHECK: mpc.slice %[[X]] from [0, 3] by [1, -2] : {{.*}} -> !mpc.shared<3x2,
// CHECK: mpc.slice %[[X]] from [2, 0] by [-1, 1] : {{.*}} -> !mpc.shared<3x4,
// CHECK: %[[T:.*]] = mpc.constant dense<{{\[\[}}0.000000e+00, 1.000000e+00, 1.000000e+00, 1.000000e+00], [0.{{.*}}, 0.{{.*}}, 1.{{.*}}, 1.{{.*}}], [0.{{.*}}, 0.{{.*}}, 0.{{.*}}, 1.000000e+00]]>
// CHECK-NEXT: mpc.mul_public %[[X]], %[[T]] fraction_bits 0
// Sums of 4: two additions.
// CHECK: %[[P1:.*]] = mpc.pad %[[X]] low [0, 1] high [0, 0]
// CHECK-NEXT: %[[S1:.*]] = mpc.slice %[[P1]] from [0, 0]
// CHECK-NEXT: %[[C1:.*]] = mpc.add %[[X]], %[[S1]]
// CHECK-NEXT: %[[P2:.*]] = mpc.pad %[[C1]] low [0, 2] high [0, 0]
// CHECK-NEXT: %[[S2:.*]] = mpc.slice %[[P2]] from [0, 0]
// CHECK-NEXT: mpc.add %[[C1]], %[[S2]]
// Before itself, from the end.
// CHECK-NEXT: %[[P3:.*]] = mpc.pad %[[X]] low [0, 0] high [1, 0]
// CHECK-NEXT: mpc.slice %[[P3]] from [1, 0]
// CHECK-COUNT-7: mpc.reveal
func.func @main(%x: tensor<3x4xf32> {nn.name = "x", nn.range = array<f64: -2.0, 1.0>})
    -> (tensor<4x5xf32> {nn.name = "pad"}, tensor<2x2x4xf32> {nn.name = "take"}, tensor<3x2xf32> {nn.name = "even"},
        tensor<3x4xf32> {nn.name = "reversed"}, tensor<3x4xf32> {nn.name = "triangle"},
        tensor<3x4xf32> {nn.name = "sums"}, tensor<3x4xf32> {nn.name = "back"}) {
  %0 = nn.pad %x low [0, 1] high [1, 0] value 0.5 {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>
  %ids = nn.constant dense<[[0, 2], [-2, 0]]> : tensor<2x2xi64>
  %1 = nn.gather %x, %ids axis 0 {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>, tensor<2x2xi64>
  %even = nn.constant dense<[-1, 1]> : tensor<2xi64>
  %2 = nn.gather %x, %even axis 1 {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>, tensor<2xi64>
  %3 = nn.slice %x starts [2, 0] sizes [3, 4] strides [-1, 1] {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>
  %4 = nn.trilu %x upper k 1 {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>
  %5 = nn.cumsum %x axis 1 {nn.range = array<f64: -8.0, 4.0>} : tensor<3x4xf32>
  %6 = nn.cumsum %x axis 0 exclusive reverse {nn.range = array<f64: -4.0, 2.0>} : tensor<3x4xf32>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<4x5xf32>, tensor<2x2x4xf32>, tensor<3x2xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>
}
