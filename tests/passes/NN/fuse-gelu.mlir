// RUN: secformer-opt %s -secformer-normalize -cse -secformer-fuse-gelu -split-input-file -verify-diagnostics | FileCheck %s

// BERT: x * (erf(x / sqrt 2) + 1) * 0.5
// CHECK-LABEL: @div_sqrt2
// CHECK-NEXT: %[[G:.*]] = nn.unary gelu %arg0 : tensor<3x4xf32>
// CHECK-NEXT: return %[[G]]
func.func @div_sqrt2(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  %root = nn.constant dense<1.4142135> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %u = nn.div %x, %root : tensor<3x4xf32>, tensor<f32>
  %e = nn.unary erf %u : tensor<3x4xf32>
  %a = nn.add %e, %one : tensor<3x4xf32>, tensor<f32>
  %m = nn.mul %x, %a : tensor<3x4xf32>, tensor<3x4xf32>
  %y = nn.mul %m, %half : tensor<3x4xf32>, tensor<f32>
  return %y : tensor<3x4xf32>
}

// -----

// (0.5 * x) * (1 + erf(x * 0.7071)), the root computed in the graph, and
// x itself a product.
// CHECK-LABEL: @computed_root
// CHECK: %[[X:.*]] = nn.mul %arg0, %arg1
// CHECK-NEXT: %[[G:.*]] = nn.unary gelu %[[X]] : tensor<4xf32>
// CHECK-NEXT: return %[[G]]
func.func @computed_root(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %two = nn.constant dense<2.0> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<1xf32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %x = nn.mul %a, %b : tensor<4xf32>, tensor<4xf32>
  %root = nn.unary sqrt %two : tensor<f32>
  %u = nn.div %x, %root : tensor<4xf32>, tensor<f32>
  %e = nn.unary erf %u : tensor<4xf32>
  %s = nn.add %one, %e : tensor<1xf32>, tensor<4xf32>
  %h = nn.mul %half, %x : tensor<f32>, tensor<4xf32>
  %y = nn.mul %h, %s : tensor<4xf32>, tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// 0.5 x + 0.5 x erf(0.7071 x), with a cast in between.
// CHECK-LABEL: @distributed
// CHECK-NEXT: nn.unary gelu %arg0 : tensor<4xf32>
// CHECK-NEXT: return
func.func @distributed(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = nn.constant dense<0.7071> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %u = nn.mul %c, %x : tensor<f32>, tensor<4xf32>
  %v = nn.cast %u : tensor<4xf32> to tensor<4xf32>
  %e = nn.unary erf %v : tensor<4xf32>
  %h = nn.mul %half, %x : tensor<f32>, tensor<4xf32>
  %he = nn.mul %h, %e : tensor<4xf32>, tensor<4xf32>
  %y = nn.add %he, %h : tensor<4xf32>, tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// tanh with Pow 3 (GPT-2).
// CHECK-LABEL: @tanh_pow
// CHECK-NEXT: nn.unary gelu_tanh %arg0 : tensor<4xf32>
// CHECK-NEXT: return
func.func @tanh_pow(%x: tensor<4xf32>) -> tensor<4xf32> {
  %three = nn.constant dense<3.0> : tensor<f32>
  %c = nn.constant dense<0.044715> : tensor<f32>
  %d = nn.constant dense<0.7978846> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %cube = nn.pow %x, %three : tensor<4xf32>, tensor<f32>
  %cc = nn.mul %cube, %c : tensor<4xf32>, tensor<f32>
  %s = nn.add %x, %cc : tensor<4xf32>, tensor<4xf32>
  %u = nn.mul %s, %d : tensor<4xf32>, tensor<f32>
  %t = nn.unary tanh %u : tensor<4xf32>
  %a = nn.add %t, %one : tensor<4xf32>, tensor<f32>
  %h = nn.mul %x, %half : tensor<4xf32>, tensor<f32>
  %y = nn.mul %h, %a : tensor<4xf32>, tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Megatron: (0.79788456 x) (1 + 0.044715 x x).
// CHECK-LABEL: @tanh_megatron
// CHECK-NEXT: nn.unary gelu_tanh %arg0 : tensor<4xf32>
// CHECK-NEXT: return
func.func @tanh_megatron(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = nn.constant dense<0.044715> : tensor<f32>
  %d = nn.constant dense<0.79788456> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %dx = nn.mul %x, %d : tensor<4xf32>, tensor<f32>
  %cx = nn.mul %x, %c : tensor<4xf32>, tensor<f32>
  %cxx = nn.mul %cx, %x : tensor<4xf32>, tensor<4xf32>
  %p = nn.add %cxx, %one : tensor<4xf32>, tensor<f32>
  %u = nn.mul %dx, %p : tensor<4xf32>, tensor<4xf32>
  %t = nn.unary tanh %u : tensor<4xf32>
  %a = nn.add %one, %t : tensor<f32>, tensor<4xf32>
  %xa = nn.mul %x, %a : tensor<4xf32>, tensor<4xf32>
  %y = nn.mul %xa, %half : tensor<4xf32>, tensor<f32>
  return %y : tensor<4xf32>
}

// -----

// CHECK-LABEL: @quick_and_silu
// CHECK-NEXT: %[[Q:.*]] = nn.unary quick_gelu %arg0
// CHECK-NEXT: %[[S:.*]] = nn.unary silu %[[Q]]
// CHECK-NEXT: return %[[S]]
func.func @quick_and_silu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = nn.constant dense<1.702> : tensor<f32>
  %u = nn.mul %x, %c : tensor<4xf32>, tensor<f32>
  %s = nn.unary sigmoid %u : tensor<4xf32>
  %y = nn.mul %x, %s : tensor<4xf32>, tensor<4xf32>
  %t = nn.unary sigmoid %y : tensor<4xf32>
  %z = nn.mul %t, %y : tensor<4xf32>, tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

// x / (1 + exp(-x)): the sigmoid is recognized first.
// CHECK-LABEL: @silu_by_exp
// CHECK-NEXT: %[[S:.*]] = nn.unary silu %arg0
// CHECK-NEXT: return %[[S]]
func.func @silu_by_exp(%x: tensor<4xf32>) -> tensor<4xf32> {
  %one = nn.constant dense<1.0> : tensor<f32>
  %n = nn.unary neg %x : tensor<4xf32>
  %e = nn.unary exp %n : tensor<4xf32>
  %d = nn.add %e, %one : tensor<4xf32>, tensor<f32>
  %y = nn.div %x, %d : tensor<4xf32>, tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A gated unit: gelu(x) * y keeps the gate.
// CHECK-LABEL: @gated
// CHECK-NEXT: %[[G:.*]] = nn.unary gelu %arg0
// CHECK-NEXT: nn.mul %[[G]], %arg1
func.func @gated(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %c = nn.constant dense<0.70710678> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %u = nn.mul %x, %c : tensor<4xf32>, tensor<f32>
  %e = nn.unary erf %u : tensor<4xf32>
  %a = nn.add %e, %one : tensor<4xf32>, tensor<f32>
  %xa = nn.mul %x, %a : tensor<4xf32>, tensor<4xf32>
  %g = nn.mul %xa, %half : tensor<4xf32>, tensor<f32>
  %z = nn.mul %g, %y : tensor<4xf32>, tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

// CHECK-LABEL: @near_miss
// CHECK: nn.unary erf
func.func @near_miss(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = nn.constant dense<0.75> : tensor<f32>
  %one = nn.constant dense<1.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %u = nn.mul %x, %c : tensor<4xf32>, tensor<f32>
  // expected-remark@+1 {{looks like gelu but is not: expected x/2 (1 + erf(x/sqrt 2)), which is -0.163192 at x = -0.94, found -0.149815; constants found: 0.5, 1, 0.75}}
  %e = nn.unary erf %u : tensor<4xf32>
  %a = nn.add %e, %one : tensor<4xf32>, tensor<f32>
  %xa = nn.mul %x, %a : tensor<4xf32>, tensor<4xf32>
  %g = nn.mul %xa, %half : tensor<4xf32>, tensor<f32>
  return %g : tensor<4xf32>
}

// -----

// Left alone: a plain tanh, a plain sigmoid, another function's factor.
// CHECK-LABEL: @alone
// CHECK-NEXT: nn.unary tanh %arg0
// CHECK-NEXT: nn.unary sigmoid %arg0
// CHECK-NEXT: nn.mul %{{.*}}, %arg1
// CHECK-NEXT: return
func.func @alone(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %t = nn.unary tanh %x : tensor<4xf32>
  %s = nn.unary sigmoid %x : tensor<4xf32>
  %z = nn.mul %s, %y : tensor<4xf32>, tensor<4xf32>
  return %t, %z : tensor<4xf32>, tensor<4xf32>
}
