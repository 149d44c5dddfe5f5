// What is done to secrets beyond an encoder's layers, on shares: as in the
// clear, within a few units of 2^-12.
// RUN: %python %e2e/operations.py inputs %t.npz
// RUN: secformer-opt %s --secformer-calibrate=samples=%t.npz -o %t.mlir
// RUN: secformer-compile %t.mlir --run-plain --input %t.npz --output %t.plain.npz
// RUN: secformer-compile %t.mlir --run-private --input %t.npz --output %t.private.npz
// RUN: %python %e2e/operations.py compare %t.plain.npz %t.private.npz

// Truncated inside openings they are the same.
// RUN: secformer-compile %t.mlir --truncation=merged --run-private --input %t.npz --output %t.merged.npz
// RUN: %python %e2e/operations.py compare %t.plain.npz %t.merged.npz
// RUN: secformer-compile %t.mlir --truncation=statistical --run-private --input %t.npz --output %t.statistical.npz
// RUN: %python %e2e/operations.py compare %t.plain.npz %t.statistical.npz
func.func @main(%x: tensor<2x4x6x5xf32> {nn.name = "x"}, %k: tensor<6x2x3x2xf32> {nn.name = "k"},
                %p: tensor<4x8xf32> {nn.name = "p"}, %m: tensor<8xi64> {nn.name = "m"})
    -> (tensor<2x6x3x3xf32> {nn.name = "conv"}, tensor<2x6x2x2xf32> {nn.name = "patches"}, tensor<6x9xf32> {nn.name = "pad"},
        tensor<4x8xf32> {nn.name = "reverse"}, tensor<2x3x8xf32> {nn.name = "take"}, tensor<4x8xf32> {nn.name = "cumsum"},
        tensor<4x8xf32> {nn.name = "trilu"}, tensor<4x8xf32> {nn.name = "select"}, tensor<4x8xf32> {nn.name = "choose"},
        tensor<5x8xf32> {nn.name = "concat"}, tensor<4x2xf32> {nn.name = "matmul"}, tensor<4xf32> {nn.name = "vector"},
        tensor<8xf32> {nn.name = "prod"}, tensor<4x8xf32> {nn.name = "pow"}, tensor<4x8xf32> {nn.name = "root"},
        tensor<4x8xf32> {nn.name = "log"}, tensor<4x8xf32> {nn.name = "negative"}, tensor<4x8xf32> {nn.name = "softplus"},
        tensor<4x8xf32> {nn.name = "logsoftmax"}, tensor<4x8xf32> {nn.name = "softmax"}, tensor<2x4x6x5xf32> {nn.name = "norm"},
        tensor<4x8xf32> {nn.name = "wide"}) {
  %conv = nn.conv %x, %k strides [2, 2] low [1, 0] high [0, 1] dilations [1, 1] groups 2 : tensor<2x4x6x5xf32>, tensor<6x2x3x2xf32>
  %patches = nn.conv %x, %k strides [3, 2] low [0, 0] high [0, 0] dilations [1, 1] groups 2 : tensor<2x4x6x5xf32>, tensor<6x2x3x2xf32>
  %pad = nn.pad %p low [1, 0] high [1, 1] value -1.5 : tensor<4x8xf32>
  %reverse = nn.slice %p starts [3, 0] sizes [4, 8] strides [-1, 1] : tensor<4x8xf32>
  %ids = nn.constant dense<[[0, -1, 0], [1, 1, 2]]> : tensor<2x3xi64>
  %take = nn.gather %p, %ids axis 0 : tensor<4x8xf32>, tensor<2x3xi64>
  %cumsum = nn.cumsum %p axis 1 exclusive reverse : tensor<4x8xf32>
  %trilu = nn.trilu %p k 1 : tensor<4x8xf32>
  %c = nn.constant dense<[[true], [false], [true], [false]]> : tensor<4x1xi1>
  %seven = nn.constant dense<7.0> : tensor<f32>
  %select = nn.select %c, %seven, %p : tensor<4x1xi1>, tensor<f32>, tensor<4x8xf32>
  %chosen = nn.cast %m : tensor<8xi64> to tensor<8xi1>
  %choose = nn.select %chosen, %p, %reverse : tensor<8xi1>, tensor<4x8xf32>, tensor<4x8xf32>
  %row = nn.constant dense<[[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.125]]> : tensor<1x8xf32>
  %concat = nn.concat %p, %row axis 0 : tensor<4x8xf32>, tensor<1x8xf32>
  %two = nn.constant dense<[[0.3, 1.0], [-0.7, 0.0], [0.1, 0.0], [0.0, 2.0], [1.0, 1.0], [0.0, 0.0], [0.5, 0.5], [0.25, 3.0]]> : tensor<8x2xf32>
  %matmul = nn.matmul %p, %two : tensor<4x8xf32>, tensor<8x2xf32>
  %last = nn.slice %p starts [3, 0] sizes [1, 8] strides [1, 1] : tensor<4x8xf32>
  %flat = nn.reshape %last : tensor<1x8xf32> -> tensor<8xf32>
  %vector = nn.matmul %p, %flat : tensor<4x8xf32>, tensor<8xf32>
  %prod = nn.reduce prod %p axes [0] : tensor<4x8xf32>
  %four = nn.constant dense<4.0> : tensor<f32>
  %pow = nn.pow %p, %four : tensor<4x8xf32>, tensor<f32>
  %third = nn.constant dense<0.3> : tensor<f32>
  %root = nn.pow %p, %third : tensor<4x8xf32>, tensor<f32>
  %log = nn.unary log %p : tensor<4x8xf32>
  %minus = nn.unary neg %p : tensor<4x8xf32>
  %negative = nn.unary reciprocal %minus : tensor<4x8xf32>
  %softplus = nn.unary softplus %minus : tensor<4x8xf32>
  %logsoftmax = nn.log_softmax %p axis 0 : tensor<4x8xf32>
  %softmax = nn.softmax %p axis 0 : tensor<4x8xf32>
  %norm = nn.layer_norm %x axis 2 eps 1.0e-5 : tensor<2x4x6x5xf32>
  %decades = nn.constant dense<[[1.0], [0.1], [0.01], [0.0]]> : tensor<4x1xf32>
  %small = nn.mul %p, %decades : tensor<4x8xf32>, tensor<4x1xf32>
  %wide = nn.layer_norm %small axis 1 eps 1.0e-12 : tensor<4x8xf32>
  return %conv, %patches, %pad, %reverse, %take, %cumsum, %trilu, %select, %choose, %concat, %matmul, %vector, %prod, %pow, %root,
      %log, %negative, %softplus, %logsoftmax, %softmax, %norm, %wide
    : tensor<2x6x3x3xf32>, tensor<2x6x2x2xf32>, tensor<6x9xf32>, tensor<4x8xf32>, tensor<2x3x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>,
      tensor<4x8xf32>, tensor<4x8xf32>, tensor<5x8xf32>, tensor<4x2xf32>, tensor<4xf32>, tensor<8xf32>, tensor<4x8xf32>, tensor<4x8xf32>,
      tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>, tensor<2x4x6x5xf32>, tensor<4x8xf32>
}
