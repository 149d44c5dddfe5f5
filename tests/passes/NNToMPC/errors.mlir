// What cannot be lowered says where and why.
// RUN: secformer-opt %s --secformer-nn-to-mpc -split-input-file -verify-diagnostics

func.func @no_range(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  // expected-error @below {{no finite range (attribute nn.range = array<f64: low, high>): calibrate with samples that reach it, or run secformer-default-ranges}}
  %0 = nn.add %x, %x : tensor<2xf32>, tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @no_function_range(%x: tensor<2x2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2x2xf32> {nn.name = "y"}) {
  // expected-error @below {{no finite range (attribute nn.mean_numerator_range = array<f64: low, high>)}}
  %0 = nn.softmax %x axis 1 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -1.0, 1.0>} : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

func.func @no_variance(%x: tensor<2x2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2x2xf32> {nn.name = "y"}) {
  // expected-error @below {{no finite range (attribute nn.variance_range = array<f64: low, high>)}}
  %0 = nn.layer_norm %x axis 1 eps 1.0e-5 {nn.range = array<f64: -2.0, 2.0>} : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

// expected-error @below {{argument 0 has no attribute nn.range = array<f64: low, high>}}
func.func @no_input_range(%x: tensor<2xf32> {nn.name = "x"}) -> (tensor<2xf32> {nn.name = "y"}) {
  return %x : tensor<2xf32>
}

// -----

// expected-error @below {{argument 0 has no nn.name}}
func.func @no_name(%x: tensor<2xf32>) -> (tensor<2xf32> {nn.name = "y"}) {
  return %x : tensor<2xf32>
}

// -----

func.func @ids(%x: tensor<2x2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}, %w: tensor<4xf32> {nn.name = "w", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2x2xf32> {nn.name = "y"}) {
  %0 = nn.cast %x : tensor<2x2xf32> to tensor<2x2xi64>
  // expected-error @above {{'nn.cast' on secret values is not supported}}
  %1 = nn.gather %w, %0 axis 0 {nn.range = array<f64: -1.0, 1.0>} : tensor<4xf32>, tensor<2x2xi64>
  return %1 : tensor<2x2xf32>
}

// -----

func.func @floor(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  // expected-error @below {{'floor' of a secret value is not supported: it is not a smooth function and needs a comparison}}
  %0 = nn.unary floor %x {nn.range = array<f64: -1.0, 1.0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @sqrt(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  // expected-error @below {{'sqrt' needs a positive argument; its range is [-1.000000e+00, 1.000000e+00]: calibrate with --calibrate}}
  %0 = nn.unary sqrt %x {nn.range = array<f64: 0.0, 1.0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @equal(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  // expected-error @below {{whether secrets are equal is not supported; only comparisons by size are}}
  %0 = nn.compare eq %x, %x : tensor<2xf32>, tensor<2xf32>
  %1 = nn.cast %0 : tensor<2xi1> to tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

func.func @far(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0e7>}) -> (tensor<2xf32> {nn.name = "y"}) {
  // expected-error-re @below {{a comparison of values up to {{.*}} apart with 12 fraction bits takes 37 bits, at most 32 are allowed: use fewer --fraction-bits, or calibrate with samples (--calibrate)}}
  %0 = nn.unary sign %x {nn.range = array<f64: -1.0, 1.0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @mod(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  // expected-error @below {{'nn.mod' on secret values is not supported}}
  %0 = nn.mod %x, %x {nn.range = array<f64: 0.0, 1.0>} : tensor<2xf32>, tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

nn.weight @w offset 0 : tensor<2x2xf32>
func.func @secret_mask(%x: tensor<2x2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2x2xf32> {nn.name = "y"}) {
  %w = nn.param @w {nn.range = array<f64: 0.0, 1.0>} : tensor<2x2xf32>
  // expected-error @below {{the attention mask is neither public nor known to the client: it must follow from the client's inputs alone}}
  %0 = nn.softmax %x mask %w axis 1 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -1.0, 1.0>, nn.mean_numerator_range = array<f64: 1.0, 2.0>} : tensor<2x2xf32>, tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

// expected-error @below {{output 'y' does not depend on any secret}}
func.func @public(%x: tensor<2xf32> {nn.name = "x", nn.public}) -> (tensor<2xf32> {nn.name = "y"}) {
  return %x : tensor<2xf32>
}

// -----

func.func @wide(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: 0.001, 900.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  // expected-error-re @below {{reciprocals of values from {{.*}} to {{.*}} are too wide a range for Goldschmidt's iteration; calibrate with samples (--calibrate), or use fewer --fraction-bits}}
  %0 = nn.unary reciprocal %x {nn.range = array<f64: 0.001, 1000.0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @gather(%x: tensor<4xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<3xf32> {nn.name = "y"}) {
  %ids = nn.constant dense<[0, 1, 4]> : tensor<3xi64>
  // expected-error @below {{index 4 is outside of axis 0, which has 4 elements}}
  %0 = nn.gather %x, %ids axis 0 {nn.range = array<f64: -1.0, 1.0>} : tensor<4xf32>, tensor<3xi64>
  return %0 : tensor<3xf32>
}

// -----

func.func @power(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  %e = nn.constant dense<[4.0, 5.0]> : tensor<2xf32>
  // expected-error @below {{a power of a secret needs one constant exponent}}
  %0 = nn.pow %x, %e {nn.range = array<f64: 0.0, 1.0>} : tensor<2xf32>, tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @root(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  %e = nn.constant dense<0.25> : tensor<f32>
  // expected-error @below {{'x^0.25' needs a positive argument; its range is [-1.000000e+00, 1.000000e+00]: calibrate with --calibrate}}
  %0 = nn.pow %x, %e {nn.range = array<f64: 0.0, 1.0>} : tensor<2xf32>, tensor<f32>
  return %0 : tensor<2xf32>
}

// -----

func.func @window(%x: tensor<1x1x33x33xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}, %w: tensor<1x1x33x33xf32> {nn.name = "w", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<1x1x1x1xf32> {nn.name = "y"}) {
  // expected-error @below {{convolution with a window of 1089 positions: at most 1024 are supported on secrets}}
  %0 = nn.conv %x, %w strides [1, 1] low [0, 0] high [0, 0] dilations [1, 1] groups 1 {nn.range = array<f64: -1.0, 1.0>} : tensor<1x1x33x33xf32>, tensor<1x1x33x33xf32>
  return %0 : tensor<1x1x1x1xf32>
}

// -----

func.func @public_vector(%x: tensor<2x2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  %v = nn.constant dense<[0.5, 1.0]> : tensor<2xf32>
  // expected-error @below {{the product of secrets with a public vector is not supported: reshape it to a matrix}}
  %0 = nn.matmul %x, %v {nn.range = array<f64: -2.0, 2.0>} : tensor<2x2xf32>, tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @variances(%x: tensor<2x4xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2x4xf32> {nn.name = "y"}) {
  // expected-error-re @below {{inverse square roots of values from {{.*}} to {{.*}} are too wide a range for Goldschmidt's iteration; calibrate with samples (--calibrate), or use fewer --fraction-bits}}
  %0 = nn.layer_norm %x axis 1 eps 1.0e-12 {nn.range = array<f64: -2.0, 2.0>, nn.variance_range = array<f64: 1.0e-13, 1.0>} : tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
