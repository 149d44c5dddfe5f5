// Who owns weights and inputs decides which doors they enter by: a party masks
// what it knows, one way; what comes from outside is shared and opened.
// RUN: secformer-opt %s --secformer-nn-to-mpc="weights-of=provider" | FileCheck %s --check-prefixes=PROVIDER,TO1
// RUN: secformer-opt %s --secformer-nn-to-mpc="inputs-of=client" | FileCheck %s --check-prefixes=CLIENT,OUT
// RUN: secformer-opt %s --secformer-to-mpc="weights-of=provider inputs-of=client" | FileCheck %s --check-prefix=BOTH
// RUN: secformer-opt %s --secformer-nn-to-mpc="inputs-of=party0" | FileCheck %s --check-prefix=PARTY0
// RUN: secformer-opt %s --secformer-nn-to-mpc="inputs-of=party0,ids=party1 results-to=party1" | FileCheck %s --check-prefix=MIXED
// RUN: secformer-opt %s --secformer-nn-to-mpc="results-to=client" | FileCheck %s --check-prefix=RESULTS

// TO1-NOT: mpc.results_to
// OUT: func.func @infer() attributes {mpc.results_to = "client"}
// BOTH: func.func @infer() attributes {mpc.results_to = "client"}
// PARTY0: func.func @infer() attributes {mpc.results_to = "party0"}
// RESULTS: func.func @infer() attributes {mpc.results_to = "client"}

// PROVIDER: %[[IDS:.*]] = mpc.input "ids" {{.*}} : !mpc.local<3, by 1>
// PROVIDER: mpc.mask {{.*}} by 1>
// PROVIDER: %[[T:.*]] = mpc.param "table" {{.*}} scale 14, ring 64, by provider>
// PROVIDER-NEXT: %[[ST:.*]] = mpc.share %[[T]]
// PROVIDER-NEXT: mpc.open %[[ST]]
// PROVIDER: mpc.reveal {{.*}}, by 1>

// CLIENT: mpc.input "ids" {{.*}} : !mpc.local<3, by client>
// CLIENT: mpc.input "x" {{.*}} by client>
// CLIENT-NEXT: %[[SX:.*]] = mpc.share
// CLIENT-NEXT: mpc.open %[[SX]]
// CLIENT: mpc.mask {{.*}} by 0>
// The rows are made by the client, shared and opened.
// CLIENT: mpc.plain one_hot {{.*}} -> !mpc.local<3x5, by client>
// CLIENT: %[[ROWS:.*]] = mpc.encode {{.*}} by client>
// CLIENT: %[[SR:.*]] = mpc.share %[[ROWS]]
// CLIENT-NEXT: mpc.open %[[SR]]
// CLIENT: mpc.reveal {{.*}}, by client>

// BOTH-NOT: = mpc.mask
// BOTH-NOT: by {{[01]}}
// BOTH: mpc.reveal {{.*}}, by client>

// PARTY0: mpc.input "x" {{.*}} by 0>
// PARTY0: mpc.mask {{.*}} by 0>
// PARTY0: mpc.mask {{.*}} by 0>
// PARTY0: mpc.reveal {{.*}}, by 0>

// MIXED: mpc.input "ids" {{.*}} : !mpc.local<3, by 1>
// MIXED: mpc.input "x" {{.*}} by 0>
// MIXED: mpc.reveal {{.*}}, by 1>

// RESULTS: mpc.input "x" {{.*}} by 1>
// RESULTS: mpc.reveal {{.*}}, by client>
nn.weight @table offset 0 : tensor<5x4xf32>
func.func @main(%ids: tensor<3xi64> {nn.name = "ids"}, %x: tensor<3x4xf32> {nn.name = "x", nn.range = array<f64: -1.0, 1.0>})
    -> (tensor<3x4xf32> {nn.name = "y"}) {
  %s = nn.mul %x, %x {nn.range = array<f64: 0.0, 1.0>} : tensor<3x4xf32>, tensor<3x4xf32>
  %t = nn.param @table {nn.range = array<f64: -1.0, 1.0>} : tensor<5x4xf32>
  %e = nn.embedding %t, %ids {nn.range = array<f64: -1.0, 1.0>} : tensor<5x4xf32>, tensor<3xi64>
  %y = nn.mul %e, %s {nn.range = array<f64: -1.0, 1.0>} : tensor<3x4xf32>, tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}
