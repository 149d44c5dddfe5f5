// Softmax with a public mask, over a wide range of means, times V.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s

// The mask stays in the clear: its count divides the sums, and it erases
// exponentials before they are truncated.
// CHECK: %[[M:.*]] = mpc.public_input "m"
// CHECK-NEXT: %[[B:.*]] = mpc.plain not_zero %[[M]]
// CHECK-NEXT: %[[S:.*]] = mpc.plain sum_last %[[B]]
// CHECK: %[[N:.*]] = mpc.plain max %[[S]],
// CHECK-DAG: %[[I:.*]] = mpc.plain div %{{.*}}, %[[N]] : (tensor<f32>,
// CHECK-DAG: %[[W:.*]] = mpc.plain div %[[B]], %[[N]]
// CHECK: mpc.mul_public %{{.*}}, %[[W]] fraction_bits 9
// CHECK: mpc.open %{{.*}} : <2x8, scale {{[0-9]+}}, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: %[[E:.*]] = mpc.univariate
// CHECK-NEXT: %[[F:.*]] = mpc.mul_public %[[E]], %[[B]] fraction_bits 0
// CHECK-NEXT: %[[T:.*]] = mpc.truncate %[[F]]
// CHECK-NEXT: %[[O:.*]] = mpc.open %[[T]]
// CHECK-NEXT: mpc.sum_last %[[F]]
// Two functions for 1 / mean, each of at most 20 bits.
// CHECK: mpc.open %{{.*}} : <2x1, scale {{[0-9]+}}, ring {{[0-9]|1[0-9]|20}}> ->
// CHECK-NEXT: mpc.univariate
// CHECK: %[[R:.*]] = mpc.open %{{.*}} : <2x1,
// CHECK: mpc.open %{{.*}} : <2x1, scale {{[0-9]+}}, ring {{[0-9]|1[0-9]|20}}> ->
// CHECK-NEXT: mpc.univariate
// CHECK-NEXT: mpc.mul_public %{{.*}}, %[[I]]
// CHECK: %[[Q:.*]] = mpc.open %{{.*}} : <2x1,
// The product with V takes the exponentials; the division comes after it.
// CHECK: %[[P:.*]] = mpc.matmul %[[O]], %{{.*}} : {{.*}} -> !mpc.shared<2x3,
// CHECK-NEXT: %[[D:.*]] = mpc.open %[[P]]
// CHECK-NEXT: mpc.mul3 %[[D]], %[[R]], %[[Q]]
// CHECK-NOT: {{= mpc.(open|truncate|mask|univariate)}}
// CHECK: mpc.reveal
func.func @main(%x: tensor<2x8xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>},
                %v: tensor<8x3xf32> {nn.name = "v", nn.range = array<f64: -1.0, 1.0>},
                %m: tensor<1x8xi64> {nn.name = "m", nn.public}) -> (tensor<2x3xf32> {nn.name = "y"}) {
  %0 = nn.softmax %x mask %m axis 1 scale 0.5 {nn.range = array<f64: 0.0, 1.0>,
      nn.centered_range = array<f64: -2.0, 2.0>, nn.mean_numerator_range = array<f64: 1.0, 400.0>} : tensor<2x8xf32>, tensor<1x8xi64>
  %1 = nn.matmul %0, %v {nn.range = array<f64: -1.0, 1.0>} : tensor<2x8xf32>, tensor<8x3xf32>
  return %1 : tensor<2x3xf32>
}
