// RUN: secformer-opt %s -secformer-normalize -cse -secformer-fuse-softmax-mask -secformer-normalize -split-input-file -verify-diagnostics | FileCheck %s

// What exporters write for BERT: (1 - m) * -10000 added, scores divided by 8.
// CHECK-LABEL: @bert
// CHECK-SAME: %[[Q:.*]]: tensor<1x2x5x64xf32>, %[[K:.*]]: tensor<1x2x64x5xf32>, %[[M:.*]]: tensor<1x5xi64>
// CHECK-NEXT: %[[R:.*]] = nn.reshape %[[M]] : tensor<1x5xi64> -> tensor<1x1x1x5xi64>
// CHECK-NEXT: %[[S:.*]] = nn.matmul %[[Q]], %[[K]]
// CHECK-NEXT: %[[P:.*]] = nn.softmax %[[S]] mask %[[R]] axis 3 scale 1.250000e-01 : tensor<1x2x5x5xf32>, tensor<1x1x1x5xi64>
// CHECK-NEXT: return %[[P]]
func.func @bert(%q: tensor<1x2x5x64xf32>, %k: tensor<1x2x64x5xf32>, %m: tensor<1x5xi64>) -> tensor<1x2x5x5xf32> {
  %one = nn.constant dense<1.0> : tensor<f32>
  %low = nn.constant dense<-10000.0> : tensor<f32>
  %eight = nn.constant dense<8.0> : tensor<f32>
  %r = nn.reshape %m : tensor<1x5xi64> -> tensor<1x1x1x5xi64>
  %f = nn.cast %r : tensor<1x1x1x5xi64> to tensor<1x1x1x5xf32>
  %inv = nn.sub %one, %f : tensor<f32>, tensor<1x1x1x5xf32>
  %add = nn.mul %inv, %low : tensor<1x1x1x5xf32>, tensor<f32>
  %s = nn.matmul %q, %k : tensor<1x2x5x64xf32>, tensor<1x2x64x5xf32>
  %d = nn.div %s, %eight : tensor<1x2x5x5xf32>, tensor<f32>
  %z = nn.add %d, %add : tensor<1x2x5x5xf32>, tensor<1x1x1x5xf32>
  %p = nn.softmax %z axis 3 : tensor<1x2x5x5xf32>
  return %p : tensor<1x2x5x5xf32>
}

// -----

// The reshapes come after the arithmetic; the constant is -inf, the sum turned.
// CHECK-LABEL: @reshaped_later
// CHECK-SAME: %[[X:.*]]: tensor<1x2x5x5xf32>, %[[M:.*]]: tensor<1x5xi32>
// CHECK-NEXT: %[[R:.*]] = nn.reshape %[[M]] : tensor<1x5xi32> -> tensor<1x1x1x5xi32>
// CHECK-NEXT: nn.softmax %[[X]] mask %[[R]] axis 3 :
func.func @reshaped_later(%x: tensor<1x2x5x5xf32>, %m: tensor<1x5xi32>) -> tensor<1x2x5x5xf32> {
  %one = nn.constant dense<1> : tensor<i32>
  %low = nn.constant dense<-3.4028235e+38> : tensor<f32>
  %inv = nn.sub %one, %m : tensor<i32>, tensor<1x5xi32>
  %f = nn.cast %inv : tensor<1x5xi32> to tensor<1x5xf32>
  %add = nn.mul %low, %f : tensor<f32>, tensor<1x5xf32>
  %r = nn.reshape %add : tensor<1x5xf32> -> tensor<1x1x1x5xf32>
  %b = nn.broadcast %r : tensor<1x1x1x5xf32> -> tensor<1x2x5x5xf32>
  %z = nn.add %b, %x : tensor<1x2x5x5xf32>, tensor<1x2x5x5xf32>
  %p = nn.softmax %z axis 3 : tensor<1x2x5x5xf32>
  return %p : tensor<1x2x5x5xf32>
}

// -----

