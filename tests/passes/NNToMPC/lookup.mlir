// Token ids stay with the client: it sends one-hot rows, once, in a ring that
// just holds the table, or looks up a public table itself.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s

nn.weight @words offset 0 : tensor<100x8xf32>
nn.weight @places offset 3200 {nn.public} : tensor<6x8xf32>

// CHECK-LABEL: func.func @infer
// CHECK: %[[IDS:.*]] = mpc.input "ids" dtype "int64" range[0.000000e+00, 9.900000e+01] : !mpc.local<2x6, by 1>
// The table is masked in the setup.
// CHECK: %[[TABLE:.*]] = mpc.param "words" at 0 : <100x8, scale 14, ring [[RING:[0-9]+]], by 0>
// CHECK-NEXT: %[[MASKED:.*]] = mpc.mask %[[TABLE]]
func.func @main(%ids: tensor<2x6xi64> {nn.name = "ids"})
    -> (tensor<2x6x8xf32> {nn.name = "y"}, tensor<2x8x6xf32> {nn.name = "z"}) {
  %w = nn.param @words {nn.range = array<f64: -1.0, 1.0>} : tensor<100x8xf32>
  // CHECK: %[[HOT:.*]] = mpc.plain one_hot %[[IDS]] : (!mpc.local<2x6, by 1>) -> !mpc.local<2x6x100, by 1>
  // CHECK: %[[ROWS:.*]] = mpc.encode %{{.*}} : !mpc.local<12x100, by 1> -> <12x100, scale 0, ring [[RING]], by 1>
  // CHECK-NEXT: %[[SENT:.*]] = mpc.mask %[[ROWS]]
  // CHECK-NEXT: mpc.matmul %[[SENT]], %[[MASKED]]
  %e = nn.embedding %w, %ids {nn.range = array<f64: -1.0, 1.0>} : tensor<100x8xf32>, tensor<2x6xi64>
  // Positions follow from the ids: the client computes them.
  %zero = nn.constant dense<0> : tensor<i64>
  // CHECK: mpc.plain equal
  %pad = nn.compare eq %ids, %zero : tensor<2x6xi64>, tensor<i64>
  %number = nn.cast %pad : tensor<2x6xi1> to tensor<2x6xi64>
  // CHECK: %[[SUM:.*]] = mpc.plain cumsum_last
  %place = nn.cumsum %number axis 1 exclusive : tensor<2x6xi64>
  %p = nn.param @places {nn.range = array<f64: -1.0, 1.0>} : tensor<6x8xf32>
  // CHECK: %[[PUBLIC:.*]] = mpc.public_param "places" at 3200 : tensor<6x8xf32>
  // CHECK-NEXT: %[[FOUND:.*]] = mpc.plain gather %[[PUBLIC]], %{{.*}} -> !mpc.local<2x6x8, by 1>
  %q = nn.gather %p, %place axis 0 {nn.range = array<f64: -1.0, 1.0>} : tensor<6x8xf32>, tensor<2x6xi64>
  // CHECK: mpc.encode %[[FOUND]]
  %y = nn.add %e, %q {nn.range = array<f64: -2.0, 2.0>} : tensor<2x6x8xf32>, tensor<2x6x8xf32>
  // Along another axis: the table is transposed, then the result. The rows that
  // were sent serve again.
  // CHECK: mpc.matmul %[[SENT]],
  %t = nn.transpose %w perm [1, 0] {nn.range = array<f64: -1.0, 1.0>} : tensor<100x8xf32>
  %g = nn.gather %t, %ids axis 1 {nn.range = array<f64: -1.0, 1.0>} : tensor<8x100xf32>, tensor<2x6xi64>
  %z = nn.transpose %g perm [1, 0, 2] {nn.range = array<f64: -1.0, 1.0>} : tensor<8x2x6xf32>
  return %y, %z : tensor<2x6x8xf32>, tensor<2x8x6xf32>
}
