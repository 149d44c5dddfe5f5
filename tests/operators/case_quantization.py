"""Cases of quantization. Small integers are held as int32, which archives have."""

import numpy as np

from case_builder import MICROSOFT, Family, floats, ints32

quantization = c = Family("quantization")
HALF = np.float32(0.5)
x, whole = floats(0, 2.1, -3, 100, -100), ints32([1, -2, 3], [0, 7, -9])
for domain in ("", MICROSOFT):
    c("QuantizeLinear", [x, HALF], [10, 13, 19], "default", domain=domain,
      expected=[ints32(0, 4, 0, 200, 0)])
    c("QuantizeLinear", [x, HALF, np.uint8(128)], [10, 13, 19], "zero", domain=domain, known=[2],
      expected=[ints32(128, 132, 122, 255, 0)])
    c("QuantizeLinear", [x, HALF, np.int8(-1)], [10, 13, 19], "signed", domain=domain, known=[2],
      expected=[ints32(-1, 3, -7, 127, -128)])
    c("DequantizeLinear", [whole, HALF], [10, 13, 19], domain=domain,
      expected=[floats([0.5, -1, 1.5], [0, 3.5, -4.5])])
c("QuantizeLinear", [floats([1, 2], [3, 4]), floats(0.5, 1), np.uint8([1, 2])], [13, 19], "axis",
  known=[2], axis=0, expected=[ints32([3, 5], [5, 6])])
c("DequantizeLinear", [whole, floats(0.5, 1)], [13, 19], "axis", axis=0,
  expected=[floats([0.5, -1, 1.5], [0, 7, -9])])
