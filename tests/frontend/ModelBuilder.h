//===- ModelBuilder.h - small ONNX models for tests
//-------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SECFORMER_TESTS_FRONTEND_MODELBUILDER_H
#define SECFORMER_TESTS_FRONTEND_MODELBUILDER_H

#include "frontend/Import.h"
#include "onnx/onnx.pb.h"
#include "tests/dialect/NN/Snippet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <variant>

namespace secformer::frontend {

using Attribute = std::variant<int64_t, float, std::string,
                               std::vector<int64_t>, std::vector<float>>;
using Attributes = std::map<std::string, Attribute>;
/// A size, or the name of a dynamic axis; "" has no name.
using Dim = std::variant<int64_t, std::string>;

class ModelBuilder {
public:
  explicit ModelBuilder(int64_t opset = 17) {
    proto.set_ir_version(8);
    import("", opset);
    proto.mutable_graph()->set_name("test");
  }

  void import(const std::string &domain, int64_t opset) {
    auto *entry = proto.add_opset_import();
    entry->set_domain(domain);
    entry->set_version(opset);
  }

  void input(const std::string &name, const std::vector<Dim> &dims,
             int32_t type = onnx::TensorProto::FLOAT) {
    auto *value = proto.mutable_graph()->add_input();
    value->set_name(name);
    auto *tensor = value->mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(type);
    tensor->mutable_shape();
    for (const Dim &dim : dims) {
      auto *entry = tensor->mutable_shape()->add_dim();
      if (auto *size = std::get_if<int64_t>(&dim))
        entry->set_dim_value(*size);
      else if (!std::get<std::string>(dim).empty())
        entry->set_dim_param(std::get<std::string>(dim));
    }
  }

  void output(const std::string &name) {
    proto.mutable_graph()->add_output()->set_name(name);
  }

  onnx::NodeProto &node(const std::string &type,
                        const std::vector<std::string> &inputs,
                        const std::vector<std::string> &outputs,
                        const Attributes &attributes = {},
                        const std::string &domain = "") {
    auto &node = *proto.mutable_graph()->add_node();
    node.set_op_type(type);
    node.set_domain(domain);
    for (const std::string &name : inputs)
      node.add_input(name);
    for (const std::string &name : outputs)
      node.add_output(name);
    for (const auto &[name, value] : attributes)
      set(*node.add_attribute(), name, value);
    return node;
  }

  onnx::TensorProto &initializer(const std::string &name,
                                 const nn::Tensor &value) {
    auto &tensor = *proto.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnxType(value.getElement()));
    for (int64_t extent : value.getShape())
      tensor.add_dims(extent);
    tensor.set_raw_data(value.raw(), value.bytes());
    return tensor;
  }

  static int32_t onnxType(nn::Element element) {
    switch (element) {
    case nn::Element::F32:
      return onnx::TensorProto::FLOAT;
    case nn::Element::I64:
      return onnx::TensorProto::INT64;
    case nn::Element::I32:
      return onnx::TensorProto::INT32;
    case nn::Element::I1:
      return onnx::TensorProto::BOOL;
    }
    llvm_unreachable("unknown element");
  }

  onnx::ModelProto proto;

private:
  static void set(onnx::AttributeProto &attribute, const std::string &name,
                  const Attribute &value) {
    attribute.set_name(name);
    if (auto *integer = std::get_if<int64_t>(&value)) {
      attribute.set_type(onnx::AttributeProto::INT);
      attribute.set_i(*integer);
    } else if (auto *number = std::get_if<float>(&value)) {
      attribute.set_type(onnx::AttributeProto::FLOAT);
      attribute.set_f(*number);
    } else if (auto *text = std::get_if<std::string>(&value)) {
      attribute.set_type(onnx::AttributeProto::STRING);
      attribute.set_s(*text);
    } else if (auto *numbers = std::get_if<std::vector<float>>(&value)) {
      attribute.set_type(onnx::AttributeProto::FLOATS);
      for (float element : *numbers)
        attribute.add_floats(element);
    } else {
      attribute.set_type(onnx::AttributeProto::INTS);
      for (int64_t element : std::get<std::vector<int64_t>>(value))
        attribute.add_ints(element);
    }
  }
};

/// Imports models from a folder of its own and keeps what is reported.
class ImportTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("import", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string write(const std::string &name, llvm::StringRef contents) const {
    llvm::SmallString<128> path = folder;
    llvm::sys::path::append(path, name);
    std::error_code error;
    llvm::raw_fd_ostream(path, error) << contents;
    EXPECT_FALSE(error) << error.message();
    return path.str().str();
  }

  bool import(const std::string &file, const ImportOptions &options = {}) {
    auto result = importOnnx(file, options, snippet.context, weights);
    if (failed(result))
      return false;
    module = std::move(*result);
    return true;
  }

  bool import(const ModelBuilder &model, const ImportOptions &options = {}) {
    return import(write("model.onnx", model.proto.SerializeAsString()),
                  options);
  }

  mlir::func::FuncOp main() {
    return module->lookupSymbol<mlir::func::FuncOp>("main");
  }

  /// Number of operations apart from the return.
  size_t countOps() {
    return std::distance(main().getBody().front().begin(),
                         main().getBody().front().end()) -
           1;
  }

  std::vector<nn::Tensor> run(const nn::TensorMap &inputs) {
    auto results = nn::evaluateFunction(main(), inputs, weights);
    EXPECT_TRUE(succeeded(results)) << snippet.errors;
    return succeeded(results) ? *results : std::vector<nn::Tensor>();
  }

  /// The import fails with exactly one error, which contains the text.
  void expectError(bool imported, const std::string &text) {
    EXPECT_FALSE(imported);
    EXPECT_EQ(errorCount(), 1) << snippet.errors;
    EXPECT_NE(snippet.errors.find(text), std::string::npos)
        << "expected: " << text << "\nfound: " << snippet.errors;
  }

  int errorCount() const { return snippet.reported; }

  nn::Snippet snippet;
  nn::WeightStore weights;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  llvm::SmallString<128> folder;
};

} // namespace secformer::frontend

#endif // SECFORMER_TESTS_FRONTEND_MODELBUILDER_H
