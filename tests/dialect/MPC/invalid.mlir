// Every message of the types and the verifiers of the mpc dialect.
// RUN: secformer-opt %s -split-input-file -verify-diagnostics

// Types

// expected-error @below {{expected positive extents, found 0}}
func.func private @extent(!mpc.shared<2x0, scale 12, ring 40>)

// -----

// expected-error @below {{expected a ring of 1 to 64 bits, found 65}}
func.func private @wide(!mpc.masked<2, scale 12, ring 65>)

// -----

// expected-error @below {{expected a ring of 1 to 64 bits, found 0}}
func.func private @narrow(!mpc.owned<2, scale 12, ring 0, by 0>)

// -----

// expected-error @below {{expected a scale of 0 to 63 bits, found 64}}
func.func private @scale(!mpc.shared<2, scale 64, ring 64>)

// -----

// expected-error @below {{expected party 0 or 1, client or provider as owner, found 4}}
func.func private @owner(!mpc.owned<2, scale 12, ring 40, by 4>)

// -----

// expected-error @below {{expected party 0 or 1, client or provider as owner, found 7}}
func.func private @local(!mpc.local<2, by 7>)

// -----

// expected-error @below {{expected 0, 1, client or provider, found 'dealer'}}
func.func private @named(!mpc.owned<2, scale 12, ring 40, by dealer>)

// -----

// expected-error @below {{expected ','}}
func.func private @noowner(!mpc.owned<2, scale 12, ring 40>)

// -----

// expected-error @below {{expected 'scale'}}
func.func private @noscale(!mpc.shared<2, ring 40>)

// -----

// Kinds and formats

func.func @share(%a: !mpc.owned<2, scale 12, ring 40, by 0>) {
  // expected-error @below {{expected a result of shape [2], found '!mpc.shared<3, scale 12, ring 40>'}}
  %0 = mpc.share %a : <2, scale 12, ring 40, by 0> -> <3, scale 12, ring 40>
  return
}

// -----

func.func @mask(%a: !mpc.owned<2, scale 12, ring 40, by 0>) {
  // expected-error @below {{expected one ring, found 40 and 39}}
  %0 = mpc.mask %a : <2, scale 12, ring 40, by 0> -> <2, scale 12, ring 39>
  return
}

// -----

func.func @open(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected one scale, found 12 and 11}}
  %0 = mpc.open %a : <2, scale 12, ring 40> -> <2, scale 11, ring 40>
  return
}

// -----

func.func @unmask(%a: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{expected one ring, found 40 and 41}}
  %0 = mpc.unmask %a : <2, scale 12, ring 40> -> <2, scale 12, ring 41>
  return
}

// -----

func.func @party() {
  // expected-error @below {{expected party 0 or 1 or client as owner of an input, found provider}}
  %0 = mpc.public_input "m" dtype "int64" by provider : tensor<2xf32>
  return
}

// -----

func.func @number() {
  // expected-error @below {{expected party 0 or 1 or client as owner of an input, found 5}}
  %0 = mpc.public_input "m" dtype "int64" by 5 : tensor<2xf32>
  return
}

// -----

func.func @input() {
  // expected-error @below {{expected party 0 or 1 or client as owner of an input, found provider}}
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.local<2, by provider>
  return
}

// -----

func.func @param() {
  // expected-error @below {{expected party 0 or provider as owner of a weight, found client}}
  %0 = mpc.param "w" at 0 : <2, scale 12, ring 40, by client>
  return
}

// -----

func.func @reveal_format(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected one ring, found 40 and 17}}
  %0 = mpc.reveal %a bound 1.0 : <2, scale 12, ring 40> -> <2, scale 12, ring 17, by 1>
  return
}

// -----

// Values up to 8 at scale 12 are below 2^16: 16 bits and a sign.
func.func @reveal_ring(%a: !mpc.shared<2, scale 12, ring 16>) {
  // expected-error @below {{values up to 8.000000e+00 at scale 12 need a ring of 17 bits, found 16}}
  %0 = mpc.reveal %a bound 8.0 : <2, scale 12, ring 16> -> <2, scale 12, ring 16, by 1>
  return
}

// -----

