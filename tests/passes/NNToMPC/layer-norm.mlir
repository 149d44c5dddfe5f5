// LayerNorm: one function of one number per row, and products of factors that
// are opened in narrow rings.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s
// RUN: secformer-opt %s --secformer-to-mpc=truncation=merged | FileCheck %s --check-prefix=SAVE

nn.weight @g offset 0 : tensor<8xf32>
nn.weight @b offset 32 : tensor<8xf32>

// d sum(x^2) - sum(x)^2 and d x - sum(x) for d = 8, read at scales 6 and 3
// bits up; 1/sqrt of the former in at most 20 bits. No truncation.
// CHECK: %[[X:.*]] = mpc.mask %{{.*}} : <2x8,
// CHECK: mpc.param "g"
// CHECK-NEXT: %[[G:.*]] = mpc.mask
// CHECK: mpc.param "b"
// CHECK-NEXT: %[[B:.*]] = mpc.share
// CHECK: mpc.mul %[[X]] bound [[X_MAX:4.*]], %[[X]] bound [[X_MAX]] :
// CHECK: %[[S:.*]] = mpc.sum_last %[[X]]
// CHECK-NEXT: mpc.mul %[[S]] bound [[S_MAX:32.*]], %[[S]] bound [[S_MAX]] :
// CHECK: mpc.scale_by {{.*}}, 8 : !mpc.shared<2x1,
// CHECK: mpc.scale_by %[[X]], 8 :
// CHECK-NEXT: %[[C:.*]] = mpc.sub %{{.*}}, %[[S]] : {{.*}} -> !mpc.masked<2x8, scale 12,
// CHECK: mpc.relabel {{.*}}scale 24, {{.*}}scale 30,
// CHECK: mpc.open %{{.*}} : <2x1, scale {{[0-9]+}}, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: mpc.univariate @[[RSQRT:.*]] %
// CHECK-NEXT: mpc.narrow
// CHECK-NEXT: %[[F:.*]] = mpc.open %{{.*}} : <2x1, scale 14, ring 21>
// Where that may save a round, the deviation has a bit less.
// SAVE: mpc.open {{.*}} : <2x1, scale 13, ring 20>
// CHECK-NEXT: mpc.mul %[[C]] bound {{6.*}}, %[[G]] :
// CHECK: mpc.narrow {{.*}} -> <2x8, scale 12,
// CHECK-NEXT: %[[W:.*]] = mpc.open %{{.*}} : <2x8, scale 12, ring 18>
// CHECK-NEXT: %[[P:.*]] = mpc.mul %[[W]] bound {{.*}}, %[[F]] bound {{.*}} :
// CHECK-NEXT: mpc.add %[[P]], %[[B]]
// RMSNorm without weights: the same opening of x and the same function, no
// centring.
// CHECK: mpc.mul %[[X]] bound [[X_MAX]], %[[X]] bound [[X_MAX]] :
// CHECK-NOT: mpc.sub
// CHECK: mpc.open %{{.*}} : <2x1, scale {{[0-9]+}}, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: mpc.univariate @[[RSQRT]] %
// CHECK-NEXT: mpc.narrow
// CHECK-NEXT: %[[H:.*]] = mpc.open
// CHECK: mpc.mul %{{.*}} bound [[X_MAX]], %[[H]] bound
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
