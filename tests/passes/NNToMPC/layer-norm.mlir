// LayerNorm: one function of one number per row, one three-way product.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s

nn.weight @g offset 0 : tensor<8xf32>
nn.weight @b offset 32 : tensor<8xf32>

// d sum(x^2) - sum(x)^2 and d x - sum(x) for d = 8, read at scales 6 and 3
// bits up; 1/sqrt of the former in at most 20 bits.
// CHECK: %[[X:.*]] = mpc.mask %{{.*}} : <2x8,
// CHECK: mpc.param "g"
// CHECK-NEXT: %[[G:.*]] = mpc.mask
// CHECK: mpc.param "b"
// CHECK-NEXT: %[[B:.*]] = mpc.share
// CHECK: mpc.matmul {{.*}} -> !mpc.shared<2x1x1, scale 24,
// CHECK: %[[S:.*]] = mpc.sum_last %{{.*}} : !mpc.masked
// CHECK-NEXT: mpc.mul %[[S]], %[[S]]
// CHECK: mpc.scale_by {{.*}}, 8 : !mpc.shared<2x1,
// CHECK: mpc.relabel {{.*}}scale 12, {{.*}}-> !mpc.masked<2x1, scale 15,
// CHECK-NEXT: %[[U:.*]] = mpc.unmask
// CHECK-NEXT: %[[T:.*]] = mpc.truncate %[[U]] {{.*}} -> <2x1, scale 14,
// CHECK-NEXT: %[[M:.*]] = mpc.open %[[T]]
// CHECK: mpc.scale_by %[[X]], 4
// CHECK: %[[C:.*]] = mpc.sub {{.*}}, %[[M]] : {{.*}} -> !mpc.masked<2x8, scale 14,
// CHECK: mpc.relabel {{.*}}scale 24, {{.*}}scale 30,
// CHECK: mpc.open %{{.*}} : <2x1, scale {{[0-9]+}}, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: mpc.univariate @[[RSQRT:.*]] %
// CHECK-NEXT: mpc.truncate
// CHECK-NEXT: %[[F:.*]] = mpc.open
// CHECK-NEXT: %[[P:.*]] = mpc.mul3 %[[C]], %[[F]], %[[G]]
// CHECK-NEXT: mpc.add %[[P]], %[[B]]
// RMSNorm without weights: the same opening of x and the same function, no
// centring.
// CHECK: mpc.matmul {{.*}} -> !mpc.shared<2x1x1, scale 24,
// CHECK-NOT: mpc.sub
// CHECK: mpc.open %{{.*}} : <2x1, scale {{[0-9]+}}, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: mpc.univariate @[[RSQRT]] %
// CHECK-NEXT: mpc.truncate
// CHECK-NEXT: %[[H:.*]] = mpc.open
// CHECK-NEXT: mpc.mul %[[X]], %[[H]]
// CHECK-NOT: {{= mpc.(open|truncate|mask|univariate)}}
// CHECK: mpc.fit @[[RSQRT]] "1/sqrt(x{{.*}}relative = true
// CHECK-NOT: mpc.fit
func.func @main(%x: tensor<2x8xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x8xf32> {nn.name = "y"}, tensor<2x8xf32> {nn.name = "z"}) {
  %g = nn.param @g {nn.range = array<f64: -1.0, 1.0>} : tensor<8xf32>
  %b = nn.param @b {nn.range = array<f64: -1.0, 1.0>} : tensor<8xf32>
  %y = nn.layer_norm %x gamma %g beta %b axis 1 eps 1.0e-5 {nn.range = array<f64: -4.0, 4.0>,
      nn.variance_range = array<f64: 1.0, 4.0>} : tensor<2x8xf32>, tensor<8xf32>, tensor<8xf32>
  %z = nn.layer_norm %x axis 1 eps 1.0e-5 rms {nn.range = array<f64: -4.0, 4.0>,
      nn.variance_range = array<f64: 1.0, 4.0>} : tensor<2x8xf32>
  return %y, %z : tensor<2x8xf32>, tensor<2x8xf32>
}
