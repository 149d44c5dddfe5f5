// RUN: secformer-opt %s -secformer-default-ranges -split-input-file -verify-diagnostics | FileCheck %s

// expected-warning@+1 {{no --calibrate samples: ranges of 9 values are defaults, see docs/ranges.md; results are wrong if the model leaves them}}
module {
nn.weight @w offset 0 : tensor<4x4xf32>

// CHECK-LABEL: @table
// CHECK-SAME: %arg0: tensor<4x4xf32> {nn.range = array<f64: -1.600000e+01, 1.600000e+01>}, %arg1: tensor<4xi64>)
func.func @table(%x: tensor<4x4xf32>, %m: tensor<4xi64>) -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x1xf32>) {
  // CHECK: nn.constant {nn.range = array<f64: -1.000000e+00, 2.000000e+00>}
  %c = nn.constant dense<[-1.0, 0.0, 2.0, 1.0]> : tensor<4xf32>
  // CHECK: nn.param @w {nn.range = array<f64: -8.000000e+00, 8.000000e+00>}
  %w = nn.param @w : tensor<4x4xf32>
  // CHECK: nn.matmul {{.*}} {nn.range = array<f64: -1.200000e+01, 1.200000e+01>}
  %h = nn.matmul %x, %w : tensor<4x4xf32>, tensor<4x4xf32>
  // CHECK: nn.unary gelu {{.*}} {nn.range = array<f64: -1.710000e-01, 1.200000e+01>}
  %g = nn.unary gelu %h : tensor<4x4xf32>
  // CHECK: nn.matmul {{.*}} {nn.range = array<f64: -1.600000e+01, 1.600000e+01>}
  %s = nn.matmul %g, %w : tensor<4x4xf32>, tensor<4x4xf32>
  // CHECK: nn.softmax {{.*}} {nn.centered_range = array<f64: -1.200000e+01, 8.000000e+00>, nn.mean_numerator_range = array<f64: 1.000000e+00, 6.400000e+01>, nn.range = array<f64: 0.000000e+00, 1.000000e+00>}
  %p = nn.softmax %s mask %m axis 1 : tensor<4x4xf32>, tensor<4xi64>
  // CHECK: nn.layer_norm {{.*}} {nn.range = array<f64: -1.600000e+01, 1.600000e+01>, nn.variance_range = array<f64: 5.000000e-02, 3.200000e+01>}
  %n = nn.layer_norm %x axis 1 eps 1.0e-5 : tensor<4x4xf32>
  // CHECK: nn.add {{.*}} {nn.range = array<f64: -1.600000e+01, 1.600000e+01>}
  %r = nn.add %n, %x : tensor<4x4xf32>, tensor<4x4xf32>
  // CHECK: nn.reduce sum {{.*}} {nn.range = array<f64: 5.000000e-02, 3.200000e+01>}
  %t = nn.reduce sum %p axes [1] keepdims : tensor<4x4xf32>
  // CHECK: nn.unary reciprocal {{.*}} {nn.range = array<f64: 3.125000e-02, 2.000000e+01>}
  %i = nn.unary reciprocal %t : tensor<4x1xf32>
  return %p, %r, %g, %i : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x1xf32>
}
}

// -----

// What follows from other ranges is not a guess: no warning. Ranges that are
// there stay, but for the part that cannot be.
// CHECK-LABEL: @derived
func.func @derived(%x: tensor<2x3xf32> {nn.range = array<f64: -1.0, 3.0>}) -> (tensor<6xf32>, tensor<2x3xf32>) {
  // CHECK: nn.constant
  %two = nn.constant dense<-2.0> : tensor<f32>
  // CHECK: nn.mul {{.*}} {nn.range = array<f64: -6.000000e+00, 2.000000e+00>}
  %a = nn.mul %x, %two : tensor<2x3xf32>, tensor<f32>
  // CHECK: nn.mul {{.*}} {nn.range = array<f64: 0.000000e+00, 9.000000e+00>}
  %q = nn.mul %x, %x : tensor<2x3xf32>, tensor<2x3xf32>
  // CHECK: nn.add {{.*}} {nn.range = array<f64: -8.000000e+00, 0.000000e+00>}
  %b = nn.add %a, %two : tensor<2x3xf32>, tensor<f32>
  // CHECK: nn.reshape {{.*}} {nn.range = array<f64: -8.000000e+00, 0.000000e+00>}
  %r = nn.reshape %b : tensor<2x3xf32> -> tensor<6xf32>
  // CHECK: nn.unary relu {{.*}} {nn.range = array<f64: 0.000000e+00, 9.000000e+00>}
  %u = nn.unary relu %q : tensor<2x3xf32>
  // CHECK: nn.concat {{.*}} {nn.range = array<f64: -6.000000e+00, 9.000000e+00>}
  %k = nn.concat %a, %u axis 0 : tensor<2x3xf32>, tensor<2x3xf32>
  // CHECK: nn.unary tanh {{.*}} {nn.range = array<f64: -1.000000e+00, 9.000000e-01>}
  %t = nn.unary tanh %x {nn.range = array<f64: -1.25, 0.9>} : tensor<2x3xf32>
  // CHECK: nn.slice {{.*}} {nn.range = array<f64: -6.000000e+00, 9.000000e+00>}
  %s = nn.slice %k starts [0, 0] sizes [2, 3] strides [1, 1] : tensor<4x3xf32>
  // CHECK: nn.add {{.*}} {nn.range = array<f64: -5.000000e+00, 5.000000e+00>}
  %z = nn.add %s, %t {nn.range = array<f64: -5.0, 5.0>} : tensor<2x3xf32>, tensor<2x3xf32>
  return %r, %z : tensor<6xf32>, tensor<2x3xf32>
}

// -----

// Public values are computed in the clear and need no range.
// CHECK-LABEL: @public
// CHECK-NOT: nn.range
func.func @public(%m: tensor<4xi64>) -> tensor<4xf32> {
  %f = nn.cast %m {nn.secrecy = "public"} : tensor<4xi64> to tensor<4xf32>
  return %f : tensor<4xf32>
}

// -----

// Weights declared public are encoded like the others where nothing looks up
// their rows, and so is what is made of them.
// expected-warning@+1 {{ranges of 2 values are defaults}}
module {
nn.weight @w offset 0 {nn.public} : tensor<4xf32>

// CHECK-LABEL: @public_weight
func.func @public_weight(%m: tensor<4xi64>) -> (tensor<1x4xf32>, tensor<4xf32>) {
  // CHECK: nn.param @w {nn.range = array<f64: -8.000000e+00, 8.000000e+00>, nn.secrecy = "public"}
  %w = nn.param @w {nn.secrecy = "public"} : tensor<4xf32>
  // CHECK: nn.reshape {{.*}} {nn.range = array<f64: -8.000000e+00, 8.000000e+00>, nn.secrecy = "public"}
  %r = nn.reshape %w {nn.secrecy = "public"} : tensor<4xf32> -> tensor<1x4xf32>
  // CHECK: nn.cast %{{.*}} {nn.secrecy = "public"}
  %f = nn.cast %m {nn.secrecy = "public"} : tensor<4xi64> to tensor<4xf32>
  // CHECK: nn.add {{.*}} {nn.range = array<f64: -1.600000e+01, 1.600000e+01>, nn.secrecy = "public"}
  %s = nn.add %w, %f {nn.secrecy = "public"} : tensor<4xf32>, tensor<4xf32>
  return %r, %s : tensor<1x4xf32>, tensor<4xf32>
}
}