// DistilBERT: where(m == 0, -inf, s).
// CHECK-LABEL: @where_equal
// CHECK-SAME: %[[X:.*]]: tensor<1x2x5x5xf32>, %[[M:.*]]: tensor<1x5xi64>
// CHECK-NEXT: %[[R:.*]] = nn.reshape %[[M]] : tensor<1x5xi64> -> tensor<1x1x1x5xi64>
// CHECK-NEXT: nn.softmax %[[X]] mask %[[R]] axis 3 scale 5.000000e-01
func.func @where_equal(%x: tensor<1x2x5x5xf32>, %m: tensor<1x5xi64>) -> tensor<1x2x5x5xf32> {
  %zero = nn.constant dense<0> : tensor<i64>
  %half = nn.constant dense<0.5> : tensor<f32>
  %inf = nn.constant dense<0xFF800000> : tensor<f32>
  %eq = nn.compare eq %m, %zero : tensor<1x5xi64>, tensor<i64>
  %r = nn.reshape %eq : tensor<1x5xi1> -> tensor<1x1x1x5xi1>
  %b = nn.broadcast %r : tensor<1x1x1x5xi1> -> tensor<1x2x5x5xi1>
  %s = nn.mul %half, %x : tensor<f32>, tensor<1x2x5x5xf32>
  %z = nn.select %b, %inf, %s : tensor<1x2x5x5xi1>, tensor<f32>, tensor<1x2x5x5xf32>
  %p = nn.softmax %z axis 3 : tensor<1x2x5x5xf32>
  return %p : tensor<1x2x5x5xf32>
}

// -----

// select(not m, -1e9, s)
// CHECK-LABEL: @select_not
// CHECK-SAME: %[[X:.*]]: tensor<5x5xf32>, %[[M:.*]]: tensor<5xi1>
// CHECK-NEXT: nn.softmax %[[X]] mask %[[M]] axis 1 :
func.func @select_not(%x: tensor<5x5xf32>, %m: tensor<5xi1>) -> tensor<5x5xf32> {
  %low = nn.constant dense<-1.0e9> : tensor<f32>
  %n = nn.not %m : tensor<5xi1>
  %z = nn.select %n, %low, %x : tensor<5xi1>, tensor<f32>, tensor<5x5xf32>
  %p = nn.softmax %z axis 1 : tensor<5x5xf32>
  return %p : tensor<5x5xf32>
}

// -----

// A mask that is 1 where nothing counts.
// CHECK-LABEL: @inverted
// CHECK-SAME: %[[X:.*]]: tensor<5x5xf32>, %[[M:.*]]: tensor<5xi1>
// CHECK-NEXT: %[[N:.*]] = nn.not %[[M]]
// CHECK-NEXT: nn.softmax %[[X]] mask %[[N]] axis 1 :
func.func @inverted(%x: tensor<5x5xf32>, %m: tensor<5xi1>) -> tensor<5x5xf32> {
  %low = nn.constant dense<-1.0e9> : tensor<f32>
  %f = nn.cast %m : tensor<5xi1> to tensor<5xf32>
  %a = nn.mul %f, %low : tensor<5xf32>, tensor<f32>
  %z = nn.add %x, %a : tensor<5x5xf32>, tensor<5xf32>
  %p = nn.softmax %z axis 1 : tensor<5x5xf32>
  return %p : tensor<5x5xf32>
}

// -----

// Megatron: s * m - (1 - m) * 1e4, a public float mask of the scores' shape.
// CHECK-LABEL: @megatron
// CHECK-SAME: %[[X:.*]]: tensor<2x2xf32>, %[[M:.*]]: tensor<2x2xf32>
// CHECK-NEXT: nn.softmax %[[X]] mask %[[M]] axis 1 : tensor<2x2xf32>, tensor<2x2xf32>
func.func @megatron(%x: tensor<2x2xf32>, %m: tensor<2x2xf32> {nn.public}) -> tensor<2x2xf32> {
  %one = nn.constant dense<1.0> : tensor<f32>
  %big = nn.constant dense<1.0e4> : tensor<f32>
  %keep = nn.mul %x, %m : tensor<2x2xf32>, tensor<2x2xf32>
  %n = nn.sub %one, %m : tensor<f32>, tensor<2x2xf32>
  %a = nn.mul %n, %big : tensor<2x2xf32>, tensor<f32>
  %z = nn.sub %keep, %a : tensor<2x2xf32>, tensor<2x2xf32>
  %p = nn.softmax %z axis 1 : tensor<2x2xf32>
  return %p : tensor<2x2xf32>
}

// -----

