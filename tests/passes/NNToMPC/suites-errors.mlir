// Where iterations do not converge, the compiler says so.
// RUN: not secformer-opt %s --secformer-nn-to-mpc="suite=secformer published-constants=true" -split-input-file 2>&1 | FileCheck %s --check-prefix=PUBLISHED
// RUN: not secformer-opt %s --secformer-nn-to-mpc="suite=mpcformer" -split-input-file 2>&1 | FileCheck %s --check-prefix=CRYPTEN
// RUN: not secformer-opt %s --secformer-nn-to-mpc -split-input-file 2>&1 | FileCheck %s --check-prefix=OWN

// 512 scores, (s + 5)^2 up to 26 on average: a sum of 13300 over 5000.
// PUBLISHED: error: the published division diverges: 1.3{{[0-9]+e[+]04}} / 5000 is not below 2; leave out --published-constants
func.func @main(%x: tensor<1x512xf32> {nn.name = "x", nn.range = array<f64: -60.0, 60.0>}) -> (tensor<1x512xf32> {nn.name = "p"}) {
  %0 = nn.softmax %x axis 1 quad 5.0 {nn.range = array<f64: 0.0, 1.0>, nn.mean_numerator_range = array<f64: 20.0, 26.0>} : tensor<1x512xf32>
  return %0 : tensor<1x512xf32>
}

// -----

// CRYPTEN: error: CrypTen's reciprocal does not converge on values from {{.*}}, or needs more than 64 bits; use another --suite
func.func @main(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: 1.0, 900.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  %0 = nn.unary reciprocal %x {nn.range = array<f64: 0.001, 1.0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// An operation may name a suite of its own.
// OWN: error: CrypTen's reciprocal does not converge
func.func @main(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: 1.0, 900.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  %0 = nn.unary reciprocal %x {nn.protocol = "exact", nn.range = array<f64: 0.001, 1.0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// OWN: error: unknown suite 'fancy': expected fast, secformer, puma, mpcformer, exact
func.func @main(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: 1.0, 2.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  %0 = nn.unary gelu %x {nn.protocol = "fancy", nn.range = array<f64: 0.0, 2.0>} : tensor<2xf32>
  return %0 : tensor<2xf32>
}
