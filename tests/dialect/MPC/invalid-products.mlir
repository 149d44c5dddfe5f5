// Messages of the verifiers of concatenations, products, fits and schedules.
// RUN: secformer-opt %s -split-input-file -verify-diagnostics

func.func @concat_none() {
  // expected-error @below {{expected at least one operand}}
  %0 = "mpc.concat"() {axis = 0 : i64} : () -> !mpc.shared<2, scale 12, ring 40>
  return
}

// -----

func.func @concat_rank(%a: !mpc.shared<2, scale 12, ring 40>, %b: !mpc.shared<1x2, scale 12, ring 40>) {
  // expected-error @below {{expected operands of one rank}}
  %0 = mpc.concat %a, %b axis 0 : (!mpc.shared<2, scale 12, ring 40>, !mpc.shared<1x2, scale 12, ring 40>) -> !mpc.shared<4, scale 12, ring 40>
  return
}

// -----

func.func @concat_shape(%a: !mpc.shared<1x2, scale 12, ring 40>, %b: !mpc.shared<1x3, scale 12, ring 40>) {
  // expected-error @below {{expected operands alike but for axis 0}}
  %0 = mpc.concat %a, %b axis 0 : (!mpc.shared<1x2, scale 12, ring 40>, !mpc.shared<1x3, scale 12, ring 40>) -> !mpc.shared<2x2, scale 12, ring 40>
  return
}

// -----

func.func @matmul_inner(%a: !mpc.masked<2x3, scale 12, ring 40>, %b: !mpc.masked<4x5, scale 12, ring 40>) {
  // expected-error @below {{expected operands ...xMxK and ...xKxN, found '!mpc.masked<2x3, scale 12, ring 40>' and '!mpc.masked<4x5, scale 12, ring 40>'}}
  %0 = mpc.matmul %a, %b : (!mpc.masked<2x3, scale 12, ring 40>, !mpc.masked<4x5, scale 12, ring 40>) -> !mpc.shared<2x5, scale 24, ring 40>
  return
}

// -----

func.func @matmul_batch(%a: !mpc.masked<2x3x3, scale 12, ring 40>, %b: !mpc.masked<4x3x3, scale 12, ring 40>) {
  // expected-error @below {{batch axes do not broadcast}}
  %0 = mpc.matmul %a, %b : (!mpc.masked<2x3x3, scale 12, ring 40>, !mpc.masked<4x3x3, scale 12, ring 40>) -> !mpc.shared<4x3x3, scale 24, ring 40>
  return
}

// -----

func.func @matmul_scale(%a: !mpc.masked<2x2, scale 12, ring 40>) {
  // expected-error @below {{expected a result of scale 24, found 12}}
  %0 = mpc.matmul %a, %a : (!mpc.masked<2x2, scale 12, ring 40>, !mpc.masked<2x2, scale 12, ring 40>) -> !mpc.shared<2x2, scale 12, ring 40>
  return
}

// -----

func.func @mul_ring(%a: !mpc.masked<2, scale 12, ring 40>, %b: !mpc.masked<2, scale 12, ring 39>) {
  // expected-error @below {{operand of ring 39 is narrower than the 40 bits that its bound or the result's ring needs}}
  %0 = mpc.mul %a, %b : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 39>) -> !mpc.shared<2, scale 24, ring 40>
  return
}

// -----

func.func @mul_bound(%a: !mpc.masked<2, scale 12, ring 18>, %b: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{operand of ring 18 is narrower than the 19 bits that its bound or the result's ring needs}}
  %0 = mpc.mul %b, %a bound 24.0 : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 18>) -> !mpc.shared<2, scale 24, ring 40>
  return
}

// -----

func.func @mul_other_bound(%a: !mpc.masked<2, scale 12, ring 18>, %b: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{operand of ring 18 is narrower than the 40 bits that its bound or the result's ring needs}}
  %0 = mpc.mul %b bound 24.0, %a : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 18>) -> !mpc.shared<2, scale 24, ring 40>
  return
}

// -----

func.func @mul3(%a: !mpc.masked<2, scale 12, ring 40>, %b: !mpc.masked<3, scale 12, ring 40>) {
  // expected-error @below {{operand shapes do not broadcast}}
  %0 = mpc.mul3 %a, %a, %b : (!mpc.masked<2, scale 12, ring 40>, !mpc.masked<2, scale 12, ring 40>, !mpc.masked<3, scale 12, ring 40>) -> !mpc.shared<2, scale 36, ring 40>
  return
}

