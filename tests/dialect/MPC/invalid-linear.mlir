// Messages of the verifiers of linear operations.
// RUN: secformer-opt %s -split-input-file -verify-diagnostics

func.func @unary(%t: tensor<3xf32>) {
  // expected-error @below {{expected 1 operands, found 2}}
  %0 = mpc.plain not_zero %t, %t : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @binary(%t: tensor<3xf32>) {
  // expected-error @below {{expected 2 operands, found 1}}
  %0 = mpc.plain add %t : (tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @add_scale(%a: !mpc.shared<2, scale 12, ring 40>, %b: !mpc.shared<2, scale 11, ring 40>) {
  // expected-error @below {{expected one scale, found 11 and 12}}
  %0 = mpc.add %a, %b : (!mpc.shared<2, scale 12, ring 40>, !mpc.shared<2, scale 11, ring 40>) -> !mpc.shared<2, scale 12, ring 40>
  return
}

// -----

func.func @add_kind(%a: !mpc.shared<2, scale 12, ring 40>, %b: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{expected all shared or all masked}}
  %0 = mpc.add %a, %b : (!mpc.shared<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 40>) -> !mpc.shared<2, scale 12, ring 40>
  return
}

// -----

func.func @add_shapes(%a: !mpc.shared<2, scale 12, ring 40>, %b: !mpc.shared<3, scale 12, ring 40>) {
  // expected-error @below {{operand shapes do not broadcast}}
  %0 = mpc.add %a, %b : (!mpc.shared<2, scale 12, ring 40>, !mpc.shared<3, scale 12, ring 40>) -> !mpc.shared<2, scale 12, ring 40>
  return
}

// -----

func.func @sub_shape(%a: !mpc.shared<2x1, scale 12, ring 40>, %b: !mpc.shared<3, scale 12, ring 40>) {
  // expected-error @below {{expected a result of shape [2, 3], found '!mpc.shared<3, scale 12, ring 40>'}}
  %0 = mpc.sub %a, %b : (!mpc.shared<2x1, scale 12, ring 40>, !mpc.shared<3, scale 12, ring 40>) -> !mpc.shared<3, scale 12, ring 40>
  return
}

// -----

func.func @scale_by(%a: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{expected one ring, found 40 and 41}}
  %0 = mpc.scale_by %a, 3 : !mpc.masked<2, scale 12, ring 40> -> !mpc.masked<2, scale 12, ring 41>
  return
}

// -----

func.func @mul_public_scale(%a: !mpc.shared<2, scale 12, ring 40>, %t: tensor<2xf32>) {
  // expected-error @below {{expected a result of scale 21, found 12}}
  %0 = mpc.mul_public %a, %t fraction_bits 9 : (!mpc.shared<2, scale 12, ring 40>, tensor<2xf32>) -> !mpc.shared<2, scale 12, ring 40>
  return
}

// -----

func.func @mul_public_ring(%a: !mpc.shared<2, scale 12, ring 40>, %t: tensor<2xf32>) {
  // expected-error @below {{keeps the ring}}
  %0 = mpc.mul_public %a, %t fraction_bits 9 : (!mpc.shared<2, scale 12, ring 40>, tensor<2xf32>) -> !mpc.shared<2, scale 21, ring 41>
  return
}

// -----

func.func @mul_public_shape(%a: !mpc.shared<2, scale 12, ring 40>, %t: tensor<3xf32>) {
  // expected-error @below {{operand shapes do not broadcast}}
  %0 = mpc.mul_public %a, %t fraction_bits 0 : (!mpc.shared<2, scale 12, ring 40>, tensor<3xf32>) -> !mpc.shared<2, scale 12, ring 40>
  return
}

// -----

func.func @add_public(%a: !mpc.shared<1, scale 12, ring 40>, %t: tensor<3xf32>) {
  // expected-error @below {{expected a result of shape [3]}}
  %0 = mpc.add_public %a, %t : (!mpc.shared<1, scale 12, ring 40>, tensor<3xf32>) -> !mpc.shared<1, scale 12, ring 40>
  return
}

// -----

func.func @sum_last_scalar(%a: !mpc.shared<scale 12, ring 40>) {
  // expected-error @below {{expected an operand with at least one axis}}
  %0 = mpc.sum_last %a : !mpc.shared<scale 12, ring 40> -> !mpc.shared<scale 12, ring 40>
  return
}

// -----

func.func @sum_last(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected a result of shape [2, 1]}}
  %0 = mpc.sum_last %a : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2, scale 12, ring 40>
  return
}

// -----

func.func @reshape(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{changes the number of elements from 6 to 8}}
  %0 = mpc.reshape %a : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<8, scale 12, ring 40>
  return
}

// -----

