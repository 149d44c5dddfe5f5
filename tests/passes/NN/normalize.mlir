// RUN: secformer-opt %s -secformer-normalize -split-input-file | FileCheck %s

// CHECK-LABEL: @division
// CHECK-DAG: %[[EIGHTH:.*]] = nn.constant dense<1.250000e-01> : tensor<f32>
// CHECK: nn.mul %arg0, %[[EIGHTH]]
// CHECK: %[[R:.*]] = nn.unary rsqrt %arg1
// CHECK: nn.mul %arg0, %[[R]]
// CHECK: nn.div %arg2, %arg2 : tensor<3xi64>, tensor<3xi64>
func.func @division(%x: tensor<2x3xf32>, %y: tensor<2x1xf32>, %i: tensor<3xi64>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xi64>) {
  %eight = nn.constant dense<8.0> : tensor<f32>
  %a = nn.div %x, %eight : tensor<2x3xf32>, tensor<f32>
  %root = nn.unary sqrt %y : tensor<2x1xf32>
  %b = nn.div %x, %root : tensor<2x3xf32>, tensor<2x1xf32>
  %c = nn.div %i, %i : tensor<3xi64>, tensor<3xi64>
  return %a, %b, %c : tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xi64>
}

// -----

// CHECK-LABEL: @powers
// CHECK: %[[S:.*]] = nn.mul %arg0, %arg0
// CHECK: %[[T:.*]] = nn.mul %arg0, %arg0
// CHECK: %[[C:.*]] = nn.mul %[[T]], %arg0
// CHECK: %[[H:.*]] = nn.unary sqrt %arg0
// CHECK: %[[R:.*]] = nn.unary rsqrt %arg0
// CHECK: %[[I:.*]] = nn.unary reciprocal %arg0
// CHECK: %[[F:.*]] = nn.pow %arg0
// CHECK: return %[[S]], %[[C]], %[[H]], %[[R]], %[[I]], %arg0, %[[F]]
func.func @powers(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %c2 = nn.constant dense<2.0> : tensor<f32>
  %c3 = nn.constant dense<3.0> : tensor<1xf32>
  %ch = nn.constant dense<0.5> : tensor<f32>
  %cn = nn.constant dense<-0.5> : tensor<f32>
  %ci = nn.constant dense<-1.0> : tensor<f32>
  %c1 = nn.constant dense<1.0> : tensor<f32>
  %c5 = nn.constant dense<5.0> : tensor<f32>
  %p2 = nn.pow %x, %c2 : tensor<3xf32>, tensor<f32>
  %p3 = nn.pow %x, %c3 : tensor<3xf32>, tensor<1xf32>
  %ph = nn.pow %x, %ch : tensor<3xf32>, tensor<f32>
  %pn = nn.pow %x, %cn : tensor<3xf32>, tensor<f32>
  %pi = nn.pow %x, %ci : tensor<3xf32>, tensor<f32>
  %p1 = nn.pow %x, %c1 : tensor<3xf32>, tensor<f32>
  %p5 = nn.pow %x, %c5 : tensor<3xf32>, tensor<f32>
  return %p2, %p3, %ph, %pn, %pi, %p1, %p5 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// CHECK-LABEL: @small_things
// CHECK: %[[S:.*]] = nn.sub %arg0, %arg1
// CHECK: %[[R:.*]] = nn.unary relu %arg0
// CHECK: %[[C:.*]] = nn.select %arg2, %arg1, %arg0
// CHECK: %[[M:.*]] = nn.reduce mean %arg0 axes [0] keepdims
// CHECK: return %arg0, %[[S]], %[[R]], %[[C]], %[[M]]
func.func @small_things(%x: tensor<4xf32>, %y: tensor<4xf32>, %c: tensor<4xi1>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<1xf32>) {
  %zero = nn.constant dense<0.0> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %n = nn.constant dense<4.0> : tensor<f32>
  %a = nn.add %zero, %x : tensor<f32>, tensor<4xf32>
  %b = nn.mul %one, %a : tensor<f32>, tensor<4xf32>
  %d = nn.sub %b, %zero : tensor<4xf32>, tensor<f32>
  %neg = nn.unary neg %y : tensor<4xf32>
  %s = nn.add %neg, %x : tensor<4xf32>, tensor<4xf32>
  %r = nn.max %zero, %x : tensor<f32>, tensor<4xf32>
  %nc = nn.not %c : tensor<4xi1>
  %sel = nn.select %nc, %x, %y : tensor<4xi1>, tensor<4xf32>, tensor<4xf32>
  %sum = nn.reduce sum %x axes [0] keepdims : tensor<4xf32>
  %mean = nn.div %sum, %n : tensor<1xf32>, tensor<f32>
  return %d, %s, %r, %sel, %mean : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<1xf32>
}

// -----

// CHECK-LABEL: @negated_comparisons
// CHECK: %[[G:.*]] = nn.compare ge %arg0, %arg1
// CHECK: %[[E:.*]] = nn.compare eq %arg0, %arg1
// CHECK: %[[N:.*]] = nn.not %[[E]]
// CHECK: %[[L:.*]] = nn.compare lt %arg2, %arg2
// CHECK: %[[M:.*]] = nn.not %[[L]]
// CHECK: return %[[G]], %[[N]], %[[M]], %arg3
func.func @negated_comparisons(%a: tensor<4xi64>, %b: tensor<4xi64>, %x: tensor<4xf32>, %c: tensor<4xi1>) -> (tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>) {
  %lt = nn.compare lt %a, %b : tensor<4xi64>, tensor<4xi64>
  %ge = nn.not %lt : tensor<4xi1>
  %eq = nn.compare eq %a, %b : tensor<4xi64>, tensor<4xi64>
  %ne = nn.not %eq : tensor<4xi1>
  // Both are false for a NaN.
  %flt = nn.compare lt %x, %x : tensor<4xf32>, tensor<4xf32>
  %fge = nn.not %flt : tensor<4xi1>
  %n = nn.not %c : tensor<4xi1>
  %nn = nn.not %n : tensor<4xi1>
  return %ge, %ne, %fge, %nn : tensor<4xi1>, tensor<4xi1>, tensor<4xi1>, tensor<4xi1>
}

// -----

// CHECK-LABEL: @rearrangements
// CHECK: %[[T:.*]] = nn.transpose %arg0 perm [1, 2, 0]
// CHECK: %[[R:.*]] = nn.reshape %arg0 : tensor<2x3x4xf32> -> tensor<24xf32>
// CHECK: %[[A:.*]] = nn.add %arg0, %arg1 : tensor<2x3x4xf32>, tensor<4xf32>
// CHECK: %[[M:.*]] = nn.reduce mean %arg0 axes [2] keepdims
// CHECK: %[[U:.*]] = nn.reshape %arg1 : tensor<4xf32> -> tensor<1x4xf32>
// CHECK: return %[[T]], %arg0, %[[R]], %[[A]], %arg0, %[[M]], %[[U]]
func.func @rearrangements(%x: tensor<2x3x4xf32>, %b: tensor<4xf32>) -> (tensor<3x4x2xf32>, tensor<2x3x4xf32>, tensor<24xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3x1xf32>, tensor<1x4xf32>) {
  %t1 = nn.transpose %x perm [0, 2, 1] : tensor<2x3x4xf32>
  %t2 = nn.transpose %t1 perm [2, 1, 0] : tensor<2x4x3xf32>
  %t3 = nn.transpose %t1 perm [0, 2, 1] : tensor<2x4x3xf32>
  %r1 = nn.reshape %x : tensor<2x3x4xf32> -> tensor<6x4xf32>
  %r2 = nn.reshape %r1 : tensor<6x4xf32> -> tensor<24xf32>
  %w = nn.broadcast %b : tensor<4xf32> -> tensor<2x3x4xf32>
  %a = nn.add %x, %w : tensor<2x3x4xf32>, tensor<2x3x4xf32>
  %s = nn.slice %x starts [0, 0, 0] sizes [2, 3, 4] strides [1, 1, 1] : tensor<2x3x4xf32>
  %m = nn.reduce mean %x axes [2] : tensor<2x3x4xf32>
  %k = nn.reshape %m : tensor<2x3xf32> -> tensor<2x3x1xf32>
  %u = nn.broadcast %b : tensor<4xf32> -> tensor<1x4xf32>
  return %t2, %t3, %r2, %a, %s, %k, %u : tensor<3x4x2xf32>, tensor<2x3x4xf32>, tensor<24xf32>, tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<2x3x1xf32>, tensor<1x4xf32>
}

// -----

// Left alone: a broadcast that makes the result larger, a strided slice, a sum
// times another number, a one that broadcasts.
// CHECK-LABEL: @alone
// CHECK: %[[B:.*]] = nn.broadcast
// CHECK: nn.unary exp %[[B]]
// CHECK: nn.slice
// CHECK: nn.reduce sum
// CHECK: nn.mul %arg0, %{{.*}} : tensor<4xf32>, tensor<2x4xf32>
func.func @alone(%x: tensor<4xf32>) -> (tensor<2x4xf32>, tensor<2xf32>, tensor<1xf32>, tensor<2x4xf32>) {
  %third = nn.constant dense<0.3> : tensor<f32>
  %ones = nn.constant dense<1.0> : tensor<2x4xf32>
  %b = nn.broadcast %x : tensor<4xf32> -> tensor<2x4xf32>
  %a = nn.unary exp %b : tensor<2x4xf32>
  %s = nn.slice %x starts [0] sizes [2] strides [2] : tensor<4xf32>
  %sum = nn.reduce sum %x axes [0] keepdims : tensor<4xf32>
  %t = nn.mul %sum, %third : tensor<1xf32>, tensor<f32>
  %o = nn.mul %x, %ones : tensor<4xf32>, tensor<2x4xf32>
  return %a, %s, %t, %o : tensor<2x4xf32>, tensor<2xf32>, tensor<1xf32>, tensor<2x4xf32>
}

// -----

// Limits that nothing reaches, as OPT has them; others stay.
// CHECK-LABEL: @limits
// CHECK: %[[A:.*]] = nn.max %arg0, %{{.*}} : tensor<4xf32>, tensor<f32>
// CHECK-NEXT: return %arg0, %arg0, %[[A]]
func.func @limits(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %low = nn.constant dense<-3.40282347E+38> : tensor<f32>
  %high = nn.constant dense<0x7F800000> : tensor<f32>
  %two = nn.constant dense<2.0> : tensor<f32>
  %a = nn.max %x, %low : tensor<4xf32>, tensor<f32>
  %b = nn.min %x, %high : tensor<4xf32>, tensor<f32>
  %c = nn.max %x, %two : tensor<4xf32>, tensor<f32>
  return %a, %b, %c : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

// CHECK-LABEL: @variance
// CHECK-NEXT: %[[M:.*]] = nn.reduce mean %arg0 axes [1] keepdims
// CHECK-NEXT: %[[D:.*]] = nn.sub %arg0, %[[M]]
// CHECK-NEXT: %[[S:.*]] = nn.mul %[[D]], %[[D]]
// CHECK-NEXT: %[[V:.*]] = nn.reduce mean %[[S]] axes [1] keepdims
// CHECK-NEXT: return %[[V]]
func.func @variance(%x: tensor<3x4xf32>) -> tensor<3x1xf32> {
  %m = nn.reduce mean %x axes [1] keepdims : tensor<3x4xf32>
  %mm = nn.mul %m, %m : tensor<3x1xf32>, tensor<3x1xf32>
  %xx = nn.mul %x, %x : tensor<3x4xf32>, tensor<3x4xf32>
  %s = nn.reduce mean %xx axes [1] keepdims : tensor<3x4xf32>
  %v = nn.sub %s, %mm : tensor<3x1xf32>, tensor<3x1xf32>
  return %v : tensor<3x1xf32>
}

// -----

// Left alone: the means are over different axes.
// CHECK-LABEL: @other_axes
// CHECK: nn.sub %{{.*}}, %{{.*}} : tensor<4x1xf32>, tensor<1x4xf32>
func.func @other_axes(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %m = nn.reduce mean %x axes [0] keepdims : tensor<4x4xf32>
  %mm = nn.mul %m, %m : tensor<1x4xf32>, tensor<1x4xf32>
  %xx = nn.mul %x, %x : tensor<4x4xf32>, tensor<4x4xf32>
  %s = nn.reduce mean %xx axes [1] keepdims : tensor<4x4xf32>
  %v = nn.sub %s, %mm : tensor<4x1xf32>, tensor<1x4xf32>
  return %v : tensor<4x4xf32>
}

// -----

// where(isnan(p), 0, p); another value may be NaN.
// CHECK-LABEL: @nan_guard
// CHECK: %[[P:.*]] = nn.softmax %arg0
// CHECK: %[[S:.*]] = nn.select
// CHECK: return %[[P]], %[[S]]
func.func @nan_guard(%x: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %zero = nn.constant dense<0.0> : tensor<f32>
  %p = nn.softmax %x axis 1 : tensor<4x4xf32>
  %e = nn.compare eq %p, %p : tensor<4x4xf32>, tensor<4x4xf32>
  %n = nn.not %e : tensor<4x4xi1>
  %y = nn.select %n, %zero, %p : tensor<4x4xi1>, tensor<f32>, tensor<4x4xf32>
  %f = nn.compare eq %x, %x : tensor<4x4xf32>, tensor<4x4xf32>
  %z = nn.select %f, %x, %zero : tensor<4x4xi1>, tensor<4x4xf32>, tensor<f32>
  return %y, %z : tensor<4x4xf32>, tensor<4x4xf32>
}
