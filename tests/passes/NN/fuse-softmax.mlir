// RUN: secformer-opt %s -secformer-normalize -cse -secformer-fuse-softmax -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @with_maximum
// CHECK-NEXT: %[[P:.*]] = nn.softmax %arg0 axis 1 : tensor<3x4xf32>
// CHECK-NEXT: return %[[P]]
func.func @with_maximum(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %m = nn.reduce max %x axes [1] keepdims : tensor<3x4xf32>
  %d = nn.sub %x, %m : tensor<3x4xf32>, tensor<3x1xf32>
  %e = nn.unary exp %d : tensor<3x4xf32>
  %s = nn.reduce sum %e axes [1] keepdims : tensor<3x4xf32>
  %p = nn.div %e, %s : tensor<3x4xf32>, tensor<3x1xf32>
  return %p : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @without_maximum
// CHECK-NEXT: nn.softmax %arg0 axis 0 : tensor<3x4xf32>
// CHECK-NEXT: return
func.func @without_maximum(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %e = nn.unary exp %x : tensor<3x4xf32>
  %s = nn.reduce sum %e axes [0] keepdims : tensor<3x4xf32>
  %r = nn.unary reciprocal %s : tensor<1x4xf32>
  %p = nn.mul %r, %e : tensor<1x4xf32>, tensor<3x4xf32>
  return %p : tensor<3x4xf32>
}

// -----

// What varies along the axis stays.
// CHECK-LABEL: @varying_shift
// CHECK: %[[D:.*]] = nn.sub %arg0, %arg1
// CHECK: nn.softmax %[[D]] axis 1
func.func @varying_shift(%x: tensor<3x4xf32>, %b: tensor<4xf32>) -> tensor<3x4xf32> {
  %d = nn.sub %x, %b : tensor<3x4xf32>, tensor<4xf32>
  %e = nn.unary exp %d : tensor<3x4xf32>
  %s = nn.reduce sum %e axes [1] keepdims : tensor<3x4xf32>
  %p = nn.div %e, %s : tensor<3x4xf32>, tensor<3x1xf32>
  return %p : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @two_axes
// CHECK: nn.unary exp
func.func @two_axes(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %e = nn.unary exp %x : tensor<3x4xf32>
  %s = nn.reduce sum %e axes [0, 1] keepdims : tensor<3x4xf32>
  // expected-remark@+1 {{looks like softmax but is not: expected a sum over one axis that keeps it, found axes [0, 1]}}
  %p = nn.div %e, %s : tensor<3x4xf32>, tensor<1x1xf32>
  return %p : tensor<3x4xf32>
}

// -----

// Left alone: the sum of something else.
// CHECK-LABEL: @alone
// CHECK: nn.unary exp
// CHECK-NOT: nn.softmax
func.func @alone(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %e = nn.unary exp %x : tensor<3x4xf32>
  %s = nn.reduce sum %x axes [1] keepdims : tensor<3x4xf32>
  // expected-remark@+1 {{looks like softmax but is not: expected the sum of the exponentials that it divides, found the sum of something else}}
  %p = nn.div %e, %s : tensor<3x4xf32>, tensor<3x1xf32>
  return %p : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @masked_after
// CHECK: nn.unary exp
// CHECK-NOT: nn.softmax
func.func @masked_after(%x: tensor<3x4xf32>, %m: tensor<4xf32>) -> tensor<3x4xf32> {
  %e = nn.unary exp %x : tensor<3x4xf32>
  %w = nn.mul %e, %m : tensor<3x4xf32>, tensor<4xf32>
  %s = nn.reduce sum %w axes [1] keepdims : tensor<3x4xf32>
  // expected-remark@+1 {{expected exponentials, found exponentials times something: a mask belongs before the exponential}}
  %p = nn.div %w, %s : tensor<3x4xf32>, tensor<3x1xf32>
  return %p : tensor<3x4xf32>
}
