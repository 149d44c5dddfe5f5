// Programs that would tell a secret do not verify (docs/security.md).
// RUN: secformer-opt %s -split-input-file -verify-diagnostics

// A mask twice: masked wires are made by opening and masking alone, which draw
// a mask each; there is no other way to one.

func.func @open_again(%a: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{'mpc.open' op operand #0 must be additive shares: x = x0 + x1 mod 2^ring, but got '!mpc.masked<2, scale 12, ring 40>'}}
  %0 = "mpc.open"(%a) : (!mpc.masked<2, scale 12, ring 40>) -> !mpc.masked<2, scale 12, ring 40>
  return
}

// -----

func.func @shift_masked(%a: !mpc.masked<2, scale 12, ring 40>) {
  // expected-error @below {{'mpc.narrow' op operand #0 must be additive shares: x = x0 + x1 mod 2^ring, but got '!mpc.masked<2, scale 12, ring 40>'}}
  %0 = "mpc.narrow"(%a) : (!mpc.masked<2, scale 12, ring 40>) -> !mpc.shared<2, scale 12, ring 20>
  return
}

// -----

func.func @masked_for_shared(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected all shared or all masked}}
  %0 = mpc.relabel %a : !mpc.shared<2, scale 12, ring 40> -> !mpc.masked<2, scale 11, ring 40>
  return
}

// -----

func.func @public_times_masked(%a: !mpc.masked<2, scale 12, ring 40>, %p: tensor<2xf32>) {
  // expected-error @below {{'mpc.mul_public' op operand #0 must be additive shares}}
  %0 = "mpc.mul_public"(%a, %p) {fraction_bits = 4 : i32} : (!mpc.masked<2, scale 12, ring 40>, tensor<2xf32>) -> !mpc.shared<2, scale 16, ring 40>
  return
}

// -----

// A product reads what is opened: unopened shares have no Delta.
func.func @unopened_product(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{'mpc.mul' op operand #0 must be opened under a fresh mask: x + delta is public to the parties, but got '!mpc.shared<2, scale 12, ring 40>'}}
  %0 = "mpc.mul"(%a, %a) : (!mpc.shared<2, scale 12, ring 40>, !mpc.shared<2, scale 12, ring 40>) -> !mpc.shared<2, scale 24, ring 40>
  return
}

// -----

// An owned value without a mask: only `mask` and `share` take one.

func.func @open_owned(%a: !mpc.owned<2, scale 12, ring 40, by 1>) {
  // expected-error @below {{'mpc.open' op operand #0 must be additive shares: x = x0 + x1 mod 2^ring, but got '!mpc.owned<2, scale 12, ring 40, by 1>'}}
  %0 = "mpc.open"(%a) : (!mpc.owned<2, scale 12, ring 40, by 1>) -> !mpc.masked<2, scale 12, ring 40>
  return
}

// -----

func.func @reveal_owned(%a: !mpc.owned<2, scale 12, ring 40, by 0>) {
  // expected-error @below {{'mpc.reveal' op operand #0 must be additive shares: x = x0 + x1 mod 2^ring, but got '!mpc.owned<2, scale 12, ring 40, by 0>'}}
  %0 = "mpc.reveal"(%a) {bound = 1.0 : f64} : (!mpc.owned<2, scale 12, ring 40, by 0>) -> !mpc.owned<2, scale 12, ring 40, by 1>
  return
}

// -----

func.func @share_as_owned(%a: !mpc.owned<2, scale 12, ring 40, by 1>) {
  // expected-error @below {{'mpc.share' op result #0 must be additive shares: x = x0 + x1 mod 2^ring, but got '!mpc.owned<2, scale 12, ring 40, by 0>'}}
  %0 = "mpc.share"(%a) : (!mpc.owned<2, scale 12, ring 40, by 1>) -> !mpc.owned<2, scale 12, ring 40, by 0>
  return
}

// -----

// As a share and revealed, the client's input would reach party 0 in the clear.
func.func @reveal_to_party_0() {
  %0 = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2, scale 12, ring 40, by 1>
  %1 = mpc.share %0 : <2, scale 12, ring 40, by 1> -> <2, scale 12, ring 40>
  // expected-error @below {{expected party1, to whom all results go, found party0}}
  %2 = mpc.reveal %1 bound 1.0 : <2, scale 12, ring 40> -> <2, scale 12, ring 40, by 0>
  return
}

// -----

// Who is outside gets results only where they are its own.
func.func @reveal_to_client(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{expected party1, to whom all results go, found client}}
  %0 = mpc.reveal %a bound 1.0 : <2, scale 12, ring 40> -> <2, scale 12, ring 40, by client>
  return
}

