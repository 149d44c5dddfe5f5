// RUN: secformer-opt %s --secformer-to-mpc -verify-diagnostics

// The pipeline refuses a mask that is still arithmetic.
func.func @main(%x: tensor<4x4xf32> {nn.name = "x", nn.range = array<f64: -8.0, 8.0>}, %m: tensor<4x4xf32> {nn.name = "m", nn.range = array<f64: 0.0, 1.0>}) -> (tensor<4x4xf32> {nn.name = "y"}) {
  %low = nn.constant {nn.range = array<f64: -10000.0, -10000.0>} dense<-1.0e4> : tensor<f32>
  %a = nn.mul %m, %low {nn.range = array<f64: -10000.0, 0.0>} : tensor<4x4xf32>, tensor<f32>
  // expected-error@+1 {{numbers up to 10000 beside numbers up to 8}}
  %z = nn.add %x, %a {nn.range = array<f64: -10008.0, 8.0>} : tensor<4x4xf32>, tensor<4x4xf32>
  %p = nn.softmax %z axis 1 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -12.0, 8.0>, nn.mean_numerator_range = array<f64: 1.0, 64.0>} : tensor<4x4xf32>
  return %p : tensor<4x4xf32>
}
