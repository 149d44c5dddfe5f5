// A public condition chooses: products with 0 and 1, exact and local.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

// CHECK: %[[X:.*]] = mpc.share
// CHECK: %[[C:.*]] = mpc.constant dense<[1.000000e+00, 0.000000e+00, 1.000000e+00]>
// CHECK: %[[K:.*]] = mpc.constant dense<2.500000e-01>
// CHECK: %[[N:.*]] = mpc.plain sub %{{.*}}, %[[C]]
// CHECK-NEXT: %[[A:.*]] = mpc.mul_public %[[X]], %[[C]] fraction_bits 0 : {{.*}} -> !mpc.shared<2x3, scale 12,
// CHECK-NEXT: %[[T:.*]] = mpc.plain mul %[[K]], %[[N]]
// CHECK-NEXT: %[[S:.*]] = mpc.add_public %[[A]], %[[T]]
// The secret on the other side, and two secrets.
// CHECK: %[[M:.*]] = mpc.plain sub %{{.*}}, %[[C]]
// CHECK: mpc.mul_public %[[X]], %[[M]] fraction_bits 0
// CHECK: mpc.mul_public %[[X]], %[[C]] fraction_bits 0
// CHECK-NEXT: mpc.mul_public %[[S]], %{{.*}} fraction_bits 0
// CHECK-NEXT: mpc.add
func.func @main(%x: tensor<2x3xf32> {nn.name = "x", nn.range = array<f64: -2.0, 1.0>})
    -> (tensor<2x3xf32> {nn.name = "a"}, tensor<2x3xf32> {nn.name = "b"}, tensor<2x3xf32> {nn.name = "c"}) {
  %c = nn.constant dense<[true, false, true]> : tensor<3xi1>
  %k = nn.constant dense<0.25> : tensor<f32>
  %0 = nn.select %c, %x, %k {nn.range = array<f64: -2.0, 1.0>} : tensor<3xi1>, tensor<2x3xf32>, tensor<f32>
  %1 = nn.select %c, %k, %x {nn.range = array<f64: -2.0, 1.0>} : tensor<3xi1>, tensor<f32>, tensor<2x3xf32>
  %2 = nn.select %c, %x, %0 {nn.range = array<f64: -2.0, 1.0>} : tensor<3xi1>, tensor<2x3xf32>, tensor<2x3xf32>
  return %0, %1, %2 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}
