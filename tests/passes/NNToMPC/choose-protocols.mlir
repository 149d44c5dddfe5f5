// The cheapest suite for every operation: on a fast network the iteration, which
// takes fewer words of the dealer, on a slow one the fitted function, which takes
// fewer rounds. What approximates by more than the fraction bits is left out.
// RUN: secformer-opt %s --secformer-choose-protocols=network=loopback 2> %t.remarks | FileCheck %s --check-prefix=FAST
// RUN: FileCheck %s --check-prefix=REMARK < %t.remarks
// RUN: secformer-opt %s --secformer-choose-protocols=network=wan 2>/dev/null | FileCheck %s --check-prefix=SLOW
// RUN: secformer-opt %s --secformer-choose-protocols="network=wan fraction-bits=9" 2>&1 | FileCheck %s --check-prefix=COARSE
// RUN: not secformer-opt %s --secformer-choose-protocols=network=moon 2>&1 | FileCheck %s --check-prefix=MOON

// FAST: nn.unary reciprocal {{.*}}nn.protocol = "secformer"
// FAST: nn.unary gelu {{.*}}nn.protocol = "fast"
// FAST: nn.unary sign {{.*}}nn.range = array<f64: -1.000000e+00, 1.000000e+00>} :
// FAST: nn.unary sqrt {{.*}}nn.range = array<f64: 0.000000e+00, 3.000000e+00>} :

// SLOW: nn.unary reciprocal {{.*}}nn.protocol = "fast"
// SLOW: nn.unary gelu {{.*}}nn.protocol = "fast"

// Each different cost once: mpcformer's GELU is the fast suite's.
// REMARK: remark: reciprocal of 32x32: 'fast' 1 rounds {{[0-9.e+-]+}} s, 'secformer' {{[0-9]+}} rounds {{[0-9.e+-]+}} s (chosen), 'mpcformer' {{[0-9]+}} rounds
// REMARK: remark: gelu of 32x32: 'fast' 1 rounds {{[0-9.e+-]+}} s (chosen), 'secformer' 3 rounds {{[0-9.e+-]+}} s (inaccurate), 'puma' {{.*}} (inaccurate), 'exact' 4 rounds {{[0-9.e+-]+}} s (inaccurate)
// REMARK-NOT: remark

// COARSE: remark: gelu {{.*}} 'puma' {{.*}} (inaccurate), 'exact' 4 rounds {{[0-9.e+-]+}} s{{$}}

// MOON: error: unknown network 'moon': expected loopback, lan, metro, wan

func.func @main(%x: tensor<32x32xf32> {nn.name = "x", nn.range = array<f64: 0.5, 16.0>},
                %p: tensor<32x32xf32> {nn.name = "p", nn.public})
    -> (tensor<32x32xf32> {nn.name = "y"}) {
  %r = nn.unary reciprocal %x {nn.range = array<f64: 0.06, 2.0>} : tensor<32x32xf32>
  %g = nn.unary gelu %r {nn.range = array<f64: 0.0, 2.0>} : tensor<32x32xf32>
  // What needs a comparison has one protocol, and what is public needs none.
  %s = nn.unary sign %g {nn.range = array<f64: -1.0, 1.0>} : tensor<32x32xf32>
  %q = nn.unary sqrt %p {nn.range = array<f64: 0.0, 3.0>} : tensor<32x32xf32>
  %a = nn.add %s, %q {nn.range = array<f64: -1.0, 4.0>} : tensor<32x32xf32>, tensor<32x32xf32>
  return %a : tensor<32x32xf32>
}
