// ReLU and its relatives on shares are what they are in float32, and cost what
// the compiler says (a run that does not is an error).
// RUN: %python %S/../passes/NN/Inputs/write_npz.py %t.npz a:f4:2x6:-4,-0.3,-0.001,0,0.002,3.5,1.25,-2,0.5,-1.5,2.75,3 \
// RUN:   b:f4:6:0.25,-0.5,0.5,-3,2,-1
// RUN: secformer-compile %s --run-plain --input %t.npz --output %t.plain.npz
// RUN: secformer-compile %s --run-private --input %t.npz --output %t.private.npz --insecure-test-seed 5eed | FileCheck %s
// RUN: secformer-compile %s -o %t.mpc
// RUN: %t.mpc/program run --input %t.npz --output %t.built.npz --insecure-test-seed 5eed
// RUN: cmp %t.private.npz %t.built.npz
// RUN: secformer-compile %s --check-ranges --input %t.npz | FileCheck %s --check-prefix=RANGES
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz relu 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz leaky 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz abs 0.002
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz clip 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz max 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz min 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz largest 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz smallest 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz sign 0
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz selected 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz chosen 0.001
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz place 0
// RUN: %python %e2e/npz.py close %t.plain.npz %t.private.npz greater 0

// The longest chain: two rounds for each of three maxima, one reveal.
// CHECK: inference {{ *}}7
// RANGES: ranges hold
func.func @main(%a: tensor<2x6xf32> {nn.name = "a", nn.range = array<f64: -4.0, 4.0>},
                %b: tensor<6xf32> {nn.name = "b", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x6xf32> {nn.name = "relu"}, tensor<2x6xf32> {nn.name = "leaky"},
        tensor<2x6xf32> {nn.name = "abs"}, tensor<2x6xf32> {nn.name = "clip"},
        tensor<2x6xf32> {nn.name = "max"}, tensor<2x6xf32> {nn.name = "min"},
        tensor<2xf32> {nn.name = "largest"}, tensor<1x6xf32> {nn.name = "smallest"},
        tensor<2x6xf32> {nn.name = "sign"}, tensor<2x6xf32> {nn.name = "selected"},
        tensor<2x6xf32> {nn.name = "chosen"}, tensor<2xi64> {nn.name = "place"},
        tensor<2x6xi1> {nn.name = "greater"}) {
  %slope = nn.constant dense<0.1> : tensor<f32>
  %low = nn.constant dense<-1.0> : tensor<f32>
  %high = nn.constant dense<2.0> : tensor<f32>
  %row = nn.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf32>
  %relu = nn.unary relu %a {nn.range = array<f64: 0.0, 4.0>} : tensor<2x6xf32>
  %less = nn.mul %a, %slope {nn.range = array<f64: -0.4, 0.4>} : tensor<2x6xf32>, tensor<f32>
  %leaky = nn.max %a, %less {nn.range = array<f64: -0.4, 4.0>} : tensor<2x6xf32>, tensor<2x6xf32>
  %abs = nn.unary abs %a {nn.range = array<f64: 0.0, 4.0>} : tensor<2x6xf32>
  %below = nn.min %a, %high {nn.range = array<f64: -4.0, 2.0>} : tensor<2x6xf32>, tensor<f32>
  %clip = nn.max %low, %below {nn.range = array<f64: -1.0, 2.0>} : tensor<f32>, tensor<2x6xf32>
  %max = nn.max %a, %b {nn.range = array<f64: -4.0, 4.0>} : tensor<2x6xf32>, tensor<6xf32>
  %min = nn.min %row, %a {nn.range = array<f64: -4.0, 4.0>} : tensor<6xf32>, tensor<2x6xf32>
  %largest = nn.reduce max %a axes [1] {nn.range = array<f64: -4.0, 4.0>} : tensor<2x6xf32>
  %smallest = nn.reduce min %a axes [0] keepdims {nn.range = array<f64: -4.0, 4.0>} : tensor<2x6xf32>
  %sign = nn.unary sign %a {nn.range = array<f64: -1.0, 1.0>} : tensor<2x6xf32>
  %greater = nn.compare gt %a, %b : tensor<2x6xf32>, tensor<6xf32>
  %selected = nn.select %greater, %a, %row {nn.range = array<f64: -4.0, 6.0>} : tensor<2x6xi1>, tensor<2x6xf32>, tensor<6xf32>
  %atMost = nn.compare le %b, %slope : tensor<6xf32>, tensor<f32>
  %chosen = nn.select %atMost, %a, %high {nn.range = array<f64: -4.0, 4.0>} : tensor<6xi1>, tensor<2x6xf32>, tensor<f32>
  %place = nn.argmax %a axis 1 : tensor<2x6xf32>
  return %relu, %leaky, %abs, %clip, %max, %min, %largest, %smallest, %sign, %selected, %chosen, %place, %greater
      : tensor<2x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>,
        tensor<2xf32>, tensor<1x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>, tensor<2x6xf32>, tensor<2xi64>,
        tensor<2x6xi1>
}
