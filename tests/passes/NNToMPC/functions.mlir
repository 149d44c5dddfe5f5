// Powers, logarithms and reciprocals are one function each; steep ones read
// their argument finely, and small or large values choose the error.
// RUN: secformer-opt %s --secformer-to-mpc | FileCheck %s

// CHECK: %[[X:.*]] = mpc.input
// CHECK: %[[N:.*]] = mpc.input "n"
// A negative argument is mirrored.
// CHECK: %[[M:.*]] = mpc.scale_by %{{.*}}, -1
// CHECK: mpc.univariate @[[INV:.*]] %
// CHECK-NEXT: mpc.scale_by %{{.*}}, -1
// CHECK: mpc.univariate @[[CUBE:.*]] %
// CHECK: mpc.univariate @[[ROOT:.*]] %
// CHECK: mpc.univariate @[[LOG:.*]] %
// CHECK: mpc.univariate @[[EXP:.*]] %
// CHECK: mpc.univariate @[[TINY:.*]] %
// CHECK-DAG: mpc.fit @[[INV]] "reciprocal" on[0.8{{.*}}relative = true
// CHECK-DAG: mpc.fit @[[CUBE]] "x^5" on[4.6{{.*}}relative = false
// CHECK-DAG: mpc.fit @[[ROOT]] "x^-1.5" on[0.4{{.*}}relative = true
// CHECK-DAG: mpc.fit @[[LOG]] "log" on[4.6{{.*}}relative = false
// A slope of 457 needs more bits than one of 1, as far as 20 go.
// CHECK-DAG: mpc.fit @[[EXP]] "exp" on[8.7{{.*}}input_scale = 17
// Values up to 0.01: an error of 2^-17 instead of 2^-11.
// CHECK-DAG: mpc.fit @[[TINY]] "tanh" on[-0.01{{.*}} error {{[0-7].*}}E-6
func.func @main(%x: tensor<4xf32> {nn.name = "x", nn.range = array<f64: 0.5, 2.0>},
                %n: tensor<4xf32> {nn.name = "n", nn.range = array<f64: -6.0, -1.0>},
                %t: tensor<4xf32> {nn.name = "t", nn.range = array<f64: -0.01, 0.01>})
    -> (tensor<4xf32> {nn.name = "a"}, tensor<4xf32> {nn.name = "b"}, tensor<4xf32> {nn.name = "c"},
        tensor<4xf32> {nn.name = "d"}, tensor<4xf32> {nn.name = "e"}, tensor<4xf32> {nn.name = "f"}) {
  %five = nn.constant dense<5.0> : tensor<f32>
  %half = nn.constant dense<-1.5> : tensor<f32>
  %a = nn.unary reciprocal %n {nn.range = array<f64: -1.0, -0.1>} : tensor<4xf32>
  %b = nn.pow %x, %five {nn.range = array<f64: 0.0, 32.0>} : tensor<4xf32>, tensor<f32>
  %c = nn.pow %x, %half {nn.range = array<f64: 0.3, 3.0>} : tensor<4xf32>, tensor<f32>
  %d = nn.unary log %x {nn.range = array<f64: -0.7, 0.7>} : tensor<4xf32>
  %minus = nn.unary neg %n {nn.range = array<f64: 1.0, 6.0>} : tensor<4xf32>
  %e = nn.unary exp %minus {nn.range = array<f64: 2.0, 404.0>} : tensor<4xf32>
  %f = nn.unary tanh %t {nn.range = array<f64: -0.01, 0.01>} : tensor<4xf32>
  return %a, %b, %c, %d, %e, %f : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
