// Which protocols a suite takes: how often it compares, and what it fits.
// RUN: secformer-opt %s --secformer-to-mpc=suite=fast | FileCheck %s --check-prefix=FAST
// RUN: secformer-opt %s --secformer-to-mpc=suite=secformer | FileCheck %s --check-prefix=SECFORMER
// RUN: secformer-opt %s --secformer-to-mpc="suite=secformer gelu=polynomial-segments" | FileCheck %s --check-prefix=POLYNOMIAL
// RUN: secformer-opt %s --secformer-to-mpc=suite=puma | FileCheck %s --check-prefix=PUMA
// RUN: secformer-opt %s --secformer-to-mpc=suite=exact | FileCheck %s --check-prefix=EXACT
// RUN: not secformer-opt %s --secformer-to-mpc=gelu=cubic 2>&1 | FileCheck %s --check-prefix=GELU
// RUN: secformer-opt %s --secformer-to-mpc="suite=secformer published-constants=true" 2>&1 | FileCheck %s --check-prefix=PUBLISHED

// One fitted function each, no comparison.
// FAST-NOT: mpc.compare
// FAST-DAG: mpc.fit @{{.*}} "exp(1 x)"
// FAST-DAG: mpc.fit @{{.*}} "1/x"
// FAST-DAG: mpc.fit @{{.*}} "1/sqrt(
// FAST-DAG: mpc.fit @{{.*}} "gelu(x) - x/2"

// Fitted exponential (nothing says quad here), both ends of GELU at once, seven
// sines.
// SECFORMER: mpc.compare {{.*}} thresholds [-9847, 9847] drop 0
// SECFORMER-NOT: mpc.compare
// SECFORMER-NOT: "1/x"
// SECFORMER: mpc.fit @{{.*}} "erf by 7 sines of period 20" {{.*}} cosine = array<i64: 0, 0, 0, 0, 0, 0, 0>
// SECFORMER-NOT: "1/sqrt

// POLYNOMIAL: mpc.compare {{.*}} thresholds [-14336, 0, 14336] drop 0
// POLYNOMIAL-NOT: mpc.compare

// The row maximum of 8: three comparisons; the cut at -14 is beyond the range of
// scores; GELU's three thresholds.
// PUMA-COUNT-3: mpc.compare {{.*}} thresholds [0]
// PUMA: mpc.compare {{.*}} thresholds [-16384, -7987, 12288]
// PUMA-NOT: mpc.compare
// PUMA-NOT: mpc.fit

// EXACT-COUNT-3: mpc.compare {{.*}} thresholds [0]
// EXACT: mpc.compare {{.*}} thresholds [-14336, 0, 14336]
// EXACT-NOT: mpc.compare
// EXACT-NOT: mpc.fit

// GELU: error: unknown GELU 'cubic': expected fourier-segments or polynomial-segments

// Sums from 8 on are covered; variances below 2 are not.
// PUBLISHED: warning: the published inverse square root (11 iterations after division by 2000) is off by up to {{[0-9.]+}} % on values from
func.func @main(%x: tensor<4x8xf32> {nn.name = "x", nn.range = array<f64: -3.0, 3.0>})
    -> (tensor<4x8xf32> {nn.name = "p"}, tensor<4x8xf32> {nn.name = "n"}, tensor<4x8xf32> {nn.name = "g"}) {
  %0 = nn.softmax %x axis 1 {nn.range = array<f64: 0.0, 1.0>, nn.centered_range = array<f64: -4.0, 4.0>,
      nn.mean_numerator_range = array<f64: 1.0, 8.0>} : tensor<4x8xf32>
  %1 = nn.layer_norm %x axis 1 eps 1.0e-5 {nn.range = array<f64: -3.0, 3.0>, nn.variance_range = array<f64: 0.5, 4.0>} : tensor<4x8xf32>
  %2 = nn.unary gelu %x {nn.range = array<f64: -0.171, 3.0>} : tensor<4x8xf32>
  return %0, %1, %2 : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>
}
