// One case for every message of the dialect.
// RUN: secformer-opt %s --split-input-file --verify-diagnostics

// expected-error @+1 {{'nn.weight' op attribute 'type' failed to satisfy constraint}}
nn.weight @w offset 0 : tensor<4xi64>

// -----

// expected-error @+1 {{'nn.weight' op attribute 'offset' failed to satisfy constraint}}
nn.weight @w offset -4 : tensor<4xf32>

// -----

func.func @f() {
  // expected-error @+1 {{expected an nn.weight of the name @w, found none}}
  %0 = nn.param @w : tensor<4xf32>
  return
}

// -----

nn.weight @w offset 0 : tensor<4xf32>
func.func @f() {
  // expected-error @+1 {{expected the type of the weight, 'tensor<4xf32>', found 'tensor<5xf32>'}}
  %0 = nn.param @w : tensor<5xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected at most 64 floats or two different ones, found 'tensor<66xf32>': put them into the weight file and use nn.param}}
  %0 = nn.constant dense<"0x000000000000803F00000040000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"> : tensor<66xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected a dense value}}
  %0 = nn.constant sparse<[[0]], [1.0]> : tensor<4xf32>
  return
}

// -----

func.func @f(%x: tensor<?xf32>) {
  // expected-error @+1 {{expected tensors of static shape, found 'tensor<?xf32>'}}
  %0 = nn.add %x, %x : tensor<?xf32>, tensor<?xf32>
  return
}

// -----

func.func @f(%x: tensor<4xf64>) {
  // expected-error @+1 {{operand #0 must be static tensor of f32, i64 or i32}}
  %0 = nn.add %x, %x : tensor<4xf64>, tensor<4xf64>
  return
}

// -----

func.func @f(%x: tensor<4xf32>, %i: tensor<4xi64>) {
  // expected-error @+1 {{expected operands of one element type, found 'tensor<4xf32>' and 'tensor<4xi64>'}}
  %0 = nn.mul %x, %i : tensor<4xf32>, tensor<4xi64>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>, %y: tensor<3xf32>) {
  // expected-error @+1 {{shapes [2, 4] and [3] do not broadcast: expected equal extents or 1}}
  %0 = nn.sub %x, %y : tensor<2x4xf32>, tensor<3xf32>
  return
}

// -----

func.func @f(%c: tensor<3xi1>, %x: tensor<2x4xf32>) {
  // expected-error @+1 {{condition of shape [3] does not broadcast with values of shape [2, 4]}}
  %0 = nn.select %c, %x, %x : tensor<3xi1>, tensor<2x4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @f(%i: tensor<4xi64>) {
  // expected-error @+1 {{expected elements of f32 for tanh, found 'tensor<4xi64>'}}
  %0 = nn.unary tanh %i : tensor<4xi64>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{expected operand and result of one shape, found 'tensor<2x4xf32>' and 'tensor<8xi64>'}}
  %0 = nn.cast %x : tensor<2x4xf32> to tensor<8xi64>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{expected an axis from 0 to 1, found 2}}
  %0 = nn.reduce sum %x axes [2] : tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{axis 1 is given twice}}
  %0 = nn.reduce sum %x axes [1, 1] : tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{expected an axis from 0 to 1, found -1}}
  %0 = nn.cumsum %x axis -1 : tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>, %m: tensor<3x2x4xi1>) {
  // expected-error @+1 {{expected a mask that broadcasts to [2, 4], found [3, 2, 4]}}
  %0 = nn.softmax %x mask %m axis 1 : tensor<2x4xf32>, tensor<3x2x4xi1>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>, %g: tensor<2xf32>) {
  // expected-error @+1 {{expected gamma and beta of shape [4], found [2]}}
  %0 = nn.layer_norm %x gamma %g axis 1 eps 1.0e-5 : tensor<2x4xf32>, tensor<2xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>, %y: tensor<4x2xi64>) {
  // expected-error @+1 {{expected operands of one element type, found 'tensor<2x4xf32>' and 'tensor<4x2xi64>'}}
  %0 = nn.matmul %x, %y : tensor<2x4xf32>, tensor<4x2xi64>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>, %y: tensor<f32>) {
  // expected-error @+1 {{expected operands of rank 1 or more, found 'tensor<2x4xf32>' and 'tensor<f32>'}}
  %0 = nn.matmul %x, %y : tensor<2x4xf32>, tensor<f32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{shapes [2, 4] and [2, 4] do not multiply: expected 4 rows on the right, found 2}}
  %0 = nn.matmul %x, %x : tensor<2x4xf32>, tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x3x4xf32>, %y: tensor<3x4x3xf32>) {
  // expected-error @+1 {{leading axes of [2, 3, 4] and [3, 4, 3] do not broadcast}}
  %0 = nn.matmul %x, %y : tensor<2x3x4xf32>, tensor<3x4x3xf32>
  return
}

