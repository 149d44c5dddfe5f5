// Weights below 1/8 have three bits more than activations. One or two of them
// are given where a product, with the sums that it goes into, fits 32 bits then:
// its digits, a sign, and a bit for the truncation of the result.
// RUN: secformer-opt %s --secformer-nn-to-mpc=fraction-bits=13 | FileCheck %s
// With 14 bits more than two are missing.
// RUN: secformer-opt %s --secformer-nn-to-mpc=fraction-bits=14 | FileCheck %s --check-prefix=FOURTEEN

nn.weight @w offset 0 : tensor<4x4xf32>
nn.weight @v offset 64 : tensor<4x4xf32>
nn.weight @t offset 128 : tensor<4x4xf32>
nn.weight @wide offset 192 : tensor<4x4xf32>

// FOURTEEN: mpc.matmul {{.*}} -> !mpc.shared<2x4, scale 30,
// FOURTEEN: mpc.matmul {{.*}} -> !mpc.shared<3x4, scale 31,
// FOURTEEN: mpc.matmul {{.*}} -> !mpc.shared<5x4, scale 31,
// FOURTEEN: mpc.matmul {{.*}} -> !mpc.shared<6x4, scale 31,
// FOURTEEN: mpc.matmul {{.*}} -> !mpc.shared<7x4, scale 28,
func.func @main(%x: tensor<2x4xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>},
                %y: tensor<3x4xf32> {nn.name = "y", nn.range = array<f64: -4.0, 4.0>},
                %z: tensor<5x4xf32> {nn.name = "z", nn.range = array<f64: -4.0, 4.0>},
                %u: tensor<6x4xf32> {nn.name = "u", nn.range = array<f64: -4.0, 4.0>},
                %s: tensor<7x4xf32> {nn.name = "s", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x4xf32> {nn.name = "a"}, tensor<3x4xf32> {nn.name = "b"}, tensor<5x4xf32> {nn.name = "c"},
        tensor<6x4xf32> {nn.name = "d"}, tensor<7x4xf32> {nn.name = "e"}) {
  %w = nn.param @w {nn.range = array<f64: -0.1, 0.1>} : tensor<4x4xf32>
  %v = nn.param @v {nn.range = array<f64: -0.1, 0.1>} : tensor<4x4xf32>
  %t = nn.param @t {nn.range = array<f64: -0.1, 0.1>} : tensor<4x4xf32>
  %wide = nn.param @wide {nn.range = array<f64: -0.8, 0.8>} : tensor<4x4xf32>
  // CHECK: mpc.matmul {{.*}}, !mpc.masked<4x4, scale 16, {{.*}} -> !mpc.shared<2x4, scale 29,
  %a = nn.matmul %x, %w {nn.range = array<f64: -0.9, 0.9>} : tensor<2x4xf32>, tensor<4x4xf32>
  // CHECK: mpc.matmul {{.*}}, !mpc.masked<4x4, scale 15, {{.*}} -> !mpc.shared<3x4, scale 28,
  %b = nn.matmul %y, %v {nn.range = array<f64: -2.0, 2.0>} : tensor<3x4xf32>, tensor<4x4xf32>
  // The sum needs another bit.
  // CHECK: mpc.matmul {{.*}}, !mpc.masked<4x4, scale 14, {{.*}} -> !mpc.shared<5x4, scale 27,
  %p = nn.matmul %z, %t {nn.range = array<f64: -2.0, 2.0>} : tensor<5x4xf32>, tensor<4x4xf32>
  %c = nn.add %p, %z {nn.range = array<f64: -6.0, 6.0>} : tensor<5x4xf32>, tensor<5x4xf32>
  // The same weight, though half of the product at twice the scale goes into
  // the result.
  // CHECK: mpc.matmul {{.*}}, !mpc.masked<4x4, scale 14, {{.*}} -> !mpc.shared<6x4, scale 27,
  %q = nn.matmul %u, %t {nn.range = array<f64: -3.0, 3.0>} : tensor<6x4xf32>, tensor<4x4xf32>
  %d = nn.unary gelu %q {nn.range = array<f64: -0.2, 3.0>} : tensor<6x4xf32>
  // Too few to give any.
  // CHECK: mpc.matmul {{.*}}, !mpc.masked<4x4, scale 13, {{.*}} -> !mpc.shared<7x4, scale 26,
  %e = nn.matmul %s, %wide {nn.range = array<f64: -30.0, 30.0>} : tensor<7x4xf32>, tensor<4x4xf32>
  return %a, %b, %c, %d, %e : tensor<2x4xf32>, tensor<3x4xf32>, tensor<5x4xf32>, tensor<6x4xf32>, tensor<7x4xf32>
}
