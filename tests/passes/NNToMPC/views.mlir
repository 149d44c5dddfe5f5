// Rearrangements, sums and means of secrets.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

// CHECK: %[[X:.*]] = mpc.share
// Evenly spaced indices are a slice.
// CHECK: %[[A:.*]] = mpc.slice %[[X]] from [0, 0] by [2, 1] : {{.*}} -> !mpc.shared<2x4, scale 12, ring 64>
// CHECK: %[[B:.*]] = mpc.slice %[[X]] from [1, 0] by [1, 1] : {{.*}} -> !mpc.shared<1x4, scale 12, ring 64>
// CHECK: %[[R:.*]] = mpc.reshape %[[B]] : {{.*}} -> !mpc.shared<4, scale 12, ring 64>
// CHECK: %[[W:.*]] = mpc.broadcast %[[R]] : {{.*}} -> !mpc.shared<1x4, scale 12, ring 64>
// CHECK: %[[C:.*]] = mpc.concat %[[A]], %[[W]] axis 0
// The mean over 3 rows: a sum over the last axis and a third, with the bits
// that it needs more.
// CHECK: %[[T:.*]] = mpc.transpose %[[C]] [1, 0]
// CHECK: %[[S:.*]] = mpc.sum_last %[[T]]
// CHECK: %[[K:.*]] = mpc.constant dense<0.33333{{.*}}> : tensor<f32>
// CHECK: %[[V:.*]] = mpc.mul_public %[[S]], %[[K]] fraction_bits 14
// CHECK: mpc.reshape %[[V]] : {{.*}} -> !mpc.shared<1x4, scale 26, ring 64>
// Over 4 columns it is free.
// CHECK: %[[M:.*]] = mpc.sum_last %[[A]] : {{.*}} -> !mpc.shared<2x1, scale 12, ring 64>
// CHECK: mpc.relabel %[[M]] : {{.*}} -> !mpc.shared<2x1, scale 14, ring 64>
// CHECK: mpc.slice %[[X]] from [0, 1] by [1, 2] : {{.*}} -> !mpc.shared<3x2, scale 12, ring 64>
// CHECK-COUNT-3: mpc.reveal
func.func @main(%x: tensor<3x4xf32> {nn.name = "x", nn.range = array<f64: -2.0, 1.0>})
    -> (tensor<1x4xf32> {nn.name = "rows"}, tensor<2x1xf32> {nn.name = "columns"}, tensor<3x2xf32> {nn.name = "odd"}) {
  %ids = nn.constant dense<[0, 2]> : tensor<2xi64>
  %one = nn.constant dense<1> : tensor<i64>
  %0 = nn.gather %x, %ids axis 0 {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>, tensor<2xi64>
  %1 = nn.gather %x, %one axis 0 {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>, tensor<i64>
  %2 = nn.broadcast %1 {nn.range = array<f64: -2.0, 1.0>} : tensor<4xf32> -> tensor<1x4xf32>
  %3 = nn.concat %0, %2 axis 0 {nn.range = array<f64: -2.0, 1.0>} : tensor<2x4xf32>, tensor<1x4xf32>
  %4 = nn.reduce mean %3 axes [0] keepdims {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>
  %5 = nn.reduce mean %0 axes [1] keepdims {nn.range = array<f64: -2.0, 1.0>} : tensor<2x4xf32>
  %6 = nn.slice %x starts [0, 1] sizes [3, 2] strides [1, 2] {nn.range = array<f64: -2.0, 1.0>} : tensor<3x4xf32>
  return %4, %5, %6 : tensor<1x4xf32>, tensor<2x1xf32>, tensor<3x2xf32>
}
