// Variances over a wide range: a rough fourth root first, whose error cancels.
// Rows of small deviations are opened with more digits.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s

// CHECK: %[[X:.*]] = mpc.mask %{{.*}} : <2x8, scale 16,
// CHECK: mpc.relabel {{.*}} -> !mpc.shared<2x1, scale 38,
// CHECK: %[[V:.*]] = mpc.add_public
// CHECK: mpc.truncate %[[V]]
// CHECK: mpc.univariate @[[ROUGH:.*]] %
// CHECK: %[[RHO:.*]] = mpc.open %{{.*}} : <2x1, scale 7,
// CHECK: %[[W:.*]] = mpc.mul3 %{{.*}}, %[[RHO]], %[[RHO]]
// CHECK: mpc.univariate @[[FINE:.*]] %
// CHECK: mpc.mul %[[RHO]], %{{.*}} -> !mpc.shared<2x1,
// CHECK: mpc.mul %{{.*}}, %{{.*}} -> !mpc.shared<2x8,
// CHECK: mpc.fit @[[ROUGH]] "x^-0.25, roughly"
// CHECK: mpc.fit @[[FINE]] "sqrt(1/x)/1"
func.func @main(%x: tensor<2x8xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x8xf32> {nn.name = "y"}) {
  %y = nn.layer_norm %x axis 1 eps 1.0e-5 {nn.range = array<f64: -4.0, 4.0>,
      nn.variance_range = array<f64: 0.0005, 4.0>} : tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
