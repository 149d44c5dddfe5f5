// Softmax without a mask, over a narrow range of means: four openings.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s

// Scores minus their row mean, at most 20 bits, are opened for exp at once;
// the exponentials are opened once; 1 / mean is one function, with which they
// are multiplied, both in rings of few bits. Nothing else is sent, nothing is
// truncated, no maximum is taken.
// CHECK: %[[X:.*]] = mpc.share
// CHECK: %[[S:.*]] = mpc.sum_last %[[X]]
// CHECK-NEXT: %[[M:.*]] = mpc.relabel %[[S]] {{.*}} -> !mpc.shared<2x1, scale 15,
// CHECK: %[[C:.*]] = mpc.sub %{{.*}}, %[[M]]
// CHECK-NEXT: %[[N:.*]] = mpc.narrow %[[C]]
// CHECK-NEXT: %[[O:.*]] = mpc.open %[[N]] : <2x8, scale {{[0-9]+}}, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: %[[E:.*]] = mpc.univariate @[[EXP:.*]] %[[O]]
// CHECK-NEXT: %[[T:.*]] = mpc.narrow %[[E]] {{.*}} -> <2x8, scale 12,
// CHECK-NEXT: %[[OE:.*]] = mpc.open %[[T]]
// CHECK-NEXT: mpc.sum_last %[[E]]
// CHECK: mpc.open %{{.*}} : <2x1, scale {{[0-9]+}}, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: mpc.univariate @[[INVERSE:.*]] %
// CHECK: mpc.narrow
// CHECK-NEXT: %[[R:.*]] = mpc.open
// CHECK-NEXT: mpc.mul %[[OE]] bound {{.*}}, %[[R]] bound
// CHECK-NOT: {{= mpc.(open|truncate|mask|univariate)}}
// CHECK: mpc.reveal
// CHECK: mpc.fit @[[EXP]] "exp(0.5 x)" on[-{{[45].*}}, {{[45].*}}] error 0.00{{[01]}}
// CHECK: mpc.fit @[[INVERSE]] "1/x" on[{{.*}}relative = true
func.func @main(%x: tensor<2x8xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x8xf32> {nn.name = "p"}) {
  %0 = nn.softmax %x axis 1 scale 0.5 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -2.0, 2.0>,
      nn.mean_numerator_range = array<f64: 1.0, 4.0>} : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}
