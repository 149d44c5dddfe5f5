// Two openings: of the centred scores, and of the sums of their exponentials.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s

// CHECK: mpc.open %{{.*}} : <3x2x6,
// CHECK-NEXT: %[[E:.*]] = mpc.univariate @[[EXP:.*]] %
// CHECK-NEXT: %[[S:.*]] = mpc.sum_last %[[E]]
// The sum of 6 read as a quarter of it.
// CHECK-NEXT: %[[R:.*]] = mpc.relabel %[[S]]
// CHECK: mpc.open %{{.*}} : <3x2x1,
// CHECK-NEXT: mpc.univariate @[[LOG:.*]] %
// CHECK: mpc.sub
// CHECK: mpc.transpose {{.*}} [0, 2, 1]
// CHECK-NOT: {{= mpc.(open|univariate)}}
// CHECK: mpc.reveal
// CHECK: mpc.fit @[[EXP]] "exp"
// CHECK: mpc.fit @[[LOG]] "log(2^2 x)"
func.func @main(%x: tensor<3x6x2xf32> {nn.name = "x", nn.range = array<f64: -2.0, 2.0>})
    -> (tensor<3x6x2xf32> {nn.name = "y"}) {
  %y = nn.log_softmax %x axis 1 {nn.range = array<f64: -6.0, 0.0>, nn.centered_range = array<f64: -3.0, 3.0>, nn.mean_numerator_range = array<f64: 1.0, 4.0>} : tensor<3x6x2xf32>
  return %y : tensor<3x6x2xf32>
}
