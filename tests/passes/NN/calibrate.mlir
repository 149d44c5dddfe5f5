// RUN: %python %S/Inputs/write_npz.py %t.1.npz x:f4:2x2:1,2,3,4 m:i8:2:1,1
// RUN: %python %S/Inputs/write_npz.py %t.2.npz x:f4:2x2:0.5,0.5,-8,8 m:i8:2:1,1
// RUN: secformer-opt %s "-secformer-calibrate=samples=%t.1.npz" | FileCheck %s --check-prefixes=CHECK,ONE
// RUN: secformer-opt %s "-secformer-calibrate=samples=%t.1.npz,%t.2.npz" | FileCheck %s --check-prefixes=CHECK,BOTH
// RUN: secformer-opt %s "-secformer-calibrate=samples=%t.1.npz margin=0" | FileCheck %s --check-prefixes=CHECK,EXACT
//
// RUN: %python %S/Inputs/write_npz.py %t.name.npz y:f4:2x2:1,2,3,4 m:i8:2:1,1
// RUN: not secformer-opt %s "-secformer-calibrate=samples=%t.name.npz" 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: calibration sample '{{.*}}.name.npz': expected an array 'x' (float32 of shape [2, 2]), found only 'm' 'y'
// RUN: %python %S/Inputs/write_npz.py %t.shape.npz x:f4:1x2:1,2 m:i8:2:1,1
// RUN: not secformer-opt %s "-secformer-calibrate=samples=%t.shape.npz" 2>&1 | FileCheck %s --check-prefix=SHAPE
// SHAPE: error: calibration sample '{{.*}}.shape.npz': expected an array 'x' (float32 of shape [2, 2]), found float32 of shape [1, 2]
// RUN: %python %S/Inputs/write_npz.py %t.type.npz x:f8:2x2:1,2,3,4 m:i8:2:1,1
// RUN: not secformer-opt %s "-secformer-calibrate=samples=%t.type.npz" 2>&1 | FileCheck %s --check-prefix=TYPE
// TYPE: error: calibration sample '{{.*}}.type.npz': expected an array 'x' (float32 of shape [2, 2]), found float64 of shape [2, 2]
// RUN: not secformer-opt %s "-secformer-calibrate=samples=%t.absent.npz" 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: calibration sample: {{.*}}.absent.npz
// RUN: %python %S/Inputs/write_npz.py %t.nan.npz x:f4:2x2:1,nan,3,4 m:i8:2:1,1
// RUN: not secformer-opt %s "-secformer-calibrate=samples=%t.nan.npz" 2>&1 | FileCheck %s --check-prefix=NAN
// NAN: error: calibration sample '{{.*}}.nan.npz': input 'x' has an infinite value or one that is not a number
// RUN: %python %S/Inputs/write_npz.py %t.huge.npz x:f4:2x2:1,2,3,3e38 m:i8:2:1,1
// RUN: not secformer-opt %s "-secformer-calibrate=samples=%t.1.npz,%t.huge.npz" 2>&1 | FileCheck %s --check-prefix=HUGE
// HUGE: error: has an infinite value or one that is not a number on the calibration sample '{{.*}}.huge.npz': such values have no fixed-point form
// HUGE: nn.mul
// RUN: %python %S/Inputs/write_npz.py %t.steep.npz x:f4:2x2:1,2,3,4e4 m:i8:2:1,1
// RUN: not secformer-opt %s "-secformer-calibrate=samples=%t.steep.npz" 2>&1 | FileCheck %s --check-prefix=STEEP
// STEEP: error: has an infinite value
// STEEP: nn.softmax
// RUN: not secformer-opt %s "-secformer-calibrate=samples=%t.1.npz margin=-1" 2>&1 | FileCheck %s --check-prefix=MARGIN
// MARGIN: error: expected a calibration margin of 0 or more, found -1

// A range without sign widens by a quarter of its larger end on both sides; a
// positive one stays positive.
// CHECK-LABEL: @main
// ONE-SAME: %arg0: tensor<2x2xf32> {nn.name = "x", nn.range = array<f64: 8.000000e-01, 5.000000e+00>}
// BOTH-SAME: %arg0: tensor<2x2xf32> {nn.name = "x", nn.range = array<f64: -1.000000e+01, 1.000000e+01>}
// EXACT-SAME: %arg0: tensor<2x2xf32> {nn.name = "x", nn.range = array<f64: 1.000000e+00, 4.000000e+00>}
// CHECK-SAME: %arg1: tensor<2xi64> {nn.name = "m", nn.public}
func.func @main(%x: tensor<2x2xf32> {nn.name = "x"}, %m: tensor<2xi64> {nn.name = "m", nn.public}) -> tensor<2x2xf32> {
  // Constants are what they are.
  // CHECK: nn.constant {nn.range = array<f64: -2.000000e+00, -2.000000e+00>}
  %c = nn.constant dense<-2.0> : tensor<f32>
  // ONE: nn.mul {{.*}} {nn.range = array<f64: -1.000000e+01, -1.600000e+00>}
  // BOTH: nn.mul {{.*}} {nn.range = array<f64: -2.000000e+01, 2.000000e+01>}
  // EXACT: nn.mul {{.*}} {nn.range = array<f64: -8.000000e+00, -2.000000e+00>}
  %y = nn.mul %x, %c : tensor<2x2xf32>, tensor<f32>
  // Rows -2 -4 and -6 -8: both centred to 0.5 -0.5 by the scale of a half.
  // EXACT: nn.softmax {{.*}} scale 5.000000e-01 {nn.centered_range = array<f64: -5.000000e-01, 5.000000e-01>, nn.mean_numerator_range = array<f64: 1.12762{{.*}}, 1.12762{{.*}}>
  // ONE: nn.softmax {{.*}} scale 5.000000e-01 {nn.centered_range = array<f64: -6.250000e-01, 6.250000e-01>, nn.mean_numerator_range = array<f64: 1.000000e+00, 1.7619{{.*}}>
  // BOTH: nn.softmax {{.*}} {nn.centered_range = array<f64: -1.000000e+01, 1.000000e+01>,
  %p = nn.softmax %y mask %m axis 1 scale 0.5 : tensor<2x2xf32>, tensor<2xi64>
  // Variances 1/4 and 1/4, in the second sample 0 and 64.
  // EXACT: nn.layer_norm {{.*}} nn.variance_range = array<f64: 2.500000e-01, 2.500000e-01>}
  // ONE: nn.layer_norm {{.*}} nn.variance_range = array<f64: 1.600000e-01, 3.906250e-01>}
  // BOTH: nn.layer_norm {{.*}} nn.variance_range = array<f64: 1.600000e-01, 1.000000e+02>}
  %n = nn.layer_norm %x axis 1 eps 1.0e-5 : tensor<2x2xf32>
  // CHECK: nn.add {{.*}} {nn.range =
  %z = nn.add %p, %n : tensor<2x2xf32>, tensor<2x2xf32>
  return %z : tensor<2x2xf32>
}
