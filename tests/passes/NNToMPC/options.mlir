// RUN: secformer-opt %s --secformer-nn-to-mpc=fraction-bits=10 | FileCheck %s
// RUN: not secformer-opt %s --secformer-nn-to-mpc=suite=slow 2>&1 | FileCheck %s --check-prefix=SUITE
// RUN: not secformer-opt %s --secformer-nn-to-mpc=fraction-bits=19 2>&1 | FileCheck %s --check-prefix=BITS
// RUN: not secformer-opt %s --secformer-to-mpc=max-ring=20 2>&1 | FileCheck %s --check-prefix=RING
// RUN: not secformer-opt %s --secformer-to-mpc=truncation=fast 2>&1 | FileCheck %s --check-prefix=TRUNCATION

// CHECK: mpc.input {{.*}} : !mpc.owned<2, scale 10, ring 64, by 1>
// CHECK: mpc.mul {{.*}} -> !mpc.shared<2, scale 20, ring 64>
// CHECK: mpc.reveal {{.*}} : <2, scale 10, ring 64>
// SUITE: error: unknown suite 'slow': expected fast, secformer, puma, mpcformer, exact
// BITS: error: expected 8 to 18 fraction bits, found 19
// RING: error: ring too narrow for the range: 'mpc.narrow' needs a ring of 26 bits, at most 20 are allowed
// TRUNCATION: error: unknown truncation 'fast': expected exact, merged or statistical
func.func @main(%x: tensor<2xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>}) -> (tensor<2xf32> {nn.name = "y"}) {
  %0 = nn.mul %x, %x {nn.range = array<f64: 0.0, 1.0>} : tensor<2xf32>, tensor<2xf32>
  return %0 : tensor<2xf32>
}
