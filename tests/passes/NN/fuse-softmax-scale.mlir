// RUN: secformer-opt %s -secformer-fuse-softmax-scale -split-input-file -verify-diagnostics | FileCheck %s

// Queries times 1/sqrt(d) before heads are split, keys after it.
// CHECK-LABEL: @both
// CHECK-NEXT: %[[Q:.*]] = nn.transpose %arg0
// CHECK-NEXT: %[[S:.*]] = nn.matmul %[[Q]], %arg1
// CHECK-NEXT: nn.softmax %[[S]] mask %arg2 axis 3 scale 1.250000e-01
func.func @both(%q: tensor<1x5x2x4xf32>, %k: tensor<1x2x4x5xf32>, %m: tensor<1x1x1x5xi1>) -> tensor<1x2x5x5xf32> {
  %c = nn.constant dense<0.5> : tensor<f32>
  %a = nn.mul %q, %c : tensor<1x5x2x4xf32>, tensor<f32>
  %t = nn.transpose %a perm [0, 2, 1, 3] : tensor<1x5x2x4xf32>
  %b = nn.mul %k, %c : tensor<1x2x4x5xf32>, tensor<f32>
  %s = nn.matmul %t, %b : tensor<1x2x5x4xf32>, tensor<1x2x4x5xf32>
  %p = nn.softmax %s mask %m axis 3 scale 0.5 : tensor<1x2x5x5xf32>, tensor<1x1x1x5xi1>
  return %p : tensor<1x2x5x5xf32>
}

// -----

// As nn.TransformerEncoder: the scores are reshaped.
// CHECK-LABEL: @reshaped
// CHECK-NEXT: %[[S:.*]] = nn.matmul %arg0, %arg1
// CHECK-NEXT: %[[R:.*]] = nn.reshape %[[S]]
// CHECK-NEXT: nn.softmax %[[R]] axis 3 scale 5.000000e-01
func.func @reshaped(%q: tensor<2x5x4xf32>, %k: tensor<2x4x5xf32>) -> tensor<1x2x5x5xf32> {
  %c = nn.constant dense<0.5> : tensor<1xf32>
  %a = nn.mul %q, %c : tensor<2x5x4xf32>, tensor<1xf32>
  %s = nn.matmul %a, %k : tensor<2x5x4xf32>, tensor<2x4x5xf32>
  %r = nn.reshape %s : tensor<2x5x5xf32> -> tensor<1x2x5x5xf32>
  %p = nn.softmax %r axis 3 : tensor<1x2x5x5xf32>
  return %p : tensor<1x2x5x5xf32>
}

// -----

// Left alone: the scaled queries are a result; the factor is negative.
// CHECK-LABEL: @alone
// CHECK: nn.mul
// CHECK: nn.mul
// CHECK: nn.softmax %{{.*}} axis 2 :
func.func @alone(%q: tensor<2x5x4xf32>, %k: tensor<2x4x5xf32>) -> (tensor<2x5x5xf32>, tensor<2x5x4xf32>) {
  %c = nn.constant dense<0.5> : tensor<f32>
  %n = nn.constant dense<-0.5> : tensor<f32>
  %a = nn.mul %q, %c : tensor<2x5x4xf32>, tensor<f32>
  %b = nn.mul %k, %n : tensor<2x4x5xf32>, tensor<f32>
  %s = nn.matmul %a, %b : tensor<2x5x4xf32>, tensor<2x4x5xf32>
  // expected-remark@+2 {{keeps the factor 0.5 of an operand of its scores: the scaled operand has other uses}}
  // expected-remark@+1 {{keeps the factor -0.5 of an operand of its scores: expected a positive one}}
  %p = nn.softmax %s axis 2 : tensor<2x5x5xf32>
  return %p, %a : tensor<2x5x5xf32>, tensor<2x5x4xf32>
}
