// Comparisons in the passes: what they share, which bits they read, when they
// happen and what they cost.
// RUN: secformer-opt %s --secformer-share-openings --secformer-plan-rings --secformer-schedule-rounds --secformer-free-wires -o %t
// RUN: FileCheck %s < %t
// RUN: secformer-opt %t --secformer-cost -o /dev/null | FileCheck %s --check-prefix=COST
// RUN: secformer-opt %t --secformer-to-emitc | secformer-translate --mlir-to-cpp | FileCheck %s --check-prefix=CPP

// The comparison reads the 17 lowest bits of the wire, which lives in the ring
// that the chosen value needs: up to 30 at scale 12. Equal comparisons are one;
// one with other thresholds is not, but it is in the same round.
// CHECK: %[[X:.*]] = mpc.round
// CHECK-NEXT: mpc.mask {{.*}} -> <4, scale 12, ring 18>
// CHECK: %[[D:.*]]:2 = mpc.round
// CHECK-NEXT: mpc.compare %[[X]] thresholds [0] drop 2 chunks [8, 7] : <4, scale 12, ring 18>
// CHECK-NEXT: mpc.compare %[[X]] thresholds [5, 9] drop 2 chunks [8, 7] : <4, scale 12, ring 18>
// CHECK-NEXT: mpc.yield
// CHECK-NEXT: }
// CHECK-NOT: mpc.compare
// CHECK: mpc.select %[[D]]#0 threshold 0, %[[X]] - 0 : {{.*}} -> <4, scale 12, ring 18>
// CHECK-NEXT: mpc.free %[[X]], %[[D]]#0
// CHECK-NOT: mpc.select
// CHECK: mpc.indicator %[[D]]#1 threshold 1 : {{.*}} -> <4, scale 0, ring 4>
// CHECK-NEXT: mpc.free %[[D]]#1
// CHECK: return

// round 1   mask      4 * 18 bits                         =   9 bytes
// round 2   compare   4 * 3 bits and 4 * 2 * 3 bits       =   2 + 3
//                     4 * (256 + 128) bits dealt, twice   = 384
//           select    2 * 4 * 4 * 18 bits dealt           =  72
//           indicator 4 * 4 * 4 bits dealt                =   8
// COST: {{^}}one inference                            3            16            14           464
// COST: {{^}}mask                                                   0             9             0
// COST-NEXT: {{^}}compare                                                5             5           384
// COST-NEXT: {{^}}select                                                 0             0            72
// COST-NEXT: {{^}}indicator                                              0             0             8

// CPP: Wire [[D:v[0-9]+]] = role.compare([[X:v[0-9]+]], {{[{][{]}}0}, 2, {8, 7{{[}][}]}});
// CPP-NEXT: Wire [[E:v[0-9]+]] = role.compare([[X]], {{[{][{]}}5, 9}, 2, {8, 7{{[}][}]}});
// CPP-DAG: = role.select([[D]], [[X]], 0, 0, type_4_12_18);
// CPP-DAG: = role.indicator([[E]], 1, type_4_0_4);
func.func @infer() {
  %0 = mpc.input "x" dtype "float32" range [-30.0, 30.0] : !mpc.owned<4, scale 12, ring 64, by 1>
  %1 = mpc.mask %0 : <4, scale 12, ring 64, by 1> -> <4, scale 12, ring 64>
  %2 = mpc.compare %1 thresholds [0] drop 2 chunks [8, 7] : <4, scale 12, ring 64> -> <4, chunks 2, thresholds 1>
  %3 = mpc.compare %1 thresholds [5, 9] drop 2 chunks [8, 7] : <4, scale 12, ring 64> -> <4, chunks 2, thresholds 2>
  %4 = mpc.compare %1 thresholds [0] drop 2 chunks [8, 7] : <4, scale 12, ring 64> -> <4, chunks 2, thresholds 1>
  %5 = mpc.select %2 threshold 0, %1 - 0 : <4, chunks 2, thresholds 1>, <4, scale 12, ring 64> -> <4, scale 12, ring 64>
  %6 = mpc.select %4 threshold 0, %1 - 0 : <4, chunks 2, thresholds 1>, <4, scale 12, ring 64> -> <4, scale 12, ring 64>
  %7 = mpc.sub %5, %6 : (!mpc.shared<4, scale 12, ring 64>, !mpc.shared<4, scale 12, ring 64>) -> !mpc.shared<4, scale 12, ring 64>
  %8 = mpc.indicator %3 threshold 1 : <4, chunks 2, thresholds 2> -> <4, scale 0, ring 64>
  %9 = mpc.reveal %7 bound 30.0 : <4, scale 12, ring 64> -> <4, scale 12, ring 64, by 1>
  mpc.output "y" %9 : <4, scale 12, ring 64, by 1>
  %10 = mpc.reveal %8 bound 7.0 : <4, scale 0, ring 64> -> <4, scale 0, ring 64, by 1>
  mpc.output "z" %10 : <4, scale 0, ring 64, by 1>
  return
}