func.func @transpose(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected a permutation of 2 axes}}
  %0 = mpc.transpose %a [1, 1] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<3x3, scale 12, ring 40>
  return
}

// -----

func.func @transpose_shape(%a: !mpc.shared<2x3x4, scale 12, ring 40>) {
  // expected-error @below {{expected a result of shape [4, 2, 3]}}
  %0 = mpc.transpose %a [2, 0, 1] : !mpc.shared<2x3x4, scale 12, ring 40> -> !mpc.shared<3x4x2, scale 12, ring 40>
  return
}

// -----

func.func @broadcast(%a: !mpc.shared<3, scale 12, ring 40>) {
  // expected-error @below {{expected a result of shape [3], found '!mpc.shared<1, scale 12, ring 40>'}}
  %0 = mpc.broadcast %a : !mpc.shared<3, scale 12, ring 40> -> !mpc.shared<1, scale 12, ring 40>
  return
}

// -----

func.func @slice_rank(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected a start and a stride for each of 2 axes}}
  %0 = mpc.slice %a from [0] by [1] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
  return
}

// -----

func.func @slice_end(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{leaves the operand along axis 1}}
  %0 = mpc.slice %a from [0, 1] by [1, 2] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x2, scale 12, ring 40>
  return
}

// -----

func.func @slice_start(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{leaves the operand along axis 0}}
  %0 = mpc.slice %a from [2, 0] by [1, 1] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
  return
}

// -----

func.func @slice_stride(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected strides other than 0}}
  %0 = mpc.slice %a from [1, 0] by [0, 1] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
  return
}

// -----

func.func @slice_backwards(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{leaves the operand along axis 1}}
  %0 = mpc.slice %a from [1, 1] by [-1, -1] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
  return
}

// -----

func.func @take_axis(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{has no axis 2}}
  %0 = mpc.take %a[0] axis 2 : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
  return
}

// -----

func.func @take_index(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected indices of 0 to 2, found 3}}
  %0 = mpc.take %a[0, 3] axis 1 : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x2, scale 12, ring 40>
  return
}

// -----

func.func @take_shape(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected a result of shape [2, 1], found '!mpc.shared<2x3, scale 12, ring 40>'}}
  %0 = mpc.take %a[0] axis 1 : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
  return
}

// -----

func.func @pad_rank(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected two amounts for each of 2 axes}}
  %0 = mpc.pad %a low [0] high [0, 0] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x3, scale 12, ring 40>
  return
}

// -----

func.func @pad_negative(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected amounts of 0 or more along axis 1}}
  %0 = mpc.pad %a low [0, 0] high [0, -1] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.shared<2x2, scale 12, ring 40>
  return
}

// -----

func.func @pad_kind(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{expected all shared or all masked}}
  %0 = mpc.pad %a low [0, 0] high [0, 1] : !mpc.shared<2x3, scale 12, ring 40> -> !mpc.masked<2x4, scale 12, ring 40>
  return
}

// -----

func.func @matmul_public_kinds(%a: !mpc.shared<2x2, scale 12, ring 40>) {
  // expected-error @below {{expected one shared and one public operand}}
  %0 = mpc.matmul_public %a, %a fraction_bits 9 : (!mpc.shared<2x2, scale 12, ring 40>, !mpc.shared<2x2, scale 12, ring 40>) -> !mpc.shared<2x2, scale 21, ring 40>
  return
}

// -----

func.func @matmul_public_scale(%a: !mpc.shared<2x2, scale 12, ring 40>, %t: tensor<2x2xf32>) {
  // expected-error @below {{expected a result of scale 21, found 12}}
  %0 = mpc.matmul_public %t, %a fraction_bits 9 : (tensor<2x2xf32>, !mpc.shared<2x2, scale 12, ring 40>) -> !mpc.shared<2x2, scale 12, ring 40>
  return
}

// -----

func.func @matmul_public_shape(%a: !mpc.shared<2x2, scale 12, ring 40>, %t: tensor<3x2xf32>) {
  // expected-error @below {{expected operands ...xMxK and ...xKxN, found '!mpc.shared<2x2, scale 12, ring 40>' and 'tensor<3x2xf32>'}}
  %0 = mpc.matmul_public %a, %t fraction_bits 9 : (!mpc.shared<2x2, scale 12, ring 40>, tensor<3x2xf32>) -> !mpc.shared<2x2, scale 21, ring 40>
  return
}

// -----

func.func @concat_axis(%a: !mpc.shared<2x3, scale 12, ring 40>) {
  // expected-error @below {{has no axis 2}}
  %0 = mpc.concat %a axis 2 : (!mpc.shared<2x3, scale 12, ring 40>) -> !mpc.shared<2x3, scale 12, ring 40>
  return
}
