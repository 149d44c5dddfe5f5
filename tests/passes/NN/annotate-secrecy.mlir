// RUN: secformer-opt %s -secformer-annotate-secrecy -split-input-file -verify-diagnostics | FileCheck %s

nn.weight @w offset 0 : tensor<4x4xf32>
nn.weight @table offset 64 {nn.public} : tensor<4xf32>

// CHECK-LABEL: @owners
func.func @owners(%x: tensor<2x4xf32>, %m: tensor<4xi64> {nn.public}) -> tensor<2x4xf32> {
  // CHECK: nn.constant {nn.secrecy = "public"}
  %two = nn.constant dense<2.0> : tensor<f32>
  // CHECK: nn.param @w {nn.secrecy = "model"}
  %w = nn.param @w : tensor<4x4xf32>
  // CHECK: nn.param @table {nn.secrecy = "public"}
  %t = nn.param @table : tensor<4xf32>
  // CHECK: nn.cast %arg1 {nn.secrecy = "public"}
  %f = nn.cast %m : tensor<4xi64> to tensor<4xf32>
  // CHECK: nn.mul %arg0, %{{.*}} {nn.secrecy = "client"}
  %s = nn.mul %x, %two : tensor<2x4xf32>, tensor<f32>
  // CHECK: nn.mul {{.*}} {nn.secrecy = "model"}
  %ws = nn.mul %w, %two : tensor<4x4xf32>, tensor<f32>
  // CHECK: nn.matmul {{.*}} {nn.secrecy = "shared"}
  %y = nn.matmul %s, %ws : tensor<2x4xf32>, tensor<4x4xf32>
  // CHECK: nn.add {{.*}} {nn.secrecy = "public"}
  %p = nn.add %f, %t : tensor<4xf32>, tensor<4xf32>
  // CHECK: nn.add {{.*}} {nn.secrecy = "shared"}
  %z = nn.add %y, %p : tensor<2x4xf32>, tensor<4xf32>
  return %z : tensor<2x4xf32>
}

// -----

// A public result may be public.
func.func @allowed(%x: tensor<2xf32> {nn.public}) -> (tensor<2xf32> {nn.public_result}) {
  %y = nn.unary exp %x : tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

func.func @declassified(%x: tensor<2xf32>) -> (tensor<2xf32> {nn.public_result, nn.declassify}) {
  %y = nn.unary exp %x : tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

// Results go to the client, whatever they depend on.
func.func @to_client(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

// -----

func.func @leak(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32> {nn.public_result, nn.name = "scores"}) {
  // expected-error@+1 {{expected a public value for the result 'scores' declared nn.public_result, found a secret of the client: declare it nn.declassify if everybody may know it}}
  %y = nn.unary exp %x : tensor<2xf32>
  return %x, %y : tensor<2xf32>, tensor<2xf32>
}

// -----

nn.weight @w offset 0 : tensor<2xf32>

func.func @leak_shared(%x: tensor<2xf32>) -> (tensor<2xf32> {nn.public_result}) {
  %w = nn.param @w : tensor<2xf32>
  // expected-error@+1 {{found a secret of client and model's owner}}
  %y = nn.add %x, %w : tensor<2xf32>, tensor<2xf32>
  return %y : tensor<2xf32>
}
