// A message outside a round would never arrive.
// RUN: secformer-opt %s --secformer-to-emitc -verify-diagnostics

func.func @infer() {
  %0 = mpc.param "w" at 0 : <2, scale 12, ring 40, by 0>
  %1 = mpc.share %0 : <2, scale 12, ring 40, by 0> -> <2, scale 12, ring 40>
  // expected-error @below {{sends a message outside of a round: run secformer-schedule-rounds before}}
  %2 = mpc.open %1 : <2, scale 12, ring 40> -> <2, scale 12, ring 40>
  return
}
