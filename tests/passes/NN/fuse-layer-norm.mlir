// RUN: secformer-opt %s -secformer-normalize -cse -secformer-fuse-layer-norm -split-input-file -verify-diagnostics | FileCheck %s

nn.weight @gamma offset 0 : tensor<8xf32>
nn.weight @beta offset 64 : tensor<8xf32>

// Opset 11 to 16: Pow 2, Sqrt, Div, gamma, beta; Sub written twice.
// CHECK-LABEL: @decomposed
// CHECK-DAG: %[[G:.*]] = nn.param @gamma
// CHECK-DAG: %[[B:.*]] = nn.param @beta
// CHECK: %[[Y:.*]] = nn.layer_norm %arg0 gamma %[[G]] beta %[[B]] axis 2 eps 9.99999996E-13 : tensor<1x3x8xf32>, tensor<8xf32>, tensor<8xf32>
// CHECK-NEXT: return %[[Y]]
func.func @decomposed(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %two = nn.constant dense<2.0> : tensor<f32>
  %eps = nn.constant dense<1.0e-12> : tensor<f32>
  %g = nn.param @gamma : tensor<8xf32>
  %b = nn.param @beta : tensor<8xf32>
  %m = nn.reduce mean %x axes [2] keepdims : tensor<1x3x8xf32>
  %d = nn.sub %x, %m : tensor<1x3x8xf32>, tensor<1x3x1xf32>
  %d2 = nn.sub %x, %m : tensor<1x3x8xf32>, tensor<1x3x1xf32>
  %sq = nn.pow %d2, %two : tensor<1x3x8xf32>, tensor<f32>
  %v = nn.reduce mean %sq axes [2] keepdims : tensor<1x3x8xf32>
  %ve = nn.add %v, %eps : tensor<1x3x1xf32>, tensor<f32>
  %r = nn.unary sqrt %ve : tensor<1x3x1xf32>
  %n = nn.div %d, %r : tensor<1x3x8xf32>, tensor<1x3x1xf32>
  %ng = nn.mul %n, %g : tensor<1x3x8xf32>, tensor<8xf32>
  %y = nn.add %ng, %b : tensor<1x3x8xf32>, tensor<8xf32>
  return %y : tensor<1x3x8xf32>
}

// -----

nn.weight @gamma offset 0 : tensor<1x1x8xf32>
nn.weight @beta offset 64 : tensor<8xf32>

// Keras: the root times gamma first; gamma has leading ones; sums divided by n.
// CHECK-LABEL: @gamma_first
// CHECK: %[[G:.*]] = nn.reshape %{{.*}} : tensor<1x1x8xf32> -> tensor<8xf32>
// CHECK: nn.layer_norm %arg0 gamma %[[G]] beta %{{.*}} axis 2 eps
// CHECK-NEXT: return
func.func @gamma_first(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %n = nn.constant dense<8.0> : tensor<f32>
  %eps = nn.constant dense<1.0e-6> : tensor<f32>
  %g = nn.param @gamma : tensor<1x1x8xf32>
  %b = nn.param @beta : tensor<8xf32>
  %s = nn.reduce sum %x axes [2] keepdims : tensor<1x3x8xf32>
  %m = nn.div %s, %n : tensor<1x3x1xf32>, tensor<f32>
  %d = nn.sub %x, %m : tensor<1x3x8xf32>, tensor<1x3x1xf32>
  %sq = nn.mul %d, %d : tensor<1x3x8xf32>, tensor<1x3x8xf32>
  %t = nn.reduce sum %sq axes [2] keepdims : tensor<1x3x8xf32>
  %v = nn.div %t, %n : tensor<1x3x1xf32>, tensor<f32>
  %ve = nn.add %eps, %v : tensor<f32>, tensor<1x3x1xf32>
  %root = nn.unary sqrt %ve : tensor<1x3x1xf32>
  %r = nn.unary reciprocal %root : tensor<1x3x1xf32>
  %rg = nn.mul %r, %g : tensor<1x3x1xf32>, tensor<1x1x8xf32>
  %y = nn.mul %d, %rg : tensor<1x3x8xf32>, tensor<1x3x8xf32>
  %z = nn.add %b, %y : tensor<8xf32>, tensor<1x3x8xf32>
  return %z : tensor<1x3x8xf32>
}

// -----

nn.weight @gamma offset 0 : tensor<8xf32>
nn.weight @beta offset 64 : tensor<8xf32>

