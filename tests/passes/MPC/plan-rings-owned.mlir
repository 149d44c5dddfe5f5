// An owned value with readers in two rings: the share needs 14 bits (values up
// to 1 at scale 12), the mask the 27 of the product (up to 2 at scale 24).
// RUN: secformer-opt %s --secformer-plan-rings | FileCheck %s

// CHECK-LABEL: @infer
// CHECK-DAG: mpc.share {{.*}} -> <2x2, scale 12, ring 14>
// CHECK-DAG: mpc.mask {{.*}} -> <2x2, scale 12, ring 27>
// CHECK-DAG: mpc.reveal {{.*}} -> <2x2, scale 12, ring 14, by 1>
// CHECK-DAG: mpc.reveal {{.*}} -> <2x2, scale 24, ring 27, by 1>
func.func @infer() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2x2, scale 12, ring 64, by 1>
  %1 = mpc.share %0 : <2x2, scale 12, ring 64, by 1> -> <2x2, scale 12, ring 64>
  %2 = mpc.mask %0 : <2x2, scale 12, ring 64, by 1> -> <2x2, scale 12, ring 64>
  %3 = mpc.matmul %2, %2 : (!mpc.masked<2x2, scale 12, ring 64>, !mpc.masked<2x2, scale 12, ring 64>) -> !mpc.shared<2x2, scale 24, ring 64>
  %4 = mpc.reveal %1 bound 1.0 : <2x2, scale 12, ring 64> -> <2x2, scale 12, ring 64, by 1>
  mpc.output "x" %4 : <2x2, scale 12, ring 64, by 1>
  %5 = mpc.reveal %3 bound 2.0 : <2x2, scale 24, ring 64> -> <2x2, scale 24, ring 64, by 1>
  mpc.output "xx" %5 : <2x2, scale 24, ring 64, by 1>
  return
}