// -----

func.func @f(%x: tensor<1x2x5xf32>, %w: tensor<3x2xf32>) {
  // expected-error @+1 {{expected an input and a kernel of one rank, 3 or more, found 'tensor<1x2x5xf32>' and 'tensor<3x2xf32>'}}
  %0 = nn.conv %x, %w strides [1] low [0] high [0] dilations [1] groups 1 : tensor<1x2x5xf32>, tensor<3x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x2x5xf32>, %w: tensor<3x2x2xf32>) {
  // expected-error @+1 {{expected 1 strides, low, high and dilations, found [0, 0]}}
  %0 = nn.conv %x, %w strides [1] low [0, 0] high [0] dilations [1] groups 1 : tensor<1x2x5xf32>, tensor<3x2x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x2x5xf32>, %w: tensor<3x2x2xf32>) {
  // expected-error @+1 {{expected strides and dilations from 1 to 16777216, found [0]}}
  %0 = nn.conv %x, %w strides [0] low [0] high [0] dilations [1] groups 1 : tensor<1x2x5xf32>, tensor<3x2x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x2x5xf32>, %w: tensor<3x2x2xf32>) {
  // expected-error @+1 {{expected padding from 0 to 16777216, found [-1]}}
  %0 = nn.conv %x, %w strides [1] low [0] high [-1] dilations [1] groups 1 : tensor<1x2x5xf32>, tensor<3x2x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x2x5xf32>, %w: tensor<3x2x2xf32>) {
  // expected-error @+1 {{with 2 groups does not fit the channels of 'tensor<1x2x5xf32>'}}
  %0 = nn.conv %x, %w strides [1] low [0] high [0] dilations [1] groups 2 : tensor<1x2x5xf32>, tensor<3x2x2xf32>
  return
}

// -----

func.func @f(%x: tensor<1x2x5xf32>, %w: tensor<3x2x7xf32>) {
  // expected-error @+1 {{window [7] is larger than the padded input 'tensor<1x2x5xf32>'}}
  %0 = nn.conv %x, %w strides [1] low [0] high [1] dilations [1] groups 1 : tensor<1x2x5xf32>, tensor<3x2x7xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{expected a permutation of 2 axes, found [0, 0]}}
  %0 = nn.transpose %x perm [0, 0] : tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{expected a result of 8 elements like the input, found 'tensor<9xf32>' of 9}}
  %0 = nn.reshape %x : tensor<2x4xf32> -> tensor<9xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{expected operand and result of one element type, found 'tensor<2x4xf32>' and 'tensor<8xi32>'}}
  %0 = nn.reshape %x : tensor<2x4xf32> -> tensor<8xi32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{shape [2, 4] does not broadcast to [4, 4]}}
  %0 = nn.broadcast %x : tensor<2x4xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+2 {{expected one input or more}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = "nn.concat"() {axis = 0 : i64} : () -> tensor<4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>, %y: tensor<3x4xf32>) {
  // expected-error @+1 {{expected inputs alike except along axis 1, found 'tensor<2x4xf32>' and 'tensor<3x4xf32>'}}
  %0 = nn.concat %x, %y axis 1 : tensor<2x4xf32>, tensor<3x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{expected 2 starts, sizes and strides, found [0]}}
  %0 = nn.slice %x starts [0] sizes [1, 1] strides [1, 1] : tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{slice from 1, 2 elements, stride 3 leaves the extent 4 of axis 1}}
  %0 = nn.slice %x starts [0, 1] sizes [1, 2] strides [1, 3] : tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<2x4xf32>) {
  // expected-error @+1 {{expected 2 paddings from 0 to 4294967296, found [0, -1]}}
  %0 = nn.pad %x low [0, -1] high [0, 0] value 0.0 : tensor<2x4xf32>
  return
}

// -----

func.func @f(%x: tensor<4xf32>, %i: tensor<3xi64>) {
  // expected-error @+1 {{expected a table of rank 2, found 'tensor<4xf32>'}}
  %0 = nn.embedding %x, %i : tensor<4xf32>, tensor<3xi64>
  return
}

// -----

func.func @f(%i: tensor<3xi64>) {
  // expected-error @+1 {{expected a positive depth, found 0}}
  %0 = nn.one_hot %i depth 0 axis 1 : tensor<3xi64>
  return
}

// -----

func.func @f(%i: tensor<3xi64>) {
  // expected-error @+1 {{expected an axis from 0 to 1, found 2}}
  %0 = nn.one_hot %i depth 4 axis 2 : tensor<3xi64>
  return
}

// -----

func.func @f(%x: tensor<4xf32>) {
  // expected-error @+1 {{expected matrices, found 'tensor<4xf32>'}}
  %0 = nn.trilu %x k 0 : tensor<4xf32>
  return
}
