// Owners that cannot be are named with the option that names them.
// RUN: not secformer-opt %s --secformer-nn-to-mpc="weights-of=party1" 2>&1 | FileCheck %s --check-prefix=WEIGHTS
// WEIGHTS: error: --weights-of=party1: expected party0 or provider, found 'party1'
// RUN: not secformer-opt %s --secformer-nn-to-mpc="inputs-of=ids=provider" 2>&1 | FileCheck %s --check-prefix=INPUTS
// INPUTS: error: --inputs-of=ids=provider: expected party1, party0 or client, found 'provider'
// RUN: not secformer-opt %s --secformer-nn-to-mpc="inputs-of=words=client" 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: --inputs-of=words=client: the model has no such input; it has 'ids', 'x', 'm'
// RUN: not secformer-opt %s --secformer-nn-to-mpc="inputs-of=x=client,x=party0" 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: --inputs-of=x=party0: the owner of 'x' is given twice
// RUN: not secformer-opt %s --secformer-nn-to-mpc="inputs-of=client,party0" 2>&1 | FileCheck %s --check-prefix=ALL
// ALL: error: --inputs-of=party0: the owner of all inputs is given twice
// RUN: not secformer-opt %s --secformer-nn-to-mpc="results-to=provider" 2>&1 | FileCheck %s --check-prefix=RESULTS
// RESULTS: error: --results-to=provider: expected party0, party1 or client, found 'provider'
// RUN: not secformer-opt %s --secformer-nn-to-mpc="inputs-of=x=party0" 2>&1 | FileCheck %s --check-prefix=SEVERAL
// SEVERAL: error: the inputs belong to party1 and party0: say who gets the results: --results-to=party0, party1 or client

// The client shares before anybody runs: it cannot wait for others.
// RUN: not secformer-opt %s --secformer-nn-to-mpc="inputs-of=x=client results-to=client" 2>&1 | FileCheck %s --check-prefix=PUBLIC
// PUBLIC: error: the public input 'm' belongs to party1, while others belong to the client, who must know it when it shares them: --inputs-of=m=client

// Integers of two owners in one operation: nobody has both.
// RUN: not secformer-opt %s --secformer-nn-to-mpc="inputs-of=client,x=party0 results-to=client" 2>&1 | FileCheck %s --check-prefix=MIXED
// MIXED: error: 'nn.add' takes integers or truth values of several owners, none of whom knows all: give these inputs to one (--inputs-of)
func.func @main(%ids: tensor<3xi64> {nn.name = "ids"}, %x: tensor<3xi64> {nn.name = "x"},
                %m: tensor<3xi64> {nn.name = "m", nn.public})
    -> (tensor<3xf32> {nn.name = "y"}) {
  %0 = nn.add %ids, %x : tensor<3xi64>, tensor<3xi64>
  %1 = nn.cast %0 {nn.range = array<f64: 0.0, 9.0>} : tensor<3xi64> to tensor<3xf32>
  %2 = nn.cast %m : tensor<3xi64> to tensor<3xf32>
  %3 = nn.mul %1, %2 {nn.range = array<f64: 0.0, 9.0>} : tensor<3xf32>, tensor<3xf32>
  return %3 : tensor<3xf32>
}
