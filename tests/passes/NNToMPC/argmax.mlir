// The place of the largest: a tree of comparisons between neighbours, which
// carries values and places, and reveals a place without its value.
// RUN: secformer-opt %s --secformer-nn-to-mpc -split-input-file | FileCheck %s
// RUN: secformer-opt %s --secformer-to-mpc --secformer-to-rounds -split-input-file | FileCheck %s --check-prefix=ROUNDS

// The places of the first level are public: 1 less the decision, 3 less it. The
// second opens the differences of values and of places side by side, and selects
// no value.
// CHECK-LABEL: "four"
// CHECK-DAG: mpc.constant dense<[0.000000e+00, 1.000000e+00, 2.000000e+00, 3.000000e+00]>
// CHECK: %[[V:.*]] = mpc.open {{.*}} <2x2, scale 12
// CHECK: %[[D:.*]] = mpc.compare %[[V]] thresholds [0] drop 0
// CHECK: %[[S:.*]] = mpc.indicator %[[D]]
// CHECK: mpc.scale_by %[[S]], -1
// CHECK: mpc.select %[[D]] threshold 0, %[[V]] - 0
// CHECK: %[[W:.*]] = mpc.open {{.*}} <2x1, scale 12
// CHECK: %[[E:.*]] = mpc.compare %[[W]] thresholds [0] drop 0
// CHECK: %[[P:.*]] = mpc.open {{.*}} <2x1, scale 0
// CHECK: mpc.select %[[E]] threshold 0, %[[P]] - 0
// CHECK-NOT: mpc.select
// CHECK: mpc.reveal %{{.*}} <2, scale 0,
// CHECK-NEXT: mpc.output "y" {{.*}} {dtype = "int64"}
// CHECK-NOT: mpc.output
// ROUNDS-LABEL: "four"
// ROUNDS-COUNT-5: = mpc.round ->
// ROUNDS-NOT: mpc.round
// ROUNDS: mpc.output
func.func @main(%x: tensor<2x4xf32> {nn.name = "four", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2xi64> {nn.name = "y"}) {
  %y = nn.argmax %x axis 1 : tensor<2x4xf32>
  return %y : tensor<2xi64>
}

// -----

// The last of equals: the left one has to be larger, by a unit.
// CHECK-LABEL: "last"
// CHECK: mpc.compare {{.*}} thresholds [1] drop 0
func.func @main(%x: tensor<2x2xf32> {nn.name = "last", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<1x2xi64> {nn.name = "y"}) {
  %y = nn.argmax %x axis 0 keepdims last : tensor<2x2xf32>
  return %y : tensor<1x2xi64>
}

// -----

// As a float after a reshape; three values have one without a neighbour.
// CHECK-LABEL: "three"
// CHECK-COUNT-2: mpc.compare
// CHECK-NOT: mpc.compare
// CHECK: mpc.output "y" %{{[0-9]+}} : <4, scale 12,
func.func @main(%x: tensor<2x3x2xf32> {nn.name = "three", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<4xf32> {nn.name = "y"}) {
  %i = nn.argmax %x axis 1 : tensor<2x3x2xf32>
  %f = nn.cast %i {nn.range = array<f64: 0.0, 2.0>} : tensor<2x2xi64> to tensor<2x2xf32>
  %y = nn.reshape %f {nn.range = array<f64: 0.0, 2.0>} : tensor<2x2xf32> -> tensor<4xf32>
  return %y : tensor<4xf32>
}
