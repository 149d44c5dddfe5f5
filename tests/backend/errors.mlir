// RUN: secformer-opt %s --secformer-to-emitc -split-input-file -verify-diagnostics

func.func @unlowered() {
  // expected-error @below {{'nn.constant' cannot be emitted: expected a scheduled mpc program (secformer-schedule-rounds)}}
  %0 = nn.constant dense<1.0> : tensor<2xf32>
  return
}

// -----

// expected-error @below {{expected one function of one block, found 2}}
module {
  func.func @one() {
    return
  }
  func.func @two() {
    return
  }
}
