// What a program sends, by hand from the cost interface.
// RUN: secformer-opt %s --secformer-cost=network=metro -o /dev/null | FileCheck %s --strict-whitespace --match-full-lines
// RUN: secformer-opt %s --secformer-cost="json=true network=lan" -o /dev/null | FileCheck %s --check-prefix=JSON
// RUN: secformer-opt %s --secformer-cost -o /dev/null | FileCheck %s --check-prefix=ALONE
// RUN: not secformer-opt %s --secformer-cost=network=moon -o /dev/null 2>&1 | FileCheck %s --check-prefix=MOON

// setup      mask   8192 * 31 bits to party 1            = 31744 bytes
// round 1    m      3 * 8 to party 0                     = 24
//            mask   384 * 31 bits to party 0             = 1488
//            matmul 192 * 31 bits dealt                  = 744
// round 2    truncate, 192 bits each way                 = 24
//                   carry 37 - (31 - 12) bits dealt      = 432
// round 3    open   192 * 37 bits each way               = 888
//            univariate 2 * 192 * (35 + 30) bits dealt   = 3120
//            mul3   4 * 192 * 37 bits dealt              = 3552
//            mul    192 * 33 bits dealt                  = 792
//            mul    of 37 in 60 bits, squared: 2 * 192 * 60 and
//                   2 * 192 * 23 bits dealt              = 3984
// round 4    reveal 3 * 33 = 99 bits to party 1          = 13
//      CHECK:bytes                               rounds      P0 -> P1      P1 -> P0  dealer -> P1
// CHECK-NEXT:setup, once per model                    1         31744             0             0
// CHECK-NEXT:one inference                            4           925          2424         12624
// CHECK-EMPTY:
// CHECK-NEXT:one inference, by layer
// CHECK-NEXT:(other)                                               13          1512             0
// CHECK-NEXT:encoder/layer.3                                       24            24          1176
// CHECK-NEXT:pooler                                               888           888         11448
// CHECK-EMPTY:
// CHECK-NEXT:one inference, by operation
// CHECK-NEXT:public_input                                           0            24             0
// CHECK-NEXT:mask                                                   0          1488             0
// CHECK-NEXT:matmul                                                 0             0           744
// CHECK-NEXT:truncate                                              24            24           432
// CHECK-NEXT:open                                                 888           888             0
// CHECK-NEXT:univariate                                             0             0          3120
// CHECK-NEXT:mul3                                                   0             0          3552
// CHECK-NEXT:mul                                                    0             0          4776
// CHECK-NEXT:reveal                                                13             0             0
// CHECK-EMPTY:
// Messages: four times half a millisecond, and 1512 + 24 + 888 + 13 bytes at 1 Gb/s: 19.5 us.
// Offline: half a millisecond, and 12624 bytes of the dealer at 1 Gb/s: 101 us; its words are there before the third round needs them.
// Computing: 12624 bytes at 1.4 ns, 15973 bytes in all at 1 ns, and 3 times 3 * 128 * 64 multiply-adds at 0.02 ns.
// CHECK-NEXT:one inference on 'metro' (1 Gb/s, 1 ms round trip): offline 0.000603 s, then online 0.00204 s; both at a time 0.00204 s
// CHECK-NEXT:alone: messages 0.00202 s, words of the dealer 0.000101 s, computing on two cores 3.51e-05 s

// ALONE: one inference
// ALONE-NOT: round trip

// JSON-LABEL: "by_layer": {
// JSON: "encoder/layer.3": {
// JSON-NEXT: "bytes_dealer_to_p0": 0,
// JSON-NEXT: "bytes_dealer_to_p1": 1176,
// JSON-NEXT: "bytes_p0_to_p1": 24,
// JSON-NEXT: "bytes_p1_to_p0": 24
// JSON-LABEL: "by_operation": {
// JSON: "mul3": {
// JSON-NEXT: "bytes_dealer_to_p0": 0,
// JSON-NEXT: "bytes_dealer_to_p1": 3552,
// JSON-LABEL: "inference": {
// JSON-NEXT: "bytes_dealer_to_p0": 0,
// JSON-NEXT: "bytes_dealer_to_p1": 12624,
// JSON-NEXT: "bytes_p0_to_p1": 925,
// JSON-NEXT: "bytes_p1_to_p0": 2424,
// JSON-NEXT: "rounds": 4
// 4 * 50 us and 2437 bytes at 10 Gb/s; online 12.5 us of computing with them.
// JSON-LABEL: "network": {
// JSON-NEXT: "bandwidth_mbits": 10000,
// JSON-NEXT: "computing_seconds": 3.5121{{[0-9]*}}e-05
// JSON-NEXT: "dealer_seconds": 1.00992{{[0-9]*}}e-05
// JSON-NEXT: "message_seconds": 0.00020194{{96|95999}}
// JSON-NEXT: "name": "lan",
// JSON-NEXT: "offline_seconds": 7.1368{{[0-9]*}}e-05
// JSON-NEXT: "online_seconds": 0.00021841
// JSON-NEXT: "rtt_ms": 0.1
// JSON-NEXT: "streamed_seconds": 0.00021841
// JSON-LABEL: "setup": {
// JSON-NEXT: "bytes_dealer_to_p0": 0,
// JSON-NEXT: "bytes_dealer_to_p1": 0,
// JSON-NEXT: "bytes_p0_to_p1": 31744,
// JSON-NEXT: "bytes_p1_to_p0": 0,
// JSON-NEXT: "rounds": 1

