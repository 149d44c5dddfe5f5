// RUN: mkdir -p %t.dir
// RUN: %python -c "import struct, sys; open(sys.argv[1], 'wb').write(struct.pack('<4f', 1, -3, 0.5, 2))" %t.dir/w.weights
// RUN: secformer-opt %s "-secformer-default-ranges=weights=%t.dir" 2>&1 | FileCheck %s

// Ranges of weights are exact if their file is at hand.
// CHECK: warning: no --calibrate samples: ranges of 2 values are defaults
module attributes {nn.weight_file = "w.weights"} {
nn.weight @w offset 0 : tensor<4xf32>

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nn.param @w {nn.range = array<f64: -3.000000e+00, 2.000000e+00>}
  %w = nn.param @w : tensor<4xf32>
  %y = nn.add %x, %w : tensor<4xf32>, tensor<4xf32>
  return %y : tensor<4xf32>
}
}
