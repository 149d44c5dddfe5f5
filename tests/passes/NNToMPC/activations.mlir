// A smooth activation is one opening of at most 20 bits per element and one
// function; nothing is compared.
// RUN: sed s/KIND/gelu/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: sed s/KIND/gelu_tanh/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: sed s/KIND/quick_gelu/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: sed s/KIND/silu/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,HALF
// RUN: sed s/KIND/tanh/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,WHOLE
// RUN: sed s/KIND/sigmoid/ %s | secformer-opt --secformer-to-mpc | FileCheck %s --check-prefixes=CHECK,WHOLE

// All mpc operations there may be: no truncation, no second opening.
// CHECK: mpc.input
// CHECK-NEXT: %[[X:.*]] = mpc.share
// HALF-NEXT: %[[N:.*]] = mpc.reduce %[[X]] : {{.*}} -> !mpc.shared<2x4, scale 12, ring {{1[0-9]|20}}>
// HALF-NEXT: %[[O:.*]] = mpc.open %[[N]] : <2x4, scale 12, ring {{1[0-9]|20}}> ->
// WHOLE-NEXT: %[[O:.*]] = mpc.open %[[X]] : <2x4, scale 12, ring {{1[0-9]|20}}> ->
// CHECK-NEXT: %[[F:.*]] = mpc.univariate @[[FIT:.*]] %[[O]]
// x/2 is added without a message.
// HALF-NEXT: %[[A:.*]] = mpc.relabel %[[X]] : {{.*}}scale 12, {{.*}}scale 13,
// HALF-NEXT: %[[B:.*]] = mpc.scale_by %[[A]]
// HALF-NEXT: %[[C:.*]] = mpc.relabel %[[B]]
// HALF-NEXT: %[[S:.*]] = mpc.add %[[F]], %[[C]]
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
  %y = nn.unary KIND %x {nn.range = array<f64: -4.0, 4.0>} : tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}
