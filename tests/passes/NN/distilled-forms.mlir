// RUN: secformer-opt %s --secformer-distilled-forms 2>&1 | FileCheck %s --check-prefixes=CHECK,SOFTMAX
// RUN: secformer-opt %s --secformer-distilled-forms="softmax=false gelu=true" 2>&1 | FileCheck %s --check-prefixes=CHECK,GELU

// SOFTMAX: warning: this suite computes other functions than the model: 1 times 2Quad for softmax, 0 times a quadratic for GELU. The model must be distilled for them
// GELU: warning: this suite computes other functions than the model: 0 times 2Quad for softmax, 2 times a quadratic for GELU.
// CHECK-LABEL: func @forms
// SOFTMAX: nn.softmax %arg0 axis 1 scale 5.000000e-01 quad 5.000000e+00 : tensor<2x4xf32>
// SOFTMAX-NEXT: nn.unary gelu
// SOFTMAX-NEXT: nn.unary gelu_tanh
// GELU: nn.softmax %arg0 axis 1 scale 5.000000e-01 : tensor<2x4xf32>
// GELU-NEXT: nn.unary quad_gelu
// GELU-NEXT: nn.unary quad_gelu
// What is distilled already, and other functions, stay.
// CHECK-NEXT: nn.softmax %arg0 axis 1 quad 2.000000e+00
// CHECK-NEXT: nn.unary silu
func.func @forms(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = nn.softmax %x axis 1 scale 0.5 : tensor<2x4xf32>
  %1 = nn.unary gelu %x : tensor<2x4xf32>
  %2 = nn.unary gelu_tanh %x : tensor<2x4xf32>
  %3 = nn.softmax %x axis 1 quad 2.0 : tensor<2x4xf32>
  %4 = nn.unary silu %x : tensor<2x4xf32>
  return %0, %1, %2, %3, %4 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}
