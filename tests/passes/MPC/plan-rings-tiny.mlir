// A value smaller than the unit of the truncation's result: the ring still holds
// the 12 bits that are dropped and two more.
// RUN: secformer-opt %s --secformer-plan-rings | FileCheck %s

// CHECK: mpc.share {{.*}} -> <2, scale 24, ring [[#%u,RING:]]>
// CHECK-NEXT: mpc.{{truncate|narrow}} {{.*}} : <2, scale 24, ring [[#RING]]> -> <2, scale 12,
func.func @infer() {
  %0 = mpc.input "x" dtype "float32" range [0.0, 0.0] : !mpc.owned<2, scale 24, ring 64, by 1>
  %1 = mpc.share %0 : <2, scale 24, ring 64, by 1> -> <2, scale 24, ring 64>
  %2 = mpc.truncate %1 bound 0.0 : <2, scale 24, ring 64> -> <2, scale 12, ring 64>
  %3 = mpc.reveal %2 bound 0.0 : <2, scale 12, ring 64> -> <2, scale 12, ring 64, by 1>
  mpc.output "y" %3 : <2, scale 12, ring 64, by 1>
  return
}
