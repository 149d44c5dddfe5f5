// Every operation and type of the mpc dialect, written as it prints: reading
// and printing gives this file again, also by way of the generic form and of
// bytecode.
// RUN: grep -v "^//" %s > %t.expected
// RUN: secformer-opt %s | grep . | diff %t.expected -
// RUN: secformer-opt %s | secformer-opt | grep . | diff %t.expected -
// RUN: secformer-opt %s --mlir-print-op-generic | secformer-opt | grep . | diff %t.expected -
// RUN: secformer-opt %s --emit-bytecode | secformer-opt | grep . | diff %t.expected -
module {
  func.func @sources() {
    %0 = mpc.param "layer.0/query" at 4096 : <128x64, scale 12, ring 31, by 0>
    %1 = mpc.input "x" dtype "float32" range[-1.000000e+00, 2.500000e+00] : !mpc.owned<2x3, scale 12, ring 64, by 1>
    %2 = mpc.public_input "mask" dtype "int64" by 1 : tensor<2x3xf32>
    %3 = mpc.constant dense<[1.000000e+00, -2.500000e-01]> : tensor<2xf32>
    return
  }
// From outside of the parties, and back.
  func.func @outside(%arg0: !mpc.local<2x3, by client>) attributes {mpc.results_to = "client"} {
    %0 = mpc.param "layer.0/query" at 4096 : <128x64, scale 12, ring 31, by provider>
    %1 = mpc.public_input "mask" dtype "int64" by client : tensor<2x3xf32>
    %2 = mpc.encode %arg0 : !mpc.local<2x3, by client> -> <2x3, scale 12, ring 40, by client>
    %3 = mpc.share %2 : <2x3, scale 12, ring 40, by client> -> <2x3, scale 12, ring 40>
    %4 = mpc.reveal %3 bound 3.000000e+00 : <2x3, scale 12, ring 40> -> <2x3, scale 12, ring 40, by client>
    mpc.output "logits" %4 : <2x3, scale 12, ring 40, by client>
    return
  }
  func.func @public(%arg0: tensor<2x3xf32>, %arg1: tensor<3xf32>) {
    %0 = mpc.plain add %arg0, %arg1 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    %1 = mpc.plain sub %arg0, %arg1 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    %2 = mpc.plain mul %arg0, %arg1 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    %3 = mpc.plain div %arg0, %arg1 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    %4 = mpc.plain max %arg0, %arg1 : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    %5 = mpc.plain sum_last %arg0 : (tensor<2x3xf32>) -> tensor<2x1xf32>
    %6 = mpc.plain not_zero %arg0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
    %7 = mpc.plain reshape %arg0 : (tensor<2x3xf32>) -> tensor<6xf32>
    %8 = mpc.plain transpose %arg0 params [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
    %9 = mpc.plain slice %arg0 params [0, 1, 1, 2] : (tensor<2x3xf32>) -> tensor<2x1xf32>
    %10 = mpc.plain concat %arg0, %arg0 params [0] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
    return
  }
  func.func @kinds(%arg0: !mpc.owned<2x3, scale 12, ring 40, by 1>, %arg1: !mpc.shared<2x3, scale 24, ring 40>) {
    %0 = mpc.share %arg0 : <2x3, scale 12, ring 40, by 1> -> <2x3, scale 12, ring 40>
    %1 = mpc.mask %arg0 : <2x3, scale 12, ring 40, by 1> -> <2x3, scale 12, ring 40>
    %2 = mpc.open %arg1 : <2x3, scale 24, ring 40> -> <2x3, scale 24, ring 40>
    %3 = mpc.unmask %2 : <2x3, scale 24, ring 40> -> <2x3, scale 24, ring 40>
    %4 = mpc.reveal %arg1 bound 3.000000e+00 : <2x3, scale 24, ring 40> -> <2x3, scale 24, ring 40, by 1>
    mpc.output "logits" %4 : <2x3, scale 24, ring 40, by 1>
    mpc.output "label" %4 {dtype = "int64"} : <2x3, scale 24, ring 40, by 1>
    return
  }
// Scales and rings: also into a wider ring, and down to one bit.
  func.func @formats(%arg0: !mpc.shared<2x3, scale 24, ring 40>, %arg1: !mpc.masked<2x3, scale 24, ring 40>) {
    %0 = mpc.truncate %arg0 bound 3.000000e+00 : <2x3, scale 24, ring 40> -> <2x3, scale 12, ring 64>
    %1 = mpc.narrow %arg0 : <2x3, scale 24, ring 40> -> <2x3, scale 12, ring 28>
    %2 = mpc.reduce %arg0 : !mpc.shared<2x3, scale 24, ring 40> -> !mpc.shared<2x3, scale 24, ring 39>
    %3 = mpc.reduce %arg1 : !mpc.masked<2x3, scale 24, ring 40> -> !mpc.masked<2x3, scale 24, ring 1>
    %4 = mpc.relabel %arg0 : !mpc.shared<2x3, scale 24, ring 40> -> !mpc.shared<2x3, scale 0, ring 40>
    %5 = mpc.relabel %arg1 : !mpc.masked<2x3, scale 24, ring 40> -> !mpc.masked<2x3, scale 63, ring 40>
    %6 = mpc.truncate_open %arg0 bound 3.000000e+00 : <2x3, scale 24, ring 40> -> <2x3, scale 12, ring 64>
    %7 = mpc.truncate_open %arg0 bound 3.000000e+00 statistical : <2x3, scale 24, ring 40> -> <2x3, scale 12, ring 1>
    %8 = mpc.truncate %arg0 bound 3.000000e+00 narrowable : <2x3, scale 24, ring 40> -> <2x3, scale 12, ring 64>
    return
  }
  func.func @linear(%arg0: !mpc.shared<2x3, scale 12, ring 40>, %arg1: !mpc.shared<3, scale 12, ring 40>, %arg2: !mpc.masked<2x3, scale 12, ring 40>, %arg3: tensor<3xf32>, %arg4: tensor<5x3x4xf32>) {
    %0 = mpc.add %arg0, %arg1 : (!mpc.shared<2x3, scale 12, ring 40>, !mpc.shared<3, scale 12, ring 40>) -> !mpc.shared<2x3, scale 12, ring 40>
    %1 = mpc.sub %arg2, %arg2 : (!mpc.masked<2x3, scale 12, ring 40>, !mpc.masked<2x3, scale 12, ring 40>) -> !mpc.masked<2x3, scale 12, ring 40>
    %2 = mpc.scale_by %arg0, -7 : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
    %3 = mpc.mul_public %arg0, %arg3 fraction_bits 9 : (!mpc.shared<2x3, scale 12, ring 40>, tensor<3xf32>) -> !mpc.shared<2x3, scale 21, ring 40>
    %4 = mpc.add_public %arg1, %arg3 : (!mpc.shared<3, scale 12, ring 40>, tensor<3xf32>) -> !mpc.shared<3, scale 12, ring 40>
    %5 = mpc.sum_last %arg2 : !mpc.masked<2x3, scale 12, ring 40> -> !mpc.masked<2x1, scale 12, ring 40>
    %6 = mpc.reshape %arg2 : !mpc.masked<2x3, scale 12, ring 40> -> !mpc.masked<3x2, scale 12, ring 40>
    %7 = mpc.transpose %arg0 [1, 0] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<3x2, scale 12, ring 40>
    %8 = mpc.broadcast %arg1 : !mpc.shared<3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
    %9 = mpc.slice %arg0 from [0, 2] by [1, 2] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x1, scale 12, ring 40>
    %10 = mpc.concat %arg0, %9 axis 1 : (!mpc.shared<2x3, scale 12, ring 40>, !mpc.shared<2x1, scale 12, ring 40>) -> !mpc.shared<2x4, scale 12, ring 40>
    %11 = mpc.slice %arg2 from [1, 2] by [-1, -2] : !mpc.masked<2x3, scale 12, ring 40> -> !mpc.masked<2x2, scale 12, ring 40>
    %12 = mpc.take %arg2 [2, 0, 0, 1] axis 1 : !mpc.masked<2x3, scale 12, ring 40> -> !mpc.masked<2x4, scale 12, ring 40>
    %13 = mpc.pad %arg0 low [1, 0] high [0, 2] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<3x5, scale 12, ring 40>
    %14 = mpc.matmul_public %arg0, %arg4 fraction_bits 9 : (!mpc.shared<2x3, scale 12, ring 40>, tensor<5x3x4xf32>) -> !mpc.shared<5x2x4, scale 21, ring 40>
    %15 = mpc.transpose %10 [1, 0] : !mpc.shared<2x4, scale 12, ring 40> -> !mpc.shared<4x2, scale 12, ring 40>
    %16 = mpc.matmul_public %arg4, %15 fraction_bits 0 : (tensor<5x3x4xf32>, !mpc.shared<4x2, scale 12, ring 40>) -> !mpc.shared<5x3x2, scale 12, ring 40>
    return
  }
// A wire without extents, the narrowest and the widest formats.
  func.func @scalar(%arg0: !mpc.shared<scale 0, ring 1>, %arg1: !mpc.masked<scale 63, ring 64>, %arg2: !mpc.owned<scale 12, ring 40, by 0>) {
    %0 = mpc.reshape %arg0 : !mpc.shared<scale 0, ring 1> -> !mpc.shared<1x1, scale 0, ring 1>
    return
  }
// Operands may be wider than the result.
  func.func @products(%arg0: !mpc.masked<5x2x3, scale 12, ring 40>, %arg1: !mpc.masked<3x4, scale 10, ring 48>, %arg2: !mpc.masked<3, scale 9, ring 40>) {
    %0 = mpc.matmul %arg0, %arg1 : (!mpc.masked<5x2x3, scale 12, ring 40>, !mpc.masked<3x4, scale 10, ring 48>) -> !mpc.shared<5x2x4, scale 22, ring 36>
    %1 = mpc.mul %arg0, %arg2 : (!mpc.masked<5x2x3, scale 12, ring 40>, !mpc.masked<3, scale 9, ring 40>) -> !mpc.shared<5x2x3, scale 21, ring 40>
    %2 = mpc.mul %arg0 bound 4.000000e+00, %arg2 bound 2.500000e+00 : (!mpc.masked<5x2x3, scale 12, ring 40>, !mpc.masked<3, scale 9, ring 40>) -> !mpc.shared<5x2x3, scale 21, ring 60>
    %3 = mpc.mul3 %arg0, %arg2, %arg2 : (!mpc.masked<5x2x3, scale 12, ring 40>, !mpc.masked<3, scale 9, ring 40>, !mpc.masked<3, scale 9, ring 40>) -> !mpc.shared<5x2x3, scale 30, ring 40>
    return
  }
  func.func @comparisons(%arg0: !mpc.masked<5x2, scale 12, ring 40>, %arg1: !mpc.masked<scale 0, ring 8>) {
    %0 = mpc.compare %arg0 thresholds [0, -7] drop 2 chunks [8, 7] : <5x2, scale 12, ring 40> -> <5x2, chunks 2, thresholds 2>
    %1 = mpc.indicator %0 threshold 1 : <5x2, chunks 2, thresholds 2> -> <5x2, scale 0, ring 3>
    %2 = mpc.select %0 threshold 1, %arg0 - -7 : <5x2, chunks 2, thresholds 2>, <5x2, scale 12, ring 40> -> <5x2, scale 12, ring 39>
    %3 = mpc.compare %arg1 thresholds [3] drop 0 chunks [8] : <scale 0, ring 8> -> <chunks 1, thresholds 1>
    return
  }
  func.func @schedule() {
    %0:2 = mpc.setup -> (!mpc.owned<2, scale 12, ring 20, by 0>, !mpc.masked<2, scale 12, ring 20>) {
      %2 = mpc.param "w" at 0 : <2, scale 12, ring 20, by 0>
      %3 = mpc.round -> (!mpc.masked<2, scale 12, ring 20>) {
        %4 = mpc.mask %2 : <2, scale 12, ring 20, by 0> -> <2, scale 12, ring 20>
        mpc.yield %4 : !mpc.masked<2, scale 12, ring 20>
      }
      mpc.yield %2, %3 : !mpc.owned<2, scale 12, ring 20, by 0>, !mpc.masked<2, scale 12, ring 20>
    }
    mpc.round {
    }
    %1 = mpc.univariate @sine %0#1 : <2, scale 12, ring 20> -> <2, scale 24, ring 30>
    mpc.free %0#1, %1 : !mpc.masked<2, scale 12, ring 20>, !mpc.shared<2, scale 24, ring 30>
    return
  }
  mpc.fit @sine "sin" on[-2.000000e+00, 2.000000e+00] error 1.000000e-03 attributes {coefficient_bits = 30 : i32, constant = -5 : i64, cosine = array<i64: 0, 7>, dealt_bits = array<i32: 14, 9>, factor_bits = 10 : i32, first_frequency = 3 : i32, frequency_step = 2 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1073741824, 0>}
}