func.func @truncate_scale(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected a scale below 12, found 12}}
  %0 = mpc.truncate %a bound 1.0 : <2, scale 12, ring 40> -> <2, scale 12, ring 40>
  return
}

// -----

func.func @truncate_shift(%a: !mpc.shared<2, scale 20, ring 10>) {
  // expected-error @below {{shifts out the whole ring of 10 bits}}
  %0 = mpc.truncate %a bound 1.0e-4 : <2, scale 20, ring 10> -> <2, scale 11, ring 10>
  return
}

// -----

// One bit more than to reveal it.
func.func @truncate_ring(%a: !mpc.shared<2, scale 12, ring 17>) {
  // expected-error @below {{values up to 8.000000e+00 at scale 12 need a ring of 18 bits, found 17}}
  %0 = mpc.truncate %a bound 8.0 : <2, scale 12, ring 17> -> <2, scale 6, ring 17>
  return
}

// -----

func.func @truncate_shape(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected a result of shape [2], found '!mpc.shared<3, scale 6, ring 40>'}}
  %0 = mpc.truncate %a bound 1.0 : <2, scale 12, ring 40> -> <3, scale 6, ring 40>
  return
}

// -----

func.func @truncate_open_shape(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected a result of shape [2], found '!mpc.masked<3, scale 6, ring 40>'}}
  %0 = mpc.truncate_open %a bound 1.0 : <2, scale 12, ring 40> -> <3, scale 6, ring 40>
  return
}

// -----

func.func @truncate_open_scale(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected a scale below 12, found 13}}
  %0 = mpc.truncate_open %a bound 1.0 : <2, scale 12, ring 40> -> <2, scale 13, ring 40>
  return
}

// -----

func.func @truncate_open_shift(%a: !mpc.shared<2, scale 20, ring 10>) {
  // expected-error @below {{shifts out the whole ring of 10 bits}}
  %0 = mpc.truncate_open %a bound 1.0e-4 : <2, scale 20, ring 10> -> <2, scale 11, ring 10>
  return
}

// -----

func.func @truncate_open_ring(%a: !mpc.shared<2, scale 12, ring 17>) {
  // expected-error @below {{values up to 8.000000e+00 at scale 12 need a ring of 18 bits, found 17}}
  %0 = mpc.truncate_open %a bound 8.0 statistical : <2, scale 12, ring 17> -> <2, scale 6, ring 17>
  return
}

// -----

func.func @narrow_scale(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected a scale of at most 12, found 13}}
  %0 = mpc.narrow %a : <2, scale 12, ring 40> -> <2, scale 13, ring 20>
  return
}

// -----

func.func @narrow_ring(%a: !mpc.shared<2, scale 24, ring 40>) {
  // expected-error @below {{a ring of 29 bits after dropping 12 needs a ring of at least 41, found 40}}
  %0 = mpc.narrow %a : <2, scale 24, ring 40> -> <2, scale 12, ring 29>
  return
}

// -----

func.func @reduce_kind(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected all shared or all masked, found '!mpc.shared<2, scale 12, ring 40>' and '!mpc.masked<2, scale 12, ring 39>'}}
  %0 = mpc.reduce %a : !mpc.shared<2, scale 12, ring 40> -> !mpc.masked<2, scale 12, ring 39>
  return
}

// -----

func.func @reduce_scale(%a: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{keeps the scale}}
  %0 = mpc.reduce %a : !mpc.masked<2, scale 12, ring 40> -> !mpc.masked<2, scale 11, ring 39>
  return
}

// -----

func.func @reduce_ring(%a: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{expected a ring of at most 40, found 41}}
  %0 = mpc.reduce %a : !mpc.masked<2, scale 12, ring 40> -> !mpc.masked<2, scale 12, ring 41>
  return
}

// -----

func.func @relabel(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{keeps the ring}}
  %0 = mpc.relabel %a : !mpc.shared<2, scale 12, ring 40> -> !mpc.shared<2, scale 13, ring 39>
  return
}

// -----

func.func @dtype(%a: !mpc.owned<2, scale 0, ring 40, by 1>) {
  // expected-error @below {{expected dtype float32, int64, int32 or bool, found 'float16'}}
  mpc.output "y" %a {dtype = "float16"} : <2, scale 0, ring 40, by 1>
  return
}