// tf.nn.batch_normalization: x * s + (beta - mean * s) with s = rsqrt * gamma.
// CHECK-LABEL: @scaled_mean
// CHECK-DAG: %[[G:.*]] = nn.param @gamma
// CHECK-DAG: %[[B:.*]] = nn.param @beta
// CHECK: %[[Y:.*]] = nn.layer_norm %arg0 gamma %[[G]] beta %[[B]] axis 1 eps
// CHECK-NEXT: return %[[Y]]
func.func @scaled_mean(%x: tensor<3x8xf32>) -> tensor<3x8xf32> {
  %eps = nn.constant dense<1.0e-3> : tensor<f32>
  %g = nn.param @gamma : tensor<8xf32>
  %b = nn.param @beta : tensor<8xf32>
  %m = nn.reduce mean %x axes [1] keepdims : tensor<3x8xf32>
  %d = nn.sub %x, %m : tensor<3x8xf32>, tensor<3x1xf32>
  %sq = nn.mul %d, %d : tensor<3x8xf32>, tensor<3x8xf32>
  %v = nn.reduce mean %sq axes [1] keepdims : tensor<3x8xf32>
  %ve = nn.add %v, %eps : tensor<3x1xf32>, tensor<f32>
  %r = nn.unary rsqrt %ve : tensor<3x1xf32>
  %s = nn.mul %r, %g : tensor<3x1xf32>, tensor<8xf32>
  %xs = nn.mul %x, %s : tensor<3x8xf32>, tensor<3x8xf32>
  %ms = nn.mul %m, %s : tensor<3x1xf32>, tensor<3x8xf32>
  %bm = nn.sub %b, %ms : tensor<8xf32>, tensor<3x8xf32>
  %y = nn.add %xs, %bm : tensor<3x8xf32>, tensor<3x8xf32>
  return %y : tensor<3x8xf32>
}

// -----

nn.weight @gamma offset 0 : tensor<8xf32>

// T5: no mean. What is added afterwards is a residual, no beta.
// CHECK-LABEL: @rms
// CHECK: %[[N:.*]] = nn.layer_norm %arg0 gamma %{{.*}} axis 1 eps {{.*}} rms : tensor<3x8xf32>, tensor<8xf32>
// CHECK-NEXT: nn.add %[[N]], %arg0
func.func @rms(%x: tensor<3x8xf32>) -> tensor<3x8xf32> {
  %two = nn.constant dense<2.0> : tensor<f32>
  %eps = nn.constant dense<1.0e-6> : tensor<f32>
  %g = nn.param @gamma : tensor<8xf32>
  %sq = nn.pow %x, %two : tensor<3x8xf32>, tensor<f32>
  %v = nn.reduce mean %sq axes [1] keepdims : tensor<3x8xf32>
  %ve = nn.add %v, %eps : tensor<3x1xf32>, tensor<f32>
  %r = nn.unary sqrt %ve : tensor<3x1xf32>
  %n = nn.div %x, %r : tensor<3x8xf32>, tensor<3x1xf32>
  %y = nn.mul %g, %n : tensor<8xf32>, tensor<3x8xf32>
  %z = nn.add %y, %x : tensor<3x8xf32>, tensor<3x8xf32>
  return %z : tensor<3x8xf32>
}

// -----

// Two axes, neither gamma nor beta; scalars count as both.
// CHECK-LABEL: @two_axes
// CHECK: nn.layer_norm %arg0 axis 1 eps
// CHECK-NEXT: return
func.func @two_axes(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %eps = nn.constant dense<1.0e-5> : tensor<f32>
  %m = nn.reduce mean %x axes [1, 2] keepdims : tensor<2x3x4xf32>
  %d = nn.sub %x, %m : tensor<2x3x4xf32>, tensor<2x1x1xf32>
  %sq = nn.mul %d, %d : tensor<2x3x4xf32>, tensor<2x3x4xf32>
  %v = nn.reduce mean %sq axes [2, 1] keepdims : tensor<2x3x4xf32>
  %ve = nn.add %v, %eps : tensor<2x1x1xf32>, tensor<f32>
  %r = nn.unary rsqrt %ve : tensor<2x1x1xf32>
  %n = nn.mul %d, %r : tensor<2x3x4xf32>, tensor<2x1x1xf32>
  return %n : tensor<2x3x4xf32>
}

// -----

