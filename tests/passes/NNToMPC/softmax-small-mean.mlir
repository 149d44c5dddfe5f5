// Under a secret mask a mean exponential may be less than 1: the rough
// reciprocal reads it with more bits.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s
// RUN: sed 's/0\.3, 300/0.001, 300/' %s | not secformer-opt --secformer-to-mpc 2>&1 | FileCheck %s --check-prefix=WIDE

// CHECK: mpc.univariate @[[ROUGH:[a-z0-9_]+]] %{{.*}} : <2x1, scale 6, ring 15>
// CHECK: mpc.fit @[[ROUGH]] "1/x, roughly"
// WIDE: error: softmax: sums of exponentials from 8.2{{.*}} to {{.*}} times their number are too wide a range; calibrate
func.func @main(%x: tensor<2x8xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>},
                %m: tensor<1x8xi64> {nn.name = "m"}) -> (tensor<2x8xf32> {nn.name = "y"}) {
  %0 = nn.softmax %x mask %m axis 1 scale 0.5 {nn.range = array<f64: 0.0, 1.0>,
      nn.centered_range = array<f64: -2.0, 2.0>, nn.mean_numerator_range = array<f64: 0.3, 300.0>} : tensor<2x8xf32>, tensor<1x8xi64>
  return %0 : tensor<2x8xf32>
}
