//===- OnnxTensor.cpp - tensors and element types of ONNX -----------------===//
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontend/OnnxTensor.h"

#include "dialect/NN/Limits.h"
#include "dialect/NN/NNShapes.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace secformer::frontend;
using namespace secformer::nn;
using onnx::TensorProto;

std::optional<Element> secformer::frontend::elementOfOnnx(int32_t dataType) {
  switch (dataType) {
  case TensorProto::FLOAT:
  case TensorProto::DOUBLE:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    return Element::F32;
  case TensorProto::INT64:
  case TensorProto::UINT64:
  case TensorProto::UINT32:
    return Element::I64;
  case TensorProto::INT32:
  case TensorProto::INT16:
  case TensorProto::INT8:
  case TensorProto::UINT16:
  case TensorProto::UINT8:
    return Element::I32;
  case TensorProto::BOOL:
    return Element::I1;
  default:
    return std::nullopt;
  }
}

std::string secformer::frontend::dataTypeName(int32_t dataType) {
  if (TensorProto::DataType_IsValid(dataType))
    return TensorProto::DataType_Name(TensorProto::DataType(dataType));
  return "type " + std::to_string(dataType);
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

namespace {
/// Bytes that somebody keeps alive.
struct Bytes {
  std::shared_ptr<const void> owner;
  StringRef view;
};
} // namespace

static StringRef externalEntry(const TensorProto &proto, StringRef key) {
  for (const onnx::StringStringEntryProto &entry : proto.external_data())
    if (entry.key() == key)
      return entry.value();
  return "";
}

/// The path of an external data file, which must be inside the model's folder
/// after links are followed.
static FailureOr<std::string>
externalPath(StringRef name, const ModelFile &file, Location location) {
  auto outside = [&] {
    return emitError(location, "expected external data inside the folder of "
                               "the model, found '")
           << name << "'";
  };
  auto parts = llvm::make_range(llvm::sys::path::begin(name),
                                llvm::sys::path::end(name));
  if (name.empty() || llvm::sys::path::is_absolute(name) ||
      llvm::is_contained(parts, ".."))
    return outside();
  SmallString<128> folder, path;
  StringRef parent = llvm::sys::path::parent_path(file.path);
  if (auto error =
          llvm::sys::fs::real_path(parent.empty() ? "." : parent, folder))
    return emitError(location, "cannot resolve the model's folder: ")
           << error.message();
  SmallString<128> joined = folder;
  llvm::sys::path::append(joined, name);
  if (auto error = llvm::sys::fs::real_path(joined, path))
    return emitError(location, "cannot read the external data file '")
           << name << "': " << error.message();
  // A link may have led elsewhere.
  StringRef rest = path;
  if (!rest.consume_front(folder) || (folder != "/" && !rest.starts_with("/")))
    return outside();
  return path.str().str();
}

static FailureOr<Bytes> readExternal(const TensorProto &proto,
                                     const ModelFile &file, uint64_t size,
                                     Location location) {
  StringRef name = externalEntry(proto, "location");
  FailureOr<std::string> path = externalPath(name, file, location);
  if (failed(path))
    return failure();
  uint64_t offset = 0, length = size;
  StringRef offsetText = externalEntry(proto, "offset");
  StringRef lengthText = externalEntry(proto, "length");
  if ((!offsetText.empty() && offsetText.getAsInteger(10, offset)) ||
      (!lengthText.empty() && lengthText.getAsInteger(10, length)))
    return emitError(location, "tensor '")
           << proto.name() << "': offset and length of external data are not "
           << "numbers";
  if (length != size)
    return emitError(location, "tensor '")
           << proto.name() << "': expected " << size
           << " bytes of external data, found " << length;
  std::shared_ptr<llvm::MemoryBuffer> &owner = (*file.externalFiles)[*path];
  if (!owner) {
    auto buffer = llvm::MemoryBuffer::getFile(*path, /*IsText=*/false,
                                              /*RequiresNullTerminator=*/false);
    if (!buffer)
      return emitError(location, "cannot read the external data file '")
             << name << "': " << buffer.getError().message();
    owner = std::move(*buffer);
    file.budget->grow(owner->getBufferSize());
  }
  if (offset > owner->getBufferSize() || size > owner->getBufferSize() - offset)
    return emitError(location, "tensor '")
           << proto.name() << "' ends at byte " << offset + size
           << " of the external data file '" << name << "', which has "
           << owner->getBufferSize() << " bytes";
  return Bytes{owner, owner->getBuffer().substr(offset, size)};
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

static float fromHalf(uint16_t bits, const llvm::fltSemantics &semantics) {
  return llvm::APFloat(semantics, llvm::APInt(16, bits)).convertToFloat();
}

namespace {
/// Makes a tensor of T from either raw bytes of `Stored` or the field of the
/// message that holds such elements.
struct Decoder {
  const TensorProto &proto;
  const ModelFile &file;
  ArrayRef<int64_t> shape;
  Location location;

  template <class Stored, class T, class Field, class Convert>
  FailureOr<Tensor> decode(const Field &field, Convert convert) const {
    uint64_t size = sizeOf(shape);
    bool external = proto.data_location() == TensorProto::EXTERNAL;
    if (!external && !proto.has_raw_data()) {
      if (uint64_t(field.size()) != size)
        return wrongSize(size, field.size(), "elements");
      return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
        for (auto [to, from] : llvm::zip(out, field))
          to = convert(Stored(from));
      });
    }
    FailureOr<Bytes> bytes = Bytes{file.proto, proto.raw_data()};
    if (external)
      bytes = readExternal(proto, file, size * sizeof(Stored), location);
    if (failed(bytes))
      return failure();
    StringRef view = bytes->view;
    if (view.size() != size * sizeof(Stored))
      return wrongSize(size * sizeof(Stored), view.size(), "bytes");
    if (std::is_same_v<Stored, T> &&
        llvm::isAddrAligned(llvm::Align::Of<T>(), view.data()))
      return Tensor(elementOf<T>(), shape,
                    std::shared_ptr<const void>(bytes->owner, view.data()));
    return Tensor::build<T>(shape, [&](MutableArrayRef<T> out) {
      for (size_t i = 0; i < out.size(); ++i) {
        Stored element;
        std::memcpy(&element, view.data() + i * sizeof(Stored), sizeof(Stored));
        out[i] = convert(element);
      }
    });
  }

  template <class Stored, class T, class Field>
  FailureOr<Tensor> decode(const Field &field) const {
    return decode<Stored, T>(field, [](Stored value) { return T(value); });
  }

  InFlightDiagnostic wrongSize(uint64_t expected, uint64_t found,
                               const char *unit) const {
    return emitError(location, "tensor '")
           << proto.name() << "' of shape " << toString(shape) << ": expected "
           << expected << " " << unit << ", found " << found;
  }
};
} // namespace

