// Matrix products with vectors, public matrices and small weights, products
// along axes.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

nn.weight @small offset 0 : tensor<4x2xf32>
nn.weight @turned offset 32 : tensor<2x4xf32>

// CHECK: %[[X:.*]] = mpc.share %{{.*}} : {{.*}} -> <3x4, scale 12,
// CHECK: %[[V:.*]] = mpc.share %{{.*}} : {{.*}} -> <4, scale 12,
// CHECK: %[[H:.*]] = mpc.constant dense<{{.*}}> : tensor<4x2xf32>
// CHECK: %[[T:.*]] = mpc.constant dense<{{.*}}> : tensor<2x3xf32>
// CHECK: %[[S:.*]] = mpc.mask %{{.*}} : <4x2, scale 15, ring 64, by 0>
// CHECK: %[[W:.*]] = mpc.mask %{{.*}} : <2x4, scale 12, ring 64, by 0>
// A public matrix on either side: local. Whole numbers need no fraction bits.
// CHECK: mpc.matmul_public %[[X]], %[[H]] fraction_bits 12 : {{.*}} -> !mpc.shared<3x2, scale 24,
// CHECK: mpc.matmul_public %[[T]], %[[X]] fraction_bits 0 : {{.*}} -> !mpc.shared<2x4, scale 12,
// A vector is a matrix of one row or column.
// CHECK: mpc.matmul {{.*}} : (!mpc.masked<3x4, {{.*}}, !mpc.masked<4x1, {{.*}}) -> !mpc.shared<3x1,
// CHECK-NEXT: mpc.reshape {{.*}} -> !mpc.shared<3,
// CHECK: %[[L:.*]] = mpc.reshape {{.*}} -> !mpc.masked<1x4,
// CHECK: %[[D:.*]] = mpc.matmul %[[L]], {{.*}} -> !mpc.shared<1x1,
// CHECK-NEXT: mpc.reshape %[[D]] : {{.*}} -> !mpc.shared<scale 24,
// Weights up to 0.1 have three bits more.
// CHECK: mpc.matmul %{{.*}}, %[[S]] : {{.*}} -> !mpc.shared<3x2, scale 27,
// A transposed weight is masked by its owner as it stands.
// CHECK: %[[WT:.*]] = mpc.transpose %[[W]] [1, 0] : !mpc.masked
// CHECK: mpc.matmul %{{.*}}, %[[WT]]
// Three factors: one product, then the one left over.
// CHECK: mpc.mul %{{.*}}, %{{.*}} : (!mpc.masked<4x1, {{.*}} -> !mpc.shared<4x1, scale 24,
// CHECK: mpc.concat {{.*}} -> !mpc.shared<4x2, scale 12,
// CHECK: mpc.mul %{{.*}} -> !mpc.shared<4x1, scale 24,
// CHECK-NEXT: mpc.reshape {{.*}} -> !mpc.shared<4,
func.func @main(%x: tensor<3x4xf32> {nn.name = "x", nn.range = array<f64: -2.0, 1.0>},
                %v: tensor<4xf32> {nn.name = "v", nn.range = array<f64: -1.0, 1.0>})
    -> (tensor<3x2xf32> {nn.name = "a"}, tensor<2x4xf32> {nn.name = "b"}, tensor<3xf32> {nn.name = "c"}, tensor<f32> {nn.name = "d"},
        tensor<3x2xf32> {nn.name = "e"}, tensor<3x2xf32> {nn.name = "f"}, tensor<4xf32> {nn.name = "g"}) {
  %h = nn.constant dense<[[0.3, 1.0], [0.0, 0.5], [1.0, 1.0], [0.0, 0.25]]> : tensor<4x2xf32>
  %t = nn.constant dense<[[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]> : tensor<2x3xf32>
  %small = nn.param @small {nn.range = array<f64: -0.1, 0.1>} : tensor<4x2xf32>
  %turned = nn.param @turned {nn.range = array<f64: -1.0, 1.0>} : tensor<2x4xf32>
  %a = nn.matmul %x, %h {nn.range = array<f64: -8.0, 8.0>} : tensor<3x4xf32>, tensor<4x2xf32>
  %b = nn.matmul %t, %x {nn.range = array<f64: -8.0, 8.0>} : tensor<2x3xf32>, tensor<3x4xf32>
  %c = nn.matmul %x, %v {nn.range = array<f64: -8.0, 8.0>} : tensor<3x4xf32>, tensor<4xf32>
  %d = nn.matmul %v, %v {nn.range = array<f64: 0.0, 4.0>} : tensor<4xf32>, tensor<4xf32>
  %e = nn.matmul %x, %small {nn.range = array<f64: -0.8, 0.8>} : tensor<3x4xf32>, tensor<4x2xf32>
  %wt = nn.transpose %turned perm [1, 0] {nn.range = array<f64: -1.0, 1.0>} : tensor<2x4xf32>
  %f = nn.matmul %x, %wt {nn.range = array<f64: -8.0, 8.0>} : tensor<3x4xf32>, tensor<4x2xf32>
  %g = nn.reduce prod %x axes [0] {nn.range = array<f64: -8.0, 8.0>} : tensor<3x4xf32>
  return %a, %b, %c, %d, %e, %f, %g : tensor<3x2xf32>, tensor<2x4xf32>, tensor<3xf32>, tensor<f32>, tensor<3x2xf32>, tensor<3x2xf32>, tensor<4xf32>
}
