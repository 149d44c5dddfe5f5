// Every phase can be printed, read back and continued: the same C++ comes out
// as when it is done at once. Locations name the ONNX nodes in it.
// RUN: secformer-opt %s --mlir-print-debuginfo --secformer-to-mpc -o %t.mpc
// RUN: secformer-opt %t.mpc --mlir-print-debuginfo --secformer-to-rounds -o %t.rounds
// RUN: secformer-opt %t.rounds --mlir-print-debuginfo --secformer-to-emitc -o %t.emitc
// RUN: secformer-opt %s --mlir-print-debuginfo --secformer-to-mpc --secformer-to-rounds --secformer-to-emitc -o %t.once
// RUN: diff %t.emitc %t.once
// RUN: secformer-translate --mlir-to-cpp %t.emitc -o %t.cpp
// RUN: secformer-opt %s --secformer-to-mpc --secformer-to-rounds --secformer-to-emitc \
// RUN:   | secformer-translate --mlir-to-cpp | diff %t.cpp -
// RUN: FileCheck %s --check-prefix=MPC < %t.mpc
// RUN: FileCheck %s --check-prefix=ROUNDS < %t.rounds
// RUN: FileCheck %s --check-prefix=CPP < %t.cpp

// Single passes do what the pipelines do.
// RUN: secformer-opt %s --mlir-print-debuginfo \
// RUN:   --pass-pipeline="builtin.module(secformer-nn-to-mpc,func.func(cse,secformer-share-openings,secformer-plan-rings,cse))" \
// RUN:   | diff %t.mpc -
// RUN: secformer-opt %t.mpc --mlir-print-debuginfo --secformer-schedule-rounds --secformer-free-wires | diff %t.rounds -

// MPC-NOT: nn.
// MPC: mpc.univariate
// MPC-NOT: mpc.round
// ROUNDS: mpc.setup
// ROUNDS: mpc.univariate
// CPP: void infer(
// CPP: role.at("/layer.0/Gelu");
// CPP: role.univariate(
nn.weight @w offset 0 : tensor<8x8xf32>
nn.weight @g offset 256 : tensor<8xf32>
func.func @main(%x: tensor<4x8xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>},
                %m: tensor<1x4xi64> {nn.name = "m", nn.public}) -> (tensor<4x8xf32> {nn.name = "y"}) {
  %w = nn.param @w {nn.range = array<f64: -1.0, 1.0>} : tensor<8x8xf32>
  %g = nn.param @g {nn.range = array<f64: -1.0, 1.0>} : tensor<8xf32>
  %q = nn.matmul %x, %w {nn.range = array<f64: -5.0, 5.0>} : tensor<4x8xf32>, tensor<8x8xf32>
  %k = nn.transpose %q perm [1, 0] {nn.range = array<f64: -5.0, 5.0>} : tensor<4x8xf32>
  %s = nn.matmul %q, %k {nn.range = array<f64: -9.0, 9.0>} : tensor<4x8xf32>, tensor<8x4xf32>
  %p = nn.softmax %s mask %m axis 1 scale 0.5 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -2.0, 2.0>,
      nn.mean_numerator_range = array<f64: 1.0, 4.0>} : tensor<4x4xf32>, tensor<1x4xi64>
  %a = nn.matmul %p, %q {nn.range = array<f64: -5.0, 5.0>} : tensor<4x4xf32>, tensor<4x8xf32>
  %r = nn.add %a, %x {nn.range = array<f64: -6.0, 6.0>} : tensor<4x8xf32>, tensor<4x8xf32>
  %l = nn.layer_norm %r gamma %g axis 1 eps 1.0e-5 {nn.range = array<f64: -4.0, 4.0>, nn.variance_range = array<f64: 0.5, 4.0>}
      : tensor<4x8xf32>, tensor<8xf32>
  %y = nn.unary gelu %l {nn.range = array<f64: -0.2, 4.0>} : tensor<4x8xf32> loc("/layer.0/Gelu")
  return %y : tensor<4x8xf32>
}
