// Every operation is read and printed as it was; result types are inferred.
// RUN: secformer-opt %s | FileCheck %s --match-full-lines --strict-whitespace
// RUN: secformer-opt %s | secformer-opt | FileCheck %s --match-full-lines --strict-whitespace
// RUN: secformer-opt %s --mlir-print-op-generic | secformer-opt | FileCheck %s --match-full-lines --strict-whitespace

// CHECK:module attributes {nn.weight_file = "model.weights"} {
module attributes {nn.weight_file = "model.weights"} {
// CHECK-NEXT:  nn.weight @table offset 0 : tensor<30x8xf32>
// CHECK-NEXT:  nn.weight @"layer.0/gamma" offset 1024 : tensor<8xf32>
  nn.weight @table offset 0 : tensor<30x8xf32>
  nn.weight @"layer.0/gamma" offset 1024 : tensor<8xf32>
// CHECK-NEXT:  func.func @main(%arg0: tensor<2x5xi64> {nn.name = "ids"}) -> (tensor<2x5x8xf32> {nn.name = "hidden"}) {
  func.func @main(%ids: tensor<2x5xi64> {nn.name = "ids"})
      -> (tensor<2x5x8xf32> {nn.name = "hidden"}) {
// CHECK-NEXT:    %0 = nn.param @table : tensor<30x8xf32>
    %0 = nn.param @table : tensor<30x8xf32>
// CHECK-NEXT:    %1 = nn.param @"layer.0/gamma" : tensor<8xf32>
    %1 = nn.param @"layer.0/gamma" : tensor<8xf32>
// CHECK-NEXT:    %2 = nn.constant dense<0.000000e+00> : tensor<8xf32>
    %2 = nn.constant dense<0.0> : tensor<8xf32>
// CHECK-NEXT:    %3 = nn.embedding %0, %arg0 : tensor<30x8xf32>, tensor<2x5xi64>
    %3 = nn.embedding %0, %ids : tensor<30x8xf32>, tensor<2x5xi64>
// CHECK-NEXT:    %4 = nn.layer_norm %3 gamma %1 beta %2 axis 2 eps 9.99999996E-13 : tensor<2x5x8xf32>, tensor<8xf32>, tensor<8xf32>
    %4 = nn.layer_norm %3 gamma %1 beta %2 axis 2 eps 1.0e-12
        : tensor<2x5x8xf32>, tensor<8xf32>, tensor<8xf32>
// CHECK-NEXT:    return %4 : tensor<2x5x8xf32>
    return %4 : tensor<2x5x8xf32>
  }

// CHECK-LABEL:  func.func @elements({{.*}}
  func.func @elements(%x: tensor<2x3xf32>, %y: tensor<3xf32>, %i: tensor<3xi64>,
                      %b: tensor<2x1xi1>) {
// CHECK-NEXT:    %0 = nn.add %arg0, %arg1 : tensor<2x3xf32>, tensor<3xf32>
    %0 = nn.add %x, %y : tensor<2x3xf32>, tensor<3xf32>
// CHECK-NEXT:    %1 = nn.sub %0, %arg0 : tensor<2x3xf32>, tensor<2x3xf32>
    %1 = nn.sub %0, %x : tensor<2x3xf32>, tensor<2x3xf32>
// CHECK-NEXT:    %2 = nn.mul %1, %arg0 : tensor<2x3xf32>, tensor<2x3xf32>
    %2 = nn.mul %1, %x : tensor<2x3xf32>, tensor<2x3xf32>
// CHECK-NEXT:    %3 = nn.div %arg1, %2 : tensor<3xf32>, tensor<2x3xf32>
    %3 = nn.div %y, %2 : tensor<3xf32>, tensor<2x3xf32>
// CHECK-NEXT:    %4 = nn.pow %3, %arg1 : tensor<2x3xf32>, tensor<3xf32>
    %4 = nn.pow %3, %y : tensor<2x3xf32>, tensor<3xf32>
// CHECK-NEXT:    %5 = nn.max %4, %arg1 : tensor<2x3xf32>, tensor<3xf32>
    %5 = nn.max %4, %y : tensor<2x3xf32>, tensor<3xf32>
// CHECK-NEXT:    %6 = nn.min %5, %arg1 : tensor<2x3xf32>, tensor<3xf32>
    %6 = nn.min %5, %y : tensor<2x3xf32>, tensor<3xf32>
// CHECK-NEXT:    %7 = nn.mod %arg2, %arg2 : tensor<3xi64>, tensor<3xi64>
    %7 = nn.mod %i, %i : tensor<3xi64>, tensor<3xi64>
// CHECK-NEXT:    %8 = nn.compare le %6, %arg1 : tensor<2x3xf32>, tensor<3xf32>
    %8 = nn.compare le %6, %y : tensor<2x3xf32>, tensor<3xf32>
// CHECK-NEXT:    %9 = nn.logical and %8, %arg3 : tensor<2x3xi1>, tensor<2x1xi1>
    %9 = nn.logical and %8, %b : tensor<2x3xi1>, tensor<2x1xi1>
// CHECK-NEXT:    %10 = nn.not %9 : tensor<2x3xi1>
    %10 = nn.not %9 : tensor<2x3xi1>
// CHECK-NEXT:    %11 = nn.select %arg3, %arg0, %arg1 : tensor<2x1xi1>, tensor<2x3xf32>, tensor<3xf32>
    %11 = nn.select %b, %x, %y : tensor<2x1xi1>, tensor<2x3xf32>, tensor<3xf32>
// CHECK-NEXT:    %12 = nn.unary gelu %11 : tensor<2x3xf32>
    %12 = nn.unary gelu %11 : tensor<2x3xf32>
// CHECK-NEXT:    %13 = nn.unary neg %arg2 : tensor<3xi64>
    %13 = nn.unary neg %i : tensor<3xi64>
// CHECK-NEXT:    %14 = nn.cast %10 : tensor<2x3xi1> to tensor<2x3xf32>
    %14 = nn.cast %10 : tensor<2x3xi1> to tensor<2x3xf32>
    return
  }

// CHECK-LABEL:  func.func @axes({{.*}}
  func.func @axes(%x: tensor<2x3x4xf32>, %m: tensor<4xi1>) {
// CHECK-NEXT:    %0 = nn.reduce mean %arg0 axes [2] keepdims : tensor<2x3x4xf32>
    %0 = nn.reduce mean %x axes [2] keepdims : tensor<2x3x4xf32>
// CHECK-NEXT:    %1 = nn.reduce sum %0 axes [0, 2] : tensor<2x3x1xf32>
    %1 = nn.reduce sum %0 axes [0, 2] : tensor<2x3x1xf32>
// CHECK-NEXT:    %2 = nn.argmax %1 axis 0 : tensor<3xf32>
    %2 = nn.argmax %1 axis 0 : tensor<3xf32>
// CHECK-NEXT:    %3 = nn.one_hot %2 depth 3 axis 0 : tensor<i64>
    %3 = nn.one_hot %2 depth 3 axis 0 : tensor<i64>
// CHECK-NEXT:    %4 = nn.mul %1, %3 : tensor<3xf32>, tensor<3xf32>
    %4 = nn.mul %1, %3 : tensor<3xf32>, tensor<3xf32>
// CHECK-NEXT:    %5 = nn.cumsum %4 axis 0 exclusive reverse : tensor<3xf32>
    %5 = nn.cumsum %4 axis 0 exclusive reverse : tensor<3xf32>
// CHECK-NEXT:    %6 = nn.log_softmax %5 axis 0 : tensor<3xf32>
    %6 = nn.log_softmax %5 axis 0 : tensor<3xf32>
// CHECK-NEXT:    %7 = nn.softmax %6 axis 0 : tensor<3xf32>
    %7 = nn.softmax %6 axis 0 : tensor<3xf32>
// CHECK-NEXT:    %8 = nn.softmax %arg0 mask %arg1 axis 2 scale 1.250000e-01 : tensor<2x3x4xf32>, tensor<4xi1>
    %8 = nn.softmax %x mask %m axis 2 scale 0.125 : tensor<2x3x4xf32>, tensor<4xi1>
// CHECK-NEXT:    %9 = nn.layer_norm %8 axis 1 eps 1.000000e+00 rms : tensor<2x3x4xf32>
    %9 = nn.layer_norm %8 axis 1 eps 1.0 rms : tensor<2x3x4xf32>
    return
  }

// CHECK-LABEL:  func.func @products({{.*}}
  func.func @products(%x: tensor<2x1x3x4xf32>, %w: tensor<5x4x2xf32>,
                      %v: tensor<2xf32>, %k: tensor<6x1x2x3xf32>) {
// CHECK-NEXT:    %0 = nn.matmul %arg0, %arg1 : tensor<2x1x3x4xf32>, tensor<5x4x2xf32>
    %0 = nn.matmul %x, %w : tensor<2x1x3x4xf32>, tensor<5x4x2xf32>
// CHECK-NEXT:    %1 = nn.matmul %0, %arg2 : tensor<2x5x3x2xf32>, tensor<2xf32>
    %1 = nn.matmul %0, %v : tensor<2x5x3x2xf32>, tensor<2xf32>
// CHECK-NEXT:    %2 = nn.conv %arg0, %arg3 strides [1, 2] low [1, 0] high [0, 1] dilations [1, 1] groups 1 : tensor<2x1x3x4xf32>, tensor<6x1x2x3xf32>
    %2 = nn.conv %x, %k strides [1, 2] low [1, 0] high [0, 1] dilations [1, 1] groups 1
        : tensor<2x1x3x4xf32>, tensor<6x1x2x3xf32>
// CHECK-NEXT:    %3 = nn.reshape %2 : tensor<2x6x3x2xf32> -> tensor<72xf32>
    %3 = nn.reshape %2 : tensor<2x6x3x2xf32> -> tensor<72xf32>
    return
  }

// CHECK-LABEL:  func.func @places({{.*}}
  func.func @places(%x: tensor<2x3xf32>, %ids: tensor<1x2xi32>) {
// CHECK-NEXT:    %0 = nn.transpose %arg0 perm [1, 0] : tensor<2x3xf32>
    %0 = nn.transpose %x perm [1, 0] : tensor<2x3xf32>
// CHECK-NEXT:    %1 = nn.broadcast %0 : tensor<3x2xf32> -> tensor<4x3x2xf32>
    %1 = nn.broadcast %0 : tensor<3x2xf32> -> tensor<4x3x2xf32>
// CHECK-NEXT:    %2 = nn.concat %arg0, %arg0 axis 1 : tensor<2x3xf32>, tensor<2x3xf32>
    %2 = nn.concat %x, %x axis 1 : tensor<2x3xf32>, tensor<2x3xf32>
// CHECK-NEXT:    %3 = nn.slice %2 starts [1, 5] sizes [1, 3] strides [1, -2] : tensor<2x6xf32>
    %3 = nn.slice %2 starts [1, 5] sizes [1, 3] strides [1, -2] : tensor<2x6xf32>
// CHECK-NEXT:    %4 = nn.pad %3 low [1, 0] high [0, 2] value 5.000000e-01 : tensor<1x3xf32>
    %4 = nn.pad %3 low [1, 0] high [0, 2] value 0.5 : tensor<1x3xf32>
// CHECK-NEXT:    %5 = nn.gather %4, %arg1 axis 1 : tensor<2x5xf32>, tensor<1x2xi32>
    %5 = nn.gather %4, %ids axis 1 : tensor<2x5xf32>, tensor<1x2xi32>
// CHECK-NEXT:    %6 = nn.trilu %5 upper k 1 : tensor<2x1x2xf32>
    %6 = nn.trilu %5 upper k 1 : tensor<2x1x2xf32>
// CHECK-NEXT:    %7 = nn.trilu %6 k -1 : tensor<2x1x2xf32>
    %7 = nn.trilu %6 k -1 : tensor<2x1x2xf32>
    return
  }
}