static FailureOr<Tensor> decodeTensor(const TensorProto &proto,
                                      const ModelFile &file,
                                      Location location) {
  SmallVector<int64_t> shape(proto.dims().begin(), proto.dims().end());
  if (!withinLimits(shape))
    return emitError(location, "tensor '")
           << proto.name() << "': " << describeLimit(shape);
  if (proto.has_segment())
    return emitError(location, "tensor '")
           << proto.name() << "': expected a whole tensor, found a segment";
  Decoder decoder{proto, file, shape, location};
  switch (proto.data_type()) {
  case TensorProto::FLOAT:
    return decoder.decode<float, float>(proto.float_data());
  case TensorProto::DOUBLE:
    return decoder.decode<double, float>(proto.double_data());
  case TensorProto::FLOAT16:
    return decoder.decode<uint16_t, float>(
        proto.int32_data(), [](uint16_t bits) {
          return fromHalf(bits, llvm::APFloat::IEEEhalf());
        });
  case TensorProto::BFLOAT16:
    return decoder.decode<uint16_t, float>(
        proto.int32_data(),
        [](uint16_t bits) { return fromHalf(bits, llvm::APFloat::BFloat()); });
  case TensorProto::INT64:
    return decoder.decode<int64_t, int64_t>(proto.int64_data());
  case TensorProto::UINT64:
    return decoder.decode<uint64_t, int64_t>(proto.uint64_data());
  case TensorProto::UINT32:
    return decoder.decode<uint32_t, int64_t>(proto.uint64_data());
  case TensorProto::INT32:
    return decoder.decode<int32_t, int32_t>(proto.int32_data());
  case TensorProto::INT16:
    return decoder.decode<int16_t, int32_t>(proto.int32_data());
  case TensorProto::INT8:
    return decoder.decode<int8_t, int32_t>(proto.int32_data());
  case TensorProto::UINT16:
    return decoder.decode<uint16_t, int32_t>(proto.int32_data());
  case TensorProto::UINT8:
    return decoder.decode<uint8_t, int32_t>(proto.int32_data());
  case TensorProto::BOOL:
    return decoder.decode<uint8_t, bool>(proto.int32_data());
  default:
    return emitError(location, "tensor '")
           << proto.name() << "' has elements of "
           << dataTypeName(proto.data_type()) << ", which are not supported";
  }
}

FailureOr<Tensor> secformer::frontend::readTensor(const TensorProto &proto,
                                                  const ModelFile &file,
                                                  Location location) {
  FailureOr<Tensor> tensor = decodeTensor(proto, file, location);
  if (failed(tensor))
    return failure();
  // Many tensors may name the same bytes.
  std::string excess =
      file.budget->spend({tensor->bytes(), uint64_t(tensor->size())});
  if (!excess.empty())
    return emitError(location, "tensor '") << proto.name() << "': " << excess;
  return tensor;
}
