// Variances over a wide range: 1/sqrt by iteration in segments, without a fitted
// function. Rows of small deviations are opened with more digits.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s
// RUN: secformer-opt %s --secformer-to-mpc=suite=secformer --secformer-to-rounds | FileCheck %s --check-prefix=ROUNDS

// The variance is opened twice, roughly to be compared and finely; what the
// segments differ by is selected from the fine one.
// CHECK: %[[X:.*]] = mpc.mask %{{.*}} : <2x8, scale 16,
// CHECK: mpc.relabel {{.*}} -> !mpc.shared<2x1, scale 38,
// CHECK: %[[V:.*]] = mpc.add_public
// CHECK-NEXT: %[[FINE:.*]] = mpc.truncate %[[V]]
// CHECK-NEXT: %[[B:.*]] = mpc.open %[[FINE]]
// CHECK: %[[ROUGH:.*]] = mpc.narrow %[[V]]
// CHECK: %[[C:.*]] = mpc.open %[[ROUGH]]
// CHECK: %[[D:.*]] = mpc.compare %[[C]] thresholds [{{[0-9, ]+}}] drop 0
// CHECK: mpc.select %[[D]] threshold 0, %[[B]] - 0
// CHECK: mpc.indicator %[[D]] threshold 0
// CHECK: mpc.truncate {{.*}} narrowable
// CHECK-NOT: mpc.univariate
// CHECK: mpc.mul %{{.*}}, %{{.*}} -> !mpc.shared<2x8,

// The first b is opened without a truncation: rounds 2 and 3 compare, round 4
// opens b, 5 and 6 are the next step, 7 and 8 the result's.
// ROUNDS-COUNT-8: mpc.round ->
// ROUNDS-NOT: mpc.round ->
// ROUNDS: mpc.output
func.func @main(%x: tensor<2x8xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x8xf32> {nn.name = "y"}) {
  %y = nn.layer_norm %x axis 1 eps 1.0e-5 {nn.range = array<f64: -4.0, 4.0>,
      nn.variance_range = array<f64: 0.0005, 4.0>} : tensor<2x8xf32>
  return %y : tensor<2x8xf32>
}
