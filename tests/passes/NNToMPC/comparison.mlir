// ReLU, clip, maxima and decisions become comparisons.
// RUN: secformer-opt %s --secformer-nn-to-mpc -split-input-file | FileCheck %s
// RUN: secformer-opt %s --secformer-to-mpc --secformer-to-rounds -split-input-file | FileCheck %s --check-prefix=ROUNDS

// Values up to 4 at scale 12: two bits are dropped, and 10 + 2 bits, a sign and
// one bit for the room that ranges have are compared. ReLU keeps the scale.
// CHECK-LABEL: "relu"
// CHECK: %[[X:.*]] = mpc.mask
// CHECK: %[[D:.*]] = mpc.compare %[[X]] thresholds [0] drop 2 chunks [7, 7] : {{.*}} -> <2x4, chunks 2, thresholds 1>
// CHECK-NEXT: %[[Y:.*]] = mpc.select %[[D]] threshold 0, %[[X]] - 0 : {{.*}} -> <2x4, scale 12, ring 64>
// CHECK-NEXT: mpc.reveal %[[Y]]
// ROUNDS-LABEL: "relu"
// ROUNDS: = mpc.round ->
// ROUNDS-NEXT: = mpc.mask
// ROUNDS: = mpc.round ->
// ROUNDS-NEXT: = mpc.compare
// ROUNDS: mpc.select
// ROUNDS: = mpc.round ->
// ROUNDS-NEXT: = mpc.reveal
// ROUNDS-NOT: mpc.round ->
// ROUNDS: return
func.func @main(%x: tensor<2x4xf32> {nn.name = "relu", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x4xf32> {nn.name = "y"}) {
  %y = nn.unary relu %x {nn.range = array<f64: 0.0, 4.0>} : tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// Of a product: truncated and opened once for the comparison and the choice.
// CHECK-LABEL: "product"
// CHECK: %[[P:.*]] = mpc.mul
// CHECK-NEXT: %[[T:.*]] = mpc.truncate %[[P]]
// CHECK-NEXT: %[[O:.*]] = mpc.open %[[T]]
// CHECK-NEXT: %[[D:.*]] = mpc.compare %[[O]]
// CHECK-NEXT: mpc.select %[[D]] threshold 0, %[[O]] - 0
func.func @main(%x: tensor<2x4xf32> {nn.name = "product", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<2x4xf32> {nn.name = "y"}) {
  %p = nn.mul %x, %x {nn.range = array<f64: -9.0, 9.0>} : tensor<2x4xf32>, tensor<2x4xf32>
  %y = nn.unary relu %p {nn.range = array<f64: 0.0, 9.0>} : tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// Nothing is compared where the range decides.
// CHECK-LABEL: "sure"
// CHECK-NOT: mpc.compare
// CHECK: return
func.func @main(%x: tensor<4xf32> {nn.name = "sure", nn.range = array<f64: 0.0, 4.0>})
    -> (tensor<4xf32> {nn.name = "y"}) {
  %least = nn.constant dense<-3.4e38> : tensor<f32>
  %y = nn.unary relu %x {nn.range = array<f64: 0.0, 4.0>} : tensor<4xf32>
  %z = nn.max %y, %least {nn.range = array<f64: 0.0, 4.0>} : tensor<4xf32>, tensor<f32>
  return %z : tensor<4xf32>
}

// -----

// Both ends of a clip in one comparison; 1.5 and 0.25 at scale 12.
// CHECK-LABEL: "clip"
// CHECK: %[[D:.*]] = mpc.compare %[[X:.*]] thresholds [1024, 6144] drop 2
// CHECK-NEXT: %[[L:.*]] = mpc.select %[[D]] threshold 0, %[[X]] - 1024
// CHECK-NEXT: %[[H:.*]] = mpc.select %[[D]] threshold 1, %[[X]] - 6144
// CHECK: %[[Y:.*]] = mpc.add_public %[[L]]
// CHECK-NEXT: mpc.sub %[[Y]], %[[H]]
// ROUNDS-LABEL: "clip"
// ROUNDS: mpc.compare {{.*}} thresholds [1024, 6144]
// ROUNDS-NOT: mpc.compare
// ROUNDS: return
func.func @main(%x: tensor<4xf32> {nn.name = "clip", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<4xf32> {nn.name = "y"}) {
  %low = nn.constant dense<0.25> : tensor<f32>
  %high = nn.constant dense<1.5> : tensor<f32>
  %0 = nn.max %x, %low {nn.range = array<f64: 0.25, 4.0>} : tensor<4xf32>, tensor<f32>
  %1 = nn.min %0, %high {nn.range = array<f64: 0.25, 1.5>} : tensor<4xf32>, tensor<f32>
  return %1 : tensor<4xf32>
}

// -----

// max(a, b) = b + ramp(a - b), min(a, b) = a - ramp(a - b): one comparison for
// both.
// CHECK-LABEL: "larger"
// CHECK: %[[E:.*]] = mpc.sub %[[A:.*]], %[[B:.*]] :
// CHECK-NEXT: mpc.open %[[E]]
// CHECK: %[[R:.*]] = mpc.select
// CHECK-NEXT: mpc.add %[[B]], %[[R]]
// CHECK: mpc.sub %[[A]], %{{.*}}
// ROUNDS-LABEL: "larger"
// ROUNDS: mpc.compare
// ROUNDS: mpc.select
// ROUNDS-NOT: mpc.{{compare|select}}
// ROUNDS: return
func.func @main(%a: tensor<2x4xf32> {nn.name = "larger", nn.range = array<f64: -4.0, 4.0>},
                %b: tensor<4xf32> {nn.name = "b", nn.range = array<f64: -1.0, 1.0>})
    -> (tensor<2x4xf32> {nn.name = "max"}, tensor<2x4xf32> {nn.name = "min"}) {
  %0 = nn.max %a, %b {nn.range = array<f64: -1.0, 4.0>} : tensor<2x4xf32>, tensor<4xf32>
  %1 = nn.min %a, %b {nn.range = array<f64: -4.0, 1.0>} : tensor<2x4xf32>, tensor<4xf32>
  return %0, %1 : tensor<2x4xf32>, tensor<2x4xf32>
}

// -----

// Seven numbers: three pairs and one, two pairs, one pair.
// CHECK-LABEL: "along"
// CHECK: mpc.transpose
// CHECK: mpc.select {{.*}} -> <2x3, scale 12
// CHECK: mpc.concat {{.*}} -> !mpc.shared<2x4,
// CHECK: mpc.select {{.*}} -> <2x2, scale 12
// CHECK-NOT: mpc.concat
// CHECK: mpc.select {{.*}} -> <2x1, scale 12
// CHECK-NOT: mpc.compare
// CHECK: return
func.func @main(%x: tensor<7x2xf32> {nn.name = "along", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<1x2xf32> {nn.name = "y"}) {
  %0 = nn.reduce max %x axes [0] keepdims {nn.range = array<f64: -4.0, 4.0>} : tensor<7x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// Decisions on their own are exact: all 12 fraction bits are compared, after a
// narrowing without a message. `x > 1` is `x - 1 >= 1 unit`.
// CHECK-LABEL: "greater"
// CHECK: %[[P:.*]] = mpc.mul
// CHECK: %[[A:.*]] = mpc.add_public %[[P]]
// CHECK: %[[N:.*]] = mpc.narrow %[[A]] : <4, scale 24, ring 64> -> <4, scale 12, ring 52>
// CHECK-NEXT: %[[O:.*]] = mpc.open %[[N]]
// CHECK-NEXT: %[[D:.*]] = mpc.compare %[[O]] thresholds [1] drop 0 chunks [6, 6, 5]
// CHECK-NEXT: mpc.indicator %[[D]] threshold 0 : {{.*}} -> <4, scale 0, ring 64>
// CHECK: mpc.select %[[D]] threshold 0, %{{.*}} - 0
// ROUNDS-LABEL: "greater"
// ROUNDS: mpc.narrow {{.*}} -> <4, scale 12, ring 17>
// ROUNDS: mpc.open {{.*}} -> <4, scale 12, ring 17>
// ROUNDS-NOT: mpc.indicator
// ROUNDS: return
func.func @main(%x: tensor<4xf32> {nn.name = "greater", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<4xf32> {nn.name = "y"}) {
  %one = nn.constant dense<1.0> : tensor<f32>
  %p = nn.mul %x, %x {nn.range = array<f64: 0.0, 12.0>} : tensor<4xf32>, tensor<4xf32>
  %c = nn.compare gt %p, %one : tensor<4xf32>, tensor<f32>
  %y = nn.select %c, %p, %x {nn.range = array<f64: -4.0, 12.0>} : tensor<4xi1>, tensor<4xf32>, tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A decision as a number, and between public values.
// CHECK-LABEL: "less"
// CHECK: mpc.compare {{.*}} thresholds [1] drop 0
// CHECK-NEXT: %[[I:.*]] = mpc.indicator
// CHECK: mpc.mul_public %[[I]],
// CHECK: mpc.add_public
// CHECK: %[[M:.*]] = mpc.scale_by %[[I]], -1
// CHECK-NEXT: %[[N:.*]] = mpc.add_public %[[M]]
// CHECK: mpc.scale_by %[[N]], 4096
func.func @main(%x: tensor<4xf32> {nn.name = "less", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<4xf32> {nn.name = "y"}, tensor<4xf32> {nn.name = "z"}) {
  %zero = nn.constant dense<0.0> : tensor<f32>
  %a = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %c = nn.compare lt %x, %zero : tensor<4xf32>, tensor<f32>
  %y = nn.select %c, %a, %zero {nn.range = array<f64: 0.0, 4.0>} : tensor<4xi1>, tensor<4xf32>, tensor<f32>
  %n = nn.not %c : tensor<4xi1>
  %z = nn.cast %n : tensor<4xi1> to tensor<4xf32>
  return %y, %z : tensor<4xf32>, tensor<4xf32>
}

// -----

// CHECK-LABEL: "signs"
// CHECK: %[[D:.*]] = mpc.compare {{.*}} thresholds [0, 1] drop 0
// CHECK: mpc.indicator %[[D]] threshold 0
// CHECK: mpc.indicator %[[D]] threshold 1
// CHECK: %[[R:.*]] = mpc.select
// CHECK-NEXT: %[[T:.*]] = mpc.scale_by %[[R]], 2
// CHECK-NEXT: mpc.sub %[[T]],
func.func @main(%x: tensor<4xf32> {nn.name = "signs", nn.range = array<f64: -4.0, 4.0>})
    -> (tensor<4xf32> {nn.name = "y"}, tensor<4xf32> {nn.name = "z"}) {
  %y = nn.unary sign %x {nn.range = array<f64: -1.0, 1.0>} : tensor<4xf32>
  %z = nn.unary abs %x {nn.range = array<f64: 0.0, 4.0>} : tensor<4xf32>
  return %y, %z : tensor<4xf32>, tensor<4xf32>
}
