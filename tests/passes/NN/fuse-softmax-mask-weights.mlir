// A constant mask of more than 64 floats stands in the weight file: it is
// recognized if the file is at hand, and a sum like any other if not.
//
// RUN: mkdir -p %t.dir
// RUN: %python -c "import struct, sys; open(sys.argv[1], 'wb').write(struct.pack('<81f', *[0.0 if i % 9 <= i // 9 else -3e38 for i in range(81)]))" %t.dir/mask.weights
// RUN: secformer-opt %s "-secformer-fuse-softmax-mask=weights=%t.dir" | FileCheck %s --check-prefix=KNOWN
// RUN: secformer-opt %s -secformer-fuse-softmax-mask | FileCheck %s --check-prefix=UNKNOWN
// RUN: not secformer-opt %s "-secformer-fuse-softmax-mask=weights=%t.absent" 2>&1 | FileCheck %s --check-prefix=ABSENT
// ABSENT: error: {{.*}}mask.weights

module attributes {nn.weight_file = "mask.weights"} {
nn.weight @mask offset 0 : tensor<1x9x9xf32>

// KNOWN-LABEL: @triangle
// KNOWN: %[[M:.*]] = nn.constant dense<{{\[\[}}[true, false, false, false, false, false, false, false, false], [true, true, false,
// KNOWN: nn.softmax %arg0 mask %[[M]] axis 2 : tensor<2x9x9xf32>, tensor<1x9x9xi1>
// UNKNOWN-LABEL: @triangle
// UNKNOWN: nn.param
// UNKNOWN: nn.add
// UNKNOWN: nn.softmax %{{.*}} axis 2 : tensor<2x9x9xf32>
func.func @triangle(%x: tensor<2x9x9xf32>) -> tensor<2x9x9xf32> {
  %m = nn.param @mask : tensor<1x9x9xf32>
  %z = nn.add %x, %m : tensor<2x9x9xf32>, tensor<1x9x9xf32>
  %p = nn.softmax %z axis 2 : tensor<2x9x9xf32>
  return %p : tensor<2x9x9xf32>
}
}
