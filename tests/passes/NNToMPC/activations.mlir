// A smooth activation is one opening of at most 20 bits per element and one
// function; nothing is compared.
// RUN: sed s/KIND/gelu/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: sed s/KIND/gelu_tanh/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: sed s/KIND/quick_gelu/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: sed s/KIND/silu/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: sed s/KIND/tanh/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,WHOLE
// RUN: sed s/KIND/sigmoid/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,WHOLE
// RUN: sed s/KIND/sin/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,WHOLE
// RUN: sed s/KIND/softplus/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF

// No truncation before it, no second opening after it.
// CHECK: %[[P:.*]] = mpc.mul
// CHECK-NEXT: %[[N:.*]] = mpc.narrow %[[P]] : {{.*}} -> <2x4, scale 12, ring {{1[0-9]|20}}>
// CHECK-NEXT: %[[O:.*]] = mpc.open %[[N]] : <2x4, scale 12, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: %[[F:.*]] = mpc.univariate @[[FIT:.*]] %[[O]]
// x/2 is added without a message.
// HALF: %[[S:.*]] = mpc.add
// HALF-NEXT: mpc.narrow %[[S]]
// WHOLE-NEXT: mpc.narrow %[[F]]
// CHECK-NEXT: mpc.reveal
// CHECK-NEXT: mpc.output
// CHECK-NEXT: return
// The error is certified below 2^-11.
// HALF: mpc.fit @[[FIT]] "{{.*}}(x) - x/2" on[-{{[45].*}}, {{[45].*}}] error {{([0-3][.][0-9]+|4[.][0-8][0-9]*)}}E-4
// WHOLE: mpc.fit @[[FIT]] "{{.*}}" on[-{{[45].*}}, {{[45].*}}] error {{([0-3][.][0-9]+|4[.][0-8][0-9]*)}}E-4
func.func @main(%x: tensor<2x4xf32> {nn.name = "x", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x4xf32> {nn.name = "y"}) {
  %p = nn.mul %x, %x {nn.range = array<f64: -4.0, 4.0>} : tensor<2x4xf32>, tensor<2x4xf32>
  %y = nn.unary KIND %p {nn.range = array<f64: -4.0, 4.0>} : tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}
