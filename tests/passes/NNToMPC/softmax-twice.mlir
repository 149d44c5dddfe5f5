// Two products follow a softmax: the bound of the second is the sum of a row of
// the first times the largest value, not nothing.
// RUN: secformer-opt %s --secformer-nn-to-mpc=fraction-bits=18 | FileCheck %s

// With so many digits, and a result of so wide a range, no wire can hold the
// product with the reciprocal before it is truncated.
// A row of exponentials sums to about 14, two of its products to about 28.
// CHECK: mpc.matmul
// CHECK: mpc.matmul
// CHECK-NEXT: mpc.truncate {{.*}} bound {{2[0-9]\.}}
// CHECK: mpc.mul
func.func @main(%x: tensor<4x4xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>},
                %v: tensor<4x2xf32> {nn.name = "v", nn.range = array<f64: -1.0, 1.0>},
                %w: tensor<2x2xf32> {nn.name = "w", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<4x2xf32> {nn.name = "y"}) {
  %0 = nn.softmax %x axis 1 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -2.0, 2.0>, nn.mean_numerator_range = array<f64: 1.0, 3.0>} : tensor<4x4xf32>
  %1 = nn.matmul %0, %v {nn.range = array<f64: -1.0, 1.0>} : tensor<4x4xf32>, tensor<4x2xf32>
  %2 = nn.matmul %1, %w {nn.range = array<f64: -64.0, 64.0>} : tensor<4x2xf32>, tensor<2x2xf32>
  return %2 : tensor<4x2xf32>
}
