//===- ModelFile.cpp - an ONNX file in memory -----------------------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/ModelFile.h"

#include "frontend/Functions.h"
#include "frontend/ReadableErrors.h"
#include "mlir/IR/BuiltinAttributes.h"

#include <limits>

using namespace mlir;
using namespace secformer::frontend;

/// The newest versions whose definition this reader was written against.
static constexpr int64_t newestIrVersion = 13;
static constexpr int64_t newestOpset = 25;
/// Before version 3 the format differs.
static constexpr int64_t oldestIrVersion = 3;
/// Every error at a node begins with its name.
static constexpr size_t maxNodeName = 200;

StringRef secformer::frontend::canonicalDomain(StringRef domain) {
  return domain == "ai.onnx" ? "" : domain;
}

int64_t ModelFile::opset(StringRef domain) const {
  for (const onnx::OperatorSetIdProto &import : proto->opset_import())
    if (canonicalDomain(import.domain()) == canonicalDomain(domain))
      return import.version();
  // ONNX Runtime writes its operators also into models that do not import them.
  return domain == "com.microsoft" ? 1 : 0;
}

static LogicalResult checkVersions(const ModelFile &file) {
  int64_t version = file.proto->ir_version();
  if (version < oldestIrVersion)
    return emitError(file.location, "expected ONNX IR version ")
           << oldestIrVersion << " or later, found " << version
           << ": export the model again with a newer exporter";
  if (version > newestIrVersion)
    emitWarning(file.location, "ONNX IR version ")
        << version << " is newer than " << newestIrVersion
        << ", the newest known; reading it as that";
  int64_t opset = file.opset("");
  if (!opset)
    return emitError(file.location,
                     "the model does not say which opset of ONNX it uses");
  if (opset > newestOpset)
    emitWarning(file.location, "opset ")
        << opset << " is newer than " << newestOpset
        << ", the newest known; reading its operators as of that";
  return success();
}

static LogicalResult checkContents(const ModelFile &file) {
  if (file.graph().sparse_initializer_size())
    return emitError(file.location, "sparse initializers are not supported: "
                                    "store the weights as dense tensors");
  return success();
}

FailureOr<ModelFile> secformer::frontend::readModelFile(StringRef path,
                                                        MLIRContext &context) {
  Location location = FileLineColLoc::get(&context, path, 0, 0);
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError(location, "cannot read the file: ")
           << buffer.getError().message();
  size_t size = (*buffer)->getBufferSize();
  if (!size)
    return emitError(location, "expected an ONNX model, found an empty file");
  if (size > size_t(std::numeric_limits<int>::max()))
    return emitError(location, "the file has ")
           << size
           << " bytes, but an ONNX file can have 2 GB at most: save the "
              "weights as external data";
  auto proto = std::make_shared<onnx::ModelProto>();
  google::protobuf::LogSilencer silencer;
  if (!proto->ParsePartialFromArray((*buffer)->getBufferStart(), int(size)))
    return proto->has_ir_version() && proto->has_graph()
               ? emitError(location, "the ONNX file is truncated or damaged")
               : emitError(location, "expected an ONNX model: this is not one");
  if (!proto->has_ir_version() || !proto->has_graph())
    return emitError(location, "expected an ONNX model: the file has no ")
           << (proto->has_ir_version() ? "graph" : "IR version");
  if (failed(inlineFunctions(*proto, location)))
    return failure();
  ModelFile file{path.str(), std::move(proto), location,
                 std::make_shared<FoldingBudget>(),
                 std::make_shared<ExternalFiles>()};
  file.budget->grow(size);
  if (failed(checkVersions(file)) || failed(checkContents(file)))
    return failure();
  return file;
}

NameLoc secformer::frontend::locationOf(const onnx::NodeProto &node, int index,
                                        MLIRContext *context) {
  std::string name = node.name();
  for (const std::string &output : node.output())
    if (name.empty())
      name = output;
  if (name.empty())
    name = node.op_type() + "_" + std::to_string(index);
  return NameLoc::get(StringAttr::get(context, readable(name, maxNodeName)));
}
