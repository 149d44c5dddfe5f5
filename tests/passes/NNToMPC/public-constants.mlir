// Constants of integers and booleans keep their values, negative ones too.
// RUN: secformer-opt %s --secformer-nn-to-mpc | FileCheck %s

// CHECK-DAG: mpc.constant dense<[-1.000000e+00, 3.000000e+00]> : tensor<2xf32>
// CHECK-DAG: mpc.constant dense<[1.000000e+00, 0.000000e+00]> : tensor<2xf32>
// CHECK-DAG: mpc.constant dense<-1.024000e+03> : tensor<f32>
func.func @main(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -2.0, 1.0>},
                %m: tensor<2xi64> {nn.name = "m", nn.public}) -> (tensor<2xf32> {nn.name = "y"}) {
  %ints = nn.constant dense<[-1, 3]> : tensor<2xi64>
  %small = nn.constant dense<-1024> : tensor<i32>
  %bools = nn.constant dense<[true, false]> : tensor<2xi1>
  %0 = nn.add %m, %ints : tensor<2xi64>, tensor<2xi64>
  %1 = nn.cast %0 : tensor<2xi64> to tensor<2xf32>
  %2 = nn.add %x, %1 {nn.range = array<f64: -9.0, 9.0>} : tensor<2xf32>, tensor<2xf32>
  return %2 : tensor<2xf32>
}