// -----

func.func @reveal_to_party(%a: !mpc.shared<2, scale 12, ring 40>) attributes {mpc.results_to = "client"} {
  // expected-error @below {{expected client, to whom all results go, found party1}}
  %0 = mpc.reveal %a bound 1.0 : <2, scale 12, ring 40> -> <2, scale 12, ring 40, by 1>
  return
}

// -----

// The provider of the weights never gets a result.
// expected-error @below {{'mpc.results_to': expected "party0", "party1" or "client", found "provider"}}
func.func @results_to_provider() attributes {mpc.results_to = "provider"} {
  return
}

// -----

// A party cannot open under its mask what it does not know.
func.func @mask_of_outside(%a: !mpc.owned<2, scale 12, ring 40, by client>) {
  // expected-error @below {{expected a value of a party, found one of the client: share and open it}}
  %0 = mpc.mask %a : <2, scale 12, ring 40, by client> -> <2, scale 12, ring 40>
  return
}

// -----

func.func @owners_together(%a: !mpc.local<2, by 1>, %b: !mpc.local<2, by client>) {
  // expected-error @below {{operands are local to different owners}}
  %0 = mpc.plain add %a, %b : (!mpc.local<2, by 1>, !mpc.local<2, by client>) -> !mpc.local<2, by client>
  return
}

// -----

// The client's numbers stay with it.
func.func @other_owner(%a: !mpc.local<2, by 1>) {
  // expected-error @below {{keeps shape and owner, found '!mpc.local<2, by 1>' and '!mpc.owned<2, scale 12, ring 40, by 0>'}}
  %0 = mpc.encode %a : !mpc.local<2, by 1> -> <2, scale 12, ring 40, by 0>
  return
}

// -----

// A secret in a public value or a result.

func.func @public_of_local(%a: !mpc.local<2, by 1>, %p: tensor<2xf32>) {
  // expected-error @below {{expected a result that is local exactly where an operand is, found 'tensor<2xf32>'}}
  %0 = mpc.plain add %a, %p : (!mpc.local<2, by 1>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @public_of_shares(%a: !mpc.shared<2, scale 12, ring 40>, %p: tensor<2xf32>) {
  // expected-error @below {{'mpc.plain' op operand #0 must be variadic of public tensor or local numbers, but got '!mpc.shared<2, scale 12, ring 40>'}}
  %0 = mpc.plain add %a, %p : (!mpc.shared<2, scale 12, ring 40>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @public_sum(%a: !mpc.shared<2, scale 12, ring 40>, %p: tensor<2xf32>) {
  // expected-error @below {{'mpc.add_public' op result #0 must be additive shares: x = x0 + x1 mod 2^ring, but got 'tensor<2xf32>'}}
  %0 = "mpc.add_public"(%a, %p) : (!mpc.shared<2, scale 12, ring 40>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @output_shares(%a: !mpc.shared<2, scale 12, ring 40>) {
  // expected-error @below {{'mpc.output' op operand #0 must be known to one owner, but got '!mpc.shared<2, scale 12, ring 40>'}}
  "mpc.output"(%a) {name = "y"} : (!mpc.shared<2, scale 12, ring 40>) -> ()
  return
}

// -----

// The setup opens weights under masks and does nothing else.
func.func @reveal_in_setup() {
  mpc.setup {
    %0 = mpc.param "w" at 0 : <2, scale 12, ring 40, by 0>
    %1 = mpc.share %0 : <2, scale 12, ring 40, by 0> -> <2, scale 12, ring 40>
    mpc.round {
      // expected-error @below {{does not belong into the setup of a model}}
      %2 = mpc.reveal %1 bound 1.0 : <2, scale 12, ring 40> -> <2, scale 12, ring 40, by 1>
    }
  }
  return
}
