// What depends on constants alone is computed; the rest is left alone.
// RUN: secformer-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: func.func @shape_arithmetic
// CHECK-NEXT: %[[C:.*]] = nn.constant dense<[1, 42]> : tensor<2xi64>
// CHECK-NEXT: return %[[C]]
func.func @shape_arithmetic() -> tensor<2xi64> {
  %a = nn.constant dense<[2, 21]> : tensor<2xi64>
  %two = nn.constant dense<2> : tensor<i64>
  %tail = nn.slice %a starts [1] sizes [1] strides [1] : tensor<2xi64>
  %double = nn.mul %tail, %two : tensor<1xi64>, tensor<i64>
  %one = nn.constant dense<1> : tensor<1xi64>
  %c = nn.concat %one, %double axis 0 : tensor<1xi64>, tensor<1xi64>
  return %c : tensor<2xi64>
}

// A causal mask has two values: it may be a constant of any size.
// CHECK-LABEL: func.func @mask
// CHECK-NEXT: %[[C:.*]] = nn.constant dense<{{.*}}> : tensor<16x16xf32>
// CHECK-NEXT: return %[[C]]
func.func @mask() -> tensor<16x16xf32> {
  %low = nn.constant dense<-1.0e4> : tensor<16x16xf32>
  %mask = nn.trilu %low upper k 1 : tensor<16x16xf32>
  return %mask : tensor<16x16xf32>
}

// Many different floats are not made in the IR.
// CHECK-LABEL: func.func @table
// CHECK: nn.add
func.func @table() -> tensor<16x16xf32> {
  %row = nn.constant dense<[0., 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12., 13., 14., 15.]> : tensor<16xf32>
  %column = nn.reshape %row : tensor<16xf32> -> tensor<16x1xf32>
  %sum = nn.add %row, %column : tensor<16xf32>, tensor<16x1xf32>
  return %sum : tensor<16x16xf32>
}

// CHECK-LABEL: func.func @identities
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>)
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]]
func.func @identities(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = nn.reshape %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %1 = nn.broadcast %x : tensor<2x3xf32> -> tensor<2x3xf32>
  %2 = nn.cast %x : tensor<2x3xf32> to tensor<2x3xf32>
  return %0, %1, %2 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}

// What cannot be computed is left for the evaluator to report.
// CHECK-LABEL: func.func @division_by_zero
// CHECK: nn.div
func.func @division_by_zero() -> tensor<i64> {
  %one = nn.constant dense<1> : tensor<i64>
  %zero = nn.constant dense<0> : tensor<i64>
  %0 = nn.div %one, %zero : tensor<i64>, tensor<i64>
  return %0 : tensor<i64>
}