// -----

// expected-error @below {{expected as many sine as cosine coefficients, and at least one}}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1, 2>, dealt_bits = array<i32: 14, 14>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}

// -----

// expected-error @below {{expected dealt bits for each of 1 harmonics, found 2}}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14, 14>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}

// -----

// expected-error @below {{expected 1 to 40 dealt bits, found 41}}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 41>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}

// -----

// expected-error @below {{expected a first frequency and a step of 1 or more}}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14>, factor_bits = 10 : i32, first_frequency = 0 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}

// -----

// expected-error @below {{expected at most 46 factor bits, 16 more than coefficient bits, found 47}}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14>, factor_bits = 47 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}

// -----

// expected-error @below {{expected an input ring of 2 to 20 bits, found 21}}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14>, factor_bits = 10 : i32, input_ring = 21 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}

// -----

// expected-error @below {{expected a range with low < high}}
mpc.fit @f "f" on [1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}

// -----

// expected-error @below {{coefficient -4294967296 has over 32 bits}}
mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 4294967295>, dealt_bits = array<i32: 14>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: -4294967296>}

// -----

func.func @no_fit(%a: !mpc.masked<2, scale 12, ring 15>) {
  // expected-error @below {{names the fit f, which does not exist}}
  %0 = mpc.univariate @f %a : <2, scale 12, ring 15> -> <2, scale 24, ring 40>
  return
}

// -----

mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}
func.func @input(%a: !mpc.masked<2, scale 12, ring 14>) {
  // expected-error @below {{the fit reads scale 12, ring 15, found '!mpc.masked<2, scale 12, ring 14>'}}
  %0 = mpc.univariate @f %a : <2, scale 12, ring 14> -> <2, scale 24, ring 40>
  return
}

// -----

mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}
func.func @result(%a: !mpc.masked<2, scale 12, ring 16>) {
  // expected-error @below {{expected a result of scale 24, found 23}}
  %0 = mpc.univariate @f %a : <2, scale 12, ring 16> -> <2, scale 23, ring 40>
  return
}

// -----

mpc.fit @f "f" on [-1.0, 1.0] error 0.1 attributes {coefficient_bits = 30 : i32, constant = 0 : i64, cosine = array<i64: 1>, dealt_bits = array<i32: 14>, factor_bits = 10 : i32, input_ring = 15 : i32, input_scale = 12 : i32, relative = false, sine = array<i64: 1>}
func.func @shape(%a: !mpc.masked<2, scale 12, ring 16>) {
  // expected-error @below {{expected a result of shape [2]}}
  %0 = mpc.univariate @f %a : <2, scale 12, ring 16> -> <3, scale 24, ring 40>
  return
}

// -----

func.func @local_in_round(%a: !mpc.shared<2, scale 12, ring 40>) {
  mpc.round {
    // expected-error @below {{sends no message and does not belong into a round}}
    %1 = mpc.scale_by %a, 3 : !mpc.shared<2, scale 12, ring 40> -> !mpc.shared<2, scale 12, ring 40>
  }
  return
}

// -----

func.func @dependent_in_round(%a: !mpc.shared<2, scale 12, ring 40>) {
  mpc.round {
    %1 = mpc.truncate %a bound 1.0 : <2, scale 12, ring 40> -> <2, scale 6, ring 40>
    // expected-error @below {{needs a value of the round it is in}}
    %2 = mpc.open %1 : <2, scale 6, ring 40> -> <2, scale 6, ring 40>
  }
  return
}

// -----

func.func @round_yield(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected to yield values of its result types}}
  %0 = mpc.round -> (!mpc.masked<2, scale 12, ring 40>) {
  }
  return
}

// -----

func.func @setup_yield() {
  // expected-error @below {{expected to yield values of its result types}}
  %0 = mpc.setup -> (!mpc.shared<2, scale 12, ring 40>) {
    %1 = mpc.param "w" at 0 : <2, scale 12, ring 40, by 0>
    mpc.yield %1 : !mpc.owned<2, scale 12, ring 40, by 0>
  }
  return
}

// -----

func.func @input_in_setup() {
  mpc.setup {
    // expected-error @below {{does not belong into the setup of a model}}
    %1 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2, scale 12, ring 40, by 1>
  }
  return
}
