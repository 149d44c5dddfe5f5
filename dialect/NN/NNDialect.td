//===- NNDialect.td - the dialect of what a model computes -*- tablegen -*-===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_DIALECT_NN_NNDIALECT
#define SECFORMER_DIALECT_NN_NNDIALECT

include "mlir/IR/DialectBase.td"

def NN_Dialect : Dialect {
  let name = "nn";
  let cppNamespace = "::secformer::nn";
  let summary = "What a Transformer computes, on plain tensors.";
  let description = [{
    Real and integer tensors of static shape (`f32`, `i64`, `i32`, `i1`). All
    operations are pure; axes are counted from 0 and never negative. Result
    types follow from operands and attributes.

    A model is a module with `nn.weight` symbols, which name slices of the
    weight file (module attribute `nn.weight_file`), and a function `@main` whose
    arguments and results carry their ONNX names:
    ```mlir
    module attributes {nn.weight_file = "model.weights"} {
      nn.weight @classifier offset 0 : tensor<128x2xf32>
      func.func @main(%x: tensor<1x128xf32> {nn.name = "embeddings"})
          -> (tensor<1x2xf32> {nn.name = "logits"}) {
        %w = nn.param @classifier : tensor<128x2xf32>
        %y = nn.matmul %x, %w : tensor<1x128xf32>, tensor<128x2xf32>
        return %y : tensor<1x2xf32>
      }
    }
    ```
  }];
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    /// Module attribute: the file that holds the weights.
    static constexpr llvm::StringLiteral weightFileAttr = "nn.weight_file";
    /// Attribute of arguments and results of a function: their ONNX name.
    static constexpr llvm::StringLiteral nameAttr = "nn.name";
  }];
}

#endif // SECFORMER_DIALECT_NN_NNDIALECT
