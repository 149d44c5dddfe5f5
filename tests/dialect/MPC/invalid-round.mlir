// A round with what has no message, and with a fit that does not exist, is an
// error like any other.
// RUN: not secformer-opt %s 2>&1 | FileCheck %s

// CHECK: error: 'mpc.univariate' op {{sends no message|names the fit}}
func.func @unknown_fit(%a: !mpc.masked<2, scale 12, ring 17>) {
  mpc.round {
    %0 = mpc.univariate @none %a : <2, scale 12, ring 17> -> <2, scale 24, ring 40>
  }
  return
}