// GPT-2: a constant triangle and a padding mask, both at once.
// CHECK-LABEL: @causal
// CHECK-SAME: %[[X:.*]]: tensor<1x3x3xf32>, %[[M:.*]]: tensor<1x3xi64>
// CHECK-DAG: %[[T:.*]] = nn.constant dense<{{\[\[}}[1, 0, 0], [1, 1, 0], [1, 1, 1]]]> : tensor<1x3x3xi64>
// CHECK-DAG: %[[C:.*]] = nn.cast %{{.*}} : tensor<1x1x3xi1> to tensor<1x1x3xi64>
// CHECK: %[[A:.*]] = nn.mul %{{.*}}, %{{.*}} : tensor<1x{{.*}}x3xi64>, tensor<1x{{.*}}x3xi64>
// CHECK: nn.softmax %[[X]] mask %[[A]] axis 2 scale 2.500000e-01
func.func @causal(%x: tensor<1x3x3xf32>, %m: tensor<1x3xi64>) -> tensor<1x3x3xf32> {
  %triangle = nn.constant dense<[[[true, false, false], [true, true, false], [true, true, true]]]> : tensor<1x3x3xi1>
  %four = nn.constant dense<4.0> : tensor<f32>
  %low = nn.constant dense<-1.0e4> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %s = nn.div %x, %four : tensor<1x3x3xf32>, tensor<f32>
  %c = nn.select %triangle, %s, %low : tensor<1x3x3xi1>, tensor<1x3x3xf32>, tensor<f32>
  %r = nn.reshape %m : tensor<1x3xi64> -> tensor<1x1x3xi64>
  %f = nn.cast %r : tensor<1x1x3xi64> to tensor<1x1x3xf32>
  %n = nn.sub %one, %f : tensor<f32>, tensor<1x1x3xf32>
  %a = nn.mul %n, %low : tensor<1x1x3xf32>, tensor<f32>
  %z = nn.add %c, %a : tensor<1x3x3xf32>, tensor<1x1x3xf32>
  %p = nn.softmax %z axis 2 : tensor<1x3x3xf32>
  return %p : tensor<1x3x3xf32>
}

// -----

// An additive constant of zeros and large negative numbers, and a floor.
// CHECK-LABEL: @additive_constant
// CHECK-SAME: %[[X:.*]]: tensor<2x2xf32>
// CHECK-NEXT: %[[M:.*]] = nn.constant dense<{{\[\[}}true, false], [true, true]]> : tensor<2x2xi1>
// CHECK-NEXT: nn.softmax %[[X]] mask %[[M]] axis 1 :
func.func @additive_constant(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %a = nn.constant dense<[[0.0, -1.0e30], [0.0, 0.0]]> : tensor<2x2xf32>
  %floor = nn.constant dense<-3.4028235e+38> : tensor<f32>
  %z = nn.add %x, %a : tensor<2x2xf32>, tensor<2x2xf32>
  %f = nn.max %z, %floor : tensor<2x2xf32>, tensor<f32>
  %p = nn.softmax %f axis 1 : tensor<2x2xf32>
  return %p : tensor<2x2xf32>
}

// -----

// A mask of pairs of positions: m[i] * m[j].
// CHECK-LABEL: @pairs
// CHECK-SAME: %[[X:.*]]: tensor<3x3xf32>, %[[M:.*]]: tensor<3xi64>
// CHECK: %[[A:.*]] = nn.mul %{{.*}}, %{{.*}} : tensor<{{.*}}xi64>, tensor<{{.*}}xi64>
// CHECK: nn.softmax %[[X]] mask %[[A]] axis 1 : tensor<3x3xf32>, tensor<3x3xi64>
func.func @pairs(%x: tensor<3x3xf32>, %m: tensor<3xi64>) -> tensor<3x3xf32> {
  %one = nn.constant dense<1.0> : tensor<f32>
  %low = nn.constant dense<-1.0e4> : tensor<f32>
  %rows = nn.reshape %m : tensor<3xi64> -> tensor<3x1xi64>
  %columns = nn.reshape %m : tensor<3xi64> -> tensor<1x3xi64>
  %both = nn.mul %rows, %columns : tensor<3x1xi64>, tensor<1x3xi64>
  %f = nn.cast %both : tensor<3x3xi64> to tensor<3x3xf32>
  %n = nn.sub %one, %f : tensor<f32>, tensor<3x3xf32>
  %a = nn.mul %n, %low : tensor<3x3xf32>, tensor<f32>
  %z = nn.add %x, %a : tensor<3x3xf32>, tensor<3x3xf32>
  %p = nn.softmax %z axis 1 : tensor<3x3xf32>
  return %p : tensor<3x3xf32>
}