// CHECK-LABEL: @scalars
// CHECK: nn.layer_norm %arg0 gamma %{{.*}} beta %{{.*}} axis 1 eps {{.*}} : tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>
// CHECK-NEXT: return
func.func @scalars(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %eps = nn.constant dense<2.0> : tensor<f32>
  %three = nn.constant dense<3.0> : tensor<1xf32>
  %m = nn.reduce mean %x axes [1] keepdims : tensor<3x4xf32>
  %d = nn.sub %x, %m : tensor<3x4xf32>, tensor<3x1xf32>
  %sq = nn.mul %d, %d : tensor<3x4xf32>, tensor<3x4xf32>
  %v = nn.reduce mean %sq axes [1] keepdims : tensor<3x4xf32>
  %ve = nn.add %v, %eps : tensor<3x1xf32>, tensor<f32>
  %r = nn.unary rsqrt %ve : tensor<3x1xf32>
  %n = nn.mul %d, %r : tensor<3x4xf32>, tensor<3x1xf32>
  %g = nn.mul %n, %three : tensor<3x4xf32>, tensor<1xf32>
  %y = nn.add %g, %three : tensor<3x4xf32>, tensor<1xf32>
  return %y : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @first_axis
// CHECK: nn.unary rsqrt
func.func @first_axis(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %eps = nn.constant dense<1.0e-5> : tensor<f32>
  %sq = nn.mul %x, %x : tensor<3x4xf32>, tensor<3x4xf32>
  %v = nn.reduce mean %sq axes [0] keepdims : tensor<3x4xf32>
  %ve = nn.add %v, %eps : tensor<1x4xf32>, tensor<f32>
  // expected-remark@+1 {{looks like LayerNorm but is not: expected the mean square over the last axes, found axes [0] of 2}}
  %r = nn.unary rsqrt %ve : tensor<1x4xf32>
  %n = nn.mul %x, %r : tensor<3x4xf32>, tensor<1x4xf32>
  return %n : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @other_numerator
// CHECK: nn.unary rsqrt
func.func @other_numerator(%x: tensor<3x4xf32>, %y: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %eps = nn.constant dense<1.0e-5> : tensor<f32>
  %sq = nn.mul %x, %x : tensor<3x4xf32>, tensor<3x4xf32>
  %v = nn.reduce mean %sq axes [1] keepdims : tensor<3x4xf32>
  %ve = nn.add %v, %eps : tensor<3x1xf32>, tensor<f32>
  // expected-remark@+1 {{looks like LayerNorm but is not: expected a product with the value whose squares are averaged, found a product with an argument}}
  %r = nn.unary rsqrt %ve : tensor<3x1xf32>
  %n = nn.mul %y, %r : tensor<3x4xf32>, tensor<3x1xf32>
  return %n : tensor<3x4xf32>
}

// -----

// The mean is over another axis: RMSNorm of the difference, and a remark.
// CHECK-LABEL: @other_mean
// CHECK: %[[D:.*]] = nn.sub
// CHECK: nn.layer_norm %[[D]] axis 1 eps {{.*}} rms
func.func @other_mean(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %eps = nn.constant dense<1.0e-5> : tensor<f32>
  %m = nn.reduce mean %x axes [0] keepdims : tensor<3x4xf32>
  %d = nn.sub %x, %m : tensor<3x4xf32>, tensor<1x4xf32>
  %sq = nn.mul %d, %d : tensor<3x4xf32>, tensor<3x4xf32>
  %v = nn.reduce mean %sq axes [1] keepdims : tensor<3x4xf32>
  %ve = nn.add %v, %eps : tensor<3x1xf32>, tensor<f32>
  // expected-remark@+1 {{expected the mean over the axes from 1 on like the variance, found axes [0]: it becomes RMSNorm of the difference}}
  %r = nn.unary rsqrt %ve : tensor<3x1xf32>
  %n = nn.mul %d, %r : tensor<3x4xf32>, tensor<3x1xf32>
  return %n : tensor<3x4xf32>
}

// -----

// Left alone: a root of something else, and a second use of an intermediate.
// CHECK-LABEL: @alone
// CHECK: nn.unary rsqrt
// CHECK: %[[N:.*]] = nn.layer_norm %arg0 axis 1 eps {{.*}} rms
// CHECK-NEXT: nn.mul %[[N]], %{{.*}}
func.func @alone(%x: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>) {
  %eps = nn.constant dense<1.0e-5> : tensor<f32>
  %three = nn.constant dense<3.0> : tensor<f32>
  %a = nn.unary rsqrt %x : tensor<3x4xf32>
  %sq = nn.mul %x, %x : tensor<3x4xf32>, tensor<3x4xf32>
  %v = nn.reduce mean %sq axes [1] keepdims : tensor<3x4xf32>
  %ve = nn.add %v, %eps : tensor<3x1xf32>, tensor<f32>
  %r = nn.unary rsqrt %ve : tensor<3x1xf32>
  %n = nn.mul %x, %r : tensor<3x4xf32>, tensor<3x1xf32>
  %g = nn.mul %n, %three : tensor<3x4xf32>, tensor<f32>
  return %a, %n, %g : tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @covariance
// CHECK: nn.unary rsqrt
func.func @covariance(%x: tensor<3x4xf32>, %z: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %eps = nn.constant dense<1.0e-5> : tensor<f32>
  %s = nn.mul %x, %z : tensor<3x4xf32>, tensor<3x4xf32>
  %m = nn.reduce mean %s axes [1] keepdims : tensor<3x4xf32>
  %e = nn.add %m, %eps : tensor<3x1xf32>, tensor<f32>
  // expected-remark@+1 {{expected the root of a mean of squares, found the mean of a product of two different values}}
  %r = nn.unary rsqrt %e : tensor<3x1xf32>
  %y = nn.mul %x, %r : tensor<3x4xf32>, tensor<3x1xf32>
  return %y : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @eps_per_row
// CHECK: nn.unary rsqrt
func.func @eps_per_row(%x: tensor<3x4xf32>, %eps: tensor<3x1xf32>) -> tensor<3x4xf32> {
  %s = nn.mul %x, %x : tensor<3x4xf32>, tensor<3x4xf32>
  %m = nn.reduce mean %s axes [1] keepdims : tensor<3x4xf32>
  %e = nn.add %m, %eps : tensor<3x1xf32>, tensor<3x1xf32>
  // expected-remark@+1 {{expected one constant eps added to the mean square, found something else}}
  %r = nn.unary rsqrt %e : tensor<3x1xf32>
  %y = nn.mul %x, %r : tensor<3x4xf32>, tensor<3x1xf32>
  return %y : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @root_alone
// CHECK: nn.unary rsqrt
func.func @root_alone(%x: tensor<3x4xf32>) -> tensor<3x1xf32> {
  %s = nn.mul %x, %x : tensor<3x4xf32>, tensor<3x4xf32>
  %m = nn.reduce mean %s axes [1] keepdims : tensor<3x4xf32>
  // expected-remark@+1 {{whose squares are averaged, found a use by func.return}}
  %r = nn.unary rsqrt %m : tensor<3x1xf32>
  return %r : tensor<3x1xf32>
}

// -----

// The mean of something else than what it is subtracted from.
// CHECK-LABEL: @other_mean
// CHECK: nn.layer_norm %{{.*}} axis 1 eps 0.000000e+00 rms
func.func @other_mean(%x: tensor<3x4xf32>, %z: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %mean = nn.reduce mean %z axes [1] keepdims : tensor<3x4xf32>
  %d = nn.sub %x, %mean : tensor<3x4xf32>, tensor<3x1xf32>
  %s = nn.mul %d, %d : tensor<3x4xf32>, tensor<3x4xf32>
  %m = nn.reduce mean %s axes [1] keepdims : tensor<3x4xf32>
  // expected-remark@+1 {{found the mean of something else: it becomes RMSNorm of the difference}}
  %r = nn.unary rsqrt %m : tensor<3x1xf32>
  %y = nn.mul %d, %r : tensor<3x4xf32>, tensor<3x1xf32>
  return %y : tensor<3x4xf32>
}

// -----

// eps beside the root, with the unbiased variance.
// CHECK-LABEL: @outer_eps
// CHECK: nn.unary sqrt
func.func @outer_eps(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %eps = nn.constant dense<1.0e-06> : tensor<f32>
  %quarter = nn.constant dense<0.25> : tensor<f32>
  %s = nn.mul %x, %x : tensor<3x4xf32>, tensor<3x4xf32>
  %m = nn.reduce sum %s axes [1] keepdims : tensor<3x4xf32>
  %u = nn.mul %m, %quarter : tensor<3x1xf32>, tensor<f32>
  %r = nn.unary sqrt %u : tensor<3x1xf32>
  %e = nn.add %r, %eps : tensor<3x1xf32>, tensor<f32>
  // expected-remark@+1 {{looks like LayerNorm but is not: expected eps under the root, found 1e-06 added to the root}}
  %y = nn.div %x, %e : tensor<3x4xf32>, tensor<3x1xf32>
  return %y : tensor<3x4xf32>
}
