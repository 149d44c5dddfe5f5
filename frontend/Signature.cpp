//===- Signature.cpp - inputs of a model, dynamic axes bound --------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/Signature.h"

#include "dialect/NN/Limits.h"
#include "frontend/OnnxTensor.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include <set>

using namespace mlir;
using namespace secformer;
using namespace secformer::frontend;

namespace {
/// Looks the dynamic axes up among the options and notes what is amiss.
class AxisBinder {
public:
  explicit AxisBinder(const ImportOptions &options) : options(options) {}

  /// The extent, or nothing if the options do not say it.
  std::optional<int64_t> bind(const std::string &input, int axis,
                              const onnx::TensorShapeProto::Dimension &dim,
                              const nn::Tensor *given) {
    // Some exporters write -1 for a dynamic axis.
    if (dim.has_dim_value() && dim.dim_value() >= 0)
      return dim.dim_value();
    std::string address = input + ":" + std::to_string(axis);
    std::string name =
        dim.dim_param().empty() ? address : std::string(dim.dim_param());
    known.insert(name);
    for (const std::string &key : {address, name}) {
      auto found = options.dims.find(key);
      if (found == options.dims.end())
        continue;
      used.insert(key);
      return found->second;
    }
    if (given)
      return given->getShape()[axis];
    if (unbound.insert(name).second)
      missing.push_back("input '" + input + "' has the dynamic axis '" + name +
                        "': give it with --dim " + name + "=N");
    return std::nullopt;
  }

  /// The shape of an input that the model does not say: axes from 0 on, as
  /// many as the options have.
  SmallVector<int64_t> bindAll(const std::string &input) {
    SmallVector<int64_t> shape;
    while (true) {
      std::string address = input + ":" + std::to_string(shape.size());
      auto found = options.dims.find(address);
      if (found == options.dims.end())
        break;
      used.insert(address);
      shape.push_back(found->second);
    }
    if (shape.empty())
      missing.push_back("input '" + input + "' has no shape: give it with " +
                        "--dim " + input + ":0=N, --dim " + input +
                        ":1=N, ... for all of its axes");
    return shape;
  }

  LogicalResult report(Location location) const {
    for (const auto &[name, value] : options.dims)
      if (value < 1)
        return emitError(location, "expected a positive size for the axis '")
               << name << "', found " << value;
    std::vector<std::string> unknown;
    for (const auto &[name, value] : options.dims)
      if (!used.contains(name))
        unknown.push_back("'" + name + "'");
    if (!unknown.empty())
      return emitError(location, "the model has no dynamic axis ")
             << llvm::join(unknown, ", ") << "; it has "
             << (known.empty() ? "none" : llvm::join(known, ", "));
    if (!missing.empty())
      return emitError(location) << llvm::join(missing, "\n");
    return success();
  }

private:
  const ImportOptions &options;
  std::set<std::string> known, used, unbound;
  std::vector<std::string> missing;
};
} // namespace

/// The element type and shape of an input, or an error that says what it is.
static FailureOr<Type> checkInput(const onnx::ValueInfoProto &input,
                                  const ModelFile &file) {
  const onnx::TypeProto &type = input.type();
  if (type.value_case() != onnx::TypeProto::kTensorType)
    return emitError(file.location, "input '")
           << input.name()
           << "' is not a tensor: sequences, maps, optional and sparse values "
              "are not supported";
  auto element = elementOfOnnx(type.tensor_type().elem_type());
  if (!element)
    return emitError(file.location, "input '")
           << input.name() << "' has elements of "
           << dataTypeName(type.tensor_type().elem_type())
           << ", which are not supported";
  return nn::elementType(*element, file.location.getContext());
}

/// The value that the options give an input, unless it has another rank: then
/// it is several samples.
static const nn::Tensor *givenFor(const onnx::ValueInfoProto &input,
                                  const ImportOptions &options) {
  auto found = options.inputs.find(input.name());
  const onnx::TypeProto::Tensor &type = input.type().tensor_type();
  if (found == options.inputs.end() ||
      (type.has_shape() && found->second.getRank() != type.shape().dim_size()))
    return nullptr;
  return &found->second;
}

FailureOr<std::vector<InputSignature>>
secformer::frontend::bindInputs(const ModelFile &file,
                                const ImportOptions &options) {
  llvm::StringSet<> initializers;
  for (const onnx::TensorProto &tensor : file.graph().initializer())
    initializers.insert(tensor.name());

  AxisBinder binder(options);
  std::vector<InputSignature> signature;
  for (const onnx::ValueInfoProto &input : file.graph().input()) {
    if (initializers.contains(input.name()) &&
        !options.inputs.count(input.name()))
      continue;
    const onnx::TypeProto::Tensor &type = input.type().tensor_type();
    const nn::Tensor *given = givenFor(input, options);
    FailureOr<Type> element = checkInput(input, file);
    if (failed(element))
      return failure();
    SmallVector<int64_t> shape;
    if (!type.has_shape())
      shape = given ? SmallVector<int64_t>(given->getShape())
                    : binder.bindAll(input.name());
    for (const auto &dim : type.shape().dim()) {
      auto extent = binder.bind(input.name(), shape.size(), dim, given);
      // What the options get wrong is reported below.
      shape.push_back(std::max<int64_t>(extent.value_or(1), 0));
    }
    if (!nn::withinLimits(shape))
      return emitError(file.location, "input '")
             << input.name() << "': " << nn::describeLimit(shape);
    signature.push_back({input.name(), RankedTensorType::get(shape, *element)});
  }
  if (failed(binder.report(file.location)))
    return failure();
  return signature;
}
