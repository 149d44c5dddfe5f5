// What client and provider share enters in files: weights once, in the setup.
// RUN: secformer-opt %s --secformer-plan-rings --secformer-schedule-rounds -o %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: secformer-opt %t.mlir --secformer-cost -o /dev/null | FileCheck %s --check-prefix=COST --strict-whitespace
// RUN: secformer-opt %t.mlir --secformer-cost=json=true -o /dev/null | FileCheck %s --check-prefix=JSON

// The weight is shared once, in the larger of the rings of its readers, and
// opened in each; both parties send.
// CHECK: %[[SETUP:.*]]:3 = mpc.setup
// CHECK-NEXT: %[[W:.*]] = mpc.param "w" at 0 : <4x4, scale 12, ring 36, by provider>
// CHECK-NEXT: %[[SW:.*]] = mpc.share %[[W]]
// CHECK-DAG: %[[B:.*]] = mpc.param "b" at 64 : <4, scale 24, ring 36, by provider>
// CHECK-DAG: mpc.share %[[B]]
// CHECK-DAG: %[[LESS:.*]] = mpc.reduce %[[SW]] : !mpc.shared<4x4, scale 12, ring 36> -> !mpc.shared<4x4, scale 12, ring 28>
// CHECK: mpc.round
// CHECK-DAG: mpc.open %[[SW]]
// CHECK-DAG: mpc.open %[[LESS]]
// CHECK: mpc.yield
// CHECK: mpc.yield
// Neither the client's input nor its public one, nor the result, takes a message.
// CHECK-NOT: mpc.round
// CHECK: %[[X:.*]] = mpc.input "x"
// CHECK: %[[SX:.*]] = mpc.share %[[X]]
// CHECK: mpc.public_input "m" dtype "int64" by client
// CHECK: mpc.round
// CHECK-NEXT: mpc.open %[[SX]]
// CHECK-NEXT: mpc.yield
// CHECK-NEXT: }
// CHECK-NOT: mpc.round
// CHECK: mpc.reveal {{.*}} by client>
// CHECK-NOT: mpc.round
// CHECK: return

// setup      share  16 * 36 and 4 * 36 bits to party 1, of the provider = 72 + 18
//            open   16 * 36 and 16 * 28 bits each way                   = 72 + 56
// inference  share  8 * 36 bits to party 1, of the client               = 36
//            m      2 * 8 bytes to both                                 = 16
//            open   8 * 36 bits each way                                = 36
//            matmul 8 * 36 and 8 * 28 bits dealt                        = 36 + 28
//            reveal the same of each party                              = 36 + 28
//      COST:bytes                               rounds      P0 -> P1      P1 -> P0  dealer -> P1  outside -> P0  outside -> P1  each->outside
// COST-NEXT:setup, once per model                    1           128           128             0              0             90              0
// COST-NEXT:one inference                            1            36            36            64             16             52             64
//      COST:one inference, by operation
//      COST:share                                                  0             0             0              0             36              0
// COST-NEXT:public_input                                           0             0             0             16             16              0

// JSON-LABEL: "inference": {
// JSON-NEXT: "bytes_dealer_to_p0": 0,
// JSON-NEXT: "bytes_dealer_to_p1": 64,
// JSON-NEXT: "bytes_outside_to_p0": 16,
// JSON-NEXT: "bytes_outside_to_p1": 52,
// JSON-NEXT: "bytes_p0_to_p1": 36,
// JSON-NEXT: "bytes_p1_to_p0": 36,
// JSON-NEXT: "bytes_to_outside": 64,
// JSON-NEXT: "rounds": 1
func.func @infer() attributes {mpc.results_to = "client"} {
  %w = mpc.param "w" at 0 : <4x4, scale 12, ring 64, by provider>
  %sw = mpc.share %w : <4x4, scale 12, ring 64, by provider> -> <4x4, scale 12, ring 64>
  %mw = mpc.open %sw : <4x4, scale 12, ring 64> -> <4x4, scale 12, ring 64>
  %b = mpc.param "b" at 64 : <4, scale 24, ring 64, by provider>
  %sb = mpc.share %b : <4, scale 24, ring 64, by provider> -> <4, scale 24, ring 64>
  %x = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2x4, scale 12, ring 64, by client>
  %sx = mpc.share %x : <2x4, scale 12, ring 64, by client> -> <2x4, scale 12, ring 64>
  %mx = mpc.open %sx : <2x4, scale 12, ring 64> -> <2x4, scale 12, ring 64>
  %m = mpc.public_input "m" dtype "int64" by client : tensor<2x1xf32>
  %p = mpc.matmul %mx, %mw : (!mpc.masked<2x4, scale 12, ring 64>, !mpc.masked<4x4, scale 12, ring 64>) -> !mpc.shared<2x4, scale 24, ring 64>
  %s = mpc.add %p, %sb : (!mpc.shared<2x4, scale 24, ring 64>, !mpc.shared<4, scale 24, ring 64>) -> !mpc.shared<2x4, scale 24, ring 64>
  %rs = mpc.reveal %s bound 2047.0 : <2x4, scale 24, ring 64> -> <2x4, scale 24, ring 64, by client>
  mpc.output "s" %rs : <2x4, scale 24, ring 64, by client>
  %mv = mpc.open %sw : <4x4, scale 12, ring 64> -> <4x4, scale 12, ring 64>
  %q = mpc.matmul %mx, %mv : (!mpc.masked<2x4, scale 12, ring 64>, !mpc.masked<4x4, scale 12, ring 64>) -> !mpc.shared<2x4, scale 24, ring 64>
  %rq = mpc.reveal %q bound 7.0 : <2x4, scale 24, ring 64> -> <2x4, scale 24, ring 64, by client>
  mpc.output "q" %rq : <2x4, scale 24, ring 64, by client>
  return
}
