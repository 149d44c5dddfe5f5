// RUN: secformer-opt %s -secformer-nn-pipeline | FileCheck %s

// One BERT layer's worth of spellings in one function.
nn.weight @wq offset 0 : tensor<8x8xf32>
nn.weight @wk offset 256 : tensor<8x8xf32>
nn.weight @gamma offset 512 : tensor<8xf32>
nn.weight @beta offset 576 : tensor<8xf32>

// CHECK-LABEL: @main
// CHECK-DAG: nn.param @wq {nn.secrecy = "model"}
// CHECK-DAG: nn.reshape %arg1 {nn.secrecy = "public"}
// CHECK: nn.softmax %{{.*}} mask %{{.*}} axis 2 scale 5.000000e-01 {nn.secrecy = "shared"}
// CHECK: nn.layer_norm %{{.*}} gamma %{{.*}} beta %{{.*}} axis 2 eps 9.99999996E-13 {nn.secrecy = "shared"}
// CHECK-NEXT: %[[Y:.*]] = nn.unary gelu %{{.*}} {nn.secrecy = "shared"}
// CHECK-NEXT: return %[[Y]]
func.func @main(%x: tensor<1x4x8xf32>, %m: tensor<1x4xi64> {nn.public}) -> tensor<1x4x8xf32> {
  %one = nn.constant dense<1.0> : tensor<f32>
  %low = nn.constant dense<-10000.0> : tensor<f32>
  %two = nn.constant dense<2.0> : tensor<f32>
  %half = nn.constant dense<0.5> : tensor<f32>
  %eps = nn.constant dense<1.0e-12> : tensor<f32>
  %root2 = nn.constant dense<1.4142135> : tensor<f32>
  %wq = nn.param @wq : tensor<8x8xf32>
  %wk = nn.param @wk : tensor<8x8xf32>
  %gamma = nn.param @gamma : tensor<8xf32>
  %beta = nn.param @beta : tensor<8xf32>
  %q = nn.matmul %x, %wq : tensor<1x4x8xf32>, tensor<8x8xf32>
  %k = nn.matmul %x, %wk : tensor<1x4x8xf32>, tensor<8x8xf32>
  %kt = nn.transpose %k perm [0, 2, 1] : tensor<1x4x8xf32>
  %s = nn.matmul %q, %kt : tensor<1x4x8xf32>, tensor<1x8x4xf32>
  %d = nn.div %s, %two : tensor<1x4x4xf32>, tensor<f32>
  %r = nn.reshape %m : tensor<1x4xi64> -> tensor<1x1x4xi64>
  %f = nn.cast %r : tensor<1x1x4xi64> to tensor<1x1x4xf32>
  %inv = nn.sub %one, %f : tensor<f32>, tensor<1x1x4xf32>
  %add = nn.mul %inv, %low : tensor<1x1x4xf32>, tensor<f32>
  %z = nn.add %d, %add : tensor<1x4x4xf32>, tensor<1x1x4xf32>
  %p = nn.softmax %z axis 2 : tensor<1x4x4xf32>
  %c = nn.matmul %p, %x : tensor<1x4x4xf32>, tensor<1x4x8xf32>
  %h = nn.add %c, %x : tensor<1x4x8xf32>, tensor<1x4x8xf32>
  %mean = nn.reduce mean %h axes [2] keepdims : tensor<1x4x8xf32>
  %dev = nn.sub %h, %mean : tensor<1x4x8xf32>, tensor<1x4x1xf32>
  %sq = nn.pow %dev, %two : tensor<1x4x8xf32>, tensor<f32>
  %var = nn.reduce mean %sq axes [2] keepdims : tensor<1x4x8xf32>
  %ve = nn.add %var, %eps : tensor<1x4x1xf32>, tensor<f32>
  %root = nn.unary sqrt %ve : tensor<1x4x1xf32>
  %n = nn.div %dev, %root : tensor<1x4x8xf32>, tensor<1x4x1xf32>
  %ng = nn.mul %n, %gamma : tensor<1x4x8xf32>, tensor<8xf32>
  %y = nn.add %ng, %beta : tensor<1x4x8xf32>, tensor<8xf32>
  %u = nn.div %y, %root2 : tensor<1x4x8xf32>, tensor<f32>
  %e = nn.unary erf %u : tensor<1x4x8xf32>
  %a = nn.add %e, %one : tensor<1x4x8xf32>, tensor<f32>
  %ya = nn.mul %y, %a : tensor<1x4x8xf32>, tensor<1x4x8xf32>
  %g = nn.mul %ya, %half : tensor<1x4x8xf32>, tensor<f32>
  return %g : tensor<1x4x8xf32>
}