// -----

// Token ids that are compared are no mask themselves: the comparison is.
// CHECK-LABEL: @compared
// CHECK: %[[C:.*]] = nn.compare gt
// CHECK-NEXT: nn.softmax %{{.*}} mask %[[C]] axis 1 :
func.func @compared(%x: tensor<3x3xf32>, %ids: tensor<3xi64>) -> tensor<3x3xf32> {
  %one = nn.constant dense<1> : tensor<i64>
  %low = nn.constant dense<-1.0e4> : tensor<f32>
  %c = nn.compare gt %ids, %one : tensor<3xi64>, tensor<i64>
  %z = nn.select %c, %x, %low : tensor<3xi1>, tensor<3x3xf32>, tensor<f32>
  %p = nn.softmax %z axis 1 : tensor<3x3xf32>
  return %p : tensor<3x3xf32>
}

// -----

// Adding -10 is not masking.
// CHECK-LABEL: @weak
// CHECK: nn.add
// CHECK: nn.softmax %{{.*}} axis 1 : tensor<3x3xf32>
func.func @weak(%x: tensor<3x3xf32>, %m: tensor<3xi64>) -> tensor<3x3xf32> {
  %one = nn.constant dense<1.0> : tensor<f32>
  %low = nn.constant dense<-10.0> : tensor<f32>
  %f = nn.cast %m : tensor<3xi64> to tensor<3xf32>
  %n = nn.sub %one, %f : tensor<f32>, tensor<3xf32>
  %a = nn.mul %n, %low : tensor<3xf32>, tensor<f32>
  %z = nn.add %x, %a : tensor<3x3xf32>, tensor<3xf32>
  // expected-remark@+1 {{looks like an attention mask but is not: expected to add -1000 or less to masked scores, found -10: it stays an addition}}
  %p = nn.softmax %z axis 1 : tensor<3x3xf32>
  return %p : tensor<3x3xf32>
}

// -----

// Left alone: a bias of many values, scores that are squared, scores of another
// shape, a negative scale.
// CHECK-LABEL: @alone
// CHECK: nn.add
// CHECK: nn.softmax %{{.*}} axis 1 : tensor<3x3xf32>
// CHECK: nn.mul
// CHECK: nn.softmax %{{.*}} axis 1 : tensor<3x3xf32>
// CHECK: nn.add
// CHECK: nn.softmax %{{.*}} axis 1 : tensor<3x3xf32>
// CHECK: nn.mul
// CHECK: nn.softmax %{{.*}} axis 1 : tensor<3x3xf32>
func.func @alone(%x: tensor<3x3xf32>, %row: tensor<1x3xf32>, %m: tensor<3x3xi1>)
    -> (tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>) {
  %bias = nn.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]> : tensor<3x3xf32>
  %z1 = nn.add %x, %bias : tensor<3x3xf32>, tensor<3x3xf32>
  %p1 = nn.softmax %z1 axis 1 : tensor<3x3xf32>
  %z2 = nn.mul %x, %x : tensor<3x3xf32>, tensor<3x3xf32>
  %p2 = nn.softmax %z2 axis 1 : tensor<3x3xf32>
  %w = nn.unary exp %row : tensor<1x3xf32>
  %low = nn.constant dense<[[-1.0e4, 0.0, 0.0], [0.0, -1.0e4, 0.0], [0.0, 0.0, 0.0]]> : tensor<3x3xf32>
  %z3 = nn.add %w, %low : tensor<1x3xf32>, tensor<3x3xf32>
  %p3 = nn.softmax %z3 axis 1 : tensor<3x3xf32>
  %minus = nn.constant dense<-0.5> : tensor<f32>
  %z4 = nn.mul %x, %minus : tensor<3x3xf32>, tensor<f32>
  %p4 = nn.softmax %z4 axis 1 : tensor<3x3xf32>
  return %p1, %p2, %p3, %p4 : tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>
}

// -----

