// Where narrow rings save rounds, the factors of attention scores have as many
// fraction bits as softmax reads, and the weights that make them one less. What
// anything else reads keeps all.
// RUN: secformer-opt %s --secformer-nn-to-mpc=save-rounds=true | FileCheck %s --check-prefixes=CHECK,SAVE
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s --check-prefixes=CHECK,ALL

nn.weight @q offset 0 : tensor<4x4xf32>
nn.weight @k offset 64 : tensor<4x4xf32>
nn.weight @v offset 128 : tensor<4x4xf32>

// CHECK: mpc.param "q"
// SAVE: mpc.mask {{.*}} scale 11, {{.*}} by 0>
// ALL: mpc.mask {{.*}} scale 12, {{.*}} by 0>
// CHECK: mpc.param "k"
// SAVE: mpc.mask {{.*}} scale 11, {{.*}} by 0>
// ALL: mpc.mask {{.*}} scale 12, {{.*}} by 0>
// CHECK: mpc.param "v"
// CHECK: mpc.mask {{.*}} scale 12, {{.*}} by 0>
// SAVE: mpc.open {{.*}} : <1x2x4, scale 9,
// SAVE: mpc.open {{.*}} : <1x4x2, scale 9,
// ALL: mpc.open {{.*}} : <1x2x4, scale 12,
// ALL: mpc.open {{.*}} : <1x4x2, scale 12,
// SAVE: mpc.matmul {{.*}} -> !mpc.shared<1x2x2, scale 18,
// ALL: mpc.matmul {{.*}} -> !mpc.shared<1x2x2, scale 24,
// CHECK: mpc.univariate
func.func @main(%x: tensor<1x2x4xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>})
    -> (tensor<1x2x4xf32> {nn.name = "y"}) {
  %wq = nn.param @q {nn.range = array<f64: -1.0, 1.0>} : tensor<4x4xf32>
  %wk = nn.param @k {nn.range = array<f64: -1.0, 1.0>} : tensor<4x4xf32>
  %wv = nn.param @v {nn.range = array<f64: -1.0, 1.0>} : tensor<4x4xf32>
  %q = nn.matmul %x, %wq {nn.range = array<f64: -4.0, 4.0>} : tensor<1x2x4xf32>, tensor<4x4xf32>
  %k = nn.matmul %x, %wk {nn.range = array<f64: -4.0, 4.0>} : tensor<1x2x4xf32>, tensor<4x4xf32>
  %v = nn.matmul %x, %wv {nn.range = array<f64: -4.0, 4.0>} : tensor<1x2x4xf32>, tensor<4x4xf32>
  %t = nn.transpose %k perm [0, 2, 1] {nn.range = array<f64: -4.0, 4.0>} : tensor<1x2x4xf32>
  %s = nn.matmul %q, %t {nn.range = array<f64: -8.0, 8.0>} : tensor<1x2x4xf32>, tensor<1x4x2xf32>
  %p = nn.softmax %s axis 2 scale 0.125 {nn.range = array<f64: 0.1, 0.9>, nn.centered_range = array<f64: -1.0, 1.0>,
      nn.mean_numerator_range = array<f64: 1.0, 1.6>} : tensor<1x2x2xf32>
  %y = nn.matmul %p, %v {nn.range = array<f64: -4.0, 4.0>} : tensor<1x2x2xf32>, tensor<1x2x4xf32>
  return %y : tensor<1x2x4xf32>
}
