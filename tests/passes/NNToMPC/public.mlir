// Secrets with constants and public inputs.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

// CHECK: %[[X:.*]] = mpc.share
// CHECK: %[[S:.*]] = mpc.public_input "s" dtype "int64" by 1 : tensor<1x4xf32>
// CHECK: %[[C:.*]] = mpc.constant dense<[3.{{.*}}e-01, 5.{{.*}}, 1.{{.*}}, 2.{{.*}}]> : tensor<4xf32>
// A power of two is only another scale, its sign costs nothing either.
// CHECK: %[[A:.*]] = mpc.relabel %[[X]] : !mpc.shared<3x4, scale 12, ring 64> -> !mpc.shared<3x4, scale 14, ring 64>
// CHECK-NEXT: %[[B:.*]] = mpc.scale_by %[[A]], -1
// Up to 5: two bits fewer than the 12 of a factor up to 1.
// CHECK-NEXT: %[[M:.*]] = mpc.mul_public %[[B]], %[[C]] fraction_bits 10 : {{.*}} -> !mpc.shared<3x4, scale 24, ring 64>
// CHECK-NEXT: %[[P:.*]] = mpc.add_public %[[M]], %[[C]]
// Constant minus secret.
// CHECK-NEXT: %[[N:.*]] = mpc.scale_by %[[P]], -1
// CHECK-NEXT: %[[D:.*]] = mpc.add_public %[[N]], %[[C]]
// Secret minus what both parties know at run time, times a function of it.
// CHECK: %[[L:.*]] = mpc.constant dense<-1.000000e+00> : tensor<f32>
// CHECK-NEXT: %[[NS:.*]] = mpc.plain mul %[[S]], %[[L]]
// CHECK-NEXT: %[[E:.*]] = mpc.add_public %[[D]], %[[NS]]
// CHECK-NEXT: %[[T:.*]] = mpc.plain add %[[S]], %[[S]]
// CHECK-NEXT: %[[Z:.*]] = mpc.plain not_zero %[[T]]
// CHECK-NEXT: %[[F:.*]] = mpc.mul_public %[[E]], %[[Z]] fraction_bits 12 : {{.*}} -> !mpc.shared<3x4, scale 36, ring 64>
// CHECK-NEXT: mpc.truncate %[[F]] bound 4.06640625 : {{.*}} -> <3x4, scale 12, ring 64>
func.func @main(%x: tensor<3x4xf32> {nn.name = "x", nn.range = array<f64: -2.0, 1.0>},
                %s: tensor<1x4xi64> {nn.name = "s", nn.public}) -> (tensor<3x4xf32> {nn.name = "y"}) {
  %quarter = nn.constant dense<-0.25> : tensor<f32>
  %factors = nn.constant dense<[0.3, 5.0, 1.0, 2.0]> : tensor<4xf32>
  %0 = nn.mul %x, %quarter {nn.range = array<f64: -1.0, 1.0>} : tensor<3x4xf32>, tensor<f32>
  %1 = nn.mul %factors, %0 {nn.range = array<f64: -1.0, 1.0>} : tensor<4xf32>, tensor<3x4xf32>
  %2 = nn.add %1, %factors {nn.range = array<f64: -1.0, 1.0>} : tensor<3x4xf32>, tensor<4xf32>
  %3 = nn.sub %factors, %2 {nn.range = array<f64: -1.0, 1.0>} : tensor<4xf32>, tensor<3x4xf32>
  %f = nn.cast %s : tensor<1x4xi64> to tensor<1x4xf32>
  %4 = nn.sub %3, %f {nn.range = array<f64: -1.0, 1.0>} : tensor<3x4xf32>, tensor<1x4xf32>
  %5 = nn.add %s, %s : tensor<1x4xi64>, tensor<1x4xi64>
  %6 = nn.cast %5 : tensor<1x4xi64> to tensor<1x4xi1>
  %7 = nn.cast %6 : tensor<1x4xi1> to tensor<1x4xf32>
  %8 = nn.mul %4, %7 {nn.range = array<f64: -4.0, 1.0>} : tensor<3x4xf32>, tensor<1x4xf32>
  return %8 : tensor<3x4xf32>
}