// OPT: arithmetic and a predicate on one mask, scores reshaped for the softmax.
// CHECK-LABEL: @predicate_and_arithmetic
// CHECK-SAME: %[[X:.*]]: tensor<2x1x3x3xf32>, %[[M:.*]]: tensor<3xi64>
// CHECK-NEXT: %[[P:.*]] = nn.softmax %[[X]] mask %[[M]] axis 3 :
// CHECK-NEXT: nn.reshape %[[P]] : tensor<2x1x3x3xf32> -> tensor<2x3x3xf32>
func.func @predicate_and_arithmetic(%x: tensor<2x1x3x3xf32>, %m: tensor<3xi64>) -> tensor<2x3x3xf32> {
  %one = nn.constant dense<1.0> : tensor<f32>
  %low = nn.constant dense<-3.4028235e+38> : tensor<f32>
  %f = nn.cast %m : tensor<3xi64> to tensor<3xf32>
  %n = nn.sub %one, %f : tensor<f32>, tensor<3xf32>
  %c = nn.cast %n : tensor<3xf32> to tensor<3xi1>
  %s = nn.select %c, %low, %n : tensor<3xi1>, tensor<f32>, tensor<3xf32>
  %z = nn.add %x, %s : tensor<2x1x3x3xf32>, tensor<3xf32>
  %r = nn.reshape %z : tensor<2x1x3x3xf32> -> tensor<2x3x3xf32>
  %p = nn.softmax %r axis 2 : tensor<2x3x3xf32>
  return %p : tensor<2x3x3xf32>
}

// -----

// Megatron with past keys: the mask is cut from a float argument that is larger
// than the scores.
// CHECK-LABEL: @megatron_slice
// CHECK-SAME: %[[X:.*]]: tensor<1x2x2x3xf32>, %[[M:.*]]: tensor<1x1x8x8xf32>
// CHECK-NEXT: %[[S:.*]] = nn.slice %[[M]]
// CHECK-NEXT: nn.softmax %[[X]] mask %[[S]] axis 3 :
func.func @megatron_slice(%x: tensor<1x2x2x3xf32>, %m: tensor<1x1x8x8xf32>) -> tensor<1x2x2x3xf32> {
  %one = nn.constant dense<1.0> : tensor<f32>
  %big = nn.constant dense<1.0e4> : tensor<f32>
  %s = nn.slice %m starts [0, 0, 1, 0] sizes [1, 1, 2, 3] strides [1, 1, 1, 1] : tensor<1x1x8x8xf32>
  %keep = nn.mul %x, %s : tensor<1x2x2x3xf32>, tensor<1x1x2x3xf32>
  %n = nn.sub %one, %s : tensor<f32>, tensor<1x1x2x3xf32>
  %a = nn.mul %n, %big : tensor<1x1x2x3xf32>, tensor<f32>
  %z = nn.sub %keep, %a : tensor<1x2x2x3xf32>, tensor<1x1x2x3xf32>
  %p = nn.softmax %z axis 3 : tensor<1x2x2x3xf32>
  return %p : tensor<1x2x2x3xf32>
}

// -----

// The same number for every score: softmax does not see it.
// CHECK-LABEL: @shift
// CHECK-SAME: %[[X:.*]]: tensor<5x5xf32>
// CHECK-NEXT: nn.softmax %[[X]] axis 1 scale 0.17677
func.func @shift(%x: tensor<5x5xf32>) -> tensor<5x5xf32> {
  %low = nn.constant dense<-1.0e4> : tensor<5xf32>
  %c = nn.constant dense<0.1767767> : tensor<f32>
  %s = nn.mul %x, %c : tensor<5x5xf32>, tensor<f32>
  %z = nn.add %s, %low : tensor<5x5xf32>, tensor<5xf32>
  %p = nn.softmax %z axis 1 : tensor<5x5xf32>
  return %p : tensor<5x5xf32>
}

// -----

// Which of the two are the scores?
// CHECK-LABEL: @two_scores
// CHECK: nn.softmax %{{.*}} axis 1 : tensor<5x5xf32>
func.func @two_scores(%x: tensor<5x5xf32>, %y: tensor<5x5xf32>) -> tensor<5x5xf32> {
  %low = nn.constant dense<-1.0e4> : tensor<f32>
  %a = nn.mul %y, %low : tensor<5x5xf32>, tensor<f32>
  %z = nn.add %x, %a : tensor<5x5xf32>, tensor<5x5xf32>
  // expected-remark@+1 {{looks like an attention mask but is not: expected scores and masks, found two values that could be the scores in nn.add}}
  %p = nn.softmax %z axis 1 : tensor<5x5xf32>
  return %p : tensor<5x5xf32>
}

