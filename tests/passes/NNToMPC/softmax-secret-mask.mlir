// A padding mask of the client: its mask / count goes to the rows of V and into
// the row sums; one that differs between rows goes to the numerators.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

// CHECK-LABEL: func.func @infer
func.func @main(%x: tensor<1x2x4x4xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>},
                %v: tensor<1x2x4x3xf32> {nn.name = "v", nn.range = array<f64: -2.0, 2.0>},
                %m: tensor<1x4xi64> {nn.name = "m"}, %n: tensor<1x1x4x4xi1> {nn.name = "n"})
    -> (tensor<1x2x4x3xf32> {nn.name = "y"}, tensor<1x2x4x3xf32> {nn.name = "z"}) {
  // CHECK: %[[M:.*]] = mpc.input "m" dtype "int64" range[0.000000e+00, 1.000000e+00] : !mpc.local<1x4, by 1>
  // CHECK: %[[N:.*]] = mpc.input "n" dtype "bool" range[0.000000e+00, 1.000000e+00] : !mpc.local<1x1x4x4, by 1>
  %wide = nn.reshape %m : tensor<1x4xi64> -> tensor<1x1x1x4xi64>
  // CHECK: %[[COUNT:.*]] = mpc.plain max
  // CHECK-NEXT: %[[U:.*]] = mpc.plain div %{{.*}}, %[[COUNT]] {{.*}} -> !mpc.local<1x1x1x4, by 1>
  // The mean is over all positions, so it needs no secret.
  // CHECK: mpc.relabel
  // CHECK: %[[E:.*]] = mpc.univariate
  // CHECK-NEXT: mpc.truncate %[[E]]
  // CHECK-NEXT: %[[OPEN:.*]] = mpc.open
  // The client encodes 2 bits more, for a row of 4.
  // CHECK: %[[COLUMN:.*]] = mpc.encode %{{.*}} : !mpc.local<1x1x4x1, by 1> -> <1x1x4x1, scale 14,
  // CHECK: %[[SUM:.*]] = mpc.matmul %[[OPEN]], %{{.*}} -> !mpc.shared<1x2x4x1, scale 26,
  // CHECK: mpc.univariate
  %p = nn.softmax %x mask %wide axis 3 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -4.0, 4.0>, nn.mean_numerator_range = array<f64: 0.8, 8.0>} : tensor<1x2x4x4xf32>, tensor<1x1x1x4xi64>
  // CHECK: %[[V:.*]] = mpc.mul %{{.*}} -> !mpc.shared<1x2x4x3, scale 26,
  // CHECK-NEXT: mpc.truncate %[[V]] {{.*}} -> <1x2x4x3, scale 14,
  // CHECK: mpc.matmul %[[OPEN]],
  %y = nn.matmul %p, %v {nn.range = array<f64: -2.0, 2.0>} : tensor<1x2x4x4xf32>, tensor<1x2x4x3xf32>
  // CHECK: mpc.mul %{{.*}} -> !mpc.shared<1x2x4x4, scale 26,
  // CHECK-NEXT: mpc.truncate
  // CHECK: mpc.sum_last
  %q = nn.softmax %x mask %n axis 3 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -4.0, 4.0>, nn.mean_numerator_range = array<f64: 0.8, 8.0>} : tensor<1x2x4x4xf32>, tensor<1x1x4x4xi1>
  %z = nn.matmul %q, %v {nn.range = array<f64: -2.0, 2.0>} : tensor<1x2x4x4xf32>, tensor<1x2x4x3xf32>
  return %y, %z : tensor<1x2x4x3xf32>, tensor<1x2x4x3xf32>
}
