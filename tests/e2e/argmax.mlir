// The place of the largest secret is that of the largest float, of every shape,
// along every axis; ties are told as the clear model tells them.
// RUN: %python %e2e/argmax.py inputs %t.npz
// RUN: secformer-compile %s --run-plain --input %t.npz --output %t.plain.npz
// RUN: secformer-compile %s --run-private --input %t.npz --output %t.private.npz --insecure-test-seed 5eed | FileCheck %s
// RUN: %python %e2e/argmax.py compare %t.npz %t.plain.npz %t.private.npz
// RUN: secformer-compile %s --compare-layers --input %t.npz | FileCheck %s --check-prefix=LAYERS

// Seven values: three comparisons of two rounds, the first opening by the owner;
// a square is truncated and opened first.
// CHECK: inference {{ *}}8
// LAYERS: argmax 0 0
// LAYERS-NOT: nan
// LAYERS: within
func.func @main(%x: tensor<3x7x4xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>},
                %t: tensor<5x3xf32> {nn.name = "t", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<7x4xi64> {nn.name = "x0"}, tensor<3x1x4xi64> {nn.name = "x1"}, tensor<3x7xi32> {nn.name = "x2"},
        tensor<3xi64> {nn.name = "first"}, tensor<1x3xi64> {nn.name = "last"}, tensor<15xf32> {nn.name = "number"},
        tensor<3x4xi64> {nn.name = "square"}) {
  %x0 = nn.argmax %x axis 0 : tensor<3x7x4xf32>
  %x1 = nn.argmax %x axis 1 keepdims : tensor<3x7x4xf32>
  %long = nn.argmax %x axis 2 : tensor<3x7x4xf32>
  %x2 = nn.cast %long : tensor<3x7xi64> to tensor<3x7xi32>
  %first = nn.argmax %t axis 0 : tensor<5x3xf32>
  %last = nn.argmax %t axis 0 keepdims last : tensor<5x3xf32>
  // Of one value.
  %column = nn.reshape %t {nn.range = array<f64: -4.0, 4.0>} : tensor<5x3xf32> -> tensor<15x1xf32>
  %zero = nn.argmax %column axis 1 : tensor<15x1xf32>
  %number = nn.cast %zero {nn.range = array<f64: 0.0, 0.0>} : tensor<15xi64> to tensor<15xf32>
  %squares = nn.mul %x, %x {nn.range = array<f64: 0.0, 16.0>} : tensor<3x7x4xf32>, tensor<3x7x4xf32>
  %square = nn.argmax %squares axis 1 : tensor<3x7x4xf32>
  return %x0, %x1, %x2, %first, %last, %number, %square
      : tensor<7x4xi64>, tensor<3x1x4xi64>, tensor<3x7xi32>, tensor<3xi64>, tensor<1x3xi64>, tensor<15xf32>, tensor<3x4xi64>
}
