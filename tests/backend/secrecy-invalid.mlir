// Programs that would tell a secret are neither built nor run
// (docs/security.md).
// RUN: secformer-opt %s --secformer-to-emitc -split-input-file -verify-diagnostics

// An input cannot be secret here and sent in the clear there.
func.func @infer() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2, scale 12, ring 40, by 1>
  mpc.round {
    // expected-error @below {{sends the input 'x' in the clear, which is a secret elsewhere}}
    %1 = mpc.public_input "x" dtype "float32" by 1 : tensor<2xf32>
  }
  return
}

// -----

// What a party owns is not a result.
func.func @weight() {
  %0 = mpc.param "w" at 0 : <2, scale 12, ring 40, by 0>
  // expected-error @below {{expected a value that was revealed}}
  mpc.output "y" %0 : <2, scale 12, ring 40, by 0>
  return
}

// -----

func.func @weight_of_setup() {
  %0 = mpc.setup -> (!mpc.owned<2, scale 12, ring 40, by 0>) {
    %1 = mpc.param "w" at 0 : <2, scale 12, ring 40, by 0>
    mpc.yield %1 : !mpc.owned<2, scale 12, ring 40, by 0>
  }
  // expected-error @below {{expected a value that was revealed}}
  mpc.output "y" %0 : <2, scale 12, ring 40, by 0>
  return
}
