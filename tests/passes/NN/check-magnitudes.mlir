// RUN: secformer-opt %s -secformer-check-magnitudes -split-input-file -verify-diagnostics

// A mask that was not recognized.
func.func @added(%x: tensor<4xf32> {nn.range = array<f64: -8.0, 8.0>}, %m: tensor<4xf32> {nn.range = array<f64: -1.0e4, 0.0>}) -> tensor<4xf32> {
  // expected-error@+1 {{numbers up to 10000 beside numbers up to 8, which they drown in fixed point: expected at most 1000, or 100 times as large. If it is an attention mask, -v says why it was not recognized}}
  %y = nn.add %x, %m : tensor<4xf32>, tensor<4xf32>
  %r = nn.reshape %y : tensor<4xf32> -> tensor<1x4xf32>
  %p = nn.softmax %r axis 1 : tensor<1x4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @selected(%c: tensor<4xi1>, %x: tensor<4xf32> {nn.range = array<f64: -8.0, 8.0>}) -> tensor<4xf32> {
  %inf = nn.constant dense<0xFF800000> : tensor<f32>
  // expected-error@+1 {{numbers up to inf beside numbers up to 8, which they drown in fixed point: expected at most 1e+06, or 1000 times as large}}
  %y = nn.select %c, %x, %inf : tensor<4xi1>, tensor<4xf32>, tensor<f32>
  return %y : tensor<4xf32>
}

// -----

// Fine: large numbers of one kind, small ones of another, public ones, a residual
// stream with a few large places.
func.func @fine(%x: tensor<4xf32> {nn.range = array<f64: -2.0e4, 8.0>}, %z: tensor<4xf32> {nn.range = array<f64: -0.01, 0.01>}, %p: tensor<4xf32> {nn.public, nn.range = array<f64: -1.0, 1.0>}) -> tensor<4xf32> {
  %big = nn.constant dense<3.0e4> : tensor<f32>
  %ten = nn.constant dense<10.0> : tensor<f32>
  %e = nn.add %x, %z : tensor<4xf32>, tensor<4xf32>
  %a = nn.add %x, %big : tensor<4xf32>, tensor<f32>
  %b = nn.sub %z, %ten : tensor<4xf32>, tensor<f32>
  %c = nn.mul %z, %big : tensor<4xf32>, tensor<f32>
  %d = nn.add %p, %big : tensor<4xf32>, tensor<f32>
  return %a : tensor<4xf32>
}