// MOON: error: unknown network 'moon': expected loopback, lan, metro, wan

func.func @infer() {
  %w = mpc.setup -> (!mpc.masked<128x64, scale 12, ring 31>) {
    %0 = mpc.param "w" at 0 : <128x64, scale 12, ring 31, by 0>
    %1 = mpc.round -> (!mpc.masked<128x64, scale 12, ring 31>) {
      %2 = mpc.mask %0 : <128x64, scale 12, ring 31, by 0> -> <128x64, scale 12, ring 31>
      mpc.yield %2 : !mpc.masked<128x64, scale 12, ring 31>
    }
    mpc.yield %1 : !mpc.masked<128x64, scale 12, ring 31>
  }
  %x = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<3x128, scale 12, ring 31, by 1>
  %m:2 = mpc.round -> (tensor<3xf32>, !mpc.masked<3x128, scale 12, ring 31>) {
    %0 = mpc.public_input "m" dtype "int64" by 1 : tensor<3xf32>
    %1 = mpc.mask %x : <3x128, scale 12, ring 31, by 1> -> <3x128, scale 12, ring 31>
    mpc.yield %0, %1 : tensor<3xf32>, !mpc.masked<3x128, scale 12, ring 31>
  }
  %p = mpc.matmul %m#1, %w : (!mpc.masked<3x128, scale 12, ring 31>, !mpc.masked<128x64, scale 12, ring 31>) -> !mpc.shared<3x64, scale 24, ring 31> loc("/encoder/layer.3/attention/MatMul")
  %t = mpc.round -> (!mpc.shared<3x64, scale 12, ring 37>) {
    %0 = mpc.truncate %p bound 3.0 : <3x64, scale 24, ring 31> -> <3x64, scale 12, ring 37> loc(fused["/encoder/layer.3/attention/MatMul", "/pooler/Gelu"])
    mpc.yield %0 : !mpc.shared<3x64, scale 12, ring 37>
  }
  %o = mpc.round -> (!mpc.masked<3x64, scale 12, ring 37>) {
    %0 = mpc.open %t : <3x64, scale 12, ring 37> -> <3x64, scale 12, ring 37> loc("/pooler/Gelu")
    mpc.yield %0 : !mpc.masked<3x64, scale 12, ring 37>
  }
  %u = mpc.univariate @f %o : <3x64, scale 12, ring 37> -> <3x64, scale 24, ring 35> loc("/pooler/Gelu")
  %q = mpc.mul3 %o, %o, %o : (!mpc.masked<3x64, scale 12, ring 37>, !mpc.masked<3x64, scale 12, ring 37>, !mpc.masked<3x64, scale 12, ring 37>) -> !mpc.shared<3x64, scale 36, ring 37> loc("/pooler/Gelu")
  %e = mpc.mul %o bound 2.0, %o bound 2.0 : (!mpc.masked<3x64, scale 12, ring 37>, !mpc.masked<3x64, scale 12, ring 37>) -> !mpc.shared<3x64, scale 24, ring 60> loc("/pooler/Mul")
  %v = mpc.mul %o, %o : (!mpc.masked<3x64, scale 12, ring 37>, !mpc.masked<3x64, scale 12, ring 37>) -> !mpc.shared<3x64, scale 24, ring 33> loc("/pooler/Mul")
  %s = mpc.sum_last %v : !mpc.shared<3x64, scale 24, ring 33> -> !mpc.shared<3x1, scale 24, ring 33>
  %y = mpc.round -> (!mpc.owned<3x1, scale 24, ring 33, by 1>) {
    %0 = mpc.reveal %s bound 3.0 : <3x1, scale 24, ring 33> -> <3x1, scale 24, ring 33, by 1>
    mpc.yield %0 : !mpc.owned<3x1, scale 24, ring 33, by 1>
  }
  mpc.output "y" %y : <3x1, scale 24, ring 33, by 1>
  return
}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1, 2>, dealt_bits = array<i32: 14, 9>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1, 2>}
