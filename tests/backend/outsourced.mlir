// A program with owners outside of the parties has a role for them.
// RUN: secformer-opt %s --secformer-to-rounds --secformer-to-emitc | secformer-translate --mlir-to-cpp | FileCheck %s
// RUN: not secformer-opt %s --secformer-to-emitc 2>&1 | FileCheck %s --check-prefix=SETUP

// CHECK: void setup(
// CHECK: Wire [[W:v[0-9]+]] = role.param("w", {{.*}}, 3);
// CHECK-NEXT: Wire [[S:v[0-9]+]] = role.share([[W]]);
// CHECK: role.keep(0, [[S]]);
// CHECK: void infer(
// CHECK: role.input("x", {{.*}}, 2);
// CHECK: role.publicInput("m", {2}, 2);
// CHECK-NOT: beginRound
// CHECK: [[R:v[0-9]+]] = role.reveal({{v[0-9]+}}, 2);
// CHECK: role.output("y", [[R]]);
// CHECK: {SECFORMER_PROGRAM_HASH, setup, infer, /*hasOutsider=*/true}

// SETUP: error: shares weights of the provider outside of the setup: run secformer-schedule-rounds before
func.func @infer() attributes {mpc.results_to = "client"} {
  %w = mpc.param "w" at 0 : <2, scale 12, ring 40, by provider>
  %sw = mpc.share %w : <2, scale 12, ring 40, by provider> -> <2, scale 12, ring 40>
  %x = mpc.input "x" dtype "float32" range [-1.0, 1.0] : !mpc.owned<2, scale 12, ring 40, by client>
  %sx = mpc.share %x : <2, scale 12, ring 40, by client> -> <2, scale 12, ring 40>
  %m = mpc.public_input "m" dtype "float32" by client : tensor<2xf32>
  %p = mpc.mul_public %sx, %m fraction_bits 0 : (!mpc.shared<2, scale 12, ring 40>, tensor<2xf32>) -> !mpc.shared<2, scale 12, ring 40>
  %y = mpc.add %p, %sw : (!mpc.shared<2, scale 12, ring 40>, !mpc.shared<2, scale 12, ring 40>) -> !mpc.shared<2, scale 12, ring 40>
  %r = mpc.reveal %y bound 2.0 : <2, scale 12, ring 40> -> <2, scale 12, ring 40, by client>
  mpc.output "y" %r : <2, scale 12, ring 40, by client>
  return
}
