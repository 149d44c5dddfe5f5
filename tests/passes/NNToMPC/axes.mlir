// Softmax along an inner axis is transposed, LayerNorm over two axes reshaped.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

// CHECK: %[[X:.*]] = mpc.share
// CHECK: %[[T:.*]] = mpc.transpose %[[X]] [0, 2, 1] : {{.*}} -> !mpc.shared<2x4x3,
// CHECK: mpc.sum_last %[[T]] : {{.*}} -> !mpc.shared<2x4x1,
// CHECK: mpc.transpose %{{.*}} [0, 2, 1] : {{.*}} -> !mpc.shared<2x3x4,
// CHECK: %[[G:.*]] = mpc.reshape %{{.*}} : !mpc.masked<3x4, {{.*}} -> !mpc.masked<12,
// CHECK: %[[M:.*]] = mpc.reshape %{{.*}} : !mpc.masked<2x3x4, {{.*}} -> !mpc.masked<2x12,
// CHECK: mpc.mul %{{.*}} bound {{.*}}, %[[G]] : {{.*}} -> !mpc.shared<2x12,
// CHECK: mpc.reshape %{{.*}} : {{.*}} -> !mpc.shared<2x3x4,
nn.weight @g offset 0 : tensor<3x4xf32>
func.func @main(%x: tensor<2x3x4xf32> {nn.name = "x", nn.range = array<f64: -2.0, 1.0>})
    -> (tensor<2x3x4xf32> {nn.name = "p"}, tensor<2x3x4xf32> {nn.name = "y"}) {
  %p = nn.softmax %x axis 1 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -3.0, 3.0>, nn.mean_numerator_range = array<f64: 1.0, 4.0>} : tensor<2x3x4xf32>
  %g = nn.param @g {nn.range = array<f64: -1.0, 1.0>} : tensor<3x4xf32>
  %y = nn.layer_norm %x gamma %g axis 1 eps 1.0e-5 {nn.range = array<f64: -4.0, 4.0>,
      nn.variance_range = array<f64: 0.5, 4.0>} : tensor<2x3x4xf32>, tensor<3x4xf32>
  return %p, %y : tensor<2x3x4xf32>, tensor<2x3x4xf32>
}
