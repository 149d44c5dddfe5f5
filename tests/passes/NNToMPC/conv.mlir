// A convolution is a matrix product: the input is opened once, windows are
// taken apart locally.
// RUN: secformer-opt %s --secformer-nn-to-mpc --split-input-file | FileCheck %s

nn.weight @w offset 0 : tensor<8x3x4x4xf32>

// Patches side by side: no slices. The weight is masked as it stands.
// CHECK-LABEL: @infer
// CHECK: %[[X:.*]] = mpc.mask {{.*}} -> <1x3x9x8, scale 12,
// CHECK: %[[W:.*]] = mpc.mask {{.*}} -> <8x3x4x4, scale 13,
// CHECK: mpc.slice %[[X]] from [0, 0, 0, 0] by [1, 1, 1, 1] : {{.*}} -> !mpc.masked<1x3x8x8,
// CHECK-NEXT: mpc.reshape {{.*}} -> !mpc.masked<1x1x3x2x4x2x4,
// CHECK-NEXT: mpc.transpose %{{.*}} [0, 1, 3, 5, 2, 4, 6]
// CHECK-NEXT: %[[ROWS:.*]] = mpc.reshape {{.*}} -> !mpc.masked<1x1x4x48,
// CHECK: mpc.reshape %[[W]] : {{.*}} -> !mpc.masked<1x8x48,
// CHECK-NEXT: %[[COLUMNS:.*]] = mpc.transpose %{{.*}} [0, 2, 1]
// CHECK: %[[P:.*]] = mpc.matmul %[[ROWS]], %[[COLUMNS]] : {{.*}} -> !mpc.shared<1x1x4x8, scale 25,
// CHECK-NEXT: %[[T:.*]] = mpc.transpose %[[P]] [0, 1, 3, 2]
// CHECK-NEXT: mpc.reshape %[[T]] : {{.*}} -> !mpc.shared<1x8x2x2,
func.func @patches(%x: tensor<1x3x9x8xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>})
    -> (tensor<1x8x2x2xf32> {nn.name = "y"}) {
  %w = nn.param @w {nn.range = array<f64: -0.4, 0.4>} : tensor<8x3x4x4xf32>
  %0 = nn.conv %x, %w strides [4, 4] low [0, 0] high [0, 0] dilations [1, 1] groups 1
      {nn.range = array<f64: -4.0, 4.0>} : tensor<1x3x9x8xf32>, tensor<8x3x4x4xf32>
  return %0 : tensor<1x8x2x2xf32>
}

// -----

nn.weight @w offset 0 : tensor<4x1x3xf32>

// Padding, a dilation, a stride and groups: one slice for every position.
// CHECK-LABEL: @infer
// CHECK: %[[X:.*]] = mpc.mask {{.*}} -> <2x2x8, scale 12,
// CHECK: %[[PAD:.*]] = mpc.pad %[[X]] low [0, 0, 1] high [0, 0, 2] : {{.*}} -> !mpc.masked<2x2x11,
// CHECK-NEXT: mpc.slice %[[PAD]] from [0, 0, 0] by [1, 1, 3] : {{.*}} -> !mpc.masked<2x2x3,
// CHECK: mpc.slice %[[PAD]] from [0, 0, 2] by [1, 1, 3]
// CHECK: mpc.slice %[[PAD]] from [0, 0, 4] by [1, 1, 3]
// CHECK: mpc.concat {{.*}} axis 4 : {{.*}} -> !mpc.masked<2x2x1x3x3,
// CHECK: mpc.matmul {{.*}} : (!mpc.masked<2x2x3x3, {{.*}}, !mpc.masked<2x3x2, {{.*}}) -> !mpc.shared<2x2x3x2,
// CHECK-NEXT: mpc.transpose {{.*}} [0, 1, 3, 2]
// CHECK-NEXT: mpc.reshape {{.*}} -> !mpc.shared<2x4x3,
func.func @windows(%x: tensor<2x2x8xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>})
    -> (tensor<2x4x3xf32> {nn.name = "y"}) {
  %w = nn.param @w {nn.range = array<f64: -1.0, 1.0>} : tensor<4x1x3xf32>
  %0 = nn.conv %x, %w strides [3] low [1] high [2] dilations [2] groups 2
      {nn.range = array<f64: -4.0, 4.0>} : tensor<2x2x8xf32>, tensor<4x1x3xf32>
  return %0 : tensor<2x4x3xf32>
}