// -----

// Scores that are subtracted.
// CHECK-LABEL: @negative_factor
// CHECK: nn.softmax %{{.*}} axis 1 : tensor<5x5xf32>
func.func @negative_factor(%x: tensor<5x5xf32>, %m: tensor<5xi1>) -> tensor<5x5xf32> {
  %low = nn.constant dense<-1.0e4> : tensor<f32>
  %f = nn.cast %m : tensor<5xi1> to tensor<5xf32>
  %a = nn.mul %f, %low : tensor<5xf32>, tensor<f32>
  %z = nn.sub %a, %x : tensor<5xf32>, tensor<5x5xf32>
  // expected-remark@+1 {{the same for all masks that let them pass, found a score of 0 that becomes -0 and a factor of -1}}
  %p = nn.softmax %z axis 1 : tensor<5x5xf32>
  return %p : tensor<5x5xf32>
}

// -----

// CHECK-LABEL: @seven_masks
// CHECK: nn.softmax %{{.*}} axis 1 : tensor<5x5xf32>
func.func @seven_masks(%x: tensor<5x5xf32>, %a: tensor<5xi1>, %b: tensor<5xi1>, %c: tensor<5xi1>, %d: tensor<5xi1>, %e: tensor<5xi1>, %f: tensor<5xi1>, %g: tensor<5xi1>) -> tensor<5x5xf32> {
  %low = nn.constant dense<-1.0e4> : tensor<f32>
  %ab = nn.logical or %a, %b : tensor<5xi1>, tensor<5xi1>
  %cd = nn.logical or %c, %d : tensor<5xi1>, tensor<5xi1>
  %ef = nn.logical or %e, %f : tensor<5xi1>, tensor<5xi1>
  %abcd = nn.logical or %ab, %cd : tensor<5xi1>, tensor<5xi1>
  %efg = nn.logical or %ef, %g : tensor<5xi1>, tensor<5xi1>
  %all = nn.logical or %abcd, %efg : tensor<5xi1>, tensor<5xi1>
  %n = nn.cast %all : tensor<5xi1> to tensor<5xf32>
  %m = nn.mul %n, %low : tensor<5xf32>, tensor<f32>
  %z = nn.add %x, %m : tensor<5x5xf32>, tensor<5xf32>
  // expected-remark@+1 {{expected masks of 0 and 1 with at most 64 combinations, and scores of the softmax's type, found 7 masks and scores of type 'tensor<5x5xf32>'}}
  %p = nn.softmax %z axis 1 : tensor<5x5xf32>
  return %p : tensor<5x5xf32>
}

// -----

// A softmax that has a mask, as attention operators make it, and a bias.
// CHECK-LABEL: @both_masks
// CHECK-SAME: %[[X:.*]]: tensor<5x5xf32>, %[[M:.*]]: tensor<5xi1>
// CHECK-DAG: %[[A:.*]] = nn.cast %[[M]]
// CHECK-DAG: %[[B:.*]] = nn.constant dense<{{\[\[}}1, 0, 0, 0, 0],
// CHECK: %[[C:.*]] = nn.mul %[[A]], %[[B]]
// CHECK: nn.softmax %[[X]] mask %[[C]] axis 1 scale 5.000000e-01
func.func @both_masks(%x: tensor<5x5xf32>, %m: tensor<5xi1>) -> tensor<5x5xf32> {
  %triangle = nn.constant dense<[[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]> : tensor<5x5xi1>
  %low = nn.constant dense<-1.0e4> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %n = nn.not %m : tensor<5xi1>
  %f = nn.cast %n : tensor<5xi1> to tensor<5xf32>
  %a = nn.mul %f, %low : tensor<5xf32>, tensor<f32>
  %s = nn.mul %x, %half : tensor<5x5xf32>, tensor<f32>
  %z = nn.add %s, %a : tensor<5x5xf32>, tensor<5xf32>
  %p = nn.softmax %z mask %triangle axis 1 : tensor<5x5xf32>, tensor<5x5xi1>
  return %p : tensor<5x5xf32>
}
